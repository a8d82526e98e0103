"""The discrete action S = Σ T_t − λ Σ P(z_t, q), its parts and its Riemannian gradient (design §2 and §3)."""

import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment
from slap_studio.core.types import Energies, Kinetic, Physics


def kinetic_energy(path: Tensor, physics: Physics) -> Tensor:
    """T_t of every interval [..., N + 1] of paths [..., N + 2, d]."""
    return _kinetic_and_chords(path, physics)[0]


def energies(path: Tensor, physics: Physics, alignment: Alignment) -> Energies:
    """All energies of one path [N + 2, d], or of several [..., N + 2, d]."""
    return energies_under(path, physics, -alignment.value(path))


def energies_under(path: Tensor, physics: Physics, potential: Tensor) -> Energies:
    """All energies of paths [..., N + 2, d] whose latents' V [..., N + 2] is known already.

    Sums are taken in float64: in float32 the action of a long path would lose the digits that a
    descent still gains.
    """
    kinetic, chords = (part.double() for part in _kinetic_and_chords(path, physics))
    potential = potential.double()
    hidden = potential[..., 1:-1]
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
        pull = (factor[..., :-1, :] * left).addcmul_(factor[..., 1:, :], right)
    else:
        pull = stiffness * (left + right)
    pull = torch.add(pull, alignment.gradient(z), alpha=physics.coupling)
    return torch.addcmul(-pull, (pull * z).sum(-1, keepdim=True), z)


def hessian_product(path: Tensor, physics: Physics, alignment: Alignment, direction: Tensor) -> Tensor:
    """Riemannian Hessian of S at a path [..., N + 2, d] times tangent vectors ξ [..., N, d] at its hidden latents.

    With u = ⟨x, y⟩ = cos θ of two neighbours, T = c/2·θ² has dT/du = −c f and d²T/du² = c k, where c = μ/Δt²,
    f = θ/sin θ and k = (1 − θ cot θ)/sin² θ; the chord has f = 1 and k = 0. On the sphere
    Hess S[ξ]_z = P_z(D grad S[ξ]) − ⟨z, ∇S⟩ ξ_z (Absil, Mahony & Sepulchre 2008, §5.3), whose last term is the
    sphere's own curvature.
    """
    z = path[..., 1:-1, :]
    still = torch.zeros_like(path[..., :1, :])
    moved = torch.cat([still, direction, still], dim=-2)
    first, second = _pair_factors(path, physics)
    here, there = path[..., :-1, :], path[..., 1:, :]
    change = ((moved[..., :-1, :] * there).sum(-1) + (here * moved[..., 1:, :]).sum(-1)) * second
    # What each interval does to the gradient at its left and at its right end.
    at_left = change[..., None] * there - first[..., None] * moved[..., 1:, :]
    at_right = change[..., None] * here - first[..., None] * moved[..., :-1, :]
    ambient = at_left[..., 1:, :] + at_right[..., :-1, :] - physics.coupling * alignment.curvature(z, direction)
    return sphere.tangent(z, ambient) + _sphere_term(path, first, physics, alignment)[..., None] * direction


def _kinetic_and_chords(path: Tensor, physics: Physics) -> tuple[Tensor, Tensor]:
    """T_t and the chord's length [..., N + 1] of every interval of paths [..., N + 2, d]."""
    here, there = path[..., :-1, :], path[..., 1:, :]
    if physics.kinetic is Kinetic.GEODESIC:
        chord, together = sphere.chords(here, there)
        distance = 2 * torch.atan2(chord, together)
    else:
        distance = chord = torch.linalg.vector_norm(there - here, dim=-1)
    return physics.mass / 2 * (distance / physics.time_step) ** 2, chord


def _sphere_term(path: Tensor, first: Tensor, physics: Physics, alignment: Alignment) -> Tensor:
    """−⟨z, ∇S⟩ [..., N] in the ambient space: the pulls of both neighbours and of the query along z."""
    cosines = (path[..., :-1, :] * path[..., 1:, :]).sum(-1) * first
    z = path[..., 1:-1, :]
    query_pull: Tensor = physics.coupling * (alignment.gradient(z) * z).sum(-1)
    return cosines[..., :-1] + cosines[..., 1:] + query_pull


def _pair_factors(path: Tensor, physics: Physics) -> tuple[Tensor, Tensor]:
    """−dT/du and d²T/du² [..., N + 1] of every interval, u being the cosine of its angle."""
    here, there = path[..., :-1, :], path[..., 1:, :]
    stiffness = physics.mass / physics.time_step**2
    if physics.kinetic is Kinetic.CHORD:
        constant = path.new_full(here.shape[:-1], stiffness)
        return constant, torch.zeros_like(constant)
    theta = sphere.angle(here, there)
    factor = _angle_over_sine(here, there)
    sine = torch.sin(theta).clamp_min(torch.finfo(path.dtype).tiny ** 0.25)
    # Below a hundredth of a radian the difference would cancel; its series is exact to rounding there.
    small = 1 / 3 + 2 / 15 * theta**2
    exact = (1 - factor * torch.cos(theta)) / sine**2
    return stiffness * factor, stiffness * torch.where(theta < 1e-2, small, exact)


def _angle_over_sine(a: Tensor, b: Tensor) -> Tensor:
    """θ/sin θ [...] between unit vectors: 1 where they agree, finite where they are antipodal."""
    apart, together = sphere.chords(a, b)
    tiny = torch.finfo(a.dtype).tiny ** 0.5
    apart, together = apart.clamp_min(tiny), together.clamp_min(tiny)
    # sin θ = ‖a − b‖·‖a + b‖/2
    return 4 * torch.atan2(apart, together) / (apart * together)
