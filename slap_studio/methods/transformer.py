"""An autoregressive transformer over latents: a small stand-in for the class that Video-LLaMA belongs to."""

import math

import torch
from torch import Tensor, nn

from slap_studio.core import sphere
from slap_studio.methods.trained import GapNetwork

_FREQUENCIES = 8


class Transformer(GapNetwork):
    """All observed frames are the context; a hidden latent is foretold from them and from the ones foretold before."""

    def __init__(self, dimension: int = 256, width: int = 128, layers: int = 2, heads: int = 4) -> None:
        super().__init__(dimension=dimension, width=width, layers=layers, heads=heads)
        self.enter = nn.Linear(dimension, width)
        self.clock = nn.Linear(2 * _FREQUENCIES + 1, width)
        self.kind = nn.Embedding(2, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.body = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.leave = nn.Linear(width, dimension)

    def forward(
        self, latents: Tensor, times: Tensor, before: int, hidden: Tensor, taught: Tensor | None = None
    ) -> Tensor:
        """See `GapNetwork.forward`."""
        context = self.enter(latents) + self.clock(_waves(times)) + self.kind.weight[0]
        if taught is not None:
            earlier = torch.cat([latents[:, before : before + 1], taught[:, :-1]], dim=1)
            return self._foretell(context, earlier, hidden)
        earlier = latents[:, before : before + 1]
        for count in range(1, len(hidden) + 1):
            found = self._foretell(context, earlier, hidden[:count])
            earlier = torch.cat([earlier, found[:, -1:]], dim=1)
        return earlier[:, 1:]

    def _foretell(self, context: Tensor, earlier: Tensor, hidden: Tensor) -> Tensor:
        """Latents [B, n, d] at the hidden times [n], each from the context and the earlier ones [B, n, d] up to it."""
        asked = self.enter(earlier) + self.clock(_waves(hidden)) + self.kind.weight[1]
        seen, count = context.shape[1], asked.shape[1]
        blocked = torch.zeros(seen + count, seen + count, dtype=torch.bool, device=context.device)
        blocked[:, seen:] = torch.ones(seen + count, count, dtype=torch.bool, device=context.device).triu(1 - seen)
        out = self.body(torch.cat([context, asked], dim=1), mask=blocked)
        return sphere.unit(self.leave(out[:, seen:]))


def _waves(times: Tensor) -> Tensor:
    """Times [...] as sines and cosines of octaves, and themselves [..., 17]."""
    octaves = math.pi * 2.0 ** torch.arange(_FREQUENCIES, device=times.device) / 4
    angles = times[..., None] * octaves
    return torch.cat([times[..., None], torch.sin(angles), torch.cos(angles)], dim=-1)
