"""What the thing travels on: rails, a road, a belt, or boards."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from slap_studio.tunnel.paint import Canvas, Colour, Points, arc, copies, rectangles
from slap_studio.tunnel.world import ASPECT, Scene


def draw_track(canvas: Canvas, scene: Scene, time: float) -> None:
    """Draw the track; the thing stands on y = 0 of the canvas's layer at the track's height."""
    x, y = scene.camera_at(time)
    _DRAW[scene.setting.track](canvas.at(-x, scene.setting.track_y - y))


def _every(canvas: Canvas, step: float) -> NDArray[np.float64]:
    left, right = canvas.span()
    return np.arange(np.floor(left / step) - 1, np.ceil(right / step) + 1) * step


def _slanted(canvas: Canvas, x: NDArray[np.float64], half: float, top: float, bottom: float) -> Points:
    """Bars across the track that lean towards the middle of the picture, as seen from there, [k, 4, 2]."""
    left, right = canvas.span()
    lean = (x - (left + right) / 2) * (0.05 / ASPECT)
    bars = rectangles(x - half, top, x + half, bottom)
    bars[:, :2, 0] -= lean[:, None]
    bars[:, 2:, 0] += lean[:, None]
    return bars


def _rails(canvas: Canvas) -> None:
    ballast: tuple[Colour, ...] = ((150, 144, 136), (138, 132, 125), (112, 107, 102))
    canvas.wash(-0.05, 0.062, ballast)
    sleepers = _slanted(canvas, _every(canvas, 0.082), 0.017, -0.034, 0.04)
    canvas.fill(sleepers, (96, 84, 75))
    for y, thick in ((-0.024, 0.008), (0.017, 0.011)):
        canvas.wash(y, y + 1.7 * thick, ((78, 76, 76),))
        canvas.wash(y, y + 0.7 * thick, ((202, 204, 206),))


def _road(canvas: Canvas) -> None:
    tar: tuple[Colour, ...] = ((128, 129, 132), (112, 113, 117), (98, 99, 104))
    canvas.wash(-0.062, 0.075, tar)
    canvas.wash(-0.053, -0.046, ((206, 206, 200),))
    canvas.wash(0.06, 0.069, ((214, 214, 208),))
    x = _every(canvas, 0.2)
    canvas.fill(rectangles(x, 0.022, x + 0.1, 0.031), (208, 208, 200))


def _belt(canvas: Canvas) -> None:
    canvas.wash(-0.04, 0.03, ((96, 99, 104), (76, 78, 83)))
    canvas.fill(_slanted(canvas, _every(canvas, 0.1), 0.003, -0.04, 0.03), (62, 64, 68))
    canvas.wash(0.03, 0.085, ((196, 199, 202), (142, 146, 150)))
    x, disc = _every(canvas, 0.13), arc((0.0, 0.0), (1.0, 1.0), count=16)
    canvas.fill(copies(disc, x, 0.058, 0.016), (92, 96, 100))
    canvas.fill(copies(disc, x, 0.058, 0.006), (190, 192, 194))


def _boards(canvas: Canvas) -> None:
    wood: tuple[Colour, ...] = ((196, 178, 152), (182, 163, 138), (164, 145, 121))
    canvas.wash(-0.05, 0.045, wood)
    canvas.fill(_slanted(canvas, _every(canvas, 0.31), 0.003, -0.05, 0.045), (132, 115, 96))
    canvas.wash(-0.026, -0.018, ((142, 125, 104),))
    canvas.wash(0.014, 0.024, ((142, 125, 104),))
    canvas.wash(0.045, 0.075, ((144, 126, 104), (118, 102, 84)))


_DRAW: Mapping[str, Callable[[Canvas], None]] = MappingProxyType(
    {"rails": _rails, "road": _road, "belt": _belt, "boards": _boards}
)
