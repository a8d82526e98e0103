"""The energy landscape as a picture: colour by V, fine contour lines, transparent where no frame supports it."""

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array
from slap_studio.views.rgb import rgb
from slap_studio.views.theme import Theme

FINER = 4  # pixels per place of the grid
CONTOURS = 12
_SHADES, _INKS = 512, 64  # no colour is off by more than one of 255


def landscape_picture(potential: Array, support: Array, theme: Theme) -> NDArray[np.uint8]:
    """RGBA picture [4·rows, 4·columns, 4] of V and its support [rows, columns].

    Low V glows in the colour of what is observed, as a valley that the path is drawn into; the ground shows
    where V is highest.
    """
    height = _finer(potential.astype(np.float32))
    cover = np.clip(_finer(support.astype(np.float32)), 0, 1)
    inside = cover > 0.05
    low, high = (float(np.min(height[inside])), float(np.max(height[inside]))) if inside.any() else (0.0, 1.0)
    depth = 1 - np.clip((height - low) / max(high - low, 1e-6), 0, 1)
    shades = np.rint(depth * (_SHADES - 1)).astype(np.intp)
    inks = np.rint(_contours(depth * CONTOURS) * (_INKS - 1)).astype(np.intp)
    picture = np.empty((*height.shape, 4), dtype=np.uint8)
    # From a table: while every colour was worked out the window stood still.
    picture[..., :3] = np.take(_colours(theme), shades * _INKS + inks, axis=0)
    picture[..., 3] = 255 * cover
    return picture


def _colours(theme: Theme) -> NDArray[np.uint8]:
    """Colours [shades · inks, 3] for every depth 0..1 and, within it, every ink of a contour 0..1."""
    glow, ground = _rgb(theme.observed), _rgb(theme.ground if theme.dark else theme.panel)
    depth, ink = np.linspace(0, 1, _SHADES)[:, None, None], np.linspace(0, 1, _INKS)[None, :, None]
    strength = (0.42 if theme.dark else 0.55) * depth**1.4
    lines = ink * (0.20 if theme.dark else 0.30)
    colour = (ground * (1 - strength) + glow * strength) * (1 - lines) + _rgb(theme.secondary) * lines
    return colour.astype(np.uint8).reshape(-1, 3)


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
        share = (at - low).astype(field.dtype)
        share = share[:, None] if axis == 0 else share[None, :]
        field = np.take(field, low, axis) * (1 - share) + np.take(field, low + 1, axis) * share
    return field


def _rgb(colour: str) -> Array:
    return np.round(255 * np.array(rgb(colour))).astype(np.float32)
