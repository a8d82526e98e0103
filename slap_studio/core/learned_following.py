"""P_θ and ∇P_θ along latents that move: the sums of `core.learned`, on buffers that stay where they are.

The loop asks again and again about the same rows. Every product goes where the next operation reads it, and what the
value and the gradient both need is found once.
"""

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

if TYPE_CHECKING:
    from slap_studio.core.learned import Learned


class Following:
    """`Learned.value_and_gradient` at rows that move between calls; what one call returns, the next overwrites.

    Parameters
    ----------
    learned
        P_θ with one query in it, its products in the latents' own precision.
    z
        The rows [R, d], read where they lie.
    """

    def __init__(self, learned: "Learned", z: Tensor) -> None:
        folded, rows = learned.folded, len(z)
        width, count = folded.shape.hidden, folded.shape.blocks
        self._folded, self._z = folded, z
        self._offset, self._level = learned.offset, learned.level.expand(rows)
        self._found = z.new_empty(rows, 2 * width * count)
        self._outputs = z.new_empty(rows, width * count)
        self._value, self._gradient = z.new_empty(rows), torch.empty_like(z)
        # What P is pulled by at the last block's outputs is the same at every latent.
        pulls = z.new_empty(rows, width * count)
        pull_of = [*pulls.chunk(count, dim=1)[:-1], folded.head_blocks[-width:]]
        parts = zip(self._found.chunk(count, dim=1), self._outputs.chunk(count, dim=1), pull_of, strict=True)
        self._blocks = [_GatedBlock(found, outputs, pull) for found, outputs, pull in parts]
        # Of each block after the first: what comes before it, and by what it is reached from there.
        self._joints = [
            _Joint(
                between=between,
                turned=turned,
                outputs=self._outputs[:, : width * block],
                pulls=pulls[:, : width * block],
                head=folded.head_blocks[: width * block] if block + 1 == count else pulls[:, : width * block],
            )
            for block, (between, turned) in enumerate(zip(folded.between, folded.between_turned, strict=True), 1)
        ]

    def __call__(self) -> tuple[Tensor, Tensor]:
        """P [R] and ∇_z P [R, d] where the rows are now."""
        folded = self._folded
        torch.addmm(self._offset, self._z, folded.from_latent_turned, out=self._found)
        first, *later = self._blocks
        first.forth()
        for block, joint in zip(later, self._joints, strict=True):
            block.found.addmm_(joint.outputs, joint.turned)
            block.forth()
        torch.addmv(self._level, self._z, folded.head_latent, out=self._value)
        self._value.addmv_(self._outputs, folded.head_blocks)
        for block, joint in zip(reversed(later), reversed(self._joints), strict=True):
            block.back()
            torch.addmm(joint.head, block.found, joint.between, out=joint.pulls)
        first.back()
        torch.addmm(folded.head_latent, self._found, folded.from_latent, out=self._gradient)
        return self._value, self._gradient


class _Joint(NamedTuple):
    """What lies between a block and those before it.

    Attributes
    ----------
    between, turned
        GU_b D_c of the earlier blocks side by side [2h, b·h], and the same [b·h, 2h].
    outputs
        Of the earlier blocks [R, b·h].
    head, pulls
        What P is pulled by at these through later blocks, and through this one as well [R, b·h].
    """

    between: Tensor
    turned: Tensor
    outputs: Tensor
    head: Tensor
    pulls: Tensor


class _GatedBlock:
    """One block's (g, u) [R, 2h], which become the slopes of silu(g)·u times what P is pulled by; and its output."""

    def __init__(self, found: Tensor, outputs: Tensor, pull: Tensor) -> None:
        self.found = found
        self._gate, self._up = found.chunk(2, dim=-1)
        self._outputs, self._pull = outputs, pull
        self._sigmoid, self._swish = found.new_empty(outputs.shape), found.new_empty(outputs.shape)
        self._one = found.new_ones(())

    def forth(self) -> None:
        torch.sigmoid(self._gate, out=self._sigmoid)
        torch.mul(self._gate, self._sigmoid, out=self._swish)
        torch.mul(self._swish, self._up, out=self._outputs)

    def back(self) -> None:
        # silu' = σ + (1 − σ)·silu
        torch.lerp(self._swish, self._one, self._sigmoid, out=self._sigmoid)
        torch.mul(self._up, self._sigmoid, out=self._gate)
        self._gate.mul_(self._pull)
        torch.mul(self._swish, self._pull, out=self._up)
