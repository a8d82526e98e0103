"""What is shown of what was measured on a path."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Measured
    from slap_studio.views.lights import Light

# In the order of `measured.Measured.certificates`: what holds where the light is on.
LIGHTS = (
    "step is stable", "stationary", "convex here", "hemisphere", "Thm 3.6 printed", "Thm 3.6 proved",
    "Thm 3.7 bound",
)  # fmt: skip


def lights(measured: "Measured") -> "tuple[Light, ...]":
    """The certificates as lamps."""
    from slap_studio.views.lights import Light

    return tuple(
        Light(word, found.holds, found.value, found.relation, found.bound, f"{found.name}: {found.sentence}")
        for word, found in zip(LIGHTS, measured.certificates, strict=True)
    )


def path_of(answer: "LiveAnswer") -> tuple[object, ...]:
    """What a path depends on: two answers with the same have the same certificates."""
    request = answer.request
    return (id(request.clip), request.query, request.gap, request.physics, request.descent, request.alignment)


def problem_of_branches(answer: "LiveAnswer") -> tuple[object, ...]:
    """Everything that the branches depend on: all of a request but its coupling and its steps."""
    request = answer.request
    physics = replace(request.physics, coupling=0.0)
    return (id(request.clip), request.query, request.gap, physics, request.descent.step_size, request.alignment)
