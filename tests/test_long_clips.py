"""Clips of very many frames: what is searched, ranked and mapped is what a naive look at all of them gives."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.compare import MOST_SEEN, Comparer, ComparisonRequest
from slap_studio.core import alarm, projection, search
from slap_studio.core.alarm import usual_distance, usual_in
from slap_studio.core.globe import fit_pca_globe
from slap_studio.core.landscape import survey
from slap_studio.core.projection import MOST, fit_pca
from slap_studio.core.ranking import lowest
from slap_studio.core.retrieval import nearest
from slap_studio.core.search import FEW, Search
from slap_studio.core.times import nearest_index
from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders import encoder as encoders
from slap_studio.live import MOST_HIDDEN, LiveRequest, LiveSolver
from slap_studio.media.gap import Gap
from slap_studio.media.video import VideoInfo
from slap_studio.pipeline import Clip
from slap_studio.problems import UnusableInput
from slap_studio.session.look import View
from slap_studio.stands import map_stand

COUNT = 3 * FEW + 17


def wander(count: int, dimension: int = 24, seed: int = 3, step: float = 0.1) -> np.ndarray:
    """Latents [count, d] of a clip that wanders, with a cut every 300 frames, some of them back to an old place."""
    generator = np.random.default_rng(seed)
    places = generator.normal(size=(8, dimension))
    shots = places[generator.integers(0, 8, -(-count // 300))]
    drift = step * generator.normal(size=(count, dimension)).astype(np.float32).cumsum(axis=0) % 1
    latents = np.repeat(shots, 300, axis=0)[:count] + drift + step * generator.normal(size=(count, dimension))
    return (latents / np.linalg.norm(latents, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture(scope="module")
def clip(encoder: encoders.Encoder) -> Clip:
    """A clip of very many frames, ten a second."""
    latents, times = wander(COUNT, encoder.dimension, step=0.02), np.arange(COUNT) / 10
    info = VideoInfo(Path("long.mp4"), 160, 90, COUNT / 10, 10.0, "h264", 1, 0)
    return Clip(info, times, latents, (b"",) * COUNT, COUNT / 10, encoder.label, ())


@pytest.fixture(scope="module")
def request_(clip: Clip) -> LiveRequest:
    picture = fit_pca(clip.latents)
    return LiveRequest(
        clip, picture, survey(picture), "a red cube", Gap(500.0, 502.0), Physics(), Descent(), AlignmentKind.COSINE, (),
        100,
    )  # fmt: skip


@pytest.mark.parametrize("columns", [0, 1, 5, 63, 64, 640, 1000, 4001])
@pytest.mark.parametrize("count", [0, 1, 5, 10])
def test_the_lowest_are_those_of_a_stable_sort_ties_included(generator, columns: int, count: int) -> None:
    for values in (generator.normal(size=(7, columns)), generator.integers(0, 4, (7, columns)).astype(float)):
        assert np.array_equal(lowest(values, count), np.argsort(values, axis=1, kind="stable")[:, :count])
        short = values.astype(np.float32)
        assert np.array_equal(lowest(short, count), np.argsort(short, axis=1, kind="stable")[:, :count])
    same = np.zeros((2, columns))
    assert np.array_equal(lowest(same, count), np.argsort(same, axis=1, kind="stable")[:, :count])


def test_the_lowest_of_few_values_know_no_negative_zero_and_put_what_is_no_number_last() -> None:
    values = np.array([[0.0, -0.0, -np.inf, np.nan, -1e-40, np.inf, 1e-40, -3.0, 2.5]], dtype=np.float32)
    assert lowest(values, 7).tolist() == [[2, 7, 4, 0, 1, 6, 8]]


@pytest.mark.parametrize("count", [1, 5, 40])
@pytest.mark.parametrize("kind", ["wandering", "noise", "still"])
def test_a_search_finds_what_a_look_at_all_frames_finds(generator, kind: str, count: int) -> None:
    frames = {
        "wandering": lambda: wander(COUNT),
        "noise": lambda: wander(COUNT, step=30.0),
        "still": lambda: np.repeat(wander(40), -(-COUNT // 40), axis=0)[:COUNT],
    }[kind]()
    latents = wander(20, seed=4)
    latents[:5] = frames[[0, 31, 32, 5000, COUNT - 1]]
    for candidates in (np.arange(COUNT), np.setdiff1d(np.arange(COUNT), np.arange(4990, 5100)), np.arange(60, 200)):
        indices, similarity = Search(frames).nearest(latents, candidates, count)
        naive, expected = nearest(latents, frames, candidates, count)
        assert similarity == pytest.approx(expected, abs=1e-5)
        assert np.isin(indices, candidates).all()
        assert np.einsum("nkd,nd->nk", frames[indices], latents) == pytest.approx(similarity, abs=1e-5)
        if kind != "still":
            # Products of other shapes may round otherwise, so that two frames as near change places.
            assert (indices == naive).mean() > 0.99


def test_a_search_of_a_clip_that_wanders_looks_at_few_of_its_frames(monkeypatch) -> None:
    frames = wander(COUNT)
    looked_at: list[int] = []
    look = Search._looked_at

    def counted(self: Search, latents: np.ndarray, stretches: np.ndarray, penalty: np.ndarray) -> object:
        looked_at.append(len(stretches) * search.STRETCH)
        return look(self, latents, stretches, penalty)

    monkeypatch.setattr(Search, "_looked_at", counted)
    Search(frames).nearest(frames[6000:6010], np.setdiff1d(np.arange(COUNT), np.arange(6000, 6010)))
    assert max(looked_at) < 0.25 * COUNT


def test_fewer_candidates_than_asked_for_and_no_latent_at_all() -> None:
    frames = wander(COUNT)
    indices, similarity = Search(frames).nearest(frames[:2], np.array([7, 9]), 5)
    assert np.array_equal(np.sort(indices[:, :2], axis=1), [[7, 9], [7, 9]])
    assert (indices[:, 2:] == -1).all()
    assert np.isnan(similarity[:, 2:]).all()
    assert Search(frames).nearest(frames[:0], np.arange(COUNT), 5)[0].shape == (0, 5)


@pytest.mark.parametrize("hidden", [1, 30, 800])
def test_the_usual_distance_of_a_long_clip_is_that_of_all_its_frames(monkeypatch, hidden: int) -> None:
    monkeypatch.setattr(search, "FEW", 500)
    monkeypatch.setattr(alarm, "FEW", 500)
    frames = wander(2500)
    indices = np.setdiff1d(np.arange(2500), np.arange(700, 700 + hidden))
    exact = usual_distance(frames[indices], indices, hidden)
    monkeypatch.setattr(alarm, "MOST", 10_000)
    assert usual_in(Search(frames), indices, hidden) == pytest.approx(exact, abs=0.02)
    monkeypatch.setattr(alarm, "MOST", 128)
    assert usual_in(Search(frames), indices, hidden) == pytest.approx(exact, rel=0.1)
    assert usual_in(Search(frames), indices, 6000) == float("inf")


def test_the_nearest_time(generator) -> None:
    times = np.sort(generator.uniform(size=50))
    for time in [*generator.uniform(-0.2, 1.2, 200), *times]:
        assert nearest_index(times, time) == int(np.abs(times - time).argmin())
    assert nearest_index(np.array([1.0, 2.0]), 1.5) == 0


def test_a_long_clip_is_mapped_by_some_of_its_frames_taken_evenly(clip: Clip) -> None:
    picture = fit_pca(clip.latents)
    assert len(picture.places) == len(picture.latents) == MOST
    assert picture.sample is not None
    assert np.array_equal(picture.latents, clip.latents[picture.sample])
    assert (picture.sample[0], picture.sample[-1]) == (0, COUNT - 1)
    assert picture.place(clip.latents[picture.sample[:50]]) == pytest.approx(picture.places[:50], abs=1e-9)
    assert len(fit_pca_globe(clip.latents).places) == MOST
    assert fit_pca(clip.latents[:MOST]).sample is None


def test_frames_on_the_map_are_the_observed_ones_among_those_that_it_was_fitted_on(clip: Clip) -> None:
    stand = map_stand(fit_pca(clip.latents))
    observed = np.setdiff1d(np.arange(COUNT), np.arange(100, 9000))
    shown = stand.shown(observed)
    assert set(stand.sample[shown]) == set(stand.sample) & set(observed)
    short = map_stand(fit_pca(clip.latents[:60]))
    assert np.array_equal(short.shown(np.array([3, 5])), [3, 5])


@pytest.mark.parametrize("view", [View.MAP, View.GLOBE, View.SLICE])
def test_a_path_of_a_long_clip_is_that_of_its_gap_alone(clip: Clip, request_, encoder, view: View) -> None:
    answer = LiveSolver("cpu").answer(replace(request_, view=view), encoder)
    first, last = 4500, 5600
    cut = replace(
        clip, times=clip.times[first:last] - clip.times[first], latents=clip.latents[first:last],
        duration=(last - first) / 10,
    )  # fmt: skip
    picture = fit_pca(cut.latents)
    alone = LiveSolver("cpu").answer(
        replace(request_, clip=cut, picture=picture, ground=survey(picture), gap=Gap(50.0, 52.0), view=view), encoder
    )
    assert np.array_equal(answer.latents, alone.latents)
    observed, _ = nearest(answer.latents[1:-1], clip.latents, answer.posed.observed)
    assert (answer.nearest == observed).mean() > 0.99
    assert np.isfinite(answer.places).all()
    assert ((answer.fidelity >= 0) & (answer.fidelity <= 1)).all()


def test_what_went_in_reads_the_same_from_three_frames_as_from_all(clip: Clip, request_, encoder) -> None:
    answer = LiveSolver("cpu").answer(request_, encoder)
    from slap_studio.readout import candidates_of, read

    texts = candidates_of((), request_.query, built_in=True)
    seen, gap = answer.posed.observed, answer.posed.gap
    beside = clip.latents[seen[seen <= gap.before]], clip.latents[seen[seen >= gap.after]]
    found = read(answer.latents, beside, texts, encoder.encode_texts(texts), encoder.scale)
    assert (found.entering, found.leaving) == (answer.readout.entering, answer.readout.leaving)


def test_a_gap_of_too_many_frames_is_refused_in_one_sentence(request_, encoder) -> None:
    with pytest.raises(UnusableInput, match=f"{MOST_HIDDEN:,} are solved at the most; make it shorter"):
        LiveSolver("cpu").answer(replace(request_, gap=Gap(100.0, 400.0)), encoder)


def test_other_methods_are_given_what_lies_around_the_gap(clip: Clip, request_, encoder, monkeypatch) -> None:
    comparer, given = Comparer(), []

    def infer(seen: object, query: np.ndarray) -> np.ndarray:
        given.append(seen)
        return answer.latents[1:-1]

    monkeypatch.setattr(comparer, "_known", lambda encoder: ((SimpleNamespace(name="seen", infer=infer),), ()))
    answer = LiveSolver("cpu").answer(request_, encoder)
    comparer.compare(ComparisonRequest(answer), encoder)
    (seen,) = given
    assert len(seen.times) == len(seen.latents) == MOST_SEEN
    ends = answer.posed.gap.before, answer.posed.gap.after
    assert np.array_equal(np.stack(seen.anchors), clip.latents[list(ends)])
    assert (np.diff(seen.times) > 0).all()


def test_the_pipelines_retrieval_agrees(clip: Clip, request_, encoder) -> None:
    answer = LiveSolver("cpu").answer(request_, encoder)
    indices, similarity = pipeline.retrieve(clip, answer.posed, answer.latents[1:-1])
    assert answer.similarity == pytest.approx(similarity, abs=1e-5)
    assert (answer.nearest == indices).mean() > 0.99
    assert projection.MOST < COUNT
