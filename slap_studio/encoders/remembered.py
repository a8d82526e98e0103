"""An encoder as it was last time: what it said is kept, and its model is loaded when something new is asked.

Loading open_clip takes seconds. A clip that was embedded before, with a query that was asked before, needs none of it.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.encoder import Encoder, Source
from slap_studio.encoders.familiarity import Familiarity
from slap_studio.media.files import content_hash, replacing
from slap_studio.media.zipped import DAMAGED, require_whole
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from torch import Tensor

FORMAT = 1
LARGEST = 1 << 30  # bytes of a memory
MOST = 64  # lists of texts whose latents are kept, the newest

Load = Callable[[], Encoder]
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, eq=False)
class Said:
    """What an encoder said.

    Attributes
    ----------
    identity, dimension, scale
        Of the encoder.
    latents
        Unit latents [T, d] of lists of texts, by the list.
    unknown
        Words that it never saw, by the text.
    """

    identity: str
    dimension: int
    scale: float
    latents: dict[tuple[str, ...], NDArray[np.float32]] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Remembered(Encoder):
    """Answers from memory, or has the model loaded and remembers what that says.

    Parameters
    ----------
    origin, device
        Of the encoder.
    place
        The file of its memory.
    said
        What it said before.
    load
        Gives the encoder itself.
    """

    def __init__(self, origin: Source, device: str, place: Path, said: Said, load: Load) -> None:
        self.label, self.built_in = origin.label, origin.folder == encoders.built_in_folder()
        self.device, self.identity = device, said.identity
        self.dimension, self.scale = said.dimension, said.scale
        self._familiarity = Familiarity.beside(origin.folder) if origin.folder else None
        self._place, self._said, self._load = place, said, load
        self._whole: Encoder | None = None
        # The clip's thread embeds frames while the solver's asks for a text.
        self._loading = Lock()

    def whole(self) -> Encoder:
        """The encoder with its model, loaded now if it has not been.

        Raises
        ------
        UnusableInput
            If its weights are gone or damaged.
        """
        with self._loading:
            if self._whole is None:
                self._whole = self._load()
            return self._whole

    def prepared(self, image: NDArray[np.uint8]) -> "Tensor":
        """An RGB image [H, W, 3] as the model takes it [3, S, S]; may be called from several threads."""
        return self.whole().prepared(image)

    def encode_prepared(self, images: "Sequence[Tensor]") -> NDArray[np.float32]:
        """Unit latents [B, d] of prepared images."""
        return self.whole().encode_prepared(images)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit latents [T, d] of several queries at once.

        Raises
        ------
        UnusableInput
            If one of the texts holds no word or number.
        """
        # A text alone and the same text in a list may differ in the last bit: lists are remembered as they were asked.
        latents = self._said.latents.get(tuple(texts))
        if latents is None:
            latents = self.whole().encode_texts(texts)
            self._remember(replace(self._said, latents=_newest(self._said.latents, tuple(texts), latents)))
        return latents

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Words of a query that the built-in encoder never saw; other encoders spell any word."""
        if not self.built_in:
            return ()
        words = self._said.unknown.get(text)
        if words is None:
            words = self.whole().unknown_words(text)
            self._remember(replace(self._said, unknown=_newest(self._said.unknown, text, words)))
        return words

    def _remember(self, said: Said) -> None:
        self._said = said
        # What cannot be kept is asked again next time.
        try:
            _keep(self._place, said)
        except UnusableInput:
            return


def recall(name: str, device: str, folder: Path) -> Remembered:
    """The encoder of a name: remembered from an earlier run, or loaded and remembered from now on.

    Parameters
    ----------
    folder
        Of the memories.

    Raises
    ------
    UnusableInput
        If the name is unknown, or the encoder has to be loaded and cannot be.
    """
    origin = encoders.source(name)
    place = folder / f"{_key(origin)}.npz"
    said = _kept(place)
    if said is not None:
        return Remembered(origin, device, place, said, lambda: encoders.load(name, device))
    whole = encoders.load(name, device)
    return Remembered(origin, device, place, Said(whole.identity, whole.dimension, whole.scale), lambda: whole)


def _key(origin: Source) -> str:
    """What an encoder's words depend on: its files, or its name where open_clip keeps them, and open_clip itself."""
    files = [origin.file, *sorted(origin.folder.glob("*"))] if origin.folder else [origin.file]
    hashes = [content_hash(file) for file in files if file is not None and file.is_file()]
    depends_on = (str(FORMAT), version("open_clip_torch"), origin.model, str(origin.pretrained), *hashes)
    return hashlib.sha256("\0".join(depends_on).encode()).hexdigest()[:40]


def _newest(kept: dict[_K, _V], key: _K, value: _V) -> dict[_K, _V]:
    return dict([*kept.items(), (key, value)][-MOST:])


def _keep(place: Path, said: Said) -> None:
    facts = asdict(replace(said, latents={}, unknown={}))
    facts |= {"latents": [list(texts) for texts in said.latents], "unknown": list(said.unknown.items())}
    with replacing(place) as beside, beside.open("wb") as file:
        np.savez(
            file,
            facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
            latents=np.concatenate([np.zeros((0, said.dimension), np.float32), *said.latents.values()]),
        )


def _kept(place: Path) -> Said | None:
    """What was kept there; None if it is missing or damaged, which the archive's checksums tell."""
    try:
        with place.open("rb") as file:
            require_whole(file, LARGEST)
        with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            facts, latents = json.loads(stored["facts"].tobytes()), stored["latents"]
        lists = [tuple(str(text) for text in texts) for texts in facts["latents"]]
        ends = np.cumsum([0, *map(len, lists)])
        if latents.shape != (ends[-1], facts["dimension"]) or not np.isfinite(latents).all():
            return None
        return Said(
            str(facts["identity"]), int(facts["dimension"]), float(facts["scale"]),
            {texts: latents[ends[i] : ends[i + 1]] for i, texts in enumerate(lists)},
            {str(text): tuple(map(str, words)) for text, words in facts["unknown"]},
        )  # fmt: skip
    except DAMAGED:
        return None
