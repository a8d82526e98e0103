"""`slap-studio solve`: one problem in, a path and its figures out, without a window."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slap_studio import pipeline
from slap_studio.commands.patience import Patience
from slap_studio.core.alignment import Alignment
from slap_studio.core.devices import chosen_device, on_device
from slap_studio.core.network_file import read_trained_for
from slap_studio.core.types import AlignmentKind, Array, Descent, Method, Physics, Problem, Solution, unit_vector
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache, cache_folder
from slap_studio.folds import Folds
from slap_studio.media.cuts import sentence
from slap_studio.media.files import replacing, require_regular_file
from slap_studio.media.gap import parse_gap
from slap_studio.media.sampling import Sampling
from slap_studio.media.zipped import DAMAGED, require_whole
from slap_studio.pipeline import Clip, Posed
from slap_studio.problems import UnusableInput

LARGEST = 256 << 20  # bytes of a problem file
HIDDEN_BY_DEFAULT = 30  # of a problem file that does not say: the paper's gap


@dataclass(frozen=True)
class Settings:
    """The options that all ways of solving share.

    `hidden` is None where the problem decides, `weights` for the shipped learned alignment.
    """

    physics: Physics
    descent: Descent
    hidden: int | None
    alignment: AlignmentKind
    method: Method
    dtype: str
    device: str
    weights: Path | None = None


def solve_video(
    video: Path, query: str, hide: str, encoder_name: str, settings: Settings, out: Path, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Solve a gap of a video, write the path, give the figures to print."""

    def solved(device: str) -> dict[str, Any]:
        there = replace(settings, device=device)
        clip, posed = posed_video(video, query, hide, encoder_name, there, tell)
        solution = _solve(posed.problem, there, device)
        frames, similarity = pipeline.retrieve(clip, posed, solution.latents[1:-1])
        _write(out, solution, posed.times, nearest_frame=frames, similarity=similarity, frame_times=clip.times)
        return figures(solution, settings.physics)

    return on_device(settings.device, solved, tell)


def posed_video(
    video: Path, query: str, hide: str, encoder_name: str, settings: Settings, tell: Callable[[str], None]
) -> tuple[Clip, Posed]:
    """A video with its gap as the solver's problem; what a user should know of either is told."""
    device = chosen_device(settings.device)
    encoder = encoders.load(encoder_name, device)
    if settings.alignment is AlignmentKind.LEARNED:
        _require_its_encoder(encoder, settings.weights)
    text = encoder.encode_text(query)
    unknown = encoder.unknown_words(query)
    if unknown:
        tell(f"The built-in encoder never saw {', '.join(unknown)}: it can only guess what that means.")
    clip = pipeline.load_clip(video, encoder, sampling=Sampling(), cache=Cache(cache_folder()), progress=Patience(tell))
    for note in clip.notes:
        tell(note)
    posed = pipeline.pose(clip, parse_gap(hide, clip.duration), text, settings.hidden)
    _tell_of_arc(posed.problem, tell)
    before, after = float(clip.times[posed.gap.before]), float(clip.times[posed.gap.after])
    clip.cuts.search(before, after)
    cuts = clip.cuts.between(before, after)
    if cuts:
        tell(sentence(cuts))
    return clip, posed


def solve_latents(file: Path, settings: Settings, out: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Solve a problem given as latents, write the path, give the figures to print."""
    problem = read_problem(file, settings.hidden, tell)
    _tell_of_arc(problem, tell)
    solution = on_device(settings.device, lambda device: _solve(problem, settings, device), tell)
    _write(out, solution, np.arange(problem.hidden + 2) * settings.physics.time_step)
    return figures(solution, settings.physics)


def figures(solution: Solution, physics: Physics) -> dict[str, Any]:
    """The JSON object of design §5: kinetic is Σ T, potential Σ V over the hidden latents."""
    energies = solution.energies
    return {
        "action": float(energies.action),
        "kinetic": float(energies.kinetic.sum()),
        "potential": float(energies.potential[1:-1].sum()),
        "s_kin": float(energies.s_kin),
        "e_pot": float(energies.e_pot),
        "residual": solution.residual,
        "gradient_evaluations": solution.gradient_evaluations,
        "status": solution.status.name.lower(),
        "message": solution.status.value,
        "seconds": solution.seconds,
        "device": solution.device,
    }


def read_problem(file: Path, hidden: int | None, tell: Callable[[str], None]) -> Problem:
    """Read start [d], end [d], query [d] and perhaps hidden from an .npz file.

    Raises
    ------
    UnusableInput
        If the file cannot be read or an array is missing or unfit.
    """
    arrays = _arrays(file)
    missing = [name for name in ("start", "end", "query") if name not in arrays]
    if missing:
        raise UnusableInput(f"{file} lacks {' and '.join(missing)}; write start, end and query [d] with numpy.savez.")
    vectors = {}
    for name in ("start", "end", "query"):
        vectors[name], rescaled = unit_vector(name, arrays[name])
        if rescaled:
            tell(f"The {name} had not length one and was scaled.")
    if hidden is None:
        hidden = _whole_number(file, arrays["hidden"]) if "hidden" in arrays else HIDDEN_BY_DEFAULT
    return Problem(vectors["start"], vectors["end"], vectors["query"], hidden)


def written(payload: dict[str, Any]) -> str:
    """One JSON object on one line; infinities and NaN have no place in JSON and never occur here."""
    return json.dumps(payload, allow_nan=False)


def _solve(problem: Problem, settings: Settings, device: str) -> Solution:
    return pipeline.solve(
        problem,
        settings.physics,
        settings.descent,
        alignment=_alignment(problem, settings, device),
        method=settings.method,
        dtype=settings.dtype,
        device=device,
        keep_history=False,
    )


def _require_its_encoder(encoder: encoders.Encoder, weights: Path | None) -> None:
    if weights is None:
        fits, wanted = encoder.built_in, "the built-in encoder"
    else:
        # A network from before files told the encoder is taken at its dimension.
        told = read_trained_for(weights)
        fits, wanted = told is None or told.identity == encoder.identity, "" if told is None else told.label
    if not fits:
        raise UnusableInput(
            f"The learned alignment{f' in {weights}' if weights else ''} was trained for {wanted}, not for "
            f"{encoder.label}; choose that one with --encoder, or use --alignment cosine."
        )


def _alignment(problem: Problem, settings: Settings, device: str) -> Alignment | None:
    """What was asked for; None for the cosine."""
    if settings.alignment is AlignmentKind.COSINE:
        return None
    return Folds(settings.weights).towards(problem.query, dtype=settings.dtype, device=device)


def _tell_of_arc(problem: Problem, tell: Callable[[str], None]) -> None:
    if problem.antipodal:
        tell("The anchors are antipodal, so no arc between them is the shortest; one was chosen, always the same.")


def _arrays(file: Path) -> dict[str, Array]:
    require_regular_file(file)
    try:
        if file.stat().st_size > LARGEST:
            raise UnusableInput(f"{file} is larger than any problem of three latents; name the right file.")
        # Opened here: numpy leaves a file open that turns out not to be an archive.
        with file.open("rb") as opened:
            if opened.read(6) == b"\x93NUMPY":
                raise UnusableInput(f"{file} holds a single array; write start, end and query with numpy.savez.")
            require_whole(opened, LARGEST)
            with np.load(opened, allow_pickle=False) as stored:
                # What is no array comes as bytes.
                return {name: array for name in stored.files if isinstance(array := stored[name], np.ndarray)}
    except UnusableInput:
        raise
    except DAMAGED as error:
        raise UnusableInput(
            f"{file} could not be read as an .npz of numbers ({type(error).__name__}); write it with numpy.savez."
        ) from error


def _whole_number(file: Path, value: Array) -> int:
    number = float(value.reshape(())) if value.size == 1 and value.dtype.kind in "iuf" else math.nan
    if not number.is_integer():
        shown = str(value.tolist())[:60]
        raise UnusableInput(f"The entry hidden of {file} must be one whole number, but it is {shown}.")
    return int(number)


def _write(out: Path, solution: Solution, times: Array, **more: NDArray[Any]) -> None:
    with replacing(out) as beside, beside.open("wb") as file:
        arrays: dict[str, Any] = {
            "latents": solution.latents,
            "times": times,
            "kinetic": solution.energies.kinetic,
            "potential": solution.energies.potential,
        }
        np.savez(file, **(arrays | more))
