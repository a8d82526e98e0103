"""A drawn path to export, without a window: cosine and learned, with everything that may stand beside it."""

from dataclasses import replace
from pathlib import Path

import pytest

from slap_studio import pipeline
from slap_studio.compare import Comparer, ComparisonRequest
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.encoders import BUILT_IN
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.export.subject import Subject, Swept
from slap_studio.live import LiveRequest, LiveSolver
from slap_studio.measured import Branches, measure
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.sweep import SweepRequest, sweep


@pytest.fixture(scope="session")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture(scope="session")
def request_(encoder, small_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> LiveRequest:
    clip = pipeline.load_clip(small_clip, encoder, sampling=Sampling(), cache=Cache(tmp_path_factory.mktemp("cache")))
    picture = fit_pca(clip.latents)
    return LiveRequest(
        clip, picture, survey(picture), "a red cube", Gap(1.2, 2.4), Physics(coupling=2.5, kinetic=Kinetic.CHORD),
        Descent(40, 0.02), AlignmentKind.COSINE, (), 100,
    )  # fmt: skip


@pytest.fixture(scope="session")
def subject(encoder, request_) -> Subject:
    return Subject(LiveSolver("cpu").answer(request_, encoder), BUILT_IN)


@pytest.fixture(scope="session")
def learned(encoder, request_) -> Subject:
    asked = replace(request_, alignment=AlignmentKind.LEARNED, physics=Physics(0.7, 2.0, 0.5), descent=Descent(7))
    return Subject(LiveSolver("cpu").answer(asked, encoder), BUILT_IN)


@pytest.fixture(scope="session")
def full(encoder, subject: Subject) -> Subject:
    answer = subject.answer
    request = SweepRequest(answer.posed.problem, answer.request.physics, Descent(5, 0.02), (0.1, 1.0, 10.0), (0.5, 2.0))
    return replace(
        subject,
        minimum_places=measure(answer).minimum_places,
        comparison=Comparer().compare(ComparisonRequest(answer), encoder),
        revealed=True,
        compared=True,
        branches=_branches(subject),
        swept=Swept(request, tuple(sweep(request)), answer),
    )


def _branches(subject: Subject) -> Branches:
    """Cheap ones: their shape is what an export draws."""
    import numpy as np

    couplings = np.geomspace(0.01, 1000, 12)
    return Branches(subject.answer.request, couplings, np.linspace(-0.9, 0.9, 12 * 24).reshape(12, 24))
