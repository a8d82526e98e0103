"""What is measured on a path besides its energies: the conserved energy H, roughness and steering."""

import numpy as np
import torch

from slap_studio.core.alignment import Alignment
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.types import Array, Energies, Physics


def pulls(latents: Array, physics: Physics, alignment: Alignment) -> Array:
    """Euler–Lagrange residual of every hidden latent [N] of a path [N + 2, d]: the norm of the gradient of S at it.

    On a stationary path it is zero: inertia and the query's pull are in balance (design §3.2).
    """
    with torch.inference_mode():
        gradient = riemannian_gradient(torch.as_tensor(latents), physics, alignment)
        norms: Array = torch.linalg.vector_norm(gradient, dim=-1).numpy()
    return norms


def total_energy(energies: Energies, physics: Physics) -> Array:
    """H = T + λP on every interval [..., N + 1], P taken midway as the mean of both ends (design §3.2).

    Along a stationary path H is constant, up to the time step's order; a bent H says that the path has
    not converged.
    """
    potential = energies.potential
    midway = (potential[..., :-1] + potential[..., 1:]) / 2
    total: Array = energies.kinetic - physics.coupling * midway
    return total


def roughness(latents: Array) -> float:
    """Mean squared second difference of a path [N + 2, d]; 0 where nothing is hidden."""
    if len(latents) < 3:
        return 0.0
    second = latents[2:] - 2 * latents[1:-1] + latents[:-2]
    return float((second.astype(np.float64) ** 2).sum(-1).mean())


def steering(latents: Array, geodesic: Array) -> float:
    """Largest angle in radians between a latent of the path and the same latent of the geodesic [N + 2, d]."""
    apart = np.linalg.norm(latents - geodesic, axis=-1)
    together = np.linalg.norm(latents + geodesic, axis=-1)
    return float((2 * np.arctan2(apart, together)).max())


def words(latents: Array, geodesic: Array) -> str:
    """Two plain words for what was measured: smooth or rough, and steered or not.

    Rough: a latent's turn is on average more than half as long as its step. Steered: the query moved some
    latent by more than a fiftieth of a right angle from the geodesic.
    """
    chords = np.linalg.norm(np.diff(latents, axis=0), axis=-1)
    mean_square = float((chords.astype(np.float64) ** 2).mean())
    rough = "rough" if roughness(latents) > 0.25 * mean_square else "smooth"
    steered = "steered" if steering(latents, geodesic) > np.pi / 100 else "unsteered"
    return f"{rough}, {steered}"
