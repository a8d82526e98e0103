"""Alignments P(z, q): how well a latent fits the query, and the pull that follows from it."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from slap_studio.problems import Cancelled

# P [R] and ∇_z P, as of where the latents are when it is called; the next call may overwrite what this one returned.
Followed = Callable[[], tuple[Tensor, Tensor]]


class Alignment(Protocol):
    """An alignment with its query already in it; the potential energy is V = −P."""

    def value(self, z: Tensor) -> Tensor:
        """P(z, q) [...] of latents [..., d]."""
        ...

    def gradient(self, z: Tensor) -> Tensor:
        """∇_z P(z, q) in the ambient space; broadcasts to [..., d]."""
        ...

    def following(self, z: Tensor) -> Followed:
        """Both, for little more than the gradient alone, at latents [R, d] that move in place between the calls."""
        ...

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        """∇²_z P(z, q) in the ambient space times a direction [..., d]; broadcasts to [..., d]."""
        ...


class Cosine:
    """P(z, q) = ⟨z, q⟩ − 1 (the paper's static potential, §3.1), so that V = 1 − ⟨z, q⟩."""

    def __init__(self, query: Tensor) -> None:
        self.query = query

    def value(self, z: Tensor) -> Tensor:
        """P [...] of latents [..., d]."""
        return (z * self.query).sum(-1) - 1

    def gradient(self, z: Tensor) -> Tensor:
        """The query itself [d], wherever z is."""
        return self.query

    def following(self, z: Tensor) -> Followed:
        """P [R] and the query [d], of latents [R, d] that move."""
        value, minus_one = z.new_empty(len(z)), z.new_full((1,), -1).expand(len(z))

        def look() -> tuple[Tensor, Tensor]:
            return torch.addmv(minus_one, z, self.query, out=value), self.query

        return look

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        """Zero: P is linear in the ambient space, all its curvature is the sphere's."""
        return torch.zeros_like(direction)


class Wanted:
    """Another alignment, walked through for as long as somebody wants the result.

    For what walks through it many times and has nothing to give before the end.

    Parameters
    ----------
    alignment
        Which one.
    cancelled
        Asked before each walk; once it is true, `Cancelled` is raised.
    """

    def __init__(self, alignment: Alignment, cancelled: Callable[[], bool]) -> None:
        self._alignment = alignment
        self._cancelled = cancelled

    def value(self, z: Tensor) -> Tensor:
        """The other's P [...]."""
        self._ask()
        return self._alignment.value(z)

    def gradient(self, z: Tensor) -> Tensor:
        """The other's ∇_z P."""
        self._ask()
        return self._alignment.gradient(z)

    def following(self, z: Tensor) -> Followed:
        """The other's P and ∇_z P, of latents [R, d] that move."""
        look = self._alignment.following(z)

        def asked() -> tuple[Tensor, Tensor]:
            self._ask()
            return look()

        return asked

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        """The other's ∇²_z P times a direction."""
        self._ask()
        return self._alignment.curvature(z, direction)

    def _ask(self) -> None:
        if self._cancelled():
            raise Cancelled
