"""The paper's solver: K steps of size α on all hidden latents at once, from SLERP (paper §3.3, design §3.4)."""

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.energies import (
    energies,
    energies_under,
    riemannian_gradient,
    riemannian_gradient_and_alignment,
)
from slap_studio.core.types import Array, Descent, Energies, Physics, Problem, Solution, Status
from slap_studio.problems import Cancelled

# A path is called stationary when its residual is below these, per precision (design §3.4).
STATIONARY_RESIDUAL = {torch.float32: 1e-5, torch.float64: 1e-10}


# Seconds: a shorter solve is its own best picture; a screen shows no more than sixty a second.
OBSERVED_AFTER, OBSERVED_EVERY = 0.1, 0.016
# Seconds that the steps after the milestone must take, for a look at it to be worth its while.
WORTH_A_LOOK = 0.005

Observer = Callable[[Array, Array, Array], None]


def never() -> bool:
    """Whoever asked still wants the answer."""
    return False


def descend(
    problem: Problem,
    physics: Physics,
    descent: Descent,
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    alignment: Alignment | None = None,
    keep_history: bool = True,
    cancelled: Callable[[], bool] = never,
    observe: Observer | None = None,
    milestone: int = 0,
) -> Solution:
    """Take exactly K steps z ← retract(z − α grad S) from the great arc between the anchors.

    Parameters
    ----------
    problem, physics, descent
        What to solve; see their types.
    dtype, device
        Precision and place of the arithmetic.
    alignment
        With its query in it, of that precision and in that place; by default the cosine with the problem's query.
    keep_history
        Keep the path and the residual after each step [K + 1, N, d], so that the steps can be scrubbed.
    cancelled
        Asked before each step; once it is true the path found so far is returned.
    observe
        While a long descent runs, called after `OBSERVED_AFTER` and then every `OBSERVED_EVERY` seconds with the
        history so far, P along it and its residuals; needs `keep_history`.
    milestone
        A step after which `observe` is called as well, unless the rest takes no time.

    Returns
    -------
    Solution
        The path after the last step, with its energies and why it stopped.
    """
    began = time.perf_counter()
    with torch.inference_mode():
        start, end, query = (
            torch.as_tensor(np.asarray(vector), dtype=dtype, device=device)
            for vector in (problem.start, problem.end, problem.query)
        )
        alignment = alignment or Cosine(query)
        path = sphere.slerp(start, end, problem.hidden)
        watch = None if observe is None else _Watch(observe, milestone, descent.steps)
        kept, residuals, taken = _steps(path, physics, alignment, descent, keep_history, cancelled, watch)
        final = energies(path, physics, alignment)
        first = energies(sphere.slerp(start, end, problem.hidden), physics, alignment)
        return Solution(
            latents=path.cpu().numpy(),
            history=None if kept is None else kept[0].cpu().numpy(),
            aligned=None if kept is None else kept[1].cpu().numpy(),
            residuals=residuals.double().cpu().numpy(),
            energies=final,
            gradient_evaluations=taken + 1 if problem.hidden else 0,
            status=_status(problem, descent, taken, float(residuals[-1]), first, final, STATIONARY_RESIDUAL[dtype]),
            # Whoever looks on may take their time.
            seconds=time.perf_counter() - began - (0.0 if watch is None else watch.looked),
            device=torch.device(device).type,
        )


def descend_together(
    paths: Tensor, physics: Physics, descent: Descent, alignment: Alignment, cancelled: Callable[[], bool] = never
) -> Tensor:
    """The same steps on many paths at once [..., N + 2, d], for those who need only where they end.

    Parameters
    ----------
    alignment
        With one query for all paths [d], or one for each [..., 1, d].

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    with torch.inference_mode():
        paths = paths.clone()
        hidden = paths[..., 1:-1, :]
        for _ in range(descent.steps):
            if cancelled():
                raise Cancelled
            gradient = riemannian_gradient(paths, physics, alignment)
            hidden.copy_(sphere.retract(hidden, gradient.mul_(-descent.step_size)))
        return paths


def energies_along(
    problem: Problem, physics: Physics, history: Array, aligned: Array, alignment: Alignment
) -> Energies:
    """Energies of every kept path: the history [K + 1, N, d] between the problem's anchors, P along it [K + 1, N]."""
    with torch.inference_mode():
        hidden = torch.as_tensor(history)
        ends = torch.as_tensor(np.stack([problem.start, problem.end]), dtype=hidden.dtype)
        start, end = (vector.expand(hidden.shape[0], 1, -1) for vector in ends)
        first, last = (value.expand(hidden.shape[0], 1) for value in alignment.value(ends))
        potential = -torch.cat([first, torch.as_tensor(aligned), last], dim=1)
        return energies_under(torch.cat([start, hidden, end], dim=1), physics, potential)


def _steps(
    path: Tensor,
    physics: Physics,
    alignment: Alignment,
    descent: Descent,
    keep_history: bool,
    cancelled: Callable[[], bool],
    watch: "_Watch | None",
) -> tuple[tuple[Tensor, Tensor] | None, Tensor, int]:
    """Move the path [N + 2, d] in place; give the kept history with P along it, the residuals and the steps taken."""
    hidden = path[1:-1]
    if hidden.shape[0] == 0:
        return (hidden[None], path.new_zeros(1, 0)) if keep_history else None, path.new_zeros(1), 0
    kept = path.new_empty((descent.steps + 1, *hidden.shape)) if keep_history else None
    sizes = path.new_empty((descent.steps + 1 if keep_history else 1, hidden.shape[0]))
    aligned = torch.empty_like(sizes)
    taken = 0
    while True:
        if kept is None:
            gradient = riemannian_gradient(path, physics, alignment)
        else:
            gradient, aligned[taken] = riemannian_gradient_and_alignment(path, physics, alignment)
            kept[taken] = hidden
            torch.linalg.vector_norm(gradient, dim=-1, out=sizes[taken])
            if watch is not None and watch.is_due(taken):
                watch.look(kept[: taken + 1], aligned[: taken + 1], sizes[: taken + 1].amax(-1).double())
        if taken == descent.steps or cancelled():
            break
        hidden.copy_(sphere.retract(hidden, gradient.mul_(-descent.step_size)))
        taken += 1
    if kept is None:
        torch.linalg.vector_norm(gradient, dim=-1, out=sizes[0])
        return None, sizes.amax(-1), taken
    return (kept[: taken + 1], aligned[: taken + 1]), sizes[: taken + 1].amax(-1), taken


class _Watch:
    """Shows a descent under way: after its milestone, and now and then if it takes long."""

    def __init__(self, observe: Observer, milestone: int, steps: int) -> None:
        self._observe, self._milestone, self._steps = observe, milestone, steps
        self.looked = 0.0  # seconds
        self._began = time.perf_counter()
        self._told = self._began + OBSERVED_AFTER - OBSERVED_EVERY

    def is_due(self, taken: int) -> bool:
        now = time.perf_counter()
        if 0 < taken == self._milestone:
            return (now - self._began) / taken * (self._steps - taken) >= WORTH_A_LOOK
        return now - self._told >= OBSERVED_EVERY

    def look(self, *so_far: Tensor) -> None:
        began = time.perf_counter()
        history, aligned, residuals = (part.cpu().numpy() for part in so_far)
        self._observe(history, aligned, residuals)
        self._told = max(self._told, time.perf_counter())
        self.looked += time.perf_counter() - began


def _status(
    problem: Problem,
    descent: Descent,
    taken: int,
    residual: float,
    first: Energies,
    final: Energies,
    stationary: float,
) -> Status:
    if problem.hidden == 0:
        return Status.NOTHING_HIDDEN
    if taken < descent.steps:
        return Status.CANCELLED
    if residual <= stationary:
        return Status.STATIONARY
    # A float's worth of slack: a stationary start may wander by rounding.
    if float(final.action) > float(first.action) + 1e-6 * abs(float(first.action)):
        return Status.UNSTABLE
    return Status.STEPS_TAKEN
