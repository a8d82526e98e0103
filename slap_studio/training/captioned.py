"""Latents of a user's own clips with captions: a folder of videos, or webdataset shards."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from slap_studio.encoders.encoder import Encoder
from slap_studio.media.files import content_hash, require_regular_file
from slap_studio.media.video import VideoFile
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.training.clips import FRAMES, ClipLatents

VIDEOS = ("mp4", "webm", "mkv", "avi", "mov")
FEWEST_CLIPS, FEWEST_CAPTIONS = 8, 2
HELD_OUT_SHARE = 0.1
_LAYOUT = "keep each video with its caption beside it as NAME.txt or NAME.json, or the same in .tar shards"
_PART = 20  # clips that are encoded between two files
_TEXTS = 256  # captions that are encoded at once
_LONGEST = 1 << 20  # bytes of a caption's file; what is longer is none


@dataclass(frozen=True)
class Sample:
    """A video with its caption, as it lies on disk or as the bytes that a shard holds."""

    key: str
    caption: str
    video: Path | bytes
    ending: str

    @property
    def content(self) -> str:
        """SHA-256 of the video."""
        return hashlib.sha256(self.video).hexdigest() if isinstance(self.video, bytes) else content_hash(self.video)


Encode = Callable[[Sample, str], NDArray[np.float32]]  # a sample and its content's hash to latents [M, d]


@dataclass
class Skipped:
    """What could not be learned from: clips that do not decode, clips without a caption, shards with damage."""

    unreadable: int = 0
    wordless: int = 0
    shards: set[str] = field(default_factory=set)

    def sentence(self, used: int) -> str:
        """What to tell of it; empty where nothing was skipped."""
        parts = []
        if lost := self.unreadable + self.wordless:
            parts.append(
                f"{lost} of {used + lost} clips were skipped: {self.unreadable} could not be read and "
                f"{self.wordless} had no caption"
            )
        if self.shards:
            parts.append(f"of damaged shards only what is whole was read ({', '.join(sorted(self.shards))})")
        sentence = "; ".join(parts)
        return f"{sentence[0].upper()}{sentence[1:]}." if parts else ""


@dataclass(frozen=True, eq=False)
class CaptionedClips:
    """A data set, encoded.

    Attributes
    ----------
    clips
        All that could be used; queries [unique captions, d].
    keys
        Their names, which decide what is held out.
    fingerprint
        Of keys, captions and videos.
    skipped
        What could not be used.
    """

    clips: ClipLatents
    keys: tuple[str, ...]
    fingerprint: str
    skipped: Skipped

    def split(self) -> tuple[ClipLatents, ClipLatents]:
        """Clips to train on, and the held-out ones among all others: these are asked for, any clip is a negative."""
        held = held_out(self.keys, self.clips.caption)
        everything = self.clips
        training = ClipLatents(everything.latents[~held], everything.caption[~held], everything.queries)
        measured = ClipLatents(
            everything.latents, everything.caption, everything.queries, positives=np.flatnonzero(held)
        )
        return training, measured


def captioned_clips(
    data: str,
    encoder: Encoder,
    folder: Path,
    *,
    report: Callable[[int], None] = lambda done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> CaptionedClips:
    """Read and encode a data set; what is done lies in a folder, so that a stopped run goes on.

    What is kept is named by the video's content and the encoder: a changed data set is never mixed with the old one.

    Parameters
    ----------
    data
        A folder, searched recursively; a .tar; a folder of them; or a brace pattern, clips-{000..012}.tar.

    Raises
    ------
    UnusableInput
        If there is no such data, or too little of it can be used.
    Cancelled
        When `cancelled` says so.
    """
    skipped = Skipped()
    keys, captions, contents, latents = [], [], [], []
    with _kept(encoder, folder) as encode:
        for sample, content, encoded in _usable(data, encode, skipped, cancelled):
            keys.append(sample.key)
            captions.append(sample.caption)
            contents.append(content)
            latents.append(encoded)
            report(len(keys))
    unique = sorted(set(captions))
    _require_enough(data, len(keys), len(unique), skipped)
    texts = [encoder.encode_texts(unique[first : first + _TEXTS]) for first in range(0, len(unique), _TEXTS)]
    places = {caption: place for place, caption in enumerate(unique)}
    return CaptionedClips(
        ClipLatents(
            np.stack(latents), np.array([places[caption] for caption in captions], np.int64), np.concatenate(texts)
        ),
        tuple(keys),
        hashlib.sha256(json.dumps([keys, captions, contents]).encode()).hexdigest(),
        skipped,
    )


def _usable(
    data: str, encode: Encode, skipped: Skipped, cancelled: Callable[[], bool]
) -> Iterator[tuple[Sample, str, NDArray[np.float32]]]:
    """What can be learned from: samples, the hashes of their videos, their latents [M, d]."""
    for sample in samples(data, skipped):
        if cancelled():
            raise Cancelled
        if not any(character.isalnum() for character in sample.caption):
            skipped.wordless += 1
            continue
        try:
            content = sample.content
            encoded = encode(sample, content)
        except UnusableInput:
            skipped.unreadable += 1
            continue
        if len(encoded):
            yield sample, content, encoded
        else:
            skipped.unreadable += 1


def held_out(keys: tuple[str, ...], caption: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which clips [C] are never trained on: a tenth by a hash of their keys, at least one.

    Two captions are always left to train on.
    """
    places = [int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64 for key in keys]
    left = Counter(caption.tolist())
    held = np.zeros(len(keys), dtype=np.bool_)
    for index in np.argsort(places, kind="stable").tolist():
        if held.any() and places[index] >= HELD_OUT_SHARE:
            break
        shown = int(caption[index])
        if left[shown] == 1 and len(left) <= FEWEST_CAPTIONS:
            continue
        held[index] = True
        left[shown] -= 1
        if not left[shown]:
            del left[shown]
    return held


def samples(data: str, skipped: Skipped) -> Iterator[Sample]:
    """All videos of a data set with their captions, in the order of their names, of shards in theirs.

    Raises
    ------
    UnusableInput
        If there is no such folder or shard.
    """
    place = Path(data).expanduser()
    if place.is_dir():
        yield from _in_folder(place)
        shards = sorted(place.rglob("*.tar"))
    elif place.is_file():
        shards = [place]
    else:
        shards = _braced(data)
    for shard in shards:
        yield from _in_shard(shard, skipped)


def _in_folder(folder: Path) -> Iterator[Sample]:
    for video in sorted(path for path in folder.rglob("*") if path.suffix.lower()[1:] in VIDEOS and path.is_file()):
        beside = {ending: video.with_suffix(f".{ending}") for ending in ("txt", "json")}
        texts = {ending: _read(file) for ending, file in beside.items() if file.is_file()}
        key = video.relative_to(folder).with_suffix("").as_posix()
        yield Sample(key, _caption(texts), video, video.suffix.lower()[1:])


def _read(text: Path) -> bytes:
    """A caption's file; one that may not be read, or is no caption by its size, is as good as none."""
    try:
        return text.read_bytes() if text.stat().st_size <= _LONGEST else b""
    except OSError:
        return b""


def _braced(pattern: str) -> list[Path]:
    """The shards of a brace pattern. They are files: nothing is fetched, no command is run."""
    from webdataset.shardlists import expand_urls

    try:
        shards = [Path(name).expanduser() for name in expand_urls(pattern)]
    except ValueError as error:
        raise UnusableInput(f"--data cannot be {pattern!r} ({error}); write it like clips-{{000..012}}.tar.") from error
    missing = next((shard for shard in shards if not shard.is_file()), None)
    if missing is not None:
        raise UnusableInput(f"There is no folder or shard {missing}; check --data.")
    return shards


def _in_shard(shard: Path, skipped: Skipped) -> Iterator[Sample]:
    """Samples in the order in which they lie there."""
    from webdataset.tariterators import group_by_keys, tar_file_expander

    def passed_over(error: Exception) -> bool:
        skipped.shards.add(shard.name)
        return True

    def wanted(name: str) -> bool:
        return name.lower().endswith((".txt", ".json", *(f".{ending}" for ending in VIDEOS)))

    require_regular_file(shard)
    with shard.open("rb") as stream:
        members = tar_file_expander([{"url": str(shard), "stream": stream}], handler=passed_over, select_files=wanted)
        for sample in group_by_keys(members, handler=passed_over):
            ending = next((ending for ending in VIDEOS if ending in sample), None)
            if ending is not None:
                yield Sample(sample["__key__"], _caption(sample), sample[ending], ending)


def _caption(texts: dict[str, Any]) -> str:
    """First line of the txt; else the json's field caption or text; spaces as one."""
    texts = {kind: text for kind in ("txt", "json") if len(text := texts.get(kind, b"")) <= _LONGEST}
    first = texts.get("txt", b"").decode("utf-8-sig", errors="replace").strip().splitlines()[:1]
    if not first and texts.get("json"):
        try:
            facts = json.loads(texts["json"])
        except (ValueError, RecursionError):
            facts = None
        if isinstance(facts, dict):
            first = [found for name in ("caption", "text") if isinstance(found := facts.get(name), str)][:1]
    return " ".join("".join(first).split())


@contextmanager
def _kept(encoder: Encoder, folder: Path) -> Iterator[Encode]:
    """A way to encode a sample that looks into a folder first, and keeps there what it adds."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{encoder.identity} {FRAMES}".encode()).hexdigest()[:16]
    known: dict[str, NDArray[np.float32]] = {}
    for file in sorted(folder.glob(f"{name}-*.safetensors")):
        try:
            known |= load_file(file)
        except SafetensorError:
            file.unlink()
    added: dict[str, NDArray[np.float32]] = {}

    def save() -> None:
        if added:
            file = folder / f"{name}-{min(added)}.safetensors"
            save_file(added, file.with_suffix(".part"))
            file.with_suffix(".part").replace(file)
            added.clear()

    def encode(sample: Sample, content: str) -> NDArray[np.float32]:
        if content not in known:
            frames = _frames(sample)
            known[content] = added[content] = (
                encoder.encode_frames(frames) if frames else np.zeros((0, encoder.dimension), np.float32)
            )
            if len(added) >= _PART:
                save()
        return known[content]

    try:
        yield encode
    finally:
        save()


def _frames(sample: Sample) -> list[NDArray[np.uint8]]:
    """Frames of a clip, evenly from its first to its last; none where it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="slap-") as folder:
        path = sample.video if isinstance(sample.video, Path) else Path(folder) / f"clip.{sample.ending}"
        if isinstance(sample.video, bytes):
            path.write_bytes(sample.video)
        try:
            with VideoFile(path) as video:
                # As decoded: the file's own word on its length may be wrong.
                end = max(frame.time for frame in video.frames())
                return [video.at(float(time)).picture().image for time in np.linspace(0, end, FRAMES)]
        except (UnusableInput, OSError, ValueError):
            return []


def _require_enough(data: str, clips: int, captions: int, skipped: Skipped) -> None:
    if clips < FEWEST_CLIPS or captions < FEWEST_CAPTIONS:
        lost = skipped.sentence(clips).rstrip(".")
        raise UnusableInput(
            f"Training needs at least {FEWEST_CLIPS} clips and {FEWEST_CAPTIONS} different captions, but {data} has "
            f"{clips} and {captions}{f' ({lost})' if lost else ''}; {_LAYOUT}."
        )
