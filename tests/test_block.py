"""Several gaps descend in one block, each as if it were alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from slap_studio import pipeline
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.descent import descend, descend_gaps
from slap_studio.core.learned import fold
from slap_studio.core.network import NetworkShape, random_network
from slap_studio.core.types import Descent, Kinetic, Physics, Problem, Status

COUNTS = (7, 1, 0, 12)


@pytest.fixture
def problems(unit_vectors) -> list[Problem]:
    query, *anchors = unit_vectors(9, 24)
    return [Problem(*anchors[2 * index : 2 * index + 2], query, count) for index, count in enumerate(COUNTS)]


def cosine(problems: list[Problem], dtype: torch.dtype = torch.float32) -> Cosine:
    return Cosine(torch.as_tensor(problems[0].query, dtype=dtype))


def learned(problems: list[Problem], dtype: torch.dtype = torch.float32) -> Alignment:
    network = random_network(NetworkShape(24, 32, 2), 3, dtype=torch.float64)
    return fold(network, torch.as_tensor(problems[0].query), dtype=dtype)


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize(
    ("alignment", "dtype", "within"),
    [(cosine, torch.float32, 1e-6), (learned, torch.float32, 2e-6), (learned, torch.float64, 1e-13)],
)
def test_each_gap_has_the_way_that_it_has_alone(problems, alignment, dtype, within, kinetic) -> None:
    pull, physics, descent = alignment(problems, dtype), Physics(2.0, 1.3, 0.8, kinetic), Descent(40, 0.03)
    together = descend_gaps(problems, physics, descent, pull, dtype=dtype)
    for problem, one in zip(problems, together, strict=True):
        alone = descend(problem, physics, descent, alignment=pull, dtype=dtype)
        steps = len(alone.history)
        assert np.allclose(one.history[:steps], alone.history, atol=within, rtol=0)
        assert np.allclose(one.aligned[:steps], alone.aligned, atol=10 * within, rtol=0)
        assert np.allclose(one.residuals[:steps], alone.residuals, atol=50 * within, rtol=0)
        assert np.array_equal(one.latents[[0, -1]], alone.latents[[0, -1]])
        assert float(one.energies.action) == pytest.approx(float(alone.energies.action), rel=1e-5, abs=1e-5)
        assert (one.status, one.gradient_evaluations) == (alone.status, alone.gradient_evaluations)


def test_without_the_history_the_ends_are_the_same(problems) -> None:
    pull, descent = learned(problems), Descent(15, 0.02)
    kept = descend_gaps(problems, Physics(), descent, pull)
    ends = descend_gaps(problems, Physics(), descent, pull, keep_history=False)
    for one, other in zip(kept, ends, strict=True):
        assert other.history is other.aligned is None
        assert np.allclose(one.latents, other.latents, atol=1e-6)
        assert other.residuals == pytest.approx(one.residuals[-1:], rel=1e-3, abs=1e-6)


def test_what_stands_beside_a_gap_does_not_reach_it(problems) -> None:
    pull, first, second = cosine(problems), problems[0], problems[3]
    before = descend_gaps([first, second], Physics(), Descent(30, 0.05), pull)
    after = descend_gaps([first, replace(second, start=-first.end)], Physics(), Descent(30, 0.05), pull)
    assert np.array_equal(before[0].history, after[0].history)
    assert not np.allclose(before[1].history, after[1].history, atol=1e-2)
    assert np.isfinite(after[1].history).all()


def test_each_gap_stops_by_its_own_word(problems) -> None:
    query = problems[0].query
    still = Problem(query, query, query, 5)  # at rest where the query is
    one, other, nothing = descend_gaps([still, problems[0], problems[2]], Physics(), Descent(20), cosine(problems))
    assert (one.status, other.status, nothing.status) == (
        Status.STATIONARY, Status.STEPS_TAKEN, Status.NOTHING_HIDDEN,
    )  # fmt: skip
    assert one.residual <= 1e-5 < other.residual
    assert nothing.gradient_evaluations == 0


def test_when_it_is_given_up_all_gaps_have_come_equally_far(problems) -> None:
    asked = iter(range(100))
    found = descend_gaps(problems, Physics(), Descent(30), cosine(problems), cancelled=lambda: next(asked) == 9)
    alone = [descend(problem, Physics(), Descent(9)) for problem in problems]
    for one, other in zip(found, alone, strict=True):
        assert one.status in (Status.CANCELLED, Status.NOTHING_HIDDEN)
        assert np.allclose(one.latents, other.latents, atol=1e-6)
    assert [len(one.history) for one in found] == [10] * 4


def test_at_the_milestone_all_gaps_are_shown(problems, monkeypatch) -> None:
    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_AFTER", 1000.0)
    monkeypatch.setattr("slap_studio.core.descent.WORTH_A_LOOK", 0.0)
    seen = []
    found = pipeline.solve_gaps(
        problems, Physics(), Descent(30), cosine(problems), observe=seen.append, milestone=12
    )  # fmt: skip
    (ways,) = seen
    for way, solution, count in zip(ways, found, COUNTS, strict=True):
        assert way.history.shape == (13, count, 24)
        assert np.array_equal(way.history, solution.history[:13])
        assert np.array_equal(way.residuals, solution.residuals[:13])
