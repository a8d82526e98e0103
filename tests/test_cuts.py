"""Hard cuts are found where two clips were joined, and nowhere else; the path is the same as without looking."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from slap_studio.cli import run
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.cuts import LONGEST, Cuts, sentence
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.media.thumbnails import thumbnail
from slap_studio.media.write import write_video
from slap_studio.pipeline import load_clip, pose
from slap_studio.problems import Cancelled
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.render import render

Pictures = list[NDArray[np.uint8]]


def scene(seed: int, count: int = 20) -> Pictures:
    drawn = random_scene(seed)
    return [render(drawn, float(time), (160, 90)) for time in np.linspace(0, drawn.duration / 2, count)]


def cuts_of(pictures: Pictures) -> list[float]:
    return list(Cuts.of(np.arange(len(pictures), dtype=np.float64), [thumbnail(each) for each in pictures]).found)


def test_a_cut_is_found_where_two_scenes_are_joined() -> None:
    scenes = [scene(seed) for seed in range(100, 108)]
    for index, first in enumerate(scenes):
        assert cuts_of(first) == []
        second = scenes[(index + 1) % len(scenes)]
        assert cuts_of([*first[:11], *second[:9]]) == [11]
    assert cuts_of([*scenes[0][:7], *scenes[1][:4], *scenes[2][:7]]) == [7, 11]


def test_a_flash_a_fade_and_a_pan_are_no_cuts() -> None:
    frames = scene(100)
    flash = list(frames)
    flash[9] = np.full_like(frames[9], 255)
    assert cuts_of(flash) == []
    first, second = scene(100, 1)[0], scene(101, 1)[0]
    fade = [cv2.addWeighted(first, 1 - share, second, share, 0) for share in np.linspace(0, 1, 12)]
    assert cuts_of([first] * 5 + fade + [second] * 5) == []
    wide = np.hstack([scene(seed, 1)[0] for seed in range(100, 108)])
    assert cuts_of([wide[:, left : left + 160] for left in range(0, wide.shape[1] - 160, 40)]) == []


def test_few_frames_and_far_too_many_are_no_trouble() -> None:
    first, second = thumbnail(scene(100, 1)[0]), thumbnail(scene(101, 1)[0])
    assert Cuts.of(np.arange(1.0), [first]).found == ()
    assert Cuts.of(np.array([0.0, 0.5]), [first, second]).found == (0.5,)
    assert Cuts().is_searched(0.0, 1.0)
    long = Cuts.of(np.arange(LONGEST + 1.0), [b""] * (LONGEST + 1))
    assert not long.is_searched(5.0, 7.0)
    # Where pictures are gone, with their file, nothing is said.
    long.search(5.0, 7.0)
    assert long.is_searched(5.0, 7.0)
    assert long.found == ()


class Looked(list[bytes]):
    """Pictures that note which of them were looked at."""

    def __init__(self, pictures: list[bytes]) -> None:
        super().__init__(pictures)
        self.at: list[int] = []

    def __getitem__(self, index: Any) -> Any:
        self.at.append(int(index))
        return super().__getitem__(index)


def test_a_long_clip_is_searched_in_its_gaps_alone_and_finds_there_what_all_of_it_would() -> None:
    shots = [[thumbnail(each) for each in scene(seed, 12)] for seed in range(100, 106)]
    frames = [picture for turn in range(60) for picture in shots[turn % 6]]
    # A flash at the edge of a stretch, whose other side lies outside of it.
    frames[48] = thumbnail(np.full((90, 160, 3), 255, np.uint8))
    # Where every frame is another picture none stands out; to see that, frames outside of a stretch are looked at.
    blocks = np.random.default_rng(3).integers(0, 255, (80, 9, 16, 3), dtype=np.uint8)
    frames[200:280] = [thumbnail(np.kron(each, np.ones((10, 10, 1), np.uint8))) for each in blocks]
    every = np.array(Cuts.of(np.arange(1440) / 10, (frames * 2)[:1440]).found)
    many = Looked(frames * 5)
    times = np.arange(len(many)) / 10
    assert len(many) > LONGEST
    long = Cuts.of(times, many)
    assert many.at == []

    assert len(every) > 100
    many.at.clear()
    generator = np.random.default_rng(1)
    starts = [22.0, 25.1, *generator.uniform(0, 130, 40)]
    for start, length in zip(starts, [0.5, 1.5, *generator.uniform(0.2, 6, 40)], strict=True):
        before, after = float(start), float(start + length)
        long.search(before, after)
        assert long.is_searched(before, after)
        assert long.between(before, after) == tuple(cut for cut in every.tolist() if before < cut <= after)
    assert max(many.at) < 1440
    # What was looked at is known.
    many.at.clear()
    long.search(before, after)
    assert many.at == []


def test_a_search_is_given_up_between_two_frames_and_goes_on_there() -> None:
    frames = Looked([thumbnail(each) for seed in (100, 101) for each in scene(seed)])
    cuts, answers = Cuts(np.arange(40.0), frames), iter([False] * 15 + [True])
    with pytest.raises(Cancelled):
        cuts.search(cancelled=lambda: next(answers))
    assert cuts.found == ()
    assert not cuts.is_searched(0.0, 5.0)
    frames.at.clear()
    cuts.search()
    assert cuts.found == (20.0,)
    assert min(frames.at) == 15


def test_a_cut_belongs_to_the_gap_that_it_lies_in() -> None:
    cuts = Cuts()
    cuts.found = (1.0, 2.0, 3.0)
    assert cuts.between(1.0, 3.0) == (2.0, 3.0)
    assert cuts.between(3.0, 9.0) == ()
    assert sentence(()) == ""
    assert "at 2.00, 3.00 s" in sentence((2.0, 3.0))


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cut") / "joined.mp4"
    write_video(path, [*scene(100), *scene(101)], rate=10.0)
    return path


def test_a_cut_comes_with_the_clip_and_the_problem_knows_nothing_of_it(joined: Path, tmp_path: Path) -> None:
    encoder, cache = encoders.load(), Cache(tmp_path)
    for _ in range(2):  # embedded, and from the cache
        clip = load_clip(joined, encoder, sampling=Sampling(), cache=cache)
        assert clip.cuts.found == pytest.approx((2.0,))
    posed = pose(clip, Gap(1.5, 2.5), clip.latents[0])
    before, after = posed.gap.before, posed.gap.after
    assert np.array_equal(posed.problem.start, clip.latents[before])
    assert np.array_equal(posed.problem.end, clip.latents[after])
    assert not set(range(before + 1, after)) & set(posed.observed.tolist())


def test_solve_warns_of_a_cut_inside_the_gap_and_of_none_elsewhere(joined: Path, tmp_path: Path, capsys) -> None:
    for hide, warned in (("1.5:2.5", True), ("0.5:1.5", False)):
        arguments = ["solve", str(joined), "--query", "a red cube", "--hide", hide, "--out", str(tmp_path / "path.npz")]
        assert run(arguments) == 0
        printed = capsys.readouterr()
        assert ("different shots" in printed.err) == warned
        assert json.loads(printed.out)["status"]
