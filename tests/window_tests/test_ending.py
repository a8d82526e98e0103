"""A window that is closed ends its process in peace, whatever torch is still at."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.app.settings import Settings
from slap_studio.log import log_file

pytestmark = pytest.mark.window

# The solver computes without end and without asking whether it may, and the window is closed over it.
STUCK = """
import sys
from pathlib import Path
import torch
from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtWidgets import QApplication
from slap_studio.app.main import open_studio
from slap_studio.app.opening import Opening
from slap_studio.live import LiveSolver

def without_end(solver, *arguments, **named):
    window = next(w for w in QApplication.topLevelWidgets() if type(w).__name__ == "Window")
    QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)
    matrix = torch.eye(600)
    while True:
        matrix = matrix @ matrix

LiveSolver.answer = without_end
sys.exit(open_studio(Opening(Path(sys.argv[1]), "a red cube", "30%:60%"), None, None, print))
"""


def test_a_solver_that_cannot_be_stopped_does_not_make_a_closed_window_a_crash(small_clip: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUCK, str(small_clip)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "solving was still at work; the process ends without it." in log_file().read_text(encoding="utf-8")
    # What is remembered as the window closes is not lost with it.
    assert Settings().geometry is not None
