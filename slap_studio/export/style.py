"""How every exported figure looks: the light theme of design §7 on white, and a line style for every colour."""

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slap_studio import __version__
from slap_studio.export.subject import Subject, caption, settings
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEXT, SECONDARY, GRID, ALARM = "#17202a", "#536170", "#d5dce3", "#C43E00"
OBSERVED, INFERRED, QUERY, POTENTIAL = "#0072B2", "#B45F00", "#00795a", "#A8457F"
DASHES = ((0, (7, 4)), (0, (2, 3)), (0, (10, 3)), (0, (5, 7)), (0, (3, 2)), (0, (12, 7)))  # of other methods
MARKS = ("s", "^", "v", "D", "P", "X")  # of other methods
DOTS_PER_INCH = 200
ENDINGS = (".svg", ".png")
_SETTINGS = {
    "svg.hashsalt": "slap", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
    "text.color": TEXT, "axes.labelcolor": TEXT, "axes.edgecolor": SECONDARY, "xtick.color": SECONDARY,
    "ytick.color": SECONDARY, "hatch.linewidth": 0.6, "text.parse_math": False, "path.simplify": False,
}  # fmt: skip


@contextmanager
def dressed() -> "Iterator[None]":
    """While inside, figures are made and written in the house's style; text stays text in an SVG."""
    import matplotlib

    with matplotlib.rc_context(_SETTINGS):
        yield


def empty(width: float, height: float) -> "Figure":
    """A white figure of a size in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="#ffffff")


def clean(axes: "Axes") -> None:
    """No box; a faint grid behind what is drawn."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def legend(axes: "Axes", **more: Any) -> None:
    """Names of what is drawn, beside it."""
    axes.legend(**{"frameon": False, "fontsize": 8, "loc": "center left", "bbox_to_anchor": (1.01, 0.5)} | more)


def other(index: int) -> dict[str, Any]:
    """How the line of another method is drawn: dashed and grey, told by its dashes and its marks."""
    return {
        "color": SECONDARY, "linewidth": 1.1, "linestyle": DASHES[index % len(DASHES)],
        "marker": MARKS[index % len(MARKS)], "markersize": 4, "markerfacecolor": "#ffffff", "markeredgewidth": 0.9,
        "markevery": (index % 5, 5),
    }  # fmt: skip


def by_ratios(axes: "Axes", axis: str, *, with_zero: bool = False) -> None:
    """A logarithmic axis with plain numbers; with zero it is even near it, so that zero has a place."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.set(**{f"{axis}scale": "symlog" if with_zero else "log"})
    scale = getattr(axes, f"{axis}axis")
    scale.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
    scale.set_minor_formatter(NullFormatter())


def caption_below(figure: "Figure", subject: Subject) -> None:
    """Write the settings below a figure, as small as they can be read, in as many lines as its width asks for."""
    from textwrap import wrap

    most = int(21 * figure.get_size_inches()[0])  # signs of this size that an inch holds
    figure.supxlabel("\n".join(wrap(caption(subject), most)), fontsize=6.5, color=SECONDARY)


def save(figure: "Figure", path: Path, ending: str, title: str, subject: Subject) -> None:
    """Write a figure as SVG or PNG with the settings in its metadata; the same figure gives the same bytes.

    Raises
    ------
    UnusableInput
        If the ending is neither.
    """
    told = json.dumps(settings(subject), ensure_ascii=False)
    if ending == ".svg":
        words = {"Title": title, "Description": told, "Creator": f"SLAP Studio {__version__}", "Date": None}
        figure.savefig(path, format="svg", metadata=words)
    elif ending == ".png":
        words = {"Title": title, "Description": told, "Software": f"SLAP Studio {__version__}"}
        figure.savefig(path, format="png", dpi=DOTS_PER_INCH, metadata=words)
    else:
        raise UnusableInput(f"A figure is written as .svg or .png, not as {ending or 'a name without an ending'}.")
