"""The few pictograms of the transports and of dialogs, drawn by code so that they take any colour and any size."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QAbstractButton

from slap_studio.views.theme import Theme

_Shape = tuple[tuple[float, float], ...]

_PLAY: _Shape = ((0.28, 0.18), (0.28, 0.82), (0.82, 0.5))
_FORWARD: _Shape = ((0.22, 0.2), (0.22, 0.8), (0.66, 0.5))
_BACK: _Shape = ((0.78, 0.2), (0.78, 0.8), (0.34, 0.5))
_LEFT_BAR: _Shape = ((0.2, 0.2), (0.3, 0.2), (0.3, 0.8), (0.2, 0.8))
_RIGHT_BAR: _Shape = ((0.7, 0.2), (0.8, 0.2), (0.8, 0.8), (0.7, 0.8))
_PAUSE: tuple[_Shape, ...] = (
    ((0.26, 0.2), (0.42, 0.2), (0.42, 0.8), (0.26, 0.8)),
    ((0.58, 0.2), (0.74, 0.2), (0.74, 0.8), (0.58, 0.8)),
)
_CROSS: tuple[_Shape, ...] = (
    ((0.24, 0.3), (0.3, 0.24), (0.76, 0.7), (0.7, 0.76)),
    ((0.7, 0.24), (0.76, 0.3), (0.3, 0.76), (0.24, 0.7)),
)
_DRAWINGS: dict[str, tuple[_Shape, ...]] = {
    "play": (_PLAY,),
    "pause": _PAUSE,
    "step": (_FORWARD, _RIGHT_BAR),
    "step-back": (_BACK, _LEFT_BAR),
    "start": (_BACK, _LEFT_BAR),
    "end": (_FORWARD, _RIGHT_BAR),
    "forward": (_PLAY,),
    "back": (tuple((1 - x, y) for x, y in _PLAY),),
    "up": (tuple((y, 1 - x) for x, y in _PLAY),),
    "close": _CROSS,
}


def icon(name: str, colour: QColor, size: int = 18) -> QIcon:
    """A pictogram in one colour; sharp at twice the size as well."""
    made = QIcon()
    for scale in (1, 2):
        made.addPixmap(_pixmap(name, colour, size, scale))
    return made


def dress(button: QAbstractButton, name: str, theme: Theme, colour: str = "text", size: int = 16) -> None:
    """Put a pictogram on a button, as large as the theme's type asks for."""
    pixels = theme.size(size)
    button.setIcon(icon(name, theme.colour(colour), pixels))
    button.setIconSize(QSize(pixels, pixels))


def _pixmap(name: str, colour: QColor, size: int, scale: int) -> QPixmap:
    pixmap = QPixmap(QSize(size * scale, size * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for shape in _DRAWINGS[name]:
        path = QPainterPath()
        path.addPolygon([QPointF(x * size, y * size) for x, y in shape])
        path.closeSubpath()
        painter.drawPath(path)
    painter.end()
    return pixmap


def star(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """A five-pointed star, the query's mark."""
    import math

    path = QPainterPath()
    for corner in range(10):
        radius = box.width() / 2 * (1.0 if corner % 2 == 0 else 0.42)
        angle = -math.pi / 2 + corner * math.pi / 5
        point = QPointF(box.center().x() + radius * math.cos(angle), box.center().y() + radius * math.sin(angle))
        if corner == 0:
            path.moveTo(point)
        else:
            path.lineTo(point)
    path.closeSubpath()
    painter.fillPath(path, colour)
