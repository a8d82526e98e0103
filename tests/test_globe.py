"""The globe: frames on the sphere, fitted once, and the place of any latent on it."""

import numpy as np
import pytest

from slap_studio.core.globe import Globe, fit_globe, fit_pca_globe
from slap_studio.core.projection import MapKind, shepard_weights
from slap_studio.stands import globe_stand


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    latents = np.stack([np.cos(t), np.sin(t), 0.3 * np.cos(2 * t), 0.2 * np.sin(3 * t)], 1).astype(np.float32)
    return latents / np.linalg.norm(latents, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def fitted(frames) -> Globe:
    return fit_globe(frames)


def test_it_is_the_same_for_the_same_seed_and_keeps_neighbours_on_the_unit_sphere(fitted: Globe) -> None:
    again = fit_globe(fitted.latents)
    assert fitted.kind is MapKind.UMAP
    assert np.array_equal(fitted.places, again.places)
    assert np.linalg.norm(fitted.places, axis=1) == pytest.approx(1)
    nearest = (-(fitted.places @ fitted.places.T)).argsort(1)[:, 1:3]
    steps = np.abs(nearest - np.arange(60)[:, None])
    assert (np.minimum(steps, 60 - steps) <= 3).mean() > 0.9


def test_a_frame_lands_on_its_own_point_and_any_latent_on_the_sphere(fitted: Globe, unit_vectors) -> None:
    assert fitted.place(fitted.latents) == pytest.approx(fitted.places, abs=1e-9)
    latents = unit_vectors(30, 4)
    placed = fitted.place(latents)
    assert np.linalg.norm(placed, axis=-1) == pytest.approx(1)
    # An independent look at one of them: the weights of its nine nearest frames, one frame at a time.
    chords = np.linalg.norm(fitted.latents - latents[7], axis=1)
    order = chords.argsort()[:9]
    weights = shepard_weights(chords[order][None].astype(np.float64))[0]
    mean = sum(weight * fitted.places[frame] for weight, frame in zip(weights, order, strict=True))
    assert placed[7] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert fitted.place(latents[7]) == pytest.approx(placed[7], abs=1e-12)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_frames_stand_on_the_globe_of_principal_components(frames, count: int) -> None:
    found = fit_globe(frames[:count])
    assert found.kind is MapKind.PCA
    assert np.linalg.norm(found.places, axis=1) == pytest.approx(1)
    assert np.isfinite(found.place(frames[:3])).all()


def test_where_frames_on_opposite_sides_cancel_the_nearest_is_the_place(frames) -> None:
    two = Globe(MapKind.PCA, frames[:3], np.array([[0.0, 0, 1], [0, 0, -1], [1, 0, 0]]))
    latents = (frames[:1] + frames[1:2]) / np.linalg.norm(frames[0] + frames[1])
    placed = two.place(latents)
    assert np.linalg.norm(placed) == pytest.approx(1)


def test_the_stand_in_is_the_first_three_components(frames) -> None:
    centred = frames - frames.mean(0)
    _, axes = np.linalg.eigh(centred.T.astype(float) @ centred)
    three = centred @ axes[:, ::-1][:, :3]
    three /= np.linalg.norm(three, axis=1, keepdims=True)
    places = fit_pca_globe(frames).places
    assert np.abs(places) == pytest.approx(np.abs(three), abs=2e-4)


def test_lines_between_places_are_great_arcs(fitted: Globe) -> None:
    stand = globe_stand(fitted)
    far = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])
    line = stand.line(far)
    assert np.linalg.norm(line, axis=1) == pytest.approx(1)
    assert line[:: (len(line) - 1) // 2] == pytest.approx(far)
    steps = np.degrees(np.arccos(np.clip((line[1:] * line[:-1]).sum(1), -1, 1)))
    assert steps.max() < 6
    first = line[: len(line) // 2 + 1]
    assert first[:, 2] == pytest.approx(0, abs=1e-12)
