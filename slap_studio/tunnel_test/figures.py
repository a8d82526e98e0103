"""The report's pictures, as SVG that needs nothing else."""

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from slap_studio.core.regimes import regime
from slap_studio.core.types import Array
from slap_studio.tunnel_test import paper
from slap_studio.tunnel_test.protocol import BY_FRACTION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The light theme of design §7: inferred, observed, V, query, alarm, secondary; dashes are the second cue.
OURS, GREYS = "#B45F00", ("#536170", "#0072B2", "#A8457F", "#00795a", "#7a5c00", "#17202a")
DASHES = ("--", ":", "-.", (0, (6, 2)), (0, (1, 1)), (0, (4, 1, 1, 1)), (0, (8, 3)))
MARKS = ("s", "^", "v", "D", "P", "X", "o")


def by_fraction(methods: list[Mapping[str, Any]]) -> str:
    """Accuracy against how much of the object shows at the anchors, every method with its interval."""
    figure, axes = _figure(7.6, 4.0)
    shares = [100 * (one.fraction or 0) for one in BY_FRACTION]
    for index, row in enumerate(methods):
        points = np.array([row["conditions"][one.name]["accuracy"] for one in BY_FRACTION]) * 100
        style = _style(index, row["label"].startswith("SLAP"), len(methods))
        axes.plot(shares, points[:, 0], label=row["label"], **style)
        axes.fill_between(shares, points[:, 1], points[:, 2], color=style["color"], alpha=0.10, linewidth=0)
    axes.axhline(20, color="#93a1b0", linewidth=0.8)
    axes.annotate(
        "guessing among five", (100, 20), xytext=(0, 3), textcoords="offset points", fontsize=8, color="#536170"
    )
    axes.set(xlabel="visible at the anchors, %", ylabel="accuracy, %", ylim=(0, 103), xlim=(104, 6))
    axes.set_xticks(shares)
    _legend(axes)
    return _svg(figure)


def over_coupling(sweeps: Mapping[str, list[Mapping[str, Any]]]) -> str:
    """Accuracy, drift, S_kin and E_pot against λ under the learned alignment and the cosine, with Table 7's regimes."""
    figure = _empty(7.6, 6.4)
    panels = figure.subplots(2, 2, sharex=True)
    titles = {"accuracy": "accuracy, %", "drift_oracle": "drift (oracle query)", "s_kin": "S_kin", "e_pot": "E_pot"}
    for axes, (measure, title) in zip(panels.flat, titles.items(), strict=True):
        factor = 100 if measure == "accuracy" else 1
        for name, colour, dash, mark in (("coupling", OURS, "-", "o"), ("coupling, cosine", "#0072B2", "--", "s")):
            rows = [row for row in sweeps[name] if float(row["label"]) > 0]
            x = [float(row["label"]) for row in rows]
            points = np.array([row[measure] for row in rows]) * factor
            label = "learned" if name == "coupling" else "cosine"
            axes.plot(x, points[:, 0], color=colour, linestyle=dash, marker=mark, markersize=4, label=label)
            axes.fill_between(x, points[:, 1], points[:, 2], color=colour, alpha=0.12, linewidth=0)
        if measure == "accuracy":
            printed = {float(label): 100 * row[0] for label, row in paper.COUPLING.items() if float(label) > 0}
            axes.plot(list(printed), list(printed.values()), color="#536170", linestyle=":", marker="x", label="paper")
        if measure == "s_kin":
            axes.set_yscale("log")
        axes.set(xscale="log", ylabel=title)
        _clean(axes)
    for axes in panels[1]:
        axes.set_xlabel("λ (μ = 1)")
    top = panels[0, 0]
    top.legend(frameon=False, fontsize=8)
    for value in (0.1, 0.5, 1.0, 5.0, 10.0):
        top.annotate(
            regime(value).name, (value, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 4),
            textcoords="offset points", fontsize=7, rotation=30, color="#536170",
        )  # fmt: skip
    return _svg(figure)


def over_time(curves: Mapping[str, Array]) -> str:
    """Cosine distance to the frames without the tunnel at every hidden step of one clip."""
    figure, axes = _figure(7.6, 3.6)
    for index, (label, distances) in enumerate(curves.items()):
        style = _style(index, label.startswith("SLAP,") and "cosine" not in label, len(curves))
        axes.plot(np.arange(1, len(distances) + 1), distances, label=label, **style)
    axes.set(xlabel="hidden step", ylabel="cosine distance to the truth", ylim=(0, None))
    _legend(axes)
    return _svg(figure)


def _style(index: int, ours: bool, count: int) -> dict[str, Any]:
    if ours:
        return {"color": OURS, "linestyle": "-" if index == count - 1 else "--", "marker": "o", "linewidth": 2.2}
    return {
        "color": GREYS[index % len(GREYS)], "linestyle": DASHES[index % len(DASHES)],
        "marker": MARKS[index % len(MARKS)], "markersize": 4, "linewidth": 1.4,
    }  # fmt: skip


def _empty(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="#ffffff")


def _figure(width: float, height: float) -> "tuple[Figure, Axes]":
    figure = _empty(width, height)
    axes = figure.subplots()
    _clean(axes)
    return figure, axes


def _clean(axes: "Axes") -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#d5dce3", linewidth=0.6)
    axes.set_axisbelow(True)


def _legend(axes: "Axes") -> None:
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _svg(figure: "Figure") -> str:
    import matplotlib

    # Text stays text, and the same figures give the same bytes.
    with matplotlib.rc_context({"svg.hashsalt": "slap", "svg.fonttype": "none", "font.family": "sans-serif"}):
        page = io.StringIO()
        figure.savefig(page, format="svg", metadata={"Date": None})
    svg = page.getvalue()
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"|(<svg[^>]*?) height="[^"]*"([^>]*?) width="[^"]*"',
                  lambda found: (found[1] or f"{found[2]}{found[3]}"), svg[svg.index("<svg") :], count=1)  # fmt: skip
