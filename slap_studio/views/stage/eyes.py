"""From where scenes in space are looked at, as numbers that a session file keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

STEEPEST = 90.0  # degrees up or down
NEAREST, FARTHEST = 0.02, 200.0  # heights that are seen, in the scene's unit, in which a ball's radius is 1
FAR_OFF = 1000.0  # further than any hand moves a scene aside


@dataclass(frozen=True)
class Eye:
    """From where a scene is looked at.

    Attributes
    ----------
    azimuth, elevation
        Degrees around and up.
    height
        What is seen, in the scene's unit.
    x, y, z
        The place that is looked at.
    """

    azimuth: float
    elevation: float
    height: float
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0

    @property
    def fits(self) -> bool:
        """Whether something can be seen from there."""
        return (
            abs(self.azimuth) <= 360
            and abs(self.elevation) <= STEEPEST
            and NEAREST <= self.height <= FARTHEST
            and max(map(abs, (self.x, self.y, self.z))) <= FAR_OFF
        )


def as_numbers(eyes: Mapping[str, Eye]) -> dict[str, float]:
    """Numbers by the scene's name and theirs, such as "globe/azimuth"."""
    return {
        f"{name}/{field.name}": float(getattr(eye, field.name)) for name, eye in eyes.items() for field in fields(Eye)
    }


def from_numbers(numbers: Mapping[str, float], names: tuple[str, ...]) -> dict[str, Eye]:
    """The eyes of these scenes; one that is not whole or sees nothing is left out."""
    eyes = {}
    for name in names:
        own = {field.name: numbers.get(f"{name}/{field.name}") for field in fields(Eye)}
        known = {field: number for field, number in own.items() if number is not None}
        if len(known) == len(own) and Eye(**known).fits:
            eyes[name] = Eye(**known)
    return eyes
