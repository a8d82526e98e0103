"""The slice through start, end and query, and what stands on it: by invariants and by an independent projection."""

import numpy as np
import pytest
import torch

from slap_studio.core import solids
from slap_studio.core.alignment import Cosine
from slap_studio.core.descent import descend
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.core.slice import slice_of
from slap_studio.core.types import Descent, Physics, Problem
from slap_studio.stands import country_stand, slice_stand


@pytest.fixture
def problem(unit_vectors) -> Problem:
    start, end, query = unit_vectors(3, 32).astype(np.float64)
    return Problem(start, end, query, 9)


def test_start_end_and_query_lie_in_it_where_they_are_expected(problem: Problem) -> None:
    cut = slice_of(problem)
    assert cut.basis @ cut.basis.T == pytest.approx(np.eye(3), abs=1e-12)
    ends = np.stack([problem.start, problem.end, problem.query])
    assert cut.outside(ends) == pytest.approx(np.zeros(3), abs=1e-12)
    start, end, query = cut.place(ends)
    # Start left and end right of the middle, on the equator; the query above it.
    assert start[1] < 0 < end[1]
    assert start[0] == pytest.approx(end[0])
    assert start[2] == pytest.approx(0, abs=1e-12)
    assert end[2] == pytest.approx(0, abs=1e-12)
    assert query[2] > 0
    assert start @ query == pytest.approx(problem.start @ problem.query)


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float64, 1e-24), (torch.float32, 1e-9)])
def test_no_iterate_of_the_cosine_descent_leaves_it(problem: Problem, dtype, bound: float) -> None:
    found = descend(problem, Physics(2.0), Descent(200, 0.02), dtype=dtype)
    assert slice_of(problem).outside(found.history).max() < bound


def test_what_another_pull_takes_out_of_it_is_what_a_projection_leaves(problem: Problem, unit_vectors) -> None:
    elsewhere = Cosine(torch.from_numpy(unit_vectors(32).astype(np.float64)))
    path = descend(problem, Physics(2.0), Descent(100, 0.02), dtype=torch.float64, alignment=elsewhere).latents
    outside = slice_of(problem).outside(path)
    span, _ = np.linalg.qr(np.stack([problem.start, problem.end, problem.query], axis=1))
    assert outside == pytest.approx(1 - ((path @ span) ** 2).sum(1), abs=1e-12)
    assert outside[[0, -1]] == pytest.approx([0, 0], abs=1e-12)
    assert outside.max() > 0.01


@pytest.mark.parametrize("dimension", [3, 16])
@pytest.mark.parametrize("case", ["same ends", "nearly", "antipodal", "query between", "query is start", "all one"])
def test_degenerate_anchors_and_queries_still_have_a_slice(unit_vectors, dimension: int, case: str) -> None:
    a, b, q = unit_vectors(3, dimension).astype(np.float64)
    middle = (a + b) / np.linalg.norm(a + b)
    near = (a + 1e-9 * b) / np.linalg.norm(a + 1e-9 * b)
    start, end, query = {
        "same ends": (a, a, q), "nearly": (a, near, q), "antipodal": (a, -a, q), "query between": (a, b, middle),
        "query is start": (a, b, a), "all one": (a, a, a),
    }[case]  # fmt: skip
    problem = Problem(start, end, query, 5)
    cut = slice_of(problem)
    assert cut.basis @ cut.basis.T == pytest.approx(np.eye(3), abs=1e-9)
    assert cut.outside(np.stack([start, end, query])).max() < 1e-12
    path = descend(problem, Physics(1.0), Descent(20, 0.01), dtype=torch.float64)
    assert cut.outside(path.history).max() < 1e-12
    stand = slice_stand(problem, Cosine(torch.from_numpy(query).float()), relief=True)
    assert np.isfinite(stand.place(path.latents)).all()
    assert np.isfinite(stand.surface.vertices).all()


def test_in_two_dimensions_the_slice_is_a_circle(unit_vectors) -> None:
    start, end, query = unit_vectors(3, 2).astype(np.float64)
    assert slice_of(Problem(start, end, query, 3)).place(query)[2] == 0


def test_v_on_the_ball_is_v_of_the_latent_there(problem: Problem) -> None:
    alignment = Cosine(torch.from_numpy(problem.query).float())
    stand = slice_stand(problem, alignment, relief=False)
    query = stand.place(problem.query)
    assert stand.surface.potential == pytest.approx(1 - stand.surface.vertices @ query, abs=1e-5)
    assert np.linalg.norm(stand.surface.vertices, axis=1) == pytest.approx(1, abs=1e-6)


def test_in_relief_the_path_lies_on_the_surface_and_higher_v_is_higher(problem: Problem) -> None:
    alignment = Cosine(torch.from_numpy(problem.query).float())
    path = descend(problem, Physics(2.0), Descent(50, 0.01), dtype=torch.float64).latents
    stand = slice_stand(problem, alignment, relief=True)
    places = stand.place(path)
    potential = 1 - path @ problem.query
    low, high = (f(stand.surface.potential) for f in (np.min, np.max))
    share = (potential - low) / (high - low)
    radius = solids.DEEPEST + share * (solids.HIGHEST - solids.DEEPEST)
    assert np.linalg.norm(places, axis=1) == pytest.approx(radius, abs=1e-5)
    line = stand.line(places)
    assert line[:: (len(line) - 1) // (len(places) - 1)] == pytest.approx(places, abs=1e-9)
    corners = stand.surface.vertices[stand.surface.faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    # Every face has the normals of its corners, up to which way round it is listed.
    agreement = np.abs((flat[:, None] * stand.surface.normals[stand.surface.faces]).sum(-1))
    assert np.median(agreement) > 0.99


def test_the_country_is_as_high_as_v_and_everything_stands_on_it(unit_vectors, generator) -> None:
    frames = unit_vectors(40, 8)
    picture = fit_pca(frames)
    ground = survey(picture)
    potential = ground.potential(Cosine(torch.from_numpy(unit_vectors(8)).float()))
    stand = country_stand(picture, ground, potential)
    surface = stand.surface
    drawn = surface.support > 0.05
    assert np.corrcoef(surface.vertices[drawn, 2], surface.potential[drawn])[0, 1] == pytest.approx(1, abs=1e-5)
    assert surface.vertices[drawn, 2].min() == pytest.approx(0, abs=1e-6)
    assert surface.vertices[drawn, 2].max() == pytest.approx(solids.RISE, abs=1e-6)
    places = stand.place(frames)
    assert places[:, :2] == pytest.approx(picture.place(frames))
    # Between the four vertices around it, the surface's height is bilinear: compare with scipy's.
    from scipy.interpolate import RegularGridInterpolator

    x, y = surface.vertices[:160, 0], surface.vertices[::160, 1]
    grid = RegularGridInterpolator((y, x), surface.vertices[:, 2].reshape(120, 160), bounds_error=False)
    inside = (np.abs(places[:, 0]) < x.max()) & (np.abs(places[:, 1]) < y.max())
    assert places[inside, 2] == pytest.approx(grid(places[inside][:, [1, 0]]), abs=1e-4)
    assert stand.line(places)[:: (len(stand.line(places)) - 1) // 39] == pytest.approx(places, abs=1e-9)
