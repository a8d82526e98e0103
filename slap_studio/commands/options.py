"""The options that all ways of solving share, from text to checked values."""

from enum import StrEnum
from typing import TypeVar

from slap_studio.commands.solve import Settings
from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Method, Physics
from slap_studio.problems import UnusableInput

Choice = TypeVar("Choice", bound=StrEnum)


class Precision(StrEnum):
    """Precision of the arithmetic."""

    FLOAT32 = "float32"
    FLOAT64 = "float64"


def settings(
    *,
    coupling: float,
    mass: float,
    time_step: float,
    steps: int,
    step_size: float,
    kinetic: str,
    alignment: str,
    method: str,
    dtype: str,
    device: str,
    hidden: int | None,
) -> Settings:
    """Check the command line's values.

    Raises
    ------
    UnusableInput
        For the first that cannot be used.
    """
    return Settings(
        Physics(coupling, mass, time_step, _one_of(Kinetic, "kinetic", kinetic)),
        Descent(steps, step_size),
        hidden,
        _one_of(AlignmentKind, "alignment", alignment),
        _one_of(Method, "method", method),
        _one_of(Precision, "dtype", dtype).value,
        device,
    )


def _one_of(choices: type[Choice], name: str, text: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        allowed = " or ".join(choice.value for choice in choices)
        raise UnusableInput(f"--{name} cannot be {text!r}; use {allowed}.") from None
