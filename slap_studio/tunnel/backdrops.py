"""What stands behind the track: eight kinds of land, town or room, and the ground in front of them.

Every colour here is muted, so that nothing is taken for the moving thing. Far layers follow the camera's
drift less than near ones; what lies where is decided by the scene's seed alone.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from slap_studio.tunnel.paint import (
    Canvas,
    Colour,
    Linear,
    Radial,
    arc,
    darker,
    lighter,
    mix,
    rectangle,
    rectangles,
)
from slap_studio.tunnel.scenery import (
    SKIES,
    View,
    conifers,
    ground,
    houses,
    ridge,
    round_trees,
    sky,
    skyline,
)
from slap_studio.tunnel.world import ASPECT, Scene


def draw_backdrop(canvas: Canvas, scene: Scene, time: float) -> None:
    """Draw everything that lies behind the track, and the ground that it lies on."""
    dice = np.random.default_rng((scene.seed, 1))
    _DRAW[scene.setting.backdrop](View(canvas, scene, dice, scene.camera_at(time)))


def _hills(view: View, tone: Colour, layers: tuple[tuple[float, float, float], ...]) -> None:
    """Draw ridges, each of a depth, a rise, and a share of haze."""
    for depth, rise, share in layers:
        canvas, hazy = view.layer(depth), mix(tone, view.haze, share)
        outline = ridge(view, canvas, view.horizon + 0.01, rise, view.uniform(1.8, 3.0))
        top = view.horizon - rise
        canvas.fill(outline, Linear((0.0, top), (0.0, view.horizon), (lighter(hazy, 0.1), darker(hazy, 0.05))))


def _meadow(view: View) -> None:
    sky(view)
    grass = view.choose(((150, 160, 122), (158, 158, 120), (142, 156, 128)))
    _hills(view, grass, ((0.15, 0.20, 0.62), (0.3, 0.13, 0.35), (0.45, 0.07, 0.12)))
    ground(view, mix(grass, view.haze, 0.1), darker(grass, 0.16), darker(grass, 0.4))
    x, (low, tall) = view.places(0.5, 0.2, 2)
    leaf = view.choose(((108, 124, 96), (120, 130, 98), (132, 134, 100)))
    round_trees(view.layer(0.5), x, view.horizon + 0.03 * low, 0.08 + 0.09 * tall, leaf)


def _mountains(view: View) -> None:
    sky(view)
    rock = view.choose(((126, 134, 150), (140, 136, 146), (128, 140, 144)))
    for depth, rise, share, snow in ((0.08, 0.42, 0.5, 0.75), (0.2, 0.25, 0.22, 0.3)):
        canvas, tone = view.layer(depth), mix(rock, view.haze, share)
        outline = ridge(view, canvas, view.horizon, rise, view.uniform(2.0, 3.2), 0.9)
        white = lighter(tone, snow)
        colours = (white, white, tone, darker(tone, 0.06), mix(tone, view.haze, 0.3))
        canvas.fill(outline, Linear((0.0, view.horizon - rise), (0.0, view.horizon), colours))
    grass = mix(rock, (140, 146, 116), 0.75)
    _hills(view, grass, ((0.4, 0.06, 0.15),))
    ground(view, mix(grass, view.haze, 0.1), darker(grass, 0.18), darker(grass, 0.42))
    x, (tall,) = view.places(0.5, 0.2, 1)
    conifers(view.layer(0.5), x, view.horizon + 0.02, 0.06 + 0.07 * tall, (104, 120, 112))


def _forest(view: View) -> None:
    sky(view)
    leaf = view.choose(((104, 122, 110), (112, 122, 98), (98, 116, 116)))
    _hills(view, leaf, ((0.15, 0.24, 0.65),))
    for depth, height, share, spacing in ((0.3, 0.17, 0.45, 0.08), (0.45, 0.25, 0.15, 0.14)):
        tone = mix(leaf, view.haze, share)
        x, (tall,) = view.places(depth, spacing, 1, jitter=0.3)
        view.canvas.wash(view.horizon - 0.2 * height, view.horizon + 0.04, (tone, darker(tone, 0.1)))
        conifers(view.layer(depth), x, view.horizon + 0.03, height * (0.7 + 0.55 * tall), tone)
    floor = mix(leaf, (146, 138, 112), 0.7)
    ground(view, mix(floor, leaf, 0.3), darker(floor, 0.12), darker(floor, 0.35))


def _lake(view: View) -> None:
    sky(view)
    _hills(view, view.choose(((128, 142, 148), (140, 144, 136))), ((0.1, 0.18, 0.5), (0.2, 0.10, 0.2)))
    shore = view.scene.setting.track_y - 0.07
    water = mix((120, 148, 164), view.haze, 0.2)
    view.canvas.wash(view.horizon, shore + 0.03, (mix(water, view.haze, 0.55), water, darker(water, 0.1)))
    glints = view.dice.random((3, 30))
    y = view.horizon + 0.01 + (shore - view.horizon - 0.02) * glints[1]
    x = -0.5 + (ASPECT + 1.0) * glints[0]
    half = 0.012 + 0.05 * glints[2]
    view.layer(0.4).fill(rectangles(x - half, y, x + half, y + 0.003), lighter(water, 0.35))
    sand = view.choose(((186, 178, 158), (170, 168, 156)))
    canvas = view.layer(0.9)
    canvas.fill(ridge(view, canvas, shore + 0.03, 0.035, 2.2), lighter(sand, 0.1))
    canvas.wash(shore + 0.03, 1.05, (lighter(sand, 0.1), darker(sand, 0.16)))


def _desert(view: View) -> None:
    sky(view)
    sand = view.choose(((204, 188, 158), (196, 182, 164), (208, 196, 172)))
    rock, base = mix(sand, (156, 132, 122), 0.55), view.horizon + 0.01
    canvas = view.layer(0.12)
    outline = np.array([(-1.35, 0.0), (-1.0, 0.55), (-0.9, 1.0), (0.85, 1.0), (1.0, 0.5), (1.4, 0.0)])
    x, numbers = view.places(0.12, 0.55, 3)
    for middle, (breadth, tall, far) in zip(x, numbers.T, strict=True):
        half, rise, tone = 0.08 + 0.14 * breadth, 0.08 + 0.12 * tall, mix(rock, view.haze, 0.25 + 0.25 * far)
        shades = (lighter(tone, 0.12), tone, darker(tone, 0.12))
        canvas.fill(
            outline * (half, -rise) + (middle, base), Linear((middle - half, 0.0), (middle + half, 0.0), shades)
        )
    _hills(view, sand, ((0.3, 0.09, 0.25), (0.5, 0.05, 0.05)))
    ground(view, sand, darker(sand, 0.14), darker(sand, 0.34))
    x, numbers = view.places(0.6, 0.45, 2)
    for place, (low, tall) in zip(x, numbers.T, strict=True):
        _cactus(view.layer(0.6).at(place, view.horizon + 0.02 + 0.03 * low), 0.08 + 0.06 * tall)


def _cactus(canvas: Canvas, height: float) -> None:
    """Draw a cactus that stands on the canvas's origin."""
    tone, half = (124, 136, 112), 0.07 * height
    canvas.fill(rectangles((-5.2, 3.4), (-0.72, -0.82), (-3.4, 5.2), (-0.5, -0.5)) * (half, height), tone)
    canvas.fill(rectangle(-5.2 * half, -0.5 * height, 5.2 * half, -0.39 * height), tone)
    canvas.fill(rectangle(-half, -height, half, 0.0), lighter(tone, 0.06))


def _town(view: View) -> None:
    sky(view)
    for depth, height, share, spacing in ((0.15, 0.28, 0.6, 0.09), (0.3, 0.17, 0.35, 0.13)):
        skyline(view, depth, height, spacing, mix((124, 128, 138), view.haze, share))
    street = view.choose(((158, 156, 150), (166, 162, 152)))
    ground(view, mix(street, (146, 150, 128), 0.5), darker(street, 0.2), darker(street, 0.4))
    houses(view, 0.5, ((196, 188, 174), (184, 172, 164), (174, 180, 182), (190, 184, 162), (168, 166, 172)))


def _room(view: View) -> None:
    wall = view.choose(((190, 186, 176), (176, 184, 186), (188, 178, 176), (180, 186, 172)))
    canvas, floor = view.layer(0.5), view.horizon + 0.03
    canvas.wash(-0.05, floor + 0.03, (lighter(wall, 0.14), wall, darker(wall, 0.05)))
    _panels(view, canvas, wall, floor)
    _pictures(view, canvas, floor)
    wood = view.choose(((172, 154, 134), (160, 150, 138), (178, 166, 146)))
    view.canvas.wash(floor, 1.05, (mix(wood, wall, 0.25), wood, darker(wood, 0.18)))
    left, right = view.canvas.span()
    seams = floor + (1.0 - floor) * np.array([0.12, 0.3, 0.54, 0.84])
    view.layer(1.0).fill(rectangles(left - 2.0, seams, right + 2.0, seams + 0.004), darker(wood, 0.16))


def _panels(view: View, canvas: Canvas, wall: Colour, floor: float) -> None:
    left, right = canvas.span()
    rail, step = floor - view.uniform(0.2, 0.28), view.uniform(0.26, 0.36)
    canvas.wash(rail, floor + 0.03, (darker(wall, 0.06), darker(wall, 0.1)))
    canvas.wash(rail - 0.012, rail + 0.006, (lighter(wall, 0.34), lighter(wall, 0.22)))
    x = np.arange(np.floor(left / step) * step, right + step, step)
    canvas.fill(rectangles(x + 0.03, rail + 0.04, x + step - 0.03, floor - 0.05), darker(wall, 0.2))
    canvas.fill(rectangles(x + 0.037, rail + 0.047, x + step - 0.03, floor - 0.05), lighter(wall, 0.12))
    canvas.fill(rectangles(x + 0.037, rail + 0.047, x + step - 0.037, floor - 0.057), darker(wall, 0.05))
    canvas.wash(floor - 0.028, floor + 0.03, (lighter(wall, 0.3), wall))


def _pictures(view: View, canvas: Canvas, floor: float) -> None:
    x, numbers = view.places(0.5, 0.62, 2)
    middle, corners = 0.42 * floor - 0.06, np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    land = np.array([(-1.0, 1.0), (-1.0, 0.4), (-0.45, 0.1), (-0.1, 0.3), (0.4, -0.05), (1.0, 0.55), (1.0, 1.0)])
    for place, (breadth, height) in zip(x, numbers.T, strict=True):
        half, tall = 0.09 + 0.05 * breadth, 0.1 + 0.03 * height
        picture = canvas.at(place, middle)
        picture.darken((0.012, 0.03), (half + 0.05, tall + 0.05), 0.3)
        for border, tone in ((0.018, (132, 120, 108)), (0.008, (224, 220, 210))):
            picture.fill(corners * (half + border, tall + border), tone)
        picture.fill(corners * (half, tall), Linear((0.0, -tall), (0.0, tall), SKIES[view.scene.light.time_of_day]))
        picture.fill(land * (half, tall), (140, 148, 138))


def _studio(view: View) -> None:
    tone = view.choose(((168, 178, 188), (186, 180, 172), (176, 184, 176), (182, 174, 184), (150, 156, 164)))
    floor = view.horizon
    view.canvas.wash(-0.02, floor + 0.02, (darker(tone, 0.14), tone, lighter(tone, 0.2)))
    bend = (lighter(tone, 0.2), lighter(tone, 0.1), darker(tone, 0.06), darker(tone, 0.16))
    view.canvas.wash(floor, 1.05, bend)
    spot, glow = (view.uniform(0.5, ASPECT - 0.5), view.uniform(0.25, 0.4)), lighter(tone, 0.7)
    paint = Radial(spot, (0.75, 0.5), (glow,), (0.5, 0.2, 0.0))
    view.layer(0.2).fill(arc(spot, (0.75, 0.5)), paint)


_DRAW: Mapping[str, Callable[[View], None]] = MappingProxyType(
    {
        "meadow": _meadow,
        "mountains": _mountains,
        "forest": _forest,
        "lake": _lake,
        "desert": _desert,
        "town": _town,
        "room": _room,
        "studio": _studio,
    }
)
