"""Unsaved work outlives a kill: another window offers it, and restores it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from slap_studio.problems import UnusableInput
from slap_studio.session.file import read_session
from slap_studio.session.shelf import unsaved_folder
from tests.window_tests.studio import PATIENCE, Studio

pytestmark = pytest.mark.window

VICTIM = """
import sys
from pathlib import Path
from slap_studio.app.main import make_application, make_studio, start
from slap_studio.app.opening import Opening
application = make_application()
controller = make_studio(application, "dark")
controller.keeping.attend()
controller.lanes["map"].ask = lambda request: None
controller.path_shown.connect(lambda answer: controller.choosing.preset(5.0))
controller.window.show()
start(controller, Opening(Path(sys.argv[1]), "a red cube", "30%:60%"))
application.exec()
"""


def kept() -> list[float]:
    found = []
    for file in unsaved_folder().glob("[!.]*.slap"):
        try:
            found.append(read_session(file).session.physics.coupling)
        except UnusableInput:
            continue
    return found


def buttons(studio: Studio) -> dict[str, QPushButton]:
    offers = studio.window.welcome.findChildren(QPushButton)
    return {button.accessibleName(): button for button in offers if "unsaved work" in button.accessibleName()}


def test_work_of_a_killed_window_is_offered_restored_and_then_belongs_to_this_one(
    studio: Studio, small_clip: Path
) -> None:
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, str(small_clip)])
    try:
        # A whole second program starts, beside this one.
        studio.qtbot.waitUntil(lambda: kept() == [5.0], timeout=4 * PATIENCE)
    finally:
        os.kill(victim.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        victim.wait()
    studio.controller.keeping.attend()
    # A layout shows what is put into it by an event of its own.
    studio.wait(lambda: [button.isVisible() for button in buttons(studio).values()] == [True, True])
    name, restore = next(iter(buttons(studio).items()))
    assert name.startswith("Restore unsaved work on small.mp4 from ")
    QTest.mouseClick(restore, Qt.MouseButton.LeftButton)
    studio.wait(lambda: len(studio.answers) > 0)
    answer = studio.settle()
    assert (answer.request.physics.coupling, answer.request.query) == (5.0, "a red cube")
    assert studio.window.windowTitle() == "small.mp4[*] – SLAP Studio"
    assert studio.window.isWindowModified()
    # Now it is this window's own unsaved work, and offered no more.
    studio.wait(lambda: buttons(studio) == {})
    shelf = studio.controller.keeping.recovery._shelf
    studio.wait(lambda: list(unsaved_folder().glob("*.slap")) == [shelf.file])
    assert kept() == [5.0]
    # Closed in peace, nothing is left behind.
    studio.controller.keeping.stop()
    assert list(unsaved_folder().glob("*")) == []
