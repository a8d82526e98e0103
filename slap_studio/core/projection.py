"""The map: a fixed picture of the clip's frames in the plane, and the place of any latent on it.

The map is fitted once per clip and frozen. A latent is placed by its neighbours in the original space, in
microseconds; `umap.transform` would run an optimisation whose answer depends on its batch.
"""

import warnings
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.ranking import lowest
from slap_studio.core.thinning import evenly
from slap_studio.core.types import Array

NEIGHBOURS = 8
FEWEST_FOR_UMAP = 8
MOST = 2000  # frames that a map is fitted on; of a longer clip so many, taken evenly


class MapKind(StrEnum):
    """How the frames came to their places."""

    PCA = "PCA"
    UMAP = "UMAP"


@dataclass(frozen=True, eq=False)
class Map:
    """Frames in the plane.

    Attributes
    ----------
    kind
        How it was fitted.
    latents
        Of the frames [M, d], unit length.
    places
        Of the frames [M, 2], centred, root mean square radius 1; frames with equal latents share one place.
    sample
        Which of the clip's frames these are, where it has more than a map is fitted on; None for all of them.
    """

    kind: MapKind
    latents: Array
    places: Array
    sample: NDArray[np.intp] | None = None

    def place(self, latents: Array) -> Array:
        """Places [..., 2] of unit latents [..., d].

        Modified Shepard weights over the nearest frames (Franke & Nielson 1980): ((R − r)/(R r))², r the
        chord to a frame and R that to the first frame left out. The place is continuous in the latent,
        since a frame's weight has fallen to zero when it leaves the neighbourhood, and a frame's own latent
        lands exactly on it.
        """
        nearest, weights = weights_of(latents.reshape(-1, latents.shape[-1]), self.latents)
        placed: Array = (weights[..., None] * self.places[nearest]).sum(1)
        return placed.reshape(*latents.shape[:-1], 2)


def weights_of(latents: Array, frames: Array) -> tuple[NDArray[np.intp], Array]:
    """Indices [B, k] of the frames [M, d] nearest to unit latents [B, d], and their weights [B, k], of sum one."""
    count = min(NEIGHBOURS, len(frames) - 1)
    if count < 1:
        return np.zeros((len(latents), 1), np.intp), np.ones((len(latents), 1))
    nearest = lowest(-(latents @ frames.T), count + 1)
    # From differences, not from the products: those lose half of their digits where latents nearly agree.
    apart = frames[nearest] - latents[:, None, :]
    # In one pass: a norm over an axis goes over all of them again and again, and takes a multiple of the time.
    chords = np.sqrt(np.einsum("bkd,bkd->bk", apart, apart)).astype(np.float64)
    return nearest, shepard_weights(chords)


def shepard_weights(distances: Array) -> Array:
    """Normalised modified Shepard weights [B, k] of distances [B, k], the largest of which is the radius R."""
    radius = distances.max(1, keepdims=True)
    # Far below the distance of two distinct float32 latents, and far above rounding: where a distance is
    # this small the weight of its frame is all there is.
    closeness = np.maximum(distances, 1e-7 * np.maximum(radius, 1e-30))
    # The last term only matters where all distances are equal: then all weigh the same.
    falling = (radius - distances) / np.maximum(radius, 1e-30) + 1e-9
    weights: Array = (falling / closeness) ** 2
    weights /= weights.sum(1, keepdims=True)
    return weights


def sampled(latents: Array) -> tuple[Array, NDArray[np.intp] | None]:
    """The latents that a picture is fitted on, and which of all they are, where they are not all."""
    if len(latents) <= MOST:
        return latents, None
    sample = evenly(len(latents), MOST)
    return latents[sample], sample


def fit_pca(latents: Array) -> Map:
    """The stand-in: the two principal components of the frames' latents [M, d]."""
    latents, sample = sampled(latents)
    return Map(MapKind.PCA, latents, _normalised(principal(latents, 2)), sample)


def principal(latents: Array, count: int) -> Array:
    """The first principal components [M, count] of latents [M, d]; zeros where there are fewer."""
    centred = latents - latents.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    found = np.zeros((len(latents), count))
    for column, axis in enumerate(axes[:count]):
        # A principal axis has no sign of its own: let its largest entry be positive.
        found[:, column] = centred @ axis * np.sign(axis[np.abs(axis).argmax()])
    return found


def fit_umap(latents: Array, seed: int = 0) -> Map:
    """The planar UMAP of the frames' latents [M, d], turned to lie on the PCA map as well as it can.

    Fewer than eight distinct frames have no neighbourhoods to speak of: for them PCA is the map.
    """
    latents, sample = sampled(latents)
    distinct, back = np.unique(latents, axis=0, return_inverse=True)
    stand_in = replace(fit_pca(latents), sample=sample)
    if len(distinct) < FEWEST_FOR_UMAP:
        return stand_in
    places = _normalised(np.asarray(embedded(distinct, seed), dtype=np.float64)[back.reshape(-1)])
    return Map(MapKind.UMAP, latents, _turned_to(places, stand_in.places), sample)


def embedded(distinct: Array, seed: int, output_metric: str = "euclidean") -> Array:
    """UMAP of distinct latents [M, d] in two numbers each [M, 2]: places in the plane, or angles on the sphere."""
    with warnings.catch_warnings():
        # That one of its models needs Tensorflow, and that a seed means one thread, is nothing to worry about.
        warnings.filterwarnings("ignore", message="Tensorflow not installed")
        warnings.filterwarnings("ignore", message="n_jobs value")
        # Imported here: it compiles for seconds.
        import umap

        found: Array = umap.UMAP(
            n_neighbors=min(15, len(distinct) - 1),
            min_dist=0.15,
            metric="cosine",
            output_metric=output_metric,
            random_state=seed,
            n_jobs=1,
        ).fit_transform(distinct)
    return found


def _normalised(places: Array) -> Array:
    centred = places - places.mean(0)
    radius = np.sqrt((centred**2).sum(1).mean())
    normalised: Array = centred / radius if radius > 0 else centred
    return normalised


def _turned_to(places: Array, target: Array) -> Array:
    """Rotate or mirror places [M, 2] onto a target of the same size (orthogonal Procrustes)."""
    left, _, right = np.linalg.svd(places.T @ target)
    turned: Array = places @ (left @ right)
    return turned
