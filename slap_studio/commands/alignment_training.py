"""`slap-studio train alignment`: encode training clips, train P_θ on them, measure it, and put it in its place."""

import hashlib
import json
import math
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from slap_studio.core.devices import chosen_device
from slap_studio.core.network_file import TrainedFor
from slap_studio.encoders import BUILT_IN
from slap_studio.encoders import encoder as encoders
from slap_studio.problems import UnusableInput
from slap_studio.resources import tunnel_alignment
from slap_studio.training.alignment import LOG_FILE, REFERENCES, AlignmentRecipe, Held, train_alignment
from slap_studio.training.captioned import HELD_OUT_SHARE, captioned_clips
from slap_studio.training.clips import FRAMES, ClipLatents, clip_latents
from slap_studio.training.frames import TRAINING_SEEDS
from slap_studio.training.runs import ABOUT_FILE, begin_anew_if_other

HELD_OUT_CLIPS = 200
# Scenes that the encoder was not trained on either, and scenes that nothing is ever trained on.
FIRST_TRAINING, FIRST_HELD_OUT = TRAINING_SEEDS + 2**45, 2**39
UNFINISHED = "unfinished"


@dataclass(frozen=True, eq=False)
class Material:
    """What is learned from and measured on, in numbers and in words.

    Attributes
    ----------
    fingerprint
        Of all that the clips are.
    told
        What they are, for the model card.
    held
        The held-out clips in words.
    """

    seen: ClipLatents
    held_out: ClipLatents
    fingerprint: str
    told: str
    held: str


def train(
    *,
    recipe: AlignmentRecipe,
    clips: int,
    out: Path | None,
    device: str,
    tell: Callable[[str], None],
    data: str | None = None,
    encoder_name: str = BUILT_IN,
) -> None:
    """Train; what is there already stays whole until the new one is."""
    if recipe.steps < 1 or clips < 2:
        raise UnusableInput(
            f"Training needs at least one step and two clips, but --steps is {recipe.steps} and --clips {clips}."
        )
    folder = _folder(out, data, encoder_name)
    work = folder / UNFINISHED
    encoder = encoders.load(encoder_name, chosen_device(device))
    if data is None:
        material = _tunnel_clips(encoder, clips, recipe, work / "clips")
    else:
        material = _own_clips(data, encoder, work / "clips", tell)
    begin_anew_if_other(work, json.dumps([asdict(recipe), encoder.identity, material.fingerprint]), LOG_FILE)
    held = train_alignment(
        material.seen, material.held_out, work, recipe,
        trained_for=TrainedFor(encoder.label, encoder.identity),
        device=chosen_device(device), report=_progress(recipe.steps),
    )  # fmt: skip
    _write_card(work, recipe, encoder, material, held)
    _put_in_place(work, folder)
    tell(f"The alignment is in {folder}; the figures are in its README.md.")
    print(json.dumps(asdict(held)))


def _folder(out: Path | None, data: str | None, encoder_name: str) -> Path:
    """Where the network goes; the shipped one is for the built-in encoder and the tunnel world."""
    if out is None and (data is not None or encoder_name != BUILT_IN):
        raise UnusableInput(
            "Your own clips or another encoder need a folder for the network, so that the shipped one stays; "
            "name one with --out FOLDER."
        )
    if out is not None and out.exists() and not out.is_dir():
        raise UnusableInput(f"{out} is not a folder; name another one with --out.")
    return tunnel_alignment() if out is None else out


def _tunnel_clips(encoder: encoders.Encoder, clips: int, recipe: AlignmentRecipe, folder: Path) -> Material:
    # Parts are named by their seeds alone: every encoder has a folder of its own.
    folder = folder / hashlib.sha256(encoder.identity.encode()).hexdigest()[:16]
    held_out = clip_latents(encoder, range(FIRST_HELD_OUT, FIRST_HELD_OUT + HELD_OUT_CLIPS), folder)
    seen = clip_latents(
        encoder, range(FIRST_TRAINING, FIRST_TRAINING + clips), folder,
        report=lambda done: print(f"{done} of {clips} clips encoded", file=sys.stderr, flush=True),
    )  # fmt: skip
    told = f"""Made by `slap-studio train alignment --seed {recipe.seed}` on {clips} clips of the tunnel world,
{FRAMES} frames of each, the hidden ones too, with its clip's caption; one clip in sixteen shows an empty place and says
so. Frames in which a part of the object shows are drawn eight times as often, as positives and as negatives. Training
seeds begin at 2^40 + 2^45."""
    return Material(seen, held_out, f"tunnel world, {clips} clips", told, f"{HELD_OUT_CLIPS} held-out clips")


def _own_clips(data: str, encoder: encoders.Encoder, folder: Path, tell: Callable[[str], None]) -> Material:
    def report(done: int) -> None:
        if done % 20 == 0:
            print(f"{done} clips encoded", file=sys.stderr, flush=True)

    found = captioned_clips(data, encoder, folder, report=report)
    seen, held_out = found.split()
    total, held = len(found.keys), len(found.keys) - len(seen.caption)
    skipped = found.skipped.sentence(total)
    if skipped:
        tell(skipped)
    captions, trained_on = len(found.clips.queries), set(seen.caption.tolist())
    new = len(set(held_out.caption[held_out.positives].tolist()) - trained_on)
    told = f"""Made by `slap-studio train alignment --data` on {total - held} of {total} clips with {captions} different
captions, {FRAMES} frames of each, evenly from its first to its last.{f" {skipped}" if skipped else ""}

Held out by a hash of the clip's name: {held} of {total} (about {HELD_OUT_SHARE:.0%}, at least one); {new} of their
captions were never trained on. They are measured among the frames of all clips with another caption, those of the
training too. Clips with the very same caption are never one another's negatives."""
    return Material(seen, held_out, found.fingerprint, told, f"{held} held-out clip{'s' if held != 1 else ''}")


def _put_in_place(work: Path, folder: Path) -> None:
    (work / ABOUT_FILE).unlink()
    for file in work.iterdir():
        if file.is_file():
            file.replace(folder / file.name)
    shutil.rmtree(work)


def _progress(steps: int) -> Callable[[int, float, Held | None], None]:
    def report(done: int, loss: float, held: Held | None) -> None:
        if held is not None or done == steps:
            measured = "" if held is None else f", held out {held.infonce:.3f}, first {100 * held.retrieval:.1f}%"
            print(f"step {done} of {steps}: loss {loss:.4f}{measured}", file=sys.stderr, flush=True)

    return report


def _write_card(
    folder: Path, recipe: AlignmentRecipe, encoder: encoders.Encoder, material: Material, held: Held
) -> None:
    references = min(REFERENCES, material.seen.latents[..., 0].size)
    settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(recipe).items())
    text = f"""# The learned alignment for {"the built-in encoder" if encoder.built_in else encoder.label}

P_θ(z, q), a residual SwiGLU network with spectral normalisation on every matrix (`slap_studio/core/network.py`),
weights in half precision in `alignment.safetensors`. It says how well a latent ({encoder.dimension} numbers) of this
encoder fits a query of the kind that it was trained on, and knows nothing else.

{material.told}

Settings: {settings}.
Of the negatives {recipe.near:.0%} have captions like the query's own.
`training.csv` is the log, `training.svg` its picture. The mean of P over {references} training latents is zero for
every query.

| on {material.held} | measured |
|---|---|
| InfoNCE among {recipe.negatives + 1} (knowing nothing: {math.log(recipe.negatives + 1):.2f}) | {held.infonce:.3f} |
| positive before all {recipe.negatives} negatives | {100 * held.retrieval:.1f}% |
| tangent norm of ∇P at positives, mean and largest | {held.gradient:.2f} and {held.steepest:.2f} |
"""
    (folder / "README.md").write_text(text, encoding="utf-8")
