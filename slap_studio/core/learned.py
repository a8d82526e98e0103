"""The learned alignment P_θ(z, q) as it is solved with: folded once, then values, gradients and curvature by hand.

Between its nonlinearities the network of `core.network` is linear, so its residual stream need never be formed. With
a_b = silu(g_b) ∘ u_b the output of block b's gates, x_b = s·E[z ⊕ q] + Σ_{c≤b} D_c a_c, and therefore

    (g_b, u_b) = s·GU_b E_z z + s·GU_b E_q q + Σ_{c<b} GU_b D_c a_c
    P          = ⟨E_zᵀ w, z⟩ + ⟨E_qᵀ w, q⟩ + Σ_b ⟨D_bᵀ w, a_b⟩/s.

The products of matrices are taken once per network, those with q once per query. What is left in the loop for two
blocks is one product with [4h, d] and one with [2h, h], each once forwards and once back. At d = 768, h = 2048 a latent
costs 14.7 M multiplications each way where the network as written takes 28.3 M: 0.088 TFLOP in place of 0.170 for
30 latents × 50 steps. (These products grow with B²: from four blocks on this form is the dearer one.)

No autograd graph is built; everything works under `torch.inference_mode`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from slap_studio.core.alignment import Followed
from slap_studio.core.devices import computes_in_bfloat16
from slap_studio.core.learned_following import Following
from slap_studio.core.network import NetworkShape, ResidualAlignment, normalised_weights

# What the factors of matrix products are rounded to. "float32" leaves them in the latents' own precision.
Products = Literal["float32", "bfloat16"]


# Weights. With fewer, to round the factors takes a CPU longer than it saves: a step of 30 latents at d = 256, h = 512
# takes 0.57 ms rounded and 0.45 ms not, but 5.3 and 11.6 ms at d = 768, h = 2048 (2 cores with AMX).
SMALL = 4_000_000


def products_for(device: str, dtype: torch.dtype, shape: NetworkShape) -> Products:
    """Choose bfloat16 products where the device gains by multiplying bfloat16 itself and latents are float32."""
    gains = computes_in_bfloat16(device) and (device != "cpu" or shape.parameters >= SMALL)
    return "bfloat16" if dtype == torch.float32 and gains else "float32"


def fold(
    network: ResidualAlignment,
    query: Tensor,
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    products: Products = "float32",
) -> "Learned":
    """Alignment with one query [d]; where several queries share a network, keep `Folded.of` and ask it for each."""
    return Folded.of(network, dtype=dtype, device=device, products=products).towards(query)


@dataclass(frozen=True, eq=False)
class Folded:
    """The network multiplied out, without a query yet.

    Attributes
    ----------
    shape
        Sizes d, h and B of the network.
    from_latent, from_query
        s·GU_b E_z and s·GU_b E_q of all blocks above one another [B·2h, d].
    between
        For each block after the first, GU_b D_c of all earlier blocks side by side [2h, b·h], b = 1..B−1.
    head_latent, head_query
        E_zᵀ w and E_qᵀ w [d].
    head_blocks
        D_bᵀ w/s of all blocks one after another [B·h].
    reference
        Latents [R, d] over which the mean of P is made zero for every query (see `core.network`).
    """

    shape: NetworkShape
    from_latent: Tensor
    from_query: Tensor
    between: tuple[Tensor, ...]
    head_latent: Tensor
    head_query: Tensor
    head_blocks: Tensor
    reference: Tensor

    @classmethod
    @torch.no_grad()
    def of(
        cls,
        network: ResidualAlignment,
        *,
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
        products: Products = "float32",
    ) -> Self:
        """Fold a network.

        Parameters
        ----------
        network
            Its spectral norms are taken as they stand; `core.network.settle` brings them to their end.
        dtype, device
            Precision and place of the latents that will be asked about.
        products
            "bfloat16" rounds both factors and the result of each matrix product in the loop to bfloat16. Sums inside a
            product, nonlinearities, sums of products and the linear path stay in float32. It goes with float32 only.
        """
        if products == "bfloat16" and dtype != torch.float32:
            raise ValueError(f"bfloat16 products go with float32 latents, not with {dtype}")
        shape = network.shape
        exact = torch.promote_types(dtype, next(network.parameters()).dtype)
        weights = normalised_weights(network, dtype=exact, device=device)
        entry, head = weights.entry, weights.head
        from_entry = torch.cat([shape.scale * (gate_up @ entry) for gate_up in weights.gate_up]).to(dtype)
        between = tuple(
            torch.cat([gate_up @ down for down in weights.down[:block]], dim=1)
            for block, gate_up in enumerate(weights.gate_up)
            if block
        )
        factors = torch.bfloat16 if products == "bfloat16" else dtype
        from_latent, from_query = from_entry.chunk(2, dim=1)
        head_latent, head_query = (head @ entry).to(dtype).chunk(2)
        return cls(
            shape=shape,
            from_latent=from_latent.to(factors).contiguous(),
            from_query=from_query.contiguous(),
            between=tuple(matrix.to(factors) for matrix in between),
            head_latent=head_latent,
            head_query=head_query,
            head_blocks=torch.cat([head @ down for down in weights.down]).div_(shape.scale).to(dtype),
            reference=network.reference.to(device, dtype),
        )

    @cached_property
    def from_latent_turned(self) -> Tensor:
        """`from_latent` the other way round [d, B·2h]: a CPU multiplies few latents by it in two thirds of the time."""
        return self.from_latent.T.contiguous()

    @cached_property
    def between_turned(self) -> tuple[Tensor, ...]:
        """`between`, each the other way round [b·h, 2h]."""
        return tuple(matrix.T.contiguous() for matrix in self.between)

    @property
    def gradient_flops(self) -> int:
        """Floating-point operations of the matrix products in the gradient at one latent, forwards and back."""
        return 4 * (self.from_latent.numel() + sum(matrix.numel() for matrix in self.between))

    @torch.no_grad()
    def towards(self, query: Tensor, level: Tensor | None = None) -> "Learned":
        """Alignment with a query [d], or with one for each of several paths [..., 1, d]; the weights are shared.

        Parameters
        ----------
        level
            What `level` gives for these queries [...], where it is known already.
        """
        query = query.to(self.head_query)
        return Learned(self, query @ self.from_query.T, self.level(query) if level is None else level)

    @torch.no_grad()
    def level(self, query: Tensor) -> Tensor:
        """What is added to P for queries [..., d], one number each [...]: what makes its mean over the reference zero.

        Without a reference it is what the query gives along the linear path, ⟨E_qᵀ w, q⟩.
        """
        query = query.to(self.head_query)
        if not len(self.reference):
            linear: Tensor = query @ self.head_query
            return linear
        single = query.reshape(-1, query.shape[-1])
        nothing = query.new_zeros(())
        means = [Learned(self, one @ self.from_query.T, nothing).value(self.reference).mean() for one in single]
        return -torch.stack(means).reshape(query.shape[:-1])


class Learned:
    """P_θ(·, q) with its query in it: the `Alignment` of a folded network.

    Parameters
    ----------
    folded
        The network.
    offset
        What the query adds to gates and ups [B·2h], or [..., 1, B·2h] for several.
    level
        What the query adds to P [], or [..., 1].
    """

    def __init__(self, folded: Folded, offset: Tensor, level: Tensor) -> None:
        self.folded = folded
        self.offset = offset
        self.level = level

    def value(self, z: Tensor) -> Tensor:
        """P [...] of latents [..., d]."""
        return self._value(z, self._gates_and_ups(z))

    def gradient(self, z: Tensor) -> Tensor:
        """∇_z P [..., d] at latents [..., d], in the ambient space: the chain above, walked back by hand."""
        return self._gradient(self._gates_and_ups(z))

    def value_and_gradient(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """P [...] and ∇_z P [..., d] at latents [..., d]: gates and ups are formed once for both."""
        gates_and_ups = self._gates_and_ups(z)
        return self._value(z, gates_and_ups), self._gradient(gates_and_ups)

    def following(self, z: Tensor) -> Followed:
        """P [R] and ∇_z P [R, d] of latents [R, d] that move."""
        if self.offset.ndim == 1 and self.folded.from_latent.dtype == z.dtype:
            return Following(self, z)
        return lambda: self.value_and_gradient(z)

    def _value(self, z: Tensor, gates_and_ups: Tensor) -> Tensor:
        gate, up = gates_and_ups.unbind(-2)
        outputs = functional.silu(gate).mul_(up).flatten(-2)
        return z @ self.folded.head_latent + outputs @ self.folded.head_blocks + self.level

    def _gradient(self, gates_and_ups: Tensor) -> Tensor:
        """∇_z P from g and u [..., B, 2, h], which are used up."""
        slopes = _slopes(gates_and_ups)
        width = self.folded.shape.hidden
        # ∂P/∂a of the blocks not yet walked back through. For the last block it is the same at every latent.
        pull = self.folded.head_blocks
        for block in reversed(range(self.folded.shape.blocks)):
            back = slopes[..., block, :, :].mul_(pull[..., None, block * width :])
            if block:
                pull = pull[..., : block * width] + _back(back.flatten(-2), self.folded.between[block - 1])
        return _back(slopes.flatten(-3), self.folded.from_latent).add_(self.folded.head_latent)

    def curvature(self, z: Tensor, direction: Tensor) -> Tensor:
        """∇²_z P(z) times directions, both [..., d] with leading axes that broadcast, in the ambient space.

        The derivative of `gradient` along the direction, line by line (Pearlmutter 1994, forward over reverse); a
        symmetric operator wherever products are not rounded to bfloat16.
        """
        direction = direction.expand(np.broadcast_shapes(z.shape, direction.shape))
        gates_and_ups = self._gates_and_ups(z)
        slopes = _slopes(gates_and_ups.clone())
        moving = self._moving(slopes, direction)
        bends = _bends(gates_and_ups, moving)
        width = self.folded.shape.hidden
        pull, pull_moving = self.folded.head_blocks, torch.zeros_like(self.folded.head_blocks)
        for block in reversed(range(self.folded.shape.blocks)):
            here = slice(block * width, (block + 1) * width)
            slope, bend = slopes[..., block, :, :], bends[..., block, :, :]
            bend.mul_(pull[..., None, here]).addcmul_(slope, pull_moving[..., None, here])
            slope.mul_(pull[..., None, here])
            if block:
                between = self.folded.between[block - 1]
                pull = pull[..., : block * width] + _back(slope.flatten(-2), between)
                pull_moving = pull_moving[..., : block * width] + _back(bend.flatten(-2), between)
        return _back(bends.flatten(-3), self.folded.from_latent)

    def _gates_and_ups(self, z: Tensor) -> Tensor:
        """g and u of every block [..., B, 2, h] at latents [..., d]."""
        found = self._per_block(_forth(z, self.folded.from_latent).add_(self.offset))
        outputs: list[Tensor] = []
        for block, between in enumerate(self.folded.between):
            gate, up = found[..., block, :, :].unbind(-2)
            outputs.append(functional.silu(gate).mul_(up))
            found[..., block + 1, :, :].flatten(-2).add_(_forth(_beside(outputs), between))
        return found

    def _moving(self, slopes: Tensor, direction: Tensor) -> Tensor:
        """Derivatives of all g and u [..., B, 2, h] along a direction [..., d]."""
        moving = self._per_block(_forth(direction, self.folded.from_latent))
        outputs: list[Tensor] = []
        for block, between in enumerate(self.folded.between):
            outputs.append((slopes[..., block, :, :] * moving[..., block, :, :]).sum(-2))
            moving[..., block + 1, :, :].flatten(-2).add_(_forth(_beside(outputs), between))
        return moving

    def _per_block(self, rows: Tensor) -> Tensor:
        """Rows [..., B·2h] seen as [..., B, 2, h]."""
        return rows.reshape(*rows.shape[:-1], self.folded.shape.blocks, 2, self.folded.shape.hidden)


def _slopes(gates_and_ups: Tensor) -> Tensor:
    """Replace g and u [..., 2, h] in place by the derivatives of silu(g)·u with respect to them."""
    gate, up = gates_and_ups.unbind(-2)
    sigmoid = torch.sigmoid(gate)
    swish = gate * sigmoid
    # silu' = σ + (1 − σ)·silu
    torch.mul(up, torch.lerp(swish, swish.new_ones(()), sigmoid, out=sigmoid), out=gate)
    up.copy_(swish)
    return gates_and_ups


def _bends(gates_and_ups: Tensor, moving: Tensor) -> Tensor:
    """Derivatives of the slopes [..., 2, h] as g and u move."""
    gate, up = gates_and_ups.unbind(-2)
    gate_moving, up_moving = moving.unbind(-2)
    sigmoid = torch.sigmoid(gate)
    first = sigmoid * (1 + gate * (1 - sigmoid))
    second = sigmoid * (1 - sigmoid) * (2 + gate * (1 - 2 * sigmoid))
    return torch.stack([second * up * gate_moving + first * up_moving, first * gate_moving], dim=-2)


def _forth(vectors: Tensor, matrix: Tensor) -> Tensor:
    """Vectors [..., n] times a matrix [m, n]: [..., m], in the vectors' precision."""
    return _product(vectors, matrix, functional.linear)


def _back(vectors: Tensor, matrix: Tensor) -> Tensor:
    """Vectors [..., m] times the transpose of a matrix [m, n]: [..., n], in the vectors' precision."""
    return _product(vectors, matrix, torch.matmul)


def _product(vectors: Tensor, matrix: Tensor, multiply: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """A product whose factors are rounded to the matrix's precision where that is the lower one."""
    if vectors.dtype == matrix.dtype:
        return multiply(vectors, matrix)
    if vectors.device.type != "cpu":
        return multiply(vectors.to(matrix.dtype), matrix).to(vectors.dtype)
    rows = vectors.reshape(-1, vectors.shape[-1])
    filled = torch.zeros((_one_of_few(len(rows)), rows.shape[-1]), dtype=matrix.dtype)
    filled[: len(rows)] = rows
    found = multiply(filled, matrix)[: len(rows)].to(vectors.dtype)
    return found.reshape(*vectors.shape[:-1], found.shape[-1])


def _one_of_few(rows: int) -> int:
    """A number of rows that is little more, of which there are four in every octave.

    On a CPU torch keeps compiled code for every number of rows that was ever multiplied in bfloat16, 0.6 MB each: gaps
    of every length up to 300 frames would take a third of a gigabyte.
    """
    unit = max(16, 1 << max(rows.bit_length() - 3, 0))
    return -(-rows // unit) * unit


def _beside(outputs: list[Tensor]) -> Tensor:
    """Outputs of the blocks so far, side by side [..., b·h]."""
    return outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=-1)
