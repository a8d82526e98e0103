"""Surfaces in space on which latents are shown: a ball, a ball in relief, and the landscape as a hilly country."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.landscape import Ground
from slap_studio.core.surface import Surface
from slap_studio.core.types import Array

ROWS, COLUMNS = 61, 121  # of a ball: three degrees each
DEEPEST, HIGHEST = 0.5, 1.05  # radius of a ball in relief, where V is lowest and where it is highest
RISE = 0.9  # height of the country where V is highest, in units of the map's root mean square radius


def directions() -> Array:
    """Unit vectors [ROWS, COLUMNS, 3] of a ball's vertices, from pole to pole and once around."""
    down = np.linspace(0, np.pi, ROWS)[:, None]
    around = np.linspace(0, 2 * np.pi, COLUMNS)[None, :]
    return np.stack(
        [np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down) * np.ones_like(around)], axis=-1
    )


def ball(potential: Array | None = None, radius: Array | None = None) -> Surface:
    """The unit ball, or one of another radius in every direction; V and radius as `directions` lists them."""
    outwards = directions()
    grid = outwards if radius is None else outwards * radius[..., None]
    normals = outwards if radius is None else _normals(grid, outwards)
    return Surface(
        _flat(grid), _flat(normals), _faces(ROWS, COLUMNS),
        None if potential is None else np.asarray(potential, np.float32).reshape(-1),
        np.ones(ROWS * COLUMNS, np.float32), closed=True,
    )  # fmt: skip


def heights(potential: Array, low: float, high: float) -> Array:
    """V as a share of its way from its lowest value to its highest."""
    share: Array = (np.asarray(potential, np.float64) - low) / max(high - low, 1e-9)
    return share


def radius_of(share: Array) -> Array:
    """Radius of a ball in relief for heights."""
    return DEEPEST + (HIGHEST - DEEPEST) * share


def country(ground: Ground, potential: Array) -> Surface:
    """The landscape over the map [rows, columns], as high as V is; what no frame supports is left out."""
    x, y = (
        np.linspace(low, high, count)
        for low, high, count in (
            (ground.left, ground.right, potential.shape[1]), (ground.bottom, ground.top, potential.shape[0])
        )
    )  # fmt: skip
    grid = np.stack([*np.meshgrid(x, y), risen(ground, potential)], axis=-1)
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), grid.shape)
    return Surface(
        _flat(grid), _flat(_normals(grid, up)), _faces(*potential.shape), potential.astype(np.float32).reshape(-1),
        ground.support.astype(np.float32).reshape(-1), closed=False,
    )  # fmt: skip


def risen(ground: Ground, potential: Array) -> Array:
    """Heights [rows, columns] of the country: 0 to RISE where frames support it, and within these bounds elsewhere."""
    inside = ground.support > 0.05
    if not inside.any():
        return np.zeros_like(potential)
    low, high = float(potential[inside].min()), float(potential[inside].max())
    return RISE * np.clip(heights(potential, low, high), 0, 1)


def height_at(ground: Ground, risen_grid: Array, places: Array) -> Array:
    """Height [...] of the country under places [..., 2] of the map, between its vertices bilinear."""
    rows, columns = risen_grid.shape
    x = np.clip((places[..., 0] - ground.left) / max(ground.right - ground.left, 1e-9), 0, 1) * (columns - 1)
    y = np.clip((places[..., 1] - ground.bottom) / max(ground.top - ground.bottom, 1e-9), 0, 1) * (rows - 1)
    column, row = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
    x, y = x - column, y - row
    below = risen_grid[row, column] * (1 - x) + risen_grid[row, column + 1] * x
    above = risen_grid[row + 1, column] * (1 - x) + risen_grid[row + 1, column + 1] * x
    found: Array = below * (1 - y) + above * y
    return found


def _normals(grid: Array, towards: Array) -> Array:
    """Unit normals of a grid of points [rows, columns, 3] on the side of a direction; that itself where it is flat."""
    normals = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1))
    normals *= np.sign((normals * towards).sum(-1, keepdims=True))
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    unit: Array = np.where(length > 1e-12, normals / np.maximum(length, 1e-12), towards)
    return unit


def _faces(rows: int, columns: int) -> NDArray[np.uint32]:
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).reshape(-1)
    one = np.stack([corner, corner + columns, corner + 1], axis=1)
    other = np.stack([corner + 1, corner + columns, corner + columns + 1], axis=1)
    return np.concatenate([one, other]).astype(np.uint32)


def _flat(grid: Array) -> NDArray[np.float32]:
    return np.ascontiguousarray(grid.reshape(-1, 3), dtype=np.float32)
