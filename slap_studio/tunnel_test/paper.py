"""What the paper prints (arXiv 2605.30750, Tables 2, 4, 5, 6 and 7), to stand beside what is measured here."""

from collections.abc import Mapping
from types import MappingProxyType

# Table 2: accuracy, persistence from 1 to 5 as GPT-4 gave it, drift.
METHODS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "Zero-order hold": (0.243, 1.2, 0.45),
        "SLERP": (0.415, 2.1, 0.38),
        "Latent ODE": (0.582, 3.4, 0.29),
        "Neural CDE": (0.647, 3.8, 0.22),
        "Video-LLaMA 3": (0.681, 3.9, 0.25),
        "Stable Video Diffusion": (0.714, 3.5, 0.28),
        "SLAP": (0.839, 4.7, 0.14),
    }
)
# Table 4, Tunnel Test column.
ABLATION: Mapping[str, float] = MappingProxyType(
    {
        "Full model": 0.839,
        "No kinetic energy (μ = 0)": 0.620,
        "No potential energy (λ = 0)": 0.415,
        "Static potential (cosine)": 0.705,
        "Chord kinetic energy (L2)": 0.782,
    }
)
# Table 7: accuracy, S_kin, E_pot by λ.
COUPLING: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "0": (0.415, 0.12, 0.85),
        "0.1": (0.652, 0.18, 0.62),
        "0.5": (0.839, 0.35, 0.31),
        "1": (0.791, 0.88, 0.15),
        "5": (0.524, 4.20, 0.12),
        "10": (0.310, 12.55, 0.11),
    }
)
# Table 6: the value that its search calls best.
BEST: Mapping[str, str] = MappingProxyType(
    {"coupling": "0.5", "steps": "50", "step size": "0.01", "hidden width": "2048 of 768-d latents"}
)
# Table 5: TFLOP, seconds and GB for 30 latents on an A100.
EFFICIENCY: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "Stable Video Diffusion": (185.0, 14.20, 22.5),
        "Video-LLaMA 3": (45.2, 3.80, 16.0),
        "Neural ODE": (12.5, 1.10, 8.4),
        "SLAP": (0.15, 0.08, 0.8),
    }
)
