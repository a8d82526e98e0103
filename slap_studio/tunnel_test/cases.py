"""The cases of a test, clips as methods see them: rendered, encoded, and kept in parts so that a killed run goes on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from slap_studio.core.types import Array
from slap_studio.encoders.encoder import Encoder
from slap_studio.methods.method import Observation
from slap_studio.tunnel.render import render
from slap_studio.tunnel.visibility import visible_fraction
from slap_studio.tunnel.world import Scene
from slap_studio.tunnel_test.protocol import (
    CONDITIONS,
    HEADLINE,
    Candidates,
    Condition,
    Moments,
    candidates,
    moments,
)

RENDERED = (128, 72)  # as the encoder's training frames
PIXELS = (640, 360)  # for methods that work on pixels


@dataclass(frozen=True, eq=False)
class Case:
    """A clip of the test, posed.

    Attributes
    ----------
    scene, candidates
        What it is, and what may be answered.
    queries
        Latents of the candidates' texts [5, d].
    seen
        What methods see under each condition, by its name.
    shown
        How much of the object shows at the two anchors under each condition.
    truth
        Latents of the hidden frames without the tunnel [N, d], for the headline's hidden times.
    """

    scene: Scene
    candidates: Candidates
    queries: Array
    seen: dict[str, Observation]
    shown: dict[str, tuple[float, float]]
    truth: Array


class Texts:
    """Latents of texts, each encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Array] = {}

    def __call__(self, text: str) -> Array:
        """Unit latent [d] of a text."""
        if text not in self._known:
            self._known[text] = self._encoder.encode_text(text)
        return self._known[text]


def cases(
    scenes: list[Scene], encoder: Encoder, texts: Texts, folder: Path, *, part: int, report: Callable[[int], None]
) -> Iterator[list[Case]]:
    """Cases in parts of so many; what was encoded before is read from the folder.

    Parameters
    ----------
    report
        Told how many clips are there after each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(scenes), part):
        chosen = scenes[first : first + part]
        file = folder / f"{first}-{len(chosen)}.safetensors"
        if not file.is_file():
            tensors: dict[str, NDArray[np.generic]] = {}
            for index, scene in enumerate(chosen):
                tensors |= {f"{index}.{name}": values for name, values in _encoded(scene, encoder).items()}
                report(first + index + 1)
            beside = file.with_suffix(".part")
            save_file(tensors, beside)
            beside.replace(file)
        stored = load_file(file)
        report(first + len(chosen))
        yield [_case(scene, index, stored, texts) for index, scene in enumerate(chosen)]


def _encoded(scene: Scene, encoder: Encoder) -> dict[str, NDArray[np.generic]]:
    """Latents of all frames that the test asks for, by condition, in one batch, and when they were taken."""
    asked = {condition.name: moments(scene, condition) for condition in CONDITIONS}
    images = [render(scene, float(time), RENDERED) for one in asked.values() for time in one.observed]
    images += [render(scene, float(time), RENDERED, occluder=False) for time in asked[HEADLINE.name].hidden]
    latents = encoder.encode_frames(images)
    ends = np.cumsum([len(one.observed) for one in asked.values()])
    *parts, truth = np.split(latents, ends)
    tensors: dict[str, NDArray[np.generic]] = {"truth": truth.copy()}
    for (name, one), part in zip(asked.items(), parts, strict=True):
        tensors |= {name: part.copy(), f"{name}.times": one.observed, f"{name}.before": np.array([one.before])}
    return tensors


def _case(scene: Scene, index: int, stored: Mapping[str, NDArray[Any]], texts: Texts) -> Case:
    offered = candidates(scene)

    def when(condition: Condition) -> Moments:
        key = f"{index}.{condition.name}"
        return Moments.of(stored[f"{key}.times"], int(stored[f"{key}.before"][0]))

    return Case(
        scene,
        offered,
        np.stack([texts(text) for text in offered.texts]),
        {one.name: _seen(scene, when(one), stored[f"{index}.{one.name}"]) for one in CONDITIONS},
        {one.name: _shown(scene, one, when(one)) for one in CONDITIONS},
        stored[f"{index}.truth"],
    )


def _seen(scene: Scene, when: Moments, latents: NDArray[np.float32]) -> Observation:
    return Observation(
        when.observed, latents, when.before, when.hidden,
        frames=lambda: [render(scene, float(time), PIXELS) for time in when.observed],
    )  # fmt: skip


def _shown(scene: Scene, condition: Condition, when: Moments) -> tuple[float, float]:
    if condition.fraction is not None:
        return condition.fraction, condition.fraction
    start, end = when.observed[when.before], when.observed[when.before + 1]
    return visible_fraction(scene, float(start)), visible_fraction(scene, float(end))
