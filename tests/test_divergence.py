import numpy as np
import pytest
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.certificates import certify
from slap_studio.core.descent import descend
from slap_studio.core.divergence import APART, bifurcation, branches, divergence, twin_starts
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.minimise import minimise
from slap_studio.core.types import Descent, Kinetic, Physics, Problem
from slap_studio.problems import Cancelled, UnusableInput
from tests.test_certificates import Bent


@pytest.fixture
def problem(unit_vectors) -> Problem:
    return Problem(*unit_vectors(3, 12), 10)


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_twin_runs_are_two_single_runs(problem: Problem, kinetic: Kinetic) -> None:
    physics, descent = Physics(0.7, kinetic=kinetic), Descent(30, 0.05)
    found = divergence(problem, physics, descent, seed=3)
    first = descend(problem, physics, descent, dtype=torch.float64).history
    path = twin_starts(problem, seed=3)[1]
    second = [path[1:-1].clone()]
    for _ in range(descent.steps):
        gradient = riemannian_gradient(path, physics, Cosine(torch.tensor(problem.query)))
        path[1:-1] = sphere.retract(path[1:-1], -descent.step_size * gradient)
        second.append(path[1:-1].clone())
    apart = np.linalg.norm(first - torch.stack(second).numpy(), axis=-1)
    assert found.distances == pytest.approx(np.sqrt((apart**2).mean(1)), rel=1e-9)
    assert found.distances.shape == (31,)
    assert found.growth.shape == (30,)


def test_the_second_start_lies_a_thousandth_beside_the_arc(problem: Problem) -> None:
    starts = twin_starts(problem)
    apart = (starts[1] - starts[0]).norm(dim=-1)
    assert float((apart[1:-1] ** 2).mean() ** 0.5) == pytest.approx(APART, rel=1e-5)
    assert apart[[0, -1]].tolist() == [0, 0]
    assert starts.norm(dim=-1).numpy() == pytest.approx(1, abs=1e-14)
    assert torch.equal(starts, twin_starts(problem))
    assert not torch.equal(starts, twin_starts(problem, seed=1))


def test_in_a_convex_problem_the_rate_is_that_of_the_slowest_mode(problem: Problem) -> None:
    physics, descent = Physics(2.0), Descent(400, 0.05)
    query = torch.tensor(problem.query)
    still = torch.tensor(minimise(problem, physics, dtype=torch.float64).latents)
    h_min = certify(still, physics, descent, Cosine(query), query).h_min
    found = divergence(problem, physics, descent)
    assert found.rate == pytest.approx(np.log(1 - 0.05 * h_min), rel=0.02)
    assert not found.chaotic
    assert not found.overshoots
    assert found.period is None
    # The twins fall together until rounding keeps them apart; the rate knows nothing of that floor.
    assert found.distances[-1] < 1e-12
    short = divergence(problem, physics, Descent(60, 0.05))
    slope = np.polyfit(np.arange(30, 61), np.log(short.distances[30:]), 1)[0]
    assert short.rate == pytest.approx(slope, rel=0.02)


def test_past_the_edge_of_stability_the_cosine_leaps_to_and_fro_and_is_not_chaotic(problem: Problem) -> None:
    leaving = divergence(problem, Physics(20.0), Descent(20, 0.1))
    assert leaving.rate > 0.2
    assert leaving.overshoots
    assert leaving.swells
    assert not leaving.chaotic
    assert "so far" in leaving.sentence
    settled = divergence(problem, Physics(20.0), Descent(200, 0.1))
    assert settled.rate < 0
    assert settled.period == 2
    assert not settled.chaotic
    assert "comes back after every 2 steps" in settled.sentence


def test_a_curved_alignment_can_be_chaotic(problem: Problem, unit_vectors) -> None:
    alignment = Bent(torch.tensor(problem.query), torch.tensor(unit_vectors(12)), k=10.0)
    found = divergence(problem, Physics(100.0), Descent(200, 0.01), alignment=alignment)
    assert found.rate > 0.3
    assert found.chaotic
    assert found.sentence.startswith("Chaotic")
    # The twins themselves are as far apart as the sphere lets them long before.
    assert abs(np.polyfit(np.arange(100), np.log(found.distances[-100:]), 1)[0]) < 0.02
    gentle = divergence(problem, Physics(1.0), Descent(200, 0.01), alignment=alignment)
    assert gentle.rate < 0
    assert not gentle.chaotic


def test_a_descent_that_leaves_a_ridge_parts_its_starts_and_is_not_chaotic(problem: Problem) -> None:
    start, end = (v - 3 * problem.query for v in (problem.start, problem.end))
    behind = Problem(start / np.linalg.norm(start), end / np.linalg.norm(end), problem.query, 10)
    found = divergence(behind, Physics(5.0), Descent(20, 0.01))
    assert found.rate > 0
    assert not found.overshoots
    assert not found.chaotic
    assert "the action falls all the way" in found.sentence


@pytest.mark.parametrize(("hidden", "steps"), [(0, 50), (1, 50), (5, 0), (5, 1), (5, 2)])
def test_the_shortest_gaps_and_descents_have_defined_answers(unit_vectors, hidden: int, steps: int) -> None:
    found = divergence(Problem(*unit_vectors(3, 4), hidden), Physics(), Descent(steps, 0.01))
    assert len(found.distances) == len(found.growth) + 1
    assert np.isfinite([found.rate, found.rate_error]).all()
    assert np.isfinite(found.distances).all()
    assert not found.chaotic
    assert found.sentence.endswith(".")


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_the_descent_doubles_its_period_where_the_whole_hessian_says(unit_vectors, kinetic: Kinetic) -> None:
    """At α·h_max = 2 with h_max = λ + 3.99 μ for N = 30: before λ·α·p_max = 2, and no further doubling up to 1,000."""
    problem = Problem(*unit_vectors(3, 5), 30)
    for alpha, couplings in ((0.1, [1.0, 10.0, 15.8, 16.3, 20.0, 100.0]), (0.01, [50.0, 190.0, 203.0, 300.0, 1000.0])):
        heights = bifurcation(problem, Physics(kinetic=kinetic), couplings, step_size=alpha, settle=400, keep=12)
        assert heights.shape == (len(couplings), 12)
        expected = [1 if alpha * (coupling + 3.99) < 2 else 2 for coupling in couplings]
        assert branches(heights, 3e-3).tolist() == expected
        assert np.abs(heights).max() <= 1


def test_each_row_is_the_descent_of_its_own_coupling(problem: Problem) -> None:
    couplings, settle, keep = [0.5, 18.0, 60.0], 40, 6
    heights = bifurcation(problem, Physics(mass=1.2), couplings, step_size=0.1, settle=settle, keep=keep)
    for row, coupling in zip(heights, couplings, strict=True):
        history = descend(problem, Physics(coupling, 1.2), Descent(settle + keep, 0.1), dtype=torch.float64).history
        middle = history[-keep:, (problem.hidden + 1) // 2 - 1]
        axis = middle[0] - (middle[0] @ problem.query) * problem.query
        assert row == pytest.approx(middle @ axis / np.linalg.norm(axis), abs=1e-9)


def test_branches_are_counted_apart_from_noise() -> None:
    heights = np.array([[0.5, 0.5001, 0.4999, 0.5], [0.3, -0.3, 0.3, -0.3], [0.1, 0.2, 0.3, 0.4]])
    assert branches(heights).tolist() == [1, 2, 4]


def test_a_bifurcation_can_be_cancelled_and_needs_something_hidden(problem: Problem) -> None:
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        bifurcation(problem, Physics(), [1.0], step_size=0.1, settle=5, keep=5, cancelled=lambda: next(asked))
    bare = Problem(problem.start, problem.end, problem.query, 0)
    with pytest.raises(UnusableInput):
        bifurcation(bare, Physics(), [1.0], step_size=0.1, settle=5, keep=5)
