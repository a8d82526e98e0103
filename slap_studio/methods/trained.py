"""What the methods with trained weights share: one network call for many gaps, and weights on disk."""

import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from slap_studio.core.types import Array
from slap_studio.methods.method import Method, Observation
from slap_studio.problems import Cancelled, UnusableInput, never


class GapNetwork(nn.Module, ABC):
    """A network that fills gaps of one shape.

    Times are in units of the gap: 0 at the anchor before it, 1 at the one after it.
    """

    def __init__(self, **sizes: int) -> None:
        super().__init__()
        self.sizes = sizes

    @abstractmethod
    def forward(self, latents: Tensor, times: Tensor, before: int, hidden: Tensor, taught: Tensor | None) -> Tensor:
        """Unit latents [B, N, d] at the hidden times.

        Parameters
        ----------
        latents, times
            Observed [B, M, d] and [B, M], ascending.
        before
            Index of the anchor before the gap.
        hidden
            Times of the hidden latents [N], between 0 and 1.
        taught
            In training the true hidden latents [B, N, d], for networks that go on from their own last answer;
            otherwise None.
        """


class Trained(Method):
    """A method that asks its network.

    Parameters
    ----------
    name
        As tables and legends call it.
    network, device
        Which one, and where it computes.
    cancelled
        Asked before each part of the network; once it is true, `Cancelled` is raised.
    """

    def __init__(
        self, name: str, network: GapNetwork, device: str = "cpu", *, cancelled: Callable[[], bool] = never
    ) -> None:
        self.name = name
        self.network = network.to(device).eval()
        self.device = device
        self.cancelled = cancelled
        if cancelled is not never:
            for part in _parts(self.network):
                part.register_forward_pre_hook(self._ask)

    def infer(self, seen: Observation, query: Array) -> Array:
        """What the network gives [N, d]."""
        return self.infer_many([seen], [query])[0]

    def infer_many(self, seen: Sequence[Observation], queries: Sequence[Array]) -> list[Array]:
        """Gaps of one shape go through the network together."""
        shapes: dict[tuple[int, int, bytes], list[int]] = defaultdict(list)
        for index, one in enumerate(seen):
            # Shares that agree to a millionth are the same grid.
            shapes[len(one.times), one.before, np.round(one.shares, 6).tobytes()].append(index)
        found: dict[int, Array] = {}
        for (_, before, _), indices in shapes.items():
            together = [seen[index] for index in indices]
            latents = torch.from_numpy(np.stack([one.latents for one in together]).astype(np.float32))
            times = torch.from_numpy(np.stack([gap_times(one) for one in together]).astype(np.float32))
            hidden = torch.from_numpy(together[0].shares.astype(np.float32))
            with torch.inference_mode():
                place = self.device
                given = self.network(latents.to(place), times.to(place), before, hidden.to(place), None)
            found |= dict(zip(indices, given.cpu().numpy(), strict=True))
        return [found[index] for index in range(len(seen))]

    def _ask(self, *_call: object) -> None:
        if self.cancelled():
            raise Cancelled


def _parts(network: nn.Module) -> list[nn.Module]:
    """All but the inside of a transformer's layers: where anybody listens there, torch takes a slower way through."""
    whole = [part for part in network.modules() if isinstance(part, nn.TransformerEncoderLayer)]
    inside = {id(inner) for layer in whole for inner in layer.modules()}
    return [part for part in network.modules() if id(part) not in inside]


def gap_times(seen: Observation) -> Array:
    """Times of the observed frames [M] in units of the gap."""
    start, end = seen.times[seen.before], seen.times[seen.before + 1]
    times: Array = (seen.times - start) / (end - start)
    return times


def write_weights(network: GapNetwork, file: Path, recipe: str) -> None:
    """Write weights in half precision with the network's sizes; whole or not at all."""
    tensors = {name: value.detach().cpu().half().contiguous() for name, value in network.state_dict().items()}
    beside = file.with_suffix(".part")
    save_file(tensors, beside, metadata={"sizes": json.dumps(network.sizes), "recipe": recipe})
    beside.replace(file)


def read_weights(kind: type[GapNetwork], file: Path) -> Any:
    """Make a network of a kind with the weights of a file.

    Raises
    ------
    UnusableInput
        If the file is missing or damaged.
    """
    if not file.is_file():
        raise UnusableInput(f"{file} is missing; make it with slap-studio train methods.")
    try:
        with safe_open(file, framework="pt") as stored:
            sizes = json.loads(stored.metadata()["sizes"])
            state = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118 (it is no mapping)
        with torch.random.fork_rng(devices=[]):
            network = kind(**sizes)
        network.load_state_dict(state)
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise UnusableInput(
            f"{file} is damaged ({type(error).__name__}); make it again with slap-studio train methods."
        ) from error
    return network.eval()
