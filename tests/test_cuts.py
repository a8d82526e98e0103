"""Hard cuts are found where two clips were joined, and nowhere else; the path is the same as without looking."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from slap_studio.cli import run
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.cuts import LONGEST, cuts_between, find_cuts, sentence
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.media.thumbnails import thumbnail
from slap_studio.media.write import write_video
from slap_studio.pipeline import load_clip, pose
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.render import render

Pictures = list[NDArray[np.uint8]]


def scene(seed: int, count: int = 20) -> Pictures:
    drawn = random_scene(seed)
    return [render(drawn, float(time), (160, 90)) for time in np.linspace(0, drawn.duration / 2, count)]


def cuts_of(pictures: Pictures) -> list[float]:
    return find_cuts(np.arange(len(pictures), dtype=np.float64), [thumbnail(each) for each in pictures]).tolist()


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
    assert find_cuts(np.arange(1.0), [first]).tolist() == []
    assert find_cuts(np.array([0.0, 0.5]), [first, second]).tolist() == [0.5]
    assert find_cuts(np.arange(LONGEST + 1.0), []).tolist() == []


def test_a_cut_belongs_to_the_gap_that_it_lies_in() -> None:
    cuts = np.array([1.0, 2.0, 3.0])
    assert cuts_between(cuts, 1.0, 3.0) == (2.0, 3.0)
    assert cuts_between(cuts, 3.0, 9.0) == ()
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
        assert clip.cuts.tolist() == pytest.approx([2.0])
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
