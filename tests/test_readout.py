"""What a path reads as, and whether what goes in is what comes out."""

from pathlib import Path

import numpy as np
import pytest

from slap_studio import pipeline
from slap_studio.core.readout import shares
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache
from slap_studio.media.gap import Gap, resolve_gap
from slap_studio.media.sampling import Sampling
from slap_studio.readout import MOST, OTHERS, candidates_of, read
from slap_studio.resources import sample_videos
from slap_studio.tunnel.captions import EMPTY_CAPTIONS, PLAIN_CAPTIONS


def test_shares_are_the_softmax_of_scaled_cosines(unit_vectors) -> None:
    latents, candidates = unit_vectors(5, 8), unit_vectors(3, 8)
    found = shares(latents, candidates, 20.0)
    assert found.sum(axis=-1) == pytest.approx(1)
    odds = np.log(found[:, 0] / found[:, 2])
    assert odds == pytest.approx(20 * (latents @ candidates[0] - latents @ candidates[2]))
    # A scale that would overflow a plain exponential.
    assert np.isfinite(shares(latents, candidates, 1e5)).all()


def test_the_most_likely_are_named_and_the_rest_is_grouped(unit_vectors) -> None:
    candidates = unit_vectors(9, 16)
    texts = [f"thing {index}" for index in range(9)]
    path = candidates[[4, 4, 7]]
    found = read(path, (candidates[4:5], candidates[7:8]), texts, candidates, 30.0)
    assert found.labels[0] == "thing 4"
    assert len(found.labels) == MOST + 1
    assert found.labels[-1] == OTHERS
    assert found.shares.sum(axis=1) == pytest.approx(1)
    assert (found.entering, found.leaving) == ("thing 4", "thing 7")
    assert found.swapped
    few = read(path, (candidates[4:5], candidates[4:5]), texts[:5], candidates[:5], 30.0)
    assert set(few.labels) == set(texts[:5])
    assert not few.swapped


def test_candidates_are_the_asked_ones_or_what_the_encoder_s_world_holds() -> None:
    assert candidates_of(("a", "b"), "q", built_in=True) == ("a", "b")
    assert candidates_of((), "q", built_in=True) == PLAIN_CAPTIONS
    assert len(set(PLAIN_CAPTIONS)) == 68
    assert candidates_of((), "q", built_in=False)[0] == "q"


@pytest.mark.parametrize(("name", "leaving"), [("tunnel", "a red cube"), ("swap", "a blue ball")])
def test_swap_is_told_from_tunnel(name: str, leaving: str, tmp_path: Path) -> None:
    encoder = encoders.load()
    clip = pipeline.load_clip(
        sample_videos() / f"{name}.mp4", encoder, sampling=Sampling(), cache=Cache(tmp_path / "cache")
    )
    gap = resolve_gap(Gap(3.0, 6.0), clip.times)
    observed = clip.latents[: gap.before + 1], clip.latents[gap.after :]
    vectors = encoder.encode_texts(PLAIN_CAPTIONS)
    found = read(clip.latents[gap.before : gap.after + 1], observed, PLAIN_CAPTIONS, vectors, encoder.scale)
    assert (found.entering, found.leaving) == ("a red cube", leaving)
    # Between the anchors the very frames show nothing but the tunnel, and read so.
    middle = dict(zip(found.labels, found.shares[len(found.shares) // 2], strict=True))
    assert max(middle, key=lambda label: middle[label]) in EMPTY_CAPTIONS


def test_what_the_anchors_read_as_is_always_named(unit_vectors) -> None:
    candidates = np.eye(12)
    path = np.concatenate([candidates[10:11], np.repeat(candidates[:5], 4, axis=0), candidates[11:12]])
    texts = [f"thing {index}" for index in range(12)]
    labels = read(path, (candidates[:1], candidates[:1]), texts, candidates, 30.0).labels
    assert {"thing 10", "thing 11"} <= set(labels)
    assert len(labels) == MOST + 1
