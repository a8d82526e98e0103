"""How a hostile clip is looked at: in one pass, at any time, and as the program opens it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.sampling import Sampling
from slap_studio.media.video import VideoFile
from slap_studio.pipeline import Clip, load_clip
from tests import hostile

HALF_TICK = 0.0015  # seconds; containers count milliseconds or ninety-thousandths


def opened(path: Path, encoder: encoders.Encoder) -> Clip:
    return load_clip(path, encoder, sampling=Sampling(), cache=Cache(path.parent / "cache"))


def check(path: Path, written: tuple[float, ...], size: tuple[int, int], encoder: encoders.Encoder) -> None:
    """In one pass, at any time asked for, and among the sampled frames of an opened clip."""
    since = [each - written[0] for each in written]
    with VideoFile(path) as video:
        info = video.info()
        assert (info.width, info.height) == size
        frames = [(frame.time, hostile.stamp_in(frame.picture().image)) for frame in video.frames()]
        assert [shown for _, shown in frames] == pytest.approx(list(written))
        assert [time for time, _ in frames] == pytest.approx(since, abs=HALF_TICK)
        for asked in np.random.default_rng(1).uniform(-0.5, since[-1] + 0.5, 25):
            if np.abs(np.array(since) - asked).min() > 2 * HALF_TICK:
                right = written[max(0, int(np.searchsorted(since, asked, side="right")) - 1)]
                assert hostile.stamp_in(video.at(float(asked)).picture().image) == pytest.approx(right)
    clip = opened(path, encoder)
    shown = [hostile.stamp_in(cv2.imdecode(np.frombuffer(data, np.uint8), 1)) for data in clip.thumbnails]
    assert np.array(shown) - written[0] == pytest.approx(clip.times, abs=HALF_TICK)
    assert len(clip.times) >= 0.6 * len(written)
    assert clip.duration == pytest.approx(since[-1] + 0.1, abs=0.4)
