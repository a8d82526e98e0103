"""The built program as a stranger's machine has it: an odd, read-only folder, an empty home, no Python, no network.

`make test-bundle` names the built folder in SLAP_BUNDLE; without it these tests are not collected.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BUNDLE = os.environ.get("SLAP_BUNDLE")
ODD = "šíp času 影 (copy)"
LONGEST = 300  # seconds that one run may take

collect_ignore = [] if BUNDLE else ["test_bundle.py"]

Run = Callable[..., subprocess.CompletedProcess[str]]


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file."""
    states = {path: path.lstat() for path in folder.rglob("*")}
    return {str(path): (state.st_size, state.st_mtime_ns) for path, state in states.items() if not path.is_dir()}


@pytest.fixture(scope="session")
def program() -> Iterator[Path]:
    """The program in its odd folder; afterwards nothing in that folder may have changed."""
    assert BUNDLE is not None
    built = Path(BUNDLE).resolve()
    place = built.parent / ODD
    shutil.rmtree(place, ignore_errors=True)
    # Links to the same files: gigabytes are not copied.
    shutil.copytree(built, place / built.name, symlinks=True, copy_function=os.link)
    folders = [place, *(path for path in place.rglob("*") if path.is_dir() and not path.is_symlink())]
    before = listing(place)
    for folder in folders:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield place / built.name / "slap-studio"
    for folder in folders:
        folder.chmod(stat.S_IRWXU)
    after = listing(place)
    shutil.rmtree(place)
    assert after == before


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def surroundings(home: Path) -> dict[str, str]:
    """All that the program is told: where home is and, on Linux, the screen. No program is on its path."""
    told = {"HOME": str(home), "PATH": "/nonexistent"}
    return told | {name: os.environ[name] for name in ("DISPLAY",) if name in os.environ}


@pytest.fixture(scope="session")
def without_network() -> list[str]:
    """Words before a command that take the network away from it, where the system allows that."""
    words = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        return [shutil.which("unshare") or "", *words[1:]]
    return []


@pytest.fixture
def run(program: Path, home: Path, surroundings: dict[str, str], without_network: list[str]) -> Run:
    """Run the built program to its end."""

    def run_with(*arguments: str) -> subprocess.CompletedProcess[str]:
        words = [*without_network, str(program), *arguments]
        return subprocess.run(words, cwd=home, env=surroundings, capture_output=True, text=True, timeout=LONGEST)

    return run_with
