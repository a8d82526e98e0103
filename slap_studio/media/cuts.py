"""Hard cuts: where the picture of a clip is another at once, so that no path across it means anything.

Two frames differ by the share of their 32 × 18 blurred cells whose colours lie more than 12 apart in Lab. A cut is
where neighbours among the sampled frames differ by more than 0.35 and by 2.5 times as much as their surroundings do,
and where the pictures further out differ as well: a pan is no cut, and neither is a flash. Fades and dissolves are
none either.

All sampled frames are looked at, the hidden ones too, and this is for the warning alone: the solver sees none of it.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST = 3000  # frames: in a longer clip the search would keep people waiting
CELLS = (32, 18)
_APART = 12.0  # in Lab as OpenCV keeps it in bytes
_CHANGED, _STANDS_OUT = 0.35, 2.5
_SURROUNDINGS, _USUAL = 4, 80  # neighbours on each side, and their percentile: another cut near by hides none


def find_cuts(times: NDArray[np.float64], thumbnails: Sequence[bytes]) -> NDArray[np.float64]:
    """Times in seconds of the first frame after each cut; none is looked for in more than 3000 frames.

    Parameters
    ----------
    times
        Of the sampled frames [M], seconds.
    thumbnails
        Their JPEG bytes.
    """
    if len(times) > LONGEST:
        return np.empty(0)
    cells = [_cells(data) for data in thumbnails]
    changed = np.array([_difference(*pair) for pair in pairwise(cells)])
    found = [index for index in range(len(changed)) if _stands_out(changed, index) and _stays(cells, index)]
    return times[np.array(found, dtype=np.intp) + 1]


def cuts_between(cuts: NDArray[np.float64], before: float, after: float) -> tuple[float, ...]:
    """Those among the cuts that lie between the anchors at two times in seconds."""
    return tuple(float(cut) for cut in cuts if before < cut <= after)


def sentence(cuts: Sequence[float]) -> str:
    """For people: what was found in a gap; empty where nothing was."""
    if not cuts:
        return ""
    where = ", ".join(f"{cut:.2f}" for cut in cuts[:5]) + (" …" if len(cuts) > 5 else "")
    return (
        f"The clip is cut inside the gap, at {where} s: before and after are different shots, and a smooth path from "
        "one to the other means nothing; let the gap begin or end there. To find cuts all sampled frames were looked "
        "at, the hidden ones too; the solver saw none of these."
    )


def _cells(data: bytes) -> NDArray[np.float32]:
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    small = cv2.cvtColor(cv2.resize(picture, CELLS, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB)
    blurred: NDArray[np.float32] = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1.0)
    return blurred


def _difference(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """The share of the cells that changed, 0 to 1."""
    return float((np.linalg.norm(first - second, axis=2) > _APART).mean())


def _stands_out(changed: NDArray[np.float64], index: int) -> bool:
    low = max(0, index - _SURROUNDINGS)
    around = np.concatenate([changed[low:index], changed[index + 1 : index + 1 + _SURROUNDINGS]])
    usual = float(np.percentile(around, _USUAL)) if len(around) else 0.0
    return bool(changed[index] > max(_CHANGED, _STANDS_OUT * usual))


def _stays(cells: Sequence[NDArray[np.float32]], index: int) -> bool:
    """Whether what came stays and what went does not come back at once, as it would after a flash."""
    further = [(index, index + 2), (index - 1, index + 1)]
    pairs = [(first, second) for first, second in further if first >= 0 and second < len(cells)]
    return all(_difference(cells[first], cells[second]) > _CHANGED for first, second in pairs)
