"""The energy landscape over the map: V at latents interpolated between the frames near each place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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
    reference
        Latents [M, d] of the map's frames.
    near, weights
        Of every place, row by row: the frames near it and how much each of them counts [ROWS · COLUMNS, k].
    support
        From 0 (no frame near: nothing is drawn) to 1 [ROWS, COLUMNS].
    """

    left: float
    right: float
    bottom: float
    top: float
    reference: Array
    near: NDArray[np.int32]
    weights: NDArray[np.float32]
    support: Array

    def potential(self, alignment: "Alignment") -> Array:
        """V = −P [ROWS, COLUMNS] under an alignment for float32; where no frame supports a place it means nothing."""
        import torch

        with torch.inference_mode():
            parts = [alignment.value(torch.from_numpy(self.latents(row))) for row in range(ROWS)]
        return -torch.stack(parts).numpy()

    def latents(self, row: int) -> Array:
        """Unit latents [COLUMNS, d] of a row of places, interpolated between the frames near each.

        Those of all places would take 20 MB at d = 256 for every map that somebody still holds.
        """
        places = slice(row * COLUMNS, (row + 1) * COLUMNS)
        near = self.reference[self.near[places]].astype(np.float32)
        mixed = np.einsum("pk,pkd->pd", self.weights[places], near)
        unit: Array = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6)
        return unit


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
    reach = _reach(KDTree(picture.places))
    support = np.clip(2 - near.min(1) / reach, 0, 1)
    return Ground(
        float(low[0]),
        float(high[0]),
        float(low[1]),
        float(high[1]),
        picture.latents,
        nearest.astype(np.int32),
        weights,
        (support * support * (3 - 2 * support)).reshape(ROWS, COLUMNS),
    )


def _reach(tree: "KDTree") -> float:
    """How far a frame supports the landscape around it: the 90th percentile of nearest distances, bounded."""
    if tree.n < 2:
        return _FARTHEST_REACH
    nearest = tree.query(tree.data, k=2)[0][:, 1]
    return float(np.clip(np.percentile(nearest, 90), _SHORTEST_REACH, _FARTHEST_REACH))
