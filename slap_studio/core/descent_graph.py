"""The paper's K steps as one captured CUDA graph: what `core.descent` launches piece by piece, launched once.

On a GPU the arithmetic of a step is shorter than the time it takes to ask for it, a dozen small operations at a time.
A graph records all K steps once, on buffers that never move, and replays them with a single launch. λ, μ, Δt and α are
read from a buffer too, so that a hand on their sliders costs no new recording.

`StaticDescent` is the same walk without a graph. It runs anywhere, and the tests hold it against `core.descent` on
the CPU. The capture itself (`CapturedDescent`) has not been run: no GPU was at hand where it was written.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.types import Kinetic, Physics


@dataclass(frozen=True)
class Plan:
    """What a recording is made for; another plan needs another recording.

    Attributes
    ----------
    hidden
        N ≥ 1 latents.
    dimension
        d.
    steps
        K ≥ 0.
    kinetic
        Which kinetic energy.
    dtype, device
        Precision and place of the arithmetic, those of the alignment.
    """

    hidden: int
    dimension: int
    steps: int
    kinetic: Kinetic = Kinetic.GEODESIC
    dtype: torch.dtype = torch.float32
    device: str = "cpu"


class StaticDescent:
    """K steps z ← retract(z − α grad S) on buffers that stay where they are.

    Not to be used by two threads at a time, and a descent under way cannot be cancelled.

    Parameters
    ----------
    plan
        Sizes and precision.
    alignment
        With its query in it, on the plan's device and in its precision.
    """

    def __init__(self, plan: Plan, alignment: Alignment) -> None:
        self.plan = plan
        self.alignment = alignment
        self._dials = torch.zeros(3, dtype=plan.dtype, device=plan.device)
        self._path = self._dials.new_zeros(plan.hidden + 2, plan.dimension)
        self._history = self._dials.new_zeros(plan.steps + 1, plan.hidden, plan.dimension)
        self._sizes = self._dials.new_zeros(plan.steps + 1, plan.hidden)

    @torch.inference_mode()
    def descend(self, start: Tensor, end: Tensor, physics: Physics, step_size: float) -> tuple[Tensor, Tensor]:
        """Take the K steps between two anchors [d], from their great arc.

        Parameters
        ----------
        start, end
            Anchors.
        physics
            λ, μ and Δt; its kinetic energy must be the plan's.
        step_size
            α.

        Returns
        -------
        tuple of Tensor
            The hidden latents after each step [K + 1, N, d] and the residual of each path [K + 1], both copies.
        """
        if physics.kinetic is not self.plan.kinetic:
            raise ValueError(f"recorded for the {self.plan.kinetic} kinetic energy, asked for {physics.kinetic}")
        # The great arc asks the host whether its ends are antipodal: it stays outside the recording.
        self._path.copy_(sphere.slerp(start, end, self.plan.hidden))
        dials = (physics.mass / physics.time_step**2, physics.coupling, step_size)
        self._dials.copy_(torch.tensor(dials, dtype=self.plan.dtype))
        self._run()
        return self._history.clone(), self._sizes.amax(-1)

    def take_steps(self) -> None:
        """All K steps on the buffers, and the residual after the last: nothing here waits for the device."""
        for taken in range(self.plan.steps + 1):
            gradient = dialled_gradient(self._path, self._dials, self.plan.kinetic, self.alignment)
            self._history[taken].copy_(self._path[1:-1])
            torch.linalg.vector_norm(gradient, dim=-1, out=self._sizes[taken])
            if taken < self.plan.steps:
                step(self._path, gradient, self._dials)

    def _run(self) -> None:
        self.take_steps()


class CapturedDescent(StaticDescent):
    """The same steps, recorded when this is made and replayed for every descent. Needs a CUDA device."""

    @torch.inference_mode()
    def __init__(self, plan: Plan, alignment: Alignment) -> None:
        super().__init__(plan, alignment)
        # Libraries set themselves up on first use, which may not happen during a capture.
        self.take_steps()
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self.take_steps()

    def _run(self) -> None:
        self._graph.replay()


@lru_cache(maxsize=4)
def prepared_descent(plan: Plan, alignment: Alignment) -> StaticDescent:
    """Descent for a plan and an alignment: recorded where there is CUDA, step by step elsewhere.

    The last few are kept. An alignment is known by its identity: whoever wants a recording to be used again passes
    the same object again.
    """
    captures = torch.device(plan.device).type == "cuda" and torch.cuda.is_available()
    return CapturedDescent(plan, alignment) if captures else StaticDescent(plan, alignment)


def dialled_gradient(path: Tensor, dials: Tensor, kinetic: Kinetic, alignment: Alignment) -> Tensor:
    """Gradient of S at the hidden latents [N, d] of a path [N + 2, d], its weights read from the device.

    It is linear in them: grad S = (μ/Δt²)·grad Σ T(μ = Δt = 1) − λ·P_z ∇P.

    Parameters
    ----------
    path
        Anchors and hidden latents.
    dials
        μ/Δt², λ and α [3].
    kinetic
        Which T.
    alignment
        Which P.
    """
    stiffness, coupling, _ = dials.unbind()
    free = Cosine(path.new_zeros(()))
    inertia = riemannian_gradient(path, Physics(coupling=0.0, kinetic=kinetic), free)
    z = path[1:-1]
    pull = sphere.tangent(z, alignment.gradient(z))
    return inertia.mul_(stiffness).addcmul_(pull, -coupling)


def step(path: Tensor, gradient: Tensor, dials: Tensor) -> None:
    """Move the hidden latents of a path [N + 2, d] in place against a gradient [N, d], which is used up."""
    hidden = path[1:-1]
    hidden.copy_(sphere.retract(hidden, gradient.mul_(-dials[2])))
