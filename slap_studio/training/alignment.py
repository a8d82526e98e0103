"""Train the learned alignment P_θ: InfoNCE among latents for one query, and a small gradient (paper §3.2)."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.network import NetworkShape, ResidualAlignment, random_network
from slap_studio.core.network_file import TrainedFor, write_network
from slap_studio.problems import Cancelled
from slap_studio.training.clips import Batch, ClipLatents, batch
from slap_studio.training.log_picture import write_log_picture
from slap_studio.training.runs import CHECKPOINT_FILE, resume, save_checkpoint, schedule

LOG_FILE = "training.csv"
REFERENCES = 1024  # latents that pin C(q)
_COLUMNS = "step,loss,held_out_infonce,held_out_retrieval,held_out_gradient"


@dataclass(frozen=True)
class AlignmentRecipe:
    """How P_θ is trained; written beside its weights.

    Attributes
    ----------
    temperature
        τ, by which P is divided inside InfoNCE.
    negatives, near
        K, latents of other captions per query, and the share of them whose captions are most like it.
    sobolev
        γ, weight of E‖∇_z P‖².
    """

    seed: int = 0
    hidden: int = 128
    blocks: int = 1
    steps: int = 800
    batch: int = 32
    negatives: int = 31
    near: float = 0.5
    temperature: float = 0.1
    sobolev: float = 0.01
    learning_rate: float = 5e-3
    warm_up: int = 50
    checkpoint_every: int = 100
    log_every: int = 50


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
    trained_for: TrainedFor | None = None,
    device: str = "cpu",
    report: Callable[[int, float, Held | None], None] = lambda step, loss, held: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Held:
    """Train into a folder, which gets the weights, and a log of every fiftieth step with its picture.

    A run that was stopped goes on from its last checkpoint with the very batches it would have seen.

    Raises
    ------
    Cancelled
        When `cancelled` says so; what was done is kept for the next run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shape = NetworkShape(clips.latents.shape[-1], recipe.hidden, recipe.blocks)
    network = random_network(shape, recipe.seed).to(device).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    checkpoint = folder / CHECKPOINT_FILE
    done = resume(checkpoint, network, optimizer)
    while done < recipe.steps:
        if cancelled():
            save_checkpoint(checkpoint, network, optimizer, done)
            raise Cancelled
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * schedule(done, warm_up=recipe.warm_up, steps=recipe.steps)
        # A batch depends on the seed and its step alone, so that any run can resume.
        drawn = batch(clips, np.random.default_rng([recipe.seed, done]), recipe.batch, recipe.negatives, recipe.near)
        loss = objective(network, drawn, recipe)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        done += 1
        held = None
        if done % recipe.log_every == 0 or done == recipe.steps:
            held = measure_alignment(network, held_out, recipe)
            write_log_picture(_logged(folder / LOG_FILE, done, loss.item(), held), recipe.negatives)
        if done % recipe.checkpoint_every == 0:
            save_checkpoint(checkpoint, network, optimizer, done)
        report(done, loss.item(), held)
    network.reference = _reference(clips, recipe, device)
    write_network(network, folder, json.dumps(asdict(recipe)), trained_for)
    checkpoint.unlink(missing_ok=True)
    return measure_alignment(network, held_out, recipe)


def objective(network: ResidualAlignment, drawn: Batch, recipe: AlignmentRecipe) -> Tensor:
    """InfoNCE (van den Oord et al. 2018) and γ·E‖∇_z P‖², the latter at positives and negatives alike."""
    query, latents = _tensors(drawn, network)
    latents.requires_grad_()
    values = network(latents, query[:, None])
    loss = _infonce(values, recipe)
    if recipe.sobolev == 0:
        return loss
    (slopes,) = torch.autograd.grad(values.sum(), latents, create_graph=True)
    return loss + recipe.sobolev * slopes.square().sum(-1).mean()


def measure_alignment(
    network: ResidualAlignment, clips: ClipLatents, recipe: AlignmentRecipe, *, count: int = 1024
) -> Held:
    """Measure on so many draws, always the same."""
    training = network.training
    network.eval()
    drawn = batch(clips, np.random.default_rng([recipe.seed, 2**31]), count, recipe.negatives)
    query, latents = _tensors(drawn, network)
    positive = latents[:, 0].clone().requires_grad_()
    (slopes,) = torch.autograd.grad(network(positive, query).sum(), positive)
    sizes = torch.linalg.vector_norm(sphere.tangent(positive.detach(), slopes), dim=-1)
    with torch.no_grad():
        values = network(latents, query[:, None])
    first = (values[:, :1] > values[:, 1:]).all(dim=1).float().mean()
    network.train(training)
    return Held(float(_infonce(values, recipe)), float(first), float(sizes.mean()), float(sizes.max()))


def _reference(clips: ClipLatents, recipe: AlignmentRecipe, device: str) -> Tensor:
    """Some of the training latents [R, d], for the constant C(q)."""
    latents = clips.latents.reshape(-1, clips.latents.shape[-1])
    dice = np.random.default_rng([recipe.seed, 2**32])
    chosen = dice.choice(len(latents), min(REFERENCES, len(latents)), replace=False)
    return torch.from_numpy(latents[chosen]).half().float().to(device)


def _tensors(drawn: Batch, network: ResidualAlignment) -> tuple[Tensor, Tensor]:
    """Queries [B, d] and latents [B, 1 + K, d], the positive first, where the network is."""
    place = next(network.parameters()).device
    latents = np.concatenate([drawn.positive[:, None], drawn.negative], axis=1)
    return torch.from_numpy(drawn.query).to(place), torch.from_numpy(latents).to(place)


def _infonce(values: Tensor, recipe: AlignmentRecipe) -> Tensor:
    """−log of the first one's share among K + 1, from their values [B, 1 + K]."""
    right = torch.zeros(len(values), dtype=torch.long, device=values.device)
    return torch.nn.functional.cross_entropy(values / recipe.temperature, right)


def _logged(file: Path, step: int, loss: float, held: Held) -> Path:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else [_COLUMNS]
    # A run that was stopped between its log and its checkpoint takes some steps again.
    kept = [line for line in lines[1:] if int(line.split(",")[0]) < step]
    row = f"{step},{loss:.5f},{held.infonce:.5f},{held.retrieval:.4f},{held.gradient:.4f}"
    file.write_text("\n".join([_COLUMNS, *kept, row]) + "\n", encoding="utf-8")
    return file
