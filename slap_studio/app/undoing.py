"""Undo and redo as a hand asks for them."""

from PySide6.QtWidgets import QApplication

from slap_studio.app.gestures import Gestures
from slap_studio.session.store import Store


class Undoing:
    """Has the store's history told apart by gestures, and says what can be undone.

    Attributes
    ----------
    gestures
        Of hands, in the whole application.
    """

    def __init__(self, store: Store) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._store = store
        self.gestures = Gestures(application)
        store.gesture = lambda: self.gestures.present

    def stop(self) -> None:
        """Watch no hand any more."""
        self.gestures.stop()

    def undo(self) -> None:
        """Take back the last change."""
        self._store.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self._store.redo()

    def undo_text(self) -> str:
        """Such as "Undo coupling λ"."""
        return f"Undo {self._store.history.undone or ''}".strip()

    def redo_text(self) -> str:
        """Such as "Redo coupling λ"."""
        return f"Redo {self._store.history.redone or ''}".strip()

    def why_no_undo(self) -> str:
        """Why nothing can be undone, or nothing."""
        return "" if self._store.history.undone else "Nothing has been changed yet, so there is nothing to undo."

    def why_no_redo(self) -> str:
        """Why nothing can be redone, or nothing."""
        return "" if self._store.history.redone else "Nothing was undone, so there is nothing to redo."
