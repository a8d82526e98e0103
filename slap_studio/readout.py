"""The readout of a path: what its latents read as, and whether what goes in is what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slap_studio.core.readout import shares
from slap_studio.core.types import Array
from slap_studio.tunnel.captions import EMPTY_CAPTIONS, PLAIN_CAPTIONS

MOST = 5  # candidates that are drawn by name; the rest are grouped
OTHERS = "others"
BESIDE = 3  # observed frames on either side of the gap that say what goes in and comes out


@dataclass(frozen=True, eq=False)
class Readout:
    """Shares of candidates along a path.

    Attributes
    ----------
    labels
        Of the candidates, in the order of their shares over the whole path; the last may be `OTHERS`.
    shares
        [N + 2, C], each row adding up to one.
    entering, leaving
        What the last three observed frames before the gap, and the first three after it, read as; an empty place does
        not count.
    """

    labels: tuple[str, ...]
    shares: Array
    entering: str
    leaving: str

    @property
    def swapped(self) -> bool:
        """Whether what comes out reads as something else than what went in."""
        return self.entering != self.leaving


def candidates_of(asked: Sequence[str], query: str, *, built_in: bool) -> tuple[str, ...]:
    """The candidates that were asked for; without any, what the built-in encoder's world holds, or the query."""
    if asked:
        return tuple(asked)
    return PLAIN_CAPTIONS if built_in else (query, "an empty scene")


def read(path: Array, observed: tuple[Array, Array], texts: Sequence[str], vectors: Array, scale: float) -> Readout:
    """Read a path [N + 2, d].

    Parameters
    ----------
    observed
        Latents of the observed frames before and after the gap, in the order of time.
    texts, vectors
        Candidates and their latents [C, d].
    scale
        The encoder's own, see `core.readout`.
    """
    every = shares(path, vectors, scale)
    before, after = observed
    # A place without its object says nothing of what went in.
    things = [index for index, text in enumerate(texts) if text not in EMPTY_CAPTIONS] or list(range(len(texts)))
    entering, leaving = (
        texts[things[int(shares(near, vectors[things], scale).mean(axis=0).argmax())]]
        for near in (before[-BESIDE:], after[:BESIDE])
    )
    # What the anchors read as is always named, the rest by its share over the whole path.
    first = [int(every[0].argmax()), int(every[-1].argmax())]
    order = [int(index) for index in np.argsort(-every.sum(axis=0), kind="stable")]
    kept = sorted(list(dict.fromkeys([*first, *order]))[:MOST], key=order.index)
    labels, drawn = [texts[index] for index in kept], every[:, kept]
    if len(texts) > MOST:
        labels.append(OTHERS)
        drawn = np.concatenate([drawn, np.maximum(1 - drawn.sum(axis=1, keepdims=True), 0)], axis=1)
    return Readout(tuple(labels), drawn, entering, leaving)
