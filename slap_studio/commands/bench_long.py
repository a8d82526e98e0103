"""`slap-studio bench long`: what an answer, a paint and a move of the mouse cost on ever longer clips.

The clips are made by code: latents that wander from shot to shot, and one small picture over and over. They stand in
the cache as if the sample had been so long; everything else is the program as it is.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.commands.bench import machine, screen
from slap_studio.commands.own_home import own_home
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.encoders.encoder import Encoder
    from slap_studio.live import LiveRequest
    from slap_studio.pipeline import Clip

HIDDEN = 30
CHANGES = 12  # of λ, and of the gap, for each clip
FEWEST, MOST = 20, 1_000_000  # frames of a clip
RATE = 10.0  # frames per second
SHOT = 400  # frames


def long(counts: Sequence[int], tell: Callable[[str], None], *, window: bool) -> dict[str, Any]:
    """Measure clips of these numbers of frames; ratios are to the first.

    Parameters
    ----------
    window
        Whether the real window is opened on each of them as well.
    """
    from slap_studio.encoders import encoder as encoders

    encoder = encoders.load()
    rows = []
    for count in counts:
        rows.append({"frames": count, **answers(made_clip(count, encoder), encoder)})
        tell(f"{count:,} frames: {rows[-1]['change_ms']} ms of the processor for an answer")
    if window:
        for row, seen in zip(rows, windows(counts, encoder, tell), strict=True):
            row |= seen
    parts = [name for name in rows[0] if name.endswith("_ms")]
    first = rows[0]
    return {
        "bench": "long",
        "machine": machine(),
        "hidden": min(HIDDEN, *counts),
        "processor_time": rows,
        "ratios": [
            {"frames": row["frames"], **{name[:-3]: round(row[name] / max(first[name], 1e-6), 2) for name in parts}}
            for row in rows
        ],
    }


def lengths(text: str) -> tuple[int, ...]:
    """Numbers of frames with commas between them, ascending.

    Raises
    ------
    UnusableInput
        If one is no number, or a clip would be too short for a gap.
    """
    try:
        found = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        found = ()
    if not found or not FEWEST <= found[0] <= found[-1] <= MOST:
        raise UnusableInput(f"--frames cannot be {text!r}; write numbers from {FEWEST} to {MOST:,}, such as 100,1000.")
    return found


def wandering(count: int, dimension: int, seed: int = 0) -> NDArray[np.float32]:
    """Latents [count, d] that wander within a shot of 400 frames and jump to the next, some of which were there before.

    Frames that follow one another are about 5° apart, shots 40° and more: about what encoders give.
    """
    generator = np.random.default_rng(seed)
    shots = generator.normal(size=(max(count // (3 * SHOT), 2), dimension))
    shots /= np.linalg.norm(shots, axis=1, keepdims=True)
    order = generator.integers(0, len(shots), -(-count // SHOT))
    latents = np.repeat(shots[order], SHOT, axis=0)[:count].astype(np.float32)
    walk = generator.normal(size=(count, dimension)).astype(np.float32).cumsum(axis=0)
    starts = np.arange(count) // SHOT * SHOT
    latents += 0.03 / np.sqrt(dimension) * (walk - walk[starts])
    latents += 0.05 / np.sqrt(dimension) * generator.normal(size=(count, dimension)).astype(np.float32)
    unit: NDArray[np.float32] = latents / np.linalg.norm(latents, axis=1, keepdims=True)
    return unit


def made_clip(count: int, encoder: "Encoder") -> "Clip":
    """A clip of so many frames, without pictures."""
    from slap_studio.media.video import VideoInfo
    from slap_studio.pipeline import Clip

    info = VideoInfo(Path("long.mp4"), 640, 360, count / RATE, RATE, "h264", 1, 0)
    latents = wandering(count, encoder.dimension)
    return Clip(info, np.arange(count) / RATE, latents, (b"",) * count, count / RATE, encoder.label, ())


def answers(clip: "Clip", encoder: "Encoder") -> dict[str, float]:
    """Processor time in milliseconds of a change of λ and of the gap, and of opening; the least of several.

    The least, because whatever else runs on the machine only adds to it.
    """
    from dataclasses import replace

    from slap_studio.core.landscape import survey
    from slap_studio.core.projection import fit_pca
    from slap_studio.live import LiveSolver

    began = time.process_time()
    picture = fit_pca(clip.latents)
    request = _request(clip, picture, survey(picture))
    solver = LiveSolver("cpu")
    solver.answer(request, encoder)
    opened = time.process_time() - began
    physics = [replace(request.physics, coupling=0.1 + 0.05 * index) for index in range(CHANGES)]
    changes = [_spent(partial(solver.answer, replace(request, physics=one), encoder)) for one in physics]
    steps = [replace(request.descent, steps=20 + index) for index in range(CHANGES)]
    drawn = [
        _spent(partial(solver.answer, replace(request, physics=physics[-1], descent=one), encoder))
        for one in steps
    ]  # fmt: skip
    gaps = [replace(request, gap=_moved(request, index / RATE)) for index in range(1, CHANGES + 1)]
    moved = [_spent(partial(solver.answer, one, encoder)) for one in gaps]
    return {
        "open_ms": round(1000 * opened, 1),
        "change_ms": _least(changes),
        # Another of the steps that were kept: everything that is drawn, and no descent.
        "drawn_ms": _least(drawn),
        "gap_moved_ms": _least(moved),
    }


def windows(counts: Sequence[int], encoder: "Encoder", tell: Callable[[str], None]) -> Iterator[dict[str, float]]:
    """The same clips in the real window, one after the other: milliseconds of its thread."""
    with screen(), own_home(cache=True):
        from slap_studio.app.measure_long import Hands

        hands = Hands()
        try:
            for count in counts:
                yield hands.on(known_clip(count, encoder), tell)
        finally:
            hands.close()


def known_clip(count: int, encoder: "Encoder") -> Path:
    """A copy of the sample that the cache knows as a clip of so many frames."""
    from slap_studio.encoders.cache import Cache, Embedded, cache_folder
    from slap_studio.media.files import content_hash
    from slap_studio.media.sampling import Sampling
    from slap_studio.media.thumbnails import jpeg
    from slap_studio.media.video import VideoFile

    source = sample_videos() / "tunnel.mp4"
    # Bytes behind the end change what the file is, and nothing of what it shows.
    video = cache_folder().parent / f"{count}-frames.mp4"
    video.parent.mkdir(parents=True, exist_ok=True)
    video.write_bytes(source.read_bytes() + count.to_bytes(8, "big"))
    with VideoFile(source) as file:
        # Small, or the cache of the longest would take a quarter of a gigabyte.
        picture = jpeg(next(iter(file.frames())).picture(tallest=9).image)
    cache = Cache(cache_folder())
    cache.keep(
        cache.place(content_hash(video), encoder.identity, repr(Sampling())),
        Embedded(np.arange(count) / RATE, wandering(count, encoder.dimension), (picture,) * count, count / RATE),
    )
    return video


def _request(clip: "Clip", picture: Any, ground: Any) -> "LiveRequest":
    from slap_studio.core.types import AlignmentKind, Descent, Physics
    from slap_studio.live import LiveRequest

    return LiveRequest(
        clip, picture, ground, "a red cube", _gap(len(clip.times)), Physics(), Descent(), AlignmentKind.COSINE, (), 100
    )


def _gap(count: int) -> Any:
    from slap_studio.media.gap import Gap

    first = count // 3
    return Gap(first / RATE, (first + min(HIDDEN, count // 3) + 1) / RATE)


def _moved(request: "LiveRequest", by: float) -> Any:
    from slap_studio.media.gap import Gap

    return Gap(request.gap.start + by, request.gap.end + by)


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _least(seconds: Sequence[float]) -> float:
    return round(1000 * min(seconds), 2)
