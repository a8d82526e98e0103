"""Is the frame shown the frame asked for, upright and at its own time, whatever the file?"""

import gc
import os
import weakref
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from slap_studio.media.video import TOLERANCE, Decoded, VideoFile, probe
from slap_studio.problems import UnusableInput
from tests import clips

CONTAINERS: list[tuple[str, dict[str, Any]]] = [
    ("mp4", {}),
    ("mov", {"b_frames": 0}),
    ("mkv", {}),
    ("ts", {}),
    ("webm", {"codec": "libvpx-vp9", "b_frames": 0}),
    ("gif", {"codec": "gif", "pixels": "rgb8", "b_frames": 0}),
    ("mp4", {"pixels": "yuv420p10le"}),
]


def number(frame: Decoded) -> int:
    return clips.number_in(frame.picture().image)


def on_screen(times: list[float], time: float) -> int:
    return max(0, int(np.searchsorted(times, time + TOLERANCE, side="right")) - 1)


@pytest.mark.parametrize(("ending", "how"), CONTAINERS)
def test_every_frame_comes_once_at_its_own_time(tmp_path: Path, ending: str, how: dict[str, Any]) -> None:
    path = clips.counter(tmp_path / f"clip.{ending}", 24, 10, **how)
    with VideoFile(path) as video:
        for _ in range(2):
            frames = [(frame.time, number(frame)) for frame in video.frames()]
            assert [found for _, found in frames] == list(range(24))
            assert [time for time, _ in frames] == pytest.approx([index / 10 for index in range(24)], abs=1e-6)
        assert video.damaged == 0


@pytest.mark.parametrize(("ending", "how"), CONTAINERS)
def test_any_time_gives_the_frame_that_is_on_screen_then(tmp_path: Path, ending: str, how: dict[str, Any]) -> None:
    path = clips.counter(tmp_path / f"clip.{ending}", 60, 10, **how)
    times = [index / 10 for index in range(60)]
    asked = [0.0, 5.9, 0.1, 0.0999, 0.09, 3.0, 2.9, 2.95, 100.0, -1.0]
    asked += list(np.random.default_rng(0).uniform(0, 6, 30))
    with VideoFile(path) as video:
        for time in asked:
            frame = video.at(time)
            assert (frame.time, number(frame)) == (pytest.approx(times[on_screen(times, time)]), on_screen(times, time))


def test_a_variable_rate_is_a_matter_of_timestamps(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.15, 2.0, 2.05, 5.0]
    path = clips.write(tmp_path / "clip.mkv", [clips.numbered(index) for index in range(6)], times)
    with VideoFile(path) as video:
        assert [frame.time for frame in video.frames()] == pytest.approx(times)
        for time, expected in [(0.12, 1), (1.99, 2), (2.0, 3), (4.9, 4), (5.0, 5), (0.05, 0)]:
            assert number(video.at(time)) == expected


@pytest.mark.parametrize("ending", ["mkv", "ts", "mp4"])
def test_a_delayed_start_begins_at_zero(tmp_path: Path, ending: str) -> None:
    numbers = range(20)
    path = clips.write(tmp_path / f"clip.{ending}", [clips.numbered(n) for n in numbers], [3 + n / 10 for n in numbers])
    with VideoFile(path) as video:
        assert [frame.time for frame in video.frames()] == pytest.approx([n / 10 for n in numbers])
        assert [number(video.at(time)) for time in (1.25, 0.0, 1.9, 0.3)] == [12, 0, 19, 3]
        # The writer gives the last frame 0.04 s or 0.1 s, by the container.
        assert 1.9 < video.info().duration <= 2.0 + 1e-6


def test_a_file_without_duration_and_frame_count_is_measured(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.webm", 24, 10, codec="libvpx-vp9", b_frames=0, options={"live": "1"})
    with av.open(str(path)) as container:
        assert (container.duration, container.streams.video[0].frames) == (None, 0)
    assert probe(path).duration == pytest.approx(2.34, abs=0.061)


@pytest.mark.parametrize(
    ("turned", "seen", "size"),
    [(0, "rgbw", (96, 64)), (90, "gwrb", (64, 96)), (180, "wbgr", (96, 64)), (270, "brwg", (64, 96))],
)
def test_pictures_come_upright(tmp_path: Path, turned: int, seen: str, size: tuple[int, int]) -> None:
    path = clips.write(tmp_path / "clip.mp4", [clips.corners()] * 3, [0, 0.1, 0.2], turned=turned)
    with VideoFile(path) as video:
        info, image = video.info(), video.at(0.1).picture().image
    assert (info.width, info.height) == size
    assert info.rotation % 360 == turned
    assert image.shape == (size[1], size[0], 3)
    assert clips.corner_names(image) == seen


@pytest.mark.parametrize(("turned", "size"), [(0, (192, 64)), (90, (64, 192))])
def test_pixels_that_are_not_square_are_widened(tmp_path: Path, turned: int, size: tuple[int, int]) -> None:
    path = clips.write(
        tmp_path / "clip.mp4", [clips.corners()] * 3, [0, 0.1, 0.2], turned=turned, aspect=Fraction(2, 1)
    )
    with VideoFile(path) as video:
        info, image = video.info(), video.at(0).picture().image
    assert (info.width, info.height) == size
    assert image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(("turned", "shape"), [(0, (32, 48, 3)), (90, (32, 21, 3))])
def test_large_pictures_are_scaled_to_a_height_and_small_ones_left(
    tmp_path: Path, turned: int, shape: tuple[int, ...]
) -> None:
    path = clips.write(tmp_path / "clip.mp4", [clips.corners()] * 3, [0, 0.1, 0.2], turned=turned)
    with VideoFile(path) as video:
        frame = video.at(0)
        assert frame.picture(32).image.shape == shape
        assert frame.picture(1000).image.shape == frame.picture(96).image.shape


def test_of_several_streams_the_one_that_players_choose_is_read(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.mkv", 12, decoys=2)
    info = probe(path)
    assert (info.streams, info.width, info.height) == (3, *clips.SIZE)
    with VideoFile(path) as video:
        assert [number(frame) for frame in video.frames()] == list(range(12))


@pytest.mark.parametrize("name", ["mit Leerzeichen – 隧道.mp4", "a:b.mp4", "-dash.mp4", "%03d.mp4", "CLIP.TXT"])
def test_names_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    clips.counter(tmp_path / "clip.mp4", 3).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, Path(name)):
        assert (probe(path).width, probe(path).path) == (96, path)


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    info = probe(clips.write(tmp_path / "one.mp4", [clips.numbered(0)], [0]))
    assert (info.codec, info.streams, info.rotation) == ("h264", 1, 0)
    assert 0 < info.duration <= 0.1


# ---- what cannot be used ------------------------------------------------------------------


def no_frames(path: Path) -> None:
    """Write an mp4 whose index is whole and whose frames are zeros."""
    data = bytearray(clips.counter(path).read_bytes())
    begin = data.find(b"mdat") + 4
    length = int.from_bytes(data[begin - 8 : begin - 4], "big") - 8
    data[begin : begin + length] = bytes(length)
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    """Write the part of an mp4 that comes before its index."""
    data = clips.counter(path).read_bytes()
    path.write_bytes(data[: data.find(b"moov") - 4])


def song_with_cover(path: Path) -> None:
    with av.open(str(path), "w", format="mp3") as container:
        sound = container.add_stream("mp3", rate=44100)
        cover = container.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame(32, 32, "rgb24")))
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 1152), dtype=np.float32), format="fltp", layout="stereo")
        silence.sample_rate = 44100
        for index in range(30):
            silence.pts = 1152 * index
            container.mux(sound.encode(silence))
        container.mux(sound.encode())


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("clip.mp4", lambda path: path.write_text("hello " * 300), "is no video"),
        ("notes.txt", lambda path: path.write_text("some ordinary notes\n" * 80), "is no video"),
        ("list.m3u8", lambda path: path.write_text(PLAYLIST), "is no video"),
        ("noise.mp4", lambda path: path.write_bytes(np.random.default_rng(0).bytes(50_000)), "is no video"),
        ("empty.mp4", lambda path: path.write_bytes(b""), "is empty"),
        ("sound.m4a", clips.sound, "no video stream"),
        ("song.mp3", song_with_cover, "no video stream"),
        ("folder.mp4", lambda path: path.mkdir(), "is a folder"),
        ("pipe.mp4", os.mkfifo, "pipe"),
        ("missing.mp4", lambda path: None, "no file"),
        ("a\0b.mp4", lambda path: None, "could not be read"),
        ("black.mp4", no_frames, r"none of its frames can be decoded \(h264\); copy or record it again"),
        ("half.mp4", cut_off, "is no video"),
        ("bare.h264", clips.counter, "carry no times"),
    ],
)
def test_what_is_no_video_is_one_sentence(tmp_path: Path, name: str, make: Callable[[Path], object], says: str) -> None:
    make(tmp_path / name)
    with pytest.raises(UnusableInput, match=says) as raised:
        probe(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clips.counter(tmp_path / "clip.mp4", 3)

    def refused(*_: object, **__: object) -> None:
        raise av.error.PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(av, "open", refused)
    with pytest.raises(UnusableInput, match="permissions"):
        probe(path)


# ---- damage -------------------------------------------------------------------------------


def spoilt(path: Path, first: int, count: int) -> Path:
    """Overwrite the data of some frames of an mp4 of which every frame is a key frame, in place."""
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    for packet in packets[first : first + count]:
        assert packet.pos is not None
        data[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(data)
    return path


def test_damaged_frames_are_passed_over_and_counted_once(tmp_path: Path) -> None:
    path = spoilt(clips.counter(tmp_path / "clip.mp4", 24, 10, key_every=1, b_frames=0), 10, 4)
    with VideoFile(path) as video:
        for _ in range(2):
            found = [(number(frame), frame.time) for frame in video.frames()]
            assert [each for each, _ in found] == [*range(10), *range(14, 24)]
            assert [time for _, time in found] == pytest.approx([each / 10 for each, _ in found])
            assert video.damaged == 4
        assert number(video.at(1.2)) == 9
        assert number(video.at(1.4)) == 14


def test_a_damaged_beginning_does_not_shift_the_times(tmp_path: Path) -> None:
    path = spoilt(clips.counter(tmp_path / "clip.mp4", 24, 10, key_every=1, b_frames=0), 0, 3)
    with VideoFile(path) as video:
        found = [(number(frame), frame.time) for frame in video.frames()]
        assert found == [(each, pytest.approx(each / 10)) for each in range(3, 24)]
        assert number(video.at(0.0)) == 3
        assert number(video.at(1.75)) == 17
        assert video.at(0.0).time == pytest.approx(0.3)


def test_a_closed_file_is_freed_without_a_search_for_circles(tmp_path: Path) -> None:
    path = clips.counter(tmp_path / "clip.mp4", 24, 10)
    searching = gc.isenabled()
    gc.disable()
    try:
        with VideoFile(path) as video:
            assert number(video.at(1.5)) == 15
        kept = weakref.ref(video)
        del video
        assert kept() is None
    finally:
        if searching:
            gc.enable()
