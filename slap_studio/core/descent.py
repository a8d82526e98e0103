"""The paper's solver: K steps of size α on all hidden latents at once, from SLERP (paper §3.3, design §3.4)."""

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.block import Block, Record, Way
from slap_studio.core.energies import energies, energies_under, riemannian_gradient
from slap_studio.core.stepping import Stepper
from slap_studio.core.types import Array, Descent, Energies, Physics, Problem, Solution, Status
from slap_studio.problems import Cancelled, never

# A path is called stationary when its residual is below these, per precision (design §3.4).
STATIONARY_RESIDUAL = {torch.float32: 1e-5, torch.float64: 1e-10}


# Seconds: a shorter solve is its own best picture; a screen shows no more than sixty a second.
OBSERVED_AFTER, OBSERVED_EVERY = 0.1, 0.016
# Seconds that the steps after the milestone must take, for a look at it to be worth its while.
WORTH_A_LOOK = 0.005

Observer = Callable[[tuple[Way, ...]], None]


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

    Returns
    -------
    Solution
        The path after the last step, with its energies and why it stopped.
    """
    alignment = alignment or Cosine(torch.as_tensor(np.asarray(problem.query), dtype=dtype, device=device))
    (solution,) = descend_gaps(
        (problem,), physics, descent, alignment,
        dtype=dtype, device=device, keep_history=keep_history, cancelled=cancelled,
    )  # fmt: skip
    return solution


def descend_gaps(
    problems: Sequence[Problem],
    physics: Physics,
    descent: Descent,
    alignment: Alignment,
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    keep_history: bool = True,
    cancelled: Callable[[], bool] = never,
    observe: Observer | None = None,
    milestone: int = 0,
) -> tuple[Solution, ...]:
    """Take the same K steps in several gaps at once, in one block: each has the path that it has alone.

    Parameters
    ----------
    problems
        One or more, with the query of the alignment.
    physics, descent, alignment, dtype, device, keep_history, cancelled
        As for one gap.
    observe
        While a long descent runs, called after `OBSERVED_AFTER` and then every `OBSERVED_EVERY` seconds with each
        gap's way so far; needs `keep_history`.
    milestone
        A step after which `observe` is called as well, unless the rest takes no time.

    Returns
    -------
    tuple of Solution
        Of each gap, with its own residuals and its own word on why it stopped; the seconds are those of all together.
    """
    began = time.perf_counter()
    with torch.inference_mode():
        arcs = [_arc(problem, dtype, device) for problem in problems]
        block = Block(arcs)
        watch = None if observe is None else _Watch(observe, milestone, descent.steps)
        record, taken = _steps(block, physics, alignment, descent, keep_history, cancelled, watch)
        ways, stationary = record.until(taken), STATIONARY_RESIDUAL[dtype]
        ends = [[energies(path, physics, alignment) for path in pair] for pair in zip(arcs, block.paths, strict=True)]
        # Whoever looks on may take their time.
        seconds = time.perf_counter() - began - (0.0 if watch is None else watch.looked)
        return tuple(
            Solution(
                latents=path.cpu().numpy(),
                history=way.history if keep_history else None,
                aligned=way.aligned if keep_history else None,
                residuals=way.residuals,
                energies=final,
                gradient_evaluations=taken + 1 if problem.hidden else 0,
                status=_status(problem, descent, taken, float(way.residuals[-1]), first, final, stationary),
                seconds=seconds,
                device=torch.device(device).type,
            )
            for problem, path, way, (first, final) in zip(problems, block.paths, ways, ends, strict=True)
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
            sphere.retract(hidden, gradient, -descent.step_size, out=hidden)
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


def _arc(problem: Problem, dtype: torch.dtype, device: str) -> Tensor:
    """The great arc between a problem's anchors [N + 2, d]."""
    start, end = (torch.as_tensor(np.asarray(v), dtype=dtype, device=device) for v in (problem.start, problem.end))
    return sphere.slerp(start, end, problem.hidden)


def _steps(
    block: Block,
    physics: Physics,
    alignment: Alignment,
    descent: Descent,
    keep_history: bool,
    cancelled: Callable[[], bool],
    watch: "_Watch | None",
) -> tuple[Record, int]:
    """Move the block in place; give what was kept of the way, and the steps taken."""
    steps = descent.steps if any(len(path) > 2 for path in block.paths) else 0
    record, taken = Record(block, steps, whole=keep_history), 0
    stepper = Stepper(block.rows, physics, alignment)
    while True:
        stepper.look()
        if keep_history:
            record.keep(taken, stepper.gradient, stepper.aligned)
            if watch is not None and watch.is_due(taken):
                watch.look(record, taken)
        if taken == steps or cancelled():
            break
        stepper.step(descent.step_size)
        block.put_back_anchors()
        taken += 1
    if not keep_history:
        record.measure(0, stepper.gradient)
    return record, taken


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

    def look(self, record: Record, taken: int) -> None:
        began = time.perf_counter()
        self._observe(record.until(taken))
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
