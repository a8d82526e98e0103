"""The true minimiser of the action, to a stated residual (design §3.4).

Under the cosine alignment the problem has four dimensions and every step is exact; under any other it is met in all of
its dimensions, each step as exact as it needs to be.
"""

import time
from collections.abc import Callable

import numpy as np
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.descent import STATIONARY_RESIDUAL
from slap_studio.core.energies import energies
from slap_studio.core.newton import Found, newton
from slap_studio.core.newton_krylov import newton_krylov
from slap_studio.core.span import Span, great_arc, span_of
from slap_studio.core.types import Array, Physics, Problem, Solution, Status
from slap_studio.problems import never


def minimise(
    problem: Problem,
    physics: Physics,
    *,
    warm_start: Array | None = None,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    alignment: Alignment | None = None,
    cancelled: Callable[[], bool] = never,
) -> Solution:
    """Minimise the action by Newton's method, under the cosine alignment in the span of anchors and query.

    There the arithmetic is that of float64 on the CPU whatever is asked for: in four coordinates per latent it costs
    nothing, and float32 could not reach its own tolerance at small time steps. The precision decides the tolerance
    (1e-5 or 1e-10) and the type of what comes back; the residual is that of the path before it is rounded to it.
    Under another alignment precision and place are those that are asked for.

    Parameters
    ----------
    problem, physics
        What to solve; see their types.
    warm_start
        A path [N + 2, d] to begin from, such as the last one; by default SLERP.
    dtype, device
        torch.float32 or torch.float64, and the place of the arithmetic.
    alignment
        With its query in it, of that precision and in that place; by default the cosine with the problem's query.
    cancelled
        Asked before each step; once it is true the path found so far is returned.

    Returns
    -------
    Solution
        Its history is None, its residuals those after every step. Under the cosine it is at a minimum, not at any
        stationary point: where nothing pulls but a push would go on, it is pushed. Its gradient evaluations count
        every product with a Hessian as one.
    """
    if alignment is not None and problem.hidden:
        return _under(alignment, problem, physics, warm_start, dtype, device, cancelled)
    began = time.perf_counter()
    span = span_of(problem)
    start = great_arc(span, problem.hidden)
    if warm_start is not None and warm_start.shape == (problem.hidden + 2, problem.dimension):
        start[1:-1] = span.coordinates(warm_start[1:-1])
    if problem.hidden == 0:
        found = Found(start, np.zeros(1), 0, Status.NOTHING_HIDDEN)
    else:
        found = newton(span, physics, start, STATIONARY_RESIDUAL[dtype], cancelled)
    latents = _lifted(found, span, problem, dtype)
    return Solution(
        latents=latents,
        history=None,
        aligned=None,
        residuals=found.residuals,
        # Of the path as it is given back.
        energies=energies(torch.from_numpy(latents), physics, Cosine(torch.as_tensor(problem.query, dtype=dtype))),
        gradient_evaluations=found.gradient_evaluations,
        status=found.status,
        seconds=time.perf_counter() - began,
        device="cpu",
    )


def _lifted(found: Found, span: Span, problem: Problem, dtype: torch.dtype) -> Array:
    """The path in d dimensions and the asked precision, between the very anchors of the problem."""
    latents = span.latents(found.path)
    latents /= np.linalg.norm(latents, axis=1, keepdims=True)
    latents[0], latents[-1] = problem.start, problem.end
    return latents.astype(np.float64 if dtype is torch.float64 else np.float32)


def _under(
    alignment: Alignment,
    problem: Problem,
    physics: Physics,
    warm_start: Array | None,
    dtype: torch.dtype,
    device: str,
    cancelled: Callable[[], bool],
) -> Solution:
    """Minimise under any alignment, in all dimensions."""
    began = time.perf_counter()
    with torch.inference_mode():
        start, end = (
            torch.as_tensor(np.asarray(anchor), dtype=dtype, device=device) for anchor in (problem.start, problem.end)
        )
        path = sphere.slerp(start, end, problem.hidden)
        if warm_start is not None and warm_start.shape == tuple(path.shape):
            path[1:-1] = sphere.unit(torch.as_tensor(warm_start[1:-1], dtype=dtype, device=device))
        reached = newton_krylov(path, physics, alignment, STATIONARY_RESIDUAL[dtype], cancelled)
        return Solution(
            latents=reached.path.cpu().numpy(),
            history=None,
            aligned=None,
            residuals=reached.residuals,
            energies=energies(reached.path, physics, alignment),
            gradient_evaluations=reached.evaluations,
            status=reached.status,
            seconds=time.perf_counter() - began,
            device=torch.device(device).type,
        )
