"""The globe: the clip's frames on a sphere one can turn in the hand, and the place of any latent on it.

Fitted once per clip and frozen, as the map; a latent is placed by the same weights of its nearest frames.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.projection import FEWEST_FOR_UMAP, MapKind, embedded, principal, sampled, weights_of
from slap_studio.core.types import Array

_SHORT = 1e-6  # of a mean of unit vectors: below it they point everywhere


@dataclass(frozen=True, eq=False)
class Globe:
    """Frames on the unit sphere in space.

    Attributes
    ----------
    kind
        How it was fitted.
    latents
        Of the frames [M, d], unit length.
    places
        Of the frames [M, 3], unit length; frames with equal latents share one place.
    sample
        Which of the clip's frames these are, where it has more than a globe is fitted on; None for all of them.
    """

    kind: MapKind
    latents: Array
    places: Array
    sample: NDArray[np.intp] | None = None

    def place(self, latents: Array) -> Array:
        """Places [..., 3] of unit latents [..., d]: the weighted mean of frames as on the map, back on the sphere.

        Where frames on opposite sides cancel, the nearest of them is the place.
        """
        nearest, weights = weights_of(latents.reshape(-1, latents.shape[-1]), self.latents)
        mean = (weights[..., None] * self.places[nearest]).sum(1)
        length = np.linalg.norm(mean, axis=1, keepdims=True)
        heaviest = self.places[np.take_along_axis(nearest, weights.argmax(1)[:, None], axis=1)[:, 0]]
        placed = np.where(length > _SHORT, mean / np.maximum(length, _SHORT), heaviest)
        return placed.reshape(*latents.shape[:-1], 3)


def fit_pca_globe(latents: Array) -> Globe:
    """The stand-in: the three principal components of the frames' latents [M, d], scaled to the sphere."""
    latents, sample = sampled(latents)
    return Globe(MapKind.PCA, latents, _scaled(principal(latents, 3)), sample)


def fit_globe(latents: Array, seed: int = 0) -> Globe:
    """UMAP on the sphere of the frames' latents [M, d], turned to lie on the stand-in as well as it can.

    Fewer than eight distinct frames have no neighbourhoods to speak of: for them PCA is the globe.
    """
    latents, sample = sampled(latents)
    distinct, back = np.unique(latents, axis=0, return_inverse=True)
    stand_in = replace(fit_pca_globe(latents), sample=sample)
    if len(distinct) < FEWEST_FOR_UMAP:
        return stand_in
    # Angles without bounds: UMAP walks over the pole and round the back as if they were a plane's.
    down, around = np.asarray(embedded(distinct, seed, output_metric="haversine"), dtype=np.float64).T
    places = np.stack([np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down)], axis=1)
    places = places[back.reshape(-1)]
    left, _, right = np.linalg.svd(places.T @ stand_in.places)
    return Globe(MapKind.UMAP, latents, _scaled(places @ (left @ right)), sample)


def _scaled(places: Array) -> Array:
    length = np.linalg.norm(places, axis=1, keepdims=True)
    front = np.array([1.0, 0.0, 0.0])
    scaled: Array = np.where(length > _SHORT, places / np.maximum(length, _SHORT), front)
    return scaled
