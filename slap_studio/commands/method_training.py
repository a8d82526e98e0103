"""`slap-studio train methods`: train what SLAP is compared with, on the clips that the alignment learns from."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from slap_studio.commands.alignment_training import FIRST_HELD_OUT, FIRST_TRAINING, HELD_OUT_CLIPS, UNFINISHED
from slap_studio.core.devices import chosen_device
from slap_studio.encoders import encoder as encoders
from slap_studio.methods.trained import read_weights
from slap_studio.problems import UnusableInput
from slap_studio.resources import tunnel_methods
from slap_studio.training.clips import FRAMES, clip_latents
from slap_studio.training.gaps import KINDS, GapRecipe, measure_gaps, train_gaps


def train(*, recipe: GapRecipe, clips: int, out: Path | None, device: str, tell: Callable[[str], None]) -> None:
    """Train all of them; what is there already stays whole until the new ones are."""
    if recipe.steps < 1 or clips < 2:
        raise UnusableInput(
            f"Training needs at least one step and two clips, but --steps is {recipe.steps} and --clips {clips}."
        )
    folder = tunnel_methods() if out is None else out
    work = folder / UNFINISHED
    encoder = encoders.load(device=chosen_device(device))
    held_out = clip_latents(encoder, range(FIRST_HELD_OUT, FIRST_HELD_OUT + HELD_OUT_CLIPS), work / "clips").latents
    seen = clip_latents(
        encoder, range(FIRST_TRAINING, FIRST_TRAINING + clips), work / "clips",
        report=lambda done: _tell(f"{done} of {clips} clips encoded"),
    ).latents  # fmt: skip
    measured = {}
    for kind, network in KINDS.items():
        file = work / f"{kind}.safetensors"
        if file.is_file():  # of a run that was stopped later
            measured[kind] = measure_gaps(read_weights(network, file), held_out, recipe)
            continue
        measured[kind] = train_gaps(
            kind, seen, held_out, file, recipe, device=chosen_device(device), report=_progress(kind, recipe.steps)
        )
    _write_card(work, recipe, clips, measured)
    for file in work.iterdir():
        if file.is_file():
            file.replace(folder / file.name)
    for file in (work / "clips").iterdir():
        file.unlink()
    (work / "clips").rmdir()
    work.rmdir()
    tell(f"The methods are in {folder}; the figures are in its README.md.")
    print(json.dumps(measured))


def _progress(kind: str, steps: int) -> Callable[[int, float], None]:
    def report(done: int, loss: float) -> None:
        if done % 250 == 0 or done == steps:
            _tell(f"{kind}: step {done} of {steps}, loss {loss:.4f}")

    return report


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _write_card(folder: Path, recipe: GapRecipe, clips: int, measured: dict[str, float]) -> None:
    settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(recipe).items())
    rows = "\n".join(f"| {kind.replace('_', ' ')} | {distance:.3f} |" for kind, distance in measured.items())
    text = f"""# Methods that SLAP is compared with

Small networks that fill a gap from one frame before it, its two anchors and one frame after it, in the built-in
encoder's latents: `latent_ode.py`, `neural_cde.py` and `transformer.py` of `slap_studio/methods`, weights in half
precision.

Made by `slap-studio train methods --seed {recipe.seed}` ({settings})
on {clips} clips of {FRAMES} frames. They are taught the frames as filmed, the occluded ones too, and no captions: what
anybody has who trains on videos. The transformer is a small stand-in for the class of Video-LLaMA, trained here.

| on {HELD_OUT_CLIPS} held-out clips | mean cosine distance to what was filmed in the gap |
|---|---|
{rows}
"""
    (folder / "README.md").write_text(text, encoding="utf-8")
