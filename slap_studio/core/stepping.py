"""One step of the descent on buffers that stay where they are: what `core.energies` writes plainly, for the loop.

A step of 30 latents is some fifty operations on a few thousand numbers each. On a CPU it takes as long to begin one, to
make room for what it gives and to look up a part of an array as to compute it, so that everything that a step needs is
found once, before the first one.
"""

import torch
from torch import Tensor

from slap_studio.core.alignment import Alignment
from slap_studio.core.types import Kinetic, Physics


class Stepper:
    """The gradient of S and P along rows that move, and the step against that gradient.

    Parameters
    ----------
    rows
        Latents [R, d] in a row, R ≥ 2; all but the first and the last one move, in place.
    physics
        μ, λ, Δt and which T.
    alignment
        With its query in it.

    Attributes
    ----------
    moving
        The rows that move [R − 2, d].
    gradient
        Of S at these [R − 2, d], tangent to the sphere, as of the last `look`.
    aligned
        P there [R − 2], as of the last `look`.
    """

    def __init__(self, rows: Tensor, physics: Physics, alignment: Alignment) -> None:
        self.moving = rows[1:-1]
        self.gradient = torch.empty_like(self.moving)
        self.aligned = rows.new_empty(len(self.moving))
        self._physics = physics
        self._followed = alignment.following(self.moving)
        self._stiffness = physics.mass / physics.time_step**2
        self._left, self._right = rows[:-2], rows[2:]
        self._here, self._there = rows[:-1], rows[1:]
        self._between = torch.empty_like(self._here)
        self._ambient = torch.empty_like(self.moving)
        self._lengths = rows.new_empty((len(self.moving), 1))
        # ‖a − b‖ and ‖a + b‖ of neighbours one after another, so that what is done to both is done once.
        self._chords = rows.new_empty((2, len(self._here)))
        self._apart, self._together = self._chords.unbind()
        self._factor = rows.new_empty(len(self._here))
        self._from_left, self._from_right = self._factor[:-1, None], self._factor[1:, None]
        self._least = torch.finfo(rows.dtype).tiny ** 0.5
        self._nothing = rows.new_zeros(())

    def look(self) -> None:
        """Find the gradient and P where the rows are now: `core.energies.riemannian_gradient`, term by term."""
        self.aligned, pull = self._followed()
        ambient = self._ambient
        if self._physics.kinetic is Kinetic.GEODESIC:
            self._find_factor()
            torch.mul(self._left, self._from_left, out=ambient)
            ambient.addcmul_(self._right, self._from_right)
        else:
            torch.add(self._left, self._right, out=ambient)
            ambient.mul_(-self._stiffness)
        ambient.sub_(pull, alpha=self._physics.coupling)
        torch.mul(ambient, self.moving, out=self.gradient)
        torch.sum(self.gradient, -1, keepdim=True, out=self._lengths)
        torch.addcmul(ambient, self._lengths, self.moving, value=-1, out=self.gradient)

    def step(self, step_size: float) -> None:
        """Move the rows by −α times the gradient, and scale them back to the sphere."""
        moved = torch.add(self.moving, self.gradient, alpha=-step_size, out=self._ambient)
        torch.linalg.vector_norm(moved, dim=-1, keepdim=True, out=self._lengths)
        torch.div(moved, self._lengths, out=self.moving)

    def _find_factor(self) -> None:
        """−(μ/Δt²) θ/sin θ of neighbours, with sin θ = ‖a − b‖·‖a + b‖/2; finite where they agree or are antipodal."""
        torch.sub(self._here, self._there, out=self._between)
        torch.linalg.vector_norm(self._between, dim=-1, out=self._apart)
        torch.add(self._here, self._there, out=self._between)
        torch.linalg.vector_norm(self._between, dim=-1, out=self._together)
        self._chords.clamp_min_(self._least)
        torch.atan2(self._apart, self._together, out=self._factor)
        torch.mul(self._apart, self._together, out=self._apart)
        torch.addcdiv(self._nothing, self._factor, self._apart, value=-4 * self._stiffness, out=self._factor)
