"""`slap-studio bench encode`: the whole way from a file to latents, against the bare model on prepared tensors."""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slap_studio.commands.bench import machine
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.encoders.encoder import Encoder

ROUNDS = 3  # of the bare model and the whole way, in turns: a machine's mood changes
_PREPARED = 4  # batches of tensors that the bare model is given over and over


def encode(encoder_name: str, random: str, frames: int, device: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """Embed a clip made from a sample, and the same number of prepared frames; report both rates and their ratio.

    Parameters
    ----------
    random
        Name of an open_clip model to be measured with random weights instead, whose speed does not depend on them.
    frames
        Sampled frames, at least two batches.
    """
    from slap_studio.core.devices import chosen_device
    from slap_studio.embedding import BATCH, MOST_AHEAD, WORKERS
    from slap_studio.encoders import encoder as encoders

    place = chosen_device(device)
    encoder = encoders.untaught(random, place) if random else encoders.load(encoder_name, place)
    frames = max(frames // BATCH, 2) * BATCH
    with tempfile.TemporaryDirectory() as folder:
        video = _clip(Path(folder) / "clip.mp4", frames)
        batches = _prepared(video, encoder)
        encoder.encode_prepared(batches[0])
        rounds = []
        for index in range(ROUNDS):
            bare = _timed(lambda: _bare(encoder, batches, frames // BATCH))
            whole = _timed(partial(_whole, video, encoder, Path(folder) / f"{index}.npz", frames))
            rounds.append((bare, whole))
            tell(f"round {index + 1} of {ROUNDS}: {bare[0]:.1f} s bare, {whole[0]:.1f} s whole")
        parts = _parts(video, encoder)
    fastest, usual = (np.median([one[kind] for one in rounds], axis=0) for kind in range(2))
    return {
        "bench": "encode",
        "machine": machine(),
        "device": place,
        "encoder": f"{encoder.label}, random weights" if random else encoder.label,
        "frames": frames,
        "batch": BATCH,
        "ahead": {"workers": WORKERS, "frames_at_most": MOST_AHEAD},
        "bare_frames_per_second": round(frames / float(fastest[0]), 1),
        "whole_frames_per_second": round(frames / float(usual[0]), 1),
        "ratio": round(float(np.median([one[0] / other[0] for one, other in rounds])), 3),
        "ratios": [round(float(one[0] / other[0]), 3) for one, other in rounds],
        "processor_ms_per_frame": {
            "bare": round(1000 * float(fastest[1]) / frames, 2),
            "whole": round(1000 * float(usual[1]) / frames, 2),
            **parts,
        },
        "cores": os.cpu_count(),
    }  # fmt: skip


def _clip(path: Path, frames: int) -> Path:
    """The tunnel sample over and over, at its own rate, so long that so many of its frames are sampled."""
    from slap_studio.media.sampling import Sampling
    from slap_studio.media.video import VideoFile
    from slap_studio.media.write import write_video

    with VideoFile(sample_videos() / "tunnel.mp4") as video:
        info = video.info()
        images = [frame.picture().image for frame in video.frames()]
    rate = info.frame_rate or 30.0
    each = round(rate / Sampling().rate_for(info))
    write_video(path, islice(cycle(images), frames * each), rate=rate)
    return path


def _prepared(video: Path, encoder: "Encoder") -> list[list[Any]]:
    from slap_studio.embedding import BATCH
    from slap_studio.media.sampling import SampledFrames, Sampling
    from slap_studio.media.video import probe

    frames = islice(SampledFrames(probe(video), Sampling()), _PREPARED * BATCH)
    tensors = [encoder.prepared(frame.image) for frame in frames]
    return [tensors[begin : begin + BATCH] for begin in range(0, len(tensors) - BATCH + 1, BATCH)]


def _bare(encoder: "Encoder", batches: list[list[Any]], count: int) -> None:
    for batch in islice(cycle(batches), count):
        encoder.encode_prepared(batch)


def _whole(video: Path, encoder: "Encoder", place: Path, frames: int) -> None:
    from slap_studio.embedding import Job, embed
    from slap_studio.encoders.cache import Cache
    from slap_studio.media.sampling import Sampling
    from slap_studio.media.video import probe

    found, _ = embed(
        Job(
            probe(video), encoder, Sampling(), Cache(place.parent), place, progress=lambda share: None,
            cancelled=lambda: False,
        )
    )  # fmt: skip
    if len(found.times) != frames:
        raise UnusableInput(f"{len(found.times)} frames were sampled instead of {frames}; report this.")


def _parts(video: Path, encoder: "Encoder") -> dict[str, float]:
    """Processor time in milliseconds of a sampled frame's parts, one after the other on one thread."""
    from slap_studio.media.sampling import SampledFrames, Sampling
    from slap_studio.media.thumbnails import thumbnail
    from slap_studio.media.video import probe

    count = 64
    began = time.process_time()
    frames = list(islice(SampledFrames(probe(video), Sampling()), count))
    decoded = time.process_time()
    for frame in frames:
        encoder.prepared(frame.image)
    prepared = time.process_time()
    for frame in frames:
        thumbnail(frame.image)
    pictured = time.process_time()
    spans = {"decoding": decoded - began, "preparing": prepared - decoded, "thumbnail": pictured - prepared}
    return {name: round(1000 * span / len(frames), 2) for name, span in spans.items()}


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor
