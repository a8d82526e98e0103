"""The one place where the session lives. Only the controller changes it; whoever shows it listens."""

from collections.abc import Callable

from psygnal import Signal

from slap_studio.session.state import Session


class Store:
    """Holds the present session and says when it changed, with the one before beside it."""

    changed = Signal(Session, Session)

    def __init__(self, session: Session | None = None) -> None:
        self._session = session or Session()

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
        if new != old:
            self._session = new
            self.changed.emit(new, old)
