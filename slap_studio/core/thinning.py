"""Which of many are taken where all would be too many: evenly in time, or so that no picture covers another."""

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


def evenly(count: int, most: int) -> NDArray[np.intp]:
    """Indices of at most so many of a count of frames in the order of time, the first and the last among them."""
    if count <= most:
        return np.arange(count, dtype=np.intp)
    return np.round(np.linspace(0, count - 1, most)).astype(np.intp)
