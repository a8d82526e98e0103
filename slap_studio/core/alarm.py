"""The tunnel alarm: latents that no real frame comes near, held against how near real frames come to one another.

A hidden latent z_t of a gap with N latents lies a_t = min over observed c of ∠(z_t, f_c) from its nearest observed
frame. What is usual is what an observed frame would have in its place: were frame i in the middle of such a gap, the
frames left to it would be those at least h = ⌈(N + 1)/2⌉ frames away, the nearest of them at

    b_i = min over observed j, |i − j| ≥ h, of ∠(f_i, f_j).

The alarm goes off where a_t exceeds the 90th percentile of the b_i. It does not say that a latent is wrong: the true
frames of a gap may be new as well.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.search import FEW, Search
from slap_studio.core.thinning import evenly
from slap_studio.core.types import Array

PERCENTILE = 90.0
MOST = 128  # b_i that are looked at in a long clip, taken evenly; each against all observed frames
FEWEST = 8  # b_i from which a percentile can be read


@dataclass(frozen=True, eq=False)
class Alarm:
    """What was found on a path.

    Attributes
    ----------
    limit
        Degrees, as `usual_distance` gives it.
    raised
        Which hidden latents lie farther than that from every observed frame [N].
    """

    limit: float
    raised: NDArray[np.bool_]

    @property
    def sentence(self) -> str:
        """For people; empty where all is well."""
        count, hidden = int(self.raised.sum()), len(self.raised)
        if not count:
            return ""
        lie = f"{count} of {hidden} latents lie" if hidden > 1 else "The latent lies"
        return (
            f"{lie} more than {self.limit:.0f}° from every observed frame. Of the observed frames, {PERCENTILE:.0f} % "
            "have another within that angle, even without those nearer in time than half the gap."
        )


def usual_distance(observed: Array, indices: NDArray[np.intp], hidden: int) -> float:
    """How far an observed frame would lie from the others in the middle of such a gap, in degrees.

    The 90th percentile of the b_i; infinite where fewer than eight frames have another at least h away, so that
    nothing is alarming.

    Parameters
    ----------
    observed
        Observed frames' latents [C, d].
    indices
        Which of the sampled frames they are [C].
    hidden
        N.
    """
    half = -(-(hidden + 1) // 2)
    apart = np.abs(indices[:, None] - indices[None]) >= half
    usable = apart.any(axis=1)
    if usable.sum() < FEWEST:
        return float("inf")
    nearest = np.where(apart, observed @ observed.T, -1.0).max(axis=1)[usable]
    return float(np.percentile(_degrees(nearest), PERCENTILE))


def usual_in(search: Search, indices: NDArray[np.intp], hidden: int) -> float:
    """As `usual_distance` of the observed frames among a clip's; in a long clip by the b_i of some of them."""
    if len(search.frames) <= FEW:
        return usual_distance(search.frames[indices], indices, hidden)
    half = -(-(hidden + 1) // 2)
    some = indices[evenly(len(indices), MOST)]
    some = some[(some - indices[0] >= half) | (indices[-1] - some >= half)]
    if len(some) < FEWEST:
        return float("inf")
    return float(np.percentile(_degrees(search.nearest_apart(some, indices, half)), PERCENTILE))


def tunnel_alarm(hidden: Array, observed: Array, limit: float) -> Alarm:
    """Hold hidden latents [N, d] against observed ones [C, d]: alarming is where min_c ∠(z, f_c) exceeds the limit."""
    return alarm_of((hidden @ observed.T).max(axis=1, initial=-1.0), limit)


def alarm_of(similarity: Array, limit: float) -> Alarm:
    """The alarm of hidden latents by the similarity of the nearest observed frame [N]."""
    return Alarm(limit, _degrees(np.nan_to_num(similarity, nan=-1.0)) > limit)


def _degrees(cosines: Array) -> Array:
    angles: Array = np.degrees(np.arccos(np.clip(cosines.astype(np.float64), -1, 1)))
    return angles
