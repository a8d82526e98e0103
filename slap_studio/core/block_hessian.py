"""The Riemannian Hessian of the cosine action as a block tridiagonal matrix, in tangent frames of few dimensions.

The formulas are those of `energies.hessian_product`; here they are written out as blocks, so that a Newton step
costs one banded Cholesky factorisation, O(N). Plain numpy in float64: at four coordinates per latent the
overhead of tensors would be most of the time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve_banded, cholesky_banded

from slap_studio.core.types import Kinetic, Physics

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Local:
    """Action, gradient and Hessian at a path [N + 2, m].

    Attributes
    ----------
    action
        S.
    gradient
        In the tangent frames [N, k], k = m − 1.
    frames
        Orthonormal tangent vectors of every hidden latent [N, m, k].
    bands
        Lower bands [2k, N·k] of the Hessian, as LAPACK takes them.
    """

    action: float
    gradient: Floats
    frames: Floats
    bands: Floats

    @property
    def residual(self) -> float:
        """Largest norm over the latents of the Riemannian gradient."""
        return float(np.linalg.norm(self.gradient, axis=1).max(initial=0.0))

    def newton_step(self, shift: float) -> Floats | None:
        """Ambient step [N, m] that solves (H + shift) ξ = −grad, or None where that matrix is not positive definite."""
        factor = self._factor(shift)
        if factor is None:
            return None
        return self.ambient(cho_solve_banded((factor, True), -self.gradient.ravel(), check_finite=False))

    def predicted(self, step: Floats) -> float:
        """Change of the action that the quadratic model expects of an ambient step [N, m]."""
        inner = np.einsum("nmk,nm->nk", self.frames, step).ravel()
        return float(self.gradient.ravel() @ inner + 0.5 * inner @ self._times(inner))

    @property
    def scale(self) -> float:
        """A bound of the Hessian's largest entries, to measure shifts and rounding by."""
        return float(np.abs(self.bands).max(initial=0.0))

    def descending_direction(self, lowest: float) -> Floats | None:
        """Unit tangent vector [N, m] along which the action curves down by at least `lowest` < 0, or None.

        Inverse iteration from a fixed vector: the shift that makes the matrix just positive definite lies
        next to the lowest eigenvalue.
        """
        if lowest == 0 or self._factor(-lowest) is not None:
            return None
        shift = -2 * lowest
        while (factor := self._factor(shift)) is None:
            shift *= 2
        vector = np.cos(np.arange(self.gradient.size))  # reproducible, and orthogonal to no eigenvector in practice
        for _ in range(30):
            vector = cho_solve_banded((factor, True), vector / np.linalg.norm(vector), check_finite=False)
        return self.ambient(vector / np.linalg.norm(vector))

    def ambient(self, inner: Floats) -> Floats:
        """A tangent vector of the frames [N·k] in the ambient space [N, m]."""
        ambient: Floats = np.einsum("nmk,nk->nm", self.frames, inner.reshape(self.gradient.shape))
        return ambient

    def _factor(self, shift: float) -> Floats | None:
        """Banded Cholesky factor of H + shift, or None where that is not positive definite."""
        bands = self.bands.copy()
        bands[0] += shift
        try:
            factor: Floats = cholesky_banded(bands, lower=True, overwrite_ab=True, check_finite=False)
        except np.linalg.LinAlgError:
            return None
        return factor

    def _times(self, inner: Floats) -> Floats:
        product: Floats = self.bands[0] * inner
        for below in range(1, len(self.bands)):
            band = self.bands[below, :-below]
            product[below:] += band * inner[:-below]
            product[:-below] += band * inner[below:]
        return product


def action(path: Floats, query: Floats, physics: Physics) -> float:
    """S of a path [N + 2, m] (design §2)."""
    speed = np.linalg.norm(path[1:] - path[:-1], axis=1)
    if physics.kinetic is Kinetic.GEODESIC:
        speed = 2 * np.arctan2(speed, np.linalg.norm(path[1:] + path[:-1], axis=1))
    kinetic = physics.mass / (2 * physics.time_step**2) * (speed**2).sum()
    # 1 − ⟨z, q⟩ without the cancellation, for strong couplings hold all latents near the query.
    return float(kinetic + physics.coupling / 2 * ((path[1:-1] - query) ** 2).sum())


def local(path: Floats, query: Floats, physics: Physics) -> Local:
    """Action, gradient and Hessian at a path [N + 2, m] of at least one hidden latent."""
    z = path[1:-1]
    frames = tangent_frames(z)
    first, second, cosines = _pairs(path, physics)
    # By differences: they keep the digits that the sum of two neighbours loses against twice the latent.
    ahead = first[:, None] * (path[1:] - path[:-1])
    pull = ahead[1:] - ahead[:-1] + physics.coupling * query
    gradient = -np.einsum("nmk,nm->nk", frames, pull)
    own = cosines[:-1] + cosines[1:] + physics.coupling * (z @ query)
    return Local(action(path, query, physics), gradient, frames, _bands(path, frames, first, second, own))


def tangent_frames(z: Floats) -> Floats:
    """Orthonormal tangent vectors [N, m, m − 1] at unit vectors [N, m], by Householder reflections."""
    m = z.shape[1]
    mirror = z.copy()
    mirror[:, -1] += np.where(z[:, -1] < 0, -1.0, 1.0)
    scaled = 2 * mirror / (mirror**2).sum(1, keepdims=True)
    frames: Floats = np.eye(m)[:, :-1] - mirror[:, :, None] * scaled[:, None, :-1]
    return frames


def _pairs(path: Floats, physics: Physics) -> tuple[Floats, Floats, Floats]:
    """c f, c k and c f u of every interval [N + 1]; see `energies.hessian_product`."""
    stiffness = physics.mass / physics.time_step**2
    apart = np.linalg.norm(path[1:] - path[:-1], axis=1)
    together = np.linalg.norm(path[1:] + path[:-1], axis=1)
    u = 1 - apart**2 / 2
    if physics.kinetic is Kinetic.CHORD:
        constant = np.full(len(u), stiffness)
        return constant, np.zeros(len(u)), constant * u
    theta = 2 * np.arctan2(apart, together)
    sine = np.maximum(apart * together / 2, 1e-75)
    small = theta < 1e-2
    f = np.where(small, 1 + theta**2 / 6 + 7 * theta**4 / 360, theta / sine)
    k = np.where(small, 1 / 3 + 2 / 15 * theta**2, (1 - f * u) / sine**2)
    return stiffness * f, stiffness * k, stiffness * f * u


def _bands(path: Floats, frames: Floats, first: Floats, second: Floats, own: Floats) -> Floats:
    """Lower bands [2k, N·k] from the blocks of every latent and of every pair of neighbours."""
    count, _, k = frames.shape
    to_left = np.einsum("nmk,nm->nk", frames, path[:-2])
    to_right = np.einsum("nmk,nm->nk", frames, path[2:])
    diagonal = own[:, None, None] * np.eye(k)
    diagonal = diagonal + second[:-1, None, None] * to_left[:, :, None] * to_left[:, None, :]
    diagonal += second[1:, None, None] * to_right[:, :, None] * to_right[:, None, :]
    # The block below: rows of the later latent, columns of the earlier.
    below = -first[1:-1, None, None] * np.einsum("nmi,nmj->nij", frames[1:], frames[:-1])
    below += second[1:-1, None, None] * to_left[1:, :, None] * to_right[:-1, None, :]
    bands = np.zeros((2 * k, count * k))
    for row in range(k):
        for column in range(k):
            if row >= column:
                bands[row - column, column::k] = diagonal[:, row, column]
            bands[k + row - column, column : (count - 1) * k : k] = below[:, row, column]
    return bands
