"""The unit hypersphere S^{d-1}: angles, tangent vectors, retraction and the great arc.

Every function works on the last axis and broadcasts over the others, on any device and in any precision.
"""

import torch
from torch import Tensor


def unit(vectors: Tensor) -> Tensor:
    """Vectors [..., d] scaled to length one."""
    scaled: Tensor = vectors / torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return scaled


def chords(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Lengths ‖a − b‖ and ‖a + b‖ [...] of unit vectors [..., d].

    The first is accurate where the two nearly agree, the second where they are nearly antipodal; neither
    loses digits as an inner product near ±1 does.
    """
    return torch.linalg.vector_norm(a - b, dim=-1), torch.linalg.vector_norm(a + b, dim=-1)


def angle(a: Tensor, b: Tensor) -> Tensor:
    """Angle [...] in radians between unit vectors [..., d], accurate from 0 to π (chord form)."""
    apart, together = chords(a, b)
    return 2 * torch.atan2(apart, together)


def tangent(z: Tensor, vectors: Tensor) -> Tensor:
    """Projection of ambient vectors [..., d] on the tangent space at unit vectors z [..., d]."""
    return vectors - (vectors * z).sum(-1, keepdim=True) * z


def retract(z: Tensor, step: Tensor, share: float = 1.0, out: Tensor | None = None) -> Tensor:
    """Point reached from z [..., d] by a share of a tangent step [..., d]: the sum, scaled back to the sphere.

    It is written where `out` says, which may be z itself.
    """
    moved = torch.add(z, step, alpha=share)
    return torch.div(moved, torch.linalg.vector_norm(moved, dim=-1, keepdim=True), out=out)


def direction(start: Tensor, end: Tensor) -> Tensor:
    """Unit tangent [d] at `start` of a shortest great arc to `end`.

    Antipodal ends have no unique arc, and coincident ends none at all. For both the tangent is the
    projection of the coordinate axis on which `start` leans least, so that the choice is reproducible.
    """
    towards = tangent(start, end - start)
    length = torch.linalg.vector_norm(towards)
    if float(length) > 16 * torch.finfo(start.dtype).eps:
        return unit(towards)
    axis = torch.zeros_like(start)
    axis[int(start.abs().argmin())] = 1
    return unit(tangent(start, axis))


def slerp(start: Tensor, end: Tensor, hidden: int) -> Tensor:
    """Great arc from `start` to `end` [d] in N + 1 equal angles, ends included: [N + 2, d]."""
    theta = angle(start, end)
    steps = torch.linspace(0, 1, hidden + 2, dtype=start.dtype, device=start.device)[:, None] * theta
    arc = unit(torch.cos(steps) * start + torch.sin(steps) * direction(start, end))
    arc[0], arc[-1] = start, end
    return arc
