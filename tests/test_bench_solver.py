import json
import math
import sys
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from slap_studio.cli import run
from slap_studio.commands import bench_solver
from slap_studio.commands.bench_solver import RESIDUAL, solver, table
from slap_studio.commands.comparison import Answer, Comparison, NotRun, Side, measured
from slap_studio.commands.curve import by_length, curve
from slap_studio.commands.learned_rows import LearnedCase
from slap_studio.commands.objective import Objective
from slap_studio.commands.peers import CONTINUOUS_PEER, PEERS, Peer, steps_needed
from slap_studio.commands.sizes import Sizes, random_problem
from slap_studio.core.alignment import Cosine
from slap_studio.core.energies import energies, riemannian_gradient
from slap_studio.core.minimise import minimise
from slap_studio.core.network import NetworkShape
from slap_studio.core.types import Descent, Physics
from slap_studio.problems import UnusableInput

CONTRACT = {
    "name", "n", "d", "hidden", "steps", "device", "dtype", "seconds", "reference_seconds", "ratio",
    "angle_to_reference", "gradient_evaluations", "peer",
}  # fmt: skip
TINY = Sizes(
    networks=(("tiny", NetworkShape(12, 32, 2)),),
    gap=5,
    descent=Descent(8, 0.05),
    minimised=((6, 12), (9, 12)),
    counted=((3, 12), (6, 12)),
    compared=((6, 12),),
    runs=2,
    peer_runs=1,
)


def silent(line: str) -> None:
    """Nobody waits."""


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def report(told) -> dict:
    return solver(told.append, sizes=TINY)


def rows(report: dict, beginning: str) -> list[dict]:
    found = [row for row in report["rows"] if row["name"].startswith(beginning)]
    assert found
    return found


def test_every_row_has_the_contracts_keys_and_its_line(report, told) -> None:
    assert all(set(row) == CONTRACT for row in report["rows"])
    assert len(told) == len(report["rows"])
    assert report["bench"] == "solver"
    assert report["runs"] == {"ours": 2, "peers": 1}


def test_the_report_is_json_without_nan(report) -> None:
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_ratios_are_reference_over_seconds(report) -> None:
    compared = [row for row in report["rows"] if row["ratio"] is not None]
    assert compared
    for row in compared:
        assert row["ratio"] == pytest.approx(row["reference_seconds"] / row["seconds"])


def test_the_plain_way_and_the_folded_descent_agree(report) -> None:
    (row,) = (row for row in rows(report, "learned, tiny: folded, float32") if row["device"] == "cpu")
    assert 0 <= row["angle_to_reference"] <= 1e-5
    assert (row["hidden"], row["steps"], row["gradient_evaluations"]) == (32, 8, 9)


def test_minimising_counts_its_gradients(report) -> None:
    found = rows(report, "minimise")
    assert {row["n"] for row in found} == {6, 9}
    assert all(1 <= row["gradient_evaluations"] <= 30 for row in found)
    assert all(row["peer"] is None and row["hidden"] is None and row["steps"] is None for row in found)
    for row in rows(report, "minimise, Δt = 1, warm"):
        assert row["angle_to_reference"] < 1e-4


def test_descent_is_counted_and_not_timed(report) -> None:
    for row in rows(report, "descent"):
        assert row["seconds"] is None
        assert row["ratio"] is None
        assert row["gradient_evaluations"] > 30


def test_bfloat16_is_a_row_or_a_sentence(monkeypatch) -> None:
    name = "learned, tiny: folded, bfloat16"
    monkeypatch.setattr("slap_studio.commands.learned_rows.computes_in_bfloat16", lambda device: True)
    row = rows(solver(silent, name, TINY), name)[0]
    assert row["dtype"] == "bfloat16"
    assert 0 < row["angle_to_reference"] < 5e-3
    monkeypatch.setattr("slap_studio.commands.learned_rows.computes_in_bfloat16", lambda device: False)
    report = solver(silent, name, TINY)
    assert all(row["device"] != "cpu" for row in report["rows"])
    assert any("bfloat16" in sentence for sentence in report["not_run"])


def test_what_a_graph_would_replay_is_the_folded_descent() -> None:
    case = LearnedCase(NetworkShape(12, 32, 2), random_problem(5, 12), Physics(), Descent(8, 0.05))
    folded, static = case.folded("float32"), case.graphed("float32", device="cpu")
    assert static.path == pytest.approx(folded.path, abs=1e-6)
    assert static.gradient_evaluations == folded.gradient_evaluations


@pytest.mark.skipif(torch.cuda.is_available(), reason="here the graph is run")
def test_a_graph_that_was_not_run_is_said(report) -> None:
    assert sum("CUDA graph" in sentence and "no CUDA GPU" in sentence for sentence in report["not_run"]) == 2


def test_absent_peers_are_said(monkeypatch) -> None:
    for package in ("pymanopt", "geoopt"):
        monkeypatch.setitem(sys.modules, package, None)
    report = solver(silent, "peers", TINY)
    said = " ".join(report["not_run"])
    assert "pymanopt is not installed" in said
    assert "geoopt is not installed" in said
    assert {row["peer"] for row in report["rows"]} == {
        None,
        "scipy L-BFGS",
        "plain descent, step 1/L",
        CONTINUOUS_PEER.name,
    }


def test_names_choose_rows(monkeypatch) -> None:
    report = solver(silent, "minimise, Δt = 1/N", TINY)
    assert len(report["rows"]) == 4
    assert report["not_run"] == []
    with pytest.raises(UnusableInput, match="peers"):
        solver(silent, "no such row", TINY)


@pytest.mark.parametrize("scaled", [False, True], ids=["unit-steps", "fine-steps"])
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_peers_reach_the_same_action(peer: Peer, scaled: bool) -> None:
    if not peer.installed:
        pytest.skip(f"{peer.package} is not installed")
    problem, physics = random_problem(6, 12), Physics(0.5, time_step=1 / 6 if scaled else 1.0)
    answer = peer.answer(problem, physics, RESIDUAL, 5000)
    assert answer.remark == ""
    assert 1 < answer.gradient_evaluations < 5000
    assert np.linalg.norm(answer.path, axis=1) == pytest.approx(1, abs=1e-12)
    path, alignment = torch.tensor(answer.path), Cosine(torch.tensor(problem.query))
    best = minimise(problem, physics, dtype=torch.float64)
    assert float(energies(path, physics, alignment).action) == pytest.approx(float(best.energies.action), rel=1e-6)
    assert float(riemannian_gradient(path, physics, alignment).norm(dim=-1).max()) <= RESIDUAL


def test_the_continuous_peer_comes_near_as_time_steps_shrink() -> None:
    residuals = []
    for n in (20, 40):
        problem, physics = random_problem(n, 12), Physics(0.5, time_step=1 / n)
        objective = Objective(problem, physics, RESIDUAL, 5000)
        CONTINUOUS_PEER.run(objective)
        residuals.append(objective.residual)
    # Of second order in Δt.
    assert residuals[0] / residuals[1] == pytest.approx(4, rel=0.3)


def test_a_cap_is_said() -> None:
    problem, physics = random_problem(6, 12), Physics()
    for peer in PEERS:
        if peer.installed:
            answer = peer.answer(problem, physics, RESIDUAL, 4)
            assert answer.gradient_evaluations == 4
            assert "cap of 4 gradients" in answer.remark
    counted = solver(silent, "descent", replace(TINY, most_steps=5))
    assert all("cap of 5 steps" in remark for remark in counted["remarks"])
    assert len(counted["remarks"]) == 2


def test_the_objectives_gradient_is_its_actions(generator) -> None:
    objective = Objective(random_problem(4, 5), Physics(0.7, 1.3, 0.6), 0.0, 5)
    hidden, direction = objective.great_arc(), generator.normal(size=(4, 5))
    turned = [hidden + sign * 1e-5 * direction for sign in (1, -1)]
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in turned]
    slope = (objective.action(unit[0]) - objective.action(unit[1])) / 2e-5
    assert slope == pytest.approx(float((objective.gradient(hidden) * direction).sum()), rel=1e-7)


def test_steps_counted_in_the_span_are_those_of_all_dimensions() -> None:
    problem, physics = random_problem(6, 12), Physics()
    steps = steps_needed(problem, physics, RESIDUAL, 5000)
    objective = Objective(problem, physics, RESIDUAL, 5000)
    PEERS[-1].run(objective)
    assert objective.residual <= RESIDUAL
    assert steps <= objective.evaluations <= steps + 3


def test_sides_are_run_in_turn_and_medians_taken() -> None:
    calls: list[str] = []

    def called(name: str, path: np.ndarray | None = None) -> Answer:
        calls.append(name)
        return Answer(path)

    times = iter([0, 3, 10, 11, 20, 21, 30, 34, 40, 45, 50, 52])
    arc = np.eye(3)
    turned = np.array([[1, 0, 0], [0, math.cos(1e-9), math.sin(1e-9)], [0, 0, 1]])
    comparison = Comparison(
        n=1,
        d=3,
        sides=(Side("ours", lambda: called("ours", turned)),),
        reference=lambda: called("reference", arc),
        runs=3,
    )
    (row,), remarks = measured(comparison, clock=lambda: next(times))
    assert calls == ["reference", "ours"] * 4
    assert (row["reference_seconds"], row["seconds"], row["ratio"]) == (3, 2, 1.5)
    assert row["angle_to_reference"] == pytest.approx(1e-9)
    assert remarks == []


def test_only_what_begins_so_is_kept() -> None:
    sides = tuple(Side(name, lambda: Answer(None)) for name in ("peers: a", "minimise"))
    kept = Comparison(1, 3, sides, not_run=(NotRun("peers: b", "not run."), NotRun("other", "not run."))).only("peers")
    assert [side.name for side in kept.sides] == ["peers: a"]
    assert [row.name for row in kept.not_run] == ["peers: b"]


def test_a_path_that_is_no_path_has_no_angle() -> None:
    side = Side("ours", lambda: Answer(np.full((3, 3), np.nan)))
    (row,), _ = measured(Comparison(1, 3, (side,), reference=lambda: Answer(np.eye(3)), runs=0))
    assert row["angle_to_reference"] is None
    assert row["seconds"] is None


def test_the_table_names_every_row_and_every_sentence(report) -> None:
    text = table(report)
    for row in report["rows"]:
        assert f"| {row['name']} | {row['n']} |" in text
    for sentence in (*report["not_run"], *report["remarks"]):
        assert sentence in text
    assert "| way | N = 3 | N = 6 | N = 9 |" in text


def test_the_curve_is_a_picture_of_every_way(report) -> None:
    lines = by_length(report["rows"])
    assert set(lines["minimise, Δt = 1/N"]) == {6, 9}
    picture = curve(lines)
    ElementTree.fromstring(picture)  # noqa: S314 (written here)
    assert all(name in picture for name in lines)
    ElementTree.fromstring(curve({}))  # noqa: S314


def test_the_command_writes_what_it_is_asked_for(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(bench_solver, "Sizes", lambda: TINY)
    files = [tmp_path / name for name in ("solver.json", "table.md", "curve.svg")]
    options = [str(part) for pair in zip(("--json", "--markdown", "--curve"), files, strict=True) for part in pair]
    assert run(["bench", "solver", "--only", "minimise", *options]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads(files[0].read_text(encoding="utf-8"))
    assert printed.err.count("\n") == len(json.loads(printed.out)["rows"])
    assert "minimise, Δt = 1" in files[1].read_text(encoding="utf-8")
    assert files[2].read_text(encoding="utf-8").startswith("<svg")
    assert run(["bench", "solver", "--only", "no such row"]) == 2
