"""The eight shapes of the moving thing, in eight colours.

Every shape stands on the origin of its canvas and fills its `EXTENTS`; y goes down, so up is negative. The
light comes from the upper left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from slap_studio.tunnel.paint import (
    Canvas,
    Colour,
    Linear,
    Points,
    Radial,
    arc,
    copies,
    mix,
    rectangle,
    rectangles,
    rounded,
    turned,
)
from slap_studio.tunnel.world import Thing

_GLASS: Colour = (198, 214, 224)
_RUBBER: Colour = (44, 45, 50)
_STEEL: Colour = (172, 176, 182)


@dataclass(frozen=True)
class Tones:
    """One colour in the light, as it is, and in the shade."""

    light: Colour
    base: Colour
    dark: Colour


TONES: Mapping[str, Tones] = MappingProxyType(
    {
        "red": Tones((242, 100, 94), (208, 36, 42), (138, 16, 30)),
        "orange": Tones((255, 178, 92), (242, 126, 22), (186, 84, 10)),
        "yellow": Tones((255, 240, 136), (250, 214, 40), (206, 158, 18)),
        "green": Tones((112, 208, 130), (38, 156, 74), (18, 98, 50)),
        "blue": Tones((116, 160, 248), (40, 90, 212), (20, 50, 140)),
        "purple": Tones((188, 126, 224), (132, 60, 178), (80, 28, 120)),
        "white": Tones((255, 255, 255), (238, 239, 241), (186, 192, 202)),
        "black": Tones((98, 100, 108), (46, 47, 53), (22, 22, 27)),
    }
)


def draw_thing(canvas: Canvas, thing: Thing, rolled: float = 0.0, *, leftwards: bool = False) -> None:
    """Draw a thing that stands on the canvas's origin, its size as the unit.

    Parameters
    ----------
    canvas
        Takes the picture, or the silhouette if it has one channel.
    thing
        What to draw.
    rolled
        How far it has gone to the right, in units of its size: turns what rolls.
    leftwards
        Whether it faces left.
    """
    if leftwards and thing.shape in {"train", "car"}:
        canvas, rolled = canvas.at(0.0, 0.0, mirrored=True), -rolled
    _DRAW[thing.shape](canvas, TONES[thing.colour], rolled)


def _cube(canvas: Canvas, tones: Tones, _rolled: float) -> None:
    depth = 0.23
    left, right, back = -0.5, 0.5 - depth, 0.5
    top, far = depth - 1.0, -1.0
    canvas.fill(np.array([[right, 0], [right, top], [back, far], [back, -depth]]), tones.dark)
    canvas.fill(np.array([[left, top], [right, top], [back, far], [left + depth, far]]), tones.light)
    canvas.fill(
        rectangle(left, top, right, 0.0),
        Linear(
            (left, top),
            (right, 0.0),
            (mix(tones.base, tones.light, 0.25), tones.base, mix(tones.base, tones.dark, 0.3)),
        ),
    )
    if not canvas.silhouette:
        edge = 0.014
        gleam = mix(tones.light, (255, 255, 255), 0.4)
        canvas.fill(rectangle(left, top - edge, right, top + edge), gleam, 0.7)
        canvas.fill(rectangle(right - edge, top, right + edge, 0.0), gleam, 0.35)


def _ball(canvas: Canvas, tones: Tones, rolled: float) -> None:
    middle = (0.0, -0.5)
    outline = arc(middle, (0.5, 0.5))
    shades = (tones.light, mix(tones.light, tones.base, 0.6), tones.base, mix(tones.base, tones.dark, 0.45), tones.dark)
    canvas.fill(outline, Radial((-0.14, -0.66), (0.74, 0.74), shades))
    if canvas.silhouette:
        return
    angle = 2.0 * rolled
    tilt = 0.16 + 0.1 * np.cos(angle)
    seam = turned(
        np.concatenate([arc(middle, (0.485, tilt), 0, 180, 24), arc(middle, (0.485, tilt - 0.035), 180, 0, 24)]),
        angle,
        middle,
    )
    canvas.fill(seam, tones.dark, 0.4)
    canvas.fill(
        arc((-0.17, -0.71), (0.17, 0.13), count=24),
        Radial((-0.17, -0.71), (0.17, 0.13), ((255, 255, 255),), (0.85, 0.0)),
    )


def _round_shades(tones: Tones, half: float) -> Linear:
    shades = (
        mix(tones.base, tones.dark, 0.35),
        tones.base,
        tones.light,
        mix(tones.light, tones.base, 0.7),
        tones.base,
        mix(tones.base, tones.dark, 0.6),
        tones.dark,
    )
    return Linear((-half, 0.0), (half, 0.0), shades)


def _cone(canvas: Canvas, tones: Tones, _rolled: float) -> None:
    half, rise = 0.47, 0.09
    base = arc((0.0, -rise), (half, rise), 0, 180, 24)
    canvas.fill(np.concatenate([base, [[-0.015, -1.08], [0.015, -1.08]]]), _round_shades(tones, half))


def _cylinder(canvas: Canvas, tones: Tones, _rolled: float) -> None:
    half, rise, top = 0.35, 0.085, -0.935
    side = np.concatenate([arc((0.0, -rise), (half, rise), 0, 180, 24), arc((0.0, top), (half, rise), 180, 360, 24)])
    canvas.fill(side, _round_shades(tones, half))
    lid = arc((0.0, top), (half, rise), count=36)
    canvas.fill(lid, Linear((-half, 0.0), (half, 0.0), (tones.light, mix(tones.light, tones.base, 0.35))))


def _star(canvas: Canvas, tones: Tones, rolled: float) -> None:
    outer, inner = 0.578, 0.245
    centre = (0.0, -outer * np.cos(np.pi / 5))
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, outer, inner)
    tips = np.stack([radii * np.cos(angles), radii * np.sin(angles)], -1) + centre
    tips = turned(tips, 0.07 * np.sin(3.0 * rolled), (0.0, 0.0))
    middle = tips.mean(axis=0)
    canvas.fill(tips, tones.base)
    if canvas.silhouette:
        return
    bright: list[Points] = []
    dim: list[Points] = []
    for index in range(10):
        facet = np.stack([middle, tips[index], tips[(index + 1) % 10]])
        (bright if index % 2 else dim).append(facet)
    canvas.fill(dim, Linear((-0.5, -1.0), (0.5, 0.0), (tones.base, mix(tones.base, tones.dark, 0.75))))
    canvas.fill(bright, Linear((-0.5, -1.0), (0.5, 0.0), (tones.light, mix(tones.light, tones.base, 0.8))))


def _ring(canvas: Canvas, tones: Tones, _rolled: float) -> None:
    middle, hole = (0.0, -0.5), 0.25
    half_dark = mix(tones.base, tones.dark, 0.6)
    shades = (
        *[half_dark] * 6,
        tones.base,
        mix(tones.base, tones.light, 0.6),
        mix(tones.base, tones.light, 0.35),
        tones.base,
        half_dark,
    )
    rings = [arc(middle, (0.5, 0.5)), arc(middle, (hole, hole), count=36)]
    canvas.fill(rings, Radial(middle, (0.5, 0.5), shades))
    sheen = Linear((-0.3, -0.95), (0.35, -0.05), (tones.light, tones.base, tones.dark), (0.75, 0.0, 0.75))
    canvas.fill(rings, sheen)


def _wheels(canvas: Canvas, places: tuple[float, ...], radius: float, rolled: float, hub: Colour) -> None:
    disc = arc((0.0, 0.0), (radius, radius), count=24)
    canvas.fill(copies(disc, places, -radius), _RUBBER)
    if canvas.silhouette:
        return
    small = 0.56 * radius
    canvas.fill(copies(disc, places, -radius, 0.56), hub)
    spoke = rectangle(-small, -0.16 * radius, small, 0.16 * radius)
    canvas.fill(copies(turned(spoke, rolled / radius), places, -radius), mix(hub, _RUBBER, 0.6))


def _tube(tones: Tones, top: float, bottom: float) -> Linear:
    shades = (mix(tones.base, tones.light, 0.3), tones.light, tones.base, tones.base, mix(tones.base, tones.dark, 0.7))
    return Linear((0.0, top), (0.0, bottom), shades)


def _train(canvas: Canvas, tones: Tones, rolled: float) -> None:
    canvas.fill(
        rectangles([-0.78, 0.02, -0.14], [-0.2, -0.2, -0.19], [-0.1, 0.76, 0.04], [-0.11, -0.11, -0.13]), _RUBBER
    )
    canvas.fill(np.array([[0.72, -0.22], [0.8, -0.03], [0.62, -0.03], [0.62, -0.22]]), tones.dark)
    canvas.fill(rounded(0.2, -0.53, 0.76, -0.17, 0.06), _tube(tones, -0.53, -0.17))
    canvas.fill(
        [np.array([[0.55, -0.5], [0.57, -0.68], [0.53, -0.74], [0.71, -0.74], [0.67, -0.68], [0.69, -0.5]])], tones.dark
    )
    canvas.fill(arc((0.41, -0.52), (0.07, 0.07), 180, 360, 12), tones.base)
    canvas.fill(rectangle(0.0, -0.74, 0.28, -0.17), _tube(tones, -0.78, -0.17))
    canvas.fill(rounded(-0.04, -0.8, 0.32, -0.73, 0.03), tones.dark)
    canvas.fill(rounded(-0.8, -0.56, -0.1, -0.17, 0.04), _tube(tones, -0.56, -0.17))
    canvas.fill(rounded(-0.8, -0.61, -0.1, -0.54, 0.03), tones.dark)
    if not canvas.silhouette:
        canvas.fill(
            rectangles(
                [0.07, -0.71, -0.5, -0.29],
                [-0.64, -0.47, -0.47, -0.47],
                [0.21, -0.61, -0.4, -0.19],
                [-0.44, -0.33, -0.33, -0.33],
            ),
            _GLASS,
        )
        canvas.fill(rectangles([0.36, 0.5], -0.52, [0.375, 0.515], -0.18), tones.dark, 0.6)
        canvas.fill(arc((0.75, -0.44), (0.045, 0.045), count=14), (255, 248, 214))
    _wheels(canvas, (-0.64, -0.26, 0.14, 0.36, 0.58), 0.1, rolled, _STEEL)


def _car(canvas: Canvas, tones: Tones, rolled: float) -> None:
    cabin = np.array([[-0.5, -0.38], [-0.36, -0.66], [-0.3, -0.7], [0.14, -0.7], [0.2, -0.67], [0.42, -0.38]])
    canvas.fill(cabin, Linear((0.0, -0.7), (0.0, -0.38), (tones.light, tones.base)))
    body = np.concatenate(
        [
            rounded(-0.71, -0.44, 0.71, -0.1, 0.09)[:15],
            np.array([[-0.5, -0.45], [0.38, -0.45], [0.64, -0.37]]),
            arc((0.64, -0.29), (0.07, 0.08), 270, 360, 5),
        ]
    )
    canvas.fill(body, _tube(tones, -0.45, -0.1))
    if not canvas.silhouette:
        canvas.fill(
            [
                np.array([[-0.4, -0.42], [-0.3, -0.63], [-0.08, -0.63], [-0.08, -0.42]]),
                np.array([[-0.02, -0.42], [-0.02, -0.63], [0.12, -0.63], [0.29, -0.42]]),
            ],
            Linear((-0.4, -0.65), (0.3, -0.4), (_GLASS, (150, 172, 188))),
        )
        canvas.fill(rectangle(-0.06, -0.42, -0.045, -0.14), tones.dark, 0.6)
        canvas.fill(rectangles([-0.7, 0.62], [-0.36, -0.34], [-0.65, 0.7], [-0.26, -0.25]), (255, 246, 218))
        canvas.fill(rectangle(-0.69, -0.17, 0.69, -0.12), tones.dark, 0.7)
    _wheels(canvas, (-0.42, 0.42), 0.15, rolled, _STEEL)


_DRAW: Mapping[str, Callable[[Canvas, Tones, float], None]] = MappingProxyType(
    {
        "cube": _cube,
        "ball": _ball,
        "cone": _cone,
        "cylinder": _cylinder,
        "star": _star,
        "ring": _ring,
        "train": _train,
        "car": _car,
    }
)
