"""Lines in space that are so many pixels wide from wherever they are seen, shaded as tubes where asked for.

The shader widens them across the line of sight, so that turning the scene changes no buffer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import IndexBuffer, VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

from slap_studio.core.types import Array
from slap_studio.views.rgb import rgb

_VERTEX = """
uniform vec2 u_size;  // of the scene, in pixels
attribute vec3 a_position;
attribute vec3 a_before;
attribute vec3 a_after;
attribute vec4 a_shape;  // side, -1 or 1; width in pixels; place along the line; 1 for a tube
attribute vec2 a_dash;  // a dash, and a dash and a space, along the line; 0 for a solid line
attribute vec4 a_colour;
varying vec4 v_colour;
varying vec3 v_across;  // pixels from the line's middle, and from there to its edge; 1 for a tube
varying vec3 v_along;
void main() {
    vec4 here = $transform(vec4(a_position, 1.0));
    vec4 before = $transform(vec4(a_before, 1.0));
    vec4 after = $transform(vec4(a_after, 1.0));
    vec2 along = (after.xy / after.w - before.xy / before.w) * u_size;
    along = length(along) > 1e-4 ? normalize(along) : vec2(1.0, 0.0);
    float half_width = a_shape.y / 2.0 + 0.5;
    vec2 place = here.xy / here.w * u_size / 2.0 + vec2(-along.y, along.x) * a_shape.x * half_width;
    v_colour = a_colour;
    v_across = vec3(a_shape.x * half_width, half_width, a_shape.w);
    v_along = vec3(a_shape.z, a_dash);
    gl_Position = vec4(place * 2.0 / u_size * here.w, here.zw);
}
"""
_FRAGMENT = """
uniform float u_opacity;
varying vec4 v_colour;
varying vec3 v_across;
varying vec3 v_along;
void main() {
    float inside = clamp(v_across.y - abs(v_across.x), 0.0, 1.0);
    if (v_along.z > 0.0) {
        float place = mod(v_along.x, v_along.z);
        float soft = max(fwidth(v_along.x), 1e-6);
        inside *= clamp(min(place, v_along.y - place) / soft + 0.5, 0.0, 1.0);
    }
    float alpha = v_colour.a * inside * u_opacity;
    // What is not seen must not hide what is.
    if (alpha < 0.02) discard;
    float rim = v_across.x / v_across.y;
    float shade = v_across.z > 0.5 ? 0.62 + 0.38 * sqrt(max(1.0 - rim * rim, 0.0)) : 1.0;
    gl_FragColor = vec4(v_colour.rgb * shade, alpha);
}
"""


@dataclass(frozen=True, eq=False)
class Tube:
    """A line in space and how it is drawn.

    Attributes
    ----------
    points
        [P, 3].
    width
        In pixels.
    colours
        One #rrggbb, or red, green and blue from 0 to 1 for every point [P, 3].
    dash
        Length of a dash and of the space behind it, in the points' unit; none for a solid line.
    round
        Whether it is shaded as a tube.
    """

    points: Array
    width: float
    colours: str | Array
    opacity: float = 1.0
    dash: tuple[float, float] | None = None
    round: bool = False


class TubeMesh:
    """Lines as triangles, for one or several pictures of them."""

    _SIZES = (("a_position", 3), ("a_before", 3), ("a_after", 3), ("a_shape", 4), ("a_dash", 2), ("a_colour", 4))

    def __init__(self) -> None:
        self.attributes = {name: VertexBuffer(np.zeros((2, size), np.float32)) for name, size in self._SIZES}
        self.faces = IndexBuffer(np.zeros(3, np.uint32))
        self.empty = True

    def set_tubes(self, tubes: list[Tube]) -> None:
        """Replace the lines; they are drawn in the order in which they are given."""
        lines = [tube for tube in tubes if len(tube.points) > 1]
        self.empty = not lines
        if lines:
            for name, vertices in _vertices(lines).items():
                self.attributes[name].set_data(vertices)
            self.faces.set_data(_faces([len(tube.points) for tube in lines]))


class TubesVisual(Visual):
    """Draws the lines of a mesh."""

    def __init__(self, mesh: TubeMesh) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._mesh = mesh
        for name, buffer in mesh.attributes.items():
            self.shared_program[name] = buffer
        self._index_buffer = mesh.faces
        self.shared_program["u_opacity"] = 1.0
        self.shared_program["u_size"] = (100.0, 100.0)
        self._draw_mode = "triangles"
        self.set_gl_state("translucent", depth_test=True, cull_face=False)

    def set_opacity(self, opacity: float) -> None:
        """Fade everything."""
        self.shared_program["u_opacity"] = opacity

    def set_size(self, width: float, height: float) -> None:
        """The scene's size in pixels."""
        self.shared_program["u_size"] = (float(max(width, 1)), float(max(height, 1)))

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._mesh.empty


def _vertices(lines: list[Tube]) -> dict[str, NDArray[np.float32]]:
    """Two for every point of every line: on its left and on its right."""
    counts = np.array([len(line.points) for line in lines])
    points = np.concatenate([line.points for line in lines]).astype(np.float32)
    here = np.arange(len(points))
    first = np.repeat(np.cumsum(counts) - counts, counts)
    last = first + np.repeat(counts, counts) - 1
    before, after = points[np.maximum(here - 1, first)], points[np.minimum(here + 1, last)]
    # From the first point of its own line on, in which every point is its own predecessor.
    along = np.cumsum(np.linalg.norm(points - before, axis=1, keepdims=True), axis=0, dtype=np.float64)
    styles = np.array([(line.width, line.round, *_dash(line)) for line in lines], np.float32)
    width, is_round, dash = np.split(np.repeat(styles, counts, axis=0), [1, 2], axis=1)
    side = np.zeros_like(width)
    shape = np.concatenate([side, width, along - along[first], is_round], axis=1)
    vertices = {
        "a_position": points, "a_before": before, "a_after": after, "a_shape": shape, "a_dash": dash,
        "a_colour": np.concatenate([_colours(line) for line in lines]),
    }  # fmt: skip
    both = {name: np.repeat(values, 2, axis=0).astype(np.float32) for name, values in vertices.items()}
    both["a_shape"][:, 0] = np.tile([-1, 1], len(points))
    return both


def _faces(counts: list[int]) -> NDArray[np.uint32]:
    """Two triangles for every piece of lines of so many points."""
    ends = np.cumsum(counts)
    pieces = np.delete(np.arange(ends[-1]), ends - 1)
    corners = np.array([0, 1, 2, 1, 3, 2], np.uint32)
    return (2 * pieces[:, None] + corners).reshape(-1, 3).astype(np.uint32)


def _dash(line: Tube) -> tuple[float, float]:
    """Length of a dash, and of a dash and a space."""
    dash, space = line.dash or (0.0, 0.0)
    return dash, dash + space


def _colours(line: Tube) -> Array:
    """Of every point, with its opacity [P, 4]."""
    colours = np.tile(rgb(line.colours), (len(line.points), 1)) if isinstance(line.colours, str) else line.colours
    return np.concatenate([colours, np.full((len(colours), 1), line.opacity)], axis=1)


Tubes = create_visual_node(TubesVisual)
