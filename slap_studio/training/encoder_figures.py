"""Measure the built-in encoder on scenes that it was not trained on, and write its model card."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slap_studio.encoders.encoder import Encoder
from slap_studio.encoders.familiarity import Familiarity
from slap_studio.training.frames import TRAINING_SEEDS
from slap_studio.tunnel.captions import GONE, Facts, facts_at, identity
from slap_studio.tunnel.render import render
from slap_studio.tunnel.scene import COLOURS, SHAPES, random_scene

CARD_FILE = "README.md"
SIZE = (640, 360)
KNOWN_FRAMES = 2048
CLIPS = 100
_SHOWN = 0.5  # of the object: at least half of it


@dataclass(frozen=True)
class Figures:
    """Shares of held-out frames that are told right.

    Attributes
    ----------
    unoccluded
        Of 64 identities, on frames without an occluder.
    half_shown
        Of 64 identities, on frames where at least half of the object shows.
    empty
        Empty tunnel or object in view (at least half), on as many frames of either kind; the answer is
        the best of "an empty tunnel" and the 64 identities.
    familiar, strange_noise
        Held-out clips, and clips of pure noise, that are taken for this world.
    frames
        How many frames each of the first three rests on.
    first_seed
        Of the scenes.
    """

    unoccluded: float
    half_shown: float
    empty: float
    familiar: float
    strange_noise: float
    frames: int
    first_seed: int


def measure(encoder: Encoder, familiarity: Familiarity, *, frames: int = 2000, first_seed: int = 0) -> Figures:
    """Render held-out frames at full size, encode them as a clip's frames are, and count.

    Parameters
    ----------
    frames
        Per figure.
    first_seed
        Scenes are drawn from here on; all far below the seeds of the training.
    """
    names = [identity(colour, shape) for colour in COLOURS for shape in SHAPES]
    texts = np.stack([encoder.encode_text(name.text) for name in names])
    empty = encoder.encode_text("an empty tunnel")
    bare, bare_latents = _encoded(encoder, _moments(frames, first_seed, "bare"))
    half, half_latents = _encoded(encoder, _moments(frames, first_seed, "half"))
    _, inside_latents = _encoded(encoder, _moments(frames // 2, first_seed, "hidden"))
    _, outside_latents = _encoded(encoder, _moments(frames // 2, first_seed, "in view"))
    seen_empty = [
        *(inside_latents @ empty > (inside_latents @ texts.T).max(1)),
        *(outside_latents @ empty < (outside_latents @ texts.T).max(1)),
    ]
    noise = np.random.default_rng(first_seed).integers(0, 256, (CLIPS, 9, 90, 160, 3), dtype=np.uint8)
    return Figures(
        unoccluded=_told(bare, bare_latents @ texts.T),
        half_shown=_told(half, half_latents @ texts.T),
        empty=float(np.mean(seen_empty)),
        familiar=float(np.mean([familiarity.covers(encoder.encode_frames(clip)) for clip in _clips(first_seed)])),
        strange_noise=float(np.mean([familiarity.covers(encoder.encode_frames(list(clip))) for clip in noise])),
        frames=frames,
        first_seed=first_seed,
    )


def learn_familiarity(encoder: Encoder, *, held_out_seed: int = 10**9) -> Familiarity:
    """Keep latents of training frames, and set the threshold where the strangest of a hundred unseen clips lies.

    A clip is judged by its median frame, which the rare odd one does not move.
    """
    _, known = _encoded(encoder, _moments(KNOWN_FRAMES, TRAINING_SEEDS, "any"))
    rounded = known.astype(np.float16).astype(np.float32)
    measured = Familiarity(rounded, 0.0)
    medians = [np.median(measured.nearness(encoder.encode_frames(clip))) for clip in _clips(held_out_seed)]
    return Familiarity(rounded, float(min(medians)))


def write_card(folder: Path, figures: Figures, recipe: str) -> None:
    """Say beside the weights what they are and what was measured."""
    share = {name: f"{100 * value:.1f}%" for name, value in asdict(figures).items() if isinstance(value, float)}
    text = f"""# The built-in encoder

A small open_clip model: `open_clip_config.json`, `open_clip_model.safetensors` in half precision and
`vocabulary.txt.gz`. Its image tower is a ResNet of 2-2-2-2 blocks and width 24 on 96 × 96 pixels, its text tower a
transformer of 2 layers and width 192 over 16 tokens; latents have 256 dimensions. Frames are squashed to the square,
not cropped. It was trained on the tunnel world of this program and on nothing else, and knows nothing else.

Made by `slap-studio train encoder --seed 0` ({recipe}).

| on held-out scenes ({figures.frames} frames per row, 640 × 360, seeds from {figures.first_seed}) | told right |
|---|---|
| which of 64 things (8 colours × 8 shapes), frames without an occluder | {share["unoccluded"]} |
| which of 64 things, at least half of the object in view | {share["half_shown"]} |
| an empty tunnel or an object in view | {share["empty"]} |

`familiarity.safetensors` holds latents of {KNOWN_FRAMES} training frames and a threshold. A clip whose median frame
lies farther from all of them than the threshold is said to be outside this encoder's world: {share["familiar"]} of
{CLIPS} held-out clips lie within it, and {share["strange_noise"]} of as many clips of pure noise.

Measured by `slap-studio train encoder --evaluate-only`. Training seeds begin at 2^40; held-out scenes and the samples
lie below.
"""
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def _clips(first_seed: int) -> Iterator[list[NDArray[np.uint8]]]:
    """Nine frames of each of a hundred scenes."""
    for scene in (random_scene(seed) for seed in range(first_seed, first_seed + CLIPS)):
        yield [render(scene, float(time), SIZE) for time in np.linspace(0, scene.duration, 9)]


def _moments(count: int, first_seed: int, kind: str) -> Iterator[tuple[NDArray[np.uint8], Facts]]:
    """Frames of one kind, one per scene; scenes that have no such moment are passed over."""
    wanted: Callable[[Facts], bool] = {
        "bare": lambda facts: facts.visible > 0,
        "half": lambda facts: facts.visible >= _SHOWN,
        "hidden": lambda facts: facts.visible <= GONE,
        "in view": lambda facts: facts.visible >= _SHOWN,
        "any": lambda facts: True,
    }[kind]
    found, seed = 0, first_seed
    while found < count:
        scene = random_scene(seed, occluder="tunnel") if kind in ("hidden", "in view") else random_scene(seed)
        generator = np.random.default_rng([seed, 7])
        seed += 1
        for time in generator.uniform(0, scene.duration, 40):
            facts = facts_at(scene, float(time), occluder=kind != "bare")
            if wanted(facts):
                found += 1
                yield render(scene, float(time), SIZE, occluder=kind != "bare"), facts
                break


def _encoded(
    encoder: Encoder, moments: Iterator[tuple[NDArray[np.uint8], Facts]], batch: int = 64
) -> tuple[list[Facts], NDArray[np.float32]]:
    facts: list[Facts] = []
    latents: list[NDArray[np.float32]] = []
    images: list[NDArray[np.uint8]] = []
    for image, fact in moments:
        images.append(image)
        facts.append(fact)
        if len(images) == batch:
            latents.append(encoder.encode_frames(images))
            images = []
    if images:
        latents.append(encoder.encode_frames(images))
    return facts, np.concatenate(latents)


def _told(facts: list[Facts], scores: NDArray[np.float32]) -> float:
    """Share of frames whose best caption, of colours × shapes in order, names their thing."""
    truth = [COLOURS.index(fact.colour) * len(SHAPES) + SHAPES.index(fact.shape) for fact in facts]
    return float((scores.argmax(1) == np.array(truth)).mean())
