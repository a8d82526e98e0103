"""The minimiser under any alignment, against the exact one of the cosine, descent, and dense algebra."""

from itertools import count

import numpy as np
import pytest
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.certificates import error_bound, gradient_difference
from slap_studio.core.descent import descend
from slap_studio.core.energies import energies
from slap_studio.core.laplacian import ShiftedLaplacian
from slap_studio.core.learned import Learned, fold
from slap_studio.core.minimise import minimise
from slap_studio.core.network import NetworkShape, random_network
from slap_studio.core.types import Descent, Kinetic, Physics, Problem, Status

DOUBLE = torch.float64


@pytest.fixture
def problem(unit_vectors) -> Problem:
    return Problem(*unit_vectors(3, 12), 9)


@pytest.fixture
def learned(problem) -> Learned:
    network = random_network(NetworkShape(12, 32, 2), seed=3, dtype=DOUBLE)
    return fold(network, torch.tensor(problem.query), dtype=DOUBLE)


def cosine(problem: Problem) -> Cosine:
    return Cosine(torch.tensor(problem.query))


@pytest.mark.parametrize("rows", [1, 2, 3, 17, 300])
@pytest.mark.parametrize("shift", [0.0, 1e-6, 0.03, 2.0, 1e6])
def test_the_laplacian_is_solved_as_dense_algebra_solves_it(rows: int, shift: float, generator) -> None:
    right = torch.tensor(generator.normal(size=(rows, 4)))
    matrix = (2 + shift) * np.eye(rows) - np.eye(rows, k=1) - np.eye(rows, k=-1)
    exact = np.linalg.solve(matrix, right.numpy())
    found = ShiftedLaplacian(shift, right).solve(right).numpy()
    assert np.abs(found - exact).max() <= 1e-11 * np.abs(exact).max() * rows


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("coupling", [0.0, 0.1, 1.0, 10.0])
@pytest.mark.parametrize("fine", [False, True])
def test_under_the_cosine_it_meets_the_exact_method(problem, kinetic: Kinetic, coupling: float, fine: bool) -> None:
    physics = Physics(coupling, 1.3, 1 / problem.hidden if fine else 1.0, kinetic)
    exact = minimise(problem, physics, dtype=DOUBLE)
    found = minimise(problem, physics, dtype=DOUBLE, alignment=cosine(problem))
    assert found.status is Status.STATIONARY
    assert found.residual <= 1e-10
    assert float(found.energies.action) == pytest.approx(float(exact.energies.action), rel=1e-12, abs=1e-12)
    assert np.abs(found.latents - exact.latents).max() < 1e-8


@pytest.mark.parametrize("coupling", [0.5, 5.0])
def test_under_the_learned_alignment_descent_ends_where_it_ends(problem, learned, coupling: float) -> None:
    physics = Physics(coupling)
    found = minimise(problem, physics, dtype=DOUBLE, alignment=learned)
    slow = descend(problem, physics, Descent(4000, 0.05), dtype=DOUBLE, alignment=learned, keep_history=False)
    assert found.residual <= 1e-10
    assert slow.residual <= 1e-8
    assert np.abs(found.latents - slow.latents).max() < 1e-6
    assert found.gradient_evaluations < slow.gradient_evaluations / 20


@pytest.mark.parametrize("seed", [2, 5, 8, 9, 16, 29])
def test_it_goes_on_as_long_as_it_goes_down(seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(3, 8))
    hilly = Problem(*(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)), 12)
    network = random_network(NetworkShape(8, 16, 1), seed=seed, dtype=DOUBLE)
    found = minimise(
        hilly, Physics(20.0), dtype=DOUBLE, alignment=fold(network, torch.tensor(hilly.query), dtype=DOUBLE)
    )
    assert found.status is Status.STATIONARY
    assert found.residual <= 1e-10


def test_the_cost_does_not_grow_with_the_number_of_latents(unit_vectors) -> None:
    start, end, query = unit_vectors(3, 24)
    counts = []
    for hidden in (30, 300, 3000):
        problem = Problem(start, end, query, hidden)
        solution = minimise(problem, Physics(0.5), dtype=DOUBLE, alignment=cosine(problem))
        assert solution.residual <= 1e-10
        counts.append(solution.gradient_evaluations)
    assert max(counts) <= 1.5 * min(counts)


def test_a_warm_start_costs_less(problem, learned) -> None:
    cold = minimise(problem, Physics(1.05), dtype=DOUBLE, alignment=learned)
    before = minimise(problem, Physics(1.0), dtype=DOUBLE, alignment=learned)
    warm = minimise(problem, Physics(1.05), dtype=DOUBLE, alignment=learned, warm_start=before.latents)
    assert np.abs(warm.latents - cold.latents).max() < 1e-8
    assert warm.gradient_evaluations < cold.gradient_evaluations


def test_float32_ends_at_its_own_tolerance(problem, learned) -> None:
    single = fold(
        random_network(NetworkShape(12, 32, 2), seed=3), torch.tensor(problem.query, dtype=torch.float32),
        dtype=torch.float32,
    )  # fmt: skip
    found = minimise(problem, Physics(1.0), alignment=single)
    exact = minimise(problem, Physics(1.0), dtype=DOUBLE, alignment=learned)
    assert found.residual <= 1e-5
    assert np.abs(found.latents - exact.latents).max() < 1e-3


def test_without_mass_every_latent_climbs_to_the_alignment_alone(problem) -> None:
    found = minimise(problem, Physics(1.0, 0.0), dtype=DOUBLE, alignment=cosine(problem))
    assert found.residual <= 1e-10
    assert np.abs(found.latents[1:-1] - problem.query).max() < 1e-8


def test_it_can_be_cancelled_before_its_first_step(problem, learned) -> None:
    found = minimise(problem, Physics(1.0), dtype=DOUBLE, alignment=learned, cancelled=lambda: True)
    assert found.status is Status.CANCELLED
    assert found.gradient_evaluations == 1


def test_it_can_be_cancelled_in_the_middle_of_a_step_and_still_goes_downhill(problem, learned) -> None:
    whole = minimise(problem, Physics(1.0), dtype=DOUBLE, alignment=learned)
    asked = count(1)
    # The first question comes before the first step, every other after a product with the Hessian.
    found = minimise(problem, Physics(1.0), dtype=DOUBLE, alignment=learned, cancelled=lambda: next(asked) > 2)
    assert found.status is Status.CANCELLED
    assert found.gradient_evaluations < whole.gradient_evaluations / 3
    assert next(asked) <= 6
    straight = np.asarray(sphere.slerp(torch.tensor(problem.start), torch.tensor(problem.end), problem.hidden))
    before = energies(torch.from_numpy(straight), Physics(1.0), learned).action
    assert float(whole.energies.action) < float(found.energies.action) < float(before)


def test_the_minimisers_of_two_alignments_lie_as_near_as_the_theorem_says(problem, learned) -> None:
    """Theorem 3.7, with what really lies between the cosine's minimum and the learned one's."""
    physics = Physics(0.05)
    plain = minimise(problem, physics, dtype=DOUBLE, alignment=cosine(problem))
    other = minimise(problem, physics, dtype=DOUBLE, alignment=learned)
    apart = gradient_difference(torch.tensor(other.latents), physics, cosine(problem), learned)
    certificate = error_bound(plain.latents, other.latents, physics, apart, residual=plain.residual + other.residual)
    assert 0 < certificate.value <= certificate.bound
    assert certificate.holds
