"""Extreme eigenvalues of a symmetric operator on the tangent spaces of a path, by Lanczos with reorthogonalisation.

ARPACK (scipy.sparse.linalg.eigsh) would do as well where it converges, but needs two to ten times the products here:
its short restarts lose the low end, which for a path's Laplacian is clustered. It also goes on from a random
vector of its own where the Krylov space is exhausted, which is the rule here: with the cosine alignment most
directions are alike. For Lanczos from a random vector an exhausted Krylov space is the exact answer.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_LOOK_EVERY = 5  # products between two looks at the Ritz values


@dataclass(frozen=True)
class Extremes:
    """Both ends of a spectrum, and how far they are known.

    Attributes
    ----------
    lowest, highest
        Extreme eigenvalues; −∞ and ∞ for an operator whose products are not finite.
    lowest_error, highest_error
        Residual norms of the Ritz vectors: an eigenvalue lies within this of each number.
    products
        How often the operator was applied.
    """

    lowest: float
    highest: float
    lowest_error: float
    highest_error: float
    products: int


def extreme_eigenvalues(
    product: Callable[[Tensor], Tensor],
    z: Tensor,
    *,
    seed: int = 0,
    tolerance: float = 1e-3,
    most_products: int = 600,
) -> Extremes:
    """Lowest and highest eigenvalue of a symmetric operator on the tangent spaces at unit vectors.

    The operator is met in tangent coordinates [N, d − 1], in which the normals to the sphere, on which it is zero or
    worse, do not exist. Steps are taken until both residuals fall below the tolerance; the error of a Ritz
    value is about the square of its residual over its gap, so that it is usually far better.

    Parameters
    ----------
    product
        Tangent vectors [N, d] at z to tangent vectors [N, d]; linear and symmetric.
    z
        Unit vectors [N, d], N ≥ 1; their precision and place are those of the arithmetic.
    seed
        Of the random vector that Lanczos begins from.
    tolerance
        Residual asked for, relative to the size of each eigenvalue.
    most_products
        Where to stop all the same; the basis takes this many times N·(d − 1) numbers at most.

    Returns
    -------
    Extremes
        Their errors tell whether the tolerance was met.
    """
    with torch.inference_mode():
        coordinates = _TangentCoordinates(z)
        size = z.shape[0] * (z.shape[1] - 1)
        generator = torch.Generator().manual_seed(seed)
        first = torch.randn(size, generator=generator, dtype=torch.float64).to(z)

        def applied(vector: Tensor) -> Tensor:
            return coordinates.of(product(coordinates.tangent(vector)))

        return _lanczos(applied, first, tolerance, min(most_products, size))


def _lanczos(applied: Callable[[Tensor], Tensor], first: Tensor, tolerance: float, most: int) -> Extremes:
    basis = first.new_empty((most, first.numel()))
    basis[0] = first / torch.linalg.vector_norm(first)
    diagonal: list[float] = []
    beside: list[float] = []
    rounding = torch.finfo(first.dtype).eps
    settled = False
    while True:
        known = basis[: len(diagonal) + 1]
        vector = applied(known[-1])
        diagonal.append(float(vector @ known[-1]))
        # Twice is enough (Parlett 1998, §6.9): after it the vector is orthogonal to rounding.
        for _ in range(2):
            vector = vector - known.T @ (known @ vector)
        left = float(torch.linalg.vector_norm(vector))
        if not (math.isfinite(diagonal[-1]) and math.isfinite(left)):
            return Extremes(-math.inf, math.inf, 0.0, 0.0, len(diagonal))
        scale = max(map(abs, diagonal + beside))
        ended = len(diagonal) == most or left <= 100 * rounding * scale
        if ended or len(diagonal) % _LOOK_EVERY == 0:
            found = _extreme_ritz_values(diagonal, beside, left, 10 * rounding * scale)
            # Settled in two looks: an eigenvector that the first vector hardly holds may come into sight late.
            before, settled = settled, _settled(found, tolerance)
            if ended or (before and settled):
                return found
        beside.append(left)
        basis[len(diagonal)] = vector / left


def _extreme_ritz_values(diagonal: list[float], beside: list[float], left: float, rounding: float) -> Extremes:
    """Ends of the tridiagonal matrix's spectrum; their residuals are β·|last component|, and what rounding adds."""
    from scipy.linalg import eigh_tridiagonal

    last = len(diagonal) - 1
    ends: list[float] = []
    for index in (0, last):
        values, vectors = eigh_tridiagonal(
            np.array(diagonal), np.array(beside), select="i", select_range=(index, index)
        )
        ends += [float(values[0]), left * abs(float(vectors[-1, 0])) + rounding]
    return Extremes(ends[0], ends[2], ends[1], ends[3], last + 1)


def _settled(found: Extremes, tolerance: float) -> bool:
    # An eigenvalue near zero has no digits relative to itself: it is asked for relative to the whole spectrum.
    least = 1e-5 * max(abs(found.lowest), abs(found.highest))
    ends = ((found.lowest, found.lowest_error), (found.highest, found.highest_error))
    return all(error <= tolerance * max(abs(value), least) for value, error in ends)


class _TangentCoordinates:
    """Tangent vectors at unit vectors z [N, d] as N·(d − 1) numbers, by one Householder reflection for each z.

    The reflection that takes z to an axis takes its tangent space to what is orthogonal to the axis, and keeps lengths.
    """

    def __init__(self, z: Tensor) -> None:
        mirror = z.clone()
        mirror[:, 0] += torch.where(z[:, 0] < 0, -1.0, 1.0)
        self._mirror = mirror / torch.linalg.vector_norm(mirror, dim=-1, keepdim=True)

    def of(self, tangent: Tensor) -> Tensor:
        """Coordinates [N·(d − 1)] of tangent vectors [N, d]."""
        return self._reflected(tangent)[:, 1:].reshape(-1)

    def tangent(self, coordinates: Tensor) -> Tensor:
        """Tangent vectors [N, d] of coordinates [N·(d − 1)]."""
        rows = coordinates.reshape(self._mirror.shape[0], -1)
        return self._reflected(torch.cat([torch.zeros_like(rows[:, :1]), rows], dim=1))

    def _reflected(self, vectors: Tensor) -> Tensor:
        along = (vectors * self._mirror).sum(-1, keepdim=True)
        return torch.addcmul(vectors, along, self._mirror, value=-2)
