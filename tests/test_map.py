import numpy as np
import pytest
import torch

from slap_studio.core import landscape
from slap_studio.core.alignment import Cosine
from slap_studio.core.projection import Map, MapKind, fit_pca, fit_umap


@pytest.fixture
def frames(generator) -> np.ndarray:
    """Latents [60, 16] along a closed curve with some noise, float32."""
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    latents = np.concatenate(
        [np.stack([np.cos(t), np.sin(t), np.cos(2 * t)], 1), 0.05 * generator.normal(size=(60, 13))], 1
    )
    return (latents / np.linalg.norm(latents, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def fitted() -> Map:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    latents = np.stack([np.cos(t), np.sin(t), 0.3 * np.cos(2 * t), 0.2 * np.sin(3 * t)], 1).astype(np.float32)
    return fit_umap(latents / np.linalg.norm(latents, axis=1, keepdims=True))


def test_pca_spans_the_two_directions_of_largest_variance(frames) -> None:
    found = fit_pca(frames)
    assert found.kind is MapKind.PCA
    values = np.linalg.eigvalsh(np.cov(frames.T.astype(float)))[::-1]
    spread = found.places.var(0, ddof=1)
    assert spread[0] / spread[1] == pytest.approx(values[0] / values[1], rel=1e-3)
    assert found.places.mean(0) == pytest.approx([0, 0], abs=1e-6)
    assert (found.places**2).sum(1).mean() == pytest.approx(1)


def test_umap_is_the_same_for_the_same_seed_and_keeps_neighbours(fitted: Map) -> None:
    again = fit_umap(fitted.latents)
    assert fitted.kind is MapKind.UMAP
    assert np.array_equal(fitted.places, again.places)
    distances = np.linalg.norm(fitted.places[:, None] - fitted.places[None], axis=-1)
    nearest = distances.argsort(1)[:, 1:3]
    steps = np.abs(nearest - np.arange(60)[:, None])
    assert (np.minimum(steps, 60 - steps) <= 3).mean() > 0.9


def test_frames_with_equal_latents_share_one_place(fitted: Map) -> None:
    twice = np.concatenate([fitted.latents, fitted.latents[:5]])
    found = fit_umap(twice)
    assert np.array_equal(found.places[:5], found.places[60:])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_frames_are_laid_out_by_pca(frames, count: int) -> None:
    found = fit_umap(frames[:count])
    assert found.kind is MapKind.PCA
    assert found.places.shape == (count, 2)
    assert np.isfinite(found.place(frames[:3])).all()


def test_an_observed_frame_lands_exactly_on_its_own_point(fitted: Map) -> None:
    assert fitted.place(fitted.latents) == pytest.approx(fitted.places, abs=1e-9)


def test_the_place_is_continuous_in_the_latent(fitted: Map, generator) -> None:
    """Halving the step along a path that crosses many neighbourhoods halves the largest jump on the map."""
    ends = generator.normal(size=(2, 4))
    jumps = []
    for count in (400, 800, 1600):
        share = np.linspace(0, 1, count)[:, None]
        path = (1 - share) * ends[0] + share * ends[1]
        path = (path / np.linalg.norm(path, axis=1, keepdims=True)).astype(np.float64)
        jumps.append(np.linalg.norm(np.diff(fitted.place(path), axis=0), axis=1).max())
    assert jumps[1] < 0.65 * jumps[0]
    assert jumps[2] < 0.65 * jumps[1]


def test_a_place_does_not_depend_on_its_batch(fitted: Map, unit_vectors) -> None:
    latents = unit_vectors(20, 4)
    together = fitted.place(latents)
    alone = np.stack([fitted.place(latent[None])[0] for latent in latents])
    assert together == pytest.approx(alone, abs=1e-12)


def test_a_ground_holds_far_less_than_a_latent_for_every_place(unit_vectors) -> None:
    ground = landscape.survey(fit_pca(unit_vectors(100, 256)))
    held = ground.near.nbytes + ground.weights.nbytes + ground.support.nbytes + ground.reference.nbytes
    latents = np.concatenate([ground.latents(row) for row in range(landscape.ROWS)])
    assert latents.shape == (landscape.ROWS * landscape.COLUMNS, 256)
    assert np.allclose(np.linalg.norm(latents, axis=1), 1, atol=1e-5)
    assert held < latents.nbytes / 8


def test_the_landscape_is_v_at_a_frame_and_nothing_where_no_frame_is(frames, unit_vectors) -> None:
    picture = fit_pca(frames)
    ground = landscape.survey(picture)
    query = unit_vectors(16)
    potential = ground.potential(Cosine(torch.tensor(query, dtype=torch.float32)))
    assert potential.shape == ground.support.shape == (landscape.ROWS, landscape.COLUMNS)
    x = np.linspace(ground.left, ground.right, landscape.COLUMNS)
    y = np.linspace(ground.bottom, ground.top, landscape.ROWS)
    for place, latent in zip(picture.places[::7], frames[::7], strict=True):
        row, column = np.abs(y - place[1]).argmin(), np.abs(x - place[0]).argmin()
        assert ground.support[row, column] == 1
        assert potential[row, column] == pytest.approx(1 - latent @ query, abs=0.05)
    grid = np.stack(np.meshgrid(x, y), -1)
    nearest = np.linalg.norm(grid[:, :, None] - picture.places, axis=-1).min(-1)
    assert (ground.support[nearest > 1.0] == 0).all()
    assert ground.support[0, 0] == 0


def test_a_landscape_of_one_or_two_frames_is_finite(frames) -> None:
    for count in (1, 2):
        ground = landscape.survey(fit_pca(frames[:count]))
        assert np.isfinite(ground.potential(Cosine(torch.tensor(frames[0], dtype=torch.float32)))).all()
