"""What hides the thing: a brick tunnel, a hill, or a row of pillars.

Each is drawn in two parts: what lies behind the thing (`draw_behind`) and what lies in front of it
(`draw_before`). On a canvas of one channel the second draws what hides. The canvas's origin is the
world's: y = 0 is the top of the picture.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from slap_studio.tunnel.paint import (
    Canvas,
    Colour,
    Linear,
    Points,
    arc,
    copies,
    darker,
    lighter,
    mix,
    rectangle,
    rectangles,
)
from slap_studio.tunnel.scenery import TUFT
from slap_studio.tunnel.world import Cover, Scene

TONES: tuple[Colour, ...] = (
    (146, 116, 103),
    (134, 130, 126),
    (112, 120, 130),
    (168, 152, 130),
    (128, 124, 104),
    (150, 130, 132),
    (176, 170, 160),
)
"""Colours of brick and stone, muted; a cover's `tone` chooses one."""

Numbers = NDArray[np.float64]
_Box = tuple[float, float, float, float]  # left, top, right, bottom

_GRASS: tuple[Colour, ...] = ((142, 150, 112), (134, 142, 118), (152, 150, 116), (126, 138, 112))
_PORTAL = 0.085  # how wide a portal, seen at an angle, appears
_NEAR = 0.075  # how far below the thing's foot the near wall meets the ground
_FAR = -0.055  # the same for the far wall
_SLOPE = (_NEAR - _FAR) / (_PORTAL - 0.012)  # of a portal's threshold, as it appears


def draw_behind(canvas: Canvas, scene: Scene) -> None:
    """Draw the parts of the occluder that the thing passes in front of."""
    if scene.cover is None:
        return
    if scene.occluder == "tunnel":
        _portals(canvas, scene, scene.cover)
    elif scene.occluder == "pillars":
        for x in scene.cover.centres:
            canvas.darken((x + 0.06, scene.setting.track_y + _NEAR), (0.75 * scene.cover.width, 0.05), 0.4)


def draw_before(canvas: Canvas, scene: Scene) -> None:
    """Draw the parts of the occluder that hide the thing."""
    if scene.cover is not None and scene.occluder is not None:
        _BEFORE[scene.occluder](canvas, scene, scene.cover)


def _tone(cover: Cover) -> Colour:
    return TONES[cover.tone % len(TONES)]


def _portal(edge: float, side: int, scene: Scene, cover: Cover, inset: float) -> Points:
    """Outline of an arched opening seen at an angle, at one end of the wall.

    The wall's end is at `edge`, the opening lies on the `side` of it (−1 left, 1 right); an `inset` makes
    it smaller than the ring of stones around it.
    """
    ground = scene.setting.track_y
    reach = _PORTAL - 0.012 - inset
    apex, spring = ground - 0.80 * cover.height + inset, ground - 0.52 * cover.height
    bend = arc((edge + side * reach / 2, spring), (side * reach / 2, spring - apex), 180, 360, 16)
    near, far = (edge, ground + _NEAR), (edge + side * reach, ground + _FAR + _SLOPE * inset)
    return np.concatenate([[near], bend, [far]])


def _portals(canvas: Canvas, scene: Scene, cover: Cover) -> None:
    ground, tone = scene.setting.track_y, _tone(cover)
    for side in (-1, 1):
        edge = cover.centre + side * cover.width / 2
        far = edge + side * _PORTAL
        canvas.darken((far, ground + 0.02), (0.16, 0.07), 0.45)
        face = np.array(
            [
                [edge - side * 0.02, ground + _NEAR],
                [edge - side * 0.02, ground - cover.height],
                [far, ground - 0.93 * cover.height],
                [far, ground + _FAR],
            ]
        )
        canvas.fill(face, Linear((edge, 0.0), (far, 0.0), (darker(tone, 0.12), darker(tone, 0.3))))
        canvas.fill(_portal(edge, side, scene, cover, 0.0), lighter(tone, 0.22))
        inside = Linear((edge, 0.0), (far, 0.0), ((16, 15, 16), (44, 41, 40)))
        canvas.fill(_portal(edge, side, scene, cover, 0.016), inside)


def _tunnel(canvas: Canvas, scene: Scene, cover: Cover) -> None:
    ground, tone = scene.setting.track_y, _tone(cover)
    left, right = cover.centre - cover.width / 2, cover.centre + cover.width / 2
    top, bottom = ground - cover.height, ground + _NEAR
    wall = rectangle(left, top, right, bottom)
    if canvas.silhouette:
        canvas.fill(wall, tone)
        return
    for side, edge in ((-1, left), (1, right)):
        gloom = Linear((edge + side * _PORTAL, 0.0), (edge, 0.0), ((10, 9, 12),), (0.0, 0.62))
        canvas.fill(_portal(edge, side, scene, cover, 0.016), gloom)
    canvas.darken((cover.centre, bottom), (0.62 * cover.width, 0.035), 0.5)
    canvas.fill(wall, darker(tone, 0.24))
    _bricks(canvas, scene.seed, (left, top, right, bottom), tone)
    _pilasters(canvas, cover, (left, top, right, bottom), tone)
    shade = (255, 252, 240), (255, 252, 240), (20, 18, 30), (20, 18, 30)
    canvas.fill(wall, Linear((left, top), (right, bottom), shade, (0.16, 0.0, 0.06, 0.26)))
    _roof(canvas, (left - _PORTAL, top, right + _PORTAL), tone)
    plinth = rectangle(left - 0.012, bottom - 0.05, right + 0.012, bottom + 0.006)
    stone = mix(tone, (172, 168, 160), 0.55)
    canvas.fill(plinth, Linear((0.0, bottom - 0.05), (0.0, bottom), (lighter(stone, 0.16), darker(stone, 0.14))))


def _bricks(canvas: Canvas, seed: int, box: _Box, tone: Colour) -> None:
    left, top, right, bottom = box
    tall, wide = 0.042, 0.104
    # Fills reach half a pixel beyond their outline; without it small pictures would have no joints.
    gap = 0.0029 + 0.5 * canvas.pixel
    rows = np.arange(int(np.ceil((bottom - top) / tall)))[:, None]
    edges = left + (np.arange(-1, int(np.ceil((right - left) / wide))) + 0.5 * (rows % 2)) * wide
    x0, x1 = np.maximum(edges, left) + gap, np.minimum(edges + wide, right) - gap
    y0 = top + rows * tall
    bricks = rectangles(x0, y0 + gap, x1, np.minimum(y0 + tall, bottom) - gap)
    shades = np.random.default_rng((seed, 2)).integers(0, 4, x0.shape)
    shades[x1 < x0 + 0.004] = -1
    for shade, colour in enumerate((darker(tone, 0.09), tone, lighter(tone, 0.07), lighter(tone, 0.15))):
        canvas.fill(bricks[shades.ravel() == shade], colour)


def _pilasters(canvas: Canvas, cover: Cover, box: _Box, tone: Colour) -> None:
    left, top, right, bottom = box
    half, stone = 0.028, mix(tone, (172, 168, 160), 0.4)
    x = np.linspace(left + half, right - half, max(2, int(cover.width / 0.3) + 1))
    canvas.fill(rectangles(x[:-1] + half, top, x[:-1] + half + 0.014, bottom), darker(tone, 0.34))
    canvas.fill(rectangles(x - half, top, x + half, bottom), stone)
    canvas.fill(rectangles(x - half, top, x - half + 0.009, bottom), lighter(stone, 0.22))
    canvas.fill(rectangles(x + half - 0.01, top, x + half, bottom), darker(stone, 0.16))
    joints = np.arange(top + 0.06, bottom - 0.06, 2 * 0.042)[:, None]
    canvas.fill(rectangles(x - half, joints, x + half, joints + 0.005), darker(stone, 0.28))


def _roof(canvas: Canvas, span: tuple[float, float, float], tone: Colour) -> None:
    left, top, right = span
    stone = mix(tone, (120, 116, 112), 0.5)
    eaves = rectangle(left + _PORTAL, top, right - _PORTAL, top + 0.045)
    canvas.fill(eaves, Linear((0.0, top), (0.0, top + 0.045), ((16, 14, 20),), (0.5, 0.0)))
    slope = np.array(
        [
            [left + 0.04, top - 0.075],
            [right - 0.04, top - 0.075],
            [right + 0.02, top - 0.02],
            [left - 0.02, top - 0.02],
        ]
    )
    shades = lighter(stone, 0.06), darker(stone, 0.08)
    canvas.fill(slope, Linear((0.0, top - 0.075), (0.0, top - 0.02), shades))
    down = np.array([0.35, 0.68])
    inset, y = 0.04 - 0.06 * down, top - 0.075 + 0.055 * down
    canvas.fill(rectangles(left + inset, y, right - inset, y + 0.004), darker(stone, 0.17))
    canvas.fill(rectangle(left - 0.02, top - 0.022, right + 0.02, top + 0.008), lighter(stone, 0.16))
    canvas.fill(rectangle(left - 0.02, top - 0.022, right + 0.02, top - 0.012), lighter(stone, 0.45))


def _hill_height(x: Numbers, cover: Cover) -> Numbers:
    """Height of a hill over the track at places x in the world: flat-topped over its width, long-footed."""
    far = np.abs(x - cover.centre) / (0.5 * cover.width + 0.10)
    return cover.height / (1.0 + far**7)


def _hill(canvas: Canvas, scene: Scene, cover: Cover) -> None:
    ground, grass = scene.setting.track_y, _GRASS[cover.tone % len(_GRASS)]
    dice = np.random.default_rng((scene.seed, 3))
    half = 0.5 * cover.width + 0.34
    x = np.linspace(cover.centre - half, cover.centre + half, 64)
    waves = 0.012 * np.sin(x * 17.0 + dice.uniform(0, 6.3)) + 0.008 * np.sin(x * 41.0 + dice.uniform(0, 6.3))
    height = _hill_height(x, cover) * (1.0 - np.abs((x - cover.centre) / half) ** 9)
    crest = ground + 0.085 - (height + 0.085 * np.minimum(height / 0.08, 1.0)) * (1.0 + waves)
    foot = ground + 0.085 + 0.04 * np.sqrt(np.maximum(1.0 - ((x - cover.centre) / half) ** 2, 0.0))
    body = _between(x, crest, foot)
    if canvas.silhouette:
        canvas.fill(body, grass)
        return
    canvas.darken((cover.centre + 0.03, ground + 0.11), (1.05 * half, 0.06), 0.4)
    lit, dim = (cover.centre - 0.3 * half, ground - cover.height), (cover.centre + 0.3 * half, ground + 0.12)
    canvas.fill(body, Linear(lit, dim, (lighter(grass, 0.24), grass, darker(grass, 0.1), darker(grass, 0.26))))
    canvas.fill(_between(x, crest - 0.002, crest + 0.010), lighter(grass, 0.34))
    _tufts(canvas, dice, cover, ground, grass)
    _bushes(canvas, dice, cover, ground, grass)


def _between(x: Numbers, upper: Numbers, lower: Numbers) -> Points:
    """Outline of what lies between two curves over x, [2n, 2]."""
    outline = np.empty((2 * x.size, 2))
    outline[: x.size, 0], outline[x.size :, 0] = x, x[::-1]
    outline[: x.size, 1], outline[x.size :, 1] = upper, lower[::-1]
    return outline


def _tufts(canvas: Canvas, dice: np.random.Generator, cover: Cover, ground: float, grass: Colour) -> None:
    numbers = dice.random((3, 44))
    x = cover.centre + (numbers[0] - 0.5) * 1.04 * cover.width
    y = ground + 0.06 - 0.92 * numbers[1] * (_hill_height(x, cover) + 0.05)
    size = 0.7 + 0.6 * numbers[2]
    tufts = copies(TUFT, x, y, size)
    canvas.fill(tufts[:22], lighter(grass, 0.2))
    canvas.fill(tufts[22:], darker(grass, 0.16))


def _bushes(canvas: Canvas, dice: np.random.Generator, cover: Cover, ground: float, grass: Colour) -> None:
    """Draw a few bushes, low on the hill, that make it look large and round."""
    numbers = dice.random((3, 4))
    leaf = mix(darker(grass, 0.22), (96, 116, 96), 0.4)
    x = cover.centre + (np.arange(4) - 1.5 + 0.7 * (numbers[0] - 0.5)) * 0.27 * cover.width
    y = ground + 0.06 - 0.55 * numbers[1] ** 2 * cover.height
    radius = 0.022 + 0.018 * numbers[2]
    bump = np.concatenate(
        [
            arc((-0.9, -0.4), (0.7, 0.62), 90, 270, 8),
            arc((0.0, -0.75), (0.85, 0.8), 190, 350, 9),
            arc((0.95, -0.35), (0.65, 0.55), 270, 450, 8),
        ]
    )
    for left, low, size in zip(x, y, radius, strict=True):
        canvas.darken((left + 0.3 * size, low), (2.3 * size, 0.6 * size), 0.35)
    for share, lift, tone in ((1.0, 0.0, darker(leaf, 0.14)), (0.72, 0.28, leaf), (0.4, 0.6, lighter(leaf, 0.16))):
        canvas.fill(copies(bump, x - 0.3 * lift * radius, y - lift * radius, share * radius), tone)


def _pillars(canvas: Canvas, scene: Scene, cover: Cover) -> None:
    ground, half = scene.setting.track_y, cover.width / 2
    top, bottom = ground - cover.height, ground + _NEAR
    x = np.array(cover.centres)
    if canvas.silhouette:
        canvas.fill(rectangles(x - half, top, x + half, bottom), (255, 255, 255))
        return
    tone = mix(_tone(cover), (170, 166, 158), 0.35)
    shades = lighter(tone, 0.02), lighter(tone, 0.22), lighter(tone, 0.2), tone, darker(tone, 0.18), darker(tone, 0.36)
    side = np.array(
        [
            (half + 0.02, top - 0.05),
            (half + 0.02, top - 0.008),
            (half, top + 0.018),
            (half, bottom - 0.06),
            (half + 0.016, bottom - 0.045),
            (half + 0.016, bottom + 0.008),
        ]
    )
    outline = np.concatenate([side, side[::-1] * (-1.0, 1.0)])
    reach = half + 0.02
    for middle in cover.centres:
        canvas.at(middle, 0.0).fill(outline, Linear((-reach, 0.0), (reach, 0.0), shades))
    dark, light = darker(tone, 0.26), lighter(tone, 0.42)
    courses = np.arange(top + 0.085, bottom - 0.07, 0.085)[:, None]
    canvas.fill(rectangles(x - half, courses, x + half, courses + 0.0045), dark)
    seams = x + half * np.where((np.arange(courses.size)[:, None] + np.arange(x.size)) % 2, -0.3, 0.35)
    canvas.fill(rectangles(seams, courses, seams + 0.0045, courses + 0.085), dark)
    canvas.fill(rectangles(x - half - 0.02, top - 0.05, x + half + 0.02, top - 0.04), light)
    canvas.fill(rectangles(x - half, top + 0.014, x + half, top + 0.022), dark)
    canvas.fill(rectangles(x - half - 0.016, bottom - 0.047, x + half + 0.016, bottom - 0.039), light)


_BEFORE: Mapping[str, Callable[[Canvas, Scene, Cover], None]] = MappingProxyType(
    {"tunnel": _tunnel, "hill": _hill, "pillars": _pillars}
)
