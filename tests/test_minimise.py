import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.block_hessian import local, tangent_frames
from slap_studio.core.descent import descend
from slap_studio.core.energies import hessian_product, riemannian_gradient
from slap_studio.core.minimise import minimise
from slap_studio.core.span import span_of
from slap_studio.core.types import Descent, Kinetic, Physics, Problem, Status

REFERENCE = Path(__file__).parent / "reference"
TABLE_7 = (0.1, 0.5, 1.0, 5.0, 10.0)


@pytest.fixture
def problem(unit_vectors) -> Problem:
    return Problem(*unit_vectors(3, 256), 30)


@pytest.mark.parametrize(
    "row", json.loads((REFERENCE / "bvp_seed1.json").read_text()), ids=lambda row: f"{row['kinetic']}-{row['coupling']}"
)
def test_it_meets_the_independent_reference(row) -> None:
    stored = np.load(REFERENCE / "bvp_seed1.npz")
    problem = Problem(stored["start"], stored["end"], stored["query"], 30)
    physics = Physics(row["coupling"], row["mass"], row["dt"], Kinetic(row["kinetic"]))
    solution = minimise(problem, physics, dtype=torch.float64)
    assert solution.status is Status.MINIMISED
    assert solution.residual <= 1e-10
    assert float(solution.energies.action) == pytest.approx(row["action"], abs=1e-12)
    assert solution.latents[16][:4] == pytest.approx(row["mid"], abs=1e-9)
    # The independent word of the general gradient, in all dimensions.
    path = torch.from_numpy(solution.latents)
    gradient = riemannian_gradient(path, physics, Cosine(torch.from_numpy(problem.query)))
    assert float(torch.linalg.vector_norm(gradient, dim=-1).max()) <= 2e-10


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("coupling", [0.1, 1.0, 10.0])
def test_it_meets_scipys_l_bfgs_in_all_dimensions(kinetic: Kinetic, coupling: float, unit_vectors) -> None:
    start, end, query = unit_vectors(3, 9)
    problem, physics = Problem(start, end, query, 8), Physics(coupling, 1.3, 0.7, kinetic)
    ends = torch.tensor(start)[None], torch.tensor(end)[None]
    alignment = Cosine(torch.tensor(query))

    def action_and_slope(flat: np.ndarray) -> tuple[float, np.ndarray]:
        free = torch.tensor(flat.reshape(8, 9), requires_grad=True)
        hidden = sphere.unit(free)
        path = torch.cat([ends[0], hidden, ends[1]])
        speed = (
            torch.linalg.vector_norm(path[1:] - path[:-1], dim=-1)
            if kinetic is Kinetic.CHORD
            else sphere.angle(path[1:], path[:-1])
        )
        action = 1.3 / (2 * 0.7**2) * (speed**2).sum() - coupling * alignment.value(hidden).sum()
        action.backward()
        return float(action.detach()), free.grad.numpy().ravel()

    arc = sphere.slerp(ends[0][0], ends[1][0], 8)[1:-1].numpy()
    expected = minimize(action_and_slope, arc.ravel(), jac=True, method="L-BFGS-B", options={"ftol": 0, "gtol": 1e-10})
    solution = minimise(problem, physics, dtype=torch.float64)
    assert float(solution.energies.action) == pytest.approx(expected.fun, rel=1e-9)


def test_the_number_of_steps_is_small_and_the_same_for_every_length(unit_vectors) -> None:
    start, end, query = unit_vectors(3, 256)
    for scaled in (False, True):
        for coupling in TABLE_7:
            counts = {}
            for hidden in (30, 300, 3000):
                physics = Physics(coupling, 1.0, 1 / hidden if scaled else 1.0)
                problem = Problem(start, end, query, hidden)
                solution = minimise(problem, physics)
                assert solution.status is Status.MINIMISED
                assert solution.residual <= 1e-5
                counts[hidden] = solution.gradient_evaluations
                warm = minimise(problem, Physics(1.05 * coupling, 1.0, physics.time_step), warm_start=solution.latents)
                assert warm.gradient_evaluations <= 8
            assert max(counts.values()) <= 10
            assert max(counts.values()) - min(counts.values()) <= 1


def test_where_the_tolerance_is_below_rounding_it_says_so_and_is_as_near_as_can_be(unit_vectors) -> None:
    problem = Problem(*unit_vectors(3, 16), 3000)
    solution = minimise(problem, Physics(0.5, 1.0, 1 / 3000), dtype=torch.float64)
    assert solution.status is Status.ROUNDED
    assert solution.residual < 3000**2 * 1e-15
    assert solution.gradient_evaluations <= 30


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_without_coupling_it_is_the_geodesic(problem: Problem, kinetic: Kinetic, dtype: torch.dtype) -> None:
    solution = minimise(problem, Physics(0.0, kinetic=kinetic), dtype=dtype)
    arc = sphere.slerp(torch.tensor(problem.start), torch.tensor(problem.end), problem.hidden).numpy()
    assert solution.latents == pytest.approx(arc, abs=1e-6)
    assert np.linalg.norm(solution.latents, axis=1) == pytest.approx(1, abs=1e-6)
    assert solution.latents.dtype == {torch.float32: np.float32, torch.float64: np.float64}[dtype]


def test_a_long_descent_goes_where_it_points(unit_vectors) -> None:
    problem, physics = Problem(*unit_vectors(3, 24), 12), Physics(0.5)
    solution = minimise(problem, physics, dtype=torch.float64)
    descended = descend(problem, physics, Descent(4000, 0.2), dtype=torch.float64)
    assert solution.latents == pytest.approx(descended.latents, abs=1e-8)
    assert float(solution.energies.action) <= float(descended.energies.action) + 1e-12


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("physics", [(0.0, 1.0), (0.5, 1.0), (1.0, 0.0), (0.0, 0.0), (1e4, 1.0)])
@pytest.mark.parametrize(
    "place",
    [
        lambda a, q: (a, a, q),
        lambda a, q: (a, -a, q),
        lambda a, q: (a, a, a),
        lambda a, q: (a, a, -a),
        lambda a, q: (a, -a, a),
        lambda a, q: (a, q, q),
    ],
    ids=["coincident", "antipodal", "all-one", "against-the-query", "antipodal-on-the-query", "end-is-query"],
)
@pytest.mark.parametrize("dimension", [2, 3, 4, 12])
def test_every_degenerate_problem_has_a_minimum(kinetic, physics, place, dimension: int, unit_vectors) -> None:
    problem = Problem(*place(*unit_vectors(2, dimension)), 9)
    found, again = (minimise(problem, Physics(*physics, kinetic=kinetic), dtype=torch.float64) for _ in range(2))
    assert found.status is Status.MINIMISED
    assert np.isfinite(found.latents).all()
    assert np.array_equal(found.latents, again.latents)
    if physics == (1.0, 0.0):
        assert found.latents[1:-1] @ problem.query == pytest.approx(1, abs=1e-9)


def test_a_saddle_is_left(unit_vectors) -> None:
    """Anchors opposite to the query: the constant path is stationary, but no minimum."""
    (anchor,) = unit_vectors(1, 12)
    problem = Problem(anchor, anchor, -anchor, 9)
    still = descend(problem, Physics(5.0), Descent(500, 0.05), dtype=torch.float64)
    assert still.status is Status.STATIONARY
    solution = minimise(problem, Physics(5.0), dtype=torch.float64)
    assert float(solution.energies.action) < 0.5 * float(still.energies.action)


@pytest.mark.parametrize("hidden", [0, 1])
def test_the_shortest_gaps(hidden: int, unit_vectors) -> None:
    solution = minimise(Problem(*unit_vectors(3, 8), hidden), Physics())
    assert solution.latents.shape == (hidden + 2, 8)
    assert solution.status is (Status.MINIMISED if hidden else Status.NOTHING_HIDDEN)


def test_it_stops_within_a_step_when_cancelled_and_goes_on_from_there(problem: Problem) -> None:
    asked = iter([False, False, True])
    stopped = minimise(problem, Physics(), dtype=torch.float64, cancelled=lambda: next(asked))
    assert stopped.status is Status.CANCELLED
    assert len(stopped.residuals) == 3
    going_on = minimise(problem, Physics(), warm_start=stopped.latents, dtype=torch.float64)
    straight = minimise(problem, Physics(), dtype=torch.float64)
    assert going_on.gradient_evaluations + 2 == straight.gradient_evaluations
    assert going_on.latents == pytest.approx(straight.latents, abs=1e-9)


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_the_blocks_are_the_hessian_in_all_dimensions(kinetic: Kinetic, unit_vectors, generator) -> None:
    path, query, physics = unit_vectors(7, 4), unit_vectors(4), Physics(0.7, 1.3, 0.6, kinetic)
    here, alignment = local(path, query, physics), Cosine(torch.tensor(query))
    general = riemannian_gradient(torch.tensor(path), physics, alignment).numpy()
    assert here.ambient(here.gradient.ravel()) == pytest.approx(general, abs=1e-13)
    inner = generator.normal(size=here.gradient.size)
    ambient = here.ambient(inner)
    product = hessian_product(torch.tensor(path), physics, alignment, torch.tensor(ambient)).numpy()
    expected = float((general * ambient).sum() + 0.5 * (product * ambient).sum())
    assert here.predicted(ambient) == pytest.approx(expected, rel=1e-12)


def test_frames_are_orthonormal_and_tangent(unit_vectors) -> None:
    z = np.concatenate([unit_vectors(20, 4), np.eye(4), -np.eye(4)])
    frames = tangent_frames(z)
    assert np.einsum("nmi,nmj->nij", frames, frames) == pytest.approx(np.broadcast_to(np.eye(3), (28, 3, 3)))
    assert np.einsum("nmi,nm->ni", frames, z) == pytest.approx(0, abs=1e-15)


def test_the_span_holds_the_problem_and_one_direction_more(problem: Problem) -> None:
    span = span_of(problem)
    assert span.basis @ span.basis.T == pytest.approx(np.eye(4), abs=1e-14)
    for name in ("start", "end", "query"):
        assert span.latents(getattr(span, name)) == pytest.approx(getattr(problem, name), abs=1e-14)
        assert getattr(span, name)[3] == pytest.approx(0, abs=1e-14)
