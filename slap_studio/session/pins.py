"""A pinned path: kept with all of its settings and figures, to hold another setting's path against."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import AlignmentKind, Array, Descent, Kinetic, Physics
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput

MOST = 2  # pins that are kept: more would hide the path itself
_ARRAYS = ("latents", "times", "kinetic", "potential", "total")


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

    @property
    def name(self) -> str:
        """As it is called on screen."""
        return f"pin {self.number}"

    @property
    def slot(self) -> int:
        """Which of the two styles it is drawn in: neighbouring numbers never share one."""
        return (self.number - 1) % MOST

    def to_parts(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Plain values that JSON can hold, and the arrays, by their names."""
        plain = {"number": self.number, "settings": asdict(self.settings), "figures": asdict(self.figures)}
        return plain, {name: getattr(self, name) for name in _ARRAYS}

    @staticmethod
    def from_parts(plain: dict[str, Any], arrays: dict[str, Array]) -> "Pin":
        """The pin that `to_parts` took apart.

        Raises
        ------
        UnusableInput
            If something is missing, unknown or does not fit together.
        """
        try:
            settings, figures = dict(plain["settings"]), dict(plain["figures"])
            physics = dict(settings["physics"]) | {"kinetic": Kinetic(settings["physics"]["kinetic"])}
            pin = Pin(
                int(plain["number"]),
                Settings(
                    str(settings["query"]), Gap(**settings["gap"]), Physics(**physics), Descent(**settings["descent"]),
                    AlignmentKind(settings["alignment"]),
                ),
                PathFigures(**{field.name: figures[field.name] for field in fields(PathFigures)}),
                np.asarray(arrays["latents"]), np.asarray(arrays["times"], np.float64), np.asarray(arrays["kinetic"]),
                np.asarray(arrays["potential"]), np.asarray(arrays["total"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as fault:
            raise UnusableInput(f"A pinned path cannot be read ({fault}); it is left out.") from None
        count = len(pin.times)
        shapes = {"latents": (count, *pin.latents.shape[1:2]), "kinetic": (count - 1,), "potential": (count,)}
        shapes |= {"times": (count,), "total": (count - 1,)}
        fitting = all(getattr(pin, name).shape == shape for name, shape in shapes.items()) and pin.latents.ndim == 2
        if not fitting or not all(np.isfinite(getattr(pin, name)).all() for name in _ARRAYS):
            raise UnusableInput("A pinned path cannot be read (its arrays do not fit together); it is left out.")
        return pin


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
