import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.descent import descend, descend_gaps, energies_along
from slap_studio.core.types import Descent, Kinetic, Physics, Problem, Status
from slap_studio.problems import UnusableInput
from tests.test_energies import plain_action

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture
def problem(unit_vectors) -> Problem:
    start, end, query = unit_vectors(3, 24)
    return Problem(start, end, query, 12)


@pytest.mark.parametrize(
    "row", json.loads((REFERENCE / "bvp_seed1.json").read_text()), ids=lambda row: f"{row['kinetic']}-{row['coupling']}"
)
def test_long_descent_meets_the_independent_reference(row) -> None:
    stored = np.load(REFERENCE / "bvp_seed1.npz")
    problem = Problem(stored["start"], stored["end"], stored["query"], 30)
    physics = Physics(row["coupling"], row["mass"], row["dt"], Kinetic(row["kinetic"]))
    step_size = 1.0 / row["hessian_max"]
    solution = descend(
        problem,
        physics,
        Descent(int(30 / (step_size * row["hessian_min"])), step_size),
        dtype=torch.float64,
        keep_history=False,
    )
    assert float(solution.energies.action) == pytest.approx(row["action"], abs=1e-9)
    assert solution.latents[16][:4] == pytest.approx(row["mid"], abs=1e-4)


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_long_descent_meets_scipy_on_a_small_problem(kinetic: Kinetic, unit_vectors) -> None:
    start, end, query = unit_vectors(3, 4)
    physics = Physics(0.4, 1.2, 0.9, kinetic)

    def action(flat: np.ndarray) -> float:
        hidden = flat.reshape(3, 4)
        hidden = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
        return plain_action(np.concatenate([start[None], hidden, end[None]]), query, physics)

    first = sphere.slerp(torch.tensor(start), torch.tensor(end), 3)[1:-1].numpy()
    expected = minimize(action, first.ravel(), method="BFGS", options={"gtol": 1e-9}).fun
    solution = descend(Problem(start, end, query, 3), physics, Descent(4000, 0.1), dtype=torch.float64)
    assert float(solution.energies.action) == pytest.approx(expected, abs=1e-8)
    assert solution.status is Status.STATIONARY


def test_it_takes_the_papers_steps_one_by_one(problem: Problem) -> None:
    """K steps of α on all latents at once, from SLERP: written out once more, plainly."""
    physics, alpha = Physics(0.5), 0.01
    path = sphere.slerp(*(torch.tensor(v) for v in (problem.start, problem.end)), problem.hidden).numpy()
    for _ in range(7):
        moved = path.copy()
        for t in range(1, len(path) - 1):
            gradient = -physics.coupling * problem.query
            for neighbour in (path[t - 1], path[t + 1]):
                theta = np.arccos(path[t] @ neighbour)
                gradient = gradient - physics.mass * theta / np.sin(theta) * neighbour
            gradient = gradient - (gradient @ path[t]) * path[t]
            moved[t] = path[t] - alpha * gradient
            moved[t] /= np.linalg.norm(moved[t])
        path = moved
    solution = descend(problem, physics, Descent(7, alpha), dtype=torch.float64)
    assert solution.latents == pytest.approx(path, abs=1e-13)
    assert solution.gradient_evaluations == 8


def test_history_begins_with_slerp_ends_with_the_path_and_stays_on_the_sphere(problem: Problem) -> None:
    solution = descend(problem, Physics(5.0), Descent(50, 0.05))
    assert solution.history is not None
    assert solution.history.shape == (51, 12, 24)
    arc = sphere.slerp(*(torch.tensor(v, dtype=torch.float32) for v in (problem.start, problem.end)), 12)
    assert np.array_equal(solution.history[0], arc[1:-1].numpy())
    assert np.array_equal(solution.history[-1], solution.latents[1:-1])
    assert np.linalg.norm(solution.history, axis=-1) == pytest.approx(1, abs=1e-6)
    cosine = Cosine(torch.tensor(problem.query, dtype=torch.float32))
    along = energies_along(problem, Physics(5.0), solution.history, solution.aligned, cosine)
    assert along.action.shape == (51,)
    # It falls until float32 has no more digits to give.
    assert (np.diff(along.action) < 1e-5).all()
    assert along.action[-1] < 0.05 * along.action[0]
    assert float(along.action[-1]) == pytest.approx(float(solution.energies.action), rel=1e-6)


def test_a_milestone_is_shown_if_the_rest_takes_its_time(problem: Problem, monkeypatch) -> None:
    seen: list[int] = []

    def observe(ways) -> None:
        (way,) = ways
        seen.append(len(way.history) - 1)
        assert way.history.shape[:2] == way.aligned.shape == (len(way.residuals), problem.hidden)

    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_AFTER", 1000.0)
    cosine = Cosine(torch.tensor(problem.query, dtype=torch.float32))
    for worth, expected in ((0.0, [12]), (1000.0, [])):
        monkeypatch.setattr("slap_studio.core.descent.WORTH_A_LOOK", worth)
        seen.clear()
        descend_gaps([problem], Physics(), Descent(30), cosine, observe=observe, milestone=12)
        assert seen == expected


def test_the_kept_steps_are_those_of_shorter_descents(problem: Problem) -> None:
    long = descend(problem, Physics(1.0), Descent(30, 0.02))
    short = descend(problem, Physics(1.0), Descent(11, 0.02))
    assert long.history is not None
    assert np.array_equal(long.history[11], short.latents[1:-1])
    assert long.residuals[11] == short.residual


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_without_coupling_the_path_is_the_geodesic(problem: Problem, kinetic: Kinetic) -> None:
    solution = descend(problem, Physics(0.0, kinetic=kinetic), Descent(50, 0.1))
    arc = sphere.slerp(torch.tensor(problem.start), torch.tensor(problem.end), problem.hidden).numpy()
    assert solution.latents == pytest.approx(arc, abs=1e-6)
    assert solution.status is Status.STATIONARY


def test_without_mass_every_latent_goes_to_the_query(problem: Problem) -> None:
    solution = descend(problem, Physics(1.0, mass=0.0), Descent(3000, 0.1), dtype=torch.float64)
    assert solution.latents[1:-1] @ problem.query == pytest.approx(1, abs=1e-9)


def test_steps_that_overshoot_are_said(problem: Problem) -> None:
    solution = descend(problem, Physics(0.5), Descent(50, 0.9))
    assert solution.status is Status.UNSTABLE
    assert np.isfinite(solution.latents).all()


@pytest.mark.parametrize("hidden", [0, 1])
def test_the_shortest_gaps(unit_vectors, hidden: int) -> None:
    start, end, query = unit_vectors(3, 8)
    solution = descend(Problem(start, end, query, hidden), Physics(), Descent())
    assert solution.latents.shape == (hidden + 2, 8)
    assert (solution.status is Status.NOTHING_HIDDEN) == (hidden == 0)
    assert np.isfinite(float(solution.energies.e_pot))


@pytest.mark.parametrize("sign", [1, -1])
def test_coincident_and_antipodal_anchors_give_a_finite_reproducible_path(unit_vectors, sign: int) -> None:
    start, query = unit_vectors(2, 8)
    first, again = (descend(Problem(start, sign * start, query, 9), Physics(), Descent()) for _ in range(2))
    assert np.isfinite(first.latents).all()
    assert np.array_equal(first.latents, again.latents)


def test_a_cancelled_descent_stops_within_one_step_and_keeps_what_it_has(problem: Problem) -> None:
    asked = iter([False, False, False, True])
    solution = descend(problem, Physics(), Descent(50, 0.01), cancelled=lambda: next(asked))
    assert solution.status is Status.CANCELLED
    assert solution.history is not None
    assert len(solution.history) == len(solution.residuals) == 4
    assert next(asked, None) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Physics(coupling=-0.1), lambda: Physics(coupling=float("inf")), lambda: Physics(mass=float("nan")),
        lambda: Physics(time_step=0.0), lambda: Descent(steps=-1), lambda: Descent(step_size=0.0),
        lambda: Problem(np.ones(3), np.ones(3) / 3**0.5, np.ones(3) / 3**0.5, 3),
        lambda: Problem(np.eye(3)[0], np.eye(3)[1], np.eye(4)[2], 3),
        lambda: Problem(np.eye(3)[0], np.eye(3)[1], np.zeros(3), 3),
        lambda: Problem(np.eye(3)[0], np.array([np.nan, 0, 1]), np.eye(3)[2], 3),
        lambda: Problem(np.eye(3)[0], np.eye(3)[1], np.eye(3)[2], -1),
    ],
)  # fmt: skip
def test_values_that_cannot_be_are_refused_in_one_sentence(make) -> None:
    with pytest.raises(UnusableInput) as refusal:
        make()
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
