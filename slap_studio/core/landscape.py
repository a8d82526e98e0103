"""The energy landscape over the map: V at latents interpolated between the frames near each place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slap_studio.core.projection import Map, shepard_weights
from slap_studio.core.types import Array

if TYPE_CHECKING:
    from scipy.spatial import KDTree

    from slap_studio.core.alignment import Alignment

COLUMNS, ROWS = 160, 120
MARGIN = 0.35  # beyond the frames, in units of the map's root mean square radius
NEIGHBOURS = 8
_SHORTEST_REACH, _FARTHEST_REACH = 0.15, 0.5


@dataclass(frozen=True, eq=False)
class Ground:
    """A grid over the map with a latent at every place that frames support; it knows no query yet.

    Attributes
    ----------
    left, right, bottom, top
        Extent on the map.
    latents
        Unit latents [ROWS, COLUMNS, d], interpolated between the frames near each place.
    support
        From 0 (no frame near: nothing is drawn) to 1 [ROWS, COLUMNS].
    """

    left: float
    right: float
    bottom: float
    top: float
    latents: Array
    support: Array

    def potential(self, alignment: "Alignment") -> Array:
        """V = −P [ROWS, COLUMNS] under an alignment for float32; where no frame supports a place it means nothing."""
        import torch

        with torch.inference_mode():
            potential: Array = -alignment.value(torch.from_numpy(self.latents)).numpy()
        return potential


def survey(picture: Map) -> Ground:
    """Lay the grid over a map. A place is supported within about twice the typical distance of two frames."""
    from scipy.spatial import KDTree

    low, high = picture.places.min(0) - MARGIN, picture.places.max(0) + MARGIN
    x = np.linspace(low[0], high[0], COLUMNS)
    y = np.linspace(low[1], high[1], ROWS)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    count = min(NEIGHBOURS + 1, len(picture.places))
    near, nearest = (found.reshape(len(grid), count) for found in KDTree(picture.places).query(grid, k=count))
    weights = shepard_weights(near).astype(np.float32) if count > 1 else np.ones((len(grid), 1), np.float32)
    mixed = np.zeros((len(grid), picture.latents.shape[1]), dtype=np.float32)
    for column in range(count):
        mixed += weights[:, column, None] * picture.latents[nearest[:, column]].astype(np.float32)
    length = np.linalg.norm(mixed, axis=1, keepdims=True)
    reach = _reach(KDTree(picture.places))
    support = np.clip(2 - near.min(1) / reach, 0, 1)
    return Ground(
        float(low[0]),
        float(high[0]),
        float(low[1]),
        float(high[1]),
        (mixed / np.maximum(length, 1e-6)).reshape(ROWS, COLUMNS, -1),
        (support * support * (3 - 2 * support)).reshape(ROWS, COLUMNS),
    )


def _reach(tree: "KDTree") -> float:
    """How far a frame supports the landscape around it: the 90th percentile of nearest distances, bounded."""
    if tree.n < 2:
        return _FARTHEST_REACH
    nearest = tree.query(tree.data, k=2)[0][:, 1]
    return float(np.clip(np.percentile(nearest, 90), _SHORTEST_REACH, _FARTHEST_REACH))
