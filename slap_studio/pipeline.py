"""READ FIRST: a video and a query in, a least-action path out. No window.

    video file ─ media ─→ sampled frames ─ encoders ─→ latents        load_clip   → Clip
    latents, gap, query ─→ two anchors and a pull                     pose        → Posed
    anchors, query ─ core.descent ─→ path, with its whole history     solve       → Solution, solve_gaps → of each gap
                   ─ core.minimise ─→ the true minimum of the action
    path ─ core.retrieval ─→ nearest observed frames                  retrieve    → indices, similarity
    latents of all frames ─ core.projection ─→ the map                (fit_pca, fit_umap, Map.place)

The solver and the retrieval see observed frames only. The map alone is fitted on all of the clip's frames,
so that revealing the hidden ones moves nothing; and the search for hard cuts looks at all of them, for its warning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from slap_studio.core.alignment import Alignment
from slap_studio.core.descent import Observer, descend, descend_gaps
from slap_studio.core.minimise import minimise
from slap_studio.core.retrieval import nearest
from slap_studio.core.thinning import evenly
from slap_studio.core.types import Array, Descent, Method, Physics, Problem, Solution
from slap_studio.embedding import Job, embed
from slap_studio.encoders.cache import Cache
from slap_studio.encoders.encoder import Encoder
from slap_studio.media.cuts import Cuts
from slap_studio.media.files import content_hash
from slap_studio.media.gap import Gap, ResolvedGap, resolve_gap
from slap_studio.media.sampling import Sampling
from slap_studio.media.unchanged import FileMark, mark_of, require_unchanged
from slap_studio.media.video import VideoInfo, probe
from slap_studio.problems import UnusableInput, never

LOOKED_AT = 2000  # frames by which it is told whether an encoder knows a clip
FEWEST_FRAMES = 3  # two anchors and one hidden frame between them
LEAST_MISSING = 0.5  # seconds by which a file must end early before it is said; containers round
_PRECISIONS = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True, eq=False)
class Clip:
    """A video, sampled and embedded.

    Attributes
    ----------
    info
        Of the file.
    times
        Of the sampled frames [M], seconds, ascending.
    latents
        Of the sampled frames [M, d], unit length.
    thumbnails
        JPEG bytes of each sampled frame, 96 pixels high; of a long clip each is read when it is asked for.
    duration
        Seconds to the end of the last frame, as decoded; the file's own word may be wrong.
    encoder
        Label of the encoder.
    notes
        Sentences that a user should read: sampling lowered, frames lost, a clip from outside the encoder's world.
    content, identity
        SHA-256 of the file, and what the latents depend on besides.
    mark
        By which the file is known again without reading it, if it was there.
    cuts
        Hard cuts, found among all sampled frames, and kept from the solver; of a long clip where somebody looked.
    """

    info: VideoInfo
    times: NDArray[np.float64]
    latents: NDArray[np.float32]
    thumbnails: Sequence[bytes]
    duration: float
    encoder: str
    notes: tuple[str, ...]
    content: str = ""
    identity: str = ""
    mark: FileMark | None = None
    cuts: Cuts = field(default_factory=Cuts)


@dataclass(frozen=True, eq=False)
class Posed:
    """A gap of a clip as the solver's problem.

    Attributes
    ----------
    problem
        Anchors, query and N.
    times
        Of the path [N + 2], seconds: the frames' own, or evenly spaced if N was chosen.
    gap
        Anchors and hidden frames among the clip's.
    observed
        Indices of all frames that are not hidden [C].
    """

    problem: Problem
    times: NDArray[np.float64]
    gap: ResolvedGap
    observed: NDArray[np.intp]


def load_clip(
    path: Path,
    encoder: Encoder,
    *,
    sampling: Sampling,
    cache: Cache,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = never,
) -> Clip:
    """Sample a video and embed its frames, or find both in the cache.

    Parameters
    ----------
    progress
        Called with the share done, 0 to 1.

    Raises
    ------
    UnusableInput
        If the file is no video, cannot be read, or has fewer than three frames.
    Cancelled
        When `cancelled` says so; what was embedded by then is kept, and the next time goes on there.
    """
    mark = mark_of(path)
    info = probe(path, cancelled)
    content = content_hash(path, cancelled)
    place = cache.place(content, encoder.identity, repr(sampling))
    notes: list[str] = []
    kept = cache.find(place)
    if kept is None:
        kept, notes = embed(Job(info, encoder, sampling, cache, place, progress, cancelled, mark))
        if len(kept.times) < FEWEST_FRAMES:
            raise UnusableInput(
                f"{path.name} has {len(kept.times)} frame{'s' if len(kept.times) != 1 else ''}, and a path needs at "
                "least three: two anchors and one between them; open a longer clip."
            )
    cache.make_room(place)
    # What was read at different times is of one file only if nobody wrote it meanwhile.
    require_unchanged(path, mark)
    if info.duration - kept.duration > max(LEAST_MISSING, 0.05 * info.duration):
        notes.append(
            f"The file says that it lasts {info.duration:.1f} s, but its frames end at {kept.duration:.1f} s: "
            "it may have been cut off; copy it again if there should be more."
        )
    if sampling.lowered_for(info):
        notes.append(sampling.describe(info))
    if not encoder.knows(kept.latents[evenly(len(kept.latents), LOOKED_AT)]):
        notes.append(
            "The built-in encoder knows only the tunnel world, and this clip looks different: its latents mean "
            "little here. Choose another with --encoder NAME/TAG or in the Encoder menu."
        )
    return Clip(
        info, kept.times, kept.latents, kept.thumbnails, kept.duration, encoder.label, tuple(notes), content,
        encoder.identity, mark, Cuts.of(kept.times, kept.thumbnails),
    )  # fmt: skip


def pose(clip: Clip, gap: Gap, query: Array, hidden: int | None = None, *, elsewhere: Sequence[Gap] = ()) -> Posed:
    """Turn a gap into the solver's problem.

    Parameters
    ----------
    query
        Unit latent [d] of the text.
    hidden
        N; by default as many as the sampled frames that the gap hides.
    elsewhere
        Further gaps of the clip, whose frames are not observed either.

    Raises
    ------
    UnusableInput
        If no anchor is left on a side, nothing is hidden, or an anchor is hidden by another gap.
    """
    resolved = resolve_gap(gap, clip.times)
    others = [index for other in elsewhere for index in resolve_gap(other, clip.times).hidden]
    if {resolved.before, resolved.after} & set(others):
        raise UnusableInput(
            f"An anchor of the gap {gap.start:.2f}–{gap.end:.2f} s is hidden by another gap; move one of the two."
        )
    count = len(resolved.hidden) if hidden is None else hidden
    if hidden is None:
        times = clip.times[resolved.before : resolved.after + 1]
    else:
        times = np.linspace(clip.times[resolved.before], clip.times[resolved.after], count + 2)
    problem = Problem(clip.latents[resolved.before], clip.latents[resolved.after], query, count)
    seen = np.ones(len(clip.times), dtype=bool)
    seen[[*resolved.hidden, *others]] = False
    return Posed(problem, times, resolved, np.flatnonzero(seen))


def solve(
    problem: Problem,
    physics: Physics,
    descent: Descent,
    *,
    alignment: Alignment | None = None,
    method: Method = Method.DESCENT,
    dtype: str = "float32",
    device: str = "cpu",
    keep_history: bool = True,
    warm_start: Array | None = None,
    cancelled: Callable[[], bool] = never,
) -> Solution:
    """Descend from the great arc, or minimise; see `core.descent.descend` and `core.minimise.minimise`.

    A precision is named as numpy and torch name it. Without an alignment it is the cosine with the problem's query.
    What only the descent knows (its K and α, its history) means nothing to the minimiser, and a warm start nothing to
    the descent.
    """
    precision = _PRECISIONS[dtype]
    if method is Method.MINIMISE:
        return minimise(
            problem, physics, warm_start=warm_start,
            dtype=precision, device=device, alignment=alignment, cancelled=cancelled,
        )  # fmt: skip
    return descend(
        problem, physics, descent,
        dtype=precision, device=device, alignment=alignment,
        keep_history=keep_history, cancelled=cancelled,
    )  # fmt: skip


def solve_gaps(
    problems: Sequence[Problem],
    physics: Physics,
    descent: Descent,
    alignment: Alignment,
    *,
    device: str = "cpu",
    cancelled: Callable[[], bool] = never,
    observe: Observer | None = None,
    milestone: int = 0,
) -> tuple[Solution, ...]:
    """Descend in several gaps of one clip together, with the whole history; see `core.descent.descend_gaps`."""
    return descend_gaps(
        problems, physics, descent, alignment,
        device=device, cancelled=cancelled, observe=observe, milestone=milestone,
    )  # fmt: skip


def retrieve(clip: Clip, posed: Posed, latents: Array, count: int = 5) -> tuple[NDArray[np.intp], Array]:
    """Nearest observed frames [N, count] of the hidden latents [N, d], and their similarities [N, count]."""
    return nearest(latents, clip.latents, posed.observed, count)
