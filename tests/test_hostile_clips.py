"""Whatever the file: the right frames by time, upright and in the right shape, or one sentence.

The right answer stands in the pictures themselves (see hostile.py): each tells the time at which it was written.
"""

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slap_studio.encoders import encoder as encoders
from slap_studio.media.video import VideoFile
from tests import hostile
from tests.hostile import SIZE, STEADY, between, cut
from tests.hostile_checks import HALF_TICK, check, opened

RAGGED = tuple(round(each, 3) for each in accumulate(islice(cycle([0.024, 0.033, 0.1, 0.5, 1.6, 0.04]), 40), initial=0))
LATE = tuple(3 + each for each in STEADY)


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


# Kind → ending, how it is made, and when the frames were written that must come out, all of them and no other.
WHOLE: dict[str, tuple[str, dict[str, Any], tuple[float, ...]]] = {
    "plain": ("mp4", {}, STEADY),
    "variable rate mkv": ("mkv", {"times": RAGGED}, RAGGED),
    "variable rate mp4": ("mp4", {"times": RAGGED, "b_frames": 2}, RAGGED),
    "variable rate ts": ("ts", {"times": RAGGED}, RAGGED),
    "variable rate webm": ("webm", {"times": RAGGED, "codec": "libvpx-vp9"}, RAGGED),
    "delayed start mp4": ("mp4", {"times": LATE}, LATE),
    "delayed start mkv": ("mkv", {"times": LATE}, LATE),
    "delayed start ts": ("ts", {"times": LATE, "b_frames": 2}, LATE),
    "no duration webm": ("webm", {"codec": "libvpx-vp9", "options": {"live": "1"}}, STEADY),
    "no duration mp4": ("mp4", {"options": {"movflags": "frag_keyframe+empty_moov"}}, STEADY),
    "no key frame first mp4": ("mp4", {"kept": lambda index: index >= 3}, between(0.8, 9)),
    "no key frame first mkv": ("mkv", {"kept": lambda index: index >= 3, "b_frames": 2}, between(0.8, 9)),
    "no key frame first ts": ("ts", {"kept": lambda index: index >= 3}, between(0.8, 9)),
    "no key frame first avi": ("avi", {"kept": lambda index: index >= 3, "b_frames": 2}, between(0.8, 9)),
    "order of decoding avi": ("avi", {"b_frames": 2}, STEADY),
    "rotated 90": ("mp4", {"turned": 90}, STEADY),
    "rotated 180": ("mov", {"turned": 180}, STEADY),
    "rotated 270": ("mp4", {"turned": 270}, STEADY),
    "pixels 2:1": ("mp4", {"aspect": Fraction(2)}, STEADY),
    "pixels 2:1 mkv": ("mkv", {"aspect": Fraction(2)}, STEADY),
    "10 bit": ("mp4", {"pixels": "yuv420p10le"}, STEADY),
    "10 bit hevc": ("mp4", {"codec": "libx265", "pixels": "yuv420p10le"}, STEADY),
    "4:4:4": ("mp4", {"pixels": "yuv444p"}, STEADY),
    "vp9 with alpha": ("webm", {"codec": "libvpx-vp9", "pixels": "yuva420p"}, STEADY),
    "av1": ("mkv", {"codec": "libsvtav1"}, STEADY),
    "animated gif": ("gif", {"codec": "gif", "pixels": "rgb8"}, STEADY),
    "several video streams": ("mp4", {"decoys": 2}, STEADY),
    "intra refresh": ("mp4", {"key_every": 250}, STEADY),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_the_right_frames_come_out(kind: str, tmp_path: Path, encoder: encoders.Encoder) -> None:
    ending, how, written = WHOLE[kind]
    check(hostile.write(tmp_path / f"clip.{ending}", **how), written, SIZE, encoder)


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="real-time threads are Linux's")
def test_no_encoder_leaves_the_tests_more_urgent_than_what_runs_beside_them(tmp_path: Path) -> None:
    before = os.sched_getscheduler(0)
    hostile.write(tmp_path / "clip.mkv", codec="libsvtav1")
    assert os.sched_getscheduler(0) == before


# Kind → ending, how it is made, what is done to it, and the frames that are left.
HURT: dict[str, tuple[str, dict[str, Any], Callable[[Path], Path], tuple[float, ...]]] = {
    "truncated tail mkv": ("mkv", {}, lambda path: cut(path, 0, 0.6), STEADY),
    "truncated tail ts": ("ts", {}, lambda path: cut(path, 0, 0.6), STEADY),
    "truncated tail webm": ("webm", {"codec": "libvpx-vp9"}, lambda path: cut(path, 0, 0.6), STEADY),
    "truncated tail mp4, index first": (
        "mp4", {"options": {"movflags": "faststart"}}, lambda path: cut(path, 0, 0.8), STEADY,
    ),
    "truncated head ts": ("ts", {}, lambda path: cut(path, 0.4, 1), between(0.8, 9)),
    "bad NAL": ("mp4", {}, lambda path: hostile.spoilt(path, [20], hostile.ones), STEADY),
    "bad NAL, noise": ("mp4", {}, lambda path: hostile.spoilt(path, [20], hostile.noise_inside), STEADY),
    "bad NAL under b frames": (
        "mp4", {"b_frames": 2}, lambda path: hostile.spoilt(path, [20], hostile.noise_inside), STEADY,
    ),
    "bad NAL length": ("mp4", {}, lambda path: hostile.spoilt(path, [20], lambda data: b"\x7f\xff\xff\xff" + data[4:]),
                       STEADY),
    "bad key frame": ("mp4", {}, lambda path: hostile.spoilt(path, [24], hostile.noise_inside), STEADY),
    "bad hevc": ("mp4", {"codec": "libx265"}, lambda path: hostile.spoilt(path, [20], hostile.ones), STEADY),
    "bad mpeg-4": ("avi", {"codec": "mpeg4"}, lambda path: hostile.spoilt(path, [20], hostile.noise_inside), STEADY),
    "bad vp9": ("webm", {"codec": "libvpx-vp9"}, lambda path: hostile.spoilt(path, [20], hostile.noise_inside), STEADY),
}  # fmt: skip


@pytest.mark.parametrize("kind", HURT)
def test_what_damage_has_reached_is_left_out_and_the_rest_is_right(
    kind: str, tmp_path: Path, encoder: encoders.Encoder
) -> None:
    ending, how, hurt, written = HURT[kind]
    path = hurt(hostile.write(tmp_path / f"clip.{ending}", **how))
    with VideoFile(path) as video:
        frames = [(frame.time, hostile.stamp_in(frame.picture().image)) for frame in video.frames()]
    shown = [stamp for _, stamp in frames]
    assert 8 <= len(frames) < len(STEADY)
    assert set(shown) <= set(written)
    assert np.array(shown) - shown[0] == pytest.approx([time for time, _ in frames], abs=HALF_TICK)
    clip = opened(path, encoder)
    assert len(clip.times) == len(frames)
    if "bad" in kind:
        assert any("damaged" in note for note in clip.notes)
        assert shown[0] == 0
        assert shown[-1] == STEADY[-1]


# Kind → ending, and which bytes lie: about how long the file is, how many frames it has, or its clock.
LIES: dict[str, tuple[str, tuple[tuple[bytes, int, bytes], ...]]] = {
    "too many frames avi": ("avi", ((b"strh", 40, number(10**6)), (b"avih", 24, number(10**6)))),
    "too few frames avi": ("avi", ((b"strh", 40, number(1)), (b"avih", 24, number(1)))),
    "no frames avi": ("avi", ((b"strh", 40, number(0)), (b"avih", 24, number(0)))),
    "too short mp4": ("mp4", ((b"mvhd", 20, bytes([0, 0, 0, 1])), (b"mdhd", 20, bytes([0, 0, 0, 1])))),
    "too long mp4": ("mp4", ((b"mvhd", 20, b"\x7f\0\0\0"), (b"mdhd", 20, b"\x7f\0\0\0"))),
    "time scale 0 of the film": ("mp4", ((b"mvhd", 16, bytes(4)),)),
    "time scale 0 avi": ("avi", ((b"strh", 24, bytes(4)), (b"strh", 20, bytes(4)))),
}


@pytest.mark.parametrize("kind", LIES)
def test_a_file_is_not_believed_against_its_own_frames(kind: str, tmp_path: Path, encoder: encoders.Encoder) -> None:
    ending, changes = LIES[kind]
    check(hostile.patched(hostile.write(tmp_path / f"clip.{ending}"), *changes), STEADY, SIZE, encoder)


def test_a_packet_without_data_leaves_the_picture_as_it_is(tmp_path: Path, encoder: encoders.Encoder) -> None:
    """As in Theora, whose still stretches are nothing but such packets: neither damage nor another frame."""
    shown = STEADY[::4]
    path = hostile.write(tmp_path / "clip.nut", codec="mjpeg", pixels="yuvj420p", emptied=lambda index: index % 4 > 0)
    with VideoFile(path) as video:
        frames = [(frame.time, hostile.stamp_in(frame.picture().image)) for frame in video.frames()]
        assert frames == [(pytest.approx(time), pytest.approx(time)) for time in shown]
        assert video.damaged == 0
        assert hostile.stamp_in(video.at(3.15).picture().image) == pytest.approx(2.8)
    assert opened(path, encoder).times == pytest.approx(shown)


def test_one_pixel_is_a_picture(tmp_path: Path, encoder: encoders.Encoder) -> None:
    def grey(time: float, size: tuple[int, int]) -> Any:
        return np.full((size[1], size[0], 3), round(50 * time), dtype=np.uint8)

    for ending, how in (("mkv", {"codec": "ffv1", "pixels": "bgr0"}), ("gif", {"codec": "gif", "pixels": "gray"})):
        path = hostile.write(tmp_path / f"clip.{ending}", size=(1, 1), picture=grey, **how)
        with VideoFile(path) as video:
            shown = [(frame.time, float(frame.picture().image.mean())) for frame in video.frames()]
        assert [value for _, value in shown] == pytest.approx([50 * time for time, _ in shown], abs=3)
        assert len(shown) == len(STEADY)
        clip = opened(path, encoder)
        assert (clip.info.width, clip.info.height) == (1, 1)
        assert np.isfinite(clip.latents).all()
