"""The learned alignment as all who ask for it share it: read once, folded once for each precision and place."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slap_studio.problems import UnusableInput
from slap_studio.resources import tunnel_alignment

if TYPE_CHECKING:
    from slap_studio.core.learned import Folded, Learned
    from slap_studio.core.types import Array

_REMEMBERED = 32  # queries, each for a precision and a place


class Folds:
    """Gives the learned alignment with a query, to any thread.

    To read and fold a network takes a tenth of a second and leaves circles of garbage as large as itself, and its level
    for a query a fifth of that: whoever asks more than once keeps one of these.

    Parameters
    ----------
    weights
        The folder of the network; the built-in encoder's without one.
    """

    def __init__(self, weights: Path | None = None) -> None:
        self._weights = weights
        self._lock = threading.Lock()
        self._folded: dict[tuple[str, str], Folded] = {}
        self._towards: dict[tuple[str, str, bytes], Learned] = {}

    def towards(self, query: "Array", *, dtype: str = "float32", device: str = "cpu") -> "Learned":
        """P_θ with a query [d], for latents of a precision ("float32" or "float64") on a device.

        Raises
        ------
        UnusableInput
            If its weights are missing or damaged, or the query has another length than its latents.
        """
        import torch

        direction = np.asarray(query, dtype=np.float64)
        key = (dtype, device, direction.tobytes())
        with self._lock:
            if key not in self._towards:
                folded = self._fold(dtype, device)
                _require_fitting(direction, folded.shape.dimension)
                if len(self._towards) >= _REMEMBERED:
                    self._towards.pop(next(iter(self._towards)))
                self._towards[key] = folded.towards(torch.as_tensor(direction))
            return self._towards[key]

    def forget(self) -> None:
        """What lies on a device that failed is lost."""
        with self._lock:
            self._folded.clear()
            self._towards.clear()

    def _fold(self, dtype: str, device: str) -> "Folded":
        import torch

        from slap_studio.core.learned import Folded, products_for
        from slap_studio.core.network_file import read_network

        if (dtype, device) not in self._folded:
            precision = {"float32": torch.float32, "float64": torch.float64}[dtype]
            network = read_network(tunnel_alignment() if self._weights is None else self._weights)
            products = products_for(device, precision, network.shape)
            self._folded[dtype, device] = Folded.of(network, dtype=precision, device=device, products=products)
        return self._folded[dtype, device]


def _require_fitting(query: np.ndarray, dimension: int) -> None:
    if query.size != dimension:
        raise UnusableInput(
            f"The learned alignment is for latents of {dimension} numbers, but these have {query.size}; "
            "choose the cosine."
        )
