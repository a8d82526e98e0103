"""What is measured on a drawn path, beside what the core's own tests hold: the minima under the two alignments."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio import measured, pipeline
from slap_studio.core.landscape import survey
from slap_studio.core.learned import Learned
from slap_studio.core.minimise import minimise
from slap_studio.core.projection import fit_pca
from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.folds import Folds
from slap_studio.live import LiveAnswer, LiveRequest, LiveSolver
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.problems import Cancelled


@pytest.fixture(scope="module")
def answer(small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> LiveAnswer:
    encoder = encoders.load()
    clip = pipeline.load_clip(small_clip, encoder, sampling=Sampling(), cache=Cache(tmp_path_factory.mktemp("cache")))
    picture = fit_pca(clip.latents)
    request = LiveRequest(
        clip, picture, survey(picture), "a red cube", Gap(1.2, 2.4), Physics(), Descent(), AlignmentKind.COSINE, (), 100
    )
    return LiveSolver("cpu").answer(request, encoder)


def test_the_bound_compares_the_two_minima_that_were_found(answer: LiveAnswer) -> None:
    *others, bound = measured.measure(answer).certificates
    assert len(others) == 6
    problem, physics = answer.posed.problem, answer.request.physics
    plain = minimise(problem, physics)
    learned = minimise(problem, physics, alignment=Folds().towards(problem.query))
    apart = np.linalg.norm(plain.latents - learned.latents, axis=1).max()
    assert bound.value == pytest.approx(apart, abs=1e-3)
    assert bound.value > 1e-3
    assert bound.holds is (bound.value <= bound.bound)


def test_another_encoder_has_no_learned_alignment_and_the_bound_cannot_be_told(answer: LiveAnswer) -> None:
    request = replace(answer.request, clip=replace(answer.request.clip, encoder="ViT-B-32/openai"))
    bound = measured.measure(replace(answer, request=request)).certificates[-1]
    assert bound.holds is None
    assert "built-in encoder" in bound.sentence


def test_missing_weights_cost_the_bound_and_nothing_else(answer: LiveAnswer, tmp_path) -> None:
    found = measured.measure(answer, folds=Folds(tmp_path))
    assert found.certificates[-1].holds is None
    assert "is missing; make it with slap-studio train alignment" in found.certificates[-1].sentence
    assert found.certificates[0].holds is not None


def test_under_the_learned_alignment_its_own_minimum_and_twins_are_measured(answer: LiveAnswer, small_clip) -> None:
    request = replace(answer.request, alignment=AlignmentKind.LEARNED)
    drawn = LiveSolver("cpu").answer(request, encoders.load())
    found = measured.measure(drawn)
    problem, physics = drawn.posed.problem, request.physics
    learned = Folds().towards(problem.query)
    minimum = minimise(problem, physics, alignment=learned)
    assert np.allclose(found.minimum.latents, minimum.latents, atol=1e-3)
    # The bound compares the same two minima, whichever of them is drawn.
    other = measured.measure(answer).certificates[-1]
    assert found.certificates[-1].value == pytest.approx(other.value, abs=1e-3)
    assert np.isfinite(found.divergence.rate)
    assert len(measured.branches(drawn).couplings) == measured.FEW_BRANCHES


class Walks:
    """Counts walks through the learned alignment between two questions whether somebody still wants the result."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.longest, self._walks = 0, 0, 0
        real = Learned._gates_and_ups

        def counted(alignment: Learned, *told: object) -> object:
            self._walks += 1
            self.longest = max(self.longest, self._walks)
            return real(alignment, *told)

        monkeypatch.setattr(Learned, "_gates_and_ups", counted)

    def __call__(self) -> bool:
        self.asked += 1
        self._walks = 0
        return False


@pytest.mark.parametrize("kind", list(AlignmentKind))
def test_hardly_anything_is_computed_between_two_questions_whether_it_is_wanted(
    answer: LiveAnswer, small_clip: Path, monkeypatch: pytest.MonkeyPatch, kind: AlignmentKind
) -> None:
    """Not by time, but by walks through the network; a thousand of them make a measurement."""
    drawn = LiveSolver("cpu").answer(replace(answer.request, alignment=kind), encoders.load())
    walks = Walks(monkeypatch)
    measured.measure(drawn, walks)
    assert walks.asked > 200
    assert walks.longest <= 8


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_it_ends_wherever_it_is_cancelled(answer: LiveAnswer, monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    drawn = LiveSolver("cpu").answer(replace(answer.request, alignment=AlignmentKind.LEARNED), encoders.load())
    whole, walks = Walks(monkeypatch), Walks(monkeypatch)
    measured.measure(drawn, whole)
    last = int(share * whole.asked)
    with pytest.raises(Cancelled):
        measured.measure(drawn, lambda: walks() or walks.asked > last)
    assert walks.asked <= last + 4
