import math

import numpy as np
import pytest
import torch

from slap_studio.core import measures, sphere
from slap_studio.core.descent import descend
from slap_studio.core.regimes import TABLE_7, regime
from slap_studio.core.retrieval import nearest
from slap_studio.core.types import Descent, Physics, Problem


def test_table_7_names_its_own_rows() -> None:
    printed = {0.0: "Ballistic", 0.1: "Weak", 0.5: "Resonant", 1.0: "Strong", 5.0: "Chaotic", 10.0: "Overdamped"}
    assert {row.coupling: row.name for row in TABLE_7} == printed
    assert {coupling: regime(coupling).name for coupling in printed} == printed


def test_the_name_depends_on_the_ratio_alone() -> None:
    assert regime(Physics(coupling=5.0, mass=10.0).ratio).name == "Resonant"
    assert regime(Physics(coupling=0.0, mass=0.0).ratio).name == "Ballistic"
    assert regime(Physics(coupling=0.1, mass=0.0).ratio).name == "Overdamped"
    assert math.isinf(Physics(coupling=0.1, mass=0.0).ratio)


def test_total_energy_becomes_flat_as_the_time_step_shrinks(unit_vectors) -> None:
    """Along the true path H = T + λP is conserved: what is left of its bend falls with the square of Δt."""
    start, end, query = unit_vectors(3, 6)
    bends = []
    for hidden in (15, 31, 63):
        step = 1.0 / (hidden + 1)
        physics = Physics(coupling=2.0, time_step=step)
        # α against the largest curvature 4μ/Δt²; steps against the smallest, about π².
        descent = Descent(int(6 * 4 / step**2), 0.24 * step**2)
        solution = descend(
            Problem(start, end, query, hidden), physics, descent, dtype=torch.float64, keep_history=False
        )
        assert solution.residual < 1e-6 / step
        total = measures.total_energy(solution.energies, physics)
        assert np.ptp(total) < 0.2 * np.ptp(solution.energies.kinetic)
        bends.append(np.ptp(total[1:-1]))
    assert np.log2(bends[0] / bends[1]) == pytest.approx(2, abs=0.4)
    assert np.log2(bends[1] / bends[2]) == pytest.approx(2, abs=0.4)


def test_roughness_of_known_paths() -> None:
    line = np.linspace(0, 1, 11)[:, None] * np.ones(4)
    assert measures.roughness(line) == pytest.approx(0, abs=1e-25)
    zigzag = np.tile([[0.0, 1.0], [1.0, 0.0]], (5, 1))
    assert measures.roughness(zigzag) == pytest.approx(8)
    assert measures.roughness(zigzag[:2]) == 0


def test_words_tell_a_geodesic_from_a_steered_and_from_a_rough_path(unit_vectors, generator) -> None:
    start, end, query = unit_vectors(3, 32)
    arc = sphere.slerp(torch.tensor(start), torch.tensor(end), 30).numpy()
    assert measures.words(arc, arc) == "smooth, unsteered"
    pulled = arc + 0.3 * np.sin(np.linspace(0, np.pi, 32))[:, None] * query
    pulled /= np.linalg.norm(pulled, axis=1, keepdims=True)
    assert measures.words(pulled, arc) == "smooth, steered"
    shaken = arc + 0.1 * generator.normal(size=arc.shape)
    shaken /= np.linalg.norm(shaken, axis=1, keepdims=True)
    assert measures.words(shaken, arc) == "rough, steered"
    assert measures.steering(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])) == pytest.approx(math.pi / 2)


def test_retrieval_finds_the_most_similar_observed_frames_and_no_hidden_one(unit_vectors) -> None:
    frames, latents = unit_vectors(12, 6).astype(np.float32), unit_vectors(4, 6).astype(np.float32)
    observed = np.array([0, 1, 2, 7, 8, 9, 10])
    indices, similarity = nearest(latents, frames, observed, 3)
    for row, latent in enumerate(latents):
        expected = sorted(observed, key=lambda frame: -float(frames[frame] @ latent))[:3]
        assert indices[row].tolist() == expected
        assert similarity[row] == pytest.approx(frames[expected] @ latent)


def test_retrieval_with_fewer_frames_than_asked_for_says_so(unit_vectors) -> None:
    frames = unit_vectors(3, 6)
    indices, similarity = nearest(frames[:1], frames, np.array([0, 2]), 5)
    assert indices[0].tolist() == [0, 2, -1, -1, -1]
    assert np.isnan(similarity[0, 2:]).all()
    assert similarity[0, 0] == pytest.approx(1)


def test_equally_similar_frames_come_in_order_of_time() -> None:
    frames = np.tile(np.eye(3)[:1], (4, 1))
    indices, _ = nearest(np.eye(3)[:1], frames, np.array([3, 1, 2]), 3)
    assert indices[0].tolist() == [3, 1, 2]
