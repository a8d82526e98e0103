"""What is shown of what was measured on a path."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
