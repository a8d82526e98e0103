"""Latents of whole training clips with what they show: what the learned alignment learns from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from slap_studio.encoders.encoder import Encoder
from slap_studio.problems import Cancelled
from slap_studio.training.frames import RENDERED
from slap_studio.tunnel.captions import PLAIN_CAPTIONS, empty, identity
from slap_studio.tunnel.render import render
from slap_studio.tunnel.scene import Motion, Scene, random_scene, visible_fraction

FRAMES = 16  # of each clip, evenly over its duration, the hidden ones too
_NEIGHBOURS = 14  # captions: so many things share the colour or the shape of one
_PARTLY, _PARTLY_WEIGHT = (0.02, 0.75), 8  # shares of the thing that shows, and how much oftener they are drawn
_EMPTY_EVERY = 16  # one clip in so many shows nothing but the place
_PART = 50  # clips between two looks at whether the work is still wanted


@dataclass(frozen=True, eq=False)
class ClipLatents:
    """Latents of clips, and the queries that their captions are.

    Attributes
    ----------
    latents
        [C, M, d], M frames of each clip.
    caption
        [C], which of the queries is true of a clip as a whole.
    queries
        [Q, d], of the captions.
    weights
        How often each frame is drawn [C, M], positive; None for all alike.
    positives
        Indices of the clips that are asked for, where the others are negatives only; None for all.
    """

    latents: NDArray[np.float32]
    caption: NDArray[np.int64]
    queries: NDArray[np.float32]
    weights: NDArray[np.float32] | None = None
    positives: NDArray[np.int64] | None = None

    def draw(self, dice: np.random.Generator, clips: NDArray[np.int64]) -> NDArray[np.float32]:
        """A random frame [..., d] of each of some clips [...]."""
        frames = self.latents.shape[1]
        if self.weights is None:
            chosen = dice.integers(frames, size=clips.shape)
            alike: NDArray[np.float32] = self.latents[clips, chosen]
            return alike
        heaps = np.cumsum(self.weights[clips], axis=-1)
        heights = dice.random(clips.shape)[..., None] * heaps[..., -1:]
        drawn: NDArray[np.float32] = self.latents[clips, np.minimum((heights >= heaps).sum(axis=-1), frames - 1)]
        return drawn


def clip_latents(
    encoder: Encoder,
    seeds: Sequence[int],
    folder: Path,
    *,
    report: Callable[[int], None] = lambda done: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ClipLatents:
    """Render and encode the clips of scenes; what is done lies in a folder, so that a stopped run goes on.

    The caption is the clip's, as in the paper: a frame in which the object is hidden has it too. In one clip of sixteen
    nothing ever comes, and the caption says so: "an empty tunnel".

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for first in range(0, len(seeds), _PART):
        if cancelled():
            raise Cancelled
        parts.append(_part(encoder, seeds[first : first + _PART], folder))
        report(min(first + _PART, len(seeds)))
    return ClipLatents(
        np.concatenate([part["latents"] for part in parts]),
        np.concatenate([part["caption"] for part in parts]),
        np.stack([encoder.encode_text(caption) for caption in PLAIN_CAPTIONS]),
        _weights(np.concatenate([part["shown"] for part in parts])),
    )


def _part(encoder: Encoder, seeds: Sequence[int], folder: Path) -> dict[str, NDArray[np.generic]]:
    file = folder / f"{seeds[0]}-{len(seeds)}.safetensors"
    if not file.is_file():
        latents, captions, shown = zip(*(_clip(encoder, seed) for seed in seeds), strict=True)
        beside = file.with_suffix(".part")
        tensors = {"latents": np.stack(latents), "caption": np.array(captions, np.int64), "shown": np.stack(shown)}
        save_file(tensors, beside)
        beside.replace(file)
    part: dict[str, NDArray[np.generic]] = load_file(file)
    return part


def _clip(encoder: Encoder, seed: int) -> tuple[NDArray[np.float32], int, NDArray[np.float32]]:
    """Latents of a clip's frames, its caption's index, and how much of the thing shows in each."""
    scene, caption = _scene(seed)
    times = [float(time) for time in np.linspace(0, scene.duration, FRAMES)]
    latents = encoder.encode_frames([render(scene, time, RENDERED) for time in times])
    shown = np.array([visible_fraction(scene, time) for time in times], np.float32)
    return latents, PLAIN_CAPTIONS.index(caption), shown


def _weights(shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """Frames in which a part of the thing shows are few, and the ones from which there is most to learn."""
    partly = (shown > _PARTLY[0]) & (shown < _PARTLY[1])
    return np.where(partly, _PARTLY_WEIGHT, 1).astype(np.float32)


def _scene(seed: int) -> tuple[Scene, str]:
    """A scene and its caption."""
    scene = random_scene(seed)
    if seed % _EMPTY_EVERY:
        return scene, identity(scene.thing.colour, scene.thing.shape).text
    # What comes never comes into the picture.
    return replace(scene, motion=Motion(-9.0, -8.9)), empty(scene.occluder).text


@dataclass(frozen=True, eq=False)
class Batch:
    """Positives and negatives for the same queries.

    Attributes
    ----------
    query, positive
        [B, d]
    negative
        [B, K, d], frames of clips whose caption is another.
    """

    query: NDArray[np.float32]
    positive: NDArray[np.float32]
    negative: NDArray[np.float32]


def batch(clips: ClipLatents, dice: np.random.Generator, size: int, negatives: int, near: float = 0.0) -> Batch:
    """Draw a batch.

    Parameters
    ----------
    near
        Share of the negatives that come from the captions most like the query's own: "a red cube" beside "a red ball",
        which random clips would show once in nine times.
    """
    asked_for = np.arange(len(clips.caption)) if clips.positives is None else clips.positives
    chosen = asked_for[dice.integers(len(asked_for), size=size)]
    others = _others(clips, dice, chosen, negatives)
    hard = round(near * negatives)
    if hard:
        like = {caption: _like(clips, caption) for caption in np.unique(clips.caption[chosen])}
        for row, caption in enumerate(clips.caption[chosen]):
            others[row, :hard] = dice.choice(like[caption], hard)
    return Batch(
        clips.queries[clips.caption[chosen]],
        clips.draw(dice, chosen),
        clips.draw(dice, others),
    )


def _others(
    clips: ClipLatents, dice: np.random.Generator, chosen: NDArray[np.int64], negatives: int
) -> NDArray[np.int64]:
    """For each chosen clip, clips [B, K] with another caption."""
    # Twice as many as are needed: in the tunnel world one in 64 shows the same thing, and is passed over.
    drawn = dice.integers(len(clips.caption), size=(len(chosen), 2 * negatives))
    asked = clips.caption[chosen][:, None]
    order = np.argsort(clips.caption[drawn] == asked, axis=1, kind="stable")[:, :negatives]
    others = np.take_along_axis(drawn, order, axis=1)
    # Where many clips share a caption even these are too few.
    same = clips.caption[others] == asked
    for row in np.flatnonzero(same.any(axis=1)):
        others[row, same[row]] = dice.choice(np.flatnonzero(clips.caption != asked[row]), int(same[row].sum()))
    return others


def _like(clips: ClipLatents, caption: int) -> NDArray[np.int64]:
    """Clips whose captions are among the `_NEIGHBOURS` most like one."""
    there = np.unique(clips.caption)
    there = there[there != caption]
    likeness = clips.queries[there] @ clips.queries[caption]
    nearest = there[np.argsort(-likeness, kind="stable")[:_NEIGHBOURS]]
    return np.flatnonzero(np.isin(clips.caption, nearest))
