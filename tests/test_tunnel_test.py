"""The Tunnel Test: its protocol, what it measures, and that a stopped run goes on."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run as run_command
from slap_studio.encoders import encoder as encoders
from slap_studio.methods.interpolation import Slerp, ZeroOrderHold
from slap_studio.methods.method import Method, Observation
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.training.frames import TRAINING_SEEDS
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.visibility import time_of_visibility, visible_fraction
from slap_studio.tunnel_test import run as runner
from slap_studio.tunnel_test.cases import Texts, cases
from slap_studio.tunnel_test.figures import by_fraction, over_coupling, over_time
from slap_studio.tunnel_test.findings import findings
from slap_studio.tunnel_test.judge import judge
from slap_studio.tunnel_test.protocol import (
    BY_FRACTION,
    EMPTY,
    HEADLINE,
    HIDDEN,
    MOST_SEEDS,
    ONE_A_SECOND,
    SCENES_PER_SEED,
    VALIDATION,
    candidates,
    moments,
    scene_of,
)  # fmt: skip
from slap_studio.tunnel_test.rows import FULL, SETTINGS, Line
from slap_studio.tunnel_test.run import UNFINISHED, Results, TunnelTest, run
from slap_studio.tunnel_test.scoring import bootstrap, correct, drift, persistence, persistent
from slap_studio.tunnel_test.summary import summarise

SCENES = [scene_of(5, index) for index in range(3)]


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture(scope="module")
def posed(encoder, tmp_path_factory) -> list:
    folder = tmp_path_factory.mktemp("cases")
    (part,) = cases(SCENES, encoder, Texts(encoder), folder, part=25, report=lambda done: None)
    return part


# ---- protocol -----------------------------------------------------------------------------


@pytest.mark.parametrize("fraction", [1.0, 0.6, 0.3, 0.1])
def test_the_anchors_show_as_much_as_is_asked_for(fraction: float) -> None:
    for scene in SCENES:
        for leaving in (False, True):
            time = time_of_visibility(scene, fraction, leaving=leaving)
            assert visible_fraction(scene, time) == pytest.approx(fraction, abs=0.03)
            # Between the two anchors less shows.
            assert visible_fraction(scene, time + (-0.1 if leaving else 0.1)) < fraction


def test_an_open_track_or_a_colonnade_has_no_one_way_in() -> None:
    for occluder in (None, "pillars"):
        with pytest.raises(ValueError, match="single occluder"):
            time_of_visibility(random_scene(1, occluder=occluder), 0.5, leaving=False)


def test_four_frames_with_the_gap_between_the_middle_two_or_one_a_second() -> None:
    for scene in SCENES:
        for condition in BY_FRACTION:
            when = moments(scene, condition)
            assert len(when.observed) == 4
            assert when.before == 1
            assert len(when.hidden) == HIDDEN
            assert when.observed[1] < when.hidden[0] < when.hidden[-1] < when.observed[2]
        when = moments(scene, ONE_A_SECOND)
        steps = np.diff(when.observed)
        outside = np.delete(steps, when.before)
        assert outside == pytest.approx(1)
        assert steps[when.before] >= 1
        for time in when.observed[[when.before, when.before + 1]]:
            assert visible_fraction(scene, float(time)) > 0 or time in (0.0, scene.duration)


def test_five_answers_one_of_them_true_in_an_order_that_tells_nothing() -> None:
    places = []
    for index in range(40):
        scene = scene_of(7, index)
        offered = candidates(scene)
        kinds = dict(zip(offered.kinds, offered.texts, strict=True))
        assert set(kinds) == {"true", "shape", "colour", "both", "empty"}
        assert kinds["empty"] == EMPTY
        thing = scene.thing
        assert kinds["true"].endswith(f"{thing.colour} {thing.shape}")
        assert thing.colour in kinds["shape"]
        assert not kinds["shape"].endswith(f" {thing.shape}")
        assert thing.colour not in kinds["colour"].split()
        assert kinds["colour"].endswith(f" {thing.shape}")
        assert len(set(offered.texts)) == 5
        assert offered.texts[offered.truth] == kinds["true"]
        places.append(offered.truth)
    assert set(places) == set(range(5))


def test_no_scene_of_the_test_was_ever_trained_on() -> None:
    largest = scene_of(MOST_SEEDS - 1, SCENES_PER_SEED - 1).seed
    held_out = 2**39
    assert largest < held_out <= VALIDATION < TRAINING_SEEDS
    assert scene_of(0, 3, validation=True).seed == VALIDATION + 3
    for seed, index in ((-1, 0), (MOST_SEEDS, 0), (0, SCENES_PER_SEED)):
        with pytest.raises(UnusableInput):
            scene_of(seed, index)


def test_cases_are_read_again_as_they_were_encoded(posed, encoder, tmp_path, monkeypatch) -> None:
    def read(folder: Path) -> list:
        (part,) = cases(SCENES[:1], encoder, Texts(encoder), folder, part=25, report=lambda done: None)
        return part

    (first,) = read(tmp_path)
    monkeypatch.setattr(type(encoder), "encode_frames", None)  # a second encoding would be a fault
    (again,) = read(tmp_path)
    for name, seen in first.seen.items():
        assert np.array_equal(seen.latents, again.seen[name].latents)
        assert np.array_equal(seen.hidden_times, again.seen[name].hidden_times)
    assert np.allclose(first.truth, posed[0].truth, atol=1e-5)
    assert first.shown["30%"] == (0.3, 0.3)
    frames = first.seen["30%"].frames()
    assert len(frames) == 4
    assert frames[0].shape == (360, 640, 3)


# ---- scoring ------------------------------------------------------------------------------


def test_the_answer_is_the_lowest_sum_and_persistence_the_share_of_steps() -> None:
    mismatch = np.array([[[1.0, 1.0, 1.0], [0.0, 0.5, 9.0]], [[2.0, 2.0, 0.0], [1.0, 1.0, 1.0]]])
    truth = np.array([0, 1])
    assert correct(mismatch, truth).tolist() == [1.0, 1.0]
    assert persistent(mismatch, truth) == pytest.approx([1 / 3, 2 / 3])
    assert (persistence(0), persistence(0.5), persistence(1)) == (1, 3, 5)


def test_drift_is_the_mean_cosine_distance() -> None:
    latents = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    truth = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    assert drift(latents, truth) == pytest.approx([0.5])


def test_the_interval_covers_the_true_mean_about_as_often_as_it_says() -> None:
    dice = np.random.default_rng(0)
    covered = 0
    for trial in range(200):
        found = bootstrap((dice.random(80) < 0.8).astype(float), trial)
        assert found.low <= found.mean <= found.high
        covered += found.low <= 0.8 <= found.high
    assert 0.88 < covered / 200 < 0.99
    assert bootstrap(np.ones(10), 1).low == 1


# ---- judging ------------------------------------------------------------------------------


class Told(Method):
    """Gives the query itself, and fits one text above all: what it is told, and what it answers, can be seen."""

    name = "told"
    asks = True

    def __init__(self, favourite: np.ndarray) -> None:
        self.favourite = favourite
        self.asked: list[np.ndarray] = []

    def infer(self, seen: Observation, query: np.ndarray) -> np.ndarray:
        self.asked.append(query)
        return np.repeat(query[None], len(seen.hidden_times), axis=0)

    def mismatch(self, seen: Observation, latents: np.ndarray, query: np.ndarray) -> np.ndarray:
        return 1 - latents @ self.favourite


def test_a_method_is_asked_for_every_candidate_and_never_told_which_is_true(posed) -> None:
    case = posed[0]
    neutral = np.eye(len(case.truth[0]), dtype=np.float32)[0]
    for index in range(5):
        method = Told(case.queries[index])
        outcome = judge(method, HEADLINE, [case], neutral)
        assert outcome.correct[0] == (index == case.candidates.truth)
        assert outcome.persistent[0] == (index == case.candidates.truth)
        assert len(method.asked) == 6
        assert np.array_equal(method.asked[0], neutral)
        assert all(np.array_equal(asked, query) for asked, query in zip(method.asked[1:], case.queries, strict=True))
        own = case.queries[case.candidates.truth]
        assert outcome.drift_oracle[0] == pytest.approx(float(1 - (case.truth @ own).mean()), abs=1e-5)
        assert outcome.drift[0] == pytest.approx(float(1 - (case.truth @ neutral).mean()), abs=1e-5)


def test_without_a_query_the_candidate_best_aligned_with_the_latents_is_the_answer(posed) -> None:
    outcome = judge(ZeroOrderHold(), BY_FRACTION[0], posed, posed[0].queries[0])
    for case, right in zip(posed, outcome.correct, strict=True):
        anchor = case.seen["100%"].anchors[0]
        assert right == (int((case.queries @ anchor).argmax()) == case.candidates.truth)
    assert outcome.correct.all()
    assert len(outcome.drift) == 0
    assert (outcome.s_kin > 0).all()


# ---- running ------------------------------------------------------------------------------


def few(device, own=(), cancelled=None):
    """Two methods in place of all of them."""
    known = {"SLERP": Slerp(), "Zero-order hold": ZeroOrderHold()}
    known[FULL.key] = Slerp()
    return known, (Line("Zero-order hold", "Zero-order hold"), Line("SLAP", FULL.key))


def test_a_run_that_was_stopped_goes_on_and_ends_where_a_whole_one_does(encoder, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(runner, "methods", few)
    monkeypatch.setattr(runner, "PART", 1)
    whole = run(TunnelTest(2, 5), encoder, tmp_path / "whole")
    asked = iter([False] * 4 + [True] * 100)
    with pytest.raises(Cancelled):
        run(TunnelTest(2, 5), encoder, tmp_path / "cut", cancelled=lambda: next(asked))
    kept = {file: file.read_bytes() for file in (tmp_path / "cut" / UNFINISHED).rglob("*") if file.is_file()}
    # What a kill in the middle of writing leaves behind does no harm.
    (tmp_path / "cut" / UNFINISHED / "0-abc.part").write_text("{")
    shares: list[float] = []
    resumed = run(TunnelTest(2, 5), encoder, tmp_path / "cut", report=shares.append)
    assert all(file.read_bytes() == data for file, data in kept.items())
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    for key, outcome in whole.outcomes.items():
        assert outcome.to_lists() == resumed.outcomes[key].to_lists()
    with pytest.raises(UnusableInput, match="other settings"):
        run(TunnelTest(3, 5), encoder, tmp_path / "cut")


@pytest.mark.parametrize("arguments", [("--clips", "0"), ("--seed", "-1"), ("--method", "nowhere:Nothing")])
def test_what_cannot_be_run_is_refused_in_a_sentence(arguments, tmp_path, capsys) -> None:
    assert run_command(["tunnel-test", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_command_writes_one_page_that_needs_nothing_else(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("slap_studio.tunnel_test.efficiency._RUNS", 1)
    out = tmp_path / "report"
    assert run_command(["tunnel-test", "--clips", "2", "--seed", "9", "--out", str(out), "--device", "cpu"]) == 0
    printed = json.loads(capsys.readouterr().out)
    stored = json.loads((out / "report.json").read_text())
    assert sorted(file.name for file in out.iterdir()) == ["report.html", "report.json"]
    labels = [row["label"] for row in stored["methods"]]
    assert labels == [
        "Zero-order hold", "Linear", "SLERP", "Latent ODE", "Neural CDE", "Autoregressive transformer", "SLAP, cosine",
        "SLAP",
    ]  # fmt: skip
    assert printed["accuracy"]["SLAP"] == stored["methods"][-1]["conditions"]["30%"]["accuracy"]
    assert {name: len(rows) for name, rows in stored["sweeps"].items()} == {
        name: len(settings) for name, settings in SETTINGS.items()
    }
    page = (out / "report.html").read_text()
    assert page.count("<svg") == 3
    assert "http://" not in page.replace("http://www.w3.org/", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )
    assert "src=" not in page
    assert "not run here" in page
    assert ">None" not in page
    assert ">nan" not in page
    costs = {row["label"]: row for row in stored["efficiency"]}
    assert costs["Zero-order hold"]["gflop"] == 0
    # The paper's shape, folded: 0.088 TFLOP for 50 steps of 30 latents, and nothing else multiplies matrices; where a
    # CPU multiplies bfloat16 the 30 rows are filled up to 32.
    of_papers_size = costs["SLAP at the paper's size (d = 768, h = 2048)"]["gflop"]
    assert any(of_papers_size == pytest.approx(88 * rows / 30, rel=0.05) for rows in (30, 32))


# ---- the text -----------------------------------------------------------------------------


def made_up(accuracy: dict[str, float]) -> dict:
    def row(mean: float) -> dict:
        spread = [mean, mean - 0.02, mean + 0.02]
        return dict.fromkeys(("accuracy", "persistence", "drift", "drift_oracle", "s_kin", "e_pot"), spread)

    return {
        "headline": "30%",
        "methods": [
            {"label": label, "conditions": {name: row(mean) for name in ("100%", "60%", "30%", "10%", "1 fps")}}
            for label, mean in accuracy.items()
        ],
        "sweeps": {
            name: [{"label": label, **row(0.5)} for label, _ in settings] for name, settings in SETTINGS.items()
        },
    }


@pytest.mark.parametrize(
    ("ours", "verdict"), [(0.95, "do not touch"), (0.91, "overlap"), (0.90, "level"), (0.80, "does not come first")]
)
def test_the_verdict_is_read_from_the_figures(ours: float, verdict: str) -> None:
    found = findings(made_up({"SLERP": 0.90, "Zero-order hold": 0.7, "SLAP, cosine": 0.99, "SLAP": ours}))
    assert verdict in found["order"]
    assert found["next"]["label"] == "SLERP"
    assert found["last"]["label"] == "Zero-order hold"
    assert not found["interior"]


def test_the_same_figures_give_the_same_pictures() -> None:
    summary = made_up({"SLERP": 0.9, "SLAP": 0.95})
    curves = {"SLERP": np.linspace(0.1, 0.3, 5), "SLAP, oracle": np.linspace(0.1, 0.2, 5)}
    for picture in (
        lambda: by_fraction(summary["methods"]), lambda: over_coupling(summary["sweeps"]), lambda: over_time(curves)
    ):  # fmt: skip
        first = picture()
        assert first == picture()
        assert first.startswith("<svg")
        assert "SLERP" in first or "learned" in first


def test_results_are_summed_up_with_the_paper_s_own_beside_them(posed, encoder) -> None:
    neutral = encoder.encode_text("what is in the tunnel?")
    known, lines = few("cpu")
    outcomes = {
        (key, condition.name): judge(method, condition, posed, neutral)
        for key, method in known.items()
        for condition in (*BY_FRACTION, ONE_A_SECOND)
    }
    results = Results(TunnelTest(3, 5), lines, outcomes, known, posed[0], [0.4, 0.6], neutral)
    summary = summarise(results)
    held = summary["methods"][0]
    assert held["paper"] == (0.243, 1.2, 0.45)
    assert held["conditions"]["30%"]["clips"] == 3
    assert held["conditions"]["60%"]["drift"] is None
    assert summary["shown_at_1_fps"] == pytest.approx(0.5)
    assert summarise(replace(results)) == summary
