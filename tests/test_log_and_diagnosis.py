"""The log keeps what went wrong, does not grow, and names no home; the diagnosis is one page with nothing private."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slap_studio import __version__
from slap_studio.diagnosis import anonymous
from slap_studio.log import BEFORE, LARGEST, last_of_log, log_file

USER = "marie-curie"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of somebody who has a name."""
    home = tmp_path / USER
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, USER)
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return home


def run(script: str) -> int:
    return subprocess.run([sys.executable, "-c", script], check=False, stderr=subprocess.DEVNULL).returncode


def test_what_goes_wrong_is_written_down_without_the_home(home: Path) -> None:
    assert run(
        "import warnings, logging; from pathlib import Path\n"
        "from slap_studio.log import begin_log, note_fault\n"
        "begin_log()\n"
        "try: (Path.home() / 'clips' / 'a.mp4').read_bytes()\n"
        "except OSError as fault: note_fault('While opening the video', fault)\n"
        "warnings.warn('a library grumbles')\n"
        "logging.getLogger('somebody.else').warning('me too')\n"
        "raise SystemExit(3)\n"
    ) == 3  # fmt: skip
    said = last_of_log()
    assert f"SLAP Studio {__version__} begins" in said
    assert "While opening the video" in said
    assert "FileNotFoundError" in said
    assert "~/clips/a.mp4" in said
    assert "a library grumbles" in said
    assert "me too" in said
    assert USER not in said


def test_it_is_rotated_and_does_not_grow(home: Path) -> None:
    assert run(
        "from slap_studio.log import begin_log, log\n"
        "begin_log()\n"
        "for line in range(60_000): log.info('%06d %s', line, 'x' * 60)\n"
    ) == 0  # fmt: skip
    files = sorted(log_file().parent.iterdir())
    assert len(files) == BEFORE + 1
    assert all(file.stat().st_size <= LARGEST for file in files)
    assert "059999" in last_of_log()
    assert len(last_of_log(1000).encode()) == 1000


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is ended otherwise there")
def test_a_crash_of_the_interpreter_leaves_its_way_there(home: Path) -> None:
    assert run("from slap_studio.log import begin_log; begin_log(); import faulthandler; faulthandler._sigsegv()") < 0
    assert "Segmentation fault" in last_of_log()


def test_the_diagnosis_is_one_page_with_nothing_private(home: Path) -> None:
    (home / "cache" / "slap-studio" / "clips").mkdir(parents=True)
    (home / "cache" / "slap-studio" / "clips" / f"{40 * 'a'}.npz").write_bytes(bytes(3 << 20))
    asked = subprocess.run(
        [sys.executable, "-m", "slap_studio", "--diagnose"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    page = asked.stdout
    for said in (
        f"SLAP Studio {__version__}: diagnosis", "Machine", "cores", "GPU", "torch", "OpenGL", "no screen was found",
        "tunnel_encoder: ", "clips: ~/cache/slap-studio/clips, 1 embedded, 0 in part, 3.0 MB of 5120 MB",
        "can be written", "PySide6-Essentials", "numpy ",
    ):  # fmt: skip
        assert said in page
    assert "cannot be told" not in page
    assert USER not in page
    assert len(page.splitlines()) < 70


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/media/marie-curie/disk", "/media/(user)/disk"),
        ("D:\\marie-curie\\x", "D:\\(user)\\x"),
        ("/data/marie-curie-2/x", "/data/marie-curie-2/x"),
        ("marie-curie wrote this", "marie-curie wrote this"),
    ],
)
def test_a_name_in_a_path_is_left_out(path: str, shown: str, home: Path) -> None:
    assert anonymous(path) == shown
    assert anonymous(f"{home}{os.sep}x") == f"~{os.sep}x"
