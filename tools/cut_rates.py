"""How often cuts are found and how often falsely: `python tools/cut_rates.py CLIP...` with clips that have none.

False alarms are counted in the clips as they are and in 200 random scenes of the tunnel world; finds in 400 clips that
are joined from a stretch of one and a stretch of another.
"""

import sys
from pathlib import Path

import numpy as np

from slap_studio.media.cuts import Cuts
from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.thumbnails import thumbnail
from slap_studio.media.video import probe
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.render import render

SCENES, FRAMES, STRETCH, JOINED = 200, 40, 12, 400


def cuts_of(frames: list[bytes]) -> list[float]:
    """Which frames come after a cut."""
    return list(Cuts.of(np.arange(len(frames), dtype=np.float64), frames).found)


def scene(seed: int) -> list[bytes]:
    """Four seconds of a scene at ten frames per second."""
    drawn = random_scene(seed)
    return [thumbnail(render(drawn, float(time), (160, 90))) for time in np.linspace(0, drawn.duration, FRAMES, False)]


def rates(name: str, clips: list[list[bytes]]) -> None:
    """Print what is found in clips as they are, and in joined stretches of them."""
    dice = np.random.default_rng(0)
    false = sum(len(cuts_of(frames)) for frames in clips)
    print(f"{name}: {false} false alarms in {sum(map(len, clips))} frames of {len(clips)} clips")
    found = wrong = 0
    for _ in range(JOINED):
        first, second = (clips[index] for index in dice.choice(len(clips), 2, replace=False))
        begins = [int(dice.integers(max(1, len(each) - STRETCH))) for each in (first, second)]
        parts = [each[begin : begin + STRETCH] for each, begin in zip((first, second), begins, strict=True)]
        cuts = cuts_of([*parts[0], *parts[1]])
        found += len(parts[0]) in cuts
        wrong += len([cut for cut in cuts if cut != len(parts[0])])
    print(f"{name}: {found} of {JOINED} cuts found, {wrong} besides")


def main() -> None:
    """Measure on clips that are named, and on scenes."""
    paths = [Path(name) for name in sys.argv[1:]]
    clips = {path: [thumbnail(frame.image) for frame in SampledFrames(probe(path), Sampling())] for path in paths}
    for path, frames in clips.items():
        print(path.name, len(frames), "frames, cuts before frames", cuts_of(frames))
    if len(clips) > 1:
        rates("clips", list(clips.values()))
    rates("scenes", [scene(5000 + seed) for seed in range(SCENES)])


if __name__ == "__main__":
    main()
