"""What every training run has: a learning rate over its steps, and a checkpoint from which it goes on."""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor


def schedule(step: int, *, warm_up: int, steps: int) -> float:
    """Share of the learning rate at a step: linear warm-up, then half a cosine to zero."""
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def resume(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Load a checkpoint if there is one; give the number of steps it had done."""
    if not path.is_file():
        return 0
    stored = load_file(path)
    model.load_state_dict({name[6:]: value for name, value in stored.items() if name.startswith("model.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in stored.items():
        if name.startswith("optimizer."):
            _, index, field = name.split(".")
            state.setdefault(int(index), {})[field] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return int(stored["done"])


def save_checkpoint(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, done: int) -> None:
    """Write model and optimizer after so many steps, whole or not at all."""
    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    for index, fields in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": value.cpu().contiguous() for name, value in fields.items()}
    beside = path.with_suffix(".part")
    save_file({**tensors, "done": torch.tensor(done)}, beside)
    beside.replace(path)
