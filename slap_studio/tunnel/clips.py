"""A scene as a clip on disk: an mp4 with a JSON sidecar that says what is in it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slap_studio.media.files import replacing
from slap_studio.media.write import write_video
from slap_studio.problems import UnusableInput
from slap_studio.tunnel.render import render
from slap_studio.tunnel.visibility import hidden_intervals
from slap_studio.tunnel.world import Scene, Thing

SIDECAR_FORMAT = 1
_QUALITY = 16  # H.264's constant rate factor


def write_clip(
    scene: Scene,
    path: Path,
    *,
    rate: float = 30.0,
    size: tuple[int, int] = (640, 360),
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write a scene as an mp4, and beside it `<stem>.json`.

    The sidecar holds: format, object, object_after, occluder, hidden (intervals in seconds), seed, rate,
    duration, caption, and the scene itself, from which any frame can be drawn again without the occluder.

    Parameters
    ----------
    scene
        What to draw.
    path
        The mp4 file; one that is there is replaced.
    rate
        Frames per second.
    size
        Width and height in pixels, both even.
    progress
        Told the share of frames drawn, 0..1, after each; what it raises ends the writing.

    Raises
    ------
    UnusableInput
        If the rate is not a positive number, the size is not of two positive even numbers, or the files
        cannot be written.
    """
    if not (np.isfinite(rate) and 0 < rate <= 1000):
        raise UnusableInput(f"A clip cannot have {rate} frames per second; give a rate between 0 and 1000.")
    if any(side <= 0 or side % 2 for side in size):
        raise UnusableInput(f"A clip cannot be {size[0]}×{size[1]} pixels; give two even numbers above 0.")
    with replacing(path.with_suffix(".json")) as beside:
        text = json.dumps(sidecar(scene, rate), indent=1, ensure_ascii=False)
        beside.write_text(text + "\n", encoding="utf-8")
        write_video(path, _frames(scene, rate, size, progress), rate=rate, crf=_QUALITY)


def sidecar(scene: Scene, rate: float) -> dict[str, object]:
    """Return what the JSON file beside a clip says."""
    after = scene.thing_after
    return {
        "format": SIDECAR_FORMAT,
        "object": _described(scene.thing),
        "object_after": None if after is None else _described(after),
        "occluder": scene.occluder,
        "hidden": [[round(start, 3), round(end, 3)] for start, end in hidden_intervals(scene)],
        "seed": scene.seed,
        "rate": rate,
        "duration": scene.duration,
        "caption": story(scene),
        "scene": scene.to_json(),
    }


def story(scene: Scene) -> str:
    """Tell in a sentence what happens in a scene."""
    who = _named(scene.thing)
    if scene.occluder is None or scene.cover is None:
        return f"{who} moves along an open track"
    place = {
        "tunnel": "goes into a brick tunnel",
        "hill": "goes behind a hill",
        "pillars": f"passes behind {len(scene.cover.centres)} pillars",
    }[scene.occluder]
    if scene.thing_after is not None:
        return f"{who} {place} and {_named(scene.thing_after)} comes out"
    return f"{who} {place}" if scene.occluder == "pillars" else f"{who} {place} and comes out again"


def _named(thing: Thing) -> str:
    return f"{'an' if thing.colour[0] in 'aeiou' else 'a'} {thing}"


def _described(thing: Thing) -> dict[str, str]:
    return {"colour": thing.colour, "shape": thing.shape, "text": _named(thing)}


def _frames(
    scene: Scene, rate: float, size: tuple[int, int], progress: Callable[[float], None] | None
) -> Iterator[NDArray[np.uint8]]:
    count = max(1, round(scene.duration * rate))
    for index in range(count):
        yield render(scene, index / rate, size)
        if progress is not None:
            progress((index + 1) / count)
