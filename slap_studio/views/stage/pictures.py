"""What the stage is given to draw, as frozen values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array
from slap_studio.session.look import Colouring

# Of other methods, on the stage and in the drift curves: each is told by its dashes.
DASHES: tuple[tuple[float, float], ...] = ((7, 4), (2, 3), (10, 3), (5, 7), (3, 2), (12, 7))


@dataclass(frozen=True, eq=False)
class MapPicture:
    """What does not move while sliders are dragged.

    Attributes
    ----------
    places, indices
        Of the observed frames [C, 2 or 3], and which frames of the clip they are [C].
    extent
        Of the map: left, right, bottom, top.
    """

    places: Array
    indices: NDArray[np.intp]
    extent: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The landscape's extent (left, right, bottom, top), V and support [rows, columns]."""

    extent: tuple[float, float, float, float]
    potential: Array
    support: Array


@dataclass(frozen=True, eq=False)
class PathPicture:
    """Places [.., 2] on the map, or [.., 3] in space.

    Attributes
    ----------
    path, query
        Of the latents of the path [N + 2], and of the query.
    line, geodesic, ghosts
        Lines through the path, through SLERP, and through a few earlier iterates.
    alarming
        Which hidden latents are triangles [N].
    fidelity
        0 to 1: the larger a hidden latent's ring, the more of its neighbours in the picture are its neighbours in
        truth [N].
    colouring, shares
        What the line's colours tell, and how far up its scale each latent of the path stands, 0 to 1 [N + 2].
    """

    path: Array
    line: Array
    geodesic: Array
    ghosts: tuple[Array, ...]
    query: Array
    alarming: NDArray[np.bool_]
    fidelity: Array
    colouring: Colouring
    shares: Array

    @property
    def sizes(self) -> Array:
        """Pixels of the hidden latents' marks [N]."""
        return np.where(self.alarming, 11.0, 5.5 + 3.5 * self.fidelity)

    def shares_along(self, points: int) -> Array:
        """How far up its scale every point of a line stands that has as many points between every two latents."""
        return np.interp(np.linspace(0, len(self.shares) - 1, points), np.arange(len(self.shares)), self.shares)


@dataclass(frozen=True)
class PinStyle:
    """How a pinned path is told from the other: its dashes in pixels, and its marker."""

    dash: tuple[float, float]
    marker: str


PIN_STYLES = (PinStyle((9, 4), "square"), PinStyle((3, 3), "x"))


@dataclass(frozen=True, eq=False)
class FurtherPath:
    """Places on the map [N + 2, 2]; of a pinned path its style, of another gap's path none."""

    places: Array
    style: PinStyle | None = None
