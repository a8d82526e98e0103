"""`slap-studio sweep`: one gap solved for every λ and μ, written as a table, paths and a picture."""

import csv
import json
import math
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from slap_studio import __version__
from slap_studio.commands.solve import Settings, posed_video
from slap_studio.core.devices import on_device
from slap_studio.export.sweep_figure import picture
from slap_studio.media.files import replacing
from slap_studio.pipeline import Clip, Posed
from slap_studio.problems import UnusableInput
from slap_studio.sweep import Cell, SweepRequest, sweep

FILES = ("sweep.npz", "sweep.csv", "sweep.svg", "sweep.json")


def sweep_video(
    video: Path,
    query: str,
    hide: str,
    encoder_name: str,
    settings: Settings,
    couplings: tuple[float, ...],
    masses: tuple[float, ...],
    out: Path,
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Solve every cell, write the four files, give the figures to print.

    Raises
    ------
    UnusableInput
        If something asked for cannot be used, or the folder cannot be written.
    """
    began = time.perf_counter()
    if out.exists() and not out.is_dir():
        raise UnusableInput(f"{out} is not a folder; name another one with --out.")
    cells: list[Cell] = []

    def swept(device: str) -> str:
        there = replace(settings, device=device)
        clip, posed = posed_video(video, query, hide, encoder_name, there, tell)
        request = SweepRequest(
            posed.problem, settings.physics, settings.descent, couplings, masses,
            settings.alignment, settings.method, settings.dtype, device,
        )  # fmt: skip
        with ExitStack() as stack:
            # Taken before the work: an unwritable folder is found at once, and nothing stays of a stopped run.
            parts = [stack.enter_context(replacing(out / name)) for name in FILES]
            _fill(cells, request)
            _write(parts, request, clip, posed, cells, query)
        return device

    device = on_device(settings.device, swept, tell)
    return {
        "cells": len(cells),
        "couplings": list(couplings),
        "masses": list(masses),
        "s_kin": [min(cell.s_kin for cell in cells), max(cell.s_kin for cell in cells)],
        "e_pot": [min(cell.e_pot for cell in cells), max(cell.e_pot for cell in cells)],
        "chaotic": sum(cell.twins.chaotic for cell in cells),
        "seconds": time.perf_counter() - began,
        "device": device,
        "files": [str(out / name) for name in FILES],
    }


def figures(cell: Cell) -> dict[str, Any]:
    """A cell as JSON has it: what is infinite, and what was not measured, is null."""
    return {
        "coupling": cell.coupling,
        "mass": cell.mass,
        "ratio": _finite(cell.ratio),
        "regime": cell.regime,
        "action": cell.action,
        "s_kin": cell.s_kin,
        "e_pot": cell.e_pot,
        "roughness": cell.roughness,
        "residual": cell.residual,
        "status": cell.status.name.lower(),
        "measured": cell.measured,
        "step_stability": _finite(cell.step_stability),
        "divergence_rate": cell.twins.rate,
        "divergence_error": cell.twins.rate_error,
        "chaotic": cell.twins.chaotic,
        "divergence": cell.twins.sentence,
    }


def _fill(cells: list[Cell], request: SweepRequest) -> None:
    """Add the cells that are not done, and put all in order, by mass and then by coupling."""
    with click.progressbar(
        sweep(request, done=len(cells)), length=len(request.couplings) * len(request.masses) - len(cells),
        label="Sweep", file=sys.stderr,
    ) as bar:  # fmt: skip
        # One by one: where a device fails, those that are done stay.
        for cell in bar:
            cells.append(cell)  # noqa: PERF402
    cells.sort(key=lambda cell: (cell.row, cell.column))


def _write(parts: list[Path], request: SweepRequest, clip: Clip, posed: Posed, cells: list[Cell], query: str) -> None:
    paths, table, drawn, everything = parts
    rows = [figures(cell) for cell in cells]
    with paths.open("wb") as file:
        np.savez(
            file,
            latents=np.stack([cell.latents for cell in cells]),
            coupling=np.array([cell.coupling for cell in cells]),
            mass=np.array([cell.mass for cell in cells]),
            times=posed.times,
        )
    with table.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    drawn.write_text(picture(request, cells, query), encoding="utf-8")
    page = {"version": __version__, "settings": _settings(request, clip, posed, query), "cells": rows}
    everything.write_text(json.dumps(page, indent=1, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")


def _settings(request: SweepRequest, clip: Clip, posed: Posed, query: str) -> dict[str, Any]:
    return {
        "video": clip.info.path.name,
        "query": query,
        "encoder": clip.encoder,
        "gap": [float(posed.times[0]), float(posed.times[-1])],
        "hidden": request.problem.hidden,
        "couplings": list(request.couplings),
        "masses": list(request.masses),
        "kinetic": request.physics.kinetic.value,
        "time_step": request.physics.time_step,
        "steps": request.descent.steps,
        "step_size": request.descent.step_size,
        "alignment": request.alignment.value,
        "method": request.method.value,
        "dtype": request.dtype,
        "device": request.device,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
