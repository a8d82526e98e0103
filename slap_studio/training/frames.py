"""Labelled frames of the tunnel world, drawn from a seed: what the encoder learns from and is judged on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from slap_studio.tunnel.captions import GONE, IN_VIEW, Caption, Facts, drawn_caption, facts_at
from slap_studio.tunnel.render import render
from slap_studio.tunnel.scene import Scene, random_scene

# Scenes from here on are for training only. Everything below is never trained on: the samples, the
# figures of the model card, and whatever seed somebody else tries.
TRAINING_SEEDS = 2**40
RENDERED = (128, 72)  # larger than the encoder's square, which then averages pixels as it does on a real clip


@dataclass(frozen=True, eq=False)
class LabelledFrame:
    """A frame [72, 128, 3], what it shows, and one true sentence about it."""

    image: NDArray[np.uint8]
    facts: Facts
    caption: Caption


def labelled_frame(scene_seed: int, generator: np.random.Generator, *, share_hidden: float = 0.25) -> LabelledFrame:
    """Draw a moment of a scene and render it.

    A share of the frames shows the moment when the object is hidden, a tenth shows the scene without its
    occluder; moments of which nothing is claimed (a sliver in view) are drawn again.
    """
    scene = random_scene(scene_seed)
    occluder = scene.occluder is not None and generator.random() >= 0.1
    time, facts = _moment(scene, occluder, occluder and generator.random() < share_hidden, generator)
    image = render(scene, time, RENDERED, occluder=occluder)
    return LabelledFrame(image, facts, drawn_caption(facts, generator))


def _moment(scene: Scene, occluder: bool, wants_hidden: bool, generator: np.random.Generator) -> tuple[float, Facts]:
    """A random moment at which the object is hidden, or in view; the other of the two if none is found."""
    spare: tuple[float, Facts] | None = None
    for time in generator.uniform(0, scene.duration, 40):
        facts = facts_at(scene, float(time), occluder=occluder)
        hidden, in_view = facts.visible <= GONE, facts.visible >= IN_VIEW
        if hidden if wants_hidden else in_view:
            return float(time), facts
        if spare is None and (hidden or in_view):
            spare = float(time), facts
    return spare or (0.0, facts_at(scene, 0.0, occluder=False))


class TrainingFrames(Dataset[LabelledFrame]):
    """An endless sequence of training frames; frame i depends on the seed and on i alone, so any run can resume."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __getitem__(self, index: int) -> LabelledFrame:
        # Two frames of each scene: often the same picture with and without the object.
        generator = np.random.default_rng([self.seed, index])
        return labelled_frame(TRAINING_SEEDS + self.seed * 2**32 + index // 2, generator)
