"""A picture of the real window: opened, left alone until it has come to rest, grabbed, closed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from slap_studio.app.controller import Controller
from slap_studio.app.faults import watched_for_faults
from slap_studio.app.jobs import Answer, wait_for
from slap_studio.app.main import make_application, make_studio, start
from slap_studio.app.opening import Opening
from slap_studio.app.screen import has_screen, virtual_screen
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput
from slap_studio.views.theme import THEMES

if TYPE_CHECKING:
    from slap_studio.measured import Measured

LOOK = 100  # milliseconds between two looks whether everything rests
SETTLED = 7  # looks in a row that find it at rest before the picture is taken
DEAD = 600  # looks in a row that find nothing at work and yet no rest, after which it is given up
LONGEST = 3_600_000  # milliseconds that one piece of work may take


def write_screenshot(opening: Opening, out: Path, size: str, theme: str, tell: Callable[[str], None]) -> int:
    """Open a window, wait for its path, its map and what is measured on them, and write a picture of it.

    Returns
    -------
    int
        The exit status: 0, or 2 for input that cannot be used, or 1 for a fault of ours.

    Raises
    ------
    UnusableInput
        If the size, the theme or the file's name cannot be used, or there is neither a screen nor Xvfb.
    """
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", size)
    if match is None:
        raise UnusableInput(f"The size {size!r} is not WIDTHxHEIGHT; write for example 1440x900.")
    if theme not in THEMES:
        raise UnusableInput(f"There is no theme {theme!r}; use {' or '.join(THEMES)}.")
    if out.suffix.lower() != ".png":
        raise UnusableInput(f"A screenshot is written as .png, but the name is {out.name}; change its ending.")
    width, height = int(match[1]), int(match[2])
    if has_screen():
        return _taken(opening, out, (width, height), theme, tell)
    with virtual_screen(width, height):
        status = _taken(opening, out, (width, height), theme, tell)
        # Qt must let go of the screen before it vanishes: an X client whose server dies ends its process.
        application = QApplication.instance()
        assert application is not None
        application.shutdown()
        return status


def _taken(opening: Opening, out: Path, size: tuple[int, int], theme: str, tell: Callable[[str], None]) -> int:
    application = make_application()
    controller = make_studio(application, theme)
    controller.hurry()
    photographer = Photographer(controller, out, application.exit)
    controller.window.resize(*size)
    controller.window.show()
    start(controller, opening)
    with watched_for_faults(photographer.fault):
        status = application.exec()
    controller.close()
    wait_for(controller.lanes.values())
    controller.window.close()
    for problem in dict.fromkeys(photographer.problems):
        tell(problem)
    return status


class Photographer(QObject):
    """Waits until a window has come to rest, takes its picture, and says with which status to end.

    It rests once the map is there, the path on it is drawn and measured, and no lane has anything to do. How long that
    takes is the machine's affair: on one that has much else to do the map alone takes minutes.

    Attributes
    ----------
    problems
        What kept it from the picture, in sentences.
    looks
        How often it has looked.
    """

    def __init__(self, controller: Controller, out: Path, end: Callable[[int], None]) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.looks = 0
        self._controller = controller
        self._out = out
        self._end = end
        self._mapped = False
        self._drawn: object = None
        self._measured: object = None
        self._resting = self._stuck = 0
        controller.map_shown.connect(self._map_shown)
        controller.path_shown.connect(self._path_shown)
        controller.measuring.measured.connect(self._path_measured)
        for lane in controller.lanes.values():
            lane.answered.connect(self._answered)
        self._late = QTimer(self, singleShot=True, interval=LONGEST)
        self._late.timeout.connect(self._give_up)
        self._late.start()
        self._eye = QTimer(self, interval=LOOK)
        self._eye.timeout.connect(self._look)
        self._eye.start()

    def fault(self, sentence: str) -> None:
        """Something of ours went wrong."""
        self._stop(1, sentence)

    def _map_shown(self, _kind: str) -> None:
        self._mapped = True

    def _path_shown(self, answer: object) -> None:
        self._drawn = answer

    def _path_measured(self, measured: "Measured") -> None:
        self._measured = measured.answer

    def _answered(self, answer: Answer) -> None:
        self._late.start()
        if answer.problem is not None:
            self._stop(2, answer.problem)

    def _look(self) -> None:
        self.looks += 1
        idle = all(lane.idle for lane in self._controller.lanes.values())
        rests = idle and self._mapped and self._measured is self._drawn
        # Counted in looks: where the window's thread is held up, timers that are due come before the next look.
        self._resting = self._resting + 1 if rests else 0
        self._stuck = self._stuck + 1 if idle and not rests else 0
        if self._resting >= SETTLED:
            self._take()
        elif self._stuck >= DEAD:
            self._give_up()

    def _give_up(self) -> None:
        self._stop(1, "The window did not come to rest; run slap-studio solve on the same input to see why.")

    def _stop(self, status: int, problem: str = "") -> None:
        self._eye.stop()
        self._late.stop()
        if problem:
            self.problems.append(problem)
        self._end(status)

    def _take(self) -> None:
        try:
            with replacing(self._out) as beside:
                if not self._controller.window.grab().save(str(beside), "PNG"):
                    raise UnusableInput(
                        f"{self._out} could not be written; check the folder's permissions and the space on its disk."
                    )
        except UnusableInput as problem:
            self._stop(2, str(problem))
        else:
            self._stop(0)
