"""The discrete action S = Σ T_t − λ Σ P(z_t, q), its parts and its Riemannian gradient (design §2 and §3)."""

import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment
from slap_studio.core.types import Energies, Kinetic, Physics


def kinetic_energy(path: Tensor, physics: Physics) -> Tensor:
    """T_t of every interval [..., N + 1] of paths [..., N + 2, d]."""
    here, there = path[..., :-1, :], path[..., 1:, :]
    if physics.kinetic is Kinetic.GEODESIC:
        speed = sphere.angle(here, there) / physics.time_step
    else:
        speed = torch.linalg.vector_norm(there - here, dim=-1) / physics.time_step
    return physics.mass / 2 * speed**2


def energies(path: Tensor, physics: Physics, alignment: Alignment) -> Energies:
    """All energies of one path [N + 2, d], or of several [..., N + 2, d].

    Sums are taken in float64: in float32 the action of a long path would lose the digits that a
    descent still gains.
    """
    kinetic = kinetic_energy(path, physics).double()
    potential = -alignment.value(path).double()
    hidden = potential[..., 1:-1]
    chords = torch.linalg.vector_norm(path[..., 1:, :] - path[..., :-1, :], dim=-1).double()
    count = max(hidden.shape[-1], 1)
    parts = (
        kinetic,
        potential,
        kinetic.sum(-1) + physics.coupling * hidden.sum(-1),
        (chords**2).mean(-1),
        hidden.sum(-1) / count,
    )
    return Energies(*(part.cpu().numpy() for part in parts))


def riemannian_gradient(path: Tensor, physics: Physics, alignment: Alignment) -> Tensor:
    """Gradient of S at the hidden latents [..., N, d] of paths [..., N + 2, d], tangent to the sphere.

    Each neighbour w pulls z by (μ/Δt²) · f · w with f = 1 for the chord and f = θ/sin θ for the geodesic
    energy, whose pull is Log_z(w) = f · (w − ⟨w, z⟩ z); the query pulls by λ ∇P. What is normal to the
    sphere is taken out once, at the end.
    """
    left, z, right = path[..., :-2, :], path[..., 1:-1, :], path[..., 2:, :]
    stiffness = physics.mass / physics.time_step**2
    if physics.kinetic is Kinetic.GEODESIC:
        factor = (stiffness * _angle_over_sine(path[..., :-1, :], path[..., 1:, :]))[..., None]
        pull = torch.addcmul(factor[..., :-1, :] * left, factor[..., 1:, :], right)
    else:
        pull = stiffness * (left + right)
    pull = pull + physics.coupling * alignment.gradient(z)
    return torch.addcmul(-pull, (pull * z).sum(-1, keepdim=True), z)


def _angle_over_sine(a: Tensor, b: Tensor) -> Tensor:
    """θ/sin θ [...] between unit vectors: 1 where they agree, finite where they are antipodal."""
    apart, together = sphere.chords(a, b)
    tiny = torch.finfo(a.dtype).tiny ** 0.5
    apart, together = apart.clamp_min(tiny), together.clamp_min(tiny)
    # sin θ = ‖a − b‖·‖a + b‖/2
    return 4 * torch.atan2(apart, together) / (apart * together)
