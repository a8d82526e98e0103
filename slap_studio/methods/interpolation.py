"""The rows that learn nothing: hold the last frame, a straight line, a great arc."""

import numpy as np

from slap_studio.core.types import Array
from slap_studio.methods.method import Method, Observation


class ZeroOrderHold(Method):
    """The last latent that was seen, all the way through."""

    name = "Zero-order hold"

    def infer(self, seen: Observation, query: Array) -> Array:
        """The anchor before the gap, at every hidden time."""
        return np.repeat(seen.anchors[0][None], len(seen.hidden_times), axis=0)


class Linear(Method):
    """A straight line through the ball, scaled back to the sphere."""

    name = "Linear"

    def infer(self, seen: Observation, query: Array) -> Array:
        """Points of the chord at the hidden times; antipodal anchors' middle falls to the first of them."""
        start, end = seen.anchors
        shares = seen.shares[:, None]
        line = (1 - shares) * start + shares * end
        lengths = np.linalg.norm(line, axis=1, keepdims=True)
        line = np.where(lengths > 1e-6, line / np.maximum(lengths, 1e-6), start)
        return line.astype(start.dtype)


class Slerp(Method):
    """The great arc at constant speed: the path of least action where nothing pulls (Shoemake 1985)."""

    name = "SLERP"

    def infer(self, seen: Observation, query: Array) -> Array:
        """Points of the arc at the hidden times."""
        import torch

        from slap_studio.core import sphere

        start, end = (torch.as_tensor(np.asarray(anchor, np.float64)) for anchor in seen.anchors)
        angles = torch.from_numpy(seen.shares)[:, None] * sphere.angle(start, end)
        arc = torch.cos(angles) * start + torch.sin(angles) * sphere.direction(start, end)
        return sphere.unit(arc).numpy().astype(seen.latents.dtype)
