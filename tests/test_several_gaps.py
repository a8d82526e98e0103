"""Several gaps of one clip: kept apart, solved together, each blind to what any of them hides."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.app.gaps import all_snapped, snapped
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.live import LiveRequest, LiveSolver
from slap_studio.media.gap import Gap, resolve_gap
from slap_studio.media.sampling import Sampling
from slap_studio.problems import UnusableInput
from slap_studio.session.state import Session

TIMES = np.arange(40) / 10
FIRST, SECOND, THIRD = Gap(0.5, 1.1), Gap(1.4, 2.2), Gap(2.2, 3.0)  # the last two share an anchor


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture(scope="module")
def clip(encoder, small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> pipeline.Clip:
    return pipeline.load_clip(small_clip, encoder, sampling=Sampling(), cache=Cache(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def request_(clip) -> LiveRequest:
    picture = fit_pca(clip.latents)
    return LiveRequest(
        clip, picture, survey(picture), "a red cube", SECOND, Physics(), Descent(), AlignmentKind.COSINE, (), 100,
        (FIRST, THIRD),
    )  # fmt: skip


def test_a_session_keeps_its_gaps_apart_and_in_order() -> None:
    session = Session(gap=SECOND, elsewhere=(FIRST, THIRD))
    assert session.gaps == (FIRST, SECOND, THIRD)
    assert session.active == 1
    other = session.with_gaps(session.gaps, 2)
    assert (other.gap, other.elsewhere) == (THIRD, (FIRST, SECOND))
    with pytest.raises(UnusableInput, match="has ended"):
        replace(session, gap=Gap(1.0, 2.0))
    assert Session().gaps == ()


def test_wherever_a_hand_drags_a_gap_it_stays_clear_of_the_others(generator) -> None:
    others = (FIRST, THIRD)
    for start, end in generator.uniform(-1, 5, (300, 2)):
        moved = snapped(Gap(min(start, end), max(start, end)), TIMES, others, (SECOND.start, SECOND.end))
        assert moved is not None
        assert FIRST.end <= moved.start < moved.end <= THIRD.start
        assert resolve_gap(moved, TIMES).hidden


def test_some_gaps_are_laid_out_beside_one_another_or_left_out(generator) -> None:
    for _ in range(100):
        ends = np.sort(generator.uniform(0, 3.9, (4, 2)), axis=1)
        laid = all_snapped([Gap(*pair) for pair in ends], TIMES)
        assert laid
        assert all(first.end <= second.start for first, second in pairwise(laid))
        assert all(resolve_gap(gap, TIMES).hidden for gap in laid)
    assert snapped(Gap(1.1, 1.2), TIMES, (FIRST, Gap(1.2, 2.0))) is None


def test_what_any_gap_hides_is_not_observed_and_no_anchor_is_hidden(clip, request_, encoder) -> None:
    query = encoder.encode_text("a red cube")
    posed = pipeline.pose(clip, SECOND, query, elsewhere=(FIRST, THIRD))
    inside = [index for index, time in enumerate(clip.times) if any(g.start < time < g.end for g in request_.gaps)]
    assert set(posed.observed) == set(range(40)) - set(inside)
    with pytest.raises(UnusableInput, match="hidden by another gap"):
        pipeline.pose(clip, SECOND, query, elsewhere=(Gap(1.0, 1.6),))


def test_every_gap_has_the_path_it_has_alone_and_none_is_near_a_hidden_frame(request_, encoder) -> None:
    answer = LiveSolver("cpu").answer(request_, encoder)
    assert [one.request.gap for one in (answer, *answer.others)] == [SECOND, FIRST, THIRD]
    for one in (answer, *answer.others):
        alone = LiveSolver("cpu").answer(replace(request_, gap=one.request.gap, elsewhere=()), encoder)
        assert np.allclose(one.latents, alone.latents, atol=1e-6, rtol=0)
        assert np.array_equal(one.posed.observed, answer.posed.observed)
        assert set(one.nearest.ravel()) <= set(answer.posed.observed)
    assert not any(one.others for one in answer.others)


def test_frames_that_another_gap_hides_change_nothing(request_, encoder, clip, generator) -> None:
    seen = LiveSolver("cpu").answer(request_, encoder)
    latents = clip.latents.copy()
    hidden = [index for one in seen.others for index in one.posed.gap.hidden]
    latents[hidden] = generator.normal(size=latents[hidden].shape)
    latents[hidden] /= np.linalg.norm(latents[hidden], axis=1, keepdims=True)
    blind = LiveSolver("cpu").answer(replace(request_, clip=replace(clip, latents=latents)), encoder)
    assert np.array_equal(seen.latents, blind.latents)
    assert np.array_equal(seen.nearest, blind.nearest)
    assert seen.alarm.limit == blind.alarm.limit
    assert np.array_equal(seen.readout.shares, blind.readout.shares)
    assert seen.readout.entering == blind.readout.entering


def test_working_on_another_gap_solves_nothing_and_moving_one_solves_that_one(request_, encoder) -> None:
    solver = LiveSolver("cpu")
    before = solver.answer(request_, encoder)
    other = solver.answer(request_.at(THIRD), encoder)
    assert other.solution is before.others[1].solution
    assert [one.solution for one in other.others] == [before.others[0].solution, before.solution]
    moved = solver.answer(replace(request_, elsewhere=(Gap(0.3, 1.1), THIRD)), encoder)
    assert moved.solution is before.solution
    assert moved.others[1].solution is before.others[1].solution
    assert moved.others[0].solution is not before.others[0].solution
    # What is observed is another set of frames all the same.
    assert 4 not in moved.posed.observed
    assert set(moved.nearest.ravel()) <= set(moved.posed.observed)


def test_a_samples_sidecar_suggests_every_hidden_stretch(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtGui", reason="pictures of clips are Qt's", exc_type=ImportError)
    from slap_studio.app.work import _suggested
    from slap_studio.resources import sample_videos

    gaps, query = _suggested(sample_videos() / "pillars.mp4")
    assert query == "a red cube"
    assert [gap.start for gap in gaps] == pytest.approx([1.664, 4.297, 6.93])
    assert [gap.end for gap in gaps] == pytest.approx([3.153, 5.786, 8.419])
    near = tmp_path / "near.json"
    near.write_text('{"object": {"text": "a red cube"}, "hidden": [[1, 2], [2.4, 3]]}', encoding="utf-8")
    first, second = _suggested(near)[0]
    assert first.end == second.start == pytest.approx(2.2)


def test_a_long_solve_shows_all_gaps_on_their_way_and_those_that_stay_as_they_are(
    request_, encoder, monkeypatch
) -> None:
    solver, shown = LiveSolver("cpu"), []
    before = solver.answer(request_, encoder)
    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_AFTER", 0.0)
    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_EVERY", 0.0)
    after = solver.answer(replace(request_, physics=Physics(2.0)), encoder, show=shown.append)
    assert len(shown) == 101
    for step, way in enumerate(shown):
        for one, whole in zip((way, *way.others), (after, *after.others), strict=True):
            assert len(one.along.action) == step + 1
            assert np.array_equal(one.latents[1:-1], whole.solution.history[min(step, 50)])
    shown.clear()
    moved = replace(after.request, elsewhere=(Gap(0.3, 1.1), THIRD))
    solver.answer(moved, encoder, show=shown.append)
    assert len(shown) == 101
    assert all(way.solution is after.solution for way in shown)
    assert all(way.others[1].solution is after.others[1].solution for way in shown)
    assert before.solution is not after.solution
