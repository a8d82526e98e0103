"""A long clip becomes latents: work that stops anywhere goes on there, and memory does not grow with the clip."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from slap_studio import embedding, pipeline
from slap_studio.core.thinning import evenly
from slap_studio.encoders import cache as caches
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.encoders.partial import Partial
from slap_studio.media.ahead import Ahead
from slap_studio.media.sampling import SampledFrames, Sampling
from slap_studio.media.video import Decoded, VideoFile, probe
from slap_studio.problems import Cancelled, UnusableInput
from tests import clips

RATE = 12.5
COUNT = 230  # frames, all of them sampled: seven batches and a rest
GROWTH = 30 << 20  # bytes; the frames of the long clip, had they been kept, are 66 MB


class Plain:
    """An encoder that sees nothing but the mean colours of four rows; it counts what it encodes."""

    label, identity, dimension, built_in = "plain", "plain", 12, False

    def __init__(self) -> None:
        self.encoded = 0
        self.stop_at: float = np.inf

    def prepared(self, image: np.ndarray) -> Any:
        rows = np.array_split(image.astype(np.float32), 4)
        return np.concatenate([row.mean((0, 1)) for row in rows]) + 1

    def encode_prepared(self, images: list[Any]) -> np.ndarray:
        self.encoded += len(images)
        if self.encoded > self.stop_at:
            raise Stopped
        found = np.stack(images)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def knows(self, latents: np.ndarray) -> bool:
        return True


class Stopped(Exception):
    """The work ends here, in whatever way."""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that all differ, with key frames far apart and frames that refer to later ones."""
    generator = np.random.default_rng(5)
    coarse = generator.integers(0, 256, (COUNT, 4, 6, 3), dtype=np.uint8)
    frames = [np.repeat(np.repeat(each, 12, 0), 12, 1) for each in coarse]
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    return clips.write(path, frames, [index / RATE for index in range(COUNT)], key_every=25)


def load(video: Path, folder: Path, encoder: Any, **more: Any) -> pipeline.Clip:
    return pipeline.load_clip(video, encoder, sampling=Sampling(), cache=Cache(folder), **more)


def same(one: Any, other: Any) -> None:
    assert np.array_equal(one.times, other.times)
    assert np.array_equal(one.latents, other.latents)
    assert tuple(one.thumbnails) == tuple(other.thumbnails)
    assert one.duration == other.duration


@pytest.fixture(scope="module")
def whole(video: Path, tmp_path_factory: pytest.TempPathFactory) -> pipeline.Clip:
    return load(video, tmp_path_factory.mktemp("cache"), Plain())


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every batch is kept as soon as it is there."""
    monkeypatch.setattr(embedding, "KEPT_EVERY", 0.0)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times of all frames that are decoded from now on."""
    seen: list[float] = []
    decode = VideoFile._decode

    def counted(self: VideoFile) -> Iterator[Decoded]:
        for frame in decode(self):
            seen.append(frame.time)
            yield frame

    monkeypatch.setattr(VideoFile, "_decode", counted)
    return seen


# ---- ahead of whoever needs it ------------------------------------------------------------


def test_what_is_made_ahead_comes_in_order_and_never_more_than_there_is_room_for() -> None:
    taken, given, most = 0, 0, 7
    too_many: list[int] = []

    def items() -> Iterator[int]:
        nonlocal taken
        for index in range(200):
            taken += 1
            if taken - given > most + 1:
                too_many.append(taken - given)
            yield index

    with Ahead(items(), lambda item: item * item, workers=3, most=most) as ahead:
        for index, made in enumerate(ahead):
            assert made == index * index
            given += 1
    assert given == taken == 200
    assert not too_many


@pytest.mark.parametrize("where", ["items", "make"])
def test_what_is_raised_ahead_comes_up_in_its_turn(where: str) -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        if where == "items":
            raise Stopped

    def make(item: int) -> int:
        if where == "make" and item == 4:
            raise Stopped
        return item

    seen: list[int] = []
    with pytest.raises(Stopped), Ahead(items(), make, workers=2, most=3) as ahead:
        seen.extend(ahead)
    assert seen == list(range(5 if where == "items" else 4))


def test_leaving_early_ends_the_threads() -> None:
    before = set(threading.enumerate())
    with Ahead(iter(range(10_000)), str, workers=3, most=4) as ahead:
        assert next(iter(ahead)) == "0"
    assert set(threading.enumerate()) <= before


# ---- a pass that goes on where another stopped --------------------------------------------


@pytest.mark.parametrize("rate", [RATE, 3.0])
def test_a_pass_goes_on_from_any_frame_as_if_it_had_never_stopped(video: Path, rate: float) -> None:
    info, sampling = probe(video), Sampling(rate=rate, at_least=1)
    stream = SampledFrames(info, sampling)
    frames = list(stream)
    for index in (0, 1, 23, 24, 25, 26, len(frames) // 2, len(frames) - 2, len(frames) - 1):
        if index >= len(frames):
            continue
        rest = SampledFrames(info, sampling, since=frames[index].mark)
        found = list(rest)
        assert [frame.time for frame in found] == [frame.time for frame in frames[index + 1 :]]
        assert [frame.mark for frame in found] == [frame.mark for frame in frames[index + 1 :]]
        assert all(np.array_equal(one.image, two.image) for one, two in zip(found, frames[index + 1 :], strict=True))
        assert (rest.end, rest.damaged) == (stream.end, stream.damaged)


def test_where_the_file_decodes_otherwise_from_its_middle_it_is_decoded_from_its_start(video: Path, pictures) -> None:
    info, sampling = probe(video), Sampling()
    frames = list(SampledFrames(info, sampling))
    pictures.clear()
    found = list(SampledFrames(info, sampling, since=frames[150].mark, recognised=lambda frame: False))
    assert [frame.time for frame in found] == [frame.time for frame in frames[151:]]
    assert len(pictures) > COUNT


# ---- partial embeddings ---------------------------------------------------------------------


@pytest.mark.parametrize("batches", [1, 4, 7])
def test_a_cancelled_embedding_goes_on_where_it_stopped(
    video: Path, whole: pipeline.Clip, tmp_path: Path, pictures, batches: int
) -> None:
    first, shares = Plain(), []
    with pytest.raises(Cancelled):
        load(video, tmp_path, first, progress=shares.append, cancelled=lambda: len(shares) >= batches)
    assert first.encoded == batches * embedding.BATCH
    assert not list(tmp_path.glob("*.npz"))
    pictures.clear()
    second, told = Plain(), []
    same(load(video, tmp_path, second, progress=told.append), whole)
    left = COUNT - first.encoded
    assert second.encoded == left
    # The rest, from the key frame before it, the file's first frame of every opening, and what a decoder takes ahead.
    assert len(pictures) <= left + 25 + 8
    assert told == sorted(told)
    assert told[0] >= shares[-1]
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_the_built_in_encoder_gives_the_same_bits_after_a_stop(video: Path, tmp_path: Path) -> None:
    encoder, shares = encoders.load(), []
    unbroken = load(video, tmp_path / "unbroken", encoder)
    with pytest.raises(Cancelled):
        load(video, tmp_path / "broken", encoder, progress=shares.append, cancelled=lambda: len(shares) >= 3)
    same(load(video, tmp_path / "broken", encoder), unbroken)


def test_a_fault_loses_no_more_than_the_batch_that_it_met(video: Path, whole, tmp_path: Path, often) -> None:
    encoder = Plain()
    for stop_at in (40, 70, 40):
        encoder.encoded, encoder.stop_at = 0, stop_at
        with pytest.raises(Stopped):
            load(video, tmp_path, encoder)
    encoder.encoded, encoder.stop_at = 0, np.inf
    same(load(video, tmp_path, encoder), whole)
    assert encoder.encoded == COUNT - (1 + 2 + 1) * embedding.BATCH


def test_a_killed_embedding_goes_on_where_it_stopped(video: Path, whole, tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, __file__, "killed", str(video), str(tmp_path)], timeout=120)
    assert killed.returncode == -signal.SIGKILL
    encoder = Plain()
    same(load(video, tmp_path, encoder), whole)
    assert encoder.encoded == COUNT - 4 * embedding.BATCH


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "missing", "text"])
def test_a_damaged_chunk_alone_is_made_again(video: Path, whole, tmp_path: Path, often, generator, damage: str) -> None:
    encoder = Plain()
    encoder.stop_at = 6 * embedding.BATCH
    with pytest.raises(Stopped):
        load(video, tmp_path, encoder)
    (folder,) = tmp_path.glob("*.part")
    chunks = sorted(folder.glob("*.npz"))
    assert len(chunks) == 6
    good = chunks[2].read_bytes()
    if damage == "missing":
        chunks[2].unlink()
    else:
        at = good.index(b"latents.npy") + 200
        flipped = good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :]
        chunks[2].write_bytes({"flipped": flipped, "cut": good[: len(good) // 2], "empty": b"", "text": b"no"}[damage])
    again = Plain()
    same(load(video, tmp_path, again), whole)
    assert again.encoded == COUNT - 5 * embedding.BATCH


def test_any_flipped_bit_of_a_chunk_is_found_or_means_nothing(video: Path, tmp_path: Path, often, generator) -> None:
    encoder = Plain()
    encoder.stop_at = embedding.BATCH
    with pytest.raises(Stopped):
        load(video, tmp_path, encoder)
    (folder,) = tmp_path.glob("*.part")
    (path,) = folder.glob("*.npz")
    partial = Partial(folder.with_suffix(".npz"))
    chunk, good = partial.find(0), path.read_bytes()
    assert chunk is not None
    for at in generator.integers(0, len(good), 80):
        path.write_bytes(good[:at] + bytes([good[at] ^ (1 << int(generator.integers(8)))]) + good[at + 1 :])
        found = partial.find(0)
        if found is not None:
            same(found.embedded, chunk.embedded)
            assert found.mark == chunk.mark


def test_of_a_file_that_changes_meanwhile_nothing_more_is_kept(video: Path, tmp_path: Path, often) -> None:
    path = tmp_path / "growing.mp4"
    path.write_bytes(video.read_bytes())

    class Writer(Plain):
        def encode_prepared(self, images: list[Any]) -> np.ndarray:
            if self.encoded == 2 * embedding.BATCH:
                path.write_bytes(path.read_bytes() + b"more")
            return super().encode_prepared(images)

    with pytest.raises(UnusableInput, match="changed while it was read"):
        load(path, tmp_path / "cache", Writer())
    (folder,) = (tmp_path / "cache").iterdir()
    assert len(list(folder.glob("*.npz"))) == 2


def test_another_clip_encoder_or_sampling_begins_anew(video: Path, tmp_path: Path, often) -> None:
    encoder = Plain()
    encoder.stop_at = 3 * embedding.BATCH
    with pytest.raises(Stopped):
        load(video, tmp_path, encoder)
    other = Plain()
    other.identity = "other"
    assert load(video, tmp_path, other).identity == "other"
    assert other.encoded == COUNT


def test_where_nothing_can_be_written_the_clip_is_embedded_all_the_same(video: Path, whole, tmp_path: Path) -> None:
    obstacle = tmp_path / "obstacle"
    obstacle.write_text("a file where a folder is needed")
    clip = load(video, obstacle, Plain())
    same(clip, whole)
    assert any("not kept for next time" in note for note in clip.notes)


# ---- an hour --------------------------------------------------------------------------------


def test_thumbnails_of_a_long_clip_stay_in_the_file(tmp_path: Path, monkeypatch, unit_vectors) -> None:
    monkeypatch.setattr(caches, "FEW_PICTURES", 10)
    cache, pictures = Cache(tmp_path), tuple(b"picture %d" % index * index for index in range(40))
    place = cache.place("long")
    cache.keep(place, Embedded(np.arange(40) / 10, unit_vectors(40, 6).astype(np.float32), pictures, 4.0))
    found = cache.find(place)
    assert found is not None
    assert not isinstance(found.thumbnails, tuple)
    place.unlink()
    assert (len(found.thumbnails), tuple(found.thumbnails)) == (40, pictures)
    assert (found.thumbnails[-1], found.thumbnails[3:5]) == (pictures[-1], pictures[3:5])
    with pytest.raises(IndexError):
        found.thumbnails[40]


def test_damaged_thumbnails_of_a_long_clip_count_as_missing(tmp_path: Path, monkeypatch, unit_vectors) -> None:
    monkeypatch.setattr(caches, "FEW_PICTURES", 10)
    cache, pictures = Cache(tmp_path), (b"a picture " * 20,) * 30
    place = cache.place("long")
    cache.keep(place, Embedded(np.arange(30) / 10, unit_vectors(30, 6).astype(np.float32), pictures, 3.0))
    good = place.read_bytes()
    at = good.index(pictures[0]) + 700
    place.write_bytes(good[:at] + b"?" + good[at + 1 :])
    assert cache.find(place) is None


def test_memory_is_flat_in_the_length_of_a_clip(tmp_path: Path) -> None:
    """An hour of one frame per second against six minutes of it; each in a process of its own."""
    told = [
        subprocess.run(
            [sys.executable, __file__, "weighed", str(tmp_path / f"{count}.mp4"), str(count)],
            timeout=240, check=True, capture_output=True, text=True,
        ).stdout.split()
        for count in (360, 3600)
    ]  # fmt: skip
    (few, short), (many, long) = ([int(word) for word in words] for words in told)
    assert (few, many) == (360, 3600)
    assert long - short < GROWTH


@pytest.mark.parametrize(("count", "most"), [(0, 5), (4, 5), (5, 5), (6, 5), (100_000, 4000), (3, 1)])
def test_evenly_takes_as_many_as_it_may_with_both_ends(count: int, most: int) -> None:
    taken = evenly(count, most)
    assert len(taken) == min(count, most)
    if len(taken) > 1:
        assert (taken[0], taken[-1]) == (0, count - 1)
        assert np.diff(taken).min() >= 1
        assert np.ptp(np.diff(taken)) <= 1


# ---- in processes of their own --------------------------------------------------------------


def _killed(video: str, folder: str) -> None:
    class Doomed(Plain):
        def encode_prepared(self, images: list[Any]) -> np.ndarray:
            if self.encoded == 4 * embedding.BATCH:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().encode_prepared(images)

    embedding.KEPT_EVERY = 0.0
    load(Path(video), Path(folder), Doomed())


def _weighed(video: str, count: str) -> None:
    import resource

    image = np.zeros((64, 96, 3), np.uint8)
    image[:, ::7] = 255
    clips.write(Path(video), [image] * int(count), range(int(count)))
    embedded = load(Path(video), Path(video).parent / count, Plain())
    print(len(embedded.times), 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    {"killed": _killed, "weighed": _weighed}[sys.argv[1]](*sys.argv[2:])
