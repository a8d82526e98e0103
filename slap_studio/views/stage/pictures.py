"""What the stage is given to draw, as frozen values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array

# Of other methods, on the stage and in the drift curves: each is told by its dashes.
DASHES: tuple[tuple[float, float], ...] = ((7, 4), (2, 3), (10, 3), (5, 7), (3, 2), (12, 7))


@dataclass(frozen=True, eq=False)
class MapPicture:
    """What does not move while sliders are dragged: places of the observed frames [C, 2] and their indices [C]."""

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
    """Places on the map: the path [N + 2, 2], the geodesic [N + 2, 2], a few earlier iterates, the query [2].

    The hidden latents that are alarming [N] are triangles.
    """

    path: Array
    geodesic: Array
    ghosts: tuple[Array, ...]
    query: Array
    alarming: NDArray[np.bool_]


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
