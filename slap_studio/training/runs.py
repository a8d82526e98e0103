"""What every training run has: a learning rate over its steps, and a checkpoint from which it goes on."""

import hashlib
import math
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput

CHECKPOINT_FILE, ABOUT_FILE = "checkpoint.safetensors", "about.sha256"


def schedule(step: int, *, warm_up: int, steps: int) -> float:
    """Share of the learning rate at a step: linear warm-up, then half a cosine to zero."""
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def resume(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Load a checkpoint if there is one; give the number of steps it had done.

    Raises
    ------
    UnusableInput
        If it is damaged.
    """
    if not path.is_file():
        return 0
    try:
        stored = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise UnusableInput(f"{path} is damaged; delete it to begin the training anew.") from error
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
    write_tensors(path, {**tensors, "done": torch.tensor(done)})


def write_tensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str] | None = None) -> None:
    """Write tensors beside a path, flush them to the disk, and put them in the path's place.

    Raises
    ------
    UnusableInput
        If they cannot be written there; what stood there stays.
    """
    with replacing(path) as beside:
        try:
            save_file(tensors, beside, metadata)
        except SafetensorError as error:
            # It says what the system said as a text of its own.
            raise UnusableInput(
                f"{path.name} could not be written in the folder {path.parent} ({error}); free some space there "
                "or choose another folder."
            ) from error


def begin_anew_if_other(folder: Path, about: str, *more: str) -> None:
    """Forget the checkpoint (and more files) of a run that was about something else: other data, another recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    file, known = folder / ABOUT_FILE, hashlib.sha256(about.encode()).hexdigest()
    if not file.is_file() or file.read_text(encoding="utf-8") != known:
        for name in (CHECKPOINT_FILE, *more):
            (folder / name).unlink(missing_ok=True)
        file.write_text(known, encoding="utf-8")
