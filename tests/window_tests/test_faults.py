"""Faults made to happen under an open window: it lives, says what was being done, and goes on where it can."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

import slap_studio
from slap_studio.live import LiveSolver
from slap_studio.log import log_file
from slap_studio.views.log_view import LogView
from tests.window_tests.studio import PATIENCE, Studio

pytestmark = pytest.mark.window

PACKAGE = Path(slap_studio.__file__).parent

WITHOUT_OPENGL = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QLabel
from slap_studio.app.main import make_application, make_studio, start
from slap_studio.app.opening import Opening
application = make_application()
controller = make_studio(application, "dark")
controller.lanes["map"].ask = lambda request: None
said = []
tell = controller.window.tell
controller.window.tell = lambda sentence, problem: (said.append(sentence), tell(sentence, problem=problem))
shown = []
def look():
    space = controller.window.workspace
    if not shown or not space.stage.stage.picture.accessibleDescription():
        return
    picture = controller.window.grab()
    names = [name for name in space.stage.findChildren(QLabel) if name.isVisible() and name.text() in ("start", "end")]
    print("drawn", picture.width() > 0, len(names), len(said))
    print(space.stage.stage.picture.accessibleDescription())
    application.exit(0)
from PySide6.QtCore import QTimer
timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
controller.path_shown.connect(shown.append)
controller.window.show()
start(controller, Opening(Path(sys.argv[1]), "a red cube", "30%:60%"))
status = application.exec()
controller.close()
from slap_studio.app.jobs import wait_for
wait_for(controller.lanes.values())
sys.exit(status)
"""


FAULTY_PAINTING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from slap_studio.app.faults import watched_for_faults
from slap_studio.views import docks, offscreen, share_bars, time_rows
from slap_studio.views.theme import DARK
application = QApplication([])
seen = set()
def painted(widget, event):
    seen.add(widget)
    "%d" % None  # PySide dies of what Python 3.11 itself raises inside two overrides
for kind in (docks.DockArea, offscreen.OffscreenScene, share_bars.ShareBars, time_rows.Rows):
    kind.paintEvent = painted
widgets = {docks.DockArea(), offscreen.OffscreenScene(), share_bars.ShareBars(DARK), time_rows.Rows(DARK)}
for widget in widgets:
    widget.resize(200, 100)
    widget.show()
timer = QTimer(interval=10)
timer.timeout.connect(lambda: application.quit() if seen == widgets else None)
timer.start()
with watched_for_faults(print):
    status = application.exec()
sys.exit(status)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the driver is taken away by X's own setting")
def test_without_opengl_the_window_opens_with_curves_and_says_what_is_missing(small_clip: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_OPENGL, str(small_clip)], capture_output=True, text=True, check=False,
        env={**os.environ, "QT_XCB_GL_INTEGRATION": "none"}, timeout=PATIENCE / 1000 * 4,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    first, second = done.stdout.splitlines()[-2:]
    # Said in the picture's place, and to a screen reader; a message above it would hide what it can be chosen from.
    assert first == "drawn True 0 0"
    assert second.startswith("This picture cannot be drawn, because no OpenGL driver was found.")


def test_a_worker_that_raises_is_named_written_down_and_the_window_goes_on(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = LiveSolver.answer

    def breaks(*_arguments: object) -> None:
        raise ZeroDivisionError("a very odd fault")

    monkeypatch.setattr(LiveSolver, "answer", breaks)
    opened.controller.choosing.preset(5.0)
    message = opened.window.message
    opened.wait(lambda: message.isVisible() and "a very odd fault" in message._text.text())
    assert message._text.text().startswith("While solving, something went wrong (ZeroDivisionError")
    assert "in breaks" in caplog.text
    monkeypatch.setattr(LiveSolver, "answer", answer)
    opened.controller.choosing.preset(0.1)
    assert opened.settle().request.physics.coupling == 0.1


def test_what_fails_while_it_is_painted_does_not_end_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULTY_PAINTING], capture_output=True, text=True, check=False, timeout=PATIENCE / 1000
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("Something went wrong in the window (TypeError: %d format") >= 4
    # No other widget is to be the next.
    assert not [path for path in PACKAGE.rglob("*.py") if "def event(" in path.read_text(encoding="utf-8")]


def test_the_log_is_read_and_copied_in_the_window(studio: Studio) -> None:
    log_file().parent.mkdir(parents=True)
    log_file().write_text("old\n" * 500 + "a very odd fault\n", encoding="utf-8")
    studio.window.menus.run(action(studio, "help.log"))
    (view,) = studio.window.findChildren(LogView)
    assert view.isVisible()
    assert "a very odd fault" in view.text.toPlainText()
    copy = next(button for button in view.findChildren(QPushButton) if button.text() == "Copy all")
    studio.qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "a very odd fault" in QGuiApplication.clipboard().text()
    view.close()


def test_the_diagnosis_is_copied_from_the_menu(studio: Studio) -> None:
    QGuiApplication.clipboard().setText("before")
    studio.window.menus.run(action(studio, "help.diagnosis"))
    studio.wait(lambda: QGuiApplication.clipboard().text() != "before")
    page = QGuiApplication.clipboard().text()
    assert page.startswith("SLAP Studio ")
    assert " on xcb" in page or sys.platform != "linux"
    studio.wait(lambda: "on the clipboard" in studio.window.message._text.text())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with signal 9")
def test_a_map_process_that_is_killed_is_said_and_the_next_map_has_another(opened: Studio) -> None:
    from slap_studio.app.work import MapRequest
    from slap_studio.problems import UnusableInput

    mapper = opened.controller._mapper
    mapper.warm_up()
    os.kill(mapper._process.pid, signal.SIGKILL)

    with pytest.raises(UnusableInput, match="process that fits maps was ended"):
        mapper.fit(MapRequest(opened.controller.loaded.clip), lambda: False)
    assert mapper._process is None
    mapper.warm_up()
    assert mapper._process.is_alive()


def action(studio: Studio, name: str) -> object:
    return next(one for one in studio.window.menus.actions if one.name == name)


def test_a_thumbnail_that_claims_to_be_huge_is_read_small(qapp: object) -> None:
    from PySide6.QtCore import QBuffer
    from PySide6.QtGui import QImage

    from slap_studio.app.pictures import _image

    def jpeg(width: int, height: int) -> bytes:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(0)
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        image.save(buffer, "JPEG")
        return bytes(buffer.data().data())

    assert _image(jpeg(171, 96)).width() == 171
    assert _image(jpeg(8000, 6000)).width() == 171
    assert _image(b"\xff\xd8\xff no picture").width() == 16
