"""Train the built-in encoder on the tunnel world: a small open_clip model, from nothing, resumable."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Sampler

from slap_studio.core.devices import computes_in_bfloat16
from slap_studio.encoders.encoder import CONFIG_FILE, VOCABULARY_FILE, WEIGHTS_FILE, untrained
from slap_studio.encoders.vocabulary import merges_for, words_of, write_merges
from slap_studio.problems import Cancelled
from slap_studio.training.frames import LabelledFrame, TrainingFrames
from slap_studio.training.runs import resume, save_checkpoint, schedule, write_tensors
from slap_studio.tunnel.captions import GONE, IN_VIEW, PART, PLACES, WHOLE, Caption, every_caption
from slap_studio.tunnel.scene import COLOURS, OCCLUDERS, SHAPES

SIDE = 96  # pixels of the square that frames are squashed to
MEAN, DEVIATION = 0.5, 0.25


@dataclass(frozen=True)
class Recipe:
    """How the encoder is trained; written beside its weights."""

    seed: int = 0
    steps: int = 2000
    batch: int = 128
    learning_rate: float = 1.2e-3
    warm_up: int = 100
    weight_decay: float = 0.1
    checkpoint_every: int = 100


def architecture(vocabulary_size: int) -> dict[str, Any]:
    """open_clip config: ResNet 2-2-2-2 of width 24 on 96 × 96 pixels, text 2 × 192 of 16 tokens, d = 256.

    A ViT of the same cost told colours as fast and shapes far later: at this size a convolution's head start
    counts.

    Frames are squashed to the square, not cropped: an object at the edge must not be lost.
    """
    return {
        "model_cfg": {
            "embed_dim": 256,
            "vision_cfg": {"image_size": SIDE, "layers": [2, 2, 2, 2], "width": 24, "head_width": 32},
            "text_cfg": {
                "context_length": 16,
                "vocab_size": vocabulary_size,
                "layers": 2,
                "width": 192,
                "heads": 6,
            },
        },
        "preprocess_cfg": {
            "mean": [MEAN] * 3,
            "std": [DEVIATION] * 3,
            "interpolation": "bicubic",
            "resize_mode": "squash",
        },
    }


def prepare(folder: Path) -> None:
    """Write the vocabulary of every caption and the config into a folder."""
    words = {word for caption in every_caption() for word in words_of(caption.text)}
    merges = merges_for(words)
    write_merges(merges, folder / VOCABULARY_FILE)
    # 256 bytes, the same 256 ending a word, the merges, start and end of text.
    size = 2 * 256 + len(merges) + 2
    (folder / CONFIG_FILE).write_text(json.dumps(architecture(size), indent=2) + "\n", encoding="utf-8")


def train(
    folder: Path,
    recipe: Recipe,
    *,
    device: str = "cpu",
    report: Callable[[int, float], None] = lambda step, loss: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Train into a folder: config, vocabulary and weights in half precision.

    A run that was stopped goes on from its last checkpoint with the very batches it would have seen.

    Parameters
    ----------
    folder
        Made if missing; holds `checkpoint.safetensors` while the run is unfinished.
    report
        Called after each step with the number of steps done and the loss.

    Raises
    ------
    Cancelled
        When `cancelled` says so; what was done is kept for the next run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prepare(folder)
    torch.manual_seed(recipe.seed)
    model, tokenizer = untrained(folder, device)
    model.train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(_groups(model, recipe), lr=recipe.learning_rate, betas=(0.9, 0.98))
    checkpoint = folder / "checkpoint.safetensors"
    done = resume(checkpoint, model, optimizer)
    try:
        for frames in _batches(recipe, done):
            if cancelled():
                raise Cancelled
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * schedule(done, warm_up=recipe.warm_up, steps=recipe.steps)
            loss = _loss(model, tokenizer, frames, device)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            with torch.no_grad():
                model.logit_scale.clamp_(0, math.log(100))
            done += 1
            report(done, loss.item())
            if done % recipe.checkpoint_every == 0:
                save_checkpoint(checkpoint, model, optimizer, done)
    except (Cancelled, KeyboardInterrupt):
        save_checkpoint(checkpoint, model, optimizer, done)
        raise
    state = {name: _stored(value) for name, value in model.state_dict().items()}
    write_tensors(folder / WEIGHTS_FILE, state, {"recipe": json.dumps(asdict(recipe))})
    checkpoint.unlink(missing_ok=True)


@dataclass(frozen=True, eq=False)
class _Columns:
    """The facts of a batch, one array [B] for each."""

    colour: np.ndarray
    shape: np.ndarray
    occluder: np.ndarray
    visible: np.ndarray
    place: np.ndarray

    @classmethod
    def of(cls, frames: Sequence[LabelledFrame]) -> "_Columns":
        facts = [frame.facts for frame in frames]
        return cls(
            np.array([COLOURS.index(fact.colour) for fact in facts]),
            np.array([SHAPES.index(fact.shape) for fact in facts]),
            np.array([_occluder_code(fact.occluder or "none") for fact in facts]),
            np.array([fact.visible for fact in facts]),
            np.array([fact.place for fact in facts]),
        )


def truth(frames: Sequence[LabelledFrame]) -> Tensor:
    """Which caption of a batch is true of which frame [B, B], frames down and captions across.

    The same as `Caption.holds` for every pair, on whole columns at once.
    """
    facts = _Columns.of(frames)
    return torch.from_numpy(np.stack([_holds(frame.caption, facts) for frame in frames], axis=1))


def _holds(caption: Caption, facts: _Columns) -> np.ndarray:
    holds = np.ones(len(facts.visible), dtype=bool)
    if caption.occluder is not None:
        holds &= facts.occluder == _occluder_code(caption.occluder)
    if caption.in_view is not None:
        holds &= facts.visible >= IN_VIEW if caption.in_view else facts.visible <= GONE
    if caption.in_view is False:
        return holds
    if caption.colour is not None:
        holds &= facts.colour == COLOURS.index(caption.colour)
    if caption.shape is not None:
        holds &= facts.shape == SHAPES.index(caption.shape)
    if caption.place is not None:
        left, right = PLACES[caption.place]
        holds &= (facts.place >= left) & (facts.place <= right)
    if caption.whole is not None:
        holds &= facts.visible >= WHOLE if caption.whole else facts.visible <= PART
    return holds


def _occluder_code(occluder: str) -> int:
    return (*OCCLUDERS, "none").index(occluder)


def pixels(images: Sequence[np.ndarray], size: int = SIDE) -> Tensor:
    """Images [B][H, W, 3] squashed to squares [B, 3, size, size] and normalised, as the loaded encoder does it."""
    batch = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float()
    squashed = torch.nn.functional.interpolate(
        batch, size=(size, size), mode="bicubic", antialias=True, align_corners=False
    )
    return (squashed.clamp_(0, 255) / 255 - MEAN) / DEVIATION


def _loss(model: Any, tokenizer: Any, frames: Sequence[LabelledFrame], device: str) -> Tensor:
    """Cross entropy both ways; of several true partners each gets an equal share of the target."""
    texts = tokenizer([frame.caption.text for frame in frames]).to(device)
    with torch.autocast(device, dtype=torch.bfloat16, enabled=computes_in_bfloat16(device)):
        image = model.encode_image(pixels([frame.image for frame in frames]).to(device), normalize=True)
        text = model.encode_text(texts, normalize=True)
    logits = model.logit_scale.exp() * image.float() @ text.float().T
    target = truth(frames).to(device).float()
    by_image = target / target.sum(1, keepdim=True)
    by_text = target / target.sum(0, keepdim=True)
    cross_entropy = torch.nn.functional.cross_entropy
    loss: Tensor = (cross_entropy(logits, by_image) + cross_entropy(logits.T, by_text.T)) / 2
    return loss


def _stored(value: Tensor) -> Tensor:
    """Half precision for weights; counters stay whole."""
    return value.detach().cpu().to(torch.float16 if value.is_floating_point() else value.dtype).contiguous()


def _groups(model: torch.nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """Weight decay for matrices; none for gains, biases and the temperature."""
    matrices = [value for value in model.parameters() if value.ndim >= 2]
    others = [value for value in model.parameters() if value.ndim < 2]
    return [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]


class _From(Sampler[list[int]]):
    """Batches of consecutive frames, from a step on."""

    def __init__(self, recipe: Recipe, first: int) -> None:
        self.recipe, self.first = recipe, first

    def __iter__(self) -> Iterator[list[int]]:
        for step in range(self.first, self.recipe.steps):
            yield list(range(step * self.recipe.batch, (step + 1) * self.recipe.batch))

    def __len__(self) -> int:
        return max(0, self.recipe.steps - self.first)


def _batches(recipe: Recipe, first: int) -> DataLoader[Any]:
    return DataLoader(
        TrainingFrames(recipe.seed),
        batch_sampler=_From(recipe, first),
        num_workers=2,
        collate_fn=list,
        prefetch_factor=4,
        multiprocessing_context="spawn",
    )
