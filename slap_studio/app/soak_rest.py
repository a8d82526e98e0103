"""The state in which a long run of random hands is weighed: the same each time, and nothing under way."""

import gc
from functools import partial
from typing import TYPE_CHECKING

from slap_studio.app.opening import Opening
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._doing: list[Callable[[], object]] = []  # what is still to be left or undone
        self._reopened = False
        self._idle = 0

    def begin(self) -> None:
        """Leave everything and open the sample, one thing per look: no hand does two at once."""
        controller, window = self._controller, self._controller.window
        self._doing = [
            controller.playing.stop, controller.stepping.stop, controller.teaching.leave,
            controller.experimenting.leave, window.showNormal, partial(window.resize, *SIZE),
            partial(controller.looks.choose_font_size, 100), partial(controller.looks.choose_theme, "dark"),
            controller.looks.reset_layout, partial(controller.open, Opening(sample_videos() / SAMPLE)),
        ]  # fmt: skip
        self._reopened, self._idle = False, 0

    def reached(self) -> bool:
        """Whether it is there; to be asked once per turn of the event loop."""
        if self._doing:
            self._doing.pop(0)()
            return False
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
