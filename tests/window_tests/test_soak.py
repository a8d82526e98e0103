"""The random hands: a few actions on the real window end well, and a fault would be told."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.app.jobs import Lane, wait_for
from slap_studio.app.soak_rest import Rest
from slap_studio.lessons.shipped import lesson_path
from slap_studio.problems import Cancelled
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window
# The hand waits for the first map, and UMAP compiles for half a minute.
WITHOUT_MAP = "from slap_studio.app.controller import Controller\nController._ask_for_map = lambda self: None\n"


def soak(tmp_path: Path, *arguments: str, before: str = "") -> tuple[int, dict, str]:
    """Run the command in a process of its own, perhaps after some lines of Python."""
    file = tmp_path / "soak.json"
    code = f"{before}\nimport sys\nfrom slap_studio.cli import run\nsys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "bench", "soak", "--json", str(file), *arguments]
    alone = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone)
    report = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return done.returncode, report, done.stdout + done.stderr


def test_random_hands_leave_the_window_whole(tmp_path: Path) -> None:
    status, report, said = soak(tmp_path, "--actions", "60", "--seed", "1", before=WITHOUT_MAP)
    assert status == 0, said
    assert report["exceptions"] == []
    assert report["actions"] == sum(report["by_kind"].values()) == 60
    assert report["longest_stall_ms"] > 0
    stalls = report["stalls_after"].values()
    assert sum(one["stalls"] for one in stalls) == report["stalls_over_50_ms"]
    assert report["memory_mb"][0] > 0
    assert 0 < report["arrays_mb"][0] < report["memory_mb"][0]
    assert "solve" in report["rest_awaited_ms"]
    assert len(report["memory_mb"]) == len(report["used_mb"]) == len(report["weighed_at_s"]) >= 2
    # Rounded to whole megabytes here and to tenths there.
    shown = [float(line.split()[2]) for line in said.splitlines() if " min: " in line]
    assert shown == pytest.approx(report["memory_mb"], abs=0.6)
    assert "60 actions" in said


def test_a_fault_of_ours_is_told_and_ends_with_status_one(tmp_path: Path) -> None:
    broken = WITHOUT_MAP + (
        "from slap_studio.app.soak import RandomHand\n"
        "def fail(): raise RuntimeError('broken on purpose')\n"
        "RandomHand._key = RandomHand._drag_slider = RandomHand._drag = lambda self: iter((fail,))"
    )
    status, report, said = soak(tmp_path, "--actions", "15", before=broken)
    assert status == 1, said
    assert any("broken on purpose" in line for line in report["exceptions"])


ASKING = (
    "from slap_studio.app.dialogs import ask_for_file\n"
    "from slap_studio.app.soak import RandomHand\n"
    "RandomHand._button = lambda self: iter((lambda: ask_for_file(self._controller),))\n"
    "RandomHand._key = RandomHand._drag_slider = RandomHand._drag = RandomHand._button"
)
GOING = (
    "from PySide6.QtWidgets import QPushButton\n"
    "from slap_studio.app.soak import RandomHand\n"
    "def found(self, kind):\n"
    "    button = QPushButton('Gone', self._window)\n"
    "    button.deleteLater()\n"
    "    self._on = button.text()\n"
    "    return button\n"
    "RandomHand._one = found\n"
    "RandomHand._key = RandomHand._drag = RandomHand._button"
)


@pytest.mark.parametrize("hand", [ASKING, GOING], ids=["a dialog that a move opens", "what goes before it is reached"])
def test_the_hand_gets_past(tmp_path: Path, hand: str) -> None:
    status, report, said = soak(tmp_path, "--actions", "12", before=WITHOUT_MAP + hand)
    assert status == 0, said
    assert report["by_kind"].keys() & {"button", "key", "drag"}


def test_at_rest_the_window_is_as_it_was_the_first_time(opened: Studio) -> None:
    controller, rest = opened.controller, Rest(opened.controller)

    def come_to_rest() -> tuple[object, ...]:
        rest.begin()
        opened.wait(rest.reached)
        docked = {name: panel.isVisible() for name, panel in opened.space.panels.items()}
        return opened.session, opened.window.size(), controller.settings.theme, docked

    first = come_to_rest()
    assert first[0].video.name == "tunnel.mp4"
    controller.choosing.physics(coupling=20.0)
    controller.pinning.pin()
    controller.choosing.view("slice")
    controller.looks.choose_theme("projector")
    controller.looks.choose_font_size(150)
    controller.playing.toggle()
    opened.window.resize(1100, 700)
    opened.settle()
    controller.open_file(lesson_path("chaotic"))
    opened.wait(lambda: controller.teaching.running)
    assert come_to_rest() == first
    assert not controller.teaching.running
    assert opened.settle().request.physics == first[0].physics


def test_a_sample_that_cannot_be_opened_ends_it_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tunnel.mp4").write_text("no video", encoding="utf-8")
    elsewhere = (
        "from pathlib import Path\n"
        "from slap_studio.commands import bench_soak\n"
        f"bench_soak.sample_videos = lambda: Path({str(tmp_path)!r})"
    )
    status, report, said = soak(tmp_path, before=elsewhere)
    assert (status, report) == (2, {})
    assert "tunnel.mp4" in said
    assert len(said.splitlines()) == 1


def test_a_run_without_length_is_a_sentence(tmp_path: Path) -> None:
    status, _, said = soak(tmp_path, "--minutes", "0")
    assert status == 2
    assert "--minutes above 0" in said


def test_a_closed_lane_is_waited_for_so_that_nothing_computes_while_the_process_ends(qapp) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(_request: object, cancelled: Callable[[], bool]) -> None:
        begun.set()
        while not cancelled():
            time.sleep(0.001)
        time.sleep(0.2)
        ended.set()
        raise Cancelled

    lane = Lane("working", work, patience=0.0)
    lane.ask(object())
    assert begun.wait(10)
    lane.close()
    wait_for([lane])
    assert ended.is_set()
