"""The paths of one or several gaps on end in one array: a step moves the hidden latents of all of them at once.

Where two paths meet, the anchors of two gaps stand beside each other and look like neighbours in time. What that does
to them is undone after each step; it reaches no hidden latent, whose neighbours are those of its own gap.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import torch
from torch import Tensor

from slap_studio.core.types import Array


class Way(NamedTuple):
    """One gap's way so far: the hidden latents [k + 1, N, d], P along them [k + 1, N] and the residuals [k + 1]."""

    history: Array
    aligned: Array
    residuals: Array


class Block:
    """Paths on end.

    Parameters
    ----------
    arcs
        Each gap's path [N + 2, d] to begin with, anchors included.

    Attributes
    ----------
    rows
        All of them [R, d].
    paths
        Each gap's part of the rows [N + 2, d], which moves with them.
    moving
        The rows between the first and the last one [R − 2, d]: the hidden latents, and the anchors where gaps meet.
    hidden
        Where each gap's hidden latents are among those.
    """

    def __init__(self, arcs: Sequence[Tensor]) -> None:
        self.rows = torch.cat(list(arcs))
        self.moving = self.rows[1:-1]
        ends = list(accumulate(len(arc) for arc in arcs))
        self.paths = [self.rows[end - len(arc) : end] for arc, end in zip(arcs, ends, strict=True)]
        self.hidden = [slice(end - len(arc), end - 2) for arc, end in zip(arcs, ends, strict=True)]
        meeting = [place for part in self.hidden[:-1] for place in (part.stop, part.stop + 1)]
        self._meeting = torch.tensor(meeting, dtype=torch.long, device=self.rows.device)
        self._anchors = self.moving[self._meeting]

    def put_back_anchors(self) -> None:
        """Undo what a step of all rows that move has done to the anchors among them."""
        if len(self._meeting):
            self.moving.index_copy_(0, self._meeting, self._anchors)


class Record:
    """What is kept of a block's K steps: of every gap the latents, P and the size of the gradient after each of them.

    Parameters
    ----------
    whole
        Whether all steps are kept, or of the last one the size of the gradient only.
    """

    def __init__(self, block: Block, steps: int, *, whole: bool) -> None:
        self.whole, self._block = whole, block
        rows, kept = block.rows, steps + 1 if whole else 0
        # A gap's history is an array of its own: it may be kept when those beside it are let go.
        self._histories = [rows.new_empty((kept, part.stop - part.start, rows.shape[-1])) for part in block.hidden]
        self._aligned = rows.new_empty((kept, len(block.moving)))
        self._sizes = rows.new_empty((max(kept, 1), len(block.moving)))

    def keep(self, taken: int, gradient: Tensor, aligned: Tensor) -> None:
        """Keep the block as it stands after some steps, with P [R − 2] and the gradient of S [R − 2, d] there."""
        for history, part in zip(self._histories, self._block.hidden, strict=True):
            history.select(0, taken).copy_(self._block.moving[part])
        self._aligned.select(0, taken).copy_(aligned)
        self.measure(taken, gradient)

    def measure(self, taken: int, gradient: Tensor) -> None:
        """Keep the size of the gradient [R − 2, d] only."""
        torch.linalg.vector_norm(gradient, dim=-1, out=self._sizes.select(0, taken))

    def until(self, taken: int) -> tuple[Way, ...]:
        """Every gap's way up to a step; of one that was not kept, the residual at its end."""
        upto = taken + 1 if self.whole else 1
        return tuple(
            Way(
                history[:upto].cpu().numpy(),
                self._aligned[:upto, part].cpu().numpy(),
                _largest(self._sizes[:upto, part]).double().cpu().numpy(),
            )
            for history, part in zip(self._histories, self._block.hidden, strict=True)
        )


def _largest(sizes: Tensor) -> Tensor:
    """The largest of each row [k, N]: [k]; zero where nothing is hidden."""
    return sizes.amax(-1) if sizes.shape[-1] else sizes.new_zeros(len(sizes))
