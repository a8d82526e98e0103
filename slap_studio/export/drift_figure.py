"""How far the path, and other methods' paths, stray from the truth, as a figure."""

from typing import TYPE_CHECKING

from slap_studio.export import style
from slap_studio.export.subject import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (7.2, 3.8)


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    found = subject.comparison
    assert found is not None  # noqa: S101 (see `figures.missing`)
    axes = figure.subplots()
    times = found.answer.posed.times[1:-1]
    if subject.compared:
        for index, other in enumerate(found.others):
            axes.plot(times, other.angles, label=other.name, **style.other(index))
    axes.plot(
        times, found.ours.angles, color=style.INFERRED, linewidth=2.2, marker="o", markersize=3.5,
        markerfacecolor="#ffffff", label=f"path, D_sem = {found.drift:.3g}",
    )  # fmt: skip
    axes.set(
        xlabel="time in the clip (s)", ylabel=f"angle to the truth,\n{found.truth.value} (degrees)", ylim=(0, None)
    )
    style.clean(axes)
    style.legend(axes)
