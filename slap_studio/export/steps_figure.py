"""S, S_kin, E_pot and the largest gradient over the steps of the descent as a figure."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.export import style
from slap_studio.export.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.2, 6.4)


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    panels(list(figure.subplots(4, 1, sharex=True)), subject)


def panels(four: "Sequence[Axes]", subject: Subject, *, drawn: bool = True) -> None:
    """Four axes above one another; perhaps with a line where the drawn path stands."""
    answer = subject.answer
    along, residuals = answer.along, answer.solution.residuals
    shown = min(answer.request.descent.steps, len(along.action) - 1)
    rows = (
        (along.action, "action S\n(no unit)", style.TEXT, "-"),
        (along.s_kin, "S_kin\n(squared chord)", style.OBSERVED, "--"),
        (along.e_pot, "E_pot\n(no unit)", style.POTENTIAL, ":"),
        (residuals, "largest gradient\n(no unit)", style.SECONDARY, "-."),
    )
    for axes, (values, name, colour, dash) in zip(four, rows, strict=True):
        axes.plot(np.arange(len(values)), values, color=colour, linestyle=dash, linewidth=1.7)
        if drawn:
            axes.axvline(shown, color=style.INFERRED, linewidth=1)
        axes.set_ylabel(name)
        style.clean(axes)
        if values is residuals and 0 < 10 * values.min() < values.max():
            style.by_ratios(axes, "y")
    if drawn:
        four[0].annotate(
            f"drawn: K = {shown}", (shown, 1), xycoords=("data", "axes fraction"), xytext=(4, -2),
            textcoords="offset points", va="top", fontsize=8, color=style.INFERRED,
        )  # fmt: skip
    four[-1].set_xlabel("step of the descent")
    four[0].get_figure().align_ylabels(list(four))  # type: ignore[union-attr]
