"""The picture of a sweep as SVG: the regime map over λ and μ, and S_kin and E_pot against λ."""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from slap_studio.core.types import Array
from slap_studio.export import style
from slap_studio.export.style import ALARM, INFERRED, OBSERVED, POTENTIAL, QUERY, SECONDARY, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from slap_studio.export.subject import Subject
    from slap_studio.sweep import Cell, SweepRequest

SIZE = (8.4, 7.6)
LINES = (OBSERVED, INFERRED, QUERY, POTENTIAL, SECONDARY)
DASHES = ("-", "--", ":", "-.")
MOST_LINES = 5  # masses that get a line of their own; more could not be told apart
WIDEST_TICKS = 12


def draw(figure: "Figure", subject: "Subject") -> None:
    """The whole figure of the cells that are done."""
    swept = subject.swept
    assert swept is not None  # noqa: S101 (see `figures.missing`)
    _draw(figure, swept.request, list(swept.cells), swept.answer.request.query)


def picture(request: "SweepRequest", cells: "list[Cell]", query: str) -> str:
    """The SVG of a sweep's cells; the same cells give the same bytes."""
    page = io.StringIO()
    with style.dressed():
        figure = style.empty(*SIZE)
        _draw(figure, request, cells, query)
        figure.savefig(page, format="svg", metadata={"Date": None})
    return page.getvalue()


def _draw(figure: "Figure", request: "SweepRequest", cells: "list[Cell]", query: str) -> None:
    parts: Any = figure.subfigures(2, 1, height_ratios=(1.25, 1))
    above, below = parts
    _map(above.subplots(), figure, request, cells)
    left, right = below.subplots(1, 2)
    for axes, name, title in (
        (left, "s_kin", "S_kin (squared chord)"),
        (right, "e_pot", "E_pot, mean of V (no unit)"),
    ):
        _curves(axes, request, _grid(request, cells, name), title)
    steps = f"K = {request.descent.steps}, α = {request.descent.step_size:g}"
    how = steps if request.method.value == "descent" else "minimised"
    above.suptitle(
        f"“{query}”, {request.problem.hidden} hidden latents, {request.alignment.value} alignment, {how}",
        color=TEXT, fontsize=10,
    )  # fmt: skip


def _map(axes: "Axes", figure: "Figure", request: "SweepRequest", cells: "list[Cell]") -> None:
    """Cells coloured by E_pot, lines where Table 7's name changes, a triangle where chaos was measured."""
    shape = (len(request.masses), len(request.couplings))
    drawn = axes.pcolormesh(
        np.arange(shape[1] + 1) - 0.5, np.arange(shape[0] + 1) - 0.5, _grid(request, cells, "e_pot"), cmap="cividis"
    )
    figure.colorbar(drawn, ax=axes, label="E_pot, mean of V = −P (no unit)")
    names: NDArray[Any] = np.full(shape, "", dtype=object)
    for cell in cells:
        names[cell.row, cell.column] = cell.regime
    for row, column in np.ndindex(shape):
        if column and _apart(names[row, column], names[row, column - 1]):
            axes.plot([column - 0.5] * 2, [row - 0.5, row + 0.5], color="#ffffff", linewidth=1.6)
        if row and _apart(names[row, column], names[row - 1, column]):
            axes.plot([column - 0.5, column + 0.5], [row - 0.5] * 2, color="#ffffff", linewidth=1.6)
    for name in dict.fromkeys(cell.regime for cell in cells):
        rows, columns = np.nonzero(names == name)
        row = rows[np.abs(rows - rows.mean()).argmin()]
        axes.text(
            columns[rows == row].mean(), row, name, ha="center", va="center", fontsize=8, color=TEXT,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "#ffffff", "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip
    chaotic = [cell for cell in cells if cell.twins.chaotic]
    if chaotic:
        axes.scatter(
            [cell.column for cell in chaotic], [cell.row for cell in chaotic], marker="^", s=34, color=ALARM,
            edgecolors="#ffffff", label="measured chaotic",
        )  # fmt: skip
        axes.legend(loc="upper left", fontsize=8)
    _name_values(axes, "x", request.couplings)
    _name_values(axes, "y", request.masses)
    axes.set(
        xlabel="coupling λ (no unit)", ylabel="mass μ (no unit)",
        title="Names: Table 7's for κ = λ/μ, a lookup. Colour: measured.",
    )  # fmt: skip
    axes.title.set(fontsize=9, color=SECONDARY)


def _apart(name: Any, other: Any) -> bool:
    """Whether a line parts two cells; beside one that is not done there is none."""
    return bool(name and other) and name != other


def _name_values(axes: "Axes", axis: str, values: tuple[float, ...]) -> None:
    every = -(-len(values) // WIDEST_TICKS)
    places = list(range(0, len(values), every))
    axes.set(**{f"{axis}ticks": places, f"{axis}ticklabels": [f"{values[place]:.4g}" for place in places]})


def _curves(axes: "Axes", request: "SweepRequest", grid: Array, title: str) -> None:
    """One line for each of up to five masses."""
    count = len(request.masses)
    shown = np.unique(np.linspace(0, count - 1, min(count, MOST_LINES)).round().astype(int))
    for index, row in enumerate(shown):
        axes.plot(
            request.couplings, grid[row], color=LINES[index], linestyle=DASHES[index % len(DASHES)], marker="o",
            markersize=3, linewidth=1.4, label=f"μ = {request.masses[row]:.3g}",
        )  # fmt: skip
    positive = [value for value in request.couplings if value > 0]
    if positive and len(request.couplings) > 1:
        style.by_ratios(axes, "x", with_zero=len(positive) < len(request.couplings))
    axes.set(xlabel="coupling λ (no unit)", ylabel=title, ylim=(0, None))
    style.clean(axes)
    axes.legend(frameon=False, fontsize=8)


def _grid(request: "SweepRequest", cells: "list[Cell]", name: str) -> Array:
    """One figure of all cells [R, C], NaN where a cell is not done."""
    grid = np.full((len(request.masses), len(request.couplings)), np.nan)
    for cell in cells:
        grid[cell.row, cell.column] = getattr(cell, name)
    return grid
