"""The window is dressed anew in several turns of the event loop, and painted once at the end.

Qt takes as long to take off and put on a style sheet as a few drawings of the window take: in one turn hands would wait
for all of it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QWidget
from shiboken6 import isValid

from slap_studio.app.jobs import PAINTED
from slap_studio.views import theme as themes
from slap_studio.views.theme import Theme
from slap_studio.views.window import Window


class Dressing(QObject):
    """Puts a theme on the whole application, the newest that was asked for.

    Parameters
    ----------
    window
        Stays as it looks until all of it is dressed.
    unwatched
        Entered for each turn: thousands of events pass in which no hand has part.
    """

    def __init__(self, window: Window, unwatched: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__(window)
        self._window = window
        self._unwatched = unwatched
        self._wanted = self._worn = window.theme
        self._layouts = _Layouts(self, window)
        self._room = self._present_room  # when it began
        self._left: list[Callable[[], None]] = []  # turns to take
        self._next = QTimer(self, singleShot=True, interval=PAINTED, timerType=Qt.TimerType.PreciseTimer)
        self._next.timeout.connect(self._take_turn)

    @property
    def under_way(self) -> bool:
        """Whether the window is not yet as it was asked for."""
        return bool(self._left)

    def wear(self, theme: Theme) -> None:
        """Dress in it from now on; nothing is done where it is worn."""
        self._wanted = theme
        if not self._left and theme != self._window.theme:
            self._left = [self._take_off, self._put_on, self._dress_parts, self._make_ready, self._show]
            self._take_turn()

    def _take_turn(self) -> None:
        try:
            with self._unwatched():
                self._left[0]()
            self._left.pop(0)
        except Exception:
            # To be seen as far as it is dressed, and not tried for ever.
            self._left, self._wanted = [self._show], self._window.theme
            raise
        finally:
            if self._left:
                self._next.start()
            else:
                self.wear(self._wanted)

    def _take_off(self) -> None:
        self._room = self._present_room
        self._window.painting.stop(self)
        # Signs and grounds of the dress before; Qt would keep 10 MB of them.
        QPixmapCache.clear()
        themes.undress(_application())
        self._layouts.keep_back()

    def _put_on(self) -> None:
        self._layouts.look_away()
        self._worn = self._wanted
        themes.dress(_application(), self._worn)
        self._layouts.keep_back()

    def _dress_parts(self) -> None:
        self._layouts.look_away()
        self._window.set_theme(self._worn)
        self._layouts.release()

    def _make_ready(self) -> None:
        if self._window.workspace is not None:
            self._window.workspace.make_ready(anew=self._room != self._present_room)

    @property
    def _present_room(self) -> tuple[QSize, float]:
        """What decides how the room is shared out: the window's size, and that of type."""
        return self._window.size(), self._window.theme.scale

    def _show(self) -> None:
        self._layouts.look_away()
        self._layouts.release()
        self._window.painting.go_on(self)


class _Layouts(QObject):
    """Keeps widgets from being laid out between two turns: in no dress they have other sizes, and give way for good."""

    def __init__(self, parent: QObject, window: QMainWindow) -> None:
        # It ends with the window: the next one's layouts are no business of it.
        super().__init__(parent)
        self._window = window
        self._still: list[QLayout] = []
        self._waiting: dict[int, QWidget] = {}

    def keep_back(self) -> None:
        """From now on what asks a widget to lay itself out is kept back."""
        if not self._still:
            # Where something shows itself Qt lays out all around it without asking, and panels remember their sizes.
            areas = (self._window, *self._window.findChildren(QMainWindow))
            self._still = [layout for area in areas if (layout := area.layout()) is not None]
            for layout in self._still:
                layout.setEnabled(False)
        _application().installEventFilter(self)

    def look_away(self) -> None:
        """Events go their way again; what was kept back is still."""
        _application().removeEventFilter(self)

    def release(self) -> None:
        """Lay out all that would have been."""
        still, self._still = self._still, []
        waiting, self._waiting = self._waiting, {}
        for layout in still:
            layout.setEnabled(True)
            # It may have come in another size meanwhile.
            layout.invalidate()
        for widget in waiting.values():
            if isValid(widget):
                QCoreApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note whom it is for."""
        if event.type() != QEvent.Type.LayoutRequest or not isinstance(watched, QWidget):
            return False
        self._waiting[id(watched)] = watched
        return True


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
