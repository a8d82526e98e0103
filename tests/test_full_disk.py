"""A disk that fills up while something is written, made by the system's own limit on a file's size."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from slap_studio.commands.solve import read_problem
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.lessons.reading import read_lesson
from slap_studio.log import begin_log, log_file
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput
from slap_studio.session.file import read_session, write_session
from slap_studio.session.shelf import Shelf
from slap_studio.training.runs import CHECKPOINT_FILE, save_checkpoint
from tests.test_session_file import document

Writer = Callable[[Path], object]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _cache(folder: Path) -> None:
    cache = Cache(folder)
    cache.keep(cache.place("a clip"), Embedded(np.arange(9.0), np.ones((9, 8), np.float32), (b"\xff\xd8\xff",) * 9, 9))


def _export(folder: Path) -> None:
    with replacing(folder / "path.csv") as beside:
        beside.write_text("0,1\n" * 500)


def _checkpoint(folder: Path) -> None:
    model = torch.nn.Linear(20, 20)
    save_checkpoint(folder / CHECKPOINT_FILE, model, torch.optim.AdamW(model.parameters()), 1)


def _unsaved(folder: Path) -> None:
    shelf = Shelf(folder)
    try:
        shelf.keep(document(clip=None))
    finally:
        shelf.clear()


WRITERS: dict[str, Writer] = {
    "session": lambda folder: write_session(folder / "work.slap", document()),
    "unsaved": _unsaved,
    "cache": _cache,
    "export": _export,
    "checkpoint": _checkpoint,
}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock"}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("size", [0, 1, 100, 1000])
def test_a_disk_that_fills_up_is_one_sentence_and_leaves_what_was_there(kind: str, size: int, tmp_path: Path) -> None:
    write, folder = WRITERS[kind], tmp_path / "work"
    if kind != "unsaved":
        write(folder)
    else:
        folder.mkdir()
    before = contents(folder)
    with pytest.raises(UnusableInput) as refused, room_for(size):
        write(folder)
    assert "free some space" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert contents(folder) == before


@pytest.mark.parametrize("kind", ["session", "unsaved", "cache", "export"])
def test_a_home_where_nothing_can_be_made_is_one_sentence(kind: str) -> None:
    # Not even the system's administrator makes folders there.
    with pytest.raises(UnusableInput):
        WRITERS[kind](Path("/proc/no-such-home/slap-studio"))


def test_without_a_place_for_the_log_nothing_is_written_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/no-such-home")
    assert str(log_file()).startswith("/proc/no-such-home")
    assert begin_log() is None


@pytest.mark.parametrize("name", ["huge.slap", "huge.json", "huge.npz"])
def test_a_file_of_ten_gigabytes_is_refused_without_being_read(name: str, tmp_path: Path) -> None:
    huge = tmp_path / name
    with huge.open("wb") as file:
        file.write(b"PK" if name != "huge.json" else b"{}")
        file.truncate(10 << 30)
    read = {".slap": read_session, ".json": read_lesson, ".npz": lambda path: read_problem(path, None, print)}
    with pytest.raises(UnusableInput, match=r"larger|more than any"):
        read[huge.suffix](huge)
