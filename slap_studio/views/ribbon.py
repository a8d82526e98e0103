"""Lines with width as triangles: OpenGL's own lines are one pixel wide on many machines."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array


def ribbon(points: Array, width: float) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Mesh of a line [P ≥ 2, 2] of a width in the same units: vertices [2P, 2] and faces [2P − 2, 3].

    Vertices lie in turn left and right of the line. Corners are mitred, at most twice the width long.
    """
    points = points[moving(points)].astype(np.float64)
    if len(points) < 2:
        return np.zeros((0, 2), np.float32), np.zeros((0, 3), np.uint32)
    along = np.diff(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal = np.concatenate([across[:1], across[:-1] + across[1:], across[-1:]])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    # Where the line turns back on itself the two sides cancel; keep one of them.
    flat = length[:, 0] < 1e-6
    normal[flat] = np.concatenate([across, across[-1:]])[flat]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    sides = np.concatenate([across[:1], across])
    mitre = np.clip(1 / np.maximum((normal * sides).sum(1), 0.5), 1, 2)
    offset = normal * (width / 2 * mitre)[:, None]
    vertices = np.empty((2 * len(points), 2), np.float32)
    vertices[0::2], vertices[1::2] = points + offset, points - offset
    first = 2 * np.arange(len(points) - 1, dtype=np.uint32)
    faces = np.concatenate([np.stack([first, first + 1, first + 2], 1), np.stack([first + 1, first + 3, first + 2], 1)])
    return vertices, faces


def smooth(points: Array, between: int = 6) -> Array:
    """Centripetal Catmull–Rom curve through every point [P, 2], so many points to each interval; it never loops."""
    if len(points) < 3:
        return points
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    gaps = np.maximum(np.linalg.norm(np.diff(padded, axis=0), axis=1) ** 0.5, 1e-6)
    share = np.arange(between) / between
    p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    d0, d1, d2 = gaps[:-2, None], gaps[1:-1, None], gaps[2:, None]
    leaving = d1 * ((p1 - p0) / d0 - (p2 - p0) / (d0 + d1)) + (p2 - p1)
    arriving = (p2 - p1) + d1 * ((p3 - p2) / d2 - (p3 - p1) / (d1 + d2))
    t = share[None, :, None]
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * p1[:, None]
        + (t**3 - 2 * t**2 + t) * leaving[:, None]
        + (-2 * t**3 + 3 * t**2) * p2[:, None]
        + (t**3 - t**2) * arriving[:, None]
    )
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def moving(points: Array) -> NDArray[np.bool_]:
    """Which points [P] of a line do not repeat the one before: those that its ribbon has corners at."""
    moved = np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-9
    return np.concatenate([np.ones(min(len(points), 1), bool), moved])
