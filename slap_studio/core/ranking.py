"""The few lowest of many values in every row, without sorting all of them."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array

_BLOCK = 32  # values in a row that are looked at together


def lowest(values: Array, count: int) -> NDArray[np.intp]:
    """Indices [P, count] of the lowest of values [P, C] in their order; of equal ones the first comes first.

    What `argsort` with a stable sort gives, in time C instead of C log C: the lowest `count` lie in the `count` blocks
    whose own lowest are the lowest.
    """
    rows, columns = values.shape
    whole = columns // _BLOCK * _BLOCK
    if count < 1 or whole // _BLOCK <= 2 * count:
        if values.dtype == np.float32 and 0 < count < columns:
            return _lowest_by_keys(values, count)
        return np.argsort(values, axis=1, kind="stable")[:, :count]
    blocks = values[:, :whole].reshape(rows, whole // _BLOCK, _BLOCK).min(axis=2)
    chosen = np.sort(np.argsort(blocks, axis=1, kind="stable")[:, :count], axis=1)
    inside = (chosen[:, :, None] * _BLOCK + np.arange(_BLOCK)).reshape(rows, count * _BLOCK)
    rest = np.broadcast_to(np.arange(whole, columns), (rows, columns - whole))
    candidates = np.concatenate([inside, rest], axis=1)
    order = np.argsort(np.take_along_axis(values, candidates, axis=1), axis=1, kind="stable")[:, :count]
    return np.take_along_axis(candidates, order, axis=1)


def _lowest_by_keys(values: Array, count: int) -> NDArray[np.intp]:
    """The same of few values in float32, in a third of a stable sort's time.

    Each becomes a whole number whose upper half is ordered as the values are and whose lower half is its column: no
    two are equal, so that any sort is a stable one.
    """
    # What is no number comes last, and −0 is no lower than 0.
    bits = (np.fmin(values, np.float32(np.inf)) + np.float32(0)).view(np.int32)
    # Of negative floats the bits but the first fall as the value rises.
    bits ^= (bits >> 31) & 0x7FFFFFFF
    keys = bits.astype(np.int64) << 32 | np.arange(values.shape[1])
    columns: NDArray[np.intp] = np.sort(np.partition(keys, count - 1, axis=1)[:, :count], axis=1) & 0xFFFFFFFF
    return columns
