"""A pinned path: kept with all of its settings and figures, to hold another setting's path against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import AlignmentKind, Array, Descent, Physics
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput

MOST = 2  # pins that are kept: more would hide the path itself


@dataclass(frozen=True)
class Settings:
    """What a path follows from, in a clip that does not change."""

    query: str
    gap: Gap
    physics: Physics
    descent: Descent
    alignment: AlignmentKind


@dataclass(frozen=True)
class PathFigures:
    """Numbers of a path: the action, its two means, the largest gradient, D_sem if it was known, and its alarms."""

    action: float
    s_kin: float
    e_pot: float
    residual: float
    drift: float | None
    alarms: int


@dataclass(frozen=True, eq=False)
class Pin:
    """One pinned path.

    Attributes
    ----------
    number
        Counts up from 1; of two pins the one with the smaller number is the older.
    settings, figures
        As they were when it was pinned.
    latents, times
        The path [N + 2, d], anchors included, and its times in seconds [N + 2].
    kinetic, potential, total
        T [N + 1], V [N + 2] and H [N + 1].
    """

    number: int
    settings: Settings
    figures: PathFigures
    latents: Array
    times: NDArray[np.float64]
    kinetic: Array
    potential: Array
    total: Array

    def __post_init__(self) -> None:
        count = len(self.times)
        shapes = {"times": (count,), "kinetic": (count - 1,), "potential": (count,), "total": (count - 1,)}
        fitting = self.latents.ndim == 2 and len(self.latents) == count >= 2
        fitting &= all(getattr(self, name).shape == shape for name, shape in shapes.items())
        if not fitting or not all(np.isfinite(getattr(self, name)).all() for name in ("latents", *shapes)):
            raise UnusableInput(f"The arrays of {self.name} do not fit together; pin the path again.")

    @property
    def name(self) -> str:
        """As it is called on screen."""
        return f"pin {self.number}"

    @property
    def slot(self) -> int:
        """Which of the two styles it is drawn in: neighbouring numbers never share one."""
        return (self.number - 1) % MOST


def pinned(pins: tuple[Pin, ...], new: Pin) -> tuple[Pin, ...]:
    """The pins with a new one among them; where there are two already the older one goes."""
    return (*pins[-(MOST - 1) :], new) if pins else (new,)


def next_number(pins: tuple[Pin, ...]) -> int:
    """Of the pin that comes next."""
    return max((pin.number for pin in pins), default=0) + 1


def largest_angle(one: Array, other: Array) -> float | None:
    """The largest angle in degrees between the latents of two paths [N + 2, d] at the same place; None if N differs."""
    if one.shape != other.shape:
        return None
    # The chord form, exact near zero.
    apart, together = np.linalg.norm(one - other, axis=-1), np.linalg.norm(one + other, axis=-1)
    return float(np.degrees(2 * np.arctan2(apart, together)).max())
