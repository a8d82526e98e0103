"""Scenes: equal seeds give equal scenes, and the thing is seen, hidden and seen again as promised."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slap_studio.problems import UnusableInput
from slap_studio.tunnel.render import render
from slap_studio.tunnel.samples import SAMPLES
from slap_studio.tunnel.scene import (
    COLOURS,
    OCCLUDERS,
    SHAPES,
    Motion,
    Scene,
    Thing,
    hidden_intervals,
    random_scene,
    visible_fraction,
)
from slap_studio.tunnel.world import ASPECT


def test_the_world_has_64_things_and_at_least_three_occluders() -> None:
    assert len(set(COLOURS)) == 8
    assert len(set(SHAPES)) == 8
    assert {"train", "car"} <= set(SHAPES)
    assert len(set(OCCLUDERS)) >= 3


def test_a_seed_decides_a_scene() -> None:
    assert random_scene(7) == random_scene(7)
    assert random_scene(7) != random_scene(8)
    assert random_scene(2**60 + 1) == random_scene(2**60 + 1)


def test_what_is_given_leaves_the_place_as_it_was() -> None:
    free = random_scene(12, occluder="tunnel")
    given = random_scene(12, thing=Thing("green", "car"), occluder="tunnel")
    assert given.thing == Thing("green", "car")
    assert (given.setting, given.light, given.duration) == (free.setting, free.light, free.duration)
    assert random_scene(12, occluder=None).cover is None


@pytest.mark.parametrize("seed", range(6))
def test_a_scene_survives_json(seed: int) -> None:
    scene = random_scene(seed)
    assert Scene.from_json(json.loads(json.dumps(scene.to_json()))) == scene


def test_every_sample_survives_json() -> None:
    for scene in SAMPLES.values():
        assert Scene.from_json(json.loads(json.dumps(scene.to_json()))) == scene


def test_unusable_scenes_are_named_as_such() -> None:
    with pytest.raises(UnusableInput, match="pink"):
        Thing("pink", "cube")
    with pytest.raises(UnusableInput, match="teapot"):
        Thing("red", "teapot")
    with pytest.raises(UnusableInput, match="fog"):
        random_scene(0, occluder="fog")
    with pytest.raises(UnusableInput, match="-1"):
        random_scene(-1)
    values = random_scene(0).to_json()
    del values["motion"]
    with pytest.raises(UnusableInput, match="not a scene"):
        Scene.from_json(values)
    with pytest.raises(UnusableInput, match="not a scene"):
        Scene.from_json({**random_scene(0).to_json(), "thing": "red cube"})
    with pytest.raises(UnusableInput, match="change time"):
        replace(random_scene(0), thing_after=Thing("blue", "ball"))
    with pytest.raises(UnusableInput, match="cover"):
        replace(random_scene(0, occluder="hill"), occluder=None)


@pytest.mark.parametrize(
    "motion",
    [
        Motion(-0.2, 2.0),
        Motion(-0.2, 2.0, slowing=0.6),
        Motion(-0.2, 2.0, slowing=-0.6),
        Motion(-0.2, 2.0, pause=0.95, pause_at=0.3),
        Motion(2.0, -0.2, slowing=0.3),
    ],
)
def test_motion_goes_from_start_to_end_and_never_back(motion: Motion) -> None:
    places = np.array([motion.position(share) for share in np.linspace(0, 1, 301)])
    assert places[0] == pytest.approx(motion.start)
    assert places[-1] == pytest.approx(motion.end)
    assert (np.diff(places) * np.sign(motion.end - motion.start) > 0).all()


def test_motion_slows_and_pauses_as_described() -> None:
    def speed(motion: Motion, share: float) -> float:
        return (motion.position(share + 1e-4) - motion.position(share - 1e-4)) / 2e-4

    slowing = Motion(0.0, 1.0, slowing=0.5)
    # 1 + slowing·(1 − 2u), whose mean is 1
    assert speed(slowing, 0.1) == pytest.approx(1.4, abs=1e-3)
    assert speed(slowing, 0.9) == pytest.approx(0.6, abs=1e-3)
    pausing = Motion(0.0, 1.0, pause=0.9, pause_at=0.4)
    assert speed(pausing, 0.4) == pytest.approx(0.1 * speed(pausing, 0.9), rel=1e-3)


def wholly_seen(scene: Scene, time: float) -> bool:
    half = scene.extent_at(time)[0] / 2
    x = scene.position(time) - scene.camera_at(time)[0]
    return half <= x <= ASPECT - half and visible_fraction(scene, time) > 0.98


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("occluder", OCCLUDERS)
def test_a_thing_is_seen_hidden_and_seen_again(occluder: str, shape: str) -> None:
    seed = 50 * OCCLUDERS.index(occluder) + SHAPES.index(shape)
    scene = random_scene(seed, thing=Thing(COLOURS[seed % 8], shape), occluder=occluder)
    assert scene.cover is not None
    assert 8.0 <= scene.duration <= 10.0
    assert 0.22 <= scene.size <= 0.42
    hidden = hidden_intervals(scene)
    assert len(hidden) == len(scene.cover.centres)
    assert (len(hidden) >= 3) == (occluder == "pillars")
    edges = [0.0, *(time for interval in hidden for time in interval), scene.duration]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        assert any(wholly_seen(scene, time) for time in np.linspace(start, end, 60))
    for start, end in hidden:
        assert end - start > 0.05
        assert visible_fraction(scene, (start + end) / 2) == 0.0
        assert visible_fraction(scene, start - 0.02) > 0.0
        assert visible_fraction(scene, end + 0.02) > 0.0


def test_nothing_hides_on_an_open_track() -> None:
    scene = random_scene(5, occluder=None)
    assert hidden_intervals(scene) == ()
    assert visible_fraction(scene, scene.duration / 2) == 1.0
    away = replace(scene, motion=Motion(9.0, 9.5))
    assert visible_fraction(away, 1.0) == 0.0
    assert hidden_intervals(replace(random_scene(5, occluder="hill"), motion=Motion(9.0, 9.5))) == ()


@pytest.mark.parametrize("occluder", OCCLUDERS)
def test_visible_fraction_counts_the_pixels_that_the_picture_shows(occluder: str) -> None:
    """The thing's pixels are those that change with its colour."""
    scene = replace(random_scene(21, thing=Thing("red", "cylinder"), occluder=occluder), noise=0.0)
    start, _ = hidden_intervals(scene)[0]
    red, white = scene, replace(scene, thing=Thing("white", "cylinder"))

    def changed(time: float, *, occluder: bool) -> int:
        first, second = (render(one, time, occluder=occluder).astype(int) for one in (red, white))
        return int((np.abs(first - second).max(axis=2) > 8).sum())

    fractions = []
    for time in np.linspace(start - 1.2, start, 7):
        counted = changed(time, occluder=True) / changed(time, occluder=False)
        fractions.append(visible_fraction(red, time))
        assert fractions[-1] == pytest.approx(counted, abs=0.07)
    assert min(fractions) < 0.3
    assert max(fractions) > 0.7


def test_the_tunnel_sample_hides_what_every_example_hides() -> None:
    for name in ("tunnel", "swap"):
        scene = SAMPLES[name]
        ((start, end),) = hidden_intervals(scene)
        assert 0.3 * scene.duration < start < end < 0.6 * scene.duration
        assert end - start > 0.6 * 0.3 * scene.duration
        for share in (0.3, 0.6):
            assert visible_fraction(scene, share * scene.duration) >= 0.5


def test_the_swap_happens_unseen() -> None:
    scene = SAMPLES["swap"]
    assert scene.change_time is not None
    assert visible_fraction(scene, scene.change_time - 0.4) == 0.0
    assert visible_fraction(scene, scene.change_time + 0.4) == 0.0
    assert scene.thing_at(scene.change_time - 1e-6) == Thing("red", "cube")
    assert scene.thing_at(scene.change_time) == Thing("blue", "ball")
    assert replace(scene, thing_after=None, change_time=None) == SAMPLES["tunnel"]


def test_the_other_samples_hide_often_and_never() -> None:
    assert len(hidden_intervals(SAMPLES["pillars"])) == 3
    assert hidden_intervals(SAMPLES["open_track"]) == ()
