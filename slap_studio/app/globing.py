"""Has the globe of a clip fitted when it is first looked at, on a lane of its own, and keeps it for the clip."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.tasks import Tasks
from slap_studio.app.work import Mapper, MapRequest
from slap_studio.session.look import View
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.core.globe import Globe
    from slap_studio.live import LiveAnswer
    from slap_studio.pipeline import Clip


class Globing(QObject):
    """Looks at the drawn paths; says when the globe that they are to stand on has come."""

    fitted = Signal()

    def __init__(self, window: Window, mapper: Mapper, tasks: Tasks) -> None:
        super().__init__()
        self._window = window
        self.lane = Lane("fitting the globe", mapper.fit_globe, patience=0.0)
        self.lane.answered.connect(self._answered)
        self._task = tasks.task("Fitting the globe (UMAP)", self.cancel)
        self._asked: Clip | None = None
        self._fitted: tuple[Clip, Globe] | None = None

    def look_at(self, answer: "LiveAnswer") -> None:
        """A path was drawn; if that was on the stand-in of the globe, the globe itself is fitted."""
        clip = answer.request.clip
        if answer.request.view is View.GLOBE and clip is not self._asked:
            self._asked = clip
            self.lane.ask(MapRequest(clip))
            self._task.begin()

    def cancel(self) -> None:
        """Go on with the stand-in."""
        self._task.end()
        self.lane.drop()

    def forget(self) -> None:
        """Another clip was opened."""
        self.cancel()
        self._asked = self._fitted = None

    def globe_of(self, clip: "Clip") -> "Globe | None":
        """The globe of a clip, once it is fitted."""
        return self._fitted[1] if self._fitted is not None and self._fitted[0] is clip else None

    def _answered(self, answer: Answer) -> None:
        clip: Clip = answer.request.clip
        if clip is not self._asked:
            return
        self._task.end()
        if answer.problem is not None:
            self._window.tell(f"{answer.problem} The PCA globe stays.", problem=True)
            return
        self._fitted = clip, answer.value
        self.fitted.emit()
