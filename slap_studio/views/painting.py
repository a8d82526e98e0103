"""A window's scene is drawn before the window is painted, in a turn of the event loop of its own.

To lay out and tell the views, to draw the scene and to paint the window take as long each: in one turn hands would wait
for all of it. Nothing is painted in between, so that all views change at once.
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
        self._stopped_by: set[object] = set()
        self.held = self._tried = False
        # Due at once, behind what hands have done and what was due before; the request posted then comes next.
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._draw)
        window.installEventFilter(self)

    def stop(self, reason: object) -> None:
        """Paint nothing for some reason, until it holds no more."""
        self._stopped_by.add(reason)
        self._window.setUpdatesEnabled(False)

    def go_on(self, reason: object) -> None:
        """A reason to paint nothing holds no more."""
        self._stopped_by.discard(reason)
        if not self._stopped_by:
            self._window.setUpdatesEnabled(True)
            # What was to be painted when updates ended is still down as such, and Qt would not ask for it again.
            QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's own events only: it is painted upon a request, and in a new size at once."""
        if event.type() == QEvent.Type.Resize:
            if self._scene() is not None:
                self.stop(self)
                self._hold()
        elif event.type() == QEvent.Type.UpdateRequest and not self._stopped_by:
            scene = self._scene()
            # Once: a scene that cannot be drawn keeps nothing else from being painted.
            awaited = scene is not None and scene.awaits_drawing and not self._tried
            self.held = self._tried = False
            if awaited:
                self._hold()
            return awaited
        return False

    def _hold(self) -> None:
        self.held = True
        # Not anew, or it would never come while a hand resizes the window.
        if not self._turn.isActive():
            self._turn.start()

    def _draw(self) -> None:
        self._tried = True
        scene = self._scene()
        try:
            if scene is not None:
                scene.draw()
        finally:
            self.go_on(self)
