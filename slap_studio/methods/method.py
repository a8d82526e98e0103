"""What a method is that fills a gap: it sees the observed frames of a clip, and gives a latent for each hidden time."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array


@dataclass(frozen=True, eq=False)
class Observation:
    """All that a method may know of a clip with a gap.

    Attributes
    ----------
    times
        Of the observed frames [M], seconds, ascending.
    latents
        Of the observed frames [M, d], unit length.
    before
        Index of the last observed frame before the gap; the next one is the first after it.
    hidden_times
        At which latents are wanted [N], seconds, ascending, between the two anchors.
    frames
        Gives the observed frames as RGB images [H, W, 3], for methods that work on pixels; None where there are none.
    """

    times: NDArray[np.float64]
    latents: Array
    before: int
    hidden_times: NDArray[np.float64]
    frames: Callable[[], Sequence[NDArray[np.uint8]]] | None = None

    @property
    def anchors(self) -> tuple[Array, Array]:
        """The latents on either side of the gap, [d] each."""
        return self.latents[self.before], self.latents[self.before + 1]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Where in the gap each hidden time lies [N]: 0 at the anchor before it, 1 at the one after it."""
        start, end = self.times[self.before], self.times[self.before + 1]
        shares: NDArray[np.float64] = (self.hidden_times - start) / (end - start)
        return shares


class Method(ABC):
    """A way to fill a gap.

    Attributes
    ----------
    name
        As tables and legends call it.
    asks
        Whether it reads the query.
    """

    name: str
    asks = False

    @abstractmethod
    def infer(self, seen: Observation, query: Array) -> Array:
        """Unit latents [N, d] at the hidden times.

        Parameters
        ----------
        seen
            What is known of the clip.
        query
            Unit latent [d] of the text; a method that does not ask leaves it alone.
        """

    def potential(self, latents: Array, query: Array) -> Array:
        """V of each latent [N]: 1 − ⟨z, q⟩ for methods without an alignment of their own."""
        cosines: Array = latents @ query
        return 1 - cosines

    def mismatch(self, seen: Observation, latents: Array, query: Array) -> Array:
        """How badly each hidden latent fits a query [N], lower is better: by default its V."""
        return self.potential(latents, query)

    def infer_many(self, seen: Sequence[Observation], queries: Sequence[Array]) -> list[Array]:
        """The same for several clips, one query each; for methods that are faster in batches."""
        return [self.infer(one, query) for one, query in zip(seen, queries, strict=True)]
