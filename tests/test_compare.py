"""What is drawn beside the path: the truth, other methods, and latents that no frame comes near."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.compare import Comparer, ComparisonRequest, Truth, angles
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.live import LiveAnswer, LiveRequest, LiveSolver
from slap_studio.media.gap import Gap
from slap_studio.media.sampling import Sampling
from slap_studio.methods import catalogue
from slap_studio.problems import Cancelled
from slap_studio.resources import sample_videos


@pytest.fixture(scope="module")
def encoder() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tunnel sample in a place of its own, so that its sidecar can be taken away."""
    folder = tmp_path_factory.mktemp("clip")
    for suffix in (".mp4", ".json"):
        shutil.copy(sample_videos() / f"tunnel{suffix}", folder)
    return folder


@pytest.fixture(scope="module")
def request_(folder: Path, encoder: encoders.Encoder) -> LiveRequest:
    clip = pipeline.load_clip(folder / "tunnel.mp4", encoder, sampling=Sampling(), cache=Cache(folder / "cache"))
    picture = fit_pca(clip.latents)
    return LiveRequest(
        clip, picture, survey(picture), "a red cube", Gap(3.0, 6.0), Physics(), Descent(), AlignmentKind.COSINE, (), 50
    )


@pytest.fixture(scope="module")
def answer(request_: LiveRequest, encoder: encoders.Encoder) -> LiveAnswer:
    return LiveSolver("cpu").answer(request_, encoder)


def test_with_its_sidecar_the_truth_is_the_clip_without_its_tunnel(answer, encoder) -> None:
    found = Comparer().compare(ComparisonRequest(answer), encoder)
    assert (found.truth, found.both) == (Truth.UNCOVERED, True)
    cosines = np.cos(np.radians(found.ours.angles))
    assert found.drift == pytest.approx(float(1 - cosines.mean()), abs=1e-5)
    assert [one.name for one in found.others[:3]] == ["Zero-order hold", "Linear", "SLERP"]
    for one in (found.ours, *found.others):
        assert one.places.shape == (len(answer.latents), 2)
        assert one.places[[0, -1]] == pytest.approx(answer.places[[0, -1]], abs=1e-4)
        assert (one.angles > 0).all()
        assert (one.angles < 180).all()
    # Held at the first anchor, the methods' geodesic is the window's own.
    slerp = found.others[2]
    assert slerp.places == pytest.approx(answer.geodesic, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, False), ("{", True), ('{"scene": {"seed": 1}}', True), ('{"scene": 3}', True), ("word", True),
     ("[]", False), ('{"title": "x"}', False)],
)  # fmt: skip
def test_without_a_usable_sidecar_the_truth_is_what_was_filmed_and_a_damaged_one_is_said(
    answer, encoder, folder: Path, text: str | None, said: bool
) -> None:
    sidecar = folder / "tunnel.json"
    whole = sidecar.read_text(encoding="utf-8")
    if text == "word":
        # Every field is there, but one has a word in a number's place.
        facts = json.loads(whole)
        facts["scene"]["motion"]["start"] = "left"
        text = json.dumps(facts)
    try:
        if text is None:
            sidecar.unlink()
        else:
            sidecar.write_text(text, encoding="utf-8")
        found = Comparer().compare(ComparisonRequest(answer), encoder)
    finally:
        sidecar.write_text(whole, encoding="utf-8")
    assert (found.truth, found.both) == (Truth.FILMED, False)
    assert [note for note in found.notes if "tunnel.json beside the clip is damaged" in note] == (
        list(found.notes[:1]) if said else []
    )
    filmed = answer.request.clip.latents[list(answer.posed.gap.hidden)]
    assert found.ours.angles == pytest.approx(angles(answer.latents[1:-1], filmed), abs=1e-3)


def test_the_truth_as_filmed_can_be_chosen_beside_a_whole_sidecar(answer, encoder) -> None:
    found = Comparer().compare(ComparisonRequest(answer, as_filmed=True), encoder)
    assert (found.truth, found.both, found.notes) == (Truth.FILMED, True, ())
    filmed = answer.request.clip.latents[list(answer.posed.gap.hidden)]
    assert found.ours.angles == pytest.approx(angles(answer.latents[1:-1], filmed), abs=1e-3)


def test_other_methods_see_no_hidden_frame(answer, encoder, generator) -> None:
    """Whatever the hidden frames were, the others' paths stay."""
    clip = answer.request.clip
    latents = clip.latents.copy()
    hidden = list(answer.posed.gap.hidden)
    latents[hidden] = generator.normal(size=latents[hidden].shape)
    blind = replace(answer, request=replace(answer.request, clip=replace(clip, latents=latents)))
    seen, unseen = (
        Comparer().compare(ComparisonRequest(answer), encoder),
        Comparer().compare(ComparisonRequest(blind), encoder),
    )
    for one, other in zip(seen.others, unseen.others, strict=True):
        assert np.array_equal(one.places, other.places)


def test_without_their_weights_the_trained_methods_are_left_out_and_that_is_said(
    answer, encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "tunnel_methods", lambda: tmp_path)
    comparer = Comparer()
    for _ in range(2):
        found = comparer.compare(ComparisonRequest(answer), encoder)
        assert [one.name for one in found.others] == ["Zero-order hold", "Linear", "SLERP"]
        (note,) = found.notes
        assert "learn nothing" in note
        assert str(tmp_path) in note
    (tmp_path / "latent_ode.safetensors").write_bytes(b"no weights")
    assert "damaged" in Comparer().compare(ComparisonRequest(answer), encoder).notes[0]


def test_a_comparison_can_be_cancelled(answer, encoder) -> None:
    with pytest.raises(Cancelled):
        Comparer().compare(ComparisonRequest(answer), encoder, lambda: True)


def test_angles_are_exact_near_zero() -> None:
    first = np.array([[1.0, 0.0]])
    for degrees in (1e-6, 1.0, 90.0, 179.0):
        turned = np.array([[np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]])
        assert angles(first, turned)[0] == pytest.approx(degrees, rel=1e-6)
