"""The options that all ways of solving share, from text to checked values."""

import math
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from slap_studio.commands.solve import Settings
from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Method, Physics
from slap_studio.problems import UnusableInput
from slap_studio.sweep import spread

_MOST_VALUES = 1000
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
    weights: Path | None = None,
) -> Settings:
    """Check the command line's values.

    Raises
    ------
    UnusableInput
        For the first that cannot be used.
    """
    kind = _one_of(AlignmentKind, "alignment", alignment)
    if weights is not None and kind is not AlignmentKind.LEARNED:
        raise UnusableInput("--weights belong to the learned alignment; add --alignment learned or leave them out.")
    return Settings(
        Physics(coupling, mass, time_step, _one_of(Kinetic, "kinetic", kinetic)),
        Descent(steps, step_size),
        hidden,
        kind,
        _one_of(Method, "method", method),
        _one_of(Precision, "dtype", dtype).value,
        device,
        weights,
    )


def values(name: str, text: str) -> tuple[float, ...]:
    """The values of a comma list (0.1,0.5,1) or of a range at equal ratios (LOW:HIGH:COUNT), ascending.

    Raises
    ------
    UnusableInput
        If the text is neither, or a value is negative or not finite.
    """
    refusal = UnusableInput(
        f"--{name} cannot be {text!r}; write numbers of at least 0 with commas (0.1,0.5,1), or LOW:HIGH:COUNT with "
        f"0 < LOW < HIGH and a COUNT from 2 to {_MOST_VALUES} (0.01:1000:16)."
    )
    try:
        if ":" in text:
            low, high, count = text.split(":")
            lowest, highest, number = float(low), float(high), int(count)
            if not (0 < lowest < highest < math.inf and 2 <= number <= _MOST_VALUES):
                raise refusal
            return spread(lowest, highest, number)
        found = tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise refusal from None
    if len(found) > _MOST_VALUES or not all(0 <= value < math.inf for value in found):
        raise refusal
    return found


def _one_of(choices: type[Choice], name: str, text: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        allowed = " or ".join(choice.value for choice in choices)
        raise UnusableInput(f"--{name} cannot be {text!r}; use {allowed}.") from None
