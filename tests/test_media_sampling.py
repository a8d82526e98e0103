"""Which frames of a clip are embedded: distinct ones, at an even rate, each with its own time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.video import VideoFile, VideoInfo, probe
from slap_studio.problems import Cancelled
from tests import clips

FEW = Sampling(rate=10, at_least=1)


def info(duration: float, frame_rate: float | None) -> VideoInfo:
    return VideoInfo(Path("clip.mp4"), 640, 360, duration, frame_rate, "h264", 1, 0)


def sampled(path: Path, sampling: Sampling) -> tuple[list[int], list[float]]:
    frames = list(SampledFrames(probe(path), sampling))
    return [clips.number_in(frame.image) for frame in frames], [frame.time for frame in frames]


@pytest.mark.parametrize(
    ("duration", "frame_rate", "expected"),
    [
        (10.0, 30.0, 10.0),  # every third
        (10.0, 25.0, 12.5),  # every second; every third would come as near
        (10.0, 5.0, 5.0),  # no more frames than there are
        (10.0, None, 10.0),
        (3.0, 30.0, 15.0),  # every third gives 30 frames, fewer than 32
        (0.1, 30.0, 30.0),  # three frames, all of them
        (3600.0, 30.0, 10.0),  # an hour
        (200_000.0, 30.0, 0.5),  # 100,000 frames at most
        (200_000.0, None, 0.5),
        (199_950.0, 30.0, 0.5),  # every 59th would give 101,669
    ],
)
def test_the_rate_for_a_clip(duration: float, frame_rate: float | None, expected: float) -> None:
    assert Sampling().rate_for(info(duration, frame_rate)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("frame_rate", [None, 5.0, 14.985, 23.976, 29.97, 60.0, 1000.0])
@pytest.mark.parametrize("duration", [0.05, 1.0, 2.5, 7.3, 60.0, 199.0, 201.0, 3600.0, 9999.0, 10_001.0, 86_400.0])
def test_no_clip_gives_more_than_at_most_nor_needlessly_fewer_than_at_least(
    duration: float, frame_rate: float | None
) -> None:
    sampling = Sampling()
    frames = duration * sampling.rate_for(info(duration, frame_rate))
    available = np.inf if frame_rate is None else duration * frame_rate
    assert min(sampling.at_least, available) - 1e-6 <= frames <= sampling.at_most + 1e-6


def test_a_lowered_rate_is_said() -> None:
    long, short = info(200_000, 30.0), info(10, 30.0)
    assert Sampling().lowered_for(long)
    assert Sampling().describe(long) == "The clip is long: 0.5 frames per second are sampled instead of 10."
    assert not Sampling().lowered_for(short)
    assert Sampling().describe(short) == "10 frames per second are sampled."


def test_a_slow_clip_gives_each_frame_once(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.mkv", 20, 5)
    numbers, times = sampled(path, Sampling())
    assert numbers == list(range(20))
    assert times == pytest.approx([each / 5 for each in range(20)])


def test_a_very_short_clip_gives_all_its_frames(tmp_path: Path) -> None:
    path = clips.write(tmp_path / "clip.mp4", [clips.numbered(each) for each in range(3)], [0, 0.033, 0.067])
    assert sampled(path, Sampling())[0] == [0, 1, 2]


def test_a_fast_clip_gives_evenly_spaced_frames(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.ts", 60, 40)
    numbers, times = sampled(path, FEW)
    assert numbers == list(range(0, 60, 4))
    assert np.diff(times) == pytest.approx(0.1, abs=1e-4)


def test_a_long_clip_gives_no_more_than_at_most(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.ts", 60, 10)
    assert sampled(path, replace(FEW, at_most=12))[0] == list(range(0, 60, 5))


@pytest.mark.parametrize("known", [True, False])
def test_a_variable_rate_gives_what_is_on_screen(tmp_path: Path, known: bool) -> None:
    times = [0.0, 0.02, 0.04, 0.31, 0.32, 0.33, 0.9, 1.0, 1.01, 1.6]
    path = clips.write(tmp_path / "clip.mkv", [clips.numbered(each) for each in range(10)], times, b_frames=0)
    about = replace(probe(path), frame_rate=50.0 if known else None)
    frames = list(SampledFrames(about, FEW))
    with VideoFile(path) as video:
        shown = {video.at(moment).time for moment in np.arange(17) / 10}
    assert [frame.time for frame in frames] == pytest.approx(sorted(shown))
    assert [clips.number_in(frame.image) for frame in frames] == [times.index(each) for each in sorted(shown)]


def test_the_end_is_that_of_the_last_frame(tmp_path: Path) -> None:
    stream = SampledFrames(probe(clips.counter(tmp_path / "clip.mkv", 24, 10)), FEW)
    list(stream)
    assert stream.end == pytest.approx(2.4)
    assert stream.damaged == 0


def test_a_pause_before_the_last_frame_is_not_its_length(tmp_path: Path) -> None:
    path = clips.write(tmp_path / "clip.mkv", [clips.numbered(each) for each in range(6)], [0, 0.1, 0.2, 0.3, 0.4, 5.0])
    stream = SampledFrames(probe(path), FEW)
    list(stream)
    assert 5.0 < stream.end <= 6.0


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    frames = list(SampledFrames(probe(clips.counter(tmp_path / "clip.mkv")), FEW, told.append))
    assert len(told) == len(frames)
    assert told == sorted(told)
    assert 0.9 < told[-1] <= 1.0


def test_cancelling_ends_it_at_once(tmp_path: Path) -> None:
    stream = SampledFrames(probe(clips.counter(tmp_path / "clip.mkv")), FEW, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        next(stream)
