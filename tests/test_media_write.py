"""Frames → mp4: their colours, their times, the same bytes again, and nothing half written."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from slap_studio.media.write import write_video
from slap_studio.problems import UnusableInput
from tests import clips


def test_frames_come_back_in_their_order_colours_and_times(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    write_video(path, [clips.corners(), *(clips.numbered(index) for index in range(1, 9))], rate=12.5, crf=10)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt, stream.frames) == ("h264", "yuv420p", 9)
        frames = list(container.decode(video=0))
    assert [frame.pts * frame.time_base for frame in frames] == [Fraction(2 * index, 25) for index in range(9)]
    images = [frame.to_ndarray(format="rgb24") for frame in frames]
    assert clips.corner_names(images[0]) == "rgbw"
    assert [clips.number_in(image) for image in images[1:]] == list(range(1, 9))


def test_colours_survive(tmp_path: Path) -> None:
    colours = np.array([(200, 30, 40), (86, 180, 233), (230, 159, 0), (14, 17, 22), (238, 241, 244)], dtype=np.uint8)
    frames = [np.full((32, 48, 3), colour, dtype=np.uint8) for colour in colours]
    write_video(tmp_path / "out.mp4", frames, rate=5, crf=5)
    with av.open(str(tmp_path / "out.mp4")) as container:
        found = [frame.to_ndarray(format="rgb24")[16, 24] for frame in container.decode(video=0)]
    assert np.abs(np.array(found, dtype=int) - colours).max() <= 5


def test_players_find_the_index_first(tmp_path: Path) -> None:
    write_video(tmp_path / "out.mp4", [clips.numbered(index) for index in range(5)], rate=5)
    data = tmp_path.joinpath("out.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


# At these sizes x264's default look-ahead reads memory of its own that was never written, on some machines.
@pytest.mark.parametrize("size", [(64, 64), (96, 64), (128, 72), (320, 180)])
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    down, across = np.mgrid[:height, :width]
    frames = [
        np.stack([3 * across + 9 * index, 5 * down + 7 * index, across + down], axis=-1).astype(np.uint8)
        for index in range(5)
    ]
    generator = np.random.default_rng(0)
    written = set()
    for _ in range(12):
        # What the allocator hands out next holds different bytes each time.
        litter = [np.full(n, generator.integers(256), dtype=np.uint8) for n in generator.integers(1_000, 400_000, 40)]
        del litter
        write_video(tmp_path / "out.mp4", frames, rate=5, crf=16)
        written.add(tmp_path.joinpath("out.mp4").read_bytes())
    assert len(written) == 1


@pytest.mark.parametrize("shape", [(63, 64, 3), (64, 63, 3), (0, 64, 3)])
def test_odd_sizes_are_a_sentence(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(UnusableInput, match="even"):
        write_video(tmp_path / "out.mp4", [np.zeros(shape, dtype=np.uint8)], rate=5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), 1e-5])
def test_rates_that_no_video_has_are_a_sentence(tmp_path: Path, rate: float) -> None:
    with pytest.raises(UnusableInput, match="per second"):
        write_video(tmp_path / "out.mp4", [clips.numbered(0)], rate=rate)
    assert list(tmp_path.iterdir()) == []


def test_no_frame_unequal_frames_and_a_strange_ending_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="no frame"):
        write_video(tmp_path / "out.mp4", [], rate=5)
    with pytest.raises(UnusableInput, match="Frame 1 "):
        write_video(tmp_path / "out.mp4", [clips.numbered(0), clips.numbered(1, (32, 32))], rate=5)
    with pytest.raises(UnusableInput, match=r"\.mp4"):
        write_video(tmp_path / "out.txt", [clips.numbered(0)], rate=5)
    assert list(tmp_path.iterdir()) == []


def test_frames_that_are_not_rgb_bytes_are_our_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uint8 RGB") as raised:
        write_video(tmp_path / "out.mp4", [np.zeros((64, 64, 3))], rate=5)  # type: ignore[list-item]
    assert not isinstance(raised.value, UnusableInput)
    assert list(tmp_path.iterdir()) == []
