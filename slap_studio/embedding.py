"""A video's sampled frames as latents: decoded and prepared ahead of the encoder, kept in chunks on the way.

    file ─ SampledFrames ─→ frames ─ Ahead: prepared, thumbnail ─→ batches ─ Encoder ─→ latents ─→ chunks ─→ the cache

Every few seconds what was embedded goes to disk, so that work which was cancelled or killed goes on where it stopped.
Memory holds a bounded number of frames, and the latents.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slap_studio.encoders.cache import FEW_PICTURES, Cache, Embedded, Packed
from slap_studio.encoders.encoder import Encoder
from slap_studio.encoders.partial import Chunk, Partial
from slap_studio.media.ahead import Ahead
from slap_studio.media.sampling import Mark, Sampled, SampledFrames, Sampling
from slap_studio.media.thumbnails import thumbnail
from slap_studio.media.unchanged import FileMark, require_unchanged
from slap_studio.media.video import Frame, VideoInfo
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.processors import cores

if TYPE_CHECKING:
    from pathlib import Path

    import torch

BATCH = 32
KEPT_EVERY = 3.0  # seconds between two chunks, at the least; a slow encoder's batch may take longer
MOST_AHEAD = 2 * BATCH  # frames that are decoded or prepared before the encoder has asked for them
WORKERS = max(1, min(4, cores() - 1))  # threads that prepare frames


@dataclass(frozen=True, eq=False)
class Prepared:
    """A sampled frame as the encoder takes it [3, S, S], and what is kept of it besides."""

    time: float
    tensor: "torch.Tensor"
    thumbnail: bytes
    mark: Mark


@dataclass(frozen=True, eq=False)
class Job:
    """What is to be embedded, where it will be kept, and who is told.

    Attributes
    ----------
    progress
        Told the share done, 0 to 1.
    file
        Mark of the file that was opened: of one that has changed since nothing is kept.
    clock
        Seconds, for the time between two chunks.
    """

    info: VideoInfo
    encoder: Encoder
    sampling: Sampling
    cache: Cache
    place: "Path"
    progress: Callable[[float], None]
    cancelled: Callable[[], bool]
    file: FileMark | None = None
    clock: Callable[[], float] = time.monotonic


def embed(job: Job) -> tuple[Embedded, list[str]]:
    """Embed a clip, or what is left of it, and keep it; with sentences that a user should read.

    Raises
    ------
    Cancelled
        When `cancelled` says so; what is done by then is kept for the next time.
    """
    partial = Partial(job.place)
    done = _Done(partial)
    while done.mark is None or np.isfinite(done.mark.asked):
        chunk = partial.find(done.count)
        if chunk is not None:
            done.add(chunk, stored=True)
            job.progress(_share(job.info, chunk.mark.time))
        elif _embed_on(job, done, partial.next_after(done.count)):
            break
    found, notes = _kept(job, done)
    if done.damaged:
        notes.append("Parts of the file are damaged; the frames that could not be decoded are missing.")
    return found, notes


def prepared(encoder: Encoder, frame: Sampled) -> Prepared:
    """A frame made ready, on any thread."""
    return Prepared(frame.time, encoder.prepared(frame.image), thumbnail(frame.image), frame.mark)


def batches(frames: Iterator[Prepared]) -> Iterator[list[Prepared]]:
    """Frames in the batches in which they are encoded."""
    while batch := list(islice(frames, BATCH)):
        yield batch


class _Done:
    """What is embedded so far: latents in memory, thumbnails on disk where that can be written."""

    def __init__(self, partial: Partial) -> None:
        self.count = self.damaged = 0
        self.end = 0.0
        self.mark: Mark | None = None
        self.last = b""
        self.problem = ""
        self._partial = partial
        self._times: list[NDArray[np.float64]] = []
        self._latents: list[NDArray[np.float32]] = []
        self._sizes: list[int] = []
        self._pictures: list[int | tuple[bytes, ...]] = []

    def add(self, chunk: Chunk, *, stored: bool) -> None:
        """A chunk that follows what is there, and whether it is on disk."""
        embedded = chunk.embedded
        self._times.append(embedded.times)
        self._latents.append(embedded.latents)
        self._sizes += [len(picture) for picture in embedded.thumbnails]
        self._pictures.append(chunk.first if stored else tuple(embedded.thumbnails))
        self.count, self.mark, self.last = chunk.after, chunk.mark, embedded.thumbnails[-1]
        self.end, self.damaged = chunk.mark.end, chunk.mark.damaged

    def keep(self, chunk: Chunk) -> None:
        """A chunk that was just embedded: to disk, and where that is full into memory."""
        try:
            self._partial.keep(chunk)
        except UnusableInput as problem:
            self.problem = str(problem)
        self.add(chunk, stored=not self.problem)

    def packed(self) -> Packed:
        """All of it."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        latents = np.concatenate(self._latents) if self._latents else np.zeros((0, 0), np.float32)
        return Packed(times, latents, self.end, np.cumsum(self._sizes, dtype=np.int64), self._on_end())

    def thumbnails(self) -> tuple[bytes, ...]:
        """All of them, in memory."""
        on_end, ends = b"".join(self._on_end()), [0, *np.cumsum(self._sizes).tolist()]
        return tuple(on_end[begin:end] for begin, end in pairwise(ends))

    def _on_end(self) -> Iterator[bytes]:
        for piece in self._pictures:
            if isinstance(piece, int):
                chunk = self._partial.find(piece)
                if chunk is None:
                    raise UnusableInput("The cache was changed while the clip was embedded; open the clip again.")
                yield b"".join(chunk.embedded.thumbnails)
            else:
                yield b"".join(piece)


def _embed_on(job: Job, done: _Done, until: int | None) -> bool:
    """Embed frames from where the work stands up to a count of frames; whether the file ended before."""
    last = done.last

    def recognised(frame: Frame) -> bool:
        return thumbnail(frame.image) == last

    frames = SampledFrames(
        job.info, job.sampling, cancelled=job.cancelled, since=done.mark, recognised=recognised
    )  # fmt: skip
    wanted = None if until is None else until - done.count
    with Ahead(
        islice(frames, wanted), lambda frame: prepared(job.encoder, frame), workers=WORKERS, most=MOST_AHEAD
    ) as ready:
        growing = _Growing(done, job)
        try:
            for batch in batches(iter(ready)):
                if job.cancelled():
                    raise Cancelled
                growing.add(batch, job.encoder.encode_prepared([frame.tensor for frame in batch]))
                job.progress(_share(job.info, batch[-1].time))
        except UnusableInput:
            # The file is not what it was: what was read of it last may be of another.
            raise
        except BaseException:
            growing.keep()
            raise
        growing.keep()
    ended = until is None or done.count < until
    if ended:
        done.end, done.damaged = frames.end, frames.damaged
    return ended


class _Growing:
    """Batches that are embedded and not kept yet."""

    def __init__(self, done: _Done, job: Job) -> None:
        self._done = done
        self._job = job
        self._began = job.clock()
        self._times: list[float] = []
        self._thumbnails: list[bytes] = []
        self._latents: list[NDArray[np.float32]] = []
        self._mark: Mark | None = None

    def add(self, batch: list[Prepared], latents: NDArray[np.float32]) -> None:
        """A whole batch."""
        self._times += [frame.time for frame in batch]
        self._thumbnails += [frame.thumbnail for frame in batch]
        self._latents.append(latents)
        self._mark = batch[-1].mark
        if self._job.clock() - self._began >= KEPT_EVERY:
            self.keep()

    def keep(self) -> None:
        """What has come together as a chunk."""
        self._began = self._job.clock()
        mark, self._mark = self._mark, None
        if mark is None:
            return
        if self._job.file is not None:
            require_unchanged(self._job.info.path, self._job.file)
        embedded = Embedded(
            np.array(self._times), np.concatenate(self._latents), tuple(self._thumbnails), mark.end
        )  # fmt: skip
        self._times, self._thumbnails, self._latents = [], [], []
        self._done.keep(Chunk(self._done.count, embedded, mark))


def _kept(job: Job, done: _Done) -> tuple[Embedded, list[str]]:
    """The whole clip, kept for next time where that can be."""
    whole, notes = done.packed(), []
    problem = done.problem
    if not problem and len(whole.times):
        try:
            job.cache.keep_packed(job.place, whole)
        except UnusableInput as full:
            problem = str(full)
    if problem:
        notes.append(f"The embedding is not kept for next time: {problem}")
    found = job.cache.find(job.place) if not problem and _many(whole) else None
    if found is None:
        found = Embedded(whole.times, whole.latents, done.thumbnails(), whole.duration)
    if not problem:
        Partial(job.place).remove()
    return found, notes


def _many(whole: Packed) -> bool:
    return len(whole.ends) > 0 and int(whole.ends[-1]) > FEW_PICTURES


def _share(info: VideoInfo, time: float) -> float:
    return min(1.0, time / max(info.duration, 1e-3))
