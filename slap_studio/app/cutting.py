"""Has the gaps of a long clip searched for hard cuts, once a path stays: nobody waits, and what is found is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.measuring import REST
from slap_studio.app.summaries import ends_of

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.live import LiveAnswer
    from slap_studio.pipeline import Clip


@dataclass(frozen=True, eq=False)
class CutRequest:
    """Search a clip between the anchors of each gap, in seconds."""

    clip: "Clip"
    gaps: tuple[tuple[float, float], ...]


class Cutting(QObject):
    """Looks at the newest drawn path's gaps; a short clip was searched as a whole when it was opened."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__(controller)
        self._controller = controller
        self._request: CutRequest | None = None
        self.lane = Lane("looking for cuts", _search, patience=0.0)
        self.lane.answered.connect(self._answered)
        self._rest = QTimer(self, interval=REST, singleShot=True)
        self._rest.timeout.connect(self._ask)
        controller.path_shown.connect(self._path_shown)

    def _path_shown(self, answer: "LiveAnswer") -> None:
        clip = answer.request.clip
        gaps = tuple(ends_of(one) for one in (answer, *answer.others))
        unknown = tuple(gap for gap in gaps if not clip.cuts.is_searched(*gap))
        if unknown:
            self._request = CutRequest(clip, unknown)
            self._rest.start()

    def _ask(self) -> None:
        if self._request is not None:
            self.lane.ask(self._request)
            self._request = None

    def _answered(self, answer: Answer) -> None:
        loaded = self._controller.loaded
        if answer.problem is not None:
            self._controller.window.tell(answer.problem, problem=True)
        elif loaded is not None and loaded.clip is answer.request.clip:
            self._controller.presenter.show_cuts()


def _search(request: CutRequest, cancelled: Callable[[], bool]) -> None:
    for before, after in request.gaps:
        request.clip.cuts.search(before, after, cancelled)
