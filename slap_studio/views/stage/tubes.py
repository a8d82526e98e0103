"""Lines in space that are so many pixels wide from wherever they are seen, shaded as tubes where asked for.

The shader widens them across the line of sight, so that turning the scene changes no buffer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import VertexBuffer
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


class TubesVisual(Visual):
    """Draws lines in the order in which they are given."""

    _SIZES = (("a_position", 3), ("a_before", 3), ("a_after", 3), ("a_shape", 4), ("a_dash", 2), ("a_colour", 4))

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._buffers = {name: VertexBuffer(np.zeros((3, size), np.float32)) for name, size in self._SIZES}
        for name, buffer in self._buffers.items():
            self.shared_program[name] = buffer
        self.shared_program["u_opacity"] = 1.0
        self.shared_program["u_size"] = (100.0, 100.0)
        self._draw_mode = "triangles"
        self._empty = True
        self.set_gl_state("translucent", depth_test=True, cull_face=False)

    def set_tubes(self, tubes: list[Tube]) -> None:
        """Replace what is drawn."""
        meshes = [_mesh(tube) for tube in tubes if len(tube.points) > 1]
        self._empty = not meshes
        for name, buffer in self._buffers.items():
            if meshes:
                buffer.set_data(np.concatenate([mesh[name] for mesh in meshes]))
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """Fade everything."""
        self.shared_program["u_opacity"] = opacity

    def set_size(self, width: float, height: float) -> None:
        """The scene's size in pixels."""
        self.shared_program["u_size"] = (float(max(width, 1)), float(max(height, 1)))

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._empty


def _mesh(tube: Tube) -> dict[str, NDArray[np.float32]]:
    """Vertices of two triangles for every piece of a line."""
    points = np.asarray(tube.points, np.float32)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    first = np.arange(len(points) - 1)
    # Left and right at its beginning, left and right at its end.
    at = np.stack([first, first, first + 1, first, first + 1, first + 1], axis=1).reshape(-1)
    side = np.tile(np.array([-1, 1, -1, 1, 1, -1], np.float32), len(first))
    dash, space = tube.dash or (0.0, 0.0)
    before, after = points[np.maximum(np.arange(len(points)) - 1, 0)], points[_next(len(points))]
    shape = np.stack([side, np.full_like(side, tube.width), along[at], np.full_like(side, tube.round)], axis=1)
    return {
        "a_position": points[at],
        "a_before": before[at],
        "a_after": after[at],
        "a_shape": shape.astype(np.float32),
        "a_dash": np.tile(np.array([[dash, dash + space]], np.float32), (len(at), 1)),
        "a_colour": _colours(tube, at),
    }


def _next(count: int) -> NDArray[np.intp]:
    return np.minimum(np.arange(count) + 1, count - 1)


def _colours(tube: Tube, at: NDArray[np.intp]) -> NDArray[np.float32]:
    colours = np.tile(rgb(tube.colours), (len(at), 1)) if isinstance(tube.colours, str) else tube.colours[at]
    return np.concatenate([colours, np.full((len(at), 1), tube.opacity)], axis=1).astype(np.float32)


Tubes = create_visual_node(TubesVisual)
