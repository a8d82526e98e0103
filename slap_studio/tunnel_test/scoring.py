"""From what a method gave to what it is worth: accuracy, persistence and drift, each with its interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array

RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A mean over clips with its bootstrap interval, 95% (percentile method; Efron & Tibshirani 1993, §13)."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(values: Array, seed: int) -> Interval:
    """Mean of one value per clip [C], and the middle 95% of the means of clips drawn again with replacement."""
    dice = np.random.default_rng((seed, 13))
    drawn = dice.integers(len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def correct(mismatch: Array, truth: NDArray[np.intp]) -> Array:
    """Whether each clip's answer is the true object [C]: 1 where its candidate's summed mismatch is the lowest.

    Parameters
    ----------
    mismatch
        [C, 5, N], of every hidden step under every candidate; lower is better.
    truth
        Index of the true candidate [C].
    """
    answers = mismatch.sum(axis=2).argmin(axis=1)
    right: Array = np.equal(answers, truth).astype(np.float64)
    return right


def persistent(mismatch: Array, truth: NDArray[np.intp]) -> Array:
    """Share of each clip's hidden steps at which the true object fits best [C], from [C, 5, N]."""
    shares: Array = (mismatch.argmin(axis=1) == truth[:, None]).mean(axis=1)
    return shares


def persistence(share: float) -> float:
    """Our score from 1 to 5: 1 + 4 × the share of hidden steps whose best candidate is the true object.

    The paper's score of the same range was given by GPT-4 and is another quantity.
    """
    return 1 + 4 * share


def drift(latents: Array, truth: Array) -> Array:
    """D_sem of each clip [C]: mean cosine distance of its hidden latents [C, N, d] to the true ones (design §2)."""
    distances: Array = (1 - (latents * truth).sum(axis=-1)).mean(axis=-1)
    return distances
