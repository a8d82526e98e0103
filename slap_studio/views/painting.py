"""A window's scene is drawn before the window is painted, in a turn of the event loop of its own.

To tell the views, to draw the scene and to paint the window take as long each: in one turn hands would wait for all of
it. Nothing is painted in between, so that all views change at once.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from slap_studio.views.offscreen import OffscreenScene


class Painting(QObject):
    """Holds a window's painting back until its scene is drawn.

    Parameters
    ----------
    window
        A top-level widget.
    scene
        Gives the one that is looked at, if there is one.

    Attributes
    ----------
    held
        Whether something is to be painted and waits for the scene.
    """

    def __init__(self, window: QWidget, scene: "Callable[[], OffscreenScene | None]") -> None:
        super().__init__(window)
        self._window = window
        self._scene = scene
        self.held = self._tried = False
        # Due when nothing else is: hands and what is due come before, and then nothing between drawing and painting.
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._draw)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's own events only; Qt paints upon this one, and sends no other before it has come."""
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        scene = self._scene()
        # Once: a scene that cannot be drawn keeps nothing else from being painted.
        self.held = scene is not None and scene.awaits_drawing and not self._tried
        self._tried = False
        if self.held:
            self._turn.start()
        return self.held

    def _draw(self) -> None:
        self._tried = True
        QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
        scene = self._scene()
        if scene is not None:
            scene.draw()
