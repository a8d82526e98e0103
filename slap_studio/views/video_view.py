"""The frame under the cursor, with a badge that says whether the solver may see it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from slap_studio.views.theme import RADIUS, Theme


class VideoView(QWidget):
    """Shows one image as large as it fits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._badge = ""
        self._aspect = 16 / 9
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(90)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def show_aspect(self, width: int, height: int) -> None:
        """Make room for pictures of this shape; very tall ones are shown smaller."""
        self._aspect = max(width / max(height, 1), 1.2)
        self.updateGeometry()

    def show_frame(self, image: QImage | None, badge: str) -> None:
        """Show an image, and a word over its corner."""
        self._image, self._badge = image, badge
        self.setAccessibleName(f"Video frame, {badge}")
        self.update()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        """Keep the clip's shape."""
        return int(width / self._aspect)

    def sizeHint(self) -> QSize:
        """A sixth of a wide screen."""
        return QSize(310, self.heightForWidth(310))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image within rounded corners, on the panel's ground."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(clip)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        if self._image is not None:
            scale = min(self.width() / self._image.width(), self.height() / self._image.height())
            wide, tall = self._image.width() * scale, self._image.height() * scale
            painter.drawImage(QRectF((self.width() - wide) / 2, (self.height() - tall) / 2, wide, tall), self._image)
        if self._badge:
            self._paint_badge(painter)

    def _paint_badge(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font())
        wide = painter.fontMetrics().horizontalAdvance(self._badge) + 16
        box = QRectF(9, 9, wide, self._theme.size(21))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        painter.setOpacity(0.62)
        painter.drawRoundedRect(box, 6, 6)
        painter.setOpacity(1)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._badge)
