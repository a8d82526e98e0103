"""Scenes drawn at random, each wholly decided by its seed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from slap_studio.problems import UnusableInput
from slap_studio.tunnel.world import (
    ASPECT,
    BACKDROPS,
    COLOURS,
    EXTENTS,
    OCCLUDERS,
    SHAPES,
    TIMES_OF_DAY,
    TRACKS,
    Camera,
    Cover,
    Light,
    Motion,
    Scene,
    Setting,
    Thing,
)

_INDOORS = ("room", "studio")
_SIZES = (0.22, 0.42)
_WIDEST = 0.56  # of a thing
_BESIDE = 1.14  # widths of the thing that the picture leaves free on either side of an occluder
_LONGEST_PAN = 1.3
_TALLEST = 0.70  # of an occluder, so that its roof stays within the picture


@dataclass(frozen=True)
class _Stage:
    """Where an occluder stands, how wide the world between its outer edges is, and the thing's size."""

    cover: Cover | None
    reach: float
    size: float


def random_scene(seed: int, *, thing: Thing | None = None, occluder: str | None = "any") -> Scene:
    """Draw a scene.

    Parameters
    ----------
    seed
        Decides everything that is not given. The other choices do not depend on what is given, except
        where the thing must fit behind the occluder.
    thing
        The moving thing; any of the 64 if not given.
    occluder
        One of `OCCLUDERS`, None for an open track, or "any" of these.

    Raises
    ------
    UnusableInput
        If the occluder is unknown, or the seed negative.
    """
    if occluder is not None and occluder != "any" and occluder not in OCCLUDERS:
        raise UnusableInput(f"{occluder!r} is not an occluder of the tunnel world; use one of {', '.join(OCCLUDERS)}.")
    if seed < 0:
        raise UnusableInput(f"A scene's seed cannot be {seed}; give a whole number of at least 0.")
    dice = np.random.default_rng((seed, 0))
    drawn = Thing(_pick(dice, COLOURS), _pick(dice, SHAPES))
    kind = (*OCCLUDERS, None)[int(dice.choice(4, p=(0.35, 0.2, 0.2, 0.25)))]
    thing = drawn if thing is None else thing
    kind = kind if occluder == "any" else occluder
    setting = _setting(dice, kind)
    stage = _stage(dice, kind, thing)
    leftwards = bool(dice.random() < 0.5)
    motion, camera, cover = _course(dice, thing, stage, leftwards=leftwards)
    return Scene(
        seed=seed,
        thing=thing,
        thing_after=None,
        occluder=kind,
        duration=round(float(dice.uniform(8.0, 10.0)), 2),
        size=stage.size,
        motion=motion,
        camera=camera,
        light=_light(dice),
        setting=setting,
        cover=cover,
        noise=float(dice.choice((0.0, 1.0)) * dice.uniform(0.5, 4.0)),
    )


def _pick(dice: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(dice.integers(len(choices)))]


def _setting(dice: np.random.Generator, occluder: str | None) -> Setting:
    backdrop, outdoors = _pick(dice, BACKDROPS), _pick(dice, tuple(b for b in BACKDROPS if b not in _INDOORS))
    if occluder == "hill":
        backdrop = outdoors
    track_y = float(dice.uniform(0.70, 0.85))
    horizon = track_y - float(dice.uniform(0.12, 0.22))
    return Setting(backdrop, horizon, _pick(dice, TRACKS), track_y)


_EXPOSURES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"morning": (1.03, 0.25), "noon": (1.05, 0.0), "evening": (0.98, 0.5), "overcast": (1.0, -0.3)}
)  # brightness and warmth of each time of day, before chance


def _light(dice: np.random.Generator) -> Light:
    time_of_day = _pick(dice, TIMES_OF_DAY)
    brightness, warmth = _EXPOSURES[time_of_day]
    return Light(time_of_day, brightness + float(dice.uniform(-0.14, 0.05)), warmth + float(dice.uniform(-0.4, 0.4)))


def _stage(dice: np.random.Generator, occluder: str | None, thing: Thing) -> _Stage:
    """Choose the thing's size, and an occluder that is wide and high enough to hide it."""
    wide, tall = EXTENTS[thing.shape]
    chance, extra, spare, tone = dice.random(), dice.random(), dice.uniform(1.3, 1.5), int(dice.integers(28))
    count = int(dice.integers(3, 6))
    largest = min(_SIZES[1], (_TALLEST - 0.06) / (1.5 * tall), _WIDEST / wide)
    if occluder == "pillars":
        return _colonnade(thing, largest, count, (chance, extra, spare), tone)
    size = _SIZES[0] + (largest - _SIZES[0]) * chance
    width = wide * size * 1.12 + 0.14 + 0.34 * extra
    if occluder == "tunnel":
        return _Stage(Cover((0.0,), width, spare * tall * size + 0.06, tone), width + 0.17, size)
    if occluder == "hill":
        return _Stage(Cover((0.0,), width, 1.14 * tall * size + 0.09, tone), width + 0.56, size)
    return _Stage(None, 0.0, size)


def _colonnade(thing: Thing, largest: float, count: int, chances: tuple[float, float, float], tone: int) -> _Stage:
    """Choose pillars that hide the thing wholly, with gaps that show it wholly."""
    wide, tall = EXTENTS[thing.shape]
    chance, extra, spare = chances
    pillar, gap = 1.16 + 0.08 * extra, 1.16
    room = ASPECT + _LONGEST_PAN - 0.25

    def fitting(number: int) -> float:
        return room / wide / (number * pillar + (number - 1) * gap + 2 * _BESIDE)

    while count > 3 and fitting(count) < 1.1 * _SIZES[0]:
        count -= 1
    size = _SIZES[0] + max(min(largest, fitting(count)) - _SIZES[0], 0.0) * chance
    width = pillar * wide * size + 0.02
    step = width + gap * wide * size + 0.03
    centres = tuple(step * (index - (count - 1) / 2) for index in range(count))
    cover = Cover(centres, width, spare * tall * size + 0.08, tone)
    return _Stage(cover, centres[-1] - centres[0] + width + 0.04, size)


def _course(
    dice: np.random.Generator, thing: Thing, stage: _Stage, *, leftwards: bool
) -> tuple[Motion, Camera, Cover | None]:
    """Lay the thing's way and the camera's so that the thing is in full view before and after the occluder."""
    width = EXTENTS[thing.shape][0] * stage.size
    needed = max(0.0, stage.reach + 2 * _BESIDE * width - ASPECT)
    pan = needed + dice.uniform(0.0, 0.2) * (1.0 if needed < 0.2 else 0.2)
    slack = ASPECT + pan - stage.reach - 2 * _BESIDE * width
    place = _BESIDE * width + stage.reach / 2 + slack * dice.uniform(0.15, 0.85)
    outside = dice.uniform(-0.3, 0.45, 2) * width
    sway, phase = dice.uniform(0.0, 0.012), dice.uniform(0.0, 2 * np.pi)
    profile, strength, where = dice.integers(4), dice.uniform(0.25, 0.6), dice.uniform(0.2, 0.8)
    roomy = needed == 0.0 and slack > 0.25
    if not roomy:  # it starts and ends in full view, at the very edge of the picture
        outside = np.full(2, -0.56 * width)
    slowing = (0.0, strength, -strength, 0.0)[profile] * (1.0 if roomy else 0.4)
    pause = strength + 0.35 if profile == 3 and roomy else 0.0

    def world(x: float) -> float:
        return ASPECT - x if leftwards else x

    start, end = world(-outside[0]), world(ASPECT + pan + outside[1])
    motion = Motion(float(start), float(end), slowing, pause, where, 0.09)
    cover = stage.cover
    if cover is not None:
        cover = replace(cover, centres=tuple(sorted(float(world(place) + x) for x in cover.centres)))
    return motion, Camera(float(-pan if leftwards else pan), sway, phase), cover
