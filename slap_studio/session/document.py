"""What a session file holds, as one frozen value, and what must be true of it."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array
from slap_studio.encoders.cache import Embedded
from slap_studio.media.gap import checked_gap, resolve_gap
from slap_studio.problems import UnusableInput
from slap_studio.session.state import Session

LONGEST_HORIZON = 5000  # steps that are solved at most
ROUNDING = 1e-3  # by which a latent's length may miss one
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Source:
    """The video that the work is on.

    Attributes
    ----------
    content
        SHA-256 of the file.
    beside
        Where it lay as seen from the session file's folder; empty if that cannot be said.
    """

    content: str
    beside: str = ""


@dataclass(frozen=True)
class Picture:
    """What is known of the video's pictures, as `media.video.VideoInfo` has it."""

    width: int
    height: int
    duration: float
    frame_rate: float | None
    codec: str
    streams: int
    rotation: int


@dataclass(frozen=True, eq=False)
class KeptClip:
    """The embedded clip, so that its path is drawn where neither video nor cache is at hand.

    Attributes
    ----------
    picture
        Of the video.
    times, latents
        Of the sampled frames: [M] seconds, ascending; [M, d] unit vectors.
    thumbnails, thumbnail_ends
        JPEG bytes of all frames on end, and where each one's end [M].
    duration
        Seconds to the end of the last frame.
    encoder, identity
        The encoder's label, and what its latents depend on.
    """

    picture: Picture
    times: NDArray[np.float64]
    latents: Array
    thumbnails: NDArray[np.uint8]
    thumbnail_ends: NDArray[np.int64]
    duration: float
    encoder: str
    identity: str

    @property
    def pictures(self) -> tuple[bytes, ...]:
        """JPEG bytes of each frame."""
        packed, begins = self.thumbnails.tobytes(), [0, *self.thumbnail_ends.tolist()]
        return tuple(packed[begin:end] for begin, end in pairwise(begins))


@dataclass(frozen=True)
class Desk:
    """How the window stood.

    Attributes
    ----------
    camera
        Numbers of each view's camera, by its name and theirs, such as "map/left" or "globe/azimuth".
    layout
        Places of the panels, as `Workspace.layout_state` gives them.
    """

    camera: dict[str, float] = field(default_factory=dict)
    layout: bytes = b""


@dataclass(frozen=True, eq=False)
class Document:
    """Everything that a session file holds.

    Attributes
    ----------
    session, source
        What was chosen, and on which video.
    clip
        The embedded clip; None in a recovery file, which is written often.
    seed
        Of the map.
    saved_at
        Date and time with its offset, as ISO 8601 has it.
    file
        For unsaved work: the session file that it was last saved in.
    """

    session: Session
    source: Source
    clip: KeptClip | None = None
    seed: int = 0
    desk: Desk = field(default_factory=Desk)
    saved_at: str = ""
    file: str = ""


def kept_clip(embedded: Embedded, picture: Picture, encoder: str, identity: str) -> KeptClip:
    """An embedded clip as it is written."""
    return KeptClip(
        picture,
        embedded.times,
        embedded.latents,
        np.frombuffer(b"".join(embedded.thumbnails), dtype=np.uint8),
        np.cumsum([len(image) for image in embedded.thumbnails], dtype=np.int64),
        embedded.duration,
        encoder,
        identity,
    )


def check(document: Document) -> None:
    """Refuse what no program can have written.

    Raises
    ------
    UnusableInput
        With the reason, as the end of a sentence.
    """
    session = document.session
    _require(len(document.source.content) == 64, "its video has no check sum")
    _require(session.video is not None, "it names no video")
    _require(0 < session.horizon <= LONGEST_HORIZON, "its number of solved steps is out of bounds")
    _require(session.descent.steps <= session.horizon, "it shows more steps than it solves")
    _require(len(session.candidates) != 1, "it has a readout that chooses between one text")
    if document.clip is not None:
        _check_clip(document.clip, session)
    for pin in session.pins:
        _check_unit(pin.latents, f"its pinned path {pin.name!r}")


def _check_clip(clip: KeptClip, session: Session) -> None:
    count = clip.times.size
    _require(clip.times.shape == (count,) and count >= 3, "it has too few frames")
    _require(clip.times.dtype.kind == "f" and bool((np.diff(clip.times) > 0).all()), "its frames' times do not ascend")
    _require(clip.times[0] >= 0 and clip.times[-1] <= clip.duration < 1e7, "its frames lie outside its clip")
    _require(clip.latents.ndim == 2 and clip.latents.shape[0] == count, "it has not one latent for each frame")
    _check_unit(clip.latents, "its frames")
    ends = clip.thumbnail_ends
    _require(ends.shape == (count,) and ends.dtype.kind == "i", "it has not one thumbnail for each frame")
    _require(clip.thumbnails.ndim == 1 and clip.thumbnails.dtype == np.uint8, "its thumbnails are none")
    whole = bool((np.diff(ends, prepend=0) > 0).all()) and int(ends[-1]) == len(clip.thumbnails)
    _require(whole and all(image.startswith(_JPEG) for image in clip.pictures), "its thumbnails are damaged")
    _require(0 < clip.picture.width < 1e5 and 0 < clip.picture.height < 1e5, "its video has no size")
    for gap in session.gaps:
        resolve_gap(checked_gap(gap.start, gap.end, clip.duration), clip.times)
    for pin in session.pins:
        same = pin.latents.shape[1] == clip.latents.shape[1]
        _require(same, f"its pinned path {pin.name!r} has latents of another length than its frames")


def _check_unit(latents: Array, whose: str) -> None:
    _require(latents.dtype.kind == "f" and latents.shape[1] >= 2, f"{whose} have latents that are none")
    lengths = np.linalg.norm(latents.astype(np.float64), axis=1)
    _require(bool((np.abs(lengths - 1) <= ROUNDING).all()), f"{whose} have latents that are not of length one")


def _require(holds: Any, why: str) -> None:
    if not holds:
        raise UnusableInput(why)
