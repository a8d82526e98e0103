"""The map as a figure: landscape, observed frames, the path and what stands beside it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import AlignmentKind, Array
from slap_studio.export import style
from slap_studio.export.subject import Subject
from slap_studio.stands import map_stand

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

SIZE = (8.0, 5.6)
CONTOURS = 12
_SUPPORTED = 0.05  # of the support: the landscape means nothing below
VALUES = {
    AlignmentKind.COSINE: "V = 1 − ⟨z, q⟩, potential energy (no unit)",
    AlignmentKind.LEARNED: "V = −P_θ(z, q), potential energy (no unit)",
}


@dataclass(frozen=True)
class Trail:
    """The marks of one path on the map, which a motion moves."""

    line: Any
    inferred: Any
    alarming: Any

    def show(self, places: Array, alarming: NDArray[np.bool_]) -> None:
        """Lay them on other places [N + 2, 2], of which the hidden ones [N] may be alarming."""
        self.line.set_data(*places.T)
        self.inferred.set_data(*places[1:-1][~alarming].T)
        self.alarming.set_data(*places[1:-1][alarming].T)

    @property
    def artists(self) -> "tuple[Artist, ...]":
        """In the order in which they are drawn."""
        return (self.line, self.inferred, self.alarming)


def draw(figure: "Figure", subject: Subject) -> None:
    """The whole figure."""
    axes = figure.subplots()
    ground(axes, figure, subject)
    _beside(axes, subject)
    trail(axes, subject)
    ends(axes, subject)
    figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=8)


def ground(axes: "Axes", figure: "Figure", subject: Subject) -> None:
    """The landscape with its scale, the observed frames, the axes' names."""
    request = subject.answer.request
    field, kind = request.ground, request.picture.kind.value
    shown = np.ma.masked_where(field.support <= _SUPPORTED, subject.answer.potential)
    extent = (field.left, field.right, field.bottom, field.top)
    if shown.count():
        drawn = axes.imshow(
            subject.answer.potential, origin="lower", extent=extent, cmap=_glow(), interpolation="bilinear", zorder=0,
            alpha=np.clip(field.support, 0, 1), vmin=float(shown.min()), vmax=float(shown.max()) + 1e-9,
        )  # fmt: skip
        if np.ptp(shown) > 0:
            axes.contour(
                shown, CONTOURS, origin="lower", extent=extent, colors=style.SECONDARY, linewidths=0.35, zorder=1
            )
        figure.colorbar(drawn, ax=axes, label=VALUES[request.alignment], shrink=0.8, pad=0.02)
    seen = map_stand(request.picture).shown(subject.answer.posed.observed)
    places = request.picture.places[seen]
    axes.plot(*places.T, "o", color=style.OBSERVED, markersize=3.2, label="observed frame", linestyle="", zorder=3)
    axes.set(
        xlabel=f"{kind} axis 1 (no unit)", ylabel=f"{kind} axis 2 (no unit)", aspect="equal",
        xlim=(field.left, field.right), ylim=(field.bottom, field.top),
    )  # fmt: skip
    axes.spines[["top", "right"]].set_visible(False)


def _glow() -> "Colormap":
    """Low V in a light blue that marks stand out from, high V white."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("glow", ["#7fb8d8", "#ffffff"])


def trail(axes: "Axes", subject: Subject) -> Trail:
    """The path: a line through hollow marks, of which alarming ones are triangles."""
    # An empty set of triangles is named in the legend only where there are some.
    alarmed = bool(subject.answer.alarm.raised.any())
    (line,) = axes.plot([], [], color=style.INFERRED, linewidth=2.0, label="path", zorder=5)
    (inferred,) = axes.plot(
        [], [], "o", markersize=4.6, markerfacecolor="#ffffff", markeredgecolor=style.INFERRED, markeredgewidth=1.2,
        label="inferred latent", zorder=6,
    )  # fmt: skip
    (alarming,) = axes.plot(
        [], [], "^", markersize=6.5, markerfacecolor="#ffffff", markeredgecolor=style.ALARM, markeredgewidth=1.2,
        label="inferred, near no frame" if alarmed else "_", zorder=6,
    )  # fmt: skip
    made = Trail(line, inferred, alarming)
    made.show(subject.answer.places, subject.answer.alarm.raised)
    return made


def ends(axes: "Axes", subject: Subject) -> "tuple[Artist, ...]":
    """What does not move: the geodesic, the anchors, the query; what of it lies on the path is given back."""
    answer = subject.answer
    axes.plot(*answer.geodesic.T, color=style.SECONDARY, linewidth=1.3, linestyle="--", label="geodesic", zorder=4)
    anchors = axes.plot(
        *answer.places[[0, -1]].T, "o", color=style.OBSERVED, markersize=8, markeredgecolor=style.TEXT,
        markeredgewidth=1.2, label="anchor", linestyle="", zorder=7,
    )  # fmt: skip
    star = axes.plot(
        *answer.query_place[:, None], "*", color=style.QUERY, markersize=13, markeredgecolor="#ffffff",
        label=f"query “{answer.request.query}”", linestyle="", zorder=8,
    )  # fmt: skip
    names = [
        axes.annotate(
            name, place, xytext=(0, -13), textcoords="offset points", ha="center", fontsize=8, zorder=9,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.8},
        )
        for name, place in (("start", answer.places[0]), ("end", answer.places[-1]))
    ]  # fmt: skip
    return (*anchors, *star, *names)


def _beside(axes: "Axes", subject: Subject) -> None:
    """Earlier iterates, the true minimum, other methods dashed and grey, the truth through hollow diamonds."""
    for index, ghost in enumerate(subject.answer.ghosts):
        axes.plot(
            *ghost.T, color=style.INFERRED, linewidth=0.9, alpha=0.35, label="_" if index else "earlier steps", zorder=4
        )
    if subject.minimum_places is not None:
        axes.plot(
            *subject.minimum_places.T, color=style.TEXT, linewidth=1.6, linestyle=":", label="least action", zorder=4
        )
    found = subject.comparison
    if found is not None and subject.compared:
        for index, other in enumerate(found.others):
            axes.plot(*other.places.T, label=other.name, zorder=4, **style.other(index))
    if found is not None and subject.revealed:
        axes.plot(
            *found.truth_places.T, "D-", color=style.OBSERVED, linewidth=0.9, markersize=4, markerfacecolor="#ffffff",
            label=f"truth, {found.truth.value}", zorder=5,
        )  # fmt: skip
