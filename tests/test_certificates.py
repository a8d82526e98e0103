import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine, Followed
from slap_studio.core.certificates import (
    alignment_hessian_product,
    certify,
    error_bound,
    flat_kinetic_minimum,
    gradient_difference,
    stationary,
)
from slap_studio.core.descent import descend
from slap_studio.core.energies import hessian_product, riemannian_gradient
from slap_studio.core.lanczos import extreme_eigenvalues
from slap_studio.core.minimise import minimise
from slap_studio.core.span import span_of
from slap_studio.core.types import Descent, Kinetic, Physics, Problem

REFERENCE = Path(__file__).parent / "reference"


class Bent:
    """P = ⟨z, q⟩ + (b/k) sin(k ⟨z, u⟩): an alignment with curvature of its own."""

    def __init__(self, query: Tensor, axis: Tensor, k: float = 4.0, b: float = 1.0) -> None:
        self.query, self.axis, self.k, self.b = query, axis, k, b

    def value(self, z: Tensor) -> Tensor:
        return z @ self.query + self.b / self.k * torch.sin(self.k * (z @ self.axis))

    def gradient(self, z: Tensor) -> Tensor:
        return self.query + self.b * torch.cos(self.k * (z @ self.axis))[..., None] * self.axis

    def following(self, z: Tensor) -> Followed:
        return lambda: (self.value(z), self.gradient(z))

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        bend = -self.b * self.k * torch.sin(self.k * (z @ self.axis))
        return (bend * (direction @ self.axis))[..., None] * self.axis


def tangent_basis(z: Tensor) -> Tensor:
    """Orthonormal tangent vectors at z [N, d], one latent moved at a time [N·(d − 1), N, d]."""
    hidden, d = z.shape
    rows = []
    for t in range(hidden):
        frame = torch.linalg.svd(z[t : t + 1], full_matrices=True)[2][1:]
        moved = torch.zeros(d - 1, hidden, d, dtype=z.dtype)
        moved[:, t] = frame
        rows.append(moved)
    return torch.cat(rows)


def dense_spectrum(path: Tensor, physics: Physics, alignment: Alignment) -> np.ndarray:
    basis = tangent_basis(path[1:-1])
    products = hessian_product(path.expand(len(basis), -1, -1), physics, alignment, basis)
    matrix = (basis.flatten(1) @ products.flatten(1).T).numpy()
    assert matrix == pytest.approx(matrix.T, abs=1e-10)
    return np.linalg.eigvalsh(matrix)


@pytest.fixture
def rough_path(unit_vectors, generator):
    """An arc between random anchors with every hidden latent shaken, and a random query."""

    def draw(hidden: int, d: int, shake: float = 0.3) -> tuple[Tensor, Tensor]:
        start, end, query = (torch.tensor(v) for v in unit_vectors(3, d))
        path = sphere.slerp(start, end, hidden)
        path[1:-1] = sphere.unit(path[1:-1] + shake / d**0.5 * torch.tensor(generator.normal(size=(hidden, d))))
        return path, query

    return draw


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("coupling", [0.0, 0.5, 30.0])
@pytest.mark.parametrize(("hidden", "d"), [(1, 2), (1, 8), (2, 7), (30, 6)])
def test_extreme_eigenvalues_are_those_of_the_dense_hessian(rough_path, kinetic, coupling, hidden, d) -> None:
    path, query = rough_path(hidden, d)
    physics, alignment = Physics(coupling, 1.3, 0.8, kinetic), Cosine(query)
    spectrum = dense_spectrum(path, physics, alignment)
    found = certify(path, physics, Descent(), alignment, query)
    assert found.h_min == pytest.approx(spectrum[0], rel=0.01)
    assert found.h_max == pytest.approx(spectrum[-1], rel=0.01)
    assert found.p_max == pytest.approx(float((path[1:-1] @ query).abs().max()), rel=0.01)


def test_an_alignment_with_curvature_of_its_own(rough_path, unit_vectors) -> None:
    path, query = rough_path(12, 9)
    alignment, physics = Bent(query, torch.tensor(unit_vectors(9))), Physics(0.7)
    spectrum = dense_spectrum(path, physics, alignment)
    found = certify(path, physics, Descent(), alignment, query)
    assert [found.h_min, found.h_max] == pytest.approx([spectrum[0], spectrum[-1]], rel=0.01)
    basis = tangent_basis(path[1:-1])
    products = torch.stack([alignment_hessian_product(path[1:-1], alignment, xi) for xi in basis])
    bends = np.linalg.eigvalsh((basis.flatten(1) @ products.flatten(1).T).numpy())
    assert found.p_max == pytest.approx(np.abs(bends).max(), rel=0.01)


@pytest.mark.parametrize(
    "row", json.loads((REFERENCE / "bvp_seed1.json").read_text()), ids=lambda row: f"{row['kinetic']}-{row['coupling']}"
)
def test_the_independent_reference_is_met_in_the_span_it_was_computed_in(row) -> None:
    """Its numbers are those of the span of anchors and query; in all dimensions the lowest can only be lower."""
    stored = np.load(REFERENCE / "bvp_seed1.npz")
    problem = Problem(stored["start"], stored["end"], stored["query"], 30)
    physics = Physics(row["coupling"], row["mass"], row["dt"], Kinetic(row["kinetic"]))
    latents = minimise(problem, physics, dtype=torch.float64).latents
    frame = np.linalg.qr(np.stack([problem.start, problem.end, problem.query], axis=1))[0]
    path, query = torch.tensor(latents @ frame), torch.tensor(problem.query @ frame)
    found = certify(path, physics, Descent(), Cosine(query), query)
    assert found.h_min == pytest.approx(row["hessian_min"], rel=0.01)
    assert found.h_max == pytest.approx(row["hessian_max"], rel=0.01)
    whole = certify(
        torch.tensor(latents), physics, Descent(), Cosine(torch.tensor(problem.query)), torch.tensor(problem.query)
    )
    assert whole.h_min < 1.01 * found.h_min
    assert whole.h_max > 0.99 * found.h_max


def test_four_coordinates_of_the_span_have_the_extremes_of_all_dimensions(unit_vectors) -> None:
    problem = Problem(*unit_vectors(3, 40), 20)
    physics, span = Physics(0.01), span_of(problem)
    path = torch.tensor(minimise(problem, physics, dtype=torch.float64).latents)
    query, small_query = torch.tensor(problem.query), torch.tensor(span.query)
    small = certify(torch.tensor(span.coordinates(path.numpy())), physics, Descent(), Cosine(small_query), small_query)
    whole = certify(path, physics, Descent(), Cosine(query), query)
    assert [whole.h_min, whole.h_max] == pytest.approx([small.h_min, small.h_max], rel=0.01)


def test_a_live_path_needs_some_dozen_products_and_no_seed_matters(unit_vectors) -> None:
    problem, physics = Problem(*unit_vectors(3, 256), 30), Physics()
    path = torch.tensor(descend(problem, physics, Descent(), dtype=torch.float64, keep_history=False).latents)
    query = torch.tensor(problem.query)
    runs = [certify(path, physics, Descent(), Cosine(query), query, seed=seed) for seed in (0, 0, 1)]
    assert max(run.products for run in runs) < 200
    assert runs[0] == runs[1]
    assert runs[2].h_min == pytest.approx(runs[0].h_min, rel=0.01)
    assert runs[2].h_max == pytest.approx(runs[0].h_max, rel=0.01)


def test_float32_is_good_enough(rough_path) -> None:
    path, query = rough_path(30, 32, 0.0)
    exact = certify(path, Physics(0.0), Descent(), Cosine(query), query)
    rounded = certify(path.float(), Physics(0.0), Descent(), Cosine(query.float()), query.float())
    assert [rounded.h_min, rounded.h_max] == pytest.approx([exact.h_min, exact.h_max], rel=0.01)


def test_lanczos_says_how_far_it_came(rough_path) -> None:
    path, query = rough_path(20, 8)
    physics, alignment = Physics(), Cosine(query)
    spectrum = dense_spectrum(path, physics, alignment)
    for most in (1, 2, 6, 20):
        found = extreme_eigenvalues(
            lambda xi: hessian_product(path, physics, alignment, xi), path[1:-1], most_products=most
        )
        assert found.products == most
        assert np.abs(spectrum - found.lowest).min() <= found.lowest_error
        assert np.abs(spectrum - found.highest).min() <= found.highest_error


def test_unbounded_curvature_is_no_number_but_an_answer(rough_path) -> None:
    path, _ = rough_path(3, 5)
    found = extreme_eigenvalues(lambda xi: xi * math.inf, path[1:-1])
    assert (found.lowest, found.highest) == (-math.inf, math.inf)


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_without_coupling_the_sphere_lowers_the_lowest_mode_below_the_flat_one(rough_path, kinetic) -> None:
    path, query = rough_path(30, 16, 0.0)
    physics = Physics(0.0, 1.7, 0.6, kinetic)
    found = certify(path, physics, Descent(), Cosine(query), query)
    laplacian = 2 * np.eye(30) - np.eye(30, k=1) - np.eye(30, k=-1)
    assert found.mu_kin == pytest.approx(np.linalg.eigvalsh(1.7 / 0.36 * laplacian)[0])
    assert 0 < found.h_min < found.mu_kin


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_step_stability_is_sharp(unit_vectors, generator, kinetic) -> None:
    """One per cent on either side of α = 2/h_max decides whether a push dies out."""
    problem, physics = Problem(*unit_vectors(3, 6), 9), Physics(0.8, kinetic=kinetic)
    query = torch.tensor(problem.query)
    still = torch.tensor(minimise(problem, physics, dtype=torch.float64).latents)
    h_max = certify(still, physics, Descent(), Cosine(query), query).h_max
    push = 1e-7 * torch.tensor(generator.normal(size=(9, 6)))
    left = []
    for factor in (1.98, 2.02):
        alpha, path = factor / h_max, still.clone()
        path[1:-1] = sphere.retract(path[1:-1], sphere.tangent(path[1:-1], push))
        for _ in range(400):
            path[1:-1] = sphere.retract(path[1:-1], -alpha * riemannian_gradient(path, physics, Cosine(query)))
        left.append(float((path - still).norm() / push.norm()))
        certificate = certify(still, physics, Descent(step_size=alpha), Cosine(query), query).step_stability
        assert certificate.holds == (factor < 2)
        assert certificate.value == pytest.approx(factor, rel=1e-2)
    assert left[0] < 0.05
    assert left[1] > 20


def test_the_hemisphere_is_that_of_the_hidden_latents(unit_vectors) -> None:
    start, end = (torch.tensor(v) for v in unit_vectors(2, 5))
    path = sphere.slerp(start, end, 7)
    above = certify(path, Physics(), Descent(), Cosine(path[4]), path[4]).hemisphere
    assert above.holds
    assert above.value == pytest.approx(float((path[1:-1] @ path[4]).min()))
    below = certify(path, Physics(), Descent(), Cosine(-path[4]), -path[4]).hemisphere
    assert below.holds is False


def test_the_printed_condition_is_neither_sufficient_nor_needed(unit_vectors) -> None:
    start, end = (torch.tensor(v) for v in unit_vectors(2, 5))
    path = sphere.slerp(start, end, 20)
    towards, away = path[10], -path[10]
    strong = certify(path, Physics(30.0), Descent(), Cosine(towards), towards)
    assert (strong.printed.holds, strong.digest.holds, strong.proved.holds) == (False, False, False)
    assert strong.convexity.holds
    assert "not needed" in strong.printed.sentence
    weak = certify(path, Physics(0.9), Descent(), Cosine(away), away)
    assert (weak.printed.holds, weak.digest.holds, weak.proved.holds) == (True, True, False)
    assert weak.convexity.holds is False
    assert "no guarantee" in weak.printed.sentence


def test_the_bounds_are_those_of_the_formulas(rough_path) -> None:
    path, query = rough_path(5, 4)
    found = certify(path, Physics(0.4, 2.0, 0.5), Descent(), Cosine(query), query)
    assert found.printed.bound == found.digest.bound == pytest.approx(2 / (0.4 * 0.25))
    assert (found.printed.value, found.digest.value) == pytest.approx((found.p_max, 0.4 * found.p_max))
    assert found.proved.bound == pytest.approx(4 * 2.0 / 0.25 * math.sin(math.pi / 12) ** 2)
    assert flat_kinetic_minimum(1, Physics()) == pytest.approx(2)


@pytest.mark.parametrize("hidden", [0, 1, 4])
@pytest.mark.parametrize("coupling", [0.0, 1.0])
@pytest.mark.parametrize("mass", [0.0, 1.0])
@pytest.mark.parametrize("ends", ["apart", "same", "opposite"])
def test_every_corner_has_a_defined_certificate(rough_path, hidden, coupling, mass, ends) -> None:
    path, query = rough_path(hidden, 5, 0.0)
    if ends != "apart":
        path = sphere.slerp(path[0], path[0] if ends == "same" else -path[0], hidden)
    found = certify(path, Physics(coupling, mass), Descent(), Cosine(query), query)
    for certificate in found:
        assert not math.isnan(certificate.value)
        assert not math.isnan(certificate.bound)
        assert certificate.sentence.endswith(".")
        assert "nan" not in certificate.sentence
        if hidden == 0:
            assert certificate.holds is None
            assert certificate.sentence.startswith("Nothing is hidden")
        elif certificate.holds is not None:
            compare = {"<": float.__lt__, ">": float.__gt__}[certificate.relation]
            assert certificate.holds == compare(certificate.value, certificate.bound)
    if coupling == 0:
        assert found.printed.bound == math.inf


def test_stationarity_compares_the_residual_with_its_tolerance() -> None:
    assert stationary(1e-7, 1e-5, hidden=True).holds
    assert stationary(1e-3, 1e-5, hidden=True).holds is False
    assert stationary(0.0, 1e-5, hidden=False).holds is None


@pytest.mark.parametrize("coupling", [0.05, 0.5, 5.0])
def test_minimisers_under_two_alignments_lie_within_the_error_bound(unit_vectors, coupling) -> None:
    start, end, query, noise = unit_vectors(4, 12)
    other = (query + 0.1 * noise) / np.linalg.norm(query + 0.1 * noise)
    physics = Physics(coupling)
    found, true = (minimise(Problem(start, end, q, 10), physics, dtype=torch.float64) for q in (query, other))
    latents = torch.tensor(np.concatenate([found.latents, true.latents]))
    epsilon = gradient_difference(latents, physics, Cosine(torch.tensor(query)), Cosine(torch.tensor(other)))
    assert 0 < epsilon <= coupling * np.linalg.norm(query - other)
    certificate = error_bound(found.latents, true.latents, physics, epsilon)
    assert certificate.holds
    assert certificate.value == pytest.approx(np.linalg.norm(found.latents - true.latents, axis=1).max())
    assert certificate.bound == pytest.approx(11**2 * epsilon)
    assert error_bound(found.latents, true.latents, physics, 0.0).holds is False


def test_the_error_bound_has_its_corners(unit_vectors) -> None:
    path, other = unit_vectors(2, 5, 4)
    assert error_bound(path, path, Physics(), 0.0).holds
    assert error_bound(path, other, Physics(mass=0.0), 0.0).bound == math.inf
    assert error_bound(path[:2], path[:2], Physics(), 0.1).holds is None
    # What is left of the gradients widens the bound.
    assert error_bound(path, path, Physics(), 0.0, residual=1e-5).bound == pytest.approx(16e-5)
