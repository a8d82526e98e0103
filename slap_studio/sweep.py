"""One gap solved for many couplings and masses: every pair (λ, μ) a cell of the regime map, with what was measured.

A cell holds what a solve with its λ and μ gives, so that loading it changes nothing but what is looked at. The regime
names of Table 7 depend on κ = λ/μ alone; what the K steps reach depends on both.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from slap_studio import pipeline
from slap_studio.core import measures, sphere
from slap_studio.core.alignment import Alignment, Cosine, Wanted
from slap_studio.core.divergence import Divergence, divergence
from slap_studio.core.energies import hessian_product
from slap_studio.core.lanczos import extreme_eigenvalues
from slap_studio.core.regimes import regime
from slap_studio.core.span import span_of
from slap_studio.core.types import AlignmentKind, Array, Descent, Method, Physics, Problem, Solution, Status
from slap_studio.folds import Folds
from slap_studio.problems import Cancelled, UnusableInput, never

# Three to a factor of ten on both axes, so that κ is the same along the diagonals.
COUPLINGS, MASSES = (0.01, 1000.0, 16), (0.1, 10.0, 7)
MOST_CELLS = 10_000
TWIN_STEPS = 200  # of the descent at most: enough for a rate
_SAME_RATIO = 1e-3  # of ln κ: minimisers of such cells are one path, and each begins from the other


@dataclass(frozen=True, eq=False)
class SweepRequest:
    """What is solved over and over.

    Attributes
    ----------
    problem, physics, descent
        Of one solve; the coupling and the mass of the physics are replaced.
    couplings, masses
        λ [C] and μ [R], ascending.
    alignment, method, dtype, device
        As `pipeline.solve` has them.
    """

    problem: Problem
    physics: Physics
    descent: Descent
    couplings: tuple[float, ...]
    masses: tuple[float, ...]
    alignment: AlignmentKind = AlignmentKind.COSINE
    method: Method = Method.DESCENT
    dtype: str = "float32"
    device: str = "cpu"

    def __post_init__(self) -> None:
        if not self.couplings or not self.masses:
            raise UnusableInput("A sweep needs at least one coupling and one mass; name some.")
        if len(self.couplings) * len(self.masses) > MOST_CELLS:
            raise UnusableInput(
                f"A sweep of {len(self.couplings)} couplings and {len(self.masses)} masses has more than "
                f"{MOST_CELLS} cells; ask for fewer."
            )


@dataclass(frozen=True, eq=False)
class Cell:
    """One solve and what was measured on it.

    Attributes
    ----------
    row, column
        Of its mass among the masses, of its coupling among the couplings.
    coupling, mass, ratio
        λ, μ and κ = λ/μ.
    regime
        Table 7's name for κ: a lookup.
    action, s_kin, e_pot, roughness, residual
        Of the path.
    status
        Why the solver stopped.
    measured
        Words for what was measured on the path.
    step_stability
        α·h_max at the path; None where it would cost more than the path itself (the learned alignment), or where
        nothing is hidden.
    twins
        What two starts 1e-3 apart did under the steps of the descent; only this may call a cell chaotic.
    latents
        The path [N + 2, d].
    """

    row: int
    column: int
    coupling: float
    mass: float
    ratio: float
    regime: str
    action: float
    s_kin: float
    e_pot: float
    roughness: float
    residual: float
    status: Status
    measured: str
    step_stability: float | None
    twins: Divergence
    latents: Array


def sweep(request: SweepRequest, cancelled: Callable[[], bool] = never, done: int = 0) -> Iterator[Cell]:
    """Every cell as it is done, the coarse picture of the whole map first; so many are done already.

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    work = Sweep(request)
    for row, column in work.order[done:]:
        yield work.cell(row, column, cancelled)


def spread(lowest: float, highest: float, count: int) -> tuple[float, ...]:
    """Values at equal ratios from the lowest to the highest, rounded to six digits."""
    return tuple(float(f"{value:.6g}") for value in np.geomspace(lowest, highest, count))


def coarse_to_fine(rows: int, columns: int) -> list[tuple[int, int]]:
    """All places of a grid: first those of the widest mesh, then those that halve it, and so on."""

    def mesh(place: tuple[int, int]) -> int:
        widest = 1 << max(rows, columns).bit_length()
        # The lowest bit that is set in either number: 0 belongs to every mesh.
        both = place[0] | place[1] | widest
        return both & -both

    places = [(row, column) for row in range(rows) for column in range(columns)]
    return sorted(places, key=lambda place: (-mesh(place), place))


class Sweep:
    """Measures the cells of one request, in any order; keeps what they share.

    Parameters
    ----------
    folds
        The learned alignment, where others use it too.

    Raises
    ------
    UnusableInput
        If the learned alignment is asked for and does not fit the problem.
    """

    def __init__(self, request: SweepRequest, folds: Folds | None = None) -> None:
        self.request = request
        self.order = coarse_to_fine(len(request.masses), len(request.couplings))
        self._minima: list[tuple[float, Array]] = []
        self._alignment: Alignment | None = None
        self._exact: Alignment | None = None
        if request.alignment is AlignmentKind.LEARNED:
            query, folds = request.problem.query, folds or Folds()
            self._alignment = folds.towards(query, dtype=request.dtype, device=request.device)
            self._exact = folds.towards(query, dtype="float64")
        start, end = (
            torch.as_tensor(np.asarray(anchor, dtype=np.float64))
            for anchor in (request.problem.start, request.problem.end)
        )
        self._arc = sphere.slerp(start, end, request.problem.hidden).numpy()
        self._span = span_of(request.problem)

    def cell(self, row: int, column: int, cancelled: Callable[[], bool] = never) -> Cell:
        """Solve and measure one cell.

        Raises
        ------
        Cancelled
            When `cancelled` says so.
        """
        physics = replace(self.request.physics, coupling=self.request.couplings[column], mass=self.request.masses[row])
        solution = self._solved(physics, cancelled)
        if solution.status is Status.CANCELLED:
            raise Cancelled
        stability = self._step_stability(solution, physics, cancelled)
        twins = self._twins(physics, cancelled)
        return Cell(
            row=row,
            column=column,
            coupling=physics.coupling,
            mass=physics.mass,
            ratio=physics.ratio,
            regime=regime(physics.ratio).name,
            action=float(solution.energies.action),
            s_kin=float(solution.energies.s_kin),
            e_pot=float(solution.energies.e_pot),
            roughness=measures.roughness(solution.latents),
            residual=solution.residual,
            status=solution.status,
            measured=measures.words(solution.latents, self._arc),
            step_stability=stability,
            twins=twins,
            latents=solution.latents,
        )

    def _solved(self, physics: Physics, cancelled: Callable[[], bool]) -> Solution:
        request, known = self.request, None
        minimised = request.method is Method.MINIMISE
        if minimised:
            # The minimiser depends on κ alone: a cell of the same diagonal begins where the first one ended.
            here = _log(physics.ratio)
            known = next((path for there, path in self._minima if abs(there - here) < _SAME_RATIO), None)
        solution = pipeline.solve(
            request.problem, physics, request.descent, alignment=self._alignment, method=request.method,
            dtype=request.dtype, device=request.device, keep_history=False, warm_start=known, cancelled=cancelled,
        )  # fmt: skip
        if minimised and known is None and solution.status is not Status.CANCELLED:
            self._minima.append((here, solution.latents))
        return solution

    def _step_stability(self, solution: Solution, physics: Physics, cancelled: Callable[[], bool]) -> float | None:
        """α·h_max, in the span, where it costs little."""
        if self._alignment is not None or len(solution.latents) < 3:
            return None
        path = torch.from_numpy(self._span.coordinates(solution.latents))
        pull = self._cosine(cancelled)
        with torch.inference_mode():
            found = extreme_eigenvalues(lambda xi: hessian_product(path, physics, pull, xi), path[1:-1])
        return self.request.descent.step_size * found.highest

    def _twins(self, physics: Physics, cancelled: Callable[[], bool]) -> Divergence:
        """The same rate as is measured on a drawn path: under the cosine in the span, where nothing else happens."""
        request = self.request
        descent = Descent(min(request.descent.steps, TWIN_STEPS), request.descent.step_size)
        if self._exact is not None:
            return divergence(request.problem, physics, descent, alignment=Wanted(self._exact, cancelled))
        small = Problem(self._span.start, self._span.end, self._span.query, request.problem.hidden)
        return divergence(small, physics, descent, alignment=self._cosine(cancelled))

    def _cosine(self, cancelled: Callable[[], bool]) -> Alignment:
        """The cosine to the query, in the coordinates of the span."""
        return Wanted(Cosine(torch.from_numpy(self._span.query)), cancelled)


def _log(ratio: float) -> float:
    """Ln κ, ±∞ at its ends."""
    return math.log(ratio) if 0 < ratio < math.inf else math.copysign(math.inf, ratio - 1)
