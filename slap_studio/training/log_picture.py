"""The log of a training run as a picture beside it: how good, how sure and how steep, over the steps."""

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.media.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The light theme of design §7: inferred and secondary.
_MEASURED, _IGNORANT, _GRID = "#B45F00", "#536170", "#d5dce3"


def write_log_picture(log: Path, negatives: int) -> Path:
    """Draw a log as `<stem>.svg` beside it; the same log gives the same bytes.

    Parameters
    ----------
    negatives
        K, for what knowing nothing would give.
    """
    import matplotlib

    picture = log.with_suffix(".svg")
    # Text stays text.
    with (
        matplotlib.rc_context({"svg.hashsalt": "slap", "svg.fonttype": "none", "font.family": "sans-serif"}),
        replacing(picture) as beside,
    ):
        log_figure(log, negatives).savefig(beside, format="svg", metadata={"Date": None})
    return picture


def log_figure(log: Path, negatives: int) -> "Figure":
    """Three panels over one axis of steps: held-out InfoNCE, retrieval in percent, mean gradient norm."""
    from matplotlib.figure import Figure

    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    steps = [int(row["step"]) for row in rows]
    figure = Figure(figsize=(6.4, 6.0), layout="constrained", facecolor="#ffffff")
    panels = figure.subplots(3, 1, sharex=True)
    drawn = (
        ("held_out_infonce", 1, "held-out InfoNCE, nats", math.log(negatives + 1), "log(K+1)"),
        ("held_out_retrieval", 100, f"first among {negatives + 1}, %", 100 / (negatives + 1), "1/(K+1)"),
        ("held_out_gradient", 1, "mean ‖∇P‖, per radian", None, ""),
    )
    for axes, (column, factor, title, ignorant, formula) in zip(panels, drawn, strict=True):
        axes.plot(steps, [factor * float(row[column]) for row in rows], color=_MEASURED, marker="o", markersize=3)
        if ignorant is not None:
            axes.axhline(ignorant, color=_IGNORANT, linestyle="--", linewidth=1.0)
            axes.annotate(
                f"knowing nothing: {formula}", (0.99, ignorant), xycoords=("axes fraction", "data"), xytext=(0, 3),
                textcoords="offset points", ha="right", fontsize=8, color=_IGNORANT,
            )  # fmt: skip
        axes.set(ylabel=title, ylim=(0, 105) if factor == 100 else (0, None))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(visible=True, color=_GRID, linewidth=0.6)
        axes.set_axisbelow(True)
    panels[0].set_ylim(0, 1.15 * max(panels[0].get_ylim()[1], math.log(negatives + 1)))
    panels[-1].set_xlabel("step")
    return figure
