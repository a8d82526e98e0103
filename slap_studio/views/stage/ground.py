"""The landscape's picture below everything else on the map.

vispy's own image applies limits, a gamma and colour functions to every pixel, which took software OpenGL two thirds of
the whole scene's time; here a pixel is one look into the texture, and where nothing is to be seen there is none.
"""

import numpy as np
from numpy.typing import NDArray
from vispy.gloo import Texture2D, VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

_VERTEX = """
attribute vec2 a_place;
attribute vec2 a_picture;
varying vec2 v_picture;
void main() {
    v_picture = a_picture;
    gl_Position = $transform(vec4(a_place, 0.0, 1.0));
}
"""
_FRAGMENT = """
uniform sampler2D u_picture;
varying vec2 v_picture;
void main() {
    gl_FragColor = texture2D(u_picture, v_picture);
}
"""
TILES = 24  # into so many columns and rows the picture is cut, so that those without colour need not be drawn
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)], np.float32)


class GroundVisual(Visual):
    """Draws one picture over an extent of the map."""

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._places, self._inside = VertexBuffer(_CORNERS), VertexBuffer(_CORNERS)
        self._empty = True
        self._texture = Texture2D(np.zeros((2, 2, 4), np.uint8), interpolation="linear", wrapping="clamp_to_edge")
        self.shared_program["a_place"] = self._places
        self.shared_program["a_picture"] = self._inside
        self.shared_program["u_picture"] = self._texture
        self._draw_mode = "triangles"
        self.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_picture(self, picture: NDArray[np.uint8], extent: tuple[float, float, float, float]) -> None:
        """Replace the picture [rows, columns, 4], whose first row lies lowest, and its left, right, bottom and top."""
        left, right, bottom, top = extent
        inside = corners_of_coloured_tiles(picture[..., 3] > 0)
        self._empty = not len(inside)
        if len(inside):
            self._texture.set_data(picture)
            self._inside.set_data(inside.astype(np.float32))
            self._places.set_data((inside * (right - left, top - bottom) + (left, bottom)).astype(np.float32))
        self.update()

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._empty


def corners_of_coloured_tiles(coloured: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Corners of the triangles [6·T, 2] of those tiles in which a pixel [rows, columns] is coloured, from 0 to 1.

    A pixel's colour runs over into the pixels beside it, so that a tile beside a coloured pixel is one of them.
    """
    rows, columns = (np.linspace(0, size, TILES + 1).round().astype(int) for size in coloured.shape)
    near = coloured.copy()
    near[1:] |= coloured[:-1]
    near[:-1] |= coloured[1:]
    near[:, 1:] |= near[:, :-1].copy()
    near[:, :-1] |= near[:, 1:].copy()
    kept = np.logical_or.reduceat(np.logical_or.reduceat(near, rows[:-1], axis=0), columns[:-1], axis=1)
    row, column = np.nonzero(kept)
    low = np.stack([columns[column] / columns[-1], rows[row] / rows[-1]], axis=1)
    high = np.stack([columns[column + 1] / columns[-1], rows[row + 1] / rows[-1]], axis=1)
    corners: NDArray[np.float64] = (low[:, None] + (high - low)[:, None] * _CORNERS).reshape(-1, 2)
    return corners


Ground = create_visual_node(GroundVisual)
