"""Embedded clips on disk, found again by what they depend on: the file's content, the encoder, the sampling."""

import hashlib
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray
from platformdirs import user_cache_path

from slap_studio.encoders.pictures import KeptPictures
from slap_studio.encoders.room import LIMIT, claim, make_room, used_now
from slap_studio.media.files import replacing
from slap_studio.media.zipped import DAMAGED, require_whole

FORMAT = 1
FEW_PICTURES = 8 << 20  # bytes of thumbnails that are held in memory; more stay in the file
_BLOCK = 1 << 20  # bytes that are read at once
_LOCAL = struct.Struct("<26x2H")  # before a zip's member: how long its name and its extra field are
LARGEST = 8 << 30  # bytes; 100,000 frames with their thumbnails take a tenth of that


def cache_folder() -> Path:
    """The platform's place for SLAP Studio's caches."""
    return user_cache_path("slap-studio", appauthor=False) / "clips"


def encoder_folder() -> Path:
    """The platform's place for what encoders said."""
    return cache_folder().parent / "encoders"


@dataclass(frozen=True, eq=False)
class Embedded:
    """What is kept of a sampled clip.

    Attributes
    ----------
    times
        Of the sampled frames [M], seconds.
    latents
        Unit vectors [M, d], float32.
    thumbnails
        JPEG bytes of each frame.
    duration
        Seconds, to the end of the last frame, as the pass over the file found it.
    """

    times: NDArray[np.float64]
    latents: NDArray[np.float32]
    thumbnails: Sequence[bytes]
    duration: float


class Cache:
    """Embedded clips, one file each; a damaged file counts as missing.

    Parameters
    ----------
    folder
        Made when something is first kept.
    limit
        Bytes that all of it may take.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit

    def place(self, *depends_on: str) -> Path:
        """File for a clip that depends on these texts."""
        key = hashlib.sha256("\0".join((str(FORMAT), *depends_on)).encode()).hexdigest()
        return self.folder / f"{key[:40]}.npz"

    def find(self, place: Path) -> Embedded | None:
        """What was kept there, or None."""
        try:
            # Opened here: numpy leaves a file open that turns out not to be an archive.
            with place.open("rb") as claimed:
                claim(claimed)
                # numpy reads no further than an array says it goes, so that one cut short by a flipped bit would pass.
                require_whole(claimed, LARGEST)
                with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                    found = read_kept(stored, place)
        except DAMAGED:
            return None
        if found is not None:
            used_now(place)
        return found

    def make_room(self, place: Path) -> None:
        """Take away what was used least recently, as far as the limit asks for it; the clip at a place stays."""
        make_room(self.folder, {place}, self._limit)

    def keep(self, place: Path, clip: Embedded) -> None:
        """Write a clip there, beside and then renamed.

        Raises
        ------
        UnusableInput
            If the folder cannot be written.
        """
        self.keep_packed(place, packed(clip))

    def keep_packed(self, place: Path, clip: "Packed") -> None:
        """The same of a clip whose thumbnails come on end."""
        with replacing(place) as beside, beside.open("wb") as file:
            write_kept(file, clip)


@dataclass(frozen=True, eq=False)
class Packed:
    """A clip as it is written.

    Attributes
    ----------
    times, latents, duration
        As `Embedded` has them.
    ends
        Where each thumbnail ends among the bytes of all on end [M].
    thumbnails
        Those bytes, in as many pieces as there are; taken once.
    """

    times: NDArray[np.float64]
    latents: NDArray[np.float32]
    duration: float
    ends: NDArray[np.int64]
    thumbnails: Iterable[bytes]


def packed(clip: Embedded) -> Packed:
    """A clip with its thumbnails on end."""
    ends = np.cumsum([len(image) for image in clip.thumbnails], dtype=np.int64)
    return Packed(clip.times, clip.latents, clip.duration, ends, [b"".join(clip.thumbnails)])


def write_kept(file: BinaryIO, clip: Packed, **further: NDArray[Any]) -> None:
    """A clip as numpy's archive; of its thumbnails no more than a piece is in memory at once."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        arrays = {
            "times": clip.times, "duration": np.array(clip.duration), "latents": clip.latents,
            "thumbnail_ends": clip.ends, **further,
        }  # fmt: skip
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, np.asanyarray(array), allow_pickle=False)
        with archive.open("thumbnails.npy", "w", force_zip64=True) as member:
            size = int(clip.ends[-1]) if len(clip.ends) else 0
            npy.write_array_header_1_0(member, {"descr": "|u1", "fortran_order": False, "shape": (size,)})
            for piece in clip.thumbnails:
                member.write(piece)


def read_kept(stored: NpzFile, place: Path) -> Embedded | None:
    """What `write_kept` wrote; None where its parts do not belong together. Damage raises what zip and numpy raise."""
    times, latents, ends = stored["times"], stored["latents"], stored["thumbnail_ends"]
    duration = float(stored["duration"])
    count = len(times)
    sized = ends.shape == (count,) and ends.dtype.kind == "i" and bool((np.diff(ends, prepend=0) >= 0).all())
    if not sized or len(latents) != count or not np.isfinite(latents).all():
        return None
    pictures = _pictures(stored, place, ends)
    return None if pictures is None else Embedded(times, latents, pictures, duration)


def _pictures(stored: NpzFile, place: Path, ends: NDArray[np.int64]) -> Sequence[bytes] | None:
    """Few from memory, many from where they lie in the file, once they were read and their check sum compared."""
    size = int(ends[-1]) if len(ends) else 0
    if size <= FEW_PICTURES:
        on_end = stored["thumbnails"].tobytes()
        return _unpacked(on_end, ends) if len(on_end) == size else None
    if stored.zip is None:
        return None
    member = stored.zip.getinfo("thumbnails.npy")
    with stored.zip.open(member) as stream:
        while stream.read(_BLOCK):
            pass
    with place.open("rb") as file:
        file.seek(member.header_offset)
        name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    header = member.file_size - size
    if member.compress_type != zipfile.ZIP_STORED or header < 0:
        return None
    return KeptPictures(place, member.header_offset + _LOCAL.size + name + extra + header, ends)


def _unpacked(on_end: bytes, ends: NDArray[np.int64]) -> tuple[bytes, ...]:
    begins = [0, *ends.tolist()]
    return tuple(on_end[begin:end] for begin, end in zip(begins, ends.tolist(), strict=False))
