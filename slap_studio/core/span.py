"""The cosine problem in four dimensions: everything that its path can do lies in a span of four vectors.

The cosine action knows a latent only by its inner products with its neighbours, with the anchors and with the
query. So the flow from SLERP never leaves the span of start, end and query; and all directions that are
orthogonal to these three are alike, so that one of them stands for all. Energies, gradients and the extreme
eigenvalues of the Hessian in these four coordinates are those in d dimensions, at a cost that knows no d.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from slap_studio.core import sphere
from slap_studio.core.types import Array, Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Span:
    """Orthonormal basis of the span, and the problem's vectors in it.

    Attributes
    ----------
    basis
        Rows [m, d], m = min(d, 4).
    start, end, query
        Coordinates [m], of unit length.
    """

    basis: Floats
    start: Floats
    end: Floats
    query: Floats

    def coordinates(self, latents: Array) -> Floats:
        """The latents [..., d] in the span [..., m], scaled back to the sphere; what stands out of it is dropped."""
        return _unit(np.asarray(latents, dtype=np.float64) @ self.basis.T)

    def latents(self, coordinates: Floats) -> Floats:
        """The coordinates [..., m] as latents [..., d]."""
        lifted: Floats = coordinates @ self.basis
        return lifted


def span_of(problem: Problem) -> Span:
    """The span of a problem's start, end and query, with one direction more.

    Antipodal anchors span no plane; the one that SLERP chooses for them is taken.
    """
    start, end, query = (
        _unit(np.asarray(vector, dtype=np.float64)) for vector in (problem.start, problem.end, problem.query)
    )
    if problem.dimension <= 4:
        basis = np.eye(problem.dimension)
    else:
        towards = sphere.direction(torch.from_numpy(start), torch.from_numpy(end)).numpy()
        basis = _completed(np.stack([start, towards, query], axis=1))
    return Span(basis, _unit(basis @ start), _unit(basis @ end), _unit(basis @ query))


def great_arc(span: Span, hidden: int) -> Floats:
    """SLERP between the anchors [N + 2, m]."""
    arc: Floats = sphere.slerp(torch.from_numpy(span.start), torch.from_numpy(span.end), hidden).numpy()
    return arc


def _completed(columns: Floats) -> Floats:
    """Orthonormal rows [4, d]: a basis of the columns [d, 3], and the axis that leans on them least."""
    # Householder's Q is orthonormal even where the columns are dependent.
    three, _ = np.linalg.qr(columns)
    axis = np.zeros((len(columns), 1))
    axis[np.argmin((three**2).sum(1))] = 1
    four, _ = np.linalg.qr(np.concatenate([three, axis], axis=1))
    return np.ascontiguousarray(four.T)


def _unit(vectors: Floats) -> Floats:
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
