"""The descents of a clip's gaps, made together, with the energies after every step of each."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from slap_studio import pipeline
from slap_studio.core.alignment import Alignment
from slap_studio.core.block import Way
from slap_studio.core.descent import energies_along
from slap_studio.core.types import Array, Descent, Energies, Solution, Status
from slap_studio.pipeline import Posed
from slap_studio.problems import Cancelled

if TYPE_CHECKING:
    from slap_studio.live import LiveRequest


@dataclass(frozen=True, eq=False)
class Walked:
    """A descent with all of its steps, kept for scrubbing.

    Attributes
    ----------
    request, posed
        What was asked for, as a problem.
    solution, along
        Its answer, and the energies after each step.
    alignment
        What energies are measured with.
    potential
        V over the map's grid.
    usual
        How far observed frames lie from one another.
    """

    request: "LiveRequest"
    posed: Posed
    solution: Solution
    along: Energies
    alignment: Alignment
    potential: Array
    usual: float


class Walk:
    """A gap's descent while it is made: the energies of each step are counted once.

    Parameters
    ----------
    request, posed, alignment, potential, usual
        As of the descent that it becomes.
    device
        Where the steps are taken.
    """

    def __init__(
        self, request: "LiveRequest", posed: Posed, alignment: Alignment, potential: Array, usual: float, device: str
    ) -> None:
        self.request, self.posed = request, posed
        self._alignment, self._potential, self._usual = alignment, potential, usual
        self._device, self._began = device, time.perf_counter()
        self._along: Energies | None = None

    def under_way(self, way: Way) -> Walked:
        """The descent as far as it has come."""
        problem, along = self.posed.problem, self._counted(way.history, way.aligned)
        latents = np.concatenate([problem.start[None], way.history[-1], problem.end[None]])
        seconds = time.perf_counter() - self._began
        so_far = Solution(latents, *way, along.at(-1), len(way.history), Status.UNDER_WAY, seconds, self._device)
        return self._as_walked(so_far, along)

    def ended(self, solution: Solution) -> Walked:
        """The whole descent."""
        assert solution.history is not None
        assert solution.aligned is not None
        return self._as_walked(solution, self._counted(solution.history, solution.aligned))

    def _as_walked(self, solution: Solution, along: Energies) -> Walked:
        return Walked(self.request, self.posed, solution, along, self._alignment, self._potential, self._usual)

    def _counted(self, history: Array, aligned: Array) -> Energies:
        """Energies along a history: only those of the steps that are new are counted."""
        first = 0 if self._along is None else len(self._along.action)
        history, aligned = history[first:], aligned[first:]
        if self._device != "cpu":
            # There the products may have been rounded to bfloat16: good enough to walk by, not to be read.
            aligned = self._alignment.value(torch.as_tensor(history)).numpy()
        new = energies_along(self.posed.problem, self.request.physics, history, aligned, self._alignment)
        self._along = new if self._along is None else self._along.joined(new)
        return self._along


def walk_together(
    walks: Sequence[Walk],
    alignment: Alignment,
    device: str,
    cancelled: Callable[[], bool],
    show: Callable[[list[Walked]], None],
) -> list[Walked]:
    """Take the steps of several gaps of one clip, which ask for the same physics and the same descent.

    Parameters
    ----------
    alignment
        What pulls, on the device.
    show
        While they take long, called now and then with all of them as far as they have come.

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    if not walks:
        return []
    request = walks[0].request
    solutions = pipeline.solve_gaps(
        [walk.posed.problem for walk in walks],
        request.physics,
        Descent(request.horizon, request.descent.step_size),
        alignment,
        device=device,
        cancelled=cancelled,
        observe=lambda ways: show([walk.under_way(way) for walk, way in zip(walks, ways, strict=True)]),
        # The paths that are asked for are there now; the steps beyond them are for scrubbing and can wait.
        milestone=request.descent.steps,
    )
    if any(solution.status is Status.CANCELLED for solution in solutions):
        raise Cancelled
    return [walk.ended(solution) for walk, solution in zip(walks, solutions, strict=True)]
