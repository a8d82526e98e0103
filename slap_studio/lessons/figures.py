"""The figures that lessons speak of, by name: read from what is drawn and measured, never written into a lesson."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Measured

Figures = Mapping[str, float | str]


@dataclass(frozen=True)
class Kind:
    """One figure: how it is written for people, and whether it is a word instead of a number."""

    symbol: str
    word: bool = False
    whole: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "coupling": Kind("λ"),
        "mass": Kind("μ"),
        "ratio": Kind("κ"),
        "step_size": Kind("α"),
        "steps": Kind("K", whole=True),
        "hidden": Kind("N", whole=True),
        "action": Kind("S"),
        "s_kin": Kind("S_kin"),
        "e_pot": Kind("E_pot"),
        "e_pot_geodesic": Kind("E_pot of the geodesic"),
        "roughness": Kind("roughness"),
        "residual": Kind("largest gradient"),
        "turn": Kind("angle between the anchors"),
        "t_least": Kind("least T"),
        "t_middle": Kind("T in the middle"),
        "t_most": Kind("largest T"),
        "t_span": Kind("largest T minus least T"),
        "h_span": Kind("largest H minus least H"),
        "v_start": Kind("V at the start"),
        "v_middle": Kind("V in the middle"),
        "alarms": Kind("alarms", whole=True),
        "regime": Kind("name in Table 7", word=True),
        "measured": Kind("measured", word=True),
        "reads_as": Kind("middle latent reads as", word=True),
        "reads_share": Kind("share of what it reads as"),
        "entering": Kind("goes in", word=True),
        "leaving": Kind("comes out", word=True),
        # Measured a moment after the path is drawn.
        "least_action": Kind("S of the least-action path"),
        "least_e_pot": Kind("E_pot of the least-action path"),
        "edge": Kind("α·h_max"),
        "twin_rate": Kind("rate of the twins per step"),
        "period": Kind("period", whole=True),
        "twins": Kind("twin starts", word=True),
        # Measured where the truth is shown.
        "drift": Kind("D_sem"),
    }
)


def figures_of(answer: "LiveAnswer", measured: "Measured | None", comparison: "Comparison | None") -> Figures:
    """Every figure that is known of a drawn path; what was measured on another path is left out.

    Parameters
    ----------
    answer
        The drawn path.
    measured, comparison
        What came after it, if it did.
    """
    found = _drawn(answer)
    if measured is not None and measured.answer is answer:
        found |= _measured(measured)
    if comparison is not None and comparison.answer is answer:
        found["drift"] = float(comparison.drift)
    return found


def _drawn(answer: "LiveAnswer") -> dict[str, float | str]:
    request, energies = answer.request, answer.energies
    kinetic, potential, shares = energies.kinetic, energies.potential, answer.readout.shares
    middle = len(potential) // 2
    first = int(np.argmax(shares[middle]))
    cosine = float(np.clip(answer.latents[0] @ answer.latents[-1], -1, 1))
    return {
        "coupling": request.physics.coupling,
        "mass": request.physics.mass,
        "ratio": request.physics.ratio,
        "step_size": request.descent.step_size,
        "steps": request.descent.steps,
        "hidden": len(answer.nearest),
        "action": float(energies.action),
        "s_kin": float(energies.s_kin),
        "e_pot": float(energies.e_pot),
        "e_pot_geodesic": float(answer.along.at(0).e_pot),
        "roughness": answer.roughness,
        "residual": answer.residual,
        "turn": float(np.degrees(np.arccos(cosine))),
        "t_least": float(kinetic.min()),
        "t_middle": float(kinetic[len(kinetic) // 2]),
        "t_most": float(kinetic.max()),
        "t_span": float(np.ptp(kinetic)),
        "h_span": float(np.ptp(answer.total)),
        "v_start": float(potential[0]),
        "v_middle": float(potential[middle]),
        "alarms": int(answer.alarm.raised.sum()),
        "regime": answer.regime,
        "measured": answer.measured,
        "reads_as": answer.readout.labels[first],
        "reads_share": float(shares[middle, first]),
        "entering": answer.readout.entering,
        "leaving": answer.readout.leaving,
    }


def _measured(measured: "Measured") -> dict[str, float | str]:
    twins = measured.divergence
    period = twins.period or 0
    return {
        "least_action": float(measured.minimum.energies.action),
        "least_e_pot": float(measured.minimum.energies.e_pot),
        "edge": float(measured.certificates[0].value),
        "twin_rate": twins.rate,
        "period": period,
        "twins": "chaotic" if twins.chaotic else "periodic" if period else "not chaotic",
    }


def said(name: str, value: float | str) -> str:
    """A figure's value for people, with three significant digits.

    Parameters
    ----------
    name
        One of `KINDS`.
    """
    if isinstance(value, str):
        return value
    if KINDS[name].whole:
        return f"{value:.0f}"
    if value == 0:
        return "0"
    if abs(value) < 1e-4:
        return f"{value:.1e}".replace("e-0", "e−").replace("-", "−")
    if abs(value) >= 999.5:
        return f"{value:,.0f}".replace(",", " ").replace("-", "−")
    return f"{value:#.3g}".rstrip(".").replace("-", "−")
