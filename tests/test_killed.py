"""Kill −9 at any moment of a writing: what stood there before, or all of the new, and never a half."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slap_studio.problems import UnusableInput
from slap_studio.training.runs import CHECKPOINT_FILE, resume
from tests.killed import KINDS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in forks")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_at_any_moment_loses_no_earlier_file(kind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed", kind, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    died, second = map(int, done.stdout.split())
    assert died > 20
    # Some died after the new file had taken its place, and most before.
    assert 0 < second < died


def test_programs_that_write_the_same_cache_at_once_leave_a_whole_one(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.killed import cache\n"
        "write, read = cache(Path(sys.argv[1])); write(0)\n"
        "for turn in range(60): write(turn % 2); assert read() in (0, 1)\n"
    )
    programs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_checkpoint_that_a_disk_spoilt_is_said_and_stays(tmp_path: Path) -> None:
    import torch

    model = torch.nn.Linear(2, 2)
    (tmp_path / CHECKPOINT_FILE).write_bytes(b"\xff" * 300)
    with pytest.raises(UnusableInput, match="delete it to begin the training anew"):
        resume(tmp_path / CHECKPOINT_FILE, model, torch.optim.AdamW(model.parameters()))
    assert (tmp_path / CHECKPOINT_FILE).exists()


def test_a_clock_that_was_set_back_hides_no_unsaved_work(tmp_path: Path) -> None:
    from slap_studio.session.shelf import Shelf
    from tests.test_session_file import document

    script = (
        "import os, sys; from pathlib import Path; from slap_studio.session.shelf import Shelf\n"
        "from tests.test_session_file import document\n"
        "Shelf(Path(sys.argv[1])).keep(document(saved_at='2999-01-01T00:00:00+00:00')); os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("*.slap")
    os.utime(left, (time.time() + 1e9, time.time() + 1e9))
    shelf = Shelf(tmp_path)
    shelf.keep(document())
    (found,) = shelf.left_behind()
    assert found.file == left
    found.release()
    shelf.clear()
