"""Our problem as other people's solvers take it: action and gradient of the hidden latents, and a common rule to stop.

All of them get the same action and the same gradient, those of `core.energies` in float64, and the first gradient
within the tolerance ends the run, whatever the solver's own rule is. What differs is the way there.
"""

import numpy as np
import torch  # noqa: TID253 (only this benchmark loads it)
from numpy.typing import NDArray

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.energies import kinetic_energy, riemannian_gradient
from slap_studio.core.types import Physics, Problem

Floats = NDArray[np.float64]


class Enough(Exception):
    """The gradient just taken is within the tolerance, or it was the last one that may be taken."""


class Objective:
    """The cosine action as a function of the hidden latents [N, d], which says when to stop.

    Parameters
    ----------
    problem, physics
        What to solve.
    tolerance
        Of the residual, the largest norm over the latents of the Riemannian gradient.
    most
        How many gradients may be taken.

    Attributes
    ----------
    best, residual
        The latents [N, d] of the smallest residual so far, and that residual.
    evaluations
        How many gradients were taken.
    """

    def __init__(self, problem: Problem, physics: Physics, tolerance: float, most: int) -> None:
        self.problem, self.physics, self.tolerance, self.most = problem, physics, tolerance, most
        self._start, self._end, query = (
            torch.as_tensor(vector, dtype=torch.float64) for vector in (problem.start, problem.end, problem.query)
        )
        self._alignment = Cosine(query)
        self.best, self.residual, self.evaluations = self.great_arc(), float("inf"), 0
        self._at_arc = self._terms(self.best)

    def great_arc(self) -> Floats:
        """SLERP between the anchors [N, d], from which everyone begins."""
        arc: Floats = sphere.slerp(self._start, self._end, self.problem.hidden)[1:-1].numpy()
        return arc

    def action(self, hidden: Floats) -> float:
        """S of latents [N, d] less that of SLERP, term by term: line searches need the digits that a sum loses."""
        kinetic, potential = (now - before for now, before in zip(self._terms(hidden), self._at_arc, strict=True))
        return float(kinetic.sum() + potential.sum())

    def gradient(self, hidden: Floats) -> Floats:
        """The Riemannian gradient [N, d] at latents [N, d].

        Raises
        ------
        Enough
            If it is within the tolerance, or the last one that may be taken.
        """
        self.evaluations += 1
        gradient = self.judged(hidden)
        if self.residual <= self.tolerance or self.evaluations >= self.most:
            raise Enough
        return gradient

    def judged(self, hidden: Floats) -> Floats:
        """The Riemannian gradient [N, d], not counted; latents better than all before are kept."""
        path = self._between_anchors(hidden)
        gradient: Floats = riemannian_gradient(path, self.physics, self._alignment).numpy()
        residual = float(np.linalg.norm(gradient, axis=1).max())
        if residual < self.residual:
            self.best, self.residual = hidden.copy(), residual
        return gradient

    def path(self) -> Floats:
        """Anchors and the best latents [N + 2, d]."""
        path: Floats = self._between_anchors(self.best).numpy()
        return path

    def _terms(self, hidden: Floats) -> tuple[torch.Tensor, torch.Tensor]:
        """Kinetic energies [N + 1] and weighted potential energies [N], whose sum is the action."""
        path = self._between_anchors(hidden)
        return kinetic_energy(path, self.physics), -self.physics.coupling * self._alignment.value(path[1:-1])

    def _between_anchors(self, hidden: Floats) -> torch.Tensor:
        return torch.cat([self._start[None], torch.from_numpy(np.ascontiguousarray(hidden)), self._end[None]])
