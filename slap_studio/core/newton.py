"""The true minimiser for the cosine alignment: Newton's method on the sphere, each step solved in O(N).

Each step solves (H + shift) ξ = −grad S by one banded Cholesky factorisation. The shift is zero wherever H is
positive definite and its step does what its model promised; elsewhere it is what keeps the step short and
downhill (Levenberg–Marquardt as a trust region; Nocedal & Wright 2006, §4 and §10.3).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from slap_studio.core.block_hessian import Floats, Local, action, local
from slap_studio.core.span import Span
from slap_studio.core.types import Physics, Status

MOST_STEPS = 200
_PROMISED = 1e-4  # share of the promised decrease that a step must bring
_LONGEST = 1.0  # radians: beyond that no quadratic model of the sphere holds
_CLEAR = 1e-6  # radians: the action cannot tell shorter steps from none; there Newton's step is taken on its word
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Found:
    """Where Newton's method stopped.

    Attributes
    ----------
    path
        Coordinates in the span [N + 2, m].
    residuals
        At the start and after every accepted step.
    gradient_evaluations
        How often gradient and Hessian were computed.
    status
        Why it stopped.
    """

    path: Floats
    residuals: Floats
    gradient_evaluations: int
    status: Status


def newton(span: Span, physics: Physics, start: Floats, tolerance: float, cancelled: Callable[[], bool]) -> Found:
    """Minimise the action from a start [N + 2, m], N ≥ 1, until the residual is within the tolerance.

    Where the tolerance lies below what float64 can tell of this action (Δt small: its gradient is a difference of
    terms μ/Δt²), it goes on while the residual falls, and says so.
    """
    path, here = start, local(start, span.query, physics)
    residuals, shift = [here.residual], 0.0
    floor = 32 * _EPSILON * here.scale
    for evaluations in range(1, MOST_STEPS + 1):
        if cancelled():
            return Found(path, np.array(residuals), evaluations, Status.CANCELLED)
        if here.residual <= tolerance:
            leaving = here.descending_direction(-1e-6 * here.scale)
            if leaving is None:
                return Found(path, np.array(residuals), evaluations, Status.MINIMISED)
            # A saddle, as where anchors and query lie on one line: nothing pulls, but any push would go on.
            step = 0.1 * leaving / np.abs(leaving).max()
            path = _moved(path, step)
        else:
            taken = _step(path, here, span, physics, shift)
            stuck = here.residual <= floor and here.residual > 0.25 * min(residuals[:-1], default=np.inf)
            if taken is None or stuck:
                return Found(path, np.array(residuals), evaluations, Status.ROUNDED)
            path, shift = taken
        here = local(path, span.query, physics)
        residuals.append(here.residual)
    return Found(path, np.array(residuals), MOST_STEPS, Status.OUT_OF_STEPS)


def _step(path: Floats, here: Local, span: Span, physics: Physics, shift: float) -> tuple[Floats, float] | None:
    """A path whose action is lower as promised, and the shift to begin with next; None if rounding hides it."""
    least = 1e-6 * here.scale
    while shift <= 1e12 * here.scale:
        step = here.newton_step(shift)
        length = np.inf if step is None else float(np.linalg.norm(step, axis=1).max())
        if step is not None and length <= _LONGEST:
            trial = _moved(path, step)
            decrease = here.action - action(trial, span.query, physics)
            if length <= _CLEAR or decrease >= -_PROMISED * here.predicted(step):
                return trial, shift / 16 if shift > least and length > _CLEAR else 0.0
        shift = max(4 * shift, least)
    return None


def _moved(path: Floats, step: Floats) -> Floats:
    moved = path.copy()
    moved[1:-1] += step
    moved[1:-1] /= np.linalg.norm(moved[1:-1], axis=1, keepdims=True)
    return moved
