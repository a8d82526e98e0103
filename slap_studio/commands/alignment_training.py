"""`slap-studio train alignment`: encode training clips, train P_θ on them, measure it, and put it in its place."""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from slap_studio.core.devices import chosen_device
from slap_studio.encoders import encoder as encoders
from slap_studio.problems import UnusableInput
from slap_studio.resources import tunnel_alignment
from slap_studio.training.alignment import REFERENCES, AlignmentRecipe, Held, train_alignment
from slap_studio.training.clips import FRAMES, clip_latents
from slap_studio.training.frames import TRAINING_SEEDS

HELD_OUT_CLIPS = 200
# Scenes that the encoder was not trained on either, and scenes that nothing is ever trained on.
FIRST_TRAINING, FIRST_HELD_OUT = TRAINING_SEEDS + 2**45, 2**39
UNFINISHED = "unfinished"


def train(*, recipe: AlignmentRecipe, clips: int, out: Path | None, device: str, tell: Callable[[str], None]) -> None:
    """Train; what is there already stays whole until the new one is."""
    if recipe.steps < 1 or clips < 2:
        raise UnusableInput(
            f"Training needs at least one step and two clips, but --steps is {recipe.steps} and --clips {clips}."
        )
    folder = tunnel_alignment() if out is None else out
    work = folder / UNFINISHED
    encoder = encoders.load(device=chosen_device(device))
    held_out = clip_latents(encoder, range(FIRST_HELD_OUT, FIRST_HELD_OUT + HELD_OUT_CLIPS), work / "clips")
    seen = clip_latents(
        encoder, range(FIRST_TRAINING, FIRST_TRAINING + clips), work / "clips",
        report=lambda done: print(f"{done} of {clips} clips encoded", file=sys.stderr, flush=True),
    )  # fmt: skip
    held = train_alignment(seen, held_out, work, recipe, device=chosen_device(device), report=_progress(recipe.steps))
    _write_card(work, recipe, clips, held)
    for file in work.iterdir():
        if file.is_file():
            file.replace(folder / file.name)
    for file in (work / "clips").iterdir():
        file.unlink()
    (work / "clips").rmdir()
    work.rmdir()
    tell(f"The alignment is in {folder}; the figures are in its README.md.")
    print(json.dumps(asdict(held)))


def _progress(steps: int) -> Callable[[int, float, Held | None], None]:
    def report(done: int, loss: float, held: Held | None) -> None:
        if held is not None or done == steps:
            measured = "" if held is None else f", held out {held.infonce:.3f}, first {100 * held.retrieval:.1f}%"
            print(f"step {done} of {steps}: loss {loss:.4f}{measured}", file=sys.stderr, flush=True)

    return report


def _write_card(folder: Path, recipe: AlignmentRecipe, clips: int, held: Held) -> None:
    settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(recipe).items())
    text = f"""# The learned alignment for the built-in encoder

P_θ(z, q), a residual SwiGLU network with spectral normalisation on every matrix (`slap_studio/core/network.py`),
weights in half precision in `alignment.safetensors`. It says how well a latent fits a query of the tunnel world, and
knows nothing else.

Made by `slap-studio train alignment --seed {recipe.seed}` ({settings})
on {clips} clips of {FRAMES} frames, the hidden ones too, each with its clip's caption; one clip in sixteen shows an
empty place and says so. Frames in which a part of the object shows are drawn eight times as often, as positives and as
negatives; half of the negatives have captions like the query's own. Training seeds begin at 2^40 + 2^45;
`training.csv` is the log. The mean of P over {REFERENCES} training latents is zero for every query.

| on {HELD_OUT_CLIPS} held-out clips | measured |
|---|---|
| InfoNCE among {recipe.negatives + 1} (knowing nothing: {math.log(recipe.negatives + 1):.2f}) | {held.infonce:.3f} |
| positive before all {recipe.negatives} negatives | {100 * held.retrieval:.1f}% |
| tangent norm of ∇P at positives, mean and largest | {held.gradient:.2f} and {held.steepest:.2f} |
"""
    (folder / "README.md").write_text(text, encoding="utf-8")
