"""What the inspector says of a latent and of an observed frame, and which frame the pointer's rest shows."""

from typing import TYPE_CHECKING

from slap_studio.app.present_stage import told_of
from slap_studio.app.work import ClipLoaded
from slap_studio.core.types import AlignmentKind
from slap_studio.views.controls import spoken

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer
    from slap_studio.views.inspector import Inspected

POTENTIALS = {
    AlignmentKind.COSINE: "1 − cosine similarity to the query.",
    AlignmentKind.LEARNED: "−P_θ, what the network says against the query; 0 is what an average latent has.",
}


def inspected_latent(answer: "LiveAnswer", loaded: ClipLoaded, index: int) -> "Inspected":
    """Hidden latent 1..N of a path."""
    from slap_studio.readout import OTHERS
    from slap_studio.views.inspector import Inspected, Neighbour
    from slap_studio.views.share_bars import Shares

    clip, energies = loaded.clip, answer.energies
    neighbours = tuple(
        Neighbour(loaded.thumbnails[frame], float(clip.times[frame]), float(similarity))
        for frame, similarity in zip(answer.nearest[index - 1], answer.similarity[index - 1], strict=True)
        if frame >= 0
    )
    kinetic = (energies.kinetic[index - 1] + energies.kinetic[index]) / 2
    rows = (
        ("Kinetic T", spoken(float(kinetic)), "Mean of the intervals on both sides of this latent."),
        ("Potential V", spoken(float(energies.potential[index])), POTENTIALS[answer.request.alignment]),
        (
            "Total H",
            spoken(float(answer.total[index])),
            "T + λP of the interval after it; constant along a true path.",
        ),
        (
            "EL residual",
            spoken(float(answer.pulls[index - 1])),
            "Euler–Lagrange residual: the action's gradient here, 0 where inertia and the query's pull are in balance.",
        ),
        told_of(answer, index),
    )
    gaps = answer.request.gaps
    which = f" · gap {gaps.index(answer.request.gap) + 1}" if len(gaps) > 1 else ""
    title = f"Latent {index} of {len(answer.nearest)}{which}"
    read = answer.readout
    shares = Shares(read.labels, tuple(float(share) for share in read.shares[index]), OTHERS)
    return Inspected(title, float(answer.posed.times[index]), neighbours, rows, shares=shares)


def inspected_frame(answer: "LiveAnswer | None", loaded: ClipLoaded, index: int) -> "Inspected":
    """A frame that the solver may see."""
    from slap_studio.views.inspector import Inspected

    clip = loaded.clip
    anchors = () if answer is None else (answer.posed.gap.before, answer.posed.gap.after)
    kind = "Anchor" if index in anchors else "Observed"
    note = "A real frame: the solver may see it. Move the cursor into the gap to inspect an inferred latent."
    return Inspected(f"{kind}: frame {index + 1} of {len(clip.times)}", float(clip.times[index]), (), (), note)


def frame_like(answer: "LiveAnswer", index: int) -> int:
    """The observed frame nearest to a latent 0..N + 1 of a path, or its anchor itself; −1 if there is none."""
    inner = min(max(index - 1, 0), len(answer.nearest) - 1)
    ends = {0: answer.posed.gap.before, len(answer.nearest) + 1: answer.posed.gap.after}
    return ends.get(index, int(answer.nearest[inner, 0]))
