"""Clips on disk: the file, its sidecar, and the four samples that are shipped."""

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.resources import sample_videos
from slap_studio.tunnel.clips import sidecar, story, write_clip
from slap_studio.tunnel.render import render
from slap_studio.tunnel.samples import SAMPLES, write_sample
from slap_studio.tunnel.scene import Scene, Thing, hidden_intervals, random_scene

TINY = (64, 36)


def brief(scene: Scene) -> Scene:
    return replace(scene, duration=1.0, noise=0.0)


def test_a_clip_holds_the_frames_and_its_sidecar_the_facts(tmp_path: Path) -> None:
    scene = brief(random_scene(14, thing=Thing("orange", "car"), occluder="tunnel"))
    told: list[float] = []
    path = tmp_path / "ein Tunnel – 隧道.mp4"
    write_clip(scene, path, rate=10.0, size=TINY, progress=told.append)
    assert told == pytest.approx([(index + 1) / 10 for index in range(10)])
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert container.streams.video[0].average_rate == 10
    assert len(frames) == 10
    for index in (0, 9):
        drawn = render(scene, index / 10, TINY).astype(int)
        assert np.abs(frames[index] - drawn).mean() < 8
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["format"] == 1
    assert facts["object"] == {"colour": "orange", "shape": "car", "text": "an orange car"}
    assert facts["object_after"] is None
    assert (facts["occluder"], facts["seed"], facts["rate"], facts["duration"]) == ("tunnel", 14, 10.0, 1.0)
    assert facts["hidden"] == [pytest.approx(interval, abs=1e-3) for interval in hidden_intervals(scene)]
    assert facts["caption"] == "an orange car goes into a brick tunnel and comes out again"
    assert Scene.from_json(facts["scene"]) == scene
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([path.name, path.with_suffix(".json").name])


def test_the_same_scene_gives_the_same_bytes(tmp_path: Path) -> None:
    scene = brief(random_scene(3))
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    for path in (first, second):
        write_clip(scene, path, rate=5.0, size=(128, 72))
    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".json").read_bytes() == second.with_suffix(".json").read_bytes()


def test_a_cancelled_clip_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"before")

    def stop(share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_clip(brief(random_scene(3)), path, rate=10.0, size=TINY, progress=stop)
    assert [each.name for each in tmp_path.iterdir()] == ["clip.mp4"]
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize(
    ("rate", "size"),
    [(0.0, TINY), (-1.0, TINY), (float("nan"), TINY), (float("inf"), TINY), (10.0, (63, 36)), (10.0, (0, 36))],
)
def test_unusable_rates_and_sizes_write_nothing(tmp_path: Path, rate: float, size: tuple[int, int]) -> None:
    with pytest.raises(UnusableInput):
        write_clip(brief(random_scene(3)), tmp_path / "clip.mp4", rate=rate, size=size)
    assert list(tmp_path.iterdir()) == []


def test_what_stands_in_the_way_is_said_in_a_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "clip.json").mkdir()
    with pytest.raises(UnusableInput, match=r"clip\.json"):
        write_clip(brief(random_scene(3)), tmp_path / "clip.mp4", rate=5.0, size=TINY)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clip.json"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tunnel", "a red cube goes into a brick tunnel and comes out again"),
        ("swap", "a red cube goes into a brick tunnel and a blue ball comes out"),
        ("pillars", "a red cube passes behind 3 pillars"),
        ("open_track", "a red cube moves along an open track"),
    ],
)
def test_samples_tell_what_happens_in_them(name: str, told: str) -> None:
    assert story(SAMPLES[name]) == told


def test_a_hill_is_told_too() -> None:
    scene = random_scene(0, thing=Thing("green", "train"), occluder="hill")
    assert story(scene) == "a green train goes behind a hill and comes out again"


def test_an_unknown_sample_names_the_four(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"tunnel, swap, pillars, open_track"):
        write_sample("moon", tmp_path / "moon.mp4")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_shipped_samples_are_those_that_the_code_makes(name: str) -> None:
    path = sample_videos() / f"{name}.mp4"
    assert path.stat().st_size <= 1_500_000
    scene = SAMPLES[name]
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(sidecar(scene, 30.0))
    )
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (640, 360, 30)
        assert stream.frames == round(30 * scene.duration)
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert np.abs(frame - render(scene, 0.0).astype(int)).mean() < 4
