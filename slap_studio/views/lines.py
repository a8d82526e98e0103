"""Lines with width on the map, solid or dashed and smooth at their edges, whose shape can be changed at every frame.

vispy's own mesh puts new functions into its shader whenever its data change, so that the driver compiles the
program again: fifteen milliseconds of a frame. Here only the buffers change. The shader fades the last pixel of a
line, so that the scene needs no multisampling, which costs software OpenGL as much as everything else together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

from slap_studio.views.rgb import rgba

_VERTEX = """
attribute vec2 a_position;
attribute vec4 a_colour;
attribute vec2 a_across;
attribute vec3 a_along;
varying vec4 v_colour;
varying vec2 v_across;
varying vec3 v_along;
void main() {
    v_colour = a_colour;
    v_across = a_across;
    v_along = a_along;
    gl_Position = $transform(vec4(a_position, 0.0, 1.0));
}
"""
_FRAGMENT = """
varying vec4 v_colour;
varying vec2 v_across;  // pixels from the line's middle, and from there to its edge
varying vec3 v_along;  // pixels from the line's beginning; of a dash; of a dash and a space, or 0 for a solid line
void main() {
    float inside = clamp(v_across.y - abs(v_across.x), 0.0, 1.0);
    if (v_along.z > 0.0) {
        float place = mod(v_along.x, v_along.z);
        inside *= clamp(min(place, v_along.y - place) + 0.5, 0.0, 1.0);
    }
    gl_FragColor = vec4(v_colour.rgb, v_colour.a * inside);
}
"""
FADE = 1.0  # pixels by which a line's mesh must be wider than the line


@dataclass(frozen=True, eq=False)
class Line:
    """The mesh of a line and how it is drawn.

    Attributes
    ----------
    corners, faces
        As `ribbon` makes them, `FADE` pixels wider than the line: [C, 2], in turn left and right of it, and [F, 3].
    width
        Of the mesh, in pixels.
    pixel
        Its size in the units of the corners.
    dash
        Length of a dash and of the space behind it, in pixels; none for a solid line.
    colour, opacity
        #rrggbb, or red, green and blue from 0 to 1 for every two corners [C / 2, 3]; and 0 to 1.
    """

    corners: NDArray[np.float32]
    faces: NDArray[np.uint32]
    width: float
    pixel: float
    colour: str | NDArray[np.floating]
    opacity: float
    dash: tuple[float, float] | None = None


class LinesVisual(Visual):
    """Draws lines in the order in which they are given."""

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._corners, self._across, self._along, self._colours = (
            VertexBuffer(np.zeros((3, size), np.float32)) for size in (2, 2, 3, 4)
        )
        self.shared_program["a_position"] = self._corners
        self.shared_program["a_across"] = self._across
        self.shared_program["a_along"] = self._along
        self.shared_program["a_colour"] = self._colours
        self._draw_mode = "triangles"
        self._empty = True
        self.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_lines(self, lines: list[Line]) -> None:
        """Replace what is drawn."""
        lines = [line for line in lines if len(line.faces)]
        self._empty = not lines
        if lines:
            self._corners.set_data(np.concatenate([line.corners[line.faces].reshape(-1, 2) for line in lines]))
            self._across.set_data(np.concatenate([_across(line) for line in lines]))
            self._along.set_data(np.concatenate([_along(line) for line in lines]))
            self._colours.set_data(np.concatenate([_colours(line) for line in lines]))
        self.update()

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._empty


def _across(line: Line) -> NDArray[np.float32]:
    half = line.width / 2
    side = np.where(line.faces.reshape(-1) % 2 == 0, half, -half)
    return np.stack([side, np.full_like(side, half)], axis=1).astype(np.float32)


def _along(line: Line) -> NDArray[np.float32]:
    dash, space = line.dash or (0.0, 0.0)
    middles = (line.corners[0::2] + line.corners[1::2]) / 2
    lengths = np.linalg.norm(np.diff(middles, axis=0), axis=1) / line.pixel
    stations = np.concatenate([[0.0], np.cumsum(lengths)])[line.faces.reshape(-1) // 2]
    return np.stack([stations, np.full_like(stations, dash), np.full_like(stations, dash + space)], 1).astype(
        np.float32
    )


def _colours(line: Line) -> NDArray[np.float32]:
    if not isinstance(line.colour, str):
        colours = line.colour[line.faces.reshape(-1) // 2]
        return np.concatenate([colours, np.full((len(colours), 1), line.opacity)], axis=1).astype(np.float32)
    return np.tile(np.array(rgba(line.colour, line.opacity), np.float32), (line.faces.size, 1))


Lines = create_visual_node(LinesVisual)
