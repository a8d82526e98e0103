"""What is remembered from one day to the next: recent files, the theme, the window's place."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from slap_studio.views.theme import CHOICES, FONT_SIZES, SYSTEM

MOST_RECENT = 8
VERSION = 1  # of what is stored; raised when a name comes to mean something else, so that it can be converted


class Settings:
    """A thin, typed face of QSettings; what is stored and unfit is taken as not stored.

    What another version of the program stored under names that this one does not know stays where it is.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("SLAP Studio", "SLAP Studio")
        stored = str(self._store.value("version", ""))
        # A later version's number stays, for when that version is back.
        if not stored.isdecimal() or int(stored) < VERSION:
            self._store.setValue("version", VERSION)

    def write(self) -> None:
        """Write what was changed to disk at once."""
        self._store.sync()

    @property
    def theme(self) -> str:
        """Name of the theme, or that it is the system's."""
        name = self._store.value("theme", SYSTEM)
        return name if isinstance(name, str) and name in CHOICES else SYSTEM

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def font_size(self) -> int:
        """Per cent of the type's usual size."""
        stored = str(self._store.value("font_size", FONT_SIZES[0]))
        return int(stored) if stored in map(str, FONT_SIZES) else FONT_SIZES[0]

    @font_size.setter
    def font_size(self, percent: int) -> None:
        self._store.setValue("font_size", percent)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files opened last that are still there, the newest first."""
        stored = self._store.value("recent", [])
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return tuple(Path(name) for name in names if isinstance(name, str) and Path(name).is_file())

    def add_recent(self, path: Path) -> None:
        """Put a file first."""
        path = path.resolve()
        names = [str(path), *(str(other) for other in self.recent if other != path)]
        self._store.setValue("recent", names[:MOST_RECENT])

    def forget_recent(self) -> None:
        """Empty the list."""
        self._store.remove("recent")

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window stood."""
        stored = self._store.value("geometry")
        return stored if isinstance(stored, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def layout(self) -> bytes:
        """Where the panels stood; empty for the first layout."""
        stored = self._store.value("layout")
        return bytes(stored.data()) if isinstance(stored, QByteArray) else b""

    @layout.setter
    def layout(self, state: bytes) -> None:
        self._store.setValue("layout", QByteArray(state))
