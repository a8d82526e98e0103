"""Train the learned alignment P_θ: InfoNCE among latents for one query, and a small gradient (paper §3.2)."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from slap_studio.core.network import NetworkShape, ResidualAlignment, random_network, settle
from slap_studio.core.network_file import write_network
from slap_studio.problems import Cancelled
from slap_studio.training.clips import Batch, ClipLatents, batch, batches

LOG_FILE = "training.csv"
_COLUMNS = "step,loss,held_out_infonce,held_out_retrieval,held_out_gradient"


@dataclass(frozen=True)
class AlignmentRecipe:
    """How P_θ is trained; written beside its weights.

    Attributes
    ----------
    temperature
        τ, by which P is divided inside InfoNCE.
    negatives
        K, latents of other captions per query.
    sobolev
        γ, weight of E‖∇_z P‖².
    """

    seed: int = 0
    hidden: int = 512
    blocks: int = 2
    steps: int = 600
    batch: int = 32
    negatives: int = 31
    temperature: float = 0.1
    sobolev: float = 0.01
    learning_rate: float = 5e-3
    warm_up: int = 50
    checkpoint_every: int = 100


@dataclass(frozen=True)
class Held:
    """What is measured on clips that were not trained on.

    Attributes
    ----------
    infonce
        Mean loss; log(K + 1) is what knowing nothing gives.
    retrieval
        Share of the positives that come before all K negatives.
    gradient, steepest
        Mean and largest norm of ∇_z P, tangent to the sphere, at the positives: how steep the landscape is.
    """

    infonce: float
    retrieval: float
    gradient: float
    steepest: float


def train_alignment(
    clips: ClipLatents,
    held_out: ClipLatents,
    folder: Path,
    recipe: AlignmentRecipe,
    *,
    device: str = "cpu",
    report: Callable[[int, float, Held | None], None] = lambda step, loss, held: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Held:
    """Train into a folder, which gets the weights, and a log of every hundredth step.

    A run that was stopped goes on from its last checkpoint with the very batches it would have seen.

    Raises
    ------
    Cancelled
        When `cancelled` says so; what was done is kept for the next run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shape = NetworkShape(clips.latents.shape[-1], recipe.hidden, recipe.blocks)
    network = random_network(shape, recipe.seed).to(device).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    checkpoint = folder / "checkpoint.pt.safetensors"
    done = _resume(checkpoint, network, optimiser)
    drawn = batches(clips, recipe.seed, recipe.batch, recipe.negatives, done)
    while done < recipe.steps:
        if cancelled():
            _save_checkpoint(checkpoint, network, optimiser, done)
            raise Cancelled
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * _share(recipe, done)
        loss = objective(network, next(drawn), recipe, device)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        done += 1
        held = None
        if done % recipe.checkpoint_every == 0:
            held = measure_alignment(network, held_out, recipe)
            _log(folder / LOG_FILE, done, loss.item(), held)
            _save_checkpoint(checkpoint, network, optimiser, done)
        report(done, loss.item(), held)
    settle(network)
    write_network(network, folder, json.dumps(asdict(recipe)))
    checkpoint.unlink(missing_ok=True)
    return measure_alignment(network, held_out, recipe)


def objective(network: ResidualAlignment, drawn: Batch, recipe: AlignmentRecipe, device: str) -> Tensor:
    """−log of the positive's share among K + 1 (InfoNCE, van den Oord et al. 2018), and γ·E‖∇_z P‖² at both kinds."""
    query, positive, negative = (
        torch.as_tensor(each, device=device) for each in (drawn.query, drawn.positive, drawn.negative)
    )
    latents = torch.cat([positive[:, None], negative], dim=1).requires_grad_()
    values = network(latents, query[:, None])
    infonce = torch.nn.functional.cross_entropy(
        values / recipe.temperature, torch.zeros(len(query), dtype=torch.long, device=device)
    )
    if recipe.sobolev == 0:
        return infonce
    (slopes,) = torch.autograd.grad(values.sum(), latents, create_graph=True)
    return infonce + recipe.sobolev * slopes.square().sum(-1).mean()


def measure_alignment(
    network: ResidualAlignment, clips: ClipLatents, recipe: AlignmentRecipe, *, count: int = 1024
) -> Held:
    """Measure on so many draws, always the same."""
    training = network.training
    network.eval()
    device = next(network.parameters()).device
    drawn = batch(clips, np.random.default_rng([recipe.seed, 2**31]), count, recipe.negatives)
    query, positive, negative = (
        torch.as_tensor(each, device=device) for each in (drawn.query, drawn.positive, drawn.negative)
    )
    latents = positive.requires_grad_()
    right = network(latents, query)
    (slopes,) = torch.autograd.grad(right.sum(), latents)
    tangent = slopes - (slopes * latents).sum(-1, keepdim=True) * latents
    sizes = torch.linalg.vector_norm(tangent.detach(), dim=-1)
    with torch.no_grad():
        values = torch.cat([right[:, None], network(negative, query[:, None])], dim=1)
        infonce = torch.nn.functional.cross_entropy(
            values / recipe.temperature, torch.zeros(count, dtype=torch.long, device=device)
        )
        first = (values[:, :1] > values[:, 1:]).all(dim=1).float().mean()
    network.train(training)
    return Held(float(infonce), float(first), float(sizes.mean()), float(sizes.max()))


def _share(recipe: AlignmentRecipe, step: int) -> float:
    """Linear warm-up, then half a cosine to zero."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)))


def _log(file: Path, step: int, loss: float, held: Held) -> None:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else [_COLUMNS]
    # A run that was stopped between its log and its checkpoint takes some steps again.
    kept = [line for line in lines[1:] if int(line.split(",")[0]) < step]
    row = f"{step},{loss:.5f},{held.infonce:.5f},{held.retrieval:.4f},{held.gradient:.4f}"
    file.write_text("\n".join([_COLUMNS, *kept, row]) + "\n", encoding="utf-8")


def _resume(path: Path, network: ResidualAlignment, optimiser: torch.optim.Optimizer) -> int:
    """Load a checkpoint if there is one; give the number of steps it had done."""
    if not path.is_file():
        return 0
    stored = load_file(path)
    network.load_state_dict({name[6:]: value for name, value in stored.items() if name.startswith("model.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in stored.items():
        if name.startswith("optimiser."):
            _, index, field = name.split(".")
            state.setdefault(int(index), {})[field] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    return int(stored["done"])


def _save_checkpoint(path: Path, network: ResidualAlignment, optimiser: torch.optim.Optimizer, done: int) -> None:
    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    for index, fields in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value.cpu().contiguous() for name, value in fields.items()}
    beside = path.with_suffix(".part")
    save_file({**tensors, "done": torch.tensor(done)}, beside)
    beside.replace(path)
