"""A vispy scene as an ordinary widget: OpenGL draws it off screen, Qt paints the picture.

A QOpenGLWidget inside a window makes Qt compose the whole window with OpenGL, so that where OpenGL is software
every repaint of a label costs as much as the scene. Read back, the scene costs one copy, and nothing else pays.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from vispy import scene

from slap_studio.views.theme import RADIUS

UNDRAWABLE = (
    "This picture cannot be drawn, because no OpenGL driver was found. Curves, frames and figures are complete without "
    "it; install a graphics driver (on Linux Mesa) and start again to see it."
)
_HIDDEN = QSize(16, 16)  # what is kept to draw on while nobody sees it


class _Canvas(scene.SceneCanvas):
    """A scene's canvas that is never shown and says when its picture is out of date."""

    def __init__(self, changed: Callable[[], None]) -> None:
        # Set before vispy freezes the object, and used while it is being made.
        self._changed = changed
        self.resting = False
        self.view: Any = None
        super().__init__(keys=None, show=False, autoswap=False)

    def update(self, node: object = None) -> None:
        """Something in the scene has changed."""
        self._changed()

    def visual_at(self, pos: object) -> Any:
        """Whose the pointer is: the one view's.

        vispy finds out by drawing the whole scene once more into a new ground at every press and turn of the wheel,
        with shaders that it links anew at every size, of which OpenGL in software keeps 0.4 MB each time.
        """
        return self.view

    def on_draw(self, event: object) -> None:
        """Draw, unless nobody is to see it."""
        if not self.resting:
            super().on_draw(event)


class OffscreenScene(QWidget):
    """Paints a vispy scene and hands it the pointer's events.

    Attributes
    ----------
    canvas
        vispy's scene canvas, whose size follows this widget's.
    focus_colour
        Of the ring around it while it has the focus.
    drawable
        Whether there is an OpenGL context to draw with, as far as was seen yet.
    """

    undrawable = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self._stale = True  # whether the scene is another by now
        self._fresh = False  # whether the picture was drawn for the next painting
        self._seen = False  # isVisible() says so as well while a picture is taken
        self._drawing = False
        self.canvas = _Canvas(self._outdated)
        self.focus_colour = self.palette().text().color()
        self.drawable = True
        self.setMouseTracking(True)
        # By Tab alone: a click must not take the keys away from where they are.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Not event() itself: PySide dies of what Python 3.11 raises in another override that is called from there.
        self.installEventFilter(self)

    def add_view(self, camera: Any) -> Any:
        """A view of a scene through a camera, over all of the picture."""
        self.canvas.view = self.canvas.central_widget.add_view(camera=camera)
        return self.canvas.view

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw again in the new size; what is not seen may be told of one as well."""
        super().resizeEvent(event)
        self._outdated()

    def showEvent(self, event: QShowEvent) -> None:
        """Take a ground to draw on, at once: what is laid over the scene asks it where things are."""
        super().showEvent(event)
        self._seen = True
        if self.canvas.native.size() != self.size():
            self._take_ground(self.size())
            self._outdated()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the ground and the picture back: every view would hold them in the largest size it ever had."""
        super().hideEvent(event)
        self._seen = False
        self._give_ground_back()
        self._picture, self._fresh = None, False

    @property
    def awaits_drawing(self) -> bool:
        """Whether it is seen, has changed, and would be drawn when it is painted."""
        return self._seen and self._stale and not self._fresh

    def draw(self) -> None:
        """Draw the scene now if it is seen and has changed, so that to paint it is no more than to copy it."""
        if self._seen and self._stale:
            self._renew()
            self._fresh = True
            self.update()

    def _renew(self) -> QImage:
        if self._seen and self.canvas.native.size() != self.size():
            self._take_ground(self.size())
        self._picture, self._stale = self._drawn(), False
        return self._picture

    def _give_ground_back(self) -> None:
        # The scene is not told: what is laid out in its pixels stays as it is.
        with self.canvas.events.resize.blocker():
            self._take_ground(_HIDDEN)

    def _take_ground(self, size: QSize) -> None:
        native: Any = self.canvas.native
        if native.screen() is not self.screen():
            native.setScreen(self.screen())
        before = native.size()
        native.resize(size)
        # What is never shown is not told its size by Qt either: it would go on drawing on a ground of the old one.
        # Told, it draws at once; what is seen is drawn when it is painted.
        self.canvas.resting = True
        QCoreApplication.sendEvent(native, QResizeEvent(size, before))
        self.canvas.resting = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scene if it has changed, and paint the part that is asked for."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        picture = self._picture
        if picture is None or self.awaits_drawing:
            picture = self._renew()
        elif self._fresh and self._stale:
            # It changed since it was drawn, as under a hand that turns it: to be drawn for the next painting.
            self.update()
        self._fresh = False
        if not self.drawable:
            self._say_why(painter)
            return
        painter.drawImage(self.rect(), picture)
        if self.hasFocus():
            painter.setPen(QPen(self.focus_colour, 4))
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)

    def _drawn(self) -> QImage:
        native: Any = self.canvas.native
        if not self._seen:
            # For a picture that is taken of it.
            self._take_ground(self.size())
        self._drawing = True
        try:
            picture: QImage = native.grabFramebuffer()
        finally:
            self._drawing = False
        if not self._seen:
            self._give_ground_back()
        if self.drawable and not native.isValid():
            # What came back then is memory that nobody wrote to. Told after this painting.
            self.drawable = False
            QTimer.singleShot(0, self, lambda: self.undrawable.emit(UNDRAWABLE))
        return picture

    def _say_why(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(*(round(255 * part) for part in self.canvas.bgcolor.rgb)))
        painter.setPen(self.palette().text().color())
        room = self.rect().adjusted(60, 100, -60, -60)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, UNDRAWABLE)

    def zoom(self, steps: int) -> None:
        """As if the wheel were turned over the middle."""
        self.canvas.events.mouse_wheel(delta=(0.0, float(steps)), pos=(self.width() / 2, self.height() / 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hand on to the scene."""
        self.canvas.native.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Hand on to the scene."""
        self.canvas.native.mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand on to the scene."""
        self.canvas.native.mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Hand on to the scene."""
        self.canvas.native.mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Hand on to the scene."""
        self.canvas.native.wheelEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand a trackpad's pinch to the scene as well, at the pointer's place in this widget."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            where = event.position()
            self.canvas.events.touch(
                type="gesture_zoom", pos=(where.x(), where.y()), scale=event.value(), last_scale=None, modifiers=()
            )
            return True
        return False

    def _outdated(self) -> None:
        # What vispy settles while it draws is in the picture: it would be painted a second time.
        if not self._drawing:
            self._stale = True
            self.update()
