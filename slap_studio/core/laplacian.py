"""The kinetic energy's Laplacian, solved by scans: what the minimiser is preconditioned with."""

import math

import torch
from torch import Tensor


class ShiftedLaplacian:
    """The matrix T + s of N rows: 2 + s on the diagonal, −1 beside it (both ends fixed).

    With ρ + 1/ρ = 2 + s, ρ (T + s) = (1 − ρL)(1 − ρR) + ρ² e₁e₁ᵀ, where L and R shift by a row: two first-order
    recurrences, one forwards and one back, and a correction of rank one (Sherman–Morrison). A recurrence is a scan: by
    doubling (Hillis & Steele 1986) it takes log₂ N passes, each parallel over all rows.

    Parameters
    ----------
    shift
        s ≥ 0.
    like
        What is solved for has its rows [N, d], its precision and its place.
    """

    def __init__(self, shift: float, like: Tensor) -> None:
        half = 1 + shift / 2
        # The smaller root, without the cancellation of half − √(half² − 1).
        self._ratio = 1 / (half + math.sqrt(shift + shift * shift / 4))
        first = like.new_zeros(like.shape[-2], 1)
        first[0] = 1
        corner = self._swept(first)
        self._correction = corner * (self._ratio**2 / (1 + self._ratio**2 * corner[0]))

    def solve(self, right: Tensor) -> Tensor:
        """Return u [..., N, d] with (T + s) u = right."""
        swept = self._swept(right)
        return self._ratio * (swept - self._correction * swept[..., :1, :])

    def _swept(self, right: Tensor) -> Tensor:
        forwards = _recurred(right, self._ratio)
        return _recurred(forwards.flip(-2), self._ratio).flip(-2)


def _recurred(rows: Tensor, ratio: float) -> Tensor:
    """u_t = ratio · u_{t−1} + rows_t over [..., N, d], by doubling."""
    found, reach, weight = rows.clone(), 1, ratio
    while reach < rows.shape[-2] and weight > torch.finfo(rows.dtype).tiny:
        later = found[..., reach:, :] + weight * found[..., :-reach, :]
        found = torch.cat([found[..., :reach, :], later], dim=-2)
        reach, weight = 2 * reach, weight * weight
    return found
