"""Which of many pictures can be shown so that none covers another."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array


def thinned(places: Array, width: float, height: float) -> NDArray[np.intp]:
    """Indices of places [P, 2] at which boxes of one size do not overlap: each in turn, where it still has room."""
    chosen: list[int] = []
    taken = np.empty((len(places), 2))
    for index, place in enumerate(places):
        away = np.abs(taken[: len(chosen)] - place)
        if ((away[:, 0] >= width) | (away[:, 1] >= height)).all():
            taken[len(chosen)] = place
            chosen.append(index)
    return np.array(chosen, dtype=np.intp)
