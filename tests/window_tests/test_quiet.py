"""What is done in a quiet moment: once after work, never during it; freed memory goes back to the system."""

import subprocess
import sys
import threading

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QObject

from slap_studio.app import quiet
from slap_studio.app.jobs import Lane, wait_for

pytestmark = pytest.mark.window


def test_a_quiet_moment_comes_once_after_work_and_never_during_it(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "QUIET", 20)
    may_end, under_way = threading.Event(), threading.Event()

    def long(_request: object, _cancelled: object) -> None:
        under_way.set()
        assert may_end.wait(60)

    lanes = {
        "short": Lane("short", lambda request, _cancelled: request, patience=1.0),
        "long": Lane("long", long, patience=1.0),
    }
    moments: list[bool] = []
    parent = QObject()
    quiet.QuietMoment(lanes, lambda: moments.append(may_end.is_set()), parent)
    answers: list[object] = []
    lanes["short"].answered.connect(answers.append)
    lanes["long"].ask(1)
    assert under_way.wait(60)
    lanes["short"].ask(1)
    qtbot.waitUntil(lambda: len(answers) == 1)
    qtbot.wait(100)
    assert moments == []
    may_end.set()
    qtbot.waitUntil(lambda: moments == [True])
    qtbot.wait(100)
    assert moments == [True]
    lanes["short"].ask(2)
    qtbot.waitUntil(lambda: moments == [True, True])
    for lane in lanes.values():
        lane.close()
    wait_for(lanes.values())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator alone is told")
def test_freed_memory_goes_back_to_the_system() -> None:
    # Every other block is freed: what is kept lies between, so that the allocator cannot shrink from its end.
    code = (
        "from slap_studio.app.allocation import give_back\n"
        "from slap_studio.commands.memory import resident_bytes, used_bytes\n"
        "blocks = [bytes([1]) * 100_000 for _ in range(2000)]\n"
        "full = resident_bytes()\n"
        "blocks = blocks[::2]\n"
        "kept, used = resident_bytes(), used_bytes()\n"
        "give_back()\n"
        "print(full, kept, resident_bytes(), used)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    full, kept, after, used = (int(number) for number in done.stdout.split())
    assert kept > full - 20e6
    assert after < kept - 80e6
    assert 100e6 < used < 140e6
