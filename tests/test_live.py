"""The live loop below the window: one request in, one answer out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from slap_studio import pipeline
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.core.types import AlignmentKind, Descent, Physics, Status
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.folds import Folds
from slap_studio.live import LiveAnswer, LiveRequest, LiveSolver
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.resources import sample_videos


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
        clip, picture, survey(picture), "a red cube", Gap(1.2, 2.4), Physics(), Descent(), AlignmentKind.COSINE, (), 100
    )


def test_a_clip_has_a_latent_a_time_and_a_picture_for_every_sampled_frame(clip) -> None:
    assert len(clip.times) == len(clip.latents) == len(clip.thumbnails) == 40
    assert clip.times == pytest.approx(np.arange(40) / 10, abs=1e-3)
    assert clip.duration == pytest.approx(4.0, abs=0.01)
    assert all(picture[:2] == b"\xff\xd8" for picture in clip.thumbnails)
    assert clip.notes == ()


def test_a_clip_that_was_cut_off_says_so_from_the_file_and_from_the_cache(encoder, tmp_path: Path) -> None:
    cut, cache = tmp_path / "cut.mp4", Cache(tmp_path / "cache")
    # The index of frames stands at the front of this file, so that its beginning can be read.
    cut.write_bytes((sample_videos() / "tunnel.mp4").read_bytes()[:40_000])
    for _ in range(2):
        found = pipeline.load_clip(cut, encoder, sampling=Sampling(), cache=cache)
        (said,) = (note for note in found.notes if "cut off" in note)
        assert "lasts 10.0 s" in said
        assert found.duration < 1


def test_the_answer_is_the_descent_after_k_steps(request_, encoder) -> None:
    answer = LiveSolver("cpu").answer(request_, encoder)
    alone = pipeline.solve(answer.posed.problem, request_.physics, request_.descent)
    assert np.array_equal(answer.latents, alone.latents)
    assert float(answer.energies.action) == pytest.approx(float(alone.energies.action), rel=1e-5)
    assert answer.residual == pytest.approx(alone.residual, rel=1e-5)
    assert answer.pulls.shape == (11,)
    assert answer.pulls.max() == pytest.approx(alone.residual, rel=1e-4)
    assert len(answer.along.action) == 101
    assert answer.places.shape == answer.geodesic.shape == (13, 2)
    assert answer.total.shape == (12,)
    assert set(answer.nearest.ravel()) <= set(answer.posed.observed)


def test_another_step_of_the_same_descent_is_not_solved_again(request_, encoder) -> None:
    solver = LiveSolver("cpu")
    first = solver.answer(request_, encoder)
    other = solver.answer(replace(request_, descent=Descent(7)), encoder)
    assert other.solution is first.solution
    assert np.array_equal(other.latents[1:-1], first.solution.history[7])
    assert other.status is Status.STEPS_TAKEN
    for changed in (
        replace(request_, physics=Physics(0.6)), replace(request_, gap=Gap(1.0, 2.4)),
        replace(request_, query="a blue ball"), replace(request_, descent=Descent(50, 0.02)),
    ):  # fmt: skip
        assert solver.answer(changed, encoder).solution is not first.solution


def test_another_map_has_the_landscape_of_its_own_places_though_the_path_stays(request_, encoder) -> None:
    solver = LiveSolver("cpu")
    first = solver.answer(request_, encoder)
    mirrored = replace(request_.picture, places=-request_.picture.places)
    changed = replace(request_, picture=mirrored, ground=survey(mirrored))
    for asked in (changed, replace(changed, elsewhere=(Gap(3.0, 3.4),))):
        other = solver.answer(asked, encoder)
        assert other.solution is first.solution
        assert np.array_equal(other.potential, changed.ground.potential(other.alignment))
        assert not np.allclose(other.potential, first.potential, atol=1e-3)


def test_under_the_learned_alignment_everything_that_comes_back_is_its_own(request_, encoder) -> None:
    solver = LiveSolver("cpu")
    cosine = solver.answer(request_, encoder)
    answer = solver.answer(replace(request_, alignment=AlignmentKind.LEARNED), encoder)
    problem = answer.posed.problem
    learned = Folds().towards(problem.query)
    alone = pipeline.solve(problem, request_.physics, Descent(100), alignment=learned)
    assert np.allclose(answer.solution.latents, alone.latents, atol=1e-6)
    assert not np.allclose(answer.latents, cosine.latents, atol=1e-3)
    assert answer.along.action[-1] == pytest.approx(float(alone.energies.action), rel=1e-4)
    values = learned.value(torch.from_numpy(answer.latents)).numpy()
    assert answer.energies.potential == pytest.approx(-values, abs=1e-4)
    assert answer.pulls.max() == pytest.approx(answer.residual, rel=1e-3)
    ground = request_.ground
    row, column = np.argwhere(ground.support == 1)[0]
    there = -float(learned.value(torch.from_numpy(ground.latents(row)[column])))
    assert answer.potential[row, column] == pytest.approx(there, abs=1e-4)
    # Another λ moves the path and leaves the landscape.
    other = solver.answer(replace(answer.request, physics=Physics(0.1)), encoder)
    assert other.potential is answer.potential


def test_a_long_solve_shows_its_way_and_ends_where_a_silent_one_does(request_, encoder, monkeypatch) -> None:
    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_AFTER", 0.0)
    monkeypatch.setattr("slap_studio.core.descent.OBSERVED_EVERY", 0.0)
    shown: list[LiveAnswer] = []
    answer = LiveSolver("cpu").answer(replace(request_, horizon=30, descent=Descent(20)), encoder, show=shown.append)
    assert [len(way.along.action) for way in shown] == list(range(1, 32))
    # Once the wanted step is there, its own word is said: what goes on is for scrubbing.
    assert [way.status for way in shown] == [Status.UNDER_WAY] * 20 + [Status.STEPS_TAKEN] * 11
    # Until the wanted step is there the newest is drawn.
    assert np.array_equal(shown[4].latents[1:-1], answer.solution.history[4])
    assert np.array_equal(shown[25].latents, answer.latents)
    assert shown[-1].along.action == pytest.approx(answer.along.action)
    assert answer.along.kinetic.shape == (31, 12)
    assert answer.status is Status.STEPS_TAKEN


def test_a_cancelled_solve_answers_nothing_and_is_not_remembered(request_, encoder) -> None:
    solver, asked = LiveSolver("cpu"), iter([False] * 5 + [True] * 1000)
    with pytest.raises(Cancelled):
        solver.answer(request_, encoder, lambda: next(asked))
    assert len(solver.answer(request_, encoder).along.action) == 101


def test_hidden_frames_change_neither_path_nor_neighbours(request_, encoder, clip, generator) -> None:
    """The solver and the retrieval see observed frames only."""
    seen = LiveSolver("cpu").answer(request_, encoder)
    latents = clip.latents.copy()
    hidden = list(seen.posed.gap.hidden)
    latents[hidden] = generator.normal(size=latents[hidden].shape)
    latents[hidden] /= np.linalg.norm(latents[hidden], axis=1, keepdims=True)
    blind = LiveSolver("cpu").answer(replace(request_, clip=replace(clip, latents=latents)), encoder)
    assert np.array_equal(seen.latents, blind.latents)
    assert np.array_equal(seen.nearest, blind.nearest)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"query": " "}, "query is empty"), ({"gap": Gap(0.0, 9.0)}, "anchor"), ({"gap": Gap(1.21, 1.25)}, "hides no")],
)
def test_what_cannot_be_answered_is_said(request_, encoder, change, said: str) -> None:
    with pytest.raises(UnusableInput, match=said):
        LiveSolver("cpu").answer(replace(request_, **change), encoder)


def test_unknown_words_of_a_query_are_named(request_, encoder) -> None:
    assert LiveSolver("cpu").answer(replace(request_, query="a red zeppelin"), encoder).unknown_words == ("zeppelin",)


def test_a_clip_from_outside_the_encoders_world_is_met_by_a_sentence(encoder, tmp_path: Path, generator) -> None:
    from slap_studio.media.write import write_video

    path = tmp_path / "noise.mp4"
    write_video(path, generator.integers(0, 256, (12, 96, 128, 3), dtype=np.uint8), rate=10.0)
    clip = pipeline.load_clip(path, encoder, sampling=Sampling(), cache=Cache(tmp_path / "c"))
    (note,) = clip.notes
    assert "knows only the tunnel world" in note
    assert "--encoder" in note
