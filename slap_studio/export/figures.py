"""Every figure that can be exported: what it is called, what it needs, who draws it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.export import (
    bifurcation_figure,
    drift_figure,
    energy_figure,
    map_figure,
    readout_figure,
    steps_figure,
    style,
    sweep_figure,
)
from slap_studio.export.subject import Subject
from slap_studio.media.files import replacing
from slap_studio.problems import Cancelled, UnusableInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _nothing(_subject: Subject) -> str:
    return ""


@dataclass(frozen=True)
class Drawing:
    """One figure.

    Attributes
    ----------
    title
        What stands in its metadata.
    size
        In inches.
    draw
        Fills an empty figure.
    missing
        What it lacks, in a sentence that says how to get it; empty if it can be drawn.
    """

    title: str
    size: tuple[float, float]
    draw: Callable[["Figure", Subject], None]
    missing: Callable[[Subject], str] = _nothing


def _without_comparison(subject: Subject) -> str:
    if subject.comparison is None or not (subject.revealed or subject.compared):
        return "There is no drift yet; switch Reveal or Compare on, and export it when its curve is there."
    return "" if len(subject.answer.nearest) else "Nothing is hidden, so nothing strays; make the gap longer."


def _without_sweep(subject: Subject) -> str:
    found = subject.swept is not None and subject.swept.cells
    return "" if found else "No cell of the sweep is done yet; open the Sweep view and let it run."


DRAWINGS = {
    "map": Drawing("The path on the map", map_figure.SIZE, map_figure.draw),
    "energy": Drawing("Energies over time", energy_figure.SIZE, energy_figure.draw),
    "steps": Drawing("Action over steps", steps_figure.SIZE, steps_figure.draw),
    "readout": Drawing("Readout over time", readout_figure.SIZE, readout_figure.draw),
    "drift": Drawing("Drift over time", drift_figure.SIZE, drift_figure.draw, _without_comparison),
    "bifurcation": Drawing("Bifurcation", bifurcation_figure.SIZE, bifurcation_figure.draw),
    "sweep": Drawing("Regime map", sweep_figure.SIZE, sweep_figure.draw, _without_sweep),
}


def write(path: Path, name: str, subject: Subject, cancelled: Callable[[], bool]) -> None:
    """Draw a figure and write it as SVG or PNG, as its name ends.

    Raises
    ------
    UnusableInput
        If what is to be drawn is not there, or the file cannot be written.
    Cancelled
        When `cancelled` says so.
    """
    drawing, ending = DRAWINGS[name], path.suffix.lower()
    lacking = drawing.missing(subject)
    if lacking:
        raise UnusableInput(lacking)
    subject = _ready(name, subject, cancelled)
    with replacing(path) as beside, style.dressed():
        figure = style.empty(*drawing.size)
        drawing.draw(figure, subject)
        style.caption_below(figure, subject)
        if cancelled():
            raise Cancelled
        style.save(figure, beside, ending, drawing.title, subject)


def _ready(name: str, subject: Subject, cancelled: Callable[[], bool]) -> Subject:
    """The same with what the window need not have looked at yet."""
    if name == "bifurcation" and subject.branches is None:
        from slap_studio.measured import branches

        return replace(subject, branches=branches(subject.answer, cancelled))
    if name == "sweep" and subject.swept is not None:
        # Its settings are those of the path that it was begun for.
        return replace(subject, answer=subject.swept.answer)
    return subject
