"""Where a moment lies among the times of frames."""

import numpy as np
from numpy.typing import NDArray


def nearest_index(times: NDArray[np.float64], time: float) -> int:
    """Index of the time nearest to a moment among ascending times [M ≥ 1]; of two as near the earlier."""
    after = int(np.searchsorted(times, time))
    if after == 0:
        return 0
    if after == len(times) or time - times[after - 1] <= times[after] - time:
        return after - 1
    return after
