"""Whatever the file: the right frames by time, upright and in the right shape, or one sentence.

The right answer stands in the pictures themselves (see hostile.py): each tells the time at which it was written.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.unchanged import mark_of
from slap_studio.media.video import VideoFile, probe
from slap_studio.pipeline import Clip, load_clip
from slap_studio.problems import Cancelled, UnusableInput
from tests import hostile
from tests.hostile import SIZE, STEADY

RAGGED = tuple(round(each, 3) for each in accumulate(islice(cycle([0.024, 0.033, 0.1, 0.5, 1.6, 0.04]), 40), initial=0))
LATE = tuple(3 + each for each in STEADY)
HALF_TICK = 0.0015  # seconds; containers count milliseconds or ninety-thousandths


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


def opened(path: Path, encoder: encoders.Encoder) -> Clip:
    return load_clip(path, encoder, sampling=Sampling(), cache=Cache(path.parent / "cache"))


def between(first: float, last: float) -> tuple[float, ...]:
    return tuple(each for each in STEADY if first - 1e-6 <= each <= last + 1e-6)


def cut(path: Path, first: float, last: float) -> Path:
    """Keep a part of a file's bytes, from a share of it to a share."""
    data = path.read_bytes()
    path.write_bytes(data[round(first * len(data)) : round(last * len(data))])
    return path


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


@pytest.mark.parametrize("kind", WHOLE)
def test_the_right_frames_come_out(kind: str, tmp_path: Path, encoder: encoders.Encoder) -> None:
    ending, how, written = WHOLE[kind]
    check(hostile.write(tmp_path / f"clip.{ending}", **how), written, SIZE, encoder)


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


# ---- one sentence -------------------------------------------------------------------------


def no_frames(path: Path) -> Path:
    """A header and an index without media."""
    data = hostile.write(path).read_bytes()
    begin = data.find(b"mdat") - 4
    length = int.from_bytes(data[begin : begin + 4], "big")
    path.write_bytes(data[:begin] + data[begin + length :])
    return path


def silent(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for index in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = 44100, 1024 * index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def looped(path: Path) -> Path:
    other = path.with_name("other.mp4")
    path.symlink_to(other)
    other.symlink_to(path)
    return path


def large_gif(path: Path) -> Path:
    """A small file that claims pictures of four hundred million pixels."""
    data = bytearray(hostile.write(path, codec="gif", pixels="rgb8").read_bytes())
    data[6:10] = (20_000).to_bytes(2, "little") * 2
    path.write_bytes(data)
    return path


SENTENCES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "zero bytes": ("clip.mp4", lambda path: path.write_bytes(b""), "is empty"),
    "text": ("clip.mp4", lambda path: path.write_text("some ordinary notes\n" * 80), "is no video"),
    "sound only": ("clip.m4a", silent, "no video stream"),
    "header without media": ("clip.mp4", no_frames, "none of its frames can be decoded"),
    "decodes nothing": (
        "clip.mp4", lambda path: hostile.spoilt(hostile.write(path), range(48), lambda data: bytes(len(data))),
        "none of its frames can be decoded",
    ),
    "one frame": ("clip.mp4", lambda path: hostile.write(path, [0.0]), "has 1 frame, and a path needs at least three"),
    "two frames": ("clip.mkv", lambda path: hostile.write(path, [0.0, 0.1]), "has 2 frames"),
    "truncated before its index": ("clip.mp4", lambda path: cut(hostile.write(path), 0, 0.7), "is no video"),
    "truncated head mp4": ("clip.mp4", lambda path: cut(hostile.write(path), 0.3, 1), "is no video"),
    "truncated head mkv": ("clip.mkv", lambda path: cut(hostile.write(path), 0.3, 1), "is no video"),
    "time scale 0": ("clip.mp4", lambda path: hostile.patched(hostile.write(path), (b"mdhd", 16, bytes(4))), "clock"),
    "too large a picture": ("clip.gif", large_gif, "none of its frames can be decoded"),
    "no such codec": (
        "clip.mp4", lambda path: hostile.patched(hostile.write(path), (b"avc1", 0, b"zzzz")), "nothing here decodes",
    ),
    "pipe": ("clip.mp4", os.mkfifo, "pipe"),
    "folder": ("clip.mp4", lambda path: path.mkdir(), "is a folder"),
    "symlink loop": ("clip.mp4", looped, "could not be read"),
    "missing": ("clip.mp4", lambda path: None, "no file"),
    "device": ("clip.mp4", lambda path: path.symlink_to("/dev/zero"), "a device"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_cannot_be_opened_is_one_sentence(kind: str, tmp_path: Path, encoder: encoders.Encoder) -> None:
    name, make, says = SENTENCES[kind]
    make(tmp_path / name)
    with pytest.raises(UnusableInput, match=says) as raised:
        opened(tmp_path / name, encoder)
    assert "\n" not in str(raised.value)


def test_a_picture_too_large_for_any_memory_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    monkeypatch.setattr("slap_studio.media.opening.LARGEST", 5000)
    with pytest.raises(UnusableInput, match="96×64 pixels, which are too large"):
        probe(path)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, so that the system itself refuses what a file's permissions forbid."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
def test_a_file_whose_permission_was_revoked_says_so(open_folder: Path, encoder: encoders.Encoder) -> None:
    path = hostile.write(open_folder / "clip.mp4")
    path.chmod(0o644)
    with as_nobody():
        assert probe(path).width == SIZE[0]
    with VideoFile(path) as video:
        path.chmod(0)
        with as_nobody():
            # What is open stays open, and its frames stay right.
            assert hostile.stamp_in(video.at(4.0).picture().image) == pytest.approx(4.0)
            with pytest.raises(UnusableInput, match="permissions"):
                opened(path, encoder)


# ---- while it is open ---------------------------------------------------------------------


def test_a_growing_file_is_a_sentence_until_it_is_whole(tmp_path: Path, encoder: encoders.Encoder) -> None:
    whole = hostile.write(tmp_path / "whole.ts").read_bytes()
    path = tmp_path / "clip.ts"
    path.write_bytes(whole[: len(whole) // 2])

    def grow(share: float) -> None:
        with path.open("ab") as file:
            file.write(whole[len(whole) // 2 :])

    with pytest.raises(UnusableInput, match="changed while it was read") as raised:
        load_clip(path, encoder, sampling=Sampling(), cache=Cache(tmp_path / "cache"), progress=grow)
    assert "\n" not in str(raised.value)
    path.write_bytes(whole)
    check(path, STEADY, SIZE, encoder)


@pytest.mark.parametrize("how", ["deleted", "replaced", "overwritten", "cut"])
def test_a_file_that_changes_while_it_is_read_gives_no_frame_of_another(how: str, tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    other = hostile.write(tmp_path / "other.mp4", [100 + each for each in STEADY])
    shown: list[float | None] = []

    def read() -> None:
        with VideoFile(path) as video:
            for index, frame in enumerate(video.frames()):
                shown.append(hostile.stamp_in(frame.picture().image))
                if index == 10:
                    change[how]()

    change: dict[str, Callable[[], object]] = {
        "deleted": path.unlink,
        "replaced": lambda: other.replace(path),
        "overwritten": lambda: path.write_bytes(other.read_bytes()),
        "cut": lambda: os.truncate(path, 5000),
    }
    with pytest.raises(UnusableInput, match=r"clip\.mp4 (changed|is no longer)"):
        read()
    assert len(shown) > 10
    assert set(shown) <= set(STEADY)


def test_a_mark_tells_another_file_from_the_same_one(tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    mark = mark_of(path)
    assert mark_of(path) == mark
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"x")
    assert mark_of(path) != mark


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_decoding_is_cancelled_between_any_two_packets(ending: str, tmp_path: Path) -> None:
    """Also where no frame ever comes out, as of a file whose key frames are all missing."""
    path = hostile.write(tmp_path / f"clip.{ending}", b_frames=0)
    asked = 0

    def enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(Cancelled):
        list(SampledFrames(probe(path), Sampling(), cancelled=enough))
    assert asked < 20


# ---- size ---------------------------------------------------------------------------------

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
