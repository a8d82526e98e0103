"""Tells one gesture of a hand from the next, so that everything a drag changes is undone together."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFocusEvent, QInputEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit

SPIN = 400  # milliseconds: turns of the wheel that follow one another so fast are one gesture
STILL = 1000  # milliseconds after which a drag that does not move is no longer believed to be one
_OF_HANDS = (QInputEvent, QFocusEvent)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_FOCUS = (QEvent.Type.FocusIn, QEvent.Type.FocusOut)


class Gestures(QObject):
    """Watches mouse, wheel and keys of the whole application.

    From a press to its release is one gesture, a held key and a wheel that spins likewise, and what is typed into one
    field until Enter is pressed or the field is left.

    A drag's events all go to the widget that was pressed, and while it moves no others are looked at: hundreds pass for
    every answer that is drawn, which would take a tenth of the window's time.

    Attributes
    ----------
    watched
        Whose events are looked at: the application's, that is all, a widget's, or nobody's.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._count = 0
        self._under_way = False
        self._typing = False
        self._announced = 0  # the key of a ShortcutOverride, whose KeyPress is to follow
        self._end = QTimer(self, singleShot=True, interval=0)
        self._end.timeout.connect(self._over)
        self._spin = QTimer(self, singleShot=True, interval=SPIN)
        self._spin.timeout.connect(self._over)
        self._still = QTimer(self, singleShot=True, interval=STILL)
        self._still.timeout.connect(self._watch_all)
        self._application = application
        self.watched: QObject | None = None
        self._watch_all()

    def stop(self) -> None:
        """Watch no longer."""
        self._watch(None)
        for timer in (self._end, self._spin, self._still):
            timer.stop()

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """For a moment without hands in which thousands of other events pass: to look at each costs more than it is."""
        self._watch(None)
        try:
            yield
        finally:
            self._watch_all()

    @property
    def present(self) -> int | None:
        """Number of the gesture under way, or None."""
        return self._count if self._under_way else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note beginnings and ends; the events go on to whom they are for."""
        # Hundreds pass for every answer that is drawn: to ask for the type of each costs three times as much.
        if not isinstance(event, _OF_HANDS):
            return False
        kind = event.type()
        if kind in _PRESSES:
            self._begin()
        elif kind == QEvent.Type.MouseMove and self._under_way and isinstance(event, QMouseEvent):
            if event.buttons():
                self._watch(watched)
                self._still.start()
        elif kind == QEvent.Type.MouseButtonRelease:
            self._watch_all()
            # What the release itself changes still belongs to the gesture.
            self._end.start()
        elif kind == QEvent.Type.Wheel:
            if not self._spin.isActive():
                self._begin()
            self._spin.start()
        elif kind in _KEYS and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        elif kind in _FOCUS and isinstance(watched, QLineEdit):
            # Leaving a field takes what was typed: no part of the click that follows.
            self._begin()
            self._typing = False
            self._end.start()
        return False

    def _watch_all(self) -> None:
        self._watch(self._application)

    def _watch(self, watched: QObject | None) -> None:
        """See the events of one object, or of all if it is the application, and no others."""
        if watched is self.watched:
            return
        if self.watched is not None:
            # A widget may have gone meanwhile.
            with suppress(RuntimeError):
                self.watched.removeEventFilter(self)
        self.watched = watched
        if watched is not None:
            watched.installEventFilter(self)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        field = watched if isinstance(watched, QLineEdit) else None
        typing = field is not None
        if event.type() == QEvent.Type.KeyRelease:
            if not event.isAutoRepeat() and not self._typing:
                self._end.start()
            return False
        if event.type() == QEvent.Type.ShortcutOverride and field is not None and _spent(field, event):
            # The field has nothing of its own to undo: the shortcut is the window's.
            event.ignore()
            return True
        follows = event.type() == QEvent.Type.KeyPress and event.key() == self._announced
        self._announced = event.key() if event.type() == QEvent.Type.ShortcutOverride else 0
        if follows or event.isAutoRepeat():
            return False
        if not (typing and self._typing):
            self._begin()
            self._typing = typing
        if typing and event.text() in ("\r", "\n"):
            self._typing = False
            self._end.start()
        return False

    def _begin(self) -> None:
        self._count += 1
        self._under_way = True
        self._end.stop()
        self._spin.stop()

    def _over(self) -> None:
        self._under_way = False


def _spent(field: QLineEdit, event: QKeyEvent) -> bool:
    """Whether a field is asked to undo or redo and cannot."""
    return (event.matches(QKeySequence.StandardKey.Undo) and not field.isUndoAvailable()) or (
        event.matches(QKeySequence.StandardKey.Redo) and not field.isRedoAvailable()
    )
