"""The slice: the great 2-sphere through start, end and query.

The cosine action knows a latent only by its inner products with its neighbours, the anchors and the query, so that
its whole problem lives here and is shown without any projection. A learned alignment may pull a latent out of it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from slap_studio.core import sphere
from slap_studio.core.types import Array, Problem

Floats = NDArray[np.float64]

_FLAT = 1e-6  # a query nearer to the anchors' plane than float32 can tell lies in it


@dataclass(frozen=True, eq=False)
class Slice:
    """Orthonormal rows [3, d]: to the middle of the arc from start to end, along it, and from its plane to the query.

    In less than three dimensions the last row is zero.
    """

    basis: Floats

    def coordinates(self, latents: Array) -> Floats:
        """Inner products [..., 3] of latents [..., d] with the rows."""
        found: Floats = np.asarray(latents, dtype=np.float64) @ self.basis.T
        return found

    def place(self, latents: Array) -> Floats:
        """The nearest points [..., 3] of the slice, of unit length; where all are equally near, the arc's middle."""
        inside = self.coordinates(latents)
        length = np.linalg.norm(inside, axis=-1, keepdims=True)
        middle = np.array([1.0, 0.0, 0.0])
        return np.where(length > _FLAT, inside / np.maximum(length, _FLAT), middle)

    def outside(self, latents: Array) -> Floats:
        """Share [...] of the squared length of unit latents [..., d] that lies outside of the slice, 0 to 1."""
        left = np.asarray(latents, dtype=np.float64) - self.latents(self.coordinates(latents))
        share: Floats = np.clip((left**2).sum(-1), 0, 1)
        return share

    def latents(self, places: Array) -> Floats:
        """Latents [..., d] at places [..., 3] of the slice."""
        lifted: Floats = np.asarray(places, dtype=np.float64) @ self.basis
        return lifted


def slice_of(problem: Problem) -> Slice:
    """The slice of a problem, by Gram and Schmidt.

    Anchors that coincide or are antipodal span no plane; the one that SLERP chooses for them is taken. A query in the
    anchors' plane has no side; the coordinate axis that leans on that plane least gives one.
    """
    start, end, query = (
        np.asarray(vector, dtype=np.float64) / np.linalg.norm(vector.astype(np.float64))
        for vector in (problem.start, problem.end, problem.query)
    )
    first, last = torch.from_numpy(start), torch.from_numpy(end)
    towards = sphere.direction(first, last).numpy()
    half = float(sphere.angle(first, last)) / 2
    plane = np.stack([np.cos(half) * start + np.sin(half) * towards, np.cos(half) * towards - np.sin(half) * start])
    return Slice(np.concatenate([plane, _side(plane, query)[None]]))


def _side(plane: Floats, query: Floats) -> Floats:
    """Unit vector [d] across the plane [2, d], towards the query where that has a side."""
    across = _out_of(plane, query)
    if np.linalg.norm(across) <= _FLAT:
        if len(query) < 3:
            return np.zeros_like(query)
        axis = np.zeros_like(query)
        axis[np.argmin((plane**2).sum(0))] = 1
        across = _out_of(plane, axis)
    unit: Floats = across / np.linalg.norm(across)
    # Once more: of a short remainder, rounding is a large part.
    unit = _out_of(plane, unit)
    scaled: Floats = unit / np.linalg.norm(unit)
    return scaled


def _out_of(plane: Floats, vector: Floats) -> Floats:
    left: Floats = vector - (plane @ vector) @ plane
    return left
