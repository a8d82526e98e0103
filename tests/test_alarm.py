"""The tunnel alarm: quiet where real frames are near, raised where none comes near, and how its limit is found."""

from pathlib import Path

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.core.alarm import FEWEST, PERCENTILE, tunnel_alarm, usual_distance
from slap_studio.core.types import Array, Physics
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.resources import sample_videos


def walk(count: int, degrees: float) -> Array:
    """A walk of equal steps around a circle of the sphere in six dimensions."""
    angles = np.radians(degrees) * np.arange(count)
    frames = np.zeros((count, 6))
    frames[:, 0], frames[:, 1] = np.cos(angles), np.sin(angles)
    return frames


def test_it_is_silent_on_the_true_walk_and_raised_where_latents_leave_it() -> None:
    frames = walk(60, 2.0)
    observed = np.setdiff1d(np.arange(60), np.arange(30, 39))
    limit = usual_distance(frames[observed], observed, hidden=9)
    along = frames[30:39]
    assert not tunnel_alarm(along, frames[observed], limit).raised.any()
    assert tunnel_alarm(along, frames[observed], limit).sentence == ""
    away = along.copy()
    away[3:5] = np.cos(np.radians(40)) * along[3:5]
    away[3:5, 4] = np.sin(np.radians(40))
    found = tunnel_alarm(away, frames[observed], limit)
    assert found.raised.tolist() == [False] * 3 + [True] * 2 + [False] * 4
    assert found.sentence.startswith("2 of 9 latents lie more than 10°")


def test_on_an_even_walk_half_a_gap_is_usual() -> None:
    """N = 9 is h = 5 and N = 10 is h = 6 steps of two degrees; the gap's middle lies just as far, and no farther."""
    frames = walk(60, 2.0)
    for hidden, degrees in ((0, 2), (1, 2), (9, 10), (10, 12)):
        observed = np.setdiff1d(np.arange(60), np.arange(30, 30 + hidden))
        assert usual_distance(frames[observed], observed, hidden) == pytest.approx(degrees, abs=1e-4)


def test_the_limit_is_the_stated_percentile_of_frames_at_least_half_a_gap_apart(unit_vectors) -> None:
    frames, hidden = unit_vectors(40, 5), 7
    observed = np.setdiff1d(np.arange(40), np.arange(12, 12 + hidden))
    nearest = [
        min(np.degrees(np.arccos(np.clip(frames[i] @ frames[j], -1, 1))) for j in observed if abs(i - j) >= 4)
        for i in observed
    ]
    found = usual_distance(frames[observed], observed, hidden)
    assert found == pytest.approx(np.percentile(nearest, PERCENTILE), abs=1e-9)


def test_with_too_few_frames_it_stays_silent() -> None:
    # Eight frames that all have another far enough away; one frame fewer; eight, of which two have none.
    for count, hidden, heard in ((FEWEST, 6, True), (FEWEST - 1, 6, False), (FEWEST, 8, False)):
        frames = walk(count, 10.0)
        limit = usual_distance(frames, np.arange(count), hidden)
        assert np.isfinite(limit) == heard
        assert tunnel_alarm(-frames[2:4], frames, limit).raised.any() == heard
    assert not np.isfinite(usual_distance(walk(1, 1.0), np.arange(1), hidden=0))
    # Many frames, but all within half a gap of one another.
    assert not np.isfinite(usual_distance(walk(20, 1.0), np.arange(20), hidden=60))
    assert tunnel_alarm(np.zeros((0, 6)), walk(20, 1.0), 5.0).sentence == ""


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.mark.parametrize(
    ("name", "coupling", "fewest", "most"),
    [
        ("tunnel", 0.0, 0, 0), ("tunnel", 0.5, 0, 0), ("pillars", 0.0, 0, 0), ("pillars", 0.5, 0, 0),
        ("open_track", 0.0, 0, 0), ("open_track", 0.5, 0, 0),
        ("swap", 0.0, 3, 20), ("swap", 0.5, 3, 20), ("tunnel", 20.0, 29, 29),
    ],
)  # fmt: skip
def test_on_the_samples_it_tells_the_plain_path_from_the_dragged_and_the_crossing_one(
    encoder, tmp_path_factory: pytest.TempPathFactory, name: str, coupling: float, fewest: int, most: int
) -> None:
    cache = Cache(Path(tmp_path_factory.getbasetemp()) / "alarm-cache")
    clip = pipeline.load_clip(sample_videos() / f"{name}.mp4", encoder, sampling=Sampling(), cache=cache)
    posed = pipeline.pose(clip, Gap(3.0, 6.0), encoder.encode_text("a red cube"))
    solution = pipeline.solve(posed.problem, Physics(coupling=coupling), pipeline.Descent())
    seen = clip.latents[posed.observed]
    found = tunnel_alarm(solution.latents[1:-1], seen, usual_distance(seen, posed.observed, posed.problem.hidden))
    assert fewest <= int(found.raised.sum()) <= most
