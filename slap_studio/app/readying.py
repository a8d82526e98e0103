"""Loads an encoder's model in a quiet moment, where a clip was opened from memory: the next query will need it."""

from typing import TYPE_CHECKING

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.work import Engine
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer


class Readying:
    """Sees the paths that are drawn, and has their encoder made ready after the first."""

    def __init__(self, window: Window, engine: Engine) -> None:
        self.lane = Lane("loading the encoder", engine.make_ready, patience=0.0)
        self.lane.answered.connect(self._answered)
        self._window = window
        self._asked = ""

    def look_at(self, answer: "LiveAnswer") -> None:
        """A path was drawn."""
        label = answer.request.clip.encoder
        if label != self._asked:
            self._asked = label
            self.lane.ask(label)

    def _answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
