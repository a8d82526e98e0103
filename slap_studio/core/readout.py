"""What a latent reads as: its share for each of several candidates."""

import numpy as np

from slap_studio.core.types import Array


def shares(latents: Array, candidates: Array, scale: float) -> Array:
    """Softmax over candidates [C, d] of s·⟨z, q_c⟩ for each latent [..., d]: [..., C], each row adding up to one.

    With s the encoder's own scale it is CLIP's zero-shot classification (Radford et al. 2021, §3.1).
    """
    weights = scale * (latents.astype(np.float64) @ candidates.T.astype(np.float64))
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    divided: Array = weights / weights.sum(axis=-1, keepdims=True)
    return divided
