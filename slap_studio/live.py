"""The live loop, without a window: one frozen request in, one complete answer out.

A request holds everything that an answer depends on. What is drawn is what came back, so the window never
mixes two settings.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from slap_studio import pipeline
from slap_studio.core import measures
from slap_studio.core.alarm import Alarm, alarm_of, usual_in
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.globe import Globe, fit_pca_globe
from slap_studio.core.landscape import Ground
from slap_studio.core.projection import Map
from slap_studio.core.regimes import regime
from slap_studio.core.search import Search
from slap_studio.core.types import AlignmentKind, Array, Descent, Energies, Physics, Solution, Status
from slap_studio.encoders.encoder import Encoder
from slap_studio.folds import Folds
from slap_studio.media.gap import Gap
from slap_studio.pipeline import Clip, Posed
from slap_studio.problems import UnusableInput, never
from slap_studio.readout import BESIDE, Readout, candidates_of, read
from slap_studio.session.look import View
from slap_studio.stands import Stand, Stands, country_stand, globe_stand, map_stand, slice_stand
from slap_studio.walk import Walk, Walked, walk_together

MOST_HIDDEN = 2000  # frames of a gap that are solved live: of all of them every step is kept
GHOSTS = 4  # earlier iterates that are drawn faintly


@dataclass(frozen=True, eq=False)
class LiveRequest:
    """What is to be drawn.

    Attributes
    ----------
    clip, picture, ground
        The clip, its map and the grid over it.
    query, gap, physics, descent, alignment, candidates
        As the session has them; the descent's steps are those of the drawn path.
    horizon
        How many steps are solved, so that they can be scrubbed; not fewer than are drawn.
    elsewhere
        Further gaps of the clip, solved with it: what they hide is not observed.
    view, relief
        Which picture of the hypersphere is looked at: places are those of this one.
    globe
        The clip's, once it is fitted.
    """

    clip: Clip
    picture: Map
    ground: Ground
    query: str
    gap: Gap
    physics: Physics
    descent: Descent
    alignment: AlignmentKind
    candidates: tuple[str, ...]
    horizon: int
    elsewhere: tuple[Gap, ...] = ()
    view: View = View.MAP
    relief: bool = False
    globe: Globe | None = None

    def same_descent(self, other: "LiveRequest") -> bool:
        """Whether both walk the very same steps, so that only another one of them is to be shown."""
        return (
            self.clip is other.clip
            and (self.query, self.gap, self.physics, self.descent.step_size, self.alignment, self.horizon)
            == (other.query, other.gap, other.physics, other.descent.step_size, other.alignment, other.horizon)
        )  # fmt: skip

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps of the clip in the order of time."""
        return tuple(sorted((self.gap, *self.elsewhere), key=lambda gap: gap.start))

    def at(self, gap: Gap) -> "LiveRequest":
        """The same of another of its gaps."""
        return replace(self, gap=gap, elsewhere=tuple(other for other in self.gaps if other != gap))


@dataclass(frozen=True, eq=False)
class LiveAnswer:
    """Everything the views draw, from one request.

    Attributes
    ----------
    posed
        The problem with its times and frames.
    alignment
        P with the query in it, for float32 on the CPU: what energies and pulls are measured with.
    unknown_words
        Of the query.
    latents, energies, total
        The drawn path [N + 2, d] after K steps, its energies, and H [N + 1].
    along
        Energies after every solved step.
    pulls
        Euler–Lagrange residual of every hidden latent [N].
    residual, roughness, measured
        Of the drawn path; words for what was measured.
    regime
        Table 7's name for κ.
    status
        Why the descent stopped; of the drawn step where that is an earlier one.
    nearest, similarity
        Observed frames nearest to each hidden latent [N, 5].
    readout
        What the path's latents read as.
    alarm
        Which of them no real frame comes near.
    stand
        The picture that is looked at: where any latent lies in it.
    places, query_place
        Of the path [N + 2, 2 or 3] and the query in that picture.
    line, geodesic, ghosts
        Lines through the path, through SLERP, and through a few earlier iterates.
    outside
        In the slice: share of each latent's squared length that lies outside of it [N + 2].
    fidelity
        For each latent, the share of its neighbours in that picture that are its neighbours in the original space
        [N + 2]: among the observed frames, or in the slice among the latents of the path.
    potential
        V over the map's grid.
    others
        The same of the clip's further gaps, in the order of time.
    seconds
        Of the whole answer; `solution.seconds` is the descent's own.
    """

    request: LiveRequest
    posed: Posed
    alignment: Alignment
    unknown_words: tuple[str, ...]
    solution: Solution
    latents: Array
    energies: Energies
    total: Array
    along: Energies
    pulls: Array
    residual: float
    roughness: float
    measured: str
    regime: str
    status: Status
    nearest: NDArray[np.intp]
    similarity: Array
    readout: Readout
    alarm: Alarm
    stand: Stand
    places: Array
    line: Array
    geodesic: Array
    ghosts: tuple[Array, ...]
    query_place: Array
    outside: Array | None
    fidelity: Array
    potential: Array
    others: tuple["LiveAnswer", ...]
    seconds: float

    def on_map(self) -> "LiveAnswer":
        """The same in the picture of the flat map, whichever is looked at: what figures and tables show."""
        history = self.solution.history
        if history is None or (self.stand.view, self.stand.relief) == (View.MAP, False):
            return self
        stand = map_stand(self.request.picture)
        return replace(self, **_placed(stand, self.request, self.posed, history, self.latents))

    def without_steps(self) -> "LiveAnswer":
        """The same path without those that led to it and without other gaps': what may be kept for long."""
        return replace(self, solution=replace(self.solution, history=None, aligned=None), others=())


@dataclass(frozen=True, eq=False)
class _OfClip:
    """What was found out of a clip's frames: where they are looked up, and their usual distance by gaps."""

    clip: Clip
    search: Search
    usual: dict[tuple[Gap, tuple[Gap, ...]], float]


class LiveSolver:
    """Answers requests one after the other on one thread; remembers the last descents and the last texts.

    Parameters
    ----------
    device
        Where the descent runs.
    folds
        The learned alignment, where others use it too.
    """

    def __init__(self, device: str, folds: Folds | None = None) -> None:
        self.device = device
        self._walked: tuple[Walked, ...] = ()
        self._texts: dict[tuple[str, str], Array] = {}
        self._choice: tuple[tuple[str, tuple[str, ...]], Array] | None = None
        self._folds = folds or Folds()
        self._known: _OfClip | None = None
        self._potential: tuple[tuple[object, ...], Array] | None = None
        self._stands = Stands()

    def answer(
        self,
        request: LiveRequest,
        encoder: Encoder,
        cancelled: Callable[[], bool] = never,
        show: Callable[[LiveAnswer], None] = lambda answer: None,
    ) -> LiveAnswer:
        """Solve if need be, and gather all that is drawn.

        Parameters
        ----------
        show
            While a long descent runs, called now and then with the answer so far.

        Raises
        ------
        UnusableInput
            If the query or the gap cannot be used.
        Cancelled
            When `cancelled` says so.
        """
        began = time.perf_counter()
        unknown = encoder.unknown_words(request.query)
        texts = candidates_of(request.candidates, request.query, built_in=encoder.built_in)
        vectors = self._candidates(texts, encoder)

        def drawn(walked: Walked, stand: Stand, others: tuple[LiveAnswer, ...] = ()) -> LiveAnswer:
            clip = walked.request.clip
            beside = _beside(clip, walked.posed)

            def reading(latents: Array) -> Readout:
                return read(latents, beside, texts, vectors, encoder.scale)

            return _drawn(walked, stand, unknown, reading, self._of(clip).search, others, began)

        def all_drawn(walked: list[Walked]) -> LiveAnswer:
            # All of them stand in one picture, in the slice that of the gap that is worked on.
            stand = self._stand(request, walked[0])
            return drawn(walked[0], stand, tuple(drawn(one, stand) for one in walked[1:]))

        query = self._text(request.query, encoder)
        requests = [request, *(request.at(gap) for gap in request.elsewhere)]
        walked = self._solved(requests, query, cancelled, lambda so_far: show(all_drawn(so_far)))
        self._walked = tuple(walked)
        return all_drawn(walked)

    def _solved(
        self,
        requests: list[LiveRequest],
        query: Array,
        cancelled: Callable[[], bool],
        show: Callable[[list[Walked]], None],
    ) -> list[Walked]:
        """The gaps' descents: of the last ones those that walk the same steps, and all others made together."""
        found = [self._found(request, query) for request in requests]

        def filled(new: list[Walked]) -> list[Walked]:
            fresh = iter(new)
            return [next(fresh) if isinstance(one, Walk) else one for one in found]

        walks = [one for one in found if isinstance(one, Walk)]
        pull = self._alignment(requests[0], query, self.device)
        return filled(walk_together(walks, pull, self.device, cancelled, lambda new: show(filled(new))))

    def _found(self, request: LiveRequest, query: Array) -> Walked | Walk:
        """A gap's descent: one of the last, if it walks the same steps, or a new one to be made."""
        same = next((walked for walked in self._walked if walked.request.same_descent(request)), None)
        if same is not None:
            known = same.request
            # The steps know nothing of the map, and there may be another one by now.
            same = replace(same, request=request, potential=self._landscape(request, same.alignment))
            if known.elsewhere == request.elsewhere:
                return same
        posed = pipeline.pose(request.clip, request.gap, query, elsewhere=request.elsewhere)
        if posed.problem.hidden > MOST_HIDDEN:
            raise UnusableInput(
                f"The gap hides {posed.problem.hidden:,} frames, and {MOST_HIDDEN:,} are solved at the most; "
                "make it shorter."
            )
        usual = self._usual_distance(request, posed)
        if same is not None:
            # Another gap moved: the path stays, what is observed does not.
            return replace(same, posed=posed, usual=usual)
        alignment = self._alignment(request, query, "cpu")
        return Walk(request, posed, alignment, self._landscape(request, alignment), usual, self.device)

    def _alignment(self, request: LiveRequest, query: Array, device: str) -> Alignment:
        """P with the query in it, for float32 on a device."""
        if request.alignment is AlignmentKind.COSINE:
            return Cosine(torch.as_tensor(query, dtype=torch.float32, device=device))
        return self._folds.towards(query, device=device)

    def _usual_distance(self, request: LiveRequest, posed: Posed) -> float:
        """How far observed frames lie from one another, as found before if clip and gaps are the same."""
        known, key = self._of(request.clip), (request.gap, request.elsewhere)
        if key not in known.usual:
            if len(known.usual) > 16:
                known.usual.clear()
            known.usual[key] = usual_in(known.search, posed.observed, posed.problem.hidden)
        return known.usual[key]

    def _of(self, clip: Clip) -> "_OfClip":
        """What is known of a clip: of the last one alone, for a clip may be large."""
        if self._known is None or self._known.clip is not clip:
            self._known = _OfClip(clip, Search(clip.latents), {})
        return self._known

    def _landscape(self, request: LiveRequest, alignment: Alignment) -> Array:
        """V over the map's grid: of the last one, if only the physics has changed since."""
        key = (request.ground, request.query, request.alignment)
        if self._potential is None or self._potential[0] != key:
            self._potential = key, request.ground.potential(alignment)
        return self._potential[1]

    def _stand(self, request: LiveRequest, walked: Walked) -> Stand:
        """The picture that is looked at: the last one, if nothing in it has changed since."""
        if request.view is View.SLICE:
            key = (request.clip, request.gap, request.query, request.alignment, request.relief)
            problem, alignment = walked.posed.problem, walked.alignment
            return self._stands.of(key, lambda: slice_stand(problem, alignment, relief=request.relief))
        if request.view is View.GLOBE:
            clip, globe = request.clip, request.globe
            return self._stands.of((clip, globe), lambda: globe_stand(globe or fit_pca_globe(clip.latents)))
        if request.relief:
            return self._stands.of(
                (request.ground, request.query, request.alignment),
                lambda: country_stand(request.picture, request.ground, walked.potential),
            )
        return self._stands.of((request.picture,), lambda: map_stand(request.picture))

    def _candidates(self, texts: tuple[str, ...], encoder: Encoder) -> Array:
        """Latents [C, d] of the readout's candidates, those of the last list being kept."""
        if self._choice is None or self._choice[0] != (encoder.identity, texts):
            self._choice = (encoder.identity, texts), encoder.encode_texts(texts)
        return self._choice[1]

    def _text(self, text: str, encoder: Encoder) -> Array:
        key = (encoder.identity, text)
        if key not in self._texts:
            if len(self._texts) > 64:
                self._texts.clear()
            self._texts[key] = encoder.encode_text(text)
        return self._texts[key]


def _beside(clip: Clip, posed: Posed) -> tuple[Array, Array]:
    """Latents of the last observed frames before the gap, and of the first after it."""
    after = int(np.searchsorted(posed.observed, posed.gap.after))
    before = posed.observed[max(after - BESIDE, 0) : after]
    return clip.latents[before], clip.latents[posed.observed[after : after + BESIDE]]


def _drawn(
    walked: Walked,
    stand: Stand,
    unknown: tuple[str, ...],
    reading: Callable[[Array], Readout],
    search: Search,
    others: tuple[LiveAnswer, ...],
    began: float,
) -> LiveAnswer:
    request, problem, history = walked.request, walked.posed.problem, walked.solution.history
    assert history is not None
    step = min(request.descent.steps, len(history) - 1)

    def path(index: int) -> Array:
        return np.concatenate([problem.start[None], history[index], problem.end[None]])

    latents, geodesic = path(step), path(0)
    energies = walked.along.at(step)
    nearest, similarity = search.nearest(latents[1:-1], walked.posed.observed)
    return LiveAnswer(
        request=request,
        posed=walked.posed,
        alignment=walked.alignment,
        unknown_words=unknown,
        solution=walked.solution,
        latents=latents,
        energies=energies,
        total=measures.total_energy(energies, request.physics),
        along=walked.along,
        pulls=measures.pulls(latents, request.physics, walked.alignment),
        residual=float(walked.solution.residuals[step]),
        roughness=measures.roughness(latents),
        measured=measures.words(latents, geodesic),
        regime=regime(request.physics.ratio).name,
        status=_status_at(walked.solution, step, request.descent.steps),
        nearest=nearest,
        similarity=similarity,
        readout=reading(latents),
        alarm=alarm_of(similarity[:, 0], walked.usual),
        **_placed(stand, request, walked.posed, history, latents),
        potential=walked.potential,
        others=others,
        seconds=time.perf_counter() - began,
    )


def _placed(stand: Stand, request: LiveRequest, posed: Posed, history: Array, latents: Array) -> dict[str, Any]:
    """Those fields of an answer that depend on the picture that it stands in."""
    problem, step = posed.problem, min(request.descent.steps, len(history) - 1)

    def line(index: int) -> Array:
        return stand.line(stand.place(np.concatenate([problem.start[None], history[index], problem.end[None]])))

    earlier = sorted({round(step * share / (GHOSTS + 1)) for share in range(1, GHOSTS + 1)} - {0, step})
    places = stand.place(latents)
    return {
        "stand": stand,
        "places": places,
        "line": stand.line(places),
        "geodesic": line(0),
        "ghosts": tuple(line(index) for index in earlier),
        "query_place": stand.place(problem.query[None])[0],
        "outside": None if stand.outside is None else stand.outside(latents),
        "fidelity": stand.fidelity(latents, places, posed.observed),
    }


def _status_at(solution: Solution, step: int, wanted: int) -> Status:
    """The solver's word on its last step, or for an earlier one what its residual says."""
    under_way, last = solution.status is Status.UNDER_WAY, step == len(solution.residuals) - 1
    if solution.status in (Status.NOTHING_HIDDEN, Status.UNSTABLE) or (step != wanted if under_way else last):
        return solution.status
    return Status.STATIONARY if solution.residuals[step] <= 1e-5 else Status.STEPS_TAKEN
