"""A screen that stands in for one is its process's own, whoever else begins or ends one."""

import os
import shutil
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is what stands in for a screen"),
]

ONE = """
import os, sys
from slap_studio.app.screen import has_screen, virtual_screen
with virtual_screen(640, 480):
    print(os.environ["DISPLAY"], flush=True)
    sys.stdin.readline()
    print(has_screen(), flush=True)
"""


def test_virtual_screens_at_once_are_several_and_outlive_one_another() -> None:
    without = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    several = [
        subprocess.Popen(
            [sys.executable, "-c", ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=without
        )
        for _ in range(3)
    ]
    names = [process.stdout.readline().strip() for process in several if process.stdout is not None]
    assert len(set(names)) == 3
    assert all(int(name.removeprefix(":")) >= 100 for name in names)
    # One after the other ends, and the later ones still have theirs.
    for process in several:
        said, _ = process.communicate("on\n")
        assert (said, process.returncode) == ("True\n", 0)
