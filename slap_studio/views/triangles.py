"""Coloured triangles on the map whose corners can be changed at every frame.

vispy's own mesh puts new functions into its shader whenever its data change, so that the driver compiles the
program again: fifteen milliseconds of a frame. Here only the buffers change.
"""

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

_VERTEX = """
attribute vec2 a_position;
attribute vec4 a_colour;
varying vec4 v_colour;
void main() {
    v_colour = a_colour;
    gl_Position = $transform(vec4(a_position, 0.0, 1.0));
}
"""
_FRAGMENT = """
varying vec4 v_colour;
void main() { gl_FragColor = v_colour; }
"""

Piece = tuple[NDArray[np.float32], NDArray[np.uint32], str, float]  # corners [C, 2], faces [F, 3], #rrggbb, opacity


class TrianglesVisual(Visual):
    """Draws pieces in the order in which they are given."""

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._corners, self._colours = (
            VertexBuffer(np.zeros((3, 2), np.float32)),
            VertexBuffer(np.zeros((3, 4), np.float32)),
        )
        self.shared_program["a_position"] = self._corners
        self.shared_program["a_colour"] = self._colours
        self._draw_mode = "triangles"
        self._empty = True
        self.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_pieces(self, pieces: list[Piece]) -> None:
        """Replace what is drawn."""
        pieces = [piece for piece in pieces if len(piece[1])]
        self._empty = not pieces
        if pieces:
            corners = [corners[faces].reshape(-1, 2) for corners, faces, _, _ in pieces]
            colours = [np.tile(_rgba(colour, alpha), (3 * len(faces), 1)) for _, faces, colour, alpha in pieces]
            self._corners.set_data(np.concatenate(corners))
            self._colours.set_data(np.concatenate(colours))
        self.update()

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._empty


def _rgba(colour: str, alpha: float) -> NDArray[np.float32]:
    return np.array([*(int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)), alpha], np.float32)


Triangles = create_visual_node(TrianglesVisual)
