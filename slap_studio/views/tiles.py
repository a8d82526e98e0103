"""Pictures cropped to tiles, and kept as they are painted: to scale them at every paint costs more than all else."""

from collections.abc import Callable, Sequence
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

MOST = 512  # tiles that are kept, some 15 kB each


class Tiles:
    """A clip's frames as cropped tiles; a tile lies on whole pixels of the screen, so that none is blurred."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int, int, float, float], QPixmap] = {}

    def paint(self, painter: QPainter, pictures: Sequence[QImage], frame: int, box: QRectF, corner: float = 0) -> None:
        """Fill a box with one of the clip's pictures, cropped to the box's shape around its middle."""
        ratio = painter.device().devicePixelRatioF()
        place = QRect(
            QPoint(round(box.left() * ratio), round(box.top() * ratio)),
            QPoint(round(box.right() * ratio) - 1, round(box.bottom() * ratio) - 1),
        )
        if place.isEmpty():
            return
        key = (frame, place.width(), place.height(), corner, ratio)
        if key not in self._made:
            if len(self._made) >= MOST:
                self._made.pop(next(iter(self._made)))
            self._made[key] = _tile(pictures[frame], place.size(), ratio, corner)
        painter.drawPixmap(QPointF(place.left() / ratio, place.top() / ratio), self._made[key])


class Backdrop:
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
            self._made = _pixmap(QSize(ceil(box.width() * ratio), ceil(box.height() * ratio)), ratio, moved)
            self._shown = key
        painter.drawPixmap(box.topLeft(), self._made)


def paint_cropped(painter: QPainter, picture: QImage, box: QRectF, corner: float = 0) -> None:
    """Fill a box with a picture, cropped to the box's shape around its middle."""
    source = QRectF(picture.rect())
    if source.width() / source.height() > box.width() / box.height():
        wide = source.height() * box.width() / box.height()
        source.setRect(source.center().x() - wide / 2, 0, wide, source.height())
    else:
        tall = source.width() * box.height() / box.width()
        source.setRect(0, source.center().y() - tall / 2, source.width(), tall)
    if corner:
        painter.save()
        painter.setClipPath(rounded(box, corner), Qt.ClipOperation.IntersectClip)
    painter.drawImage(box, picture, source)
    if corner:
        painter.restore()


def rounded(box: QRectF, radius: float) -> QPainterPath:
    """A box with round corners."""
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    return path


def _tile(picture: QImage, size: QSize, ratio: float, corner: float) -> QPixmap:
    whole = QRectF(0, 0, size.width() / ratio, size.height() / ratio)
    return _pixmap(size, ratio, lambda painter: paint_cropped(painter, picture, whole, corner))


def _pixmap(size: QSize, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
    """A transparent picture of so many pixels of the screen, painted in the window's units."""
    made = QPixmap(size)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    draw(painter)
    painter.end()
    return made
