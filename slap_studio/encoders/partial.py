"""The part of a clip that is embedded so far, as chunks on disk: work that was stopped goes on where it stopped."""

import shutil
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from slap_studio.encoders.cache import LARGEST, Embedded, packed, read_kept, write_kept
from slap_studio.encoders.room import used_now
from slap_studio.media.files import replacing
from slap_studio.media.sampling import Mark
from slap_studio.media.zipped import DAMAGED, require_whole

SUFFIX = ".part"


@dataclass(frozen=True, eq=False)
class Chunk:
    """Sampled frames on end, embedded.

    Attributes
    ----------
    first
        How many sampled frames come before it.
    embedded
        Its frames; `duration` is when the last of them ends.
    mark
        Where the pass over the clip stood after the last of them.
    """

    first: int
    embedded: Embedded
    mark: Mark

    @property
    def after(self) -> int:
        """How many sampled frames there are up to its end."""
        return self.first + len(self.embedded.times)


class Partial:
    """Chunks of one clip, one file each, beside its place in the cache; a damaged one counts as missing.

    Parameters
    ----------
    place
        Where the whole clip will be kept.
    """

    def __init__(self, place: Path) -> None:
        self.folder = place.with_suffix(SUFFIX)
        # Whoever asks for it is about to go on with it.
        used_now(self.folder)

    def find(self, first: int) -> Chunk | None:
        """The chunk that begins after so many frames, or None."""
        try:
            with self._path(first).open("rb") as file:
                require_whole(file, LARGEST)
            with self._path(first).open("rb") as file, np.load(file, allow_pickle=False) as stored:
                embedded = read_kept(stored, self._path(first))
                time, number, asked, end, damaged = (float(part) for part in stored["mark"])
        except DAMAGED:
            return None
        if embedded is None or not len(embedded.times):
            return None
        return Chunk(first, embedded, Mark(time, int(number), asked, end, int(damaged)))

    def keep(self, chunk: Chunk) -> None:
        """Write a chunk, beside and then renamed.

        Raises
        ------
        UnusableInput
            If the folder cannot be written.
        """
        with replacing(self._path(chunk.first)) as beside, beside.open("wb") as file:
            write_kept(file, packed(chunk.embedded), mark=np.array(astuple(chunk.mark), dtype=np.float64))

    def next_after(self, first: int) -> int | None:
        """Where the first chunk begins that begins later, or None."""
        return min((found for found in self._firsts() if found > first), default=None)

    def remove(self) -> None:
        """Forget all chunks."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _firsts(self) -> Iterator[int]:
        try:
            for path in self.folder.glob("*.npz"):
                if path.stem.isdecimal():
                    yield int(path.stem)
        except OSError:
            return

    def _path(self, first: int) -> Path:
        return self.folder / f"{first:09d}.npz"
