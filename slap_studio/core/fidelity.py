"""How far a picture may be believed: whether what is near in it is near in the original space."""

import numpy as np

from slap_studio.core.ranking import lowest
from slap_studio.core.types import Array

NEIGHBOURS = 10
_SAME = 1e-3  # relative: distances that differ by less are one, as those of frames that share a latent


def kept(original: Array, picture: Array, count: int = NEIGHBOURS) -> Array:
    """For every point, the share of its nearest neighbours in the picture that are its neighbours in truth.

    Parameters
    ----------
    original, picture
        Distances [P, C] of the points to the same C others, in the original space and in the picture; infinite where
        one is no other.
    count
        How many neighbours are looked at; all where there are fewer.

    Returns
    -------
    Array
        0 to 1 [P]: of the nearest in the picture, those that are no farther in the original space than its own
        `count` nearest; 1 where there is none.
    """
    finite = np.isfinite(original).sum(1).min(initial=original.shape[1])
    looked_at = min(count, int(finite))
    if looked_at < 1:
        return np.ones(len(original))
    nearest = lowest(picture, looked_at)
    farthest = np.partition(original, looked_at - 1, axis=1)[:, looked_at - 1]
    near = np.take_along_axis(original, nearest, axis=1) <= farthest[:, None] * (1 + _SAME) + 1e-6
    share: Array = near.mean(1)
    return share


def distances(points: Array, others: Array) -> Array:
    """Euclidean distances [P, C] of points [P, D] and others [C, D]."""
    squared = (points**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * points @ others.T
    apart: Array = np.sqrt(np.maximum(squared, 0))
    return apart
