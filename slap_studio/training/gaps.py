"""Train the methods that learn to fill gaps: they hide a stretch of a clip from themselves and foretell it.

What they are taught are the frames as filmed, the occluded ones too: nobody who trains on videos has seen behind the
tunnel. Captions are not used.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from slap_studio.methods.latent_ode import LatentOde
from slap_studio.methods.neural_cde import NeuralCde
from slap_studio.methods.trained import GapNetwork, write_weights
from slap_studio.methods.transformer import Transformer
from slap_studio.problems import Cancelled
from slap_studio.training.runs import resume, save_checkpoint, schedule

KINDS: Mapping[str, type[GapNetwork]] = MappingProxyType(
    {"latent_ode": LatentOde, "neural_cde": NeuralCde, "transformer": Transformer}
)
_SHORTEST, _LONGEST = 3, 9  # hidden frames of sixteen


@dataclass(frozen=True)
class GapRecipe:
    """How one of them is trained; written into its file.

    Attributes
    ----------
    divergence
        Weight of the latent ODE's distance from its prior; the others have none.
    """

    seed: int = 0
    steps: int = 1500
    batch: int = 64
    learning_rate: float = 2e-3
    warm_up: int = 100
    divergence: float = 1e-4
    checkpoint_every: int = 250


@dataclass(frozen=True, eq=False)
class Gaps:
    """A batch of gaps of one shape.

    Attributes
    ----------
    observed, times
        One frame before, the two anchors and one frame after [B, 4, d], and when they are [B, 4], in units of the gap.
    hidden, truth
        Times of what lies in the gap [N], and its latents [B, N, d].
    """

    observed: NDArray[np.float32]
    times: NDArray[np.float32]
    hidden: NDArray[np.float32]
    truth: NDArray[np.float32]


BEFORE = 1  # index of the anchor before the gap among the observed


def gaps(latents: NDArray[np.float32], dice: np.random.Generator, size: int) -> Gaps:
    """Draw gaps of one length, each somewhere in a clip of latents [C, M, d]."""
    count, frames = latents.shape[:2]
    length = int(dice.integers(_SHORTEST, _LONGEST + 1))
    clip = dice.integers(count, size=size)
    first = dice.integers(1, frames - length - 2, size=size)  # the anchor before
    last = first + length + 1
    earlier = (dice.random(size) * first).astype(int)
    later = last + 1 + (dice.random(size) * (frames - 1 - last)).astype(int)
    index = np.stack([earlier, first, last, later], axis=1)
    inside = first[:, None] + 1 + np.arange(length)
    return Gaps(
        latents[clip[:, None], index],
        ((index - first[:, None]) / (length + 1)).astype(np.float32),
        (np.arange(1, length + 1) / (length + 1)).astype(np.float32),
        latents[clip[:, None], inside],
    )


def train_gaps(
    kind: str,
    latents: NDArray[np.float32],
    held_out: NDArray[np.float32],
    file: Path,
    recipe: GapRecipe,
    *,
    device: str = "cpu",
    report: Callable[[int, float], None] = lambda step, loss: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> float:
    """Train one kind of network; give its mean cosine distance on held-out clips.

    A run that was stopped goes on from its last checkpoint with the very batches it would have seen.

    Raises
    ------
    Cancelled
        When `cancelled` says so; what was done is kept for the next run.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = KINDS[kind](dimension=latents.shape[-1]).to(device).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    checkpoint = file.with_suffix(".checkpoint")
    done = resume(checkpoint, network, optimizer)
    while done < recipe.steps:
        if cancelled():
            save_checkpoint(checkpoint, network, optimizer, done)
            raise Cancelled
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * schedule(done, warm_up=recipe.warm_up, steps=recipe.steps)
        # A step depends on the seed and its number alone, so that any run can resume.
        drawn = gaps(latents, np.random.default_rng([recipe.seed, done]), recipe.batch)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed * 1_000_003 + done)
            loss = _objective(network, drawn, recipe, device)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        done += 1
        if done % recipe.checkpoint_every == 0:
            save_checkpoint(checkpoint, network, optimizer, done)
        report(done, loss.item())
    write_weights(network, file, json.dumps(asdict(recipe)))
    checkpoint.unlink(missing_ok=True)
    return measure_gaps(network.eval(), held_out, recipe, device)


def measure_gaps(
    network: GapNetwork, latents: NDArray[np.float32], recipe: GapRecipe, device: str = "cpu", *, batches: int = 16
) -> float:
    """Mean cosine distance to what was filmed, on draws that are always the same, the network going on by itself."""
    distances = []
    for index in range(batches):
        drawn = gaps(latents, np.random.default_rng([recipe.seed, 2**31, index]), recipe.batch)
        with torch.inference_mode():
            found = network(*_asked(drawn, device), None)
        distances.append(float(1 - (found.cpu() * torch.from_numpy(drawn.truth)).sum(-1).mean()))
    return float(np.mean(distances))


def _objective(network: GapNetwork, drawn: Gaps, recipe: GapRecipe, device: str) -> Tensor:
    truth = torch.from_numpy(drawn.truth).to(device)
    found = network(*_asked(drawn, device), truth)
    loss: Tensor = (1 - (found * truth).sum(-1)).mean()
    if isinstance(network, LatentOde):
        loss = loss + recipe.divergence * network.divergence
    return loss


def _asked(drawn: Gaps, device: str) -> tuple[Tensor, Tensor, int, Tensor]:
    observed, times, hidden = (
        torch.from_numpy(array).to(device) for array in (drawn.observed, drawn.times, drawn.hidden)
    )
    return observed, times, BEFORE, hidden
