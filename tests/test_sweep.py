"""The sweep: every cell is a solve of its own, the coarse picture first, and chaos only where it was measured."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from slap_studio import pipeline
from slap_studio.commands.options import values
from slap_studio.core import measures
from slap_studio.core.alignment import Cosine
from slap_studio.core.regimes import regime
from slap_studio.core.types import AlignmentKind, Array, Descent, Kinetic, Method, Physics, Problem, Status
from slap_studio.folds import Folds
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.sweep import Cell, Sweep, SweepRequest, coarse_to_fine, spread, sweep


@pytest.fixture
def problem(unit_vectors) -> Problem:
    return Problem(*unit_vectors(3, 24), 7)


@pytest.fixture
def request_(problem: Problem) -> SweepRequest:
    return SweepRequest(problem, Physics(), Descent(30), (0.0, 0.1, 1.0, 10.0), (0.5, 5.0), dtype="float64")


@pytest.mark.parametrize("method", list(Method))
def test_a_cell_is_what_a_solve_with_its_coupling_and_mass_gives(request_: SweepRequest, method: Method) -> None:
    request = replace(request_, physics=Physics(time_step=0.5, kinetic=Kinetic.CHORD), method=method)
    for cell in sweep(request):
        assert (cell.coupling, cell.mass) == (request.couplings[cell.column], request.masses[cell.row])
        physics = replace(request.physics, coupling=cell.coupling, mass=cell.mass)
        alone = pipeline.solve(request.problem, physics, request.descent, method=method, dtype="float64")
        assert cell.latents == pytest.approx(alone.latents, abs=1e-9)
        assert cell.action == pytest.approx(float(alone.energies.action), abs=1e-12)
        assert cell.s_kin == pytest.approx(float(((np.diff(cell.latents, axis=0)) ** 2).sum(-1).mean()))
        assert cell.e_pot == pytest.approx(float((1 - cell.latents[1:-1] @ request.problem.query).mean()))
        assert cell.roughness == measures.roughness(cell.latents)
        assert cell.regime == regime(cell.coupling / cell.mass).name
        assert cell.status is alone.status


def test_a_sweep_repeats_itself_to_the_last_bit(request_: SweepRequest) -> None:
    first, second = (list(sweep(request_)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.latents, other.latents)
        assert (one.twins.rate, one.step_stability) == (other.twins.rate, other.step_stability)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 16), (16, 7), (5, 5)])
def test_every_place_comes_once_and_any_beginning_covers_the_map(shape: tuple[int, int]) -> None:
    order = coarse_to_fine(*shape)
    assert sorted(order) == [(row, column) for row in range(shape[0]) for column in range(shape[1])]
    quarter = order[: -(-len(order) // 2)]
    for row, column in order:
        assert min(max(abs(row - r), abs(column - c)) for r, c in quarter) <= 2


def test_the_step_is_stable_below_two_and_overshoots_above(request_: SweepRequest) -> None:
    request = replace(request_, couplings=(0.1, 10_000.0), masses=(1.0,), descent=Descent(400, 0.01))
    calm, wild = sorted(sweep(request), key=lambda cell: cell.coupling)
    assert calm.step_stability is not None
    assert wild.step_stability is not None
    assert calm.step_stability < 2 < wild.step_stability
    assert not calm.twins.chaotic
    # λα = 100 is far beyond the edge of stability; yet the cosine only leaps to and fro, which is no chaos.
    assert wild.twins.period == 2
    assert not wild.twins.chaotic


def test_only_a_positive_rate_is_called_chaotic(request_: SweepRequest) -> None:
    # Named so by Table 7 at κ = 5, and yet starts draw together.
    (cell,) = sweep(replace(request_, couplings=(5.0,), masses=(1.0,)))
    assert cell.regime == "Chaotic"
    assert cell.twins.rate < 0
    assert not cell.twins.chaotic


def test_nothing_hidden_and_no_mass_are_cells_like_any_other(problem: Problem) -> None:
    request = SweepRequest(replace(problem, hidden=0), Physics(), Descent(), (0.0, 1.0), (0.0,))
    for cell in sweep(request):
        assert cell.status is Status.NOTHING_HIDDEN
        assert cell.step_stability is None
        assert cell.latents.shape == (2, 24)


def test_a_cancelled_sweep_ends_between_two_cells(request_: SweepRequest) -> None:
    done: list[Cell] = []
    with pytest.raises(Cancelled):
        done.extend(sweep(request_, cancelled=lambda: len(done) == 2))
    assert len(done) == 2


def test_the_first_cell_does_not_wait_for_the_others(request_: SweepRequest) -> None:
    (first,) = islice(sweep(request_), 1)
    assert (first.row, first.column) == Sweep(request_).order[0] == (0, 0)


def test_a_learned_alignment_for_other_latents_is_refused(request_: SweepRequest) -> None:
    with pytest.raises(UnusableInput, match="alignment"):
        Sweep(replace(request_, alignment=AlignmentKind.LEARNED))


def test_axes_are_read_from_lists_and_ranges() -> None:
    assert values("couplings", "1,0.1, 10,1") == (0.1, 1.0, 10.0)
    assert values("couplings", "0") == (0.0,)
    assert values("masses", "0.1:10:3") == (0.1, 1.0, 10.0)
    assert spread(0.01, 1000, 16)[3::3] == (0.1, 1.0, 10.0, 100.0, 1000.0)[:5]


@pytest.mark.parametrize("text", ["", "a", "-1", "1,nan", "inf", "1:2", "0:1:5", "2:1:5", "1:2:1", "1:2:1001", "1:2:x"])
def test_axes_that_cannot_be_used_are_one_sentence(text: str) -> None:
    with pytest.raises(UnusableInput, match="--couplings cannot be"):
        values("couplings", text)


def test_too_many_cells_and_none_are_refused(problem: Problem) -> None:
    for couplings, masses in ((spread(1, 2, 101), spread(1, 2, 100)), ((), (1.0,))):
        with pytest.raises(UnusableInput, match="sweep"):
            SweepRequest(problem, Physics(), Descent(), couplings, masses)


def test_an_alignment_without_a_span_is_met_in_all_dimensions(request_: SweepRequest, monkeypatch) -> None:
    asked = []

    def loaded(_self: Folds, query: Array, *, dtype: str = "float32", device: str = "cpu") -> Cosine:
        asked.append(dtype)
        return Cosine(torch.as_tensor(query, dtype=getattr(torch, dtype)))

    monkeypatch.setattr(Folds, "towards", loaded)
    request = replace(request_, dtype="float32", descent=Descent(200))
    plain, whole = list(sweep(request)), list(sweep(replace(request, alignment=AlignmentKind.LEARNED)))
    assert asked == ["float32", "float64"]
    for one, other in zip(plain, whole, strict=True):
        assert other.latents == pytest.approx(one.latents, abs=1e-5)
        assert other.action == pytest.approx(one.action, abs=1e-4)
        assert other.twins.chaotic == one.twins.chaotic
        assert other.step_stability is None
