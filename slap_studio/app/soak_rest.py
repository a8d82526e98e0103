"""The state in which a long run of random hands is weighed: the same each time, and nothing under way."""

import gc
from typing import TYPE_CHECKING

from slap_studio.app.opening import Opening
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.session.state import Session

SAMPLE = "tunnel.mp4"
SIZE = (1440, 900)
SETTLED = 25  # looks in a row that find nothing under way
QUIET_LOOKS = 200  # until a quiet moment has been as well, of one look each 20 ms


class Rest:
    """Leaves whatever the hand has begun, opens the sample, and shows it as it was shown the first time.

    What the process holds depends on what is open: one long history is 150 MB, one clip of frames 50. Only weights in
    one state tell whether something was left over.
    """

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller
        self._first: Session | None = None
        self._ahead: list[Session] = []
        self._reopened = False
        self._idle = 0

    def begin(self) -> None:
        """Leave everything and open the sample."""
        controller, window = self._controller, self._controller.window
        for doing in (controller.playing, controller.stepping):
            doing.stop()
        for leave in (controller.teaching, controller.experimenting):
            leave.leave()
        window.showNormal()
        window.resize(*SIZE)
        controller.looks.choose_font_size(100)
        controller.looks.choose_theme("dark")
        controller.looks.reset_layout()
        controller.open(Opening(sample_videos() / SAMPLE))
        self._reopened, self._idle = False, 0

    def reached(self) -> bool:
        """Whether it is there; to be asked once per turn of the event loop."""
        controller = self._controller
        self._idle = self._idle + 1 if all(lane.idle for lane in controller.lanes.values()) else 0
        if self._idle < (QUIET_LOOKS if self._reopened and not self._ahead else SETTLED):
            return False
        if not self._reopened:
            self._reopened = True
            self._first = first = self._first or controller.session
            # Another path in between: the same one would be kept as it is, with as many steps as a hand asked for.
            self._ahead = [first.with_physics(coupling=2 * first.physics.coupling), first]
        if self._ahead:
            session = self._ahead.pop(0)
            controller.store.update(lambda _session: session)
            self._idle = 0
            return False
        gc.collect()
        return True
