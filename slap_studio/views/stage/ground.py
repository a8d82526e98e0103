"""The landscape's picture below everything else on the map.

vispy's own image applies limits, a gamma and colour functions to every pixel, which took software OpenGL two thirds of
the whole scene's time; here a pixel is one look into the texture.
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
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)], np.float32)


class GroundVisual(Visual):
    """Draws one picture over an extent of the map."""

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._places = VertexBuffer(_CORNERS)
        self._texture = Texture2D(np.zeros((2, 2, 4), np.uint8), interpolation="linear", wrapping="clamp_to_edge")
        self.shared_program["a_place"] = self._places
        self.shared_program["a_picture"] = VertexBuffer(_CORNERS)
        self.shared_program["u_picture"] = self._texture
        self._draw_mode = "triangles"
        self.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_picture(self, picture: NDArray[np.uint8], extent: tuple[float, float, float, float]) -> None:
        """Replace the picture [rows, columns, 4], whose first row lies lowest, and its left, right, bottom and top."""
        left, right, bottom, top = extent
        self._texture.set_data(picture)
        at = _CORNERS * (right - left, top - bottom) + (left, bottom)
        self._places.set_data(at.astype(np.float32))
        self.update()

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return True


Ground = create_visual_node(GroundVisual)
