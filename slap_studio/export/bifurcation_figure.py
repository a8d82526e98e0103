"""The bifurcation as a figure: for every coupling, where the last steps of a long descent put the middle latent."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.export import style
from slap_studio.export.subject import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (7.2, 4.2)


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    branches = subject.branches
    assert branches is not None  # noqa: S101 (see `figures.missing`)
    axes = figure.subplots()
    axes.plot(
        np.repeat(branches.couplings, branches.heights.shape[1]), branches.heights.ravel(), ".", markersize=1.6,
        color=style.INFERRED, linestyle="", label=f"last {branches.heights.shape[1]} steps of each descent",
    )  # fmt: skip
    present = subject.answer.request.physics.coupling
    if present > 0:
        # Zero has no place on a logarithmic axis.
        axes.axvline(present, color=style.TEXT, linewidth=1, linestyle="--", label=f"drawn: λ = {present:g}")
    style.by_ratios(axes, "x")
    axes.set(
        xlabel="coupling λ (no unit)", ylim=(-1.05, 1.05),
        ylabel="height of the middle latent\nover the query's tangent plane (no unit)",
    )  # fmt: skip
    style.clean(axes)
    style.legend(axes, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
