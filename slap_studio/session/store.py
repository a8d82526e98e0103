"""The one place where the session lives. Only the controller changes it; whoever shows it listens."""

from collections.abc import Callable

from psygnal import Signal

from slap_studio.session.history import History
from slap_studio.session.state import Session


def _no_gesture() -> int | None:
    return None


class Store:
    """Holds the present session and its history, and says when it changed, with the one before beside it."""

    changed = Signal(Session, Session)

    def __init__(self, session: Session | None = None) -> None:
        self._session = session or Session()
        self.history = History()
        self.gesture: Callable[[], int | None] = _no_gesture
        """Which gesture of a hand is under way: its changes are one step of the history."""
        self.guard: Callable[[Session, Session], Session] | None = None
        """What becomes of a session that is asked for, given the present one: a lesson keeps what it has locked."""

    @property
    def session(self) -> Session:
        """What holds now."""
        return self._session

    def update(self, change: Callable[[Session], Session]) -> None:
        """Replace the session by what `change` makes of it; equal sessions tell nobody.

        Raises
        ------
        UnusableInput
            If the change asks for a value that cannot be; the session stays as it was.
        """
        old, new = self._session, change(self._session)
        if self.guard is not None:
            new = self.guard(old, new)
        if new != old:
            self.history.note(old, new, self.gesture())
            self._become(new)

    def begin(self, session: Session) -> None:
        """Other work altogether, such as another video: nothing of what was before can be undone."""
        self.history = History()
        self._become(session)

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        self._become(self.history.undo(self._session))

    def redo(self) -> None:
        """Do again what was undone last, if anything was."""
        self._become(self.history.redo(self._session))

    def _become(self, new: Session) -> None:
        old, self._session = self._session, new
        if new != old:
            self.changed.emit(new, old)
