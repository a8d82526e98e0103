"""What a scene of the tunnel world is: a thing that moves along a track, what hides it, and the light.

Lengths are in units of the frame's height, x to the right and y downwards from the top left corner of the
picture; a picture is `ASPECT` wide. Times are in seconds, and a *share* is a time divided by the duration.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any

from slap_studio.problems import UnusableInput

ASPECT = 16 / 9
"""Width of the picture; any other size that is asked for squashes it."""

COLOURS: tuple[str, ...] = ("red", "orange", "yellow", "green", "blue", "purple", "white", "black")
SHAPES: tuple[str, ...] = ("cube", "ball", "cone", "cylinder", "star", "ring", "train", "car")
OCCLUDERS: tuple[str, ...] = ("tunnel", "hill", "pillars")
BACKDROPS: tuple[str, ...] = (
    "meadow",
    "mountains",
    "forest",
    "lake",
    "desert",
    "town",
    "room",
    "studio",
)
TRACKS: tuple[str, ...] = ("rails", "road", "belt", "boards")
TIMES_OF_DAY: tuple[str, ...] = ("morning", "noon", "evening", "overcast")

EXTENTS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "cube": (1.0, 1.0),
        "ball": (1.0, 1.0),
        "cone": (0.94, 1.08),
        "cylinder": (0.70, 1.02),
        "star": (1.10, 1.05),
        "ring": (1.0, 1.0),
        "train": (1.60, 0.80),
        "car": (1.42, 0.70),
    }
)
"""Width and height of each shape, as multiples of a scene's size."""


def _one_of(value: object, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise UnusableInput(f"{value!r} is not {what} of the tunnel world; use one of {', '.join(known)}.")


@dataclass(frozen=True)
class Thing:
    """The moving object."""

    colour: str
    shape: str

    def __post_init__(self) -> None:
        _one_of(self.colour, COLOURS, "a colour")
        _one_of(self.shape, SHAPES, "a shape")

    def __str__(self) -> str:
        return f"{self.colour} {self.shape}"


@dataclass(frozen=True)
class Motion:
    """How the thing's centre goes from `start` to `end`: speeding up, slowing down, or pausing on the way.

    Its speed over the share u is proportional to 1 + slowing·(1 − 2u) − pause·exp(−((u − pause_at)/width)²);
    the position is that integral in closed form, so the motion is smooth and never goes backwards.
    """

    start: float
    end: float
    slowing: float = 0.0
    pause: float = 0.0
    pause_at: float = 0.5
    pause_width: float = 0.08

    def _travelled(self, share: float) -> float:
        half_bell = self.pause_width * math.sqrt(math.pi) / 2
        lost = math.erf((share - self.pause_at) / self.pause_width) + math.erf(self.pause_at / self.pause_width)
        return share + self.slowing * (share - share * share) - self.pause * half_bell * lost

    def position(self, share: float) -> float:
        """x of the thing's centre in the world at a share of the duration."""
        return self.start + (self.end - self.start) * self._travelled(share) / self._travelled(1.0)


@dataclass(frozen=True)
class Camera:
    """A slow drift: `pan` over the whole clip, and a sway of a given amplitude."""

    pan: float = 0.0
    sway: float = 0.0
    phase: float = 0.0

    def offset(self, share: float) -> tuple[float, float]:
        """How far the camera has moved right and down at a share of the duration."""
        angle = 2 * math.pi * share + self.phase
        return self.pan * share + self.sway * math.sin(angle), 0.4 * self.sway * math.sin(2 * angle)


@dataclass(frozen=True)
class Light:
    """The time of day with the brightness (1 is full) and warmth (0 is neutral) of the whole picture."""

    time_of_day: str = "noon"
    brightness: float = 1.0
    warmth: float = 0.0

    def __post_init__(self) -> None:
        _one_of(self.time_of_day, TIMES_OF_DAY, "a time of day")


@dataclass(frozen=True)
class Setting:
    """What stands behind: the kind of backdrop and where it meets the ground, the track and its height."""

    backdrop: str = "meadow"
    horizon: float = 0.56
    track: str = "rails"
    track_y: float = 0.74

    def __post_init__(self) -> None:
        _one_of(self.backdrop, BACKDROPS, "a backdrop")
        _one_of(self.track, TRACKS, "a track")


@dataclass(frozen=True)
class Cover:
    """Where the occluder stands: its parts' centres in the world, the width of each, its height, its tone."""

    centres: tuple[float, ...]
    width: float
    height: float
    tone: int = 0

    @property
    def centre(self) -> float:
        """Middle of the whole occluder."""
        return (self.centres[0] + self.centres[-1]) / 2


@dataclass(frozen=True)
class Scene:
    """Everything that a frame depends on; two equal scenes give the same pictures.

    Parameters
    ----------
    seed
        Decides the details: where trees, bricks, houses and specks of noise lie.
    thing, thing_after, change_time
        The moving object, and the one that takes its place at `change_time` (both or neither are given).
    occluder, cover
        The kind of occluder and where it stands (both or neither are given).
    duration
        Seconds.
    size
        The thing's size; its width and height are this times its shape's `EXTENTS`.
    noise
        Standard deviation of the camera's noise, in grey levels of 0..255.
    """

    seed: int
    thing: Thing
    thing_after: Thing | None
    occluder: str | None
    duration: float
    size: float
    motion: Motion
    camera: Camera
    light: Light
    setting: Setting
    cover: Cover | None
    change_time: float | None = None
    noise: float = 0.0

    def __post_init__(self) -> None:
        if self.occluder is not None:
            _one_of(self.occluder, OCCLUDERS, "an occluder")
        if (self.occluder is None) != (self.cover is None):
            raise UnusableInput("A scene needs both an occluder and its cover, or neither; give the other one.")
        if (self.thing_after is None) != (self.change_time is None):
            raise UnusableInput(
                "A scene needs both a second thing and its change time, or neither; give the other one."
            )

    def thing_at(self, time: float) -> Thing:
        """Return the thing that travels at a time, whether or not it can be seen."""
        if self.thing_after is not None and self.change_time is not None and time >= self.change_time:
            return self.thing_after
        return self.thing

    def position(self, time: float) -> float:
        """x of the thing's centre in the world at a time."""
        return self.motion.position(time / self.duration)

    def camera_at(self, time: float) -> tuple[float, float]:
        """How far the camera has moved right and down at a time."""
        return self.camera.offset(time / self.duration)

    def extent_at(self, time: float) -> tuple[float, float]:
        """Width and height of the thing that travels at a time."""
        width, height = EXTENTS[self.thing_at(time).shape]
        return width * self.size, height * self.size

    @property
    def leftwards(self) -> bool:
        """Whether the thing travels to the left."""
        return self.motion.end < self.motion.start

    def to_json(self) -> dict[str, Any]:
        """Return the scene as plain values that the `json` module writes."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Scene":
        """Make the scene that `to_json` described.

        Raises
        ------
        UnusableInput
            If a field is missing, unknown, or of the wrong kind.
        """
        parts = {"motion": Motion, "camera": Camera, "light": Light, "setting": Setting}
        try:
            made: dict[str, Any] = {name: part(**values[name]) for name, part in parts.items()}
            made["thing"] = Thing(**values["thing"])
            after, cover = values["thing_after"], values["cover"]
            made["thing_after"] = None if after is None else Thing(**after)
            made["cover"] = None if cover is None else Cover(**{**cover, "centres": tuple(cover["centres"])})
            plain = {field.name: values[field.name] for field in fields(cls) if field.name not in made}
            return cls(**plain, **made)
        except (KeyError, TypeError) as error:
            raise UnusableInput(
                f"This is not a scene of the tunnel world ({error}); write it again with this version of SLAP Studio."
            ) from error
