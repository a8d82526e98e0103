"""A clip that changes, vanishes or is forbidden while it is read or open, and work on it that nobody wants any more."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.unchanged import mark_of
from slap_studio.media.video import VideoFile, probe
from slap_studio.pipeline import load_clip
from slap_studio.problems import Cancelled, UnusableInput
from tests import hostile
from tests.hostile import SIZE, STEADY
from tests.hostile_checks import check, opened


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


def test_a_growing_file_is_a_sentence_until_it_is_whole(tmp_path: Path, encoder: encoders.Encoder) -> None:
    whole = hostile.write(tmp_path / "whole.ts").read_bytes()
    path = tmp_path / "clip.ts"
    path.write_bytes(whole[: len(whole) // 2])

    def grow(share: float) -> None:
        with path.open("ab") as file:
            file.write(whole[len(whole) // 2 :])

    with pytest.raises(UnusableInput, match="changed while it was read") as raised:
        load_clip(path, encoder, sampling=Sampling(), cache=Cache(tmp_path / "cache"), progress=grow)
    assert "\n" not in str(raised.value)
    path.write_bytes(whole)
    check(path, STEADY, SIZE, encoder)


@pytest.mark.parametrize("how", ["deleted", "replaced", "overwritten", "cut"])
def test_a_file_that_changes_while_it_is_read_gives_no_frame_of_another(how: str, tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    other = hostile.write(tmp_path / "other.mp4", [100 + each for each in STEADY])
    shown: list[float | None] = []

    def read() -> None:
        with VideoFile(path) as video:
            for index, frame in enumerate(video.frames()):
                shown.append(hostile.stamp_in(frame.picture().image))
                if index == 10:
                    change[how]()

    change: dict[str, Callable[[], object]] = {
        "deleted": path.unlink,
        "replaced": lambda: other.replace(path),
        "overwritten": lambda: path.write_bytes(other.read_bytes()),
        "cut": lambda: os.truncate(path, 5000),
    }
    with pytest.raises(UnusableInput, match=r"clip\.mp4 (changed|is no longer)"):
        read()
    assert len(shown) > 10
    assert set(shown) <= set(STEADY)


def test_a_mark_tells_another_file_from_the_same_one(tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    mark = mark_of(path)
    assert mark_of(path) == mark
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"x")
    assert mark_of(path) != mark


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_decoding_is_cancelled_between_any_two_packets(ending: str, tmp_path: Path) -> None:
    """Also where no frame ever comes out, as of a file whose key frames are all missing."""
    path = hostile.write(tmp_path / f"clip.{ending}", b_frames=0)
    asked = 0

    def enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(Cancelled):
        list(SampledFrames(probe(path), Sampling(), cancelled=enough))
    assert asked < 20


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, so that the system itself refuses what a file's permissions forbid."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
def test_a_file_whose_permission_was_revoked_says_so(open_folder: Path, encoder: encoders.Encoder) -> None:
    path = hostile.write(open_folder / "clip.mp4")
    path.chmod(0o644)
    with as_nobody():
        assert probe(path).width == SIZE[0]
    with VideoFile(path) as video:
        path.chmod(0)
        with as_nobody():
            # What is open stays open, and its frames stay right.
            assert hostile.stamp_in(video.at(4.0).picture().image) == pytest.approx(4.0)
            with pytest.raises(UnusableInput, match="permissions"):
                opened(path, encoder)
