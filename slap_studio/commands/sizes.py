"""What the solver's benchmark is run on: sizes, and problems drawn at random."""

from dataclasses import dataclass, field

import numpy as np

from slap_studio.core.network import PAPER_SHAPE, NetworkShape
from slap_studio.core.types import Descent, Problem

SEED = 0  # of the random networks and problems


@dataclass(frozen=True)
class Sizes:
    """What is measured, and how often; by default what the documentation shows.

    Attributes
    ----------
    networks
        Shapes of the learned alignment, and what they are called.
    gap
        N of the descents under the learned alignment.
    descent
        Their K and α; the paper's.
    coupling
        λ throughout.
    change
        Factor by which λ changes before a warm start.
    minimised
        N and d of the problems that are minimised.
    counted
        N of the problems in which the steps of plain descent are counted, and d.
    most_steps
        How many of them are counted at most.
    compared
        N and d of the problems that peers solve.
    most_gradients
        How many gradients a peer may take.
    runs, peer_runs
        Of how many runs medians are taken.
    """

    networks: tuple[tuple[str, NetworkShape], ...] = (
        ("paper size", PAPER_SHAPE),
        ("small size", NetworkShape(dimension=256, hidden=512, blocks=2)),
    )
    gap: int = 30
    descent: Descent = field(default_factory=Descent)
    coupling: float = 0.5
    change: float = 1.05
    minimised: tuple[tuple[int, int], ...] = (
        *((n, 256) for n in (30, 100, 300, 1000, 3000, 10_000)),
        (10_000, 768),
    )
    counted: tuple[tuple[int, int], ...] = ((10, 256), (30, 256), (100, 256))
    most_steps: int = 200_000
    compared: tuple[tuple[int, int], ...] = ((30, 256), (300, 256))
    most_gradients: int = 6000
    runs: int = 7
    peer_runs: int = 3


def random_problem(n: int, d: int) -> Problem:
    """Anchors and query drawn at random: nearly orthogonal where d is large."""
    vectors = np.random.default_rng(SEED).normal(size=(3, d))
    start, end, query = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return Problem(start, end, query, n)


def time_steps(n: int) -> tuple[tuple[str, float], ...]:
    """Δt = 1, where a longer gap takes more time, and Δt = 1/N, where its steps are finer and stiffer."""
    return ("Δt = 1", 1.0), ("Δt = 1/N", 1 / n)
