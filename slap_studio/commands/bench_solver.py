"""`slap-studio bench solver`: how long the solver takes, how many gradients, and what others take for the same path.

A row's ratio is its reference's seconds divided by its own: above one it is the faster of the two.
"""

import os
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 (only this benchmark loads it)

from slap_studio.commands.comparison import Answer, Comparison, NotRun, Row, Side, measured
from slap_studio.commands.curve import by_length, curve
from slap_studio.commands.learned_rows import learned_descents
from slap_studio.commands.peers import CONTINUOUS_PEER, PEERS, Peer, steps_needed
from slap_studio.commands.sizes import Sizes, random_problem, time_steps
from slap_studio.core.descent import STATIONARY_RESIDUAL
from slap_studio.core.minimise import minimise
from slap_studio.core.types import Array, Physics, Problem
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput

RESIDUAL = STATIONARY_RESIDUAL[torch.float32]  # to which peers solve, in float64
Report = dict[str, Any]


def solver(tell: Callable[[str], None], only: str = "", sizes: Sizes | None = None) -> Report:
    """Measure every row whose name begins with `only`.

    Parameters
    ----------
    tell
        Gets a line for each row as soon as it is there.
    only
        How the names of the wanted rows begin; by default all rows are measured.
    sizes
        On what.

    Raises
    ------
    UnusableInput
        If no row has such a name.
    """
    sizes = Sizes() if sizes is None else sizes
    rows: list[Row] = []
    remarks: list[str] = []
    not_run: list[str] = []
    for comparison in (every.only(only) for every in comparisons(sizes)):
        not_run += [f"{row.name}, N = {comparison.n}: {row.sentence}" for row in comparison.not_run]
        if comparison.sides:
            found, said = measured(comparison)
            rows, remarks = rows + found, remarks + said
            for row in found:
                tell(_line(row))
    if not rows and not not_run:
        raise UnusableInput(
            f"No row's name begins with {only!r}; use learned, minimise, descent or peers, or more of a name."
        )
    return {
        "bench": "solver",
        "machine": machine(),
        "runs": {"ours": sizes.runs, "peers": sizes.peer_runs},
        "rows": rows,
        "remarks": remarks,
        "not_run": not_run,
    }


def machine() -> str:
    """What it was measured on."""
    parts = [
        f"{platform.system()} {platform.machine()}",
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"torch {torch.__version__} with {torch.get_num_threads()} threads",
    ]
    if torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    return ", ".join(parts)


def comparisons(sizes: Sizes) -> Iterator[Comparison]:
    """All that is measured, in the order of the report; nothing is computed before a comparison is run."""
    for called, shape in sizes.networks:
        yield from learned_descents(called, shape, sizes)
    for n, d in sizes.minimised:
        for label, time_step in time_steps(n):
            yield from minimisations(f"minimise, {label}", n, d, time_step, sizes)
    for n, d in sizes.counted:
        yield counted_descent(n, d, sizes)
    for n, d in sizes.compared:
        for label, time_step in time_steps(n):
            yield with_peers(f"peers, {label}", n, d, time_step, sizes)


def minimisations(name: str, n: int, d: int, time_step: float, sizes: Sizes) -> Iterator[Comparison]:
    """`minimise` from SLERP; and after a small change of λ from the last path, against SLERP."""
    problem, before = random_problem(n, d), Physics(sizes.coupling, time_step=time_step)
    after = replace(before, coupling=sizes.change * sizes.coupling)
    # Solved in the untimed run, and kept.
    last_path = cache(lambda: minimise(problem, before).latents)

    def warm() -> Answer:
        return minimised(problem, after, torch.float32, warm_start=last_path())

    alone = Comparison(n, d, (Side(name, partial(minimised, problem, before, torch.float32)),), runs=sizes.runs)
    yield alone
    percent = f"{sizes.change - 1:+.0%}"
    yield replace(
        alone,
        sides=(Side(f"{name}, warm after λ {percent}", warm),),
        reference=partial(minimised, problem, after, torch.float32),
    )


def minimised(problem: Problem, physics: Physics, dtype: torch.dtype, warm_start: Array | None = None) -> Answer:
    """Our minimiser."""
    solution = minimise(problem, physics, dtype=dtype, warm_start=warm_start)
    return Answer(solution.latents, solution.gradient_evaluations)


def counted_descent(n: int, d: int, sizes: Sizes) -> Comparison:
    """The gradients that plain descent takes at Δt = 1/N: counted, not timed."""
    problem, physics = random_problem(n, d), Physics(sizes.coupling, time_step=1 / n)

    def counted() -> Answer:
        steps = steps_needed(problem, physics, RESIDUAL, sizes.most_steps)
        remark = f"counting ended at its cap of {steps} steps." if steps >= sizes.most_steps else ""
        return Answer(None, steps + 1, remark)

    return Comparison(n, d, (Side("descent, Δt = 1/N: steps of 1/L counted", counted, dtype="float64"),), runs=0)


def with_peers(name: str, n: int, d: int, time_step: float, sizes: Sizes) -> Comparison:
    """Peers on one problem to one residual, against `minimise`, which goes on to that of float64."""
    problem, physics = random_problem(n, d), Physics(sizes.coupling, time_step=time_step)
    ours = partial(minimised, problem, physics, torch.float64)
    # The reference once more: its ratio, which should be one, is the noise of the others.
    sides, not_run = [Side(f"{name}: minimise", ours, dtype="float64")], []
    for peer in (*PEERS, CONTINUOUS_PEER):
        row, absence = f"{name}: {peer.name}", _absence(peer, time_step)
        if absence:
            not_run.append(NotRun(row, absence))
        else:
            solve = partial(peer.answer, problem, physics, RESIDUAL, sizes.most_gradients)
            sides.append(Side(row, solve, dtype="float64", peer=peer.name))
    return Comparison(n, d, tuple(sides), reference=ours, runs=sizes.peer_runs, not_run=tuple(not_run))


def _absence(peer: Peer, time_step: float) -> str:
    """Why a peer cannot be run, or nothing."""
    if peer is CONTINUOUS_PEER and time_step == 1:
        return "not run, for its continuous equation is another problem where Δt is not small."
    if not peer.installed:
        return f"not run, for {peer.package} is not installed; pip install slap-studio[bench] brings it."
    return ""


def table(report: Report) -> str:
    """The report for a page: its rows, gradient evaluations against N, and what is to be said about them."""
    runs = report["runs"]
    parts = [
        f"Medians of {runs['ours']} runs ({runs['peers']} where peers are), the sides in turn. {report['machine']}.",
        _grid(COLUMNS, [[column(row) for column in COLUMNS.values()] for row in report["rows"]]),
        "Gradient evaluations against N:",
        _evaluations_against_n(report["rows"]),
        "\n".join(f"- {sentence}" for sentence in (*report["remarks"], *report["not_run"])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


COLUMNS: dict[str, Callable[[Row], str]] = {
    "what": lambda row: row["name"],
    "N": lambda row: _said(row["n"], ",d"),
    "d": lambda row: _said(row["d"], "d"),
    "network": lambda row: _said(row["hidden"], "d"),
    "K": lambda row: _said(row["steps"], "d"),
    "device": lambda row: f"{row['device']}, {row['dtype']}",
    "time": lambda row: duration(row["seconds"]),
    "reference": lambda row: duration(row["reference_seconds"]),
    "reference ÷ time": lambda row: _said(row["ratio"], ".3g"),
    "angle to it (rad)": lambda row: _said(row["angle_to_reference"], ".1e"),
    "gradients": lambda row: _said(row["gradient_evaluations"], ",d"),
}


def write_page(report: Report, markdown: Path | None, picture: Path | None) -> None:
    """Put the table into one file and the curve of our own ways into another, where they are named."""
    if markdown is not None:
        with replacing(markdown) as beside:
            beside.write_text(table(report), encoding="utf-8")
    if picture is not None:
        lines = by_length([row for row in report["rows"] if row["name"].startswith(("minimise", "descent"))])
        with replacing(picture) as beside:
            beside.write_text(curve(lines), encoding="utf-8")


def _evaluations_against_n(rows: list[Row]) -> str:
    """One line per way of solving, one column per N; nothing where no way was run at two sizes."""
    lines = by_length(rows)
    lengths = sorted({n for line in lines.values() for n in line})
    return _grid(
        ["way", *(f"N = {n:,}" for n in lengths)],
        [[name, *(_said(line.get(n), ",d") for n in lengths)] for name, line in lines.items()],
    )


def _grid(head: Iterable[str], rows: list[list[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) if rows else ""


def _said(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _line(row: Row) -> str:
    """A row for someone who waits."""
    parts = [f"{row['name']}, N = {row['n']}, d = {row['d']}"]
    if row["seconds"] is not None:
        parts.append(duration(row["seconds"]))
    if row["ratio"] is not None:
        parts.append(f"{row['ratio']:.3g} × as fast as its reference")
    if row["gradient_evaluations"] is not None:
        parts.append(f"{row['gradient_evaluations']} gradients")
    return "; ".join(parts)


def duration(seconds: float | None) -> str:
    """Three digits with their unit, or nothing."""
    if seconds is None:
        return ""
    if seconds >= 99.5:
        return f"{seconds:.0f} s"
    return f"{seconds:.3g} s" if seconds >= 0.9995 else f"{1000 * seconds:.3g} ms"
