"""The energy landscape as a picture: colour by V, fine contour lines, transparent where no frame supports it."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array
from slap_studio.views.rgb import rgb
from slap_studio.views.theme import Theme

FINER = 4  # pixels per place of the grid
CONTOURS = 12


def landscape_picture(potential: Array, support: Array, theme: Theme) -> NDArray[np.uint8]:
    """RGBA picture [4·rows, 4·columns, 4] of V and its support [rows, columns].

    Low V glows in the colour of what is observed, as a valley that the path is drawn into; the ground shows
    where V is highest.
    """
    height = _finer(potential)
    cover = np.clip(_finer(support), 0, 1)
    inside = cover > 0.05
    low, high = (float(np.min(height[inside])), float(np.max(height[inside]))) if inside.any() else (0.0, 1.0)
    depth = 1 - np.clip((height - low) / max(high - low, 1e-6), 0, 1)
    glow, ground = _rgb(theme.observed), _rgb(theme.ground if theme.dark else theme.panel)
    strength = (0.42 if theme.dark else 0.55) * depth[..., None] ** 1.4
    colour = ground * (1 - strength) + glow * strength
    lines = _contours(depth * CONTOURS)[..., None] * (0.20 if theme.dark else 0.30)
    colour = colour * (1 - lines) + _rgb(theme.secondary) * lines
    picture = np.empty((*height.shape, 4), dtype=np.uint8)
    picture[..., :3] = colour
    picture[..., 3] = 255 * cover
    return picture


def _contours(levels: Array) -> Array:
    """Ink 0..1 of lines of even width at the whole numbers of a field."""
    slope = np.hypot(*np.gradient(levels))
    away = np.abs(levels - np.round(levels)) / np.maximum(slope, 1e-4)
    # Where the field is flat no line is drawn: it would fill the plain.
    ink: Array = np.clip(1.1 - away, 0, 1) * np.clip(slope / 0.01, 0, 1)
    return ink


def _finer(field: Array) -> Array:
    """Bilinear, at FINER times the places."""
    for axis in (0, 1):
        count = field.shape[axis]
        at = np.linspace(0, count - 1, FINER * count)
        low = np.minimum(at.astype(int), count - 2)
        share = at - low
        share = share[:, None] if axis == 0 else share[None, :]
        field = np.take(field, low, axis) * (1 - share) + np.take(field, low + 1, axis) * share
    return field


def _rgb(colour: str) -> Array:
    return np.round(255 * np.array(rgb(colour))).astype(np.float32)
