"""T, V and H over the gap as a figure: each on an axis of its own, all on one time axis."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.core.types import AlignmentKind, Array
from slap_studio.export import style
from slap_studio.export.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.2, 5.4)
VALUES = {AlignmentKind.COSINE: "V = 1 − ⟨z, q⟩", AlignmentKind.LEARNED: "V = −P_θ(z, q)"}


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    panels(list(figure.subplots(3, 1, sharex=True)), subject)


def panels(three: "Sequence[Axes]", subject: Subject) -> None:
    """Kinetic, potential and total energy on three axes above one another."""
    answer = subject.answer
    times: Array = answer.posed.times
    midways, energies = (times[1:] + times[:-1]) / 2, answer.energies
    rows = (
        (midways, energies.kinetic, "kinetic T\n(no unit)", style.OBSERVED, "-", "."),
        (times, energies.potential, f"potential\n{VALUES[answer.request.alignment]}\n(no unit)", style.POTENTIAL,
         "-.", "s"),
        (midways, answer.total, "total H = T + λP\n(no unit)", style.TEXT, "--", "^"),
    )  # fmt: skip
    for axes, (x, values, name, colour, dash, mark) in zip(three, rows, strict=True):
        axes.plot(x, values, color=colour, linestyle=dash, marker=mark, markersize=3.5, linewidth=1.5)
        _keep_calm(axes, values, float(np.abs(energies.kinetic).max(initial=0.0)))
        axes.axvspan(times[0], times[-1], color=style.INFERRED, alpha=0.06, linewidth=0)
        axes.set_ylabel(name)
        style.clean(axes)
    three[-1].set_xlabel("time in the clip (s)")
    three[0].get_figure().align_ylabels(list(three))  # type: ignore[union-attr]


def _keep_calm(axes: "Axes", values: Array, most: float) -> None:
    """Never magnify variations below a twentieth of the largest T: rounding must not look like a curve."""
    middle, least = (float(values.max()) + float(values.min())) / 2, max(0.05 * most, 1e-9)
    if float(np.ptp(values)) < least:
        axes.set_ylim(middle - least, middle + least)
