"""Pictures of the time band, scaled once: to scale them at every paint would cost more than all else there."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from slap_studio.views.film import Strip, paint_cropped

MOST = 512  # tiles that are kept, some 15 kB each


class Tiles:
    """Frames of a clip as cropped tiles; a tile lies on whole pixels of the screen, so that none is blurred."""

    def __init__(self, strip: Strip) -> None:
        self._strip = strip
        self._made: dict[tuple[int, int, int, float, float], QPixmap] = {}

    def paint(self, painter: QPainter, frame: int, box: QRectF, corner: float = 0) -> None:
        """Fill a box with a frame, cropped to the box's shape around its middle."""
        ratio = painter.device().devicePixelRatioF()
        place = QRect(
            QPoint(round(box.left() * ratio), round(box.top() * ratio)),
            QPoint(round(box.right() * ratio) - 1, round(box.bottom() * ratio) - 1),
        )
        if place.isEmpty():
            return
        key = (int(frame), place.width(), place.height(), corner, ratio)
        if key not in self._made:
            if len(self._made) >= MOST:
                self._made.pop(next(iter(self._made)))
            whole = QRectF(0, 0, place.width() / ratio, place.height() / ratio)
            picture = self._strip.pictures[frame]
            self._made[key] = pixmap(place.width(), place.height(), ratio, _cropped(picture, whole, corner))
        painter.drawPixmap(QPointF(place.left() / ratio, place.top() / ratio), self._made[key])


class Ground:
    """What lies below all that changes with an answer, painted again only where it is to show something else."""

    def __init__(self) -> None:
        self._shown: tuple[object, ...] = ()
        self._made = QPixmap()

    def paint(
        self, painter: QPainter, box: QRectF, shown: tuple[object, ...], draw: Callable[[QPainter], None]
    ) -> None:
        """Show what `draw` paints into this box of its widget; `shown` is all that it depends on."""
        ratio = painter.device().devicePixelRatioF()

        def moved(onto: QPainter) -> None:
            onto.translate(-box.topLeft())
            draw(onto)

        key = (box.getRect(), ratio, *shown)
        if key != self._shown:
            self._made = pixmap(ceil(box.width() * ratio), ceil(box.height() * ratio), ratio, moved)
            self._shown = key
        painter.drawPixmap(box.topLeft(), self._made)


def pixmap(width: int, height: int, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
    """A transparent picture of so many pixels of the screen, painted in the window's units."""
    made = QPixmap(width, height)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    draw(painter)
    painter.end()
    return made


def _cropped(picture: QImage, whole: QRectF, corner: float) -> Callable[[QPainter], None]:
    return lambda painter: paint_cropped(painter, picture, whole, corner)
