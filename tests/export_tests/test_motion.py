"""Motions: the right number of frames, something that moves in them, and nothing half written."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from slap_studio.core.types import Descent
from slap_studio.export import motion
from slap_studio.export.subject import Subject
from slap_studio.problems import Cancelled, UnusableInput, never


@pytest.fixture
def short(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """Few frames are enough to be counted."""
    monkeypatch.setattr(motion, "FEWEST", 6)
    monkeypatch.setattr(motion, "MOST", 6)
    monkeypatch.setattr(motion, "MOST_STEPS", 5)
    monkeypatch.setattr(motion, "FILM_DOTS", 50)
    monkeypatch.setattr(motion, "GIF_DOTS", 50)
    return subject


@contextmanager
def small_disk(most: int) -> Iterator[None]:
    """While inside, no file may grow beyond so many bytes: what a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def decoded(path: Path) -> list[np.ndarray]:
    if path.suffix == ".gif":
        with Image.open(path) as image:
            return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("ending", motion.ENDINGS)
@pytest.mark.parametrize("name", list(motion.MOTIONS))
def test_a_motion_has_its_frames_and_moves(name: str, ending: str, short: Subject, tmp_path: Path) -> None:
    shares: list[float] = []
    motion.write(tmp_path / f"m{ending}", name, short, never, shares.append)
    moments = motion.MOTIONS[name](short).moments
    assert shares == pytest.approx(np.arange(1, len(moments) + 1) / len(moments))
    # A GIF shows a picture that stays once, for longer.
    expected = len(np.unique(moments)) if ending == ".gif" else len(moments)
    found = decoded(tmp_path / f"m{ending}")
    assert len(found) == expected
    assert found[0].shape == (360, 640, 3)
    for earlier, later in pairwise(found[: len(np.unique(moments))]):
        changed = np.abs(earlier.astype(int) - later).max(axis=-1) > 60
        assert 20 < changed.sum() < 0.3 * changed.size


def test_the_last_step_of_a_motion_is_the_drawn_path_and_the_first_the_geodesic(subject: Subject) -> None:
    found = motion.over_steps(subject)
    assert found.moments[0] == 0
    assert set(found.moments[-8:]) == {40.0}
    assert np.array_equal(subject.path_after(40), subject.answer.latents)
    assert np.all(np.diff(found.moments) >= 0)
    assert len(np.unique(found.moments)) == 41


def test_a_motion_of_no_step_and_of_one_latent_can_be_written(short: Subject, tmp_path: Path) -> None:
    answer = short.answer
    still = replace(answer, request=replace(answer.request, descent=Descent(0, 0.02)), latents=short.path_after(0))
    motion.write(tmp_path / "m.mp4", "steps", replace(short, answer=still), never, lambda share: None)
    assert len(decoded(tmp_path / "m.mp4")) == 1 + 5


@pytest.mark.parametrize("ending", motion.ENDINGS)
def test_a_cancel_half_way_leaves_nothing(ending: str, short: Subject, tmp_path: Path) -> None:
    shares: list[float] = []
    with pytest.raises(Cancelled):
        motion.write(tmp_path / f"m{ending}", "time", short, lambda: len(shares) > 2, shares.append)
    assert len(shares) == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", motion.ENDINGS)
def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(ending: str, short: Subject, tmp_path: Path) -> None:
    out = tmp_path / f"m{ending}"
    out.write_bytes(b"an older one")
    with small_disk(3000), pytest.raises(UnusableInput, match="free some space"):
        motion.write(out, "time", short, never, lambda share: None)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_bytes() == b"an older one"


def test_a_strange_ending_is_a_sentence(short: Subject, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"\.mp4 or \.gif"):
        motion.write(tmp_path / "m.avi", "time", short, never, lambda share: None)
    assert list(tmp_path.iterdir()) == []
