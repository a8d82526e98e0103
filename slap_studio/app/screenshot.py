"""A picture of the real window: opened, left alone until it has come to rest, grabbed, closed."""

import re
from collections.abc import Callable
from pathlib import Path

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

SETTLED = 700  # milliseconds without anything new before the picture is taken
LONGEST = 300_000  # milliseconds after which it is given up


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

    Attributes
    ----------
    problems
        What kept it from the picture, in sentences.
    """

    def __init__(self, controller: Controller, out: Path, end: Callable[[int], None]) -> None:
        super().__init__()
        self.problems: list[str] = []
        self._controller = controller
        self._out = out
        self._end = end
        self._rest = QTimer(self, singleShot=True, interval=SETTLED)
        self._rest.timeout.connect(self._take)
        controller.map_shown.connect(self._mapped)
        for lane in controller.lanes.values():
            lane.answered.connect(self._answered)
        self._late = QTimer(self, singleShot=True, interval=LONGEST)
        self._late.timeout.connect(self._give_up)
        self._late.start()

    def fault(self, sentence: str) -> None:
        """Something of ours went wrong."""
        self.problems.append(sentence)
        self._end(1)

    def _mapped(self, _kind: str) -> None:
        # The path is drawn and measured again on the map: rest begins anew with each.
        self._controller.measuring.measured.connect(lambda _measured: self._rest.start())
        if not self._controller.session.query:
            self._rest.start()

    def _answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self.problems.append(answer.problem)
            self._end(2)

    def _give_up(self) -> None:
        self.problems.append("The window did not come to rest; run slap-studio solve on the same input to see why.")
        self._end(2)

    def _take(self) -> None:
        try:
            with replacing(self._out) as beside:
                if not self._controller.window.grab().save(str(beside), "PNG"):
                    raise UnusableInput(
                        f"{self._out} could not be written; check the folder's permissions and the space on its disk."
                    )
        except UnusableInput as problem:
            self.problems.append(str(problem))
        self._end(2 if self.problems else 0)
