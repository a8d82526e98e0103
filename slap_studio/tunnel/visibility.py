"""How much of the thing can be seen, and when it is wholly hidden."""

import cv2
import numpy as np

from slap_studio.tunnel.occluders import draw_before
from slap_studio.tunnel.paint import Canvas
from slap_studio.tunnel.render import place_thing, world_canvas
from slap_studio.tunnel.world import ASPECT, Scene

_HEIGHT = 360  # pixels of a picture whose masks are counted
_MARGIN = 0.03  # around the thing, for what rocks beyond its extent
_STEP = 1 / 40  # seconds between the times that are looked at
_FINEST = 1e-4  # seconds to which the ends of an interval are found
GONE_BELOW = 0.01  # a fraction so small that nothing can be made out


def _counts(scene: Scene, time: float) -> tuple[int, int]:
    """Pixels of the thing within the picture, and those of them that the occluder leaves visible."""
    shape, origin = _window(scene, time)
    if min(shape) <= 0:
        return 0, 0
    own = np.zeros(shape, dtype=np.uint8)
    canvas = world_canvas(Canvas(own, (_HEIGHT, _HEIGHT), origin), scene, time)
    place_thing(canvas, scene, time)
    count = cv2.countNonZero(own)
    if count == 0 or scene.cover is None:
        return count, count
    hiding = np.zeros(shape, dtype=np.uint8)
    draw_before(Canvas(hiding, canvas.scale, canvas.origin), scene)
    # Pixels that the occluder's edge may only touch show through.
    hiding = cv2.erode(hiding, np.ones((5, 5), dtype=np.uint8))
    return count, cv2.countNonZero(cv2.bitwise_and(own, cv2.bitwise_not(hiding)))


def _window(scene: Scene, time: float) -> tuple[tuple[int, int], tuple[float, float]]:
    """Height and width of the part of the picture around the thing, and the picture's corner in its pixels."""
    drift_x, drift_y = scene.camera_at(time)
    x, foot = scene.position(time) - drift_x, scene.setting.track_y - drift_y
    width, height = scene.extent_at(time)
    left = max(int((x - width / 2 - _MARGIN) * _HEIGHT), 0)
    right = min(int((x + width / 2 + _MARGIN) * _HEIGHT) + 1, round(ASPECT * _HEIGHT))
    top = max(int((foot - height - _MARGIN) * _HEIGHT), 0)
    bottom = min(int((foot + _MARGIN) * _HEIGHT) + 1, _HEIGHT)
    return (bottom - top, right - left), (-float(left), -float(top))


def visible_fraction(scene: Scene, time: float) -> float:
    """Share of the thing's pixels within the picture that the occluder leaves visible.

    Counted on masks of a picture 360 pixels high, and rather a pixel too much than too little: 0 means
    that nothing of the thing shows, because it is wholly hidden or outside the picture.
    """
    own, seen = _counts(scene, time)
    return seen / own if own else 0.0


def _hidden(scene: Scene, time: float) -> bool:
    own, seen = _counts(scene, time)
    return own > 0 and seen == 0


def hidden_intervals(scene: Scene) -> tuple[tuple[float, float], ...]:
    """Longest stretches of time, in seconds, in which the occluder hides the thing wholly."""
    if scene.cover is None:
        return ()
    times = np.linspace(0.0, scene.duration, int(np.ceil(scene.duration / _STEP)) + 1).tolist()
    hidden = [_hidden(scene, time) for time in times]
    edges = [0.0] if hidden[0] else []
    edges += [
        _edge(scene, before, after, hidden_after)
        for before, after, hidden_before, hidden_after in zip(times, times[1:], hidden, hidden[1:], strict=False)
        if hidden_before != hidden_after
    ]
    if hidden[-1]:
        edges.append(scene.duration)
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _edge(scene: Scene, before: float, after: float, hidden_after: bool) -> float:
    """Time at which the thing vanishes or appears, rounded into the hidden stretch."""
    while after - before > _FINEST:
        middle = (before + after) / 2
        if _hidden(scene, middle) == hidden_after:
            after = middle
        else:
            before = middle
    return after if hidden_after else before


def time_of_visibility(scene: Scene, fraction: float, *, leaving: bool) -> float:
    """When so much of the thing shows for the last time before a single occluder hides it, or first after it.

    Parameters
    ----------
    fraction
        Of the thing, above 0 and up to 1.
    leaving
        False on its way in, True on its way out.

    Raises
    ------
    ValueError
        If the scene has no occluder, or one of several parts: there is more than one way in.
    """
    if scene.cover is None or len(scene.cover.centres) != 1:
        raise ValueError("a scene with a single occluder is needed")
    shows, hides = scene.duration if leaving else 0.0, _middle(scene, scene.cover.centre)
    while abs(hides - shows) > _FINEST:
        between = (shows + hides) / 2
        # Masks are counted rather a pixel too few than too many.
        if visible_fraction(scene, between) >= fraction - 0.005:
            shows = between
        else:
            hides = between
    return shows


def _middle(scene: Scene, place: float) -> float:
    """When the thing's centre passes a place; it never goes backwards."""
    forwards = -1 if scene.leftwards else 1
    before, after = 0.0, scene.duration
    while after - before > _FINEST:
        between = (before + after) / 2
        if (scene.position(between) - place) * forwards < 0:
            before = between
        else:
            after = between
    return before
