"""Embedded clips on disk, found again by what they depend on: the file's content, the encoder, the sampling."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from slap_studio.media.files import replacing

FORMAT = 1


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
    thumbnails: tuple[bytes, ...]
    duration: float


class Cache:
    """Embedded clips, one file each; a damaged file counts as missing.

    Parameters
    ----------
    folder
        Made when something is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, *depends_on: str) -> Path:
        """File for a clip that depends on these texts."""
        key = hashlib.sha256("\0".join((str(FORMAT), *depends_on)).encode()).hexdigest()
        return self.folder / f"{key[:40]}.npz"

    def find(self, place: Path) -> Embedded | None:
        """What was kept there, or None."""
        try:
            # Opened here: numpy leaves a file open that turns out not to be an archive.
            with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                ends = stored["thumbnail_ends"]
                packed = stored["thumbnails"].tobytes()
                thumbnails = _unpacked(packed, ends)
                clip = Embedded(stored["times"], stored["latents"], thumbnails, float(stored["duration"]))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        whole = len(clip.times) == len(clip.latents) == len(clip.thumbnails) and np.isfinite(clip.latents).all()
        return clip if whole else None

    def keep(self, place: Path, clip: Embedded) -> None:
        """Write a clip there, beside and then renamed.

        Raises
        ------
        UnusableInput
            If the folder cannot be written.
        """
        with replacing(place) as beside, beside.open("wb") as file:
            np.savez(
                file,
                times=clip.times,
                duration=clip.duration,
                latents=clip.latents,
                thumbnails=np.frombuffer(b"".join(clip.thumbnails), dtype=np.uint8),
                thumbnail_ends=np.cumsum([len(image) for image in clip.thumbnails], dtype=np.int64),
            )


def _unpacked(packed: bytes, ends: Sequence[int] | NDArray[np.int64]) -> tuple[bytes, ...]:
    begins = [0, *[int(end) for end in ends]]
    return tuple(packed[begin : int(end)] for begin, end in zip(begins, ends, strict=False))
