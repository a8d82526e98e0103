"""What no clip can be made of is said in one sentence, before anything waits for it or fills the memory."""

import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from slap_studio.encoders import encoder as encoders
from slap_studio.media.video import probe
from slap_studio.problems import UnusableInput
from tests import hostile
from tests.hostile import cut
from tests.hostile_checks import opened


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


def no_frames(path: Path) -> Path:
    """A header and an index without media."""
    data = hostile.write(path).read_bytes()
    begin = data.find(b"mdat") - 4
    length = int.from_bytes(data[begin : begin + 4], "big")
    path.write_bytes(data[:begin] + data[begin + length :])
    return path


def header_alone(path: Path) -> Path:
    """An index that points to where the file has ended, as a camera leaves it that was switched off."""
    data = hostile.write(path, options={"movflags": "faststart"}).read_bytes()
    path.write_bytes(data[: data.find(b"mdat") + 4])
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
    "header alone": ("clip.mp4", header_alone, "holds no pictures"),
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
