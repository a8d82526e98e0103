"""What the path's latents read as, as a figure: stacked areas over the gap, each with a hatching of its own."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.export import style
from slap_studio.export.subject import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from slap_studio.core.types import Array

SIZE = (7.2, 3.4)
_COLOURS = (style.INFERRED, style.OBSERVED, style.POTENTIAL, style.QUERY, style.SECONDARY, style.GRID)
_HATCHES = ("", "///", "\\\\\\", "---", "|||", "...")


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    answer = subject.answer
    axes = figure.subplots()
    tops = 100 * np.cumsum(answer.readout.shares, axis=1)
    below: Array = np.zeros(len(tops))
    for index, label in enumerate(answer.readout.labels):
        colour = _COLOURS[index % len(_COLOURS)]
        axes.fill_between(
            answer.posed.times, below, tops[:, index], facecolor=f"{colour}59", edgecolor=colour,
            hatch=_HATCHES[index % len(_HATCHES)], linewidth=0.8, label=label,
        )  # fmt: skip
        below = tops[:, index]
    axes.set(
        xlabel="time in the clip (s)", ylabel="share of the readout (%)", ylim=(0, 100),
        xlim=(answer.posed.times[0], answer.posed.times[-1]),
    )  # fmt: skip
    style.clean(axes)
    style.legend(axes, reverse=True)
