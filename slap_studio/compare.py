"""Other methods' paths through the gap that is drawn, and the truth: how far each strays, step by step.

The truth is never shown to the solver. It is what the hidden frames themselves give; for a clip of the tunnel world
with its sidecar, what the same frames give without the tunnel.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.types import Array
from slap_studio.encoders.encoder import Encoder
from slap_studio.live import LiveAnswer
from slap_studio.methods.catalogue import plain, runnable
from slap_studio.methods.method import Method, Observation
from slap_studio.pipeline import Clip
from slap_studio.problems import Cancelled, UnusableInput, never
from slap_studio.tunnel.render import render
from slap_studio.tunnel.sidecar import bounded, damaged, facts_beside
from slap_studio.tunnel.world import Scene

OURS = "least action"
MOST_SEEN = 2000  # observed frames that other methods are given


class Truth(StrEnum):
    """What the hidden latents are held against."""

    FILMED = "as filmed"
    UNCOVERED = "without the tunnel"


@dataclass(frozen=True, eq=False)
class ComparisonRequest:
    """A drawn path, and whether the truth is to be what was filmed even where it can be had without the tunnel."""

    answer: LiveAnswer
    as_filmed: bool = False


@dataclass(frozen=True, eq=False)
class Strayed:
    """A path [N + 2, d], its places [N + 2, 2 or 3] and the line through them, and its angles to the truth.

    The angles are those of the hidden latents [N], in degrees.
    """

    name: str
    latents: Array
    places: Array
    line: Array
    angles: Array


@dataclass(frozen=True, eq=False)
class Comparison:
    """What came back for a drawn path.

    Attributes
    ----------
    answer
        The drawn path.
    truth, truth_latents, truth_places, truth_line
        Which truth it is, its path [N + 2, d], the places of that [N + 2, 2 or 3], the anchors included, and the line
        through them.
    both
        Whether it can be had without the tunnel, so that there is a choice.
    ours
        The drawn path.
    others
        Other methods, in the paper's order.
    drift
        D_sem of the drawn path: mean cosine distance to the truth.
    notes
        Sentences that a user should read.
    """

    answer: LiveAnswer
    truth: Truth
    truth_latents: Array
    truth_places: Array
    truth_line: Array
    both: bool
    ours: Strayed
    others: tuple[Strayed, ...]
    drift: float
    notes: tuple[str, ...]

    def on_map(self) -> "Comparison":
        """The same in the picture of the flat map, whichever is looked at."""
        place = self.answer.request.picture.place

        def moved(one: Strayed) -> Strayed:
            places = place(one.latents)
            return replace(one, places=places, line=places)

        truth = place(self.truth_latents)
        return replace(
            self, truth_places=truth, truth_line=truth, ours=moved(self.ours), others=tuple(map(moved, self.others))
        )


class Comparer:
    """Compares on one thread; remembers the methods and the last truth."""

    def __init__(self) -> None:
        self._methods: dict[str, tuple[tuple[Method, ...], tuple[str, ...]]] = {}
        self._uncovered: tuple[tuple[object, ...], NDArray[np.float32]] | None = None
        self._cancelled: Callable[[], bool] = never

    def compare(
        self, request: ComparisonRequest, encoder: Encoder, cancelled: Callable[[], bool] = never
    ) -> Comparison:
        """Compare a drawn path with the truth and with the other methods' paths.

        Raises
        ------
        Cancelled
            When `cancelled` says so.
        """
        self._cancelled = cancelled
        try:
            return self._compared(request, encoder)
        finally:
            # Whoever asks holds the request, and with it every step of the path.
            self._cancelled = never

    def _compared(self, request: ComparisonRequest, encoder: Encoder) -> Comparison:
        answer = request.answer
        clip, posed, stand = answer.request.clip, answer.posed, answer.stand
        truth, kind, both, notes = self._truth(request, encoder)
        ends = posed.problem.start[None], posed.problem.end[None]

        def strayed(name: str, latents: Array) -> Strayed:
            path = np.concatenate([ends[0], latents, ends[1]])
            places = stand.place(path)
            return Strayed(name, path, places, stand.line(places), angles(latents, truth))

        before = int(np.searchsorted(posed.observed, posed.gap.before))
        # Of a long clip what lies around the gap: the networks were trained on short ones, and read all of it.
        first = max(before + 1 - MOST_SEEN // 2, 0)
        around = posed.observed[first : before + 1 + MOST_SEEN // 2]
        seen = Observation(clip.times[around], clip.latents[around], before - first, posed.times[1:-1])
        methods, missing = self._known(clip.encoder)
        others = []
        for method in methods:
            self._ask()
            others.append(strayed(method.name, method.infer(seen, posed.problem.query)))
        hidden = answer.latents[1:-1]
        true_path = np.concatenate([ends[0], truth, ends[1]])
        true_places = stand.place(true_path)
        return Comparison(
            answer, kind, true_path, true_places, stand.line(true_places), both, strayed(OURS, hidden), tuple(others),
            float((1 - (hidden * truth).sum(axis=-1)).mean()) if len(hidden) else 0.0, (*notes, *missing),
        )  # fmt: skip

    def _known(self, encoder: str) -> tuple[tuple[Method, ...], tuple[str, ...]]:
        """The methods that know an encoder's latents, and what is to be said where weights cannot be read."""
        if encoder not in self._methods:
            try:
                self._methods[encoder] = runnable(encoder, cancelled=self._unwanted), ()
            except UnusableInput as problem:
                self._methods[encoder] = plain(), (f"Only the methods that learn nothing are compared: {problem}",)
        return self._methods[encoder]

    def _unwanted(self) -> bool:
        """Whether the comparison under way is cancelled; the methods outlive it."""
        return self._cancelled()

    def _ask(self) -> None:
        if self._unwanted():
            raise Cancelled

    def _truth(
        self, request: ComparisonRequest, encoder: Encoder
    ) -> tuple[NDArray[np.float32], Truth, bool, tuple[str, ...]]:
        answer = request.answer
        clip, hidden = answer.request.clip, list(answer.posed.gap.hidden)
        filmed = clip.latents[hidden]
        try:
            scene = scene_beside(clip.info.path)
            if scene is None or request.as_filmed:
                return filmed, Truth.FILMED, scene is not None, ()
            return self._without_tunnel(clip, scene, hidden, encoder), Truth.UNCOVERED, True, ()
        except UnusableInput as problem:
            return filmed, Truth.FILMED, False, (str(problem),)

    def _without_tunnel(self, clip: Clip, scene: Scene, hidden: list[int], encoder: Encoder) -> NDArray[np.float32]:
        """Latents of the hidden frames, drawn again without the tunnel [N, d]."""
        key = (clip, tuple(hidden))
        if self._uncovered is None or self._uncovered[0] != key:
            size = (clip.info.width, clip.info.height)
            latents = [clip.latents[:0]]
            for time in clip.times[hidden]:
                self._ask()
                # One at a time: while it encodes it cannot be asked to stop.
                latents.append(encoder.encode_frames([drawn_again(scene, clip.info.path, float(time), size)]))
            self._uncovered = key, np.concatenate(latents)
        return self._uncovered[1]


def angles(latents: Array, truth: Array) -> Array:
    """Angle in degrees between each latent [N, d] and the true one (the chord form, exact near zero)."""
    apart = np.linalg.norm(latents - truth, axis=-1)
    together = np.linalg.norm(latents + truth, axis=-1)
    found: Array = np.degrees(2 * np.arctan2(apart, together))
    return found


def scene_beside(video: Path) -> Scene | None:
    """The scene that a sidecar beside a video describes; None if there is no sidecar, or somebody else's.

    Raises
    ------
    UnusableInput
        If it is damaged.
    """
    facts = facts_beside(video)
    if facts is None or "scene" not in facts:
        return None
    try:
        return Scene.from_json(bounded(facts["scene"]))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(video) from error


def drawn_again(scene: Scene, video: Path, time: float, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A frame of a scene that a sidecar described, without its occluder.

    Raises
    ------
    UnusableInput
        If it cannot be drawn: a word in a number's place is met only here.
    """
    import cv2

    try:
        return render(scene, time, size, occluder=False)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, cv2.error) as error:
        raise damaged(video) from error
