"""Keeps unsaved work against a crash or a kill, and offers what an earlier day left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.opening import Opening
from slap_studio.app.saving import SaveRequest, document_of
from slap_studio.app.work import ClipRequest
from slap_studio.session.shelf import LeftBehind, Shelf, unsaved_folder
from slap_studio.views.welcome import Unsaved

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.app.keeping import Keeping

LONGEST_NAME = 48  # characters of a file's name that are shown
EVERY = 3000  # milliseconds from a change to the writing of it and of all that followed it


@dataclass(frozen=True)
class Look:
    """Look for what was left behind."""


@dataclass(frozen=True)
class Clear:
    """Nothing is unsaved any more."""


class Recovery(QObject):
    """Writes unsaved work a moment after it changed, off the window's thread."""

    def __init__(self, keeping: "Keeping", controller: "Controller") -> None:
        super().__init__()
        self._keeping = keeping
        self._controller = controller
        self._welcome = controller.window.welcome
        self._shelf: Shelf | None = None
        self._left: tuple[LeftBehind, ...] = ()
        self._restoring: LeftBehind | None = None
        self._kept = self._told = False
        self.lanes = {
            "unsaved": Lane("keeping unsaved work", self._work, patience=float("inf")),
            "left": Lane("looking for unsaved work", self._search, patience=float("inf")),
        }
        self.lanes["unsaved"].answered.connect(self._answered)
        self.lanes["left"].answered.connect(self._found)
        self._soon = QTimer(self, interval=EVERY, singleShot=True)
        self._soon.timeout.connect(self._keep)
        self._welcome.restore_asked.connect(self.restore)
        self._welcome.discard_asked.connect(self.discard)

    def begin(self) -> None:
        """From now on unsaved work is kept; what was left behind is looked for."""
        self._shelf = Shelf(unsaved_folder())
        self.lanes["left"].ask(Look())

    def stop(self) -> None:
        """The window is closed in peace: nothing is left behind, and what was offered can be offered again."""
        self._soon.stop()
        if self._shelf is not None:
            self._shelf.clear(for_good=True)
        for left in self._left:
            left.release()
        self._left = ()

    def look(self) -> None:
        """Something changed, or was saved."""
        if self._shelf is None:
            return
        if not self._keeping.unsaved:
            self._soon.stop()
            if self._kept:
                self._kept = False
                self.lanes["unsaved"].ask(Clear())
        elif not self._soon.isActive():
            self._soon.start()

    def opened(self, request: ClipRequest) -> None:
        """Other work is open; what was restored belongs to this program once it is kept anew."""
        self._restoring = next((left for left in self._left if request.recovered and left.file == request.path), None)
        if self._restoring is not None:
            self._keep()
        else:
            self.look()

    def restore(self, key: str) -> None:
        """Open what was left behind."""
        left = self._of(key)
        if left is not None:
            opening = Opening(left.file, encoder=left.document.session.encoder, recovered=True)
            self._keeping.leave(lambda: self._controller.open(opening))

    def discard(self, key: str) -> None:
        """Take what was left behind away for good."""
        left = self._of(key)
        if left is not None:
            self._drop(left)

    def _of(self, key: str) -> LeftBehind | None:
        return next((left for left in self._left if left.file.name == key), None)

    def _drop(self, left: LeftBehind) -> None:
        self._left = tuple(other for other in self._left if other is not left)
        left.discard()
        self._show()

    def _keep(self) -> None:
        loaded, keeping = self._controller.loaded, self._keeping
        if loaded is None or not keeping.unsaved or self._shelf is None:
            return
        self._kept = True
        # The embeddings are in the cache, beside a video that is there; without one they are the work.
        self.lanes["unsaved"].ask(
            SaveRequest(
                self._shelf.file, self._controller.session, loaded.clip, keeping.standing.now(),
                whole=loaded.without_video, file=keeping.file,
            )
        )  # fmt: skip

    def _work(self, request: SaveRequest | Clear, _cancelled: Callable[[], bool]) -> None:
        assert self._shelf is not None
        if isinstance(request, Clear):
            self._shelf.clear()
        else:
            self._shelf.keep(document_of(request))

    def _search(self, _request: Look, _cancelled: Callable[[], bool]) -> tuple[LeftBehind, ...]:
        assert self._shelf is not None
        return self._shelf.left_behind()

    def _answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            # Once: every change would say it again.
            if not self._told:
                self._controller.window.tell(answer.problem, problem=True)
            self._told = True
        elif self._restoring is not None and isinstance(answer.request, SaveRequest):
            restored, self._restoring = self._restoring, None
            self._drop(restored)

    def _found(self, answer: Answer) -> None:
        if answer.value:
            self._left = answer.value
            self._show()
            if self._controller.session.video is not None or self._controller.lanes["clip"].busy:
                self._controller.window.tell(
                    "Unsaved work was left behind; restore it from the welcome page (Ctrl+Shift+W).",
                    problem=False,
                )

    def _show(self) -> None:
        self._welcome.show_unsaved([_offered(left) for left in self._left])


def _offered(left: LeftBehind) -> Unsaved:
    name = left.name if len(left.name) <= LONGEST_NAME else f"{left.name[:LONGEST_NAME]}…"
    return Unsaved(left.file.name, name, _when(left.document.saved_at))


def _when(saved_at: str) -> str:
    """Such as "14:05" for a time of today, and "20 Nov, 14:05" for another."""
    try:
        time = datetime.fromisoformat(saved_at).astimezone()
    except ValueError:
        return "an earlier day"
    today = time.date() == datetime.now().astimezone().date()
    return f"{time:%H:%M}" if today else f"{time.day} {time:%b, %H:%M}"
