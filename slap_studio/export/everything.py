"""What an export writes, by the name of its kind: one file, or all figures and tables into a folder."""

from collections.abc import Callable
from pathlib import Path

from slap_studio.export import figures, motion, tables
from slap_studio.export.subject import Subject

Cancelled = Callable[[], bool]
Progress = Callable[[float], None]

TABLES = {
    "latents": tables.write_latents,
    "curves": tables.write_steps,
    "archive": tables.write_archive,
}
MOTIONS = {"motion.time": "time", "motion.steps": "steps"}
_FILES = {"latents": "path.csv", "curves": "steps.csv", "archive": "path.npz"}


def write(kind: str, path: Path, subject: Subject, cancelled: Cancelled, progress: Progress) -> list[Path]:
    """Write one kind of export, and give the files that are there now.

    Parameters
    ----------
    kind
        A name of `figures.DRAWINGS`, `TABLES` or `MOTIONS`, or "all".
    path
        The file; for "all" the folder.

    Raises
    ------
    UnusableInput
        If what is asked for is not there, or cannot be written.
    Cancelled
        When `cancelled` says so; of "all" the files that are done stay.
    """
    if kind == "all":
        return _write_all(path, subject, cancelled, progress)
    if kind in TABLES:
        TABLES[kind](path, subject, cancelled)
    elif kind in MOTIONS:
        motion.write(path, MOTIONS[kind], subject, cancelled, progress)
    else:
        figures.write(path, kind, subject, cancelled)
    return [path]


def lacking(kind: str, subject: Subject) -> str:
    """What a kind of export lacks, in a sentence; empty if it can be written."""
    return figures.DRAWINGS[kind].missing(subject) if kind in figures.DRAWINGS else ""


def _write_all(folder: Path, subject: Subject, cancelled: Cancelled, progress: Progress) -> list[Path]:
    """Every figure that can be drawn, as SVG and as PNG, and the numbers."""
    files = {folder / f"{subject.stem}-{name}": kind for kind, name in _FILES.items()}
    for kind, drawing in figures.DRAWINGS.items():
        if not drawing.missing(subject):
            files |= {folder / f"{subject.stem}-{kind}{ending}": kind for ending in (".svg", ".png")}
    for index, (path, kind) in enumerate(files.items()):
        write(kind, path, subject, cancelled, lambda _share: None)
        progress((index + 1) / len(files))
    return list(files)
