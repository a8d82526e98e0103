"""The learned alignment P_θ(z, q) as it is trained: a residual SwiGLU network with spectral normalisation (design §4).

`core.learned` folds a network of this kind into the form that the solver's loop evaluates.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from slap_studio.core.types import checked


@dataclass(frozen=True)
class NetworkShape:
    """Sizes of P_θ.

    Attributes
    ----------
    dimension
        Length d of a latent and of a query.
    hidden
        Width h ≥ 2 of the residual stream and of every block's gate.
    blocks
        Number B ≥ 1 of residual SwiGLU blocks.
    """

    dimension: int
    hidden: int
    blocks: int

    def __post_init__(self) -> None:
        checked("dimension d", self.dimension, at_least=1)
        checked("hidden width h", self.hidden, at_least=2)
        checked("number of blocks B", self.blocks, at_least=1)

    @property
    def parameters(self) -> int:
        """How many weights: 2d·h at the entry, 3h² per block, h in the head; there are no biases."""
        return 2 * self.dimension * self.hidden + 3 * self.blocks * self.hidden**2 + self.hidden

    @property
    def scale(self) -> float:
        """s = √h, between unit vectors outside the network and entries of order one inside."""
        return math.sqrt(self.hidden)


# Table 6 of the paper at d = 768: 28 313 600 weights, the 28.3 M of design §4.
PAPER_SHAPE = NetworkShape(dimension=768, hidden=2048, blocks=2)


class GatedBlock(nn.Module):
    """SwiGLU(x) = D (silu(G x) ∘ U x) (Shazeer 2020, eq. 6, without biases as there): what one block adds to x."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gate = _normalised_layer(width, width)
        self.up = _normalised_layer(width, width)
        self.down = _normalised_layer(width, width)

    def forward(self, stream: Tensor) -> Tensor:
        """Addition to a residual stream [..., h]."""
        added: Tensor = self.down(nn.functional.silu(self.gate(stream)) * self.up(stream))
        return added


class ResidualAlignment(nn.Module):
    """P_θ(z, q) = ⟨w, x_B⟩/s with x_0 = s·E[z ⊕ q], x_b = x_{b−1} + SwiGLU_b(x_{b−1}) and s = √h (paper §3.2).

    At d = 768, h = 2048, B = 2 it has exactly 28 313 600 weights: E 2048 × 1536, six block matrices 2048 × 2048 and
    the head w. Evaluated as written, one value with its gradient takes 4 × 28.3 M operations: 0.170 TFLOP for
    30 latents × 50 steps (the paper's Table 5 says 0.15).

    Why the scale s: a unit vector spread over h entries has entries of size 1/√h, where silu(g) is nearly g/2 and
    products are tiny. Under matrices of norm one, a block could then give ⟨z, q⟩ a weight of about √h/(2d) at most,
    0.03 at the paper's shape, whatever the training. With s inside and 1/s outside, entries are of order one where the
    gates bend, that weight reaches about h/(2d) = 1.3, and the linear path is left as it was.

    What spectral normalisation guarantees, and what it does not. E, w, every G, U and D have spectral norm one (as far
    as their power iterations have converged: see `settle`), so that no matrix stretches and the linear path
    z ↦ ⟨w, E[z ⊕ q]⟩ is 1-Lipschitz. P_θ itself is *not* 1-Lipschitz by construction: a residual block adds to the
    identity, and SwiGLU multiplies two activations. With 1.1 ≥ max silu',

        ‖∇_z P_θ‖ ≤ Π_b (1 + 1.1·‖U_b x_{b−1}‖_∞ + ‖silu(G_b x_{b−1})‖_∞),

    which is finite on the sphere but depends on the activations; the bound over all unit z and q is useless (its factor
    for the first block alone is 1 + 2.1·√(2h)). The same holds for ‖∇²P_θ‖, which Lemma 3.5 needs. Both are therefore
    kept small by the Sobolev term of the training and *measured* on the path by the certificates (design §3.6).

    InfoNCE among latents for one query leaves P_θ free by a constant C(q) (Theorem 3.4), so that values for two queries
    cannot be compared. The `reference`, latents [R, d] of the training data, pins it when the network is folded: the
    mean of P over them is made zero. (By the theorem it is the mean of exp(P/τ) that is one. But matrices of norm one
    keep P softer than the log density ratio; pinned so, queries that are true of many frames are favoured.) With an
    empty reference P_θ is left as it is.
    """

    reference: Tensor

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.entry = _normalised_layer(2 * shape.dimension, shape.hidden)
        self.blocks = nn.ModuleList(GatedBlock(shape.hidden) for _ in range(shape.blocks))
        self.head = _normalised_layer(shape.hidden, 1)
        self.register_buffer("reference", torch.zeros(0, shape.dimension))

    def forward(self, z: Tensor, query: Tensor) -> Tensor:
        """P_θ [...] of latents and queries [..., d], whose leading axes broadcast."""
        common = np.broadcast_shapes(z.shape, query.shape)
        stream = self.shape.scale * self.entry(torch.cat([z.expand(common), query.expand(common)], dim=-1))
        for block in self.blocks:
            stream = stream + block(stream)
        value: Tensor = self.head(stream).squeeze(-1) / self.shape.scale
        return value

    def layers(self) -> Iterator[nn.Linear]:
        """Every layer with a weight, from the entry to the head."""
        return (module for module in self.modules() if isinstance(module, nn.Linear))


@dataclass(frozen=True, eq=False)
class NormalisedWeights:
    """The matrices by which a network multiplies, each divided by its spectral norm.

    Attributes
    ----------
    entry
        E [h, 2d].
    gate_up
        Per block G above U [2h, h].
    down
        Per block D [h, h].
    head
        w [h].
    """

    entry: Tensor
    gate_up: tuple[Tensor, ...]
    down: tuple[Tensor, ...]
    head: Tensor


@torch.no_grad()
def normalised_weights(network: ResidualAlignment, *, dtype: torch.dtype, device: str) -> NormalisedWeights:
    """Fold the spectral norms into the weights, once, in the given precision and place."""
    training = network.training
    # In training mode a look at a weight takes a power step; the network is read here, not changed.
    network.eval()
    try:
        weights = [layer.weight.detach().to(device, dtype) for layer in network.layers()]
    finally:
        network.train(training)
    entry, *inner, head = weights
    blocks = [inner[first : first + 3] for first in range(0, len(inner), 3)]
    return NormalisedWeights(
        entry=entry,
        gate_up=tuple(torch.cat([gate, up]) for gate, up, _ in blocks),
        down=tuple(down for _, _, down in blocks),
        head=head.squeeze(0),
    )


def random_network(shape: NetworkShape, seed: int, *, dtype: torch.dtype = torch.float32) -> ResidualAlignment:
    """Untrained network with Gaussian weights and converged spectral norms, in evaluation mode.

    Parameters
    ----------
    shape
        Its sizes.
    seed
        Of its own generator; torch's global one is neither read nor moved.
    dtype
        Of its weights. One seed gives the same network, to rounding, in every precision.
    """
    generator = torch.Generator().manual_seed(seed)
    # torch draws its own first weights and singular vectors from the global generator; all of them are replaced below.
    with torch.random.fork_rng(devices=[]):
        network = ResidualAlignment(shape).to(dtype)
    with torch.no_grad():
        for layer in network.layers():
            original = _original(layer)
            original.copy_(torch.randn(original.shape, generator=generator, dtype=torch.float64))
    settle(network)
    return network.eval()


@torch.no_grad()
def settle(network: ResidualAlignment) -> None:
    """Bring every power iteration to its end: leading singular vectors to the weights' rounding.

    A power step per training step follows the spectral norm from below and stays a percent short of it where the
    largest singular values lie close together, as in every wide random matrix. Call this when training ends.
    """
    for layer in network.layers():
        normalisation = layer.get_submodule("parametrizations.weight.0")
        left, right = _leading_singular_vectors(_original(layer).double().cpu().numpy())
        normalisation.get_buffer("_u").copy_(torch.from_numpy(left))
        normalisation.get_buffer("_v").copy_(torch.from_numpy(right))


def _leading_singular_vectors(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left and right singular vectors of the largest singular value, by Lanczos from a fixed start."""
    from scipy.sparse.linalg import svds

    if 1 in matrix.shape:
        flat = matrix.ravel() / np.linalg.norm(matrix)
        return (np.ones(1), flat) if matrix.shape[0] == 1 else (flat, np.ones(1))
    start = np.random.default_rng(0).normal(size=min(matrix.shape))
    left, _, right = svds(matrix, k=1, v0=start)
    return left[:, 0].copy(), right[0].copy()


def _normalised_layer(inputs: int, outputs: int) -> nn.Linear:
    """Matrix [outputs, inputs] that is divided by its spectral norm whenever it is used (Miyato et al. 2018)."""
    layer = nn.Linear(inputs, outputs, bias=False)
    spectral_norm(layer)
    return layer


def _original(layer: nn.Linear) -> Tensor:
    """The weight before it is normalised: what training moves."""
    return layer.get_parameter("parametrizations.weight.original")
