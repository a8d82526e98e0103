"""Pieces that backdrops are made of: sky, clouds, ridges, ground, trees and houses, all muted.

Many equal pieces are drawn by few fills: an encoder's training draws a hundred thousand small pictures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from slap_studio.tunnel.paint import (
    Canvas,
    Colour,
    Linear,
    Points,
    Radial,
    arc,
    copies,
    darker,
    lighter,
    mix,
    rectangles,
)
from slap_studio.tunnel.world import ASPECT, Scene

Numbers = NDArray[np.float64]

SKIES: Mapping[str, tuple[Colour, Colour, Colour]] = MappingProxyType(
    {
        "morning": ((136, 164, 192), (192, 203, 210), (236, 224, 208)),
        "noon": ((116, 156, 194), (164, 193, 214), (214, 227, 232)),
        "evening": ((108, 118, 152), (172, 156, 168), (228, 200, 176)),
        "overcast": ((158, 167, 176), (184, 191, 196), (208, 212, 212)),
    }
)
_CLOUDS_APART: Mapping[str, float] = MappingProxyType({"morning": 0.6, "noon": 0.55, "evening": 0.6, "overcast": 0.32})
_CONIFER = np.array(
    [(0.24, 0.08), (0.12, 0.42), (0.19, 0.40), (0.08, 0.72), (0.13, 0.70), (0.0, 1.0)]
)  # half width and height above the ground, up its right side, for a tree of height 1
TUFT = np.array(
    [
        (-0.012, 0.0),
        (-0.010, -0.013),
        (-0.005, -0.003),
        (0.0, -0.019),
        (0.004, -0.003),
        (0.010, -0.012),
        (0.012, 0.0),
    ]
)
"""Outline of a tuft of grass."""

_FIVE = np.arange(5)
_CLOUD = np.linspace(-1.0, 1.0, 33)  # places along a cloud
_PUFF_GAPS = (_CLOUD - np.linspace(-0.75, 0.75, 5)[:, None]) ** 2  # squared, to the middle of each puff
_TAPER = np.sqrt(1.0 - _CLOUD * _CLOUD)
_RIDGE = np.linspace(0.0, 1.0, 64)  # places along a ridge


@dataclass(frozen=True)
class View:
    """What a backdrop is drawn with: the canvas, the scene, its dice, and how far the camera has moved."""

    canvas: Canvas
    scene: Scene
    dice: np.random.Generator
    drift: tuple[float, float]

    @property
    def horizon(self) -> float:
        """y where the backdrop meets the ground."""
        return self.scene.setting.horizon

    @property
    def haze(self) -> Colour:
        """Colour of the sky at the horizon, into which far things fade."""
        return SKIES[self.scene.light.time_of_day][-1]

    def layer(self, depth: float) -> Canvas:
        """Canvas of a layer that follows the camera by `depth`, 0 (infinitely far) to 1 (the track)."""
        return self.canvas.at(-self.drift[0] * depth, -self.drift[1] * (0.5 + 0.5 * depth))

    def uniform(self, low: float, high: float) -> float:
        """One number between two."""
        return float(self.dice.uniform(low, high))

    def choose(self, colours: tuple[Colour, ...]) -> Colour:
        """One of some colours."""
        return colours[int(self.dice.integers(len(colours)))]

    def places(self, depth: float, spacing: float, columns: int = 0, jitter: float = 0.35) -> tuple[Numbers, Numbers]:
        """Scatter x places about `spacing` apart over all that a layer may ever show.

        Returns those in the picture now, [k], and some numbers of 0..1 that stay with each, [columns, k].
        """
        reach = 1.1 * depth + 0.3
        grid = np.arange(-reach, ASPECT + reach, spacing)
        numbers = self.dice.random((columns + 1, grid.size))
        x = grid + (2.0 * numbers[0] - 1.0) * jitter * spacing
        left, right = self.layer(depth).span()
        seen = (x > left - 0.25) & (x < right + 0.25)
        return x[seen], numbers[1:, seen]


def ridge(view: View, canvas: Canvas, base: float, rise: float, waves: float, jagged: float = 0.0) -> Points:
    """Outline of hills (or, `jagged` up to 1, mountains) that rise from `base` to about `rise`, [n, 2]."""
    left, right = canvas.span()
    x = left - 0.05 + (right - left + 0.1) * _RIDGE
    phases = view.dice.random((5, 1)) * 2 * np.pi
    octaves = _FIVE[:, None]
    angle = x * (waves * 1.7**octaves) + phases
    height = 0.5 + 0.5 * np.sin(angle)
    if jagged:
        height += jagged * (1.0 - np.abs(np.mod(angle / np.pi, 2.0) - 1.0) - height)
    outline = np.empty((66, 2))
    outline[:64, 0] = x
    outline[:64, 1] = base - 0.5 * rise * (height * 0.55**octaves).sum(axis=0)
    outline[64:] = (right + 0.05, base + 0.02), (left - 0.05, base + 0.02)
    return outline


def sky(view: View) -> None:
    """Draw the sky down to the horizon, the sun's glow, and clouds."""
    colours = SKIES[view.scene.light.time_of_day]
    view.canvas.wash(-0.02, view.horizon + 0.03, colours)
    sun, radius = (view.uniform(0.1, ASPECT - 0.1), view.uniform(0.04, 0.2)), view.uniform(0.25, 0.4)
    glow = lighter(colours[-1], 0.6)
    view.canvas.fill(arc(sun, (radius, radius)), Radial(sun, (radius, radius), (glow,), (0.75, 0.25, 0.0)))
    places, numbers = view.places(0.15, _CLOUDS_APART[view.scene.light.time_of_day], 2)
    canvas, white = view.layer(0.15), lighter(view.haze, 0.65)
    puffs = view.dice.uniform(0.25, 0.5, 5)
    for x, (height, breadth) in zip(places, numbers.T, strict=True):
        half, y = 0.09 + 0.11 * breadth, 0.06 + (0.62 * view.horizon - 0.06) * height
        outline = _cloud(puffs[(_FIVE + int(10 * breadth)) % 5]) * half + (x, y)
        fade = Linear((x, y - 0.5 * half), (x, y + 0.02), (white, white, view.haze), (0.85, 0.75, 0.15))
        canvas.fill(outline, fade)


def _cloud(puffs: Numbers) -> Points:
    """Outline of a cloud of five puffs, from −1 to 1, its foot at 0."""
    tops = np.sqrt(np.maximum(puffs[:, None] ** 2 - _PUFF_GAPS, 0.0).max(axis=0))
    outline = np.empty((2 * _CLOUD.size, 2))
    outline[: _CLOUD.size, 0], outline[_CLOUD.size :, 0] = _CLOUD, _CLOUD[::-1]
    outline[: _CLOUD.size, 1], outline[_CLOUD.size :, 1] = -tops * (0.4 + 0.6 * _TAPER), 0.06 * _TAPER
    return outline


def ground(view: View, far: Colour, near: Colour, specks: Colour | None = None) -> None:
    """Draw the ground from the horizon to the bottom, with blades or stones on it."""
    canvas, horizon = view.layer(1.0), view.horizon
    canvas.wash(horizon, 1.05, (far, mix(far, near, 0.7), near))
    if specks is None:
        return
    place = view.dice.random((3, 48))
    y = horizon + 0.02 + (1.0 - horizon) * place[1] ** 1.3
    size = (0.35 + (y - horizon) / (1.0 - horizon)) * (0.6 + 0.8 * place[2])
    x = -1.2 + (ASPECT + 2.4) * place[0]
    left, right = canvas.span()
    seen = (x > left) & (x < right)
    tufts = copies(TUFT, x[seen], y[seen], size[seen])
    half = len(tufts) // 2
    canvas.fill(tufts[:half], mix(near, specks, 0.45))
    canvas.fill(tufts[half:], lighter(near, 0.14))


def round_trees(canvas: Canvas, x: Numbers, base: Numbers, height: Numbers, leaf: Colour) -> None:
    """Draw broad-leaved trees that stand on `base`, far enough apart not to touch."""
    if not x.size:
        return
    trunk = 0.045 * height
    canvas.fill(rectangles(x - trunk, base - 0.45 * height, x + trunk, base), darker((118, 104, 90), 0.1))
    disc = arc((0.0, 0.0), (0.31, 0.36), count=20)
    shades = ((1.0, 0.0, darker(leaf, 0.2)), (0.78, 0.05, leaf), (0.42, 0.11, lighter(leaf, 0.16)))
    for share, lift, tone in shades:
        canvas.fill(copies(disc, x - 0.5 * lift * height, base - (0.64 + lift) * height, share * height), tone)


def conifers(canvas: Canvas, x: Numbers, base: float, height: Numbers, leaf: Colour) -> None:
    """Draw conifers that stand on `base`; each may touch its neighbours but not theirs."""
    trunk = 0.03 * height
    canvas.fill(rectangles(x - trunk, base - 0.1 * height, x + trunk, base), (104, 94, 84))
    right, up = _CONIFER[:, 0], _CONIFER[:, 1]
    whole = np.stack([np.concatenate([right, -right[::-1]]), np.concatenate([-up, -up[::-1]])], -1)
    shaded = np.concatenate([np.stack([right, -up], -1), [[0.0, -0.08]]])
    for part in (slice(0, None, 2), slice(1, None, 2)):
        if x[part].size:
            canvas.fill(copies(whole, x[part], base, height[part]), leaf)
            canvas.fill(copies(shaded, x[part], base, height[part]), darker(leaf, 0.14))


def skyline(view: View, depth: float, height: float, spacing: float, tone: Colour) -> None:
    """Draw a row of far buildings as one silhouette."""
    x, (share,) = view.places(depth, spacing, 1, jitter=0.0)
    if not x.size:
        return
    tops = view.horizon - height * (0.35 + 0.65 * share)
    outline = np.empty((2 * x.size + 2, 2))
    outline[:-2:2, 0], outline[1:-2:2, 0] = x - 0.5 * spacing, x + 0.5 * spacing
    outline[:-2:2, 1] = outline[1:-2:2, 1] = tops
    outline[-2:] = (x[-1] + 0.5 * spacing, view.horizon + 0.02), (x[0] - 0.5 * spacing, view.horizon + 0.02)
    view.layer(depth).fill(outline, tone)


def houses(view: View, depth: float, walls: tuple[Colour, ...]) -> None:
    """Draw a street of small houses that stand apart."""
    canvas = view.layer(depth)
    x, (breadth, tall, steep, tint) = view.places(depth, 0.26, 4, jitter=0.1)
    half, tall, rise = 0.07 + 0.025 * breadth, 0.1 + 0.07 * tall, 0.04 + 0.035 * steep
    base = view.horizon + 0.035
    eaves = base - tall
    for box, share in zip(rectangles(x - half, eaves, x + half, base), tint, strict=True):
        canvas.fill(box, walls[int(share * len(walls))])
    canvas.fill(rectangles(x + 0.55 * half, eaves, x + half, base), (90, 86, 92), 0.22)
    roofs = np.empty((x.size, 4, 2))
    roofs[:, (0, 1), 1] = eaves[:, None]
    roofs[:, (2, 3), 1] = (eaves - rise)[:, None]
    roofs[..., 0] = x[:, None] + half[:, None] * (-1.14, 1.14, 0.62, -0.62)
    canvas.fill(roofs, (128, 114, 110))
    columns = x[:, None] + half[:, None] * (-0.55, 0.0, 0.55)
    rows = (eaves[:, None] + tall[:, None] * (0.2, 0.6))[:, :, None]
    panes = rectangles(columns[:, None] - 0.014, rows, columns[:, None] + 0.014, rows + 0.03)
    canvas.fill(panes, (110, 121, 132))
