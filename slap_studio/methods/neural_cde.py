"""Neural CDE (Kidger et al. 2020): a state driven by the spline through the observations."""

import torch
from torch import Tensor, nn

from slap_studio.core import sphere
from slap_studio.methods.trained import GapNetwork


class NeuralCde(GapNetwork):
    """dy = f(y) dX, X being the natural cubic spline through the observations, in few channels, and their times.

    The spline runs over the index of the observation, as torchcde suggests for irregular times, with the time as a
    channel of its own. It is not causal: within the gap it already bends towards the anchor after it.
    """

    def __init__(self, dimension: int = 256, state: int = 64, channels: int = 24, width: int = 128) -> None:
        super().__init__(dimension=dimension, state=state, channels=channels, width=width)
        self.channels = channels + 1
        self.project = nn.Linear(dimension, channels)
        self.first = nn.Linear(dimension + 1, state)
        self.field = nn.Sequential(
            nn.Linear(state, width), nn.SiLU(), nn.Linear(width, state * self.channels), nn.Tanh()
        )
        self.decoder = nn.Sequential(nn.Linear(state, width), nn.SiLU(), nn.Linear(width, dimension))

    def forward(
        self, latents: Tensor, times: Tensor, before: int, hidden: Tensor, taught: Tensor | None = None
    ) -> Tensor:
        """See `GapNetwork.forward`."""
        import torchcde

        points = torch.cat([times[..., None], self.project(latents)], dim=-1)
        spline = torchcde.CubicSpline(torchcde.natural_cubic_coeffs(points))
        state = self.first(torch.cat([latents[:, 0], times[:, :1]], dim=-1))
        grid = torch.cat([torch.arange(before + 1, device=hidden.device, dtype=hidden.dtype), before + hidden])
        flown = torchcde.cdeint(
            X=spline, func=_Field(self.field, self.channels), z0=state, t=grid,
            adjoint=False, method="rk4", options={"step_size": 0.25},
        )  # fmt: skip
        return sphere.unit(self.decoder(flown[:, before + 1 :]))


class _Field(nn.Module):
    """f(y) as torchcde asks for it: a matrix [B, state, channels]."""

    def __init__(self, field: nn.Module, channels: int) -> None:
        super().__init__()
        self.field = field
        self.channels = channels

    def forward(self, _time: Tensor, state: Tensor) -> Tensor:
        given: Tensor = self.field(state)
        return given.reshape(*state.shape, self.channels)
