"""Clips that are large, long, or changed at random: memory stays flat, times in order, and nothing crashes."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from slap_studio.media.video import VideoFile
from slap_studio.problems import UnusableInput
from tests import hostile
from tests.hostile import STEADY

_MEASURE = """
import json, re, sys
from pathlib import Path
from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.video import VideoFile, probe
from tests import hostile
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
path, before = Path(sys.argv[1]), peak()
{work}
print(json.dumps([shown, peak() - before]))
"""


def measured(work: str, path: Path) -> tuple[list[list[float]], float]:
    """What a process of its own found, and by how many MiB its memory grew."""
    run = [sys.executable, "-c", _MEASURE.format(work=work), str(path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=240, check=True)
    shown, grown = json.loads(done.stdout)
    return shown, grown


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_pictures_of_8k_are_scaled_as_they_come_and_none_is_kept(tmp_path: Path) -> None:
    times = STEADY[:8]
    path = hostile.write(tmp_path / "clip.mkv", times, codec="mjpeg", pixels="yuvj420p", size=(7680, 4320))
    work = (
        "shown = [[f.time, hostile.stamp_in(f.image), *f.image.shape] for f in SampledFrames(probe(path), Sampling())]"
    )
    shown, grown = measured(work, path)
    assert shown == [[pytest.approx(time), pytest.approx(time), 720, 1280, 3] for time in times]
    # 8 such pictures are 380 MiB as they are decoded and 759 MiB as they are shown.
    assert grown < 340


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_an_hour_is_as_long_as_it_is_and_any_moment_of_it_is_right(tmp_path: Path) -> None:
    path = hostile.hour(tmp_path / "clip.mkv")
    work = """
info = probe(path)
with VideoFile(path) as video:
    times = [info.duration, 0.01, 3599.99, 1800.5, 59.97, 60.01, 3.4, 2222.2, 3000.9, 1.1]
    shown = [[time, hostile.stamp_in(video.at(time).picture().image)] for time in times]
"""
    shown, grown = measured(work, path)
    assert shown[0] == [pytest.approx(3600, abs=0.05), 3599]
    assert [stamp for _, stamp in shown[1:]] == [int(time) for time, _ in shown[1:]]
    assert grown < 100


def test_nothing_that_is_changed_at_random_crashes_or_shows_a_frame_at_a_wrong_time(tmp_path: Path) -> None:
    """Bytes changed, cut out and put in, in the headers above all; a crash would end the tests."""
    random = np.random.default_rng(3)
    sources = [
        hostile.write(tmp_path / f"{index}.{ending}", STEADY[:16], **how).read_bytes()
        for index, (ending, how) in enumerate(
            [("mp4", {}), ("mkv", {"b_frames": 2}), ("ts", {}), ("avi", {"codec": "mpeg4"}),
             ("webm", {"codec": "libvpx-vp9"}), ("gif", {"codec": "gif", "pixels": "rgb8"})]
        )
    ]  # fmt: skip
    path = tmp_path / "clip.bin"
    used, said = 0, []
    for _ in range(120):
        data = bytearray(sources[random.integers(len(sources))])
        for _ in range(random.integers(1, 6)):
            at = int(random.integers(len(data)) * random.random() ** 2)
            if random.random() < 0.7:
                data[at] = random.integers(256)
            elif random.random() < 0.5:
                del data[at : at + int(random.integers(1, 400))]
            else:
                data[at:at] = random.bytes(int(random.integers(1, 200)))
        path.write_bytes(data)
        try:
            with VideoFile(path) as video:
                info = video.info()
                times = [frame.time for frame in video.frames()]
                video.at(info.duration / 2)
        except UnusableInput as problem:
            said.append(str(problem))
            continue
        used += 1
        assert times == sorted(set(times))
        assert np.isfinite([*times, info.duration]).all()
    assert used > 20
    assert not any("\n" in sentence for sentence in said)
