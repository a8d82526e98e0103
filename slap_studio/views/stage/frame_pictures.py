"""Frames as little pictures on the map, as many pixels wide however near it is looked at."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from vispy.gloo import Texture2D, VertexBuffer
from vispy.scene.visuals import create_visual_node
from vispy.visuals import Visual

from slap_studio.core.types import Array
from slap_studio.views.theme import Theme
from slap_studio.views.tiles import paint_cropped

WIDTH, HEIGHT = 56, 34  # pixels of a picture with its frame
_COLUMNS = 16  # of pictures in the texture
_VERTEX = """
uniform vec2 u_size;  // of the scene, in pixels
attribute vec2 a_place;
attribute vec2 a_corner;  // pixels from the place
attribute vec2 a_picture;
varying vec2 v_picture;
void main() {
    vec4 here = $transform(vec4(a_place, 0.0, 1.0));
    v_picture = a_picture;
    gl_Position = vec4(here.xy + a_corner * 2.0 / u_size * here.w, here.zw);
}
"""
_FRAGMENT = """
uniform sampler2D u_pictures;
varying vec2 v_picture;
void main() {
    gl_FragColor = texture2D(u_pictures, v_picture);
}
"""
_CORNERS = np.array([(-1, -1), (1, -1), (1, 1), (-1, -1), (1, 1), (-1, 1)], np.float32)


class FramePicturesVisual(Visual):
    """Draws pictures of one size with their middles at places."""

    def __init__(self) -> None:
        Visual.__init__(self, _VERTEX, _FRAGMENT)
        self._places, self._corners, self._pictures = (VertexBuffer(np.zeros((3, 2), np.float32)) for _ in range(3))
        self._texture = Texture2D(np.zeros((2, 2, 4), np.uint8), interpolation="linear")
        self.shared_program["a_place"] = self._places
        self.shared_program["a_corner"] = self._corners
        self.shared_program["a_picture"] = self._pictures
        self.shared_program["u_pictures"] = self._texture
        self.shared_program["u_size"] = (100.0, 100.0)
        self._draw_mode = "triangles"
        self._empty = True
        self.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_pictures(self, places: Array, tiles: list[NDArray[np.uint8]]) -> None:
        """Replace what is drawn: places [P, 2], and a tile [HEIGHT, WIDTH, 4] for each."""
        self._empty = not tiles
        if tiles:
            rows = -(-len(tiles) // _COLUMNS)
            sheet = np.zeros((rows, HEIGHT, _COLUMNS, WIDTH, 4), np.uint8)
            index = np.arange(len(tiles))
            sheet[index // _COLUMNS, :, index % _COLUMNS] = np.stack(tiles)
            self._texture.set_data(sheet.reshape(rows * HEIGHT, _COLUMNS * WIDTH, 4))
            self._places.set_data(np.repeat(places, 6, axis=0).astype(np.float32))
            self._corners.set_data(np.tile(_CORNERS * (WIDTH / 2, HEIGHT / 2), (len(tiles), 1)).astype(np.float32))
            # Pictures begin above, OpenGL's axis below.
            inside = (_CORNERS * (1, -1) + 1) / 2
            origin = np.stack([index % _COLUMNS, index // _COLUMNS], axis=1)
            at = (origin[:, None] + inside[None]) / (_COLUMNS, rows)
            self._pictures.set_data(at.reshape(-1, 2).astype(np.float32))
        self.update()

    def set_size(self, width: float, height: float) -> None:
        """The scene's size in pixels."""
        self.shared_program["u_size"] = (float(max(width, 1)), float(max(height, 1)))

    def _prepare_transforms(self, view: Visual) -> None:
        view.view_program.vert["transform"] = view.transforms.get_transform()

    def _prepare_draw(self, view: Visual) -> bool:
        return not self._empty


def tile(picture: QImage, theme: Theme) -> NDArray[np.uint8]:
    """A frame of the clip in the size and frame of an observed one [HEIGHT, WIDTH, 4]."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    box = QRectF(1, 1, WIDTH - 2, HEIGHT - 2)
    paint_cropped(painter, picture, box, corner=3)
    painter.setPen(QPen(theme.colour("observed"), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4).copy()


FramePictures = create_visual_node(FramePicturesVisual)
