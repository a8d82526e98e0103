"""SLAP as one of the methods: the least-action path between the anchors, pulled towards the query."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.descent import descend_together
from slap_studio.core.energies import energies
from slap_studio.core.types import Array, Descent, Physics
from slap_studio.methods.method import Method, Observation
from slap_studio.problems import never

Field = Callable[[Tensor], Alignment]  # queries [..., 1, d] → the alignment with each of them


class Slap(Method):
    """The paper's K steps of α from SLERP, on many gaps at once.

    Parameters
    ----------
    field
        Gives the alignment with some queries: `Cosine`, or `core.learned.Folded.towards`.
    physics, descent
        λ, μ, Δt, the kinetic energy, K and α. The hidden times are taken as evenly spaced, as in the paper.
    """

    asks = True

    def __init__(
        self,
        field: Field = Cosine,
        physics: Physics | None = None,
        descent: Descent | None = None,
        *,
        name: str = "SLAP",
        device: str = "cpu",
        cancelled: Callable[[], bool] = never,
    ) -> None:
        self.field = field
        self.physics = physics or Physics()
        self.descent = descent or Descent()
        self.name = name
        self.device = device
        self.cancelled = cancelled

    def infer(self, seen: Observation, query: Array) -> Array:
        """The hidden latents of the path [N, d]."""
        return self.infer_many([seen], [query])[0]

    def infer_many(self, seen: Sequence[Observation], queries: Sequence[Array]) -> list[Array]:
        """All gaps in one descent; they must hide equally many latents."""
        arcs: dict[int, Tensor] = {}
        paths = torch.stack([self._arc(one, arcs) for one in seen])
        pull = self.field(self._tensor(np.stack(queries))[:, None])
        found = descend_together(paths, self.physics, self.descent, pull, self.cancelled)
        return list(found[:, 1:-1].cpu().numpy())

    def potential(self, latents: Array, query: Array) -> Array:
        """V = −P under the method's alignment."""
        with torch.inference_mode():
            values: Array = -self.field(self._tensor(query)).value(self._tensor(latents)).cpu().numpy()
        return values

    def mismatch(self, seen: Observation, latents: Array, query: Array) -> Array:
        """Each hidden step's share of the action [N]: λ·V and half of the kinetic energy of its two intervals.

        The outer halves go to the first and the last step, so that the shares add up to S. Without coupling there is
        no pull to speak of, and the path is judged as everybody else's.
        """
        if self.physics.coupling == 0:
            return super().mismatch(seen, latents, query)
        with torch.inference_mode():
            path = self._tensor(np.concatenate([seen.anchors[0][None], latents, seen.anchors[1][None]]))
            values = energies(path, self.physics, self.field(self._tensor(query)))
        kinetic = values.kinetic
        shares: Array = (kinetic[:-1] + kinetic[1:]) / 2 + self.physics.coupling * values.potential[1:-1]
        shares[0] += kinetic[0] / 2
        shares[-1] += kinetic[-1] / 2
        return shares

    def _arc(self, seen: Observation, arcs: dict[int, Tensor]) -> Tensor:
        """The great arc of a gap [N + 2, d], made once for all of its queries."""
        if id(seen) not in arcs:
            start, end = (self._tensor(anchor) for anchor in seen.anchors)
            arcs[id(seen)] = sphere.slerp(start, end, len(seen.hidden_times))
        return arcs[id(seen)]

    def _tensor(self, values: Array) -> Tensor:
        return torch.as_tensor(np.asarray(values), dtype=torch.float32, device=self.device)
