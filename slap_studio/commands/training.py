"""`slap-studio train encoder`: train, measure on held-out scenes, and put the result in its place."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from slap_studio.core.devices import chosen_device
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.encoder import WEIGHTS_FILE, built_in_folder
from slap_studio.problems import UnusableInput
from slap_studio.training.encoder import Recipe, train
from slap_studio.training.encoder_figures import learn_familiarity, measure, write_card

UNFINISHED = "unfinished"


def train_encoder(
    *, seed: int, steps: int | None, out: Path | None, device: str, evaluate_only: bool, tell: Callable[[str], None]
) -> None:
    """Train unless only to be measured, then keep the known world's latents and write the model card."""
    folder = built_in_folder() if out is None else out
    recipe = Recipe(seed=seed) if steps is None else Recipe(seed=seed, steps=steps)
    if recipe.steps < 1:
        raise UnusableInput(f"Training needs at least one step, but --steps is {steps}.")
    if evaluate_only and not (folder / WEIGHTS_FILE).is_file():
        raise UnusableInput(f"{folder} holds no weights to measure; train first, without --evaluate-only.")
    # The encoder that is there stays whole until the new one is.
    work = folder if evaluate_only else folder / UNFINISHED
    if not evaluate_only:
        train(work, recipe, device=chosen_device(device), report=_progress(recipe.steps))
    encoder = encoders.load(str(work))
    familiarity = learn_familiarity(encoder)
    familiarity.save(work)
    figures = measure(encoder, familiarity)
    write_card(work, figures, _said(work))
    if not evaluate_only:
        for file in work.iterdir():
            file.replace(folder / file.name)
        work.rmdir()
    tell(f"The encoder is in {folder}; the figures are in its README.md.")
    print(json.dumps(asdict(figures)))


def _said(folder: Path) -> str:
    """The recipe that the weights carry."""
    from safetensors import safe_open

    with safe_open(folder / WEIGHTS_FILE, framework="numpy") as weights:
        recipe = json.loads(weights.metadata()["recipe"])
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in recipe.items())


def _progress(steps: int) -> Callable[[int, float], None]:
    def report(done: int, loss: float) -> None:
        if done % 20 == 0 or done == steps:
            print(f"step {done} of {steps}: loss {loss:.4f}", file=sys.stderr, flush=True)

    return report
