"""`slap-studio bench`: launch and interaction of the real window."""

import json
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slap_studio.app.screen import has_screen, virtual_screen
from slap_studio.bundled import own_command
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.app.measure import Measured
    from slap_studio.session.state import Session

RUNS = 5
DRAG = 150  # moves of one drag, there and back
THIRTY_HIDDEN = "3.0:6.1"  # seconds of the tunnel sample, whose frames are sampled ten a second
LONGEST = 180  # seconds that one launch may take
STALL = 0.050  # seconds


def launch() -> dict[str, Any]:
    """Start the studio on a sample several times; seconds from before the process exists.

    The first run warms the disk and is reported apart.
    """
    with screen():
        runs = [_one_launch() for _ in range(RUNS + 1)]
    return {
        "bench": "launch",
        "machine": machine(),
        "first": runs[0],
        **{name: _spread([run[name] for run in runs[1:]]) for name in runs[0]},
    }


def interact(alignment: str, changes: int, view: str) -> dict[str, Any]:
    """Open a sample in the real window, wait for its map, drag four sliders, report what was seen.

    Parameters
    ----------
    alignment
        "cosine" or "learned".
    changes
        How often a slider is moved; the four take turns.
    view
        "map", "globe" or "slice".
    """
    measured, session = _dragged(alignment, changes, view)
    return {
        "bench": "interact",
        "machine": machine(),
        "alignment": session.alignment.value,
        "view": session.look.view.value,
        "hidden": measured.hidden,
        "steps": [session.descent.steps, session.horizon],
        "changes": measured.changes,
        "painted": len(measured.latencies),
        "change_to_painted_ms": _spread([1000 * value for value in measured.latencies]),
        "solve_ms": _spread([1000 * value for value in measured.solves]),
        "heartbeat_ms": _spread([1000 * value for value in measured.beats]),
        "stalls_over_50_ms": int(sum(value > STALL for value in measured.beats)),
        "longest_stall_ms": 1000 * max(measured.beats),
        "memory_growth_mb": round(measured.growth / 2**20, 2),
    }


def _dragged(alignment: str, changes: int, view: str) -> "tuple[Measured, Session]":
    """What a hand saw that dragged the window's sliders, and the session that it left."""
    from PySide6.QtWidgets import QApplication

    from slap_studio.app.jobs import wait_for
    from slap_studio.app.main import make_application, make_studio, start
    from slap_studio.app.measure import Hand, when_at_rest, when_seen
    from slap_studio.app.opening import Opening
    from slap_studio.session.look import View

    with screen():
        application = make_application()
        controller = make_studio(application, "dark")
        outcome: list[Measured] = []
        problems: list[str] = []

        def done(measured: "Measured") -> None:
            outcome.append(measured)
            QApplication.quit()

        def failed(problem: str) -> None:
            problems.append(problem)
            QApplication.quit()

        hands: list[Hand] = []

        def begin() -> None:
            hands.append(Hand(controller, changes, DRAG, done))
            hands[0].start()

        when_at_rest(controller, lambda: when_seen(controller, View(view), begin), failed)
        controller.window.resize(1440, 900)
        controller.window.show()
        controller.choosing.alignment(alignment)
        start(controller, Opening(sample_videos() / "tunnel.mp4", "a red cube", THIRTY_HIDDEN))
        application.exec()
        controller.close()
        wait_for(controller.lanes.values())
        controller.window.close()
        # An X client whose server vanishes ends its process.
        application.shutdown()
    if not outcome:
        raise UnusableInput(problems[0] if problems else "The window was closed before the measurement was over.")
    return outcome[0], controller.session


def written(report: dict[str, Any], file: Path | None) -> str:
    """The report as JSON; also put into a file if one is named."""
    text = json.dumps(report, indent=1)
    if file is not None:
        with replacing(file) as beside:
            beside.write_text(text + "\n", encoding="utf-8")
    return text


def _one_launch() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "launch.json"
        command = [
            *own_command(), str(sample_videos() / "tunnel.mp4"), "--query", "a red cube",
            "--hide", "30%:60%", "--launch-report", str(report), "--launch-began", repr(time.time()),
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=LONGEST)  # noqa: S603 (this very program)
        found: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))
        return found


def screen() -> Any:
    """A screen to open windows on: the user's, or a virtual one."""
    return nullcontext() if has_screen() else virtual_screen(1920, 1200)


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    measures: dict[str, Callable[[Sequence[float]], float]] = {
        "median": lambda v: float(np.median(v)),
        "p95": lambda v: float(np.percentile(v, 95)),
        "max": lambda v: float(np.max(v)),
    }
    return {name: round(measure(values), 3) for name, measure in measures.items()}


def machine() -> str:
    """What this was measured on."""
    import os

    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
