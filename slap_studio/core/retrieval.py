"""The nearest observed frames of every latent, by cosine similarity in the original space."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.ranking import lowest
from slap_studio.core.types import Array


def nearest(
    latents: Array, frames: Array, candidates: NDArray[np.intp], count: int = 5
) -> tuple[NDArray[np.intp], Array]:
    """Find the frames most similar to each latent.

    Parameters
    ----------
    latents
        Unit vectors [N, d].
    frames
        Latents of all frames [M, d], unit length.
    candidates
        Indices [C ≥ 1] of the frames that may be found: the observed ones.
    count
        How many per latent.

    Returns
    -------
    indices
        Into `frames`, most similar first [N, count]; −1 where there are fewer candidates than asked for.
    similarity
        Cosine similarity [N, count]; NaN where the index is −1.
    """
    similarity = latents @ frames[candidates].T
    found = min(count, len(candidates))
    # Of two equally similar frames the earlier one comes first, on every machine.
    order = lowest(-similarity, found)
    indices = np.full((len(latents), count), -1, dtype=np.intp)
    values = np.full((len(latents), count), np.nan, dtype=np.float32)
    indices[:, :found] = candidates[order]
    values[:, :found] = np.take_along_axis(similarity, order, axis=1)
    return indices, values
