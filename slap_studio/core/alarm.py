"""The tunnel alarm: latents that no real frame comes near."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array

PERCENTILE = 99.0


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
        count = int(self.raised.sum())
        if not count:
            return ""
        return (
            f"{count} of {len(self.raised)} latents lie more than {self.limit:.0f}° from every observed frame, farther "
            "than observed frames lie from one another: no real frame looks like them."
        )


def usual_distance(observed: Array) -> float:
    """How far observed frames [C, d] lie from the others, in degrees.

    The 99th percentile over c of min_{c' ≠ c} ∠(f_c, f_c'); for a single frame 180, so that nothing is alarming.
    """
    if len(observed) < 2:
        return 180.0
    among = observed @ observed.T
    np.fill_diagonal(among, -1.0)
    return float(np.percentile(_degrees(among.max(axis=1)), PERCENTILE))


def tunnel_alarm(hidden: Array, observed: Array, limit: float) -> Alarm:
    """Hold hidden latents [N, d] against observed ones [C, d]: alarming is where min_c ∠(z, f_c) exceeds the limit."""
    return Alarm(limit, _degrees((hidden @ observed.T).max(axis=1, initial=-1.0)) > limit)


def _degrees(cosines: Array) -> Array:
    angles: Array = np.degrees(np.arccos(np.clip(cosines, -1, 1)))
    return angles
