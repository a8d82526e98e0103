"""The minimiser under any alignment: Newton's method on the sphere, its steps by preconditioned conjugate gradients.

A step needs no matrix, only products with the Hessian; it ends early, as soon as it is accurate enough or meets a
direction in which the action bends down (Steihaug 1983; Nocedal & Wright 2006, §7.1). What makes the kinetic energy
stiff, its Laplacian, is solved for directly as the preconditioner.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment
from slap_studio.core.energies import energies, hessian_product, riemannian_gradient
from slap_studio.core.laplacian import ShiftedLaplacian
from slap_studio.core.types import Array, Physics, Status

MOST_STEPS, MOST_PRODUCTS = 100, 400  # Newton's steps, and products with the Hessian in each
_PROMISED = 1e-4  # share of the decrease promised by the slope that a step must bring
_LONGEST = 1.0  # radians: beyond that no quadratic model of the sphere holds


@dataclass(frozen=True, eq=False)
class Reached:
    """Where the method stopped.

    Attributes
    ----------
    path
        The path [N + 2, d].
    residuals
        At the start and after every step.
    evaluations
        How often the gradient, or a product with the Hessian, was computed: each walks once through the alignment
        and back.
    status
        Why it stopped.
    """

    path: Tensor
    residuals: Array
    evaluations: int
    status: Status


def newton_krylov(
    path: Tensor, physics: Physics, alignment: Alignment, tolerance: float, cancelled: Callable[[], bool]
) -> Reached:
    """Minimise the action from a path [N + 2, d], N ≥ 1, until the residual is within the tolerance.

    Where rounding hides what is left of the gradient it says so. It goes downhill all the way, but whether the Hessian
    is positive where it stops is for the certificates to say.
    """
    residuals: list[float] = []
    actions = [float(energies(path, physics, alignment).action)]
    evaluations = 0
    for _ in range(MOST_STEPS):
        gradient = riemannian_gradient(path, physics, alignment)
        evaluations += 1
        residuals.append(float(torch.linalg.vector_norm(gradient, dim=-1).max()))
        if residuals[-1] <= tolerance:
            return Reached(path, np.array(residuals), evaluations, Status.STATIONARY)
        if cancelled():
            return Reached(path, np.array(residuals), evaluations, Status.CANCELLED)
        # As exact as Newton needs to converge, but not more exact than what is asked for: rounding may not allow it.
        forcing = max(min(0.1, (residuals[-1] / residuals[0]) ** 0.5), 0.3 * tolerance / residuals[-1])
        step, products = _step(path, physics, alignment, gradient, forcing, cancelled)
        evaluations += products
        moved = _lower(path, physics, alignment, gradient, step, actions[-1])
        if moved is None or _gains_nothing(residuals, actions, path.dtype):
            return Reached(path, np.array(residuals), evaluations, Status.ROUNDED)
        path, action = moved
        actions.append(action)
    return Reached(path, np.array(residuals), evaluations, Status.OUT_OF_STEPS)


def _step(
    path: Tensor,
    physics: Physics,
    alignment: Alignment,
    gradient: Tensor,
    forcing: float,
    cancelled: Callable[[], bool],
) -> tuple[Tensor, int]:
    """An inexact Newton step [N, d], tangent and downhill, and how many products with the Hessian it took.

    Less exact once it is cancelled, but still downhill.
    """
    z = path[1:-1]
    precondition = _preconditioner(path, physics, alignment)
    step, left = torch.zeros_like(gradient), -gradient
    guided = sphere.tangent(z, precondition(left))
    direction, weight = guided, _inner(left, guided)
    enough = forcing * float(torch.linalg.vector_norm(left))
    for products in range(1, MOST_PRODUCTS + 1):
        bent = hessian_product(path, physics, alignment, direction)
        curvature = _inner(direction, bent)
        if curvature <= 0:
            return (guided if products == 1 else step), products
        length = weight / curvature
        step = step + length * direction
        left = left - length * bent
        if float(torch.linalg.vector_norm(left)) <= enough or cancelled():
            break
        guided = sphere.tangent(z, precondition(left))
        weight, before = _inner(left, guided), weight
        direction = guided + (weight / before) * direction
    return step, products


def _preconditioner(path: Tensor, physics: Physics, alignment: Alignment) -> Callable[[Tensor], Tensor]:
    """Solve with μ/Δt²·T + λ⟨∇P, z⟩, the mean of the latter: the Hessian of a flat path with the sphere's own bend."""
    z = path[1:-1]
    stiffness = physics.mass / physics.time_step**2
    if stiffness == 0:
        return torch.Tensor.clone
    bend = physics.coupling * float((alignment.gradient(z) * z).sum(-1).mean())
    laplacian = ShiftedLaplacian(max(bend, 0.0) / stiffness, z)
    return lambda right: laplacian.solve(right) / stiffness


def _lower(
    path: Tensor, physics: Physics, alignment: Alignment, gradient: Tensor, step: Tensor, here: float
) -> tuple[Tensor, float] | None:
    """The path a step on, or half of it, or a quarter…: where the action is lower than `here` as promised.

    With its action; None if that is nowhere.
    """
    longest = float(torch.linalg.vector_norm(step, dim=-1).max())
    step = step * min(1.0, _LONGEST / max(longest, 1e-300))
    slope = _inner(gradient, step)
    # Below the rounding of the action a step is taken on Newton's word.
    hidden = _rounding(here, path.dtype)
    for _ in range(30):
        trial = torch.cat([path[:1], sphere.retract(path[1:-1], step), path[-1:]])
        action = float(energies(trial, physics, alignment).action)
        if action <= here + _PROMISED * slope + hidden:
            return trial, action
        step, slope = step / 2, slope / 2
    return None


def _gains_nothing(residuals: list[float], actions: list[float], dtype: torch.dtype) -> bool:
    """Whether three steps in a row have brought neither gradient nor action down: what is left is rounding.

    Where the action bends down, the gradient grows for a while although every step leads downhill.
    """
    if len(residuals) <= 3 or residuals[-1] <= 0.5 * min(residuals[:-3]):
        return False
    return actions[-4] - actions[-1] <= _rounding(actions[-1], dtype)


def _rounding(action: float, dtype: torch.dtype) -> float:
    """Of a sum that is this large."""
    return 64 * torch.finfo(dtype).eps * max(abs(action), 1.0)


def _inner(a: Tensor, b: Tensor) -> float:
    return float((a * b).sum(dtype=torch.float64)) if a.device.type != "mps" else float((a * b).sum())
