"""Path and curves as numbers: two tables (one row per latent, one per step) and one archive of arrays."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from slap_studio.export.subject import Subject, settings
from slap_studio.media.files import replacing
from slap_studio.problems import Cancelled

Rows = Iterator[list[object]]

STEP_COLUMNS = ["step", "action S [1]", "S_kin [1]", "E_pot [1]", "largest gradient [1]"]


def write_latents(path: Path, subject: Subject, cancelled: Callable[[], bool]) -> None:
    """One row per latent of the path, the anchors included."""
    _write(path, latent_columns(subject), _latent_rows(subject), cancelled)


def write_steps(path: Path, subject: Subject, cancelled: Callable[[], bool]) -> None:
    """One row per step of the descent, the geodesic being step 0."""
    _write(path, STEP_COLUMNS, _step_rows(subject), cancelled)


def write_archive(path: Path, subject: Subject, cancelled: Callable[[], bool]) -> None:
    """What `slap-studio solve` writes, under the same names, and the curves, the places and the settings."""
    if cancelled():
        raise Cancelled
    with replacing(path) as beside, beside.open("wb") as file:
        np.savez(file, **arrays(subject))


def latent_columns(subject: Subject) -> list[str]:
    """Names of a latent's columns, each with its unit; quantities without one have [1]."""
    answer = subject.answer
    ranks = range(1, answer.nearest.shape[1] + 1)
    return [
        "index", "kind", "time [s]", "kinetic T of the interval after [1]", "potential V [1]",
        "total H of the interval after [1]", "gradient of S [1]", "alarm",
        *(name for rank in ranks for name in (
            f"nearest frame {rank}", f"nearest frame {rank} time [s]", f"nearest frame {rank} similarity [1]"
        )),
        *(f"share of {label} [1]" for label in answer.readout.labels),
        "map x [1]", "map y [1]",
        *(f"z{axis} [1]" for axis in range(answer.latents.shape[1])),
    ]  # fmt: skip


def arrays(subject: Subject) -> dict[str, Any]:
    """The archive's arrays by name: numbers and text only, so that it can be read without pickle."""
    answer = subject.answer
    frames = answer.request.clip.times
    return {
        "latents": answer.latents,
        "times": answer.posed.times,
        "kinetic": answer.energies.kinetic,
        "potential": answer.energies.potential,
        "nearest_frame": answer.nearest,
        "similarity": answer.similarity,
        "frame_times": frames,
        "total": answer.total,
        "gradient": answer.pulls,
        "alarm": answer.alarm.raised,
        "geodesic": subject.path_after(0),
        "places": answer.places,
        "geodesic_places": answer.geodesic,
        "readout": answer.readout.shares,
        "readout_labels": np.array(answer.readout.labels),
        "step_action": answer.along.action,
        "step_s_kin": answer.along.s_kin,
        "step_e_pot": answer.along.e_pot,
        "step_residual": answer.solution.residuals,
        "settings": np.array(json.dumps(settings(subject), ensure_ascii=False)),
    }


def _write(path: Path, header: list[str], rows: Rows, cancelled: Callable[[], bool]) -> None:
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            if cancelled():
                raise Cancelled
            writer.writerow([_written(value) for value in row])


def _written(value: object) -> object:
    """A number with all of its digits and no more: what is read back is the same number in the same precision."""
    return str(value) if isinstance(value, np.generic) else value


def _latent_rows(subject: Subject) -> Rows:
    answer = subject.answer
    last, energies, times = len(answer.latents) - 1, answer.energies, answer.request.clip.times
    for index, latent in enumerate(answer.latents):
        hidden = 0 < index < last
        found: list[object] = [""] * (3 * answer.nearest.shape[1])
        if hidden:
            # A place without a frame is −1: a short clip has fewer than five.
            pairs = zip(answer.nearest[index - 1], answer.similarity[index - 1], strict=True)
            found = [
                value
                for frame, similarity in pairs
                for value in ((frame, times[frame], similarity) if frame >= 0 else ("", "", ""))
            ]
        yield [
            index, "inferred" if hidden else "anchor", answer.posed.times[index],
            energies.kinetic[index] if index < last else "", energies.potential[index],
            answer.total[index] if index < last else "",
            answer.pulls[index - 1] if hidden else "", int(answer.alarm.raised[index - 1]) if hidden else "",
            *found, *answer.readout.shares[index], *answer.places[index], *latent,
        ]  # fmt: skip


def _step_rows(subject: Subject) -> Rows:
    along, residuals = subject.answer.along, subject.answer.solution.residuals
    for step, row in enumerate(zip(along.action, along.s_kin, along.e_pot, residuals, strict=True)):
        yield [step, *row]
