"""Unsaved work on its shelf: a program that is killed leaves it behind, one that runs or ends in peace does not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from slap_studio.problems import UnusableInput
from slap_studio.session.document import Document, Source
from slap_studio.session.file import read_session
from slap_studio.session.shelf import Shelf
from slap_studio.session.state import Session

WRITER = """
import sys
from pathlib import Path
from slap_studio.session.document import Document, Source
from slap_studio.session.shelf import Shelf
from slap_studio.session.state import Session
shelf = Shelf(Path(sys.argv[1]))
for step in range(10**9):
    session = Session(video=Path("/videos/tunnel.mp4"), query=f"step {step}")
    shelf.keep(Document(session, Source("0" * 64), saved_at="2026-11-21T14:05:00+00:00"))
    print(step, flush=True)
    if sys.argv[2] == "once":
        sys.stdin.readline()
        break
if sys.argv[3:] == ["clear"]:
    shelf.clear(for_good=True)
"""


def writer(folder: Path, *how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), *how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def killed(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.communicate()


def work(query: str) -> Document:
    return Document(Session(video=Path("/videos/tunnel.mp4"), query=query), Source("0" * 64))


def test_what_a_killed_program_wrote_last_is_whole_and_offered_once(tmp_path: Path) -> None:
    process = writer(tmp_path, "for ever")
    for _ in range(20):
        step = int(process.stdout.readline())
    killed(process)
    mine, other = Shelf(tmp_path), Shelf(tmp_path)
    (left,) = mine.left_behind()
    assert left.name == "tunnel.mp4"
    assert int(left.document.session.query.split()[1]) >= step
    # A third program does not offer what this one offers already.
    assert other.left_behind() == ()
    left.release()
    (again,) = other.left_behind()
    again.discard()
    assert mine.left_behind() == ()
    assert list(tmp_path.iterdir()) == []


def test_the_work_of_a_program_that_runs_is_not_offered(tmp_path: Path) -> None:
    process = writer(tmp_path, "once")
    try:
        process.stdout.readline()
        shelf = Shelf(tmp_path)
        assert shelf.left_behind() == ()
    finally:
        killed(process)
    (left,) = shelf.left_behind()
    assert left.document.session.query == "step 0"
    left.discard()


def test_a_program_that_ends_in_peace_leaves_nothing(tmp_path: Path) -> None:
    process = writer(tmp_path, "once", "clear")
    process.communicate("go on\n")
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_several_are_offered_the_newest_first_and_the_damaged_one_stays(tmp_path: Path) -> None:
    for step in range(3):
        process = writer(tmp_path, "once")
        process.stdout.readline()
        killed(process)
        newest = max(tmp_path.glob("*.slap"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1_000_000 + step, 1_000_000 + step))
        if step == 1:
            newest.write_bytes(b"PK and nothing else")
            os.utime(newest, (1_000_001, 1_000_001))
    shelf = Shelf(tmp_path)
    left = shelf.left_behind()
    assert [one.file.stat().st_mtime for one in left] == [1_000_002, 1_000_000]
    for one in left:
        one.discard()
    assert len(list(tmp_path.glob("*.slap"))) == 1


def test_cleared_work_is_gone_and_later_work_is_kept_until_the_end(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "made when needed")
    assert shelf.left_behind() == ()
    shelf.keep(work("first"))
    shelf.clear()
    assert list(shelf.folder.iterdir()) == []
    shelf.keep(work("second"))
    assert read_session(shelf.file).session.query == "second"
    # Its own work is no work that was left behind.
    assert shelf.left_behind() == ()
    shelf.clear(for_good=True)
    shelf.keep(work("too late"))
    assert list(shelf.folder.iterdir()) == []


def test_what_was_half_written_is_swept_away(tmp_path: Path) -> None:
    half = tmp_path / ".123-abcd.0011.part.slap"
    half.write_bytes(b"PK")
    (tmp_path / "123-abcd.lock").touch()
    Shelf(tmp_path).left_behind()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(UnusableInput, match="save often"):
        Shelf(tmp_path / "a file" / "unsaved").keep(work("first"))
