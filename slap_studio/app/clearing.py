"""Clears the cache of embedded clips when a hand asks for it; the clip that is open stays."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from slap_studio.app.jobs import Answer, Lane
from slap_studio.views.action import Action

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


@dataclass(frozen=True)
class ClearRequest:
    """Take away all clips of the cache but these."""

    open_now: tuple[Path, ...]


class Clearing(QObject):
    """Has the cache cleared and says how much that was; its lane is made when it is first asked."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__(controller)
        self._controller = controller
        self._lane: Lane | None = None

    def clear(self) -> None:
        """Take away what is not open; what is being embedded stays, too."""
        if self._lane is None:
            self._lane = Lane("clearing the cache", _cleared, patience=float("inf"))
            self._lane.answered.connect(self._answered)
            self._controller.lanes["clear"] = self._lane
        self._lane.ask(ClearRequest(self._open_now()))

    def _open_now(self) -> tuple[Path, ...]:
        from slap_studio.encoders.cache import Cache, cache_folder
        from slap_studio.media.sampling import Sampling

        loaded = self._controller.loaded
        if loaded is None:
            return ()
        return (Cache(cache_folder()).place(loaded.clip.content, loaded.clip.identity, repr(Sampling())),)

    def _answered(self, answer: Answer) -> None:
        self._controller.window.tell(answer.problem or answer.value, problem=answer.problem is not None)


def clear_action(controller: "Controller") -> Action:
    """An entry of the Help menu."""
    return Action(
        "help.clear_cache", "Help", "Clear the cache", Clearing(controller).clear,
        hint="Delete the embeddings kept of clips that are not open; they are embedded again when they are opened.",
    )  # fmt: skip


def _cleared(request: ClearRequest, _cancelled: Callable[[], bool]) -> str:
    from slap_studio.encoders.cache import cache_folder
    from slap_studio.encoders.room import clear, freed_words

    return freed_words(clear(cache_folder(), request.open_now))
