"""P_θ on disk: half-precision weights, exact spectral norms, its shape and recipe, in one safetensors file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from slap_studio.core.network import NetworkShape, ResidualAlignment, settle
from slap_studio.problems import UnusableInput

NETWORK_FILE = "alignment.safetensors"
_HALVED = (".original", "reference")


@dataclass(frozen=True)
class TrainedFor:
    """The encoder whose latents a network was trained on: its name, and what its latents depend on."""

    label: str
    identity: str


def write_network(network: ResidualAlignment, folder: Path, recipe: str, trained_for: TrainedFor | None = None) -> None:
    """Round the weights to half precision, settle the norms of what is left, and write both.

    The network itself is rounded too: what is measured afterwards is what is on the disk.
    """
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(weight.half())
    settle(network)
    tensors = {
        # The singular vectors stay whole: the norms that they give decide every matrix.
        name: value.detach().cpu().to(torch.float16 if name.endswith(_HALVED) else value.dtype).contiguous()
        for name, value in network.state_dict().items()
    }
    beside = folder / f"{NETWORK_FILE}.part"
    metadata = {"shape": json.dumps(asdict(network.shape)), "recipe": recipe}
    if trained_for is not None:
        metadata["encoder"] = json.dumps(asdict(trained_for))
    save_file(tensors, beside, metadata=metadata)
    beside.replace(folder / NETWORK_FILE)


def read_network(folder: Path) -> ResidualAlignment:
    """Read a network, in float32 and evaluation mode.

    Raises
    ------
    UnusableInput
        If there is none, or the file is damaged.
    """
    file = _file_in(folder)
    with _damage_said(file):
        with safe_open(file, framework="pt") as stored:
            shape = NetworkShape(**json.loads(stored.metadata()["shape"]))
            state = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118 (it is no mapping)
        _require_fitting(shape, state)
        with torch.random.fork_rng(devices=[]):
            network = ResidualAlignment(shape)
        network.reference = state["reference"]
        network.load_state_dict(state)
    return network.eval()


def read_trained_for(folder: Path) -> TrainedFor | None:
    """The encoder that a network is for; None where the file does not say.

    Raises
    ------
    UnusableInput
        If there is no such file, or it is damaged.
    """
    file = _file_in(folder)
    with _damage_said(file), safe_open(file, framework="pt") as stored:
        told = stored.metadata().get("encoder")
        return None if told is None else TrainedFor(**json.loads(told))


def _require_fitting(shape: NetworkShape, state: dict[str, torch.Tensor]) -> None:
    """See that a network is no larger than its weights before it is made: a file may claim any size."""
    largest = max((max(value.shape, default=1) for value in state.values()), default=1)
    sizes = (shape.dimension, shape.hidden, shape.blocks)
    if not all(type(size) is int for size in sizes) or max(sizes[:2]) > largest or shape.blocks > len(state):
        raise ValueError("its weights are of another shape than it says")


def _file_in(folder: Path) -> Path:
    file = folder / NETWORK_FILE
    if not file.is_file():
        raise UnusableInput(f"{file} is missing; make it with slap-studio train alignment, or choose the cosine.")
    return file


@contextmanager
def _damage_said(file: Path) -> Iterator[None]:
    try:
        yield
    except (
        SafetensorError, AttributeError, KeyError, TypeError, ValueError, OverflowError, RuntimeError, OSError
    ) as error:  # fmt: skip
        raise UnusableInput(
            f"{file} is damaged ({type(error).__name__}); make it again with slap-studio train alignment."
        ) from error
