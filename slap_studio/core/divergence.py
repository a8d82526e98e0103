"""Is the descent chaotic? Two starts a thousandth apart, and what the last iterates do as the coupling grows.

Both are measurements of the descent as a map (design §3.7), and no properties of the minimiser.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine, Followed
from slap_studio.core.energies import energies, riemannian_gradient
from slap_studio.core.types import Array, Descent, Physics, Problem
from slap_studio.problems import Cancelled, UnusableInput, never

APART = 1e-3  # distance of the two starts: root mean square over the hidden latents

# Slower than a factor e in a hundred steps is drift along directions in which nothing holds the path: where the
# cosine's map has period two it reads as up to 0.007 per step for thousands of steps, and ends at zero.
_SLOWEST_CHAOS = 0.01
_LONGEST_PERIOD = 8
_SEEN = 1e-3  # a jump shorter than this is no jump
_ROUNDING = float(np.finfo(np.float64).eps)  # two paths may fall together, and then have no logarithm


@dataclass(frozen=True, eq=False)
class Divergence:
    """What two starts that were almost the same did under the same steps.

    Attributes
    ----------
    distances
        Root mean square over the hidden latents of ‖z_t − z'_t‖, per step [K + 1]; it ends at the size of the
        sphere above and at rounding below, whatever the rate.
    growth
        Per step [K], the logarithm of how much a distance of `APART` grew: the second start is brought back to that
        distance after each step (Benettin et al. 1980), so that neither end above is ever reached.
    rate
        Mean growth per step over the second half of the steps: the largest Lyapunov exponent of the
        map as far as K steps tell. Where `distances` stays between its ends this is the slope of its logarithm.
    rate_error
        Standard error of that mean.
    overshoots
        Whether the action rose in the second half of the steps; in a stable descent it never does.
    period
        After how many steps the path comes back to where it was, 2..8, to within a tenth of its jump; None where it
        does not jump or not come back.
    swells
        Whether each of its last swings to and fro is wider than the one before: it is then leaving an unstable
        place, which parts any two starts, and where it will end is not yet known.
    hidden
        N.
    """

    distances: Array
    growth: Array
    rate: float
    rate_error: float
    overshoots: bool
    period: int | None
    swells: bool
    hidden: int

    @property
    def chaotic(self) -> bool:
        """Whether starts part exponentially on a path that jumps for good, and neither falls nor repeats.

        In doubt it is not: a band of chaos narrower than a tenth of the jump counts as periodic.
        """
        clear = self.rate > max(_SLOWEST_CHAOS, 2 * self.rate_error)
        return clear and self.overshoots and not self.swells and self.period is None

    @property
    def sentence(self) -> str:
        """What was measured, for people."""
        if self.hidden == 0:
            return "Nothing is hidden, so there is nothing that could part."
        if len(self.growth) == 0:
            return "No step was taken, so nothing was measured."
        parted = f"two starts {APART:g} apart {'part' if self.rate > 0 else 'draw together'}"
        measured = f"{parted} at a rate of {self.rate:+.2g} per step".replace("-", "−")
        if self.chaotic:
            return f"Chaotic over these steps: {measured}, and the path neither settles nor repeats."
        if self.period is not None:
            so_far = " so far" if self.rate > _SLOWEST_CHAOS else ""
            return f"Not chaotic{so_far} but periodic: the path comes back after every {self.period} steps; {measured}."
        if self.rate > 0 and not self.overshoots:
            return f"Not chaotic: {measured}, but the action falls all the way, so the descent will settle."
        if self.rate > 0 and self.swells:
            return (
                f"Not chaotic so far: {measured}, but each swing is still wider than the last; take more steps to see."
            )
        return f"Not chaotic: {measured}."


def divergence(
    problem: Problem, physics: Physics, descent: Descent, *, alignment: Alignment | None = None, seed: int = 0
) -> Divergence:
    """Take the K steps of the descent from SLERP and from a start 1e-3 beside it, in float64.

    Parameters
    ----------
    problem, physics, descent
        What is solved; K and α are the descent's.
    alignment
        With its query in it, in float64; by default the cosine with the problem's query.
    seed
        Of the direction in which the second start lies.
    """
    with torch.inference_mode():
        alignment = alignment or Cosine(_tensor(problem.query))
        # One program for three runs: the two starts, and the one that is brought back to APART after each step.
        paths = twin_starts(problem, seed)[[0, 1, 1]]
        distances, growth, actions = [_distance(paths[0], paths[1])], [], []
        visited = deque([paths[0].clone()], maxlen=_LONGEST_PERIOD + 1)
        for step in range(descent.steps if problem.hidden else 0):
            _move(paths, physics, alignment, descent.step_size)
            distances.append(_distance(paths[0], paths[1]))
            growth.append(math.log(max(_distance(paths[0], paths[2]), _ROUNDING) / APART))
            paths[2] = _brought_back(paths[0], paths[2])
            visited.append(paths[0].clone())
            if step + 1 >= descent.steps // 2:
                actions.append(float(energies(paths[0], physics, alignment).action))
    late = np.array(growth[len(growth) // 2 :])
    return Divergence(
        distances=np.array(distances),
        growth=np.array(growth),
        rate=float(late.mean()) if late.size else 0.0,
        rate_error=float(late.std() / math.sqrt(late.size)) if late.size else 0.0,
        overshoots=_rises(actions),
        period=_period(list(visited)),
        swells=_swells(list(visited)),
        hidden=problem.hidden,
    )


def twin_starts(problem: Problem, seed: int = 0) -> Tensor:
    """SLERP and a random start `APART` from it, in float64 [2, N + 2, d]."""
    arc = sphere.slerp(_tensor(problem.start), _tensor(problem.end), problem.hidden)
    beside = arc.clone()
    noise = torch.randn(arc.shape, generator=torch.Generator().manual_seed(seed), dtype=arc.dtype)
    beside[1:-1] += noise[1:-1]
    return torch.stack([arc, _brought_back(arc, beside)])


def bifurcation(
    problem: Problem,
    physics: Physics,
    couplings: Sequence[float] | Array,
    *,
    step_size: float,
    settle: int,
    keep: int,
    alignment: Alignment | None = None,
    cancelled: Callable[[], bool] = never,
) -> Array:
    """Where the middle latent stands in the last steps of the descent, for each of many couplings at once.

    Its cosine with the query would not show a period of two: past the edge of stability a latent leaps across the
    query, to the other side at the same angle. So its signed height is kept, the coordinate along the tangent at the
    query that points to where the latent stands in the first kept step. (A direction fixed beforehand would
    lose sight of the leap, which turns slowly.)

    Parameters
    ----------
    problem, physics
        What is solved; the coupling of the physics is replaced.
    couplings
        λ [M].
    step_size
        α.
    settle, keep
        Steps that are taken first, and steps after them that are kept.
    alignment
        With its query in it, in float64; by default the cosine with the problem's query.

    Returns
    -------
    Array
        Heights [M, keep], from −1 to 1.

    Raises
    ------
    UnusableInput
        If nothing is hidden.
    Cancelled
        As soon as `cancelled`, asked before each step, is true.
    """
    if problem.hidden == 0:
        raise UnusableInput(
            "Nothing is hidden between the anchors, so nothing can bifurcate; hide at least one latent."
        )
    with torch.inference_mode():
        query = _tensor(problem.query)
        weights = torch.as_tensor(np.asarray(couplings, dtype=np.float64))[:, None, None]
        weighted = _Weighted(alignment or Cosine(query), weights)
        unweighted = replace(physics, coupling=1.0)
        arc = sphere.slerp(_tensor(problem.start), _tensor(problem.end), problem.hidden)
        middle = (problem.hidden + 1) // 2
        paths = arc.repeat(len(weights), 1, 1)
        heights = []
        for step in range(settle + keep):
            if cancelled():
                raise Cancelled
            _move(paths, unweighted, weighted, step_size)
            latents = paths[:, middle]
            if step == settle:
                axes = torch.stack([sphere.direction(query, latent) for latent in latents])
            if step >= settle:
                heights.append((latents * axes).sum(-1))
        return torch.stack(heights, dim=1).numpy()


def branches(heights: Array, resolution: float = 1e-3) -> NDArray[np.intp]:
    """How many places each row of heights [M, keep] visits, those closer than the resolution taken as one: [M]."""
    gaps = np.diff(np.sort(heights, axis=1), axis=1) > resolution
    counted: NDArray[np.intp] = 1 + gaps.sum(axis=1)
    return counted


class _Weighted:
    """λP for a λ of its own per path: the coupling as part of the alignment."""

    def __init__(self, alignment: Alignment, weights: Tensor) -> None:
        self._alignment = alignment
        self._weights = weights

    def value(self, z: Tensor) -> Tensor:
        return self._weights[..., 0] * self._alignment.value(z)

    def gradient(self, z: Tensor) -> Tensor:
        return self._weights * self._alignment.gradient(z)

    def following(self, z: Tensor) -> Followed:
        return lambda: (self.value(z), self.gradient(z))

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        return self._weights * self._alignment.curvature(z, direction)


def _move(paths: Tensor, physics: Physics, alignment: Alignment, step_size: float) -> None:
    """One step of the descent for each of the paths [..., N + 2, d], in place."""
    gradient = riemannian_gradient(paths, physics, alignment)
    hidden = paths[..., 1:-1, :]
    sphere.retract(hidden, gradient, -step_size, out=hidden)


def _brought_back(path: Tensor, beside: Tensor) -> Tensor:
    """A path [N + 2, d] that lies `APART` from the first, in the direction of the second."""
    z = path[1:-1]
    away = sphere.tangent(z, beside[1:-1] - z)
    size = _root_mean_square(away)
    back = path.clone()
    if size > 0:
        back[1:-1] = sphere.retract(z, away * (APART / size))
    return back


def _distance(path: Tensor, other: Tensor) -> float:
    return _root_mean_square(path[1:-1] - other[1:-1])


def _root_mean_square(vectors: Tensor) -> float:
    """Over latents [N, d], of their norms; 0 where there is none."""
    return math.sqrt(float((vectors**2).sum()) / max(len(vectors), 1))


def _rises(actions: list[float]) -> bool:
    """Whether an action is higher than the one before it by more than rounding."""
    return any(later > earlier + 1e-10 * (1 + abs(earlier)) for earlier, later in pairwise(actions))


def _period(visited: list[Tensor]) -> int | None:
    """Smallest number of steps, from 2 on, after which the last path came back to within a tenth of its last jump."""
    jumps = [_distance(visited[-1], earlier) for earlier in reversed(visited[:-1])]
    if not jumps or jumps[0] < _SEEN:
        return None
    return next((steps for steps, jump in enumerate(jumps[1:], start=2) if jump < 0.1 * jumps[0]), None)


def _swells(visited: list[Tensor]) -> bool:
    """Whether over every two steps the path comes back less well than over the two before."""
    missed = [_distance(here, there) for here, there in zip(visited, visited[2:], strict=False)]
    return len(missed) > 1 and all(later > earlier for earlier, later in pairwise(missed))


def _tensor(vector: Array) -> Tensor:
    return torch.as_tensor(np.asarray(vector, dtype=np.float64))
