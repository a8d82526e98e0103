"""Latent ODE (Chen et al. 2018, §5): the past and future in one state, which then flows through the gap."""

import torch
from torch import Tensor, nn

from slap_studio.core import sphere
from slap_studio.methods.trained import GapNetwork


class LatentOde(GapNetwork):
    """A GRU reads the observations from last to first; its state at the gap's beginning flows by dy/dt = f(y).

    The recognition network gives a mean and a spread of the first state, as in the paper; in training it is sampled,
    and `divergence` is its distance from the standard normal prior.
    """

    def __init__(self, dimension: int = 256, state: int = 128, width: int = 256) -> None:
        super().__init__(dimension=dimension, state=state, width=width)
        self.reader = nn.GRU(dimension + 1, width, batch_first=True)
        self.first = nn.Linear(width, 2 * state)
        self.flow = nn.Sequential(nn.Linear(state, width), nn.Tanh(), nn.Linear(width, state))
        self.decoder = nn.Sequential(nn.Linear(state, width), nn.SiLU(), nn.Linear(width, dimension))
        self.divergence = torch.zeros(())

    def forward(
        self, latents: Tensor, times: Tensor, before: int, hidden: Tensor, taught: Tensor | None = None
    ) -> Tensor:
        """See `GapNetwork.forward`."""
        from torchdiffeq import odeint

        backwards = torch.cat([latents, times[..., None]], dim=-1).flip(1)
        _, last = self.reader(backwards)
        mean, spread = self.first(last[0]).chunk(2, dim=-1)
        state = mean
        if taught is not None:
            state = mean + torch.randn_like(mean) * torch.exp(spread / 2)
            self.divergence = ((mean**2 + spread.exp() - 1 - spread) / 2).sum(-1).mean()
        grid = torch.cat([hidden.new_zeros(1), hidden])
        flown = odeint(lambda _time, y: self.flow(y), state, grid, method="rk4")
        return sphere.unit(self.decoder(flown[1:].transpose(0, 1)))
