"""Several ways to one path, timed against a reference: medians of several runs, taken in turn."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from slap_studio.core.types import Array

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Answer:
    """What one way of solving gave.

    Attributes
    ----------
    path
        Anchors and hidden latents [N + 2, d]; None where the row is about no path.
    gradient_evaluations
        How often the gradient of the whole path was computed; None where that means nothing.
    remark
        A sentence about this answer, or nothing.
    """

    path: Array | None
    gradient_evaluations: int | None = None
    remark: str = ""


Solve = Callable[[], Answer]


@dataclass(frozen=True)
class Side:
    """One way of solving, which becomes one row.

    Attributes
    ----------
    name
        Of the row.
    solve
        Does the whole work that is to be timed. What it prepares once and keeps is prepared in the untimed run.
    dtype, device
        Precision and place of its arithmetic.
    peer
        Whose solver it is; None for ours.
    """

    name: str
    solve: Solve
    dtype: str = "float32"
    device: str = "cpu"
    peer: str | None = None


@dataclass(frozen=True)
class NotRun:
    """A row that could not be measured here, and the sentence that says why."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """Sides that are compared in one run, on a problem of one size.

    Attributes
    ----------
    n, d
        Number of hidden latents and their length.
    sides
        What becomes rows.
    reference
        What they are measured against, if anything.
    hidden
        Width of the learned alignment's network; None for the cosine.
    steps
        K, where it is given.
    runs
        How many are timed.
    not_run
        Rows that belong here and cannot be had.
    """

    n: int
    d: int
    sides: tuple[Side, ...]
    reference: Solve | None = None
    hidden: int | None = None
    steps: int | None = None
    runs: int = 1
    not_run: tuple[NotRun, ...] = ()

    def only(self, prefix: str) -> "Comparison":
        """The same with the rows whose name begins so."""
        return replace(
            self,
            sides=tuple(side for side in self.sides if side.name.startswith(prefix)),
            not_run=tuple(row for row in self.not_run if row.name.startswith(prefix)),
        )


def measured(comparison: Comparison, *, clock: Callable[[], float] = time.perf_counter) -> tuple[list[Row], list[str]]:
    """Run a comparison: its rows, and the remarks that its answers carry.

    Parameters
    ----------
    comparison
        What to run. With no timed run its answers are looked at, and its seconds are None.
    clock
        Seconds.
    """
    reference = [] if comparison.reference is None else [comparison.reference]
    solves = [*reference, *(side.solve for side in comparison.sides)]
    # The first run of each warms caches and prepares what is prepared once; it gives the answers and no times.
    answers = [solve() for solve in solves]
    medians = _medians(solves, comparison.runs, clock)
    against, reference_seconds = (answers[0], medians[0]) if reference else (None, None)
    rows, remarks = [], []
    for side, answer, seconds in zip(
        comparison.sides, answers[len(reference) :], medians[len(reference) :], strict=True
    ):
        rows.append(_row(comparison, side, answer, seconds, against, reference_seconds))
        if answer.remark:
            remarks.append(f"{side.name}, N = {comparison.n}: {answer.remark}")
    return rows, remarks


def _medians(solves: list[Solve], runs: int, clock: Callable[[], float]) -> list[float | None]:
    """Median seconds of each, its runs taken in turn with those of the others, so that drift hits all alike."""
    seconds: list[list[float]] = [[] for _ in solves]
    for _ in range(runs):
        for kept, solve in zip(seconds, solves, strict=True):
            began = clock()
            solve()
            kept.append(clock() - began)
    return [statistics.median(kept) if kept else None for kept in seconds]


def _row(
    comparison: Comparison,
    side: Side,
    answer: Answer,
    seconds: float | None,
    against: Answer | None,
    reference_seconds: float | None,
) -> Row:
    return {
        "name": side.name,
        "n": comparison.n,
        "d": comparison.d,
        "hidden": comparison.hidden,
        "steps": comparison.steps,
        "device": side.device,
        "dtype": side.dtype,
        "seconds": seconds,
        "reference_seconds": reference_seconds,
        "ratio": reference_seconds / seconds if reference_seconds is not None and seconds else None,
        "angle_to_reference": _largest_angle(answer, against),
        "gradient_evaluations": answer.gradient_evaluations,
        "peer": side.peer,
    }


def _largest_angle(answer: Answer, against: Answer | None) -> float | None:
    """Largest angle in radians between latents of the same time; None where there is none to tell."""
    if against is None or answer.path is None or against.path is None:
        return None
    here, there = (np.asarray(path, dtype=np.float64) for path in (answer.path, against.path))
    # The chord form, accurate for small angles.
    apart, together = np.linalg.norm(here - there, axis=1), np.linalg.norm(here + there, axis=1)
    angle = float((2 * np.arctan2(apart, together)).max())
    return angle if math.isfinite(angle) else None
