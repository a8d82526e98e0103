"""Whether a clip looks like the world that an encoder was trained on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

FILE = "familiarity.safetensors"


@dataclass(frozen=True, eq=False)
class Familiarity:
    """Latents of many frames of the known world, and how near its own unseen frames come to them.

    Attributes
    ----------
    known
        Unit latents [B, d] of frames from the training seeds.
    threshold
        Cosine similarity to the nearest known latent that the median frame of the world's held-out clips reaches.
    """

    known: NDArray[np.float32]
    threshold: float

    def nearness(self, latents: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine similarity [M] of latents [M, d] to the nearest known one."""
        nearness: NDArray[np.float32] = (latents @ self.known.T).max(1)
        return nearness

    def covers(self, latents: NDArray[np.float32]) -> bool:
        """Whether the median frame is as near as the world's own frames are."""
        return float(np.median(self.nearness(latents))) >= self.threshold

    def save(self, folder: Path) -> None:
        """Write beside the encoder's weights, known latents in half precision."""
        save_file(
            {"known": self.known.astype(np.float16), "threshold": np.array([self.threshold], np.float32)}, folder / FILE
        )

    @classmethod
    def beside(cls, folder: Path) -> "Familiarity | None":
        """Read from an encoder's folder; None where that encoder claims no world."""
        if not (folder / FILE).is_file():
            return None
        stored = load_file(folder / FILE)
        return cls(stored["known"].astype(np.float32), float(stored["threshold"][0]))
