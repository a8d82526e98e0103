"""The most similar frames of a long clip, found exactly without looking at most of it.

Frames that follow one another resemble one another, so that a stretch of them lies within a small angle r of its mean
direction c. For a latent z no frame of the stretch is nearer than ∠(z, c) − r: a stretch whose bound falls short of
what was found already is left out.
"""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.ranking import lowest
from slap_studio.core.retrieval import nearest
from slap_studio.core.types import Array

FEW = 4096  # frames that are all looked at: bounds would cost more than they save
STRETCH = 32  # frames on end
_SEEDS = 3  # stretches of each latent that are looked at first
_ROUNDING = 2e-5  # of a cosine in float32


class Search:
    """Searches the frames of one clip; used by one thread at a time.

    Parameters
    ----------
    frames
        Latents of all frames [M, d], unit length, in the order of time.
    """

    def __init__(self, frames: Array) -> None:
        self.frames = frames
        self._allowed: tuple[NDArray[np.intp], NDArray[np.float32]] | None = None
        if len(frames) <= FEW:
            return
        self._whole = len(frames) // STRETCH
        self._stretches = frames[: self._whole * STRETCH].reshape(self._whole, STRETCH, -1)
        means = self._stretches.mean(axis=1)
        self._centres = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
        widest = np.einsum("bsd,bd->bs", self._stretches, self._centres).min(axis=1) - _ROUNDING
        self._cosines = np.clip(widest, -1, 1).astype(np.float32)
        self._sines = np.sqrt(1 - self._cosines**2)

    def nearest(self, latents: Array, candidates: NDArray[np.intp], count: int = 5) -> tuple[NDArray[np.intp], Array]:
        """As `retrieval.nearest` among all frames; candidates [C] ascend."""
        if len(self.frames) <= FEW or len(candidates) < count or not len(latents):
            return nearest(latents, self.frames, candidates, count)
        similarity, where = self._similarities(latents, self._penalty(candidates), count)
        order = lowest(-similarity, count)
        return where[order], np.take_along_axis(similarity, order, axis=1).astype(np.float32)

    def nearest_apart(self, rows: NDArray[np.intp], candidates: NDArray[np.intp], apart: int) -> Array:
        """Similarity [R] of frames, given by their indices, to the nearest candidate at least so many frames away.

        −1 where there is none. For long clips only.
        """
        penalty = self._penalty(candidates)
        bounds = self._bounds(self.frames[rows], penalty)
        begins = np.arange(self._whole) * STRETCH
        found = np.empty(len(rows), dtype=np.float32)
        for index, row in enumerate(rows):
            bound, latent = bounds[index], self.frames[row][None]
            # A stretch that may hold a frame too near in time is no first guess: its best one may not count.
            near = (begins < row + apart) & (begins + STRETCH > row - apart)
            first = np.argpartition(np.where(near, 2.0, -bound), _SEEDS)[:_SEEDS]
            best = self._best(latent, first, penalty, row, apart)
            more = np.flatnonzero(bound >= best - _ROUNDING)
            found[index] = max(best, self._best(latent, more, penalty, row, apart), -1.0)
        return found

    def _best(
        self, latent: Array, stretches: NDArray[np.intp], penalty: NDArray[np.float32], row: int, apart: int
    ) -> float:
        """Similarity of a latent [1, d] to the nearest frame of some stretches that is far enough away in time."""
        similarity, where = self._looked_at(latent, stretches, penalty)
        return float(np.where(np.abs(where - row) >= apart, similarity[0], -np.inf).max(initial=-np.inf))

    def _similarities(self, latents: Array, penalty: NDArray[np.float32], count: int) -> tuple[Array, NDArray[np.intp]]:
        """Similarities [N, E] to frames [E], ascending, among which are the `count` nearest of every latent."""
        bounds = self._bounds(latents, penalty)
        first = np.zeros(self._whole, dtype=bool)
        first[lowest(-bounds, max(_SEEDS, -(-count // STRETCH))).reshape(-1)] = True
        found, where = self._looked_at(latents, np.flatnonzero(first), penalty)
        enough = np.partition(found, -count, axis=1)[:, -count]
        more = (bounds >= enough[:, None] - _ROUNDING).any(axis=0) & ~first
        if not more.any():
            return found, where
        return self._looked_at(latents, np.flatnonzero(first | more), penalty)

    def _bounds(self, latents: Array, penalty: NDArray[np.float32]) -> Array:
        """How similar a frame of each stretch is to each latent at the most [N, B]."""
        cosines = np.clip(latents @ self._centres.T, -1, 1)
        apart = cosines * self._cosines + np.sqrt(1 - cosines**2) * self._sines
        bounds: Array = np.where(cosines >= self._cosines, 1.0, apart)
        empty = np.isinf(penalty[: self._whole * STRETCH].reshape(self._whole, STRETCH)).all(axis=1)
        bounds[:, empty] = -2.0
        return bounds

    def _looked_at(
        self, latents: Array, stretches: NDArray[np.intp], penalty: NDArray[np.float32]
    ) -> tuple[Array, NDArray[np.intp]]:
        """Similarities to all frames of some stretches and of the rest; minus infinity where one does not count."""
        if 2 * len(stretches) > self._whole:
            every: Array = latents @ self.frames.T
            every += penalty
            return every, np.arange(len(self.frames))
        inside = (stretches[:, None] * STRETCH + np.arange(STRETCH)).reshape(-1)
        where = np.concatenate([inside, np.arange(self._whole * STRETCH, len(self.frames))])
        some: Array = latents @ self.frames[where].T
        some += penalty[where]
        return some, where

    def _penalty(self, candidates: NDArray[np.intp]) -> NDArray[np.float32]:
        """0 for every frame that may be found, minus infinity for the others [M]; of the last candidates kept."""
        if self._allowed is None or self._allowed[0] is not candidates:
            penalty = np.full(len(self.frames), -np.inf, dtype=np.float32)
            penalty[candidates] = 0
            self._allowed = candidates, penalty
        return self._allowed[1]
