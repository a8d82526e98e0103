"""What is measured on a path that is already drawn: its certificates, the true minimum beside it, its twin.

How far the minimum would move under the learned alignment is measured too, where there is one for the encoder.

No picture waits for it: the path comes first, this after it, as one frozen answer about one drawn path.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import measures
from slap_studio.core.alignment import Alignment, Cosine, Wanted
from slap_studio.core.certificates import (
    Certificate,
    Certificates,
    certify,
    error_bound,
    gradient_difference,
    stationary,
)
from slap_studio.core.descent import STATIONARY_RESIDUAL
from slap_studio.core.divergence import Divergence, bifurcation, divergence
from slap_studio.core.minimise import minimise
from slap_studio.core.span import span_of
from slap_studio.core.types import AlignmentKind, Array, Descent, Problem, Solution
from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.folds import Folds
from slap_studio.live import LiveAnswer, LiveRequest
from slap_studio.problems import Cancelled, UnusableInput, never

BRANCH_COUPLINGS, BRANCH_COUNT = (0.01, 1000.0), 240
SETTLED, KEPT = 400, 24  # steps before the ones that are looked at, and those
FEW_BRANCHES, SOON_SETTLED = 60, 150
TWIN_STEPS = 200  # of the drawn descent at most: enough for a rate, short enough for a hand that drags


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured on one drawn path.

    Attributes
    ----------
    answer
        The path.
    certificates
        Of design §3.6, in the order in which people read them; whether the path is stationary among them, and last
        how far the minima under the cosine and the learned alignment lie apart.
    minimum
        The true minimiser of the same action, with the line of its path in the picture that is looked at, and its H.
    divergence
        Of two starts 1e-3 apart under the steps of the drawn path.
    """

    answer: LiveAnswer
    certificates: tuple[Certificate, ...]
    minimum: Solution
    minimum_places: Array
    minimum_total: Array
    divergence: Divergence


def measure(answer: LiveAnswer, cancelled: Callable[[], bool] = never, folds: Folds | None = None) -> Measured:
    """Measure a drawn path; `folds` has the learned alignment, where others use it too.

    The cosine action is the same in the span of anchors and query (see `core.span`), so that everything but the
    pictures is computed in four dimensions; under the learned alignment it is computed in all of them.

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    request, folds = answer.request, folds or Folds()

    def still_wanted() -> None:
        if cancelled():
            raise Cancelled

    posed = _posed(answer, folds, cancelled)
    found = certify(posed.path, request.physics, request.descent, posed.alignment, posed.query)
    still_wanted()
    own = answer.alignment if posed.general else None  # in float32 as the path, whose minimum it is
    minimum = minimise(answer.posed.problem, request.physics, alignment=own, cancelled=cancelled)
    still_wanted()
    apart = _apart(answer, minimum, folds, cancelled)
    still_wanted()
    steps = Descent(min(request.descent.steps, TWIN_STEPS), request.descent.step_size)
    return Measured(
        answer=answer,
        certificates=(*_in_order(found, answer), apart),
        minimum=minimum,
        minimum_places=answer.stand.line(answer.stand.place(minimum.latents)),
        minimum_total=measures.total_energy(minimum.energies, request.physics),
        divergence=divergence(posed.problem, request.physics, steps, alignment=posed.alignment),
    )


@dataclass(frozen=True, eq=False)
class _Posed:
    """A drawn path's problem in as few dimensions as its alignment allows.

    Attributes
    ----------
    problem, path, query
        In the span's coordinates under the cosine, as they are under the learned alignment.
    alignment
        In those coordinates, in float64 as the path.
    general
        Whether it is not the cosine.
    """

    problem: Problem
    path: Tensor
    query: Tensor
    alignment: Alignment
    general: bool


def _posed(answer: LiveAnswer, folds: Folds, cancelled: Callable[[], bool]) -> _Posed:
    problem = answer.posed.problem
    if answer.request.alignment is AlignmentKind.LEARNED:
        path, query = (torch.as_tensor(latents, dtype=torch.float64) for latents in (answer.latents, problem.query))
        pull = Wanted(folds.towards(problem.query, dtype="float64"), cancelled)
        return _Posed(problem, path, query, pull, general=True)
    span = span_of(problem)
    small = Problem(span.start, span.end, span.query, problem.hidden)
    query = torch.from_numpy(span.query)
    return _Posed(
        small,
        torch.from_numpy(span.coordinates(answer.latents)),
        query,
        Wanted(Cosine(query), cancelled),
        general=False,
    )


def _in_order(found: Certificates, answer: LiveAnswer) -> tuple[Certificate, ...]:
    still = stationary(answer.residual, STATIONARY_RESIDUAL[torch.float32], hidden=len(answer.nearest) > 0)
    return (found.step_stability, still, found.convexity, found.hemisphere, found.printed, found.proved)


def _apart(answer: LiveAnswer, minimum: Solution, folds: Folds, cancelled: Callable[[], bool]) -> Certificate:
    """Theorem 3.7 between the cosine's minimum and the learned alignment's, for the same problem."""
    problem, physics = answer.posed.problem, answer.request.physics
    untold = error_bound(minimum.latents, minimum.latents, physics, 0.0)
    if answer.request.clip.encoder != BUILT_IN_LABEL:
        return replace(untold, holds=None, sentence="The learned alignment knows the built-in encoder's latents only.")
    if answer.request.alignment is AlignmentKind.LEARNED:
        learned, second = answer.alignment, minimum
        first = minimise(problem, physics, warm_start=minimum.latents, cancelled=cancelled)
    else:
        try:
            learned = folds.towards(problem.query)
        except UnusableInput as problem_with_it:
            return replace(untold, holds=None, sentence=str(problem_with_it))
        first = minimum
        second = minimise(problem, physics, alignment=learned, warm_start=minimum.latents, cancelled=cancelled)
    with torch.inference_mode():
        latents = torch.from_numpy(second.latents)
        gap = gradient_difference(latents, physics, Cosine(torch.as_tensor(problem.query)), learned)
    left = (first.residual + second.residual) * problem.hidden
    return error_bound(first.latents, second.latents, physics, gap, residual=left)


@dataclass(frozen=True, eq=False)
class Branches:
    """Where the middle latent stands in the last steps of long descents, one for each of many couplings.

    Attributes
    ----------
    request
        Of a path whose problem, mass and step size these are.
    couplings
        λ [M].
    heights
        Of the middle latent over the query's tangent plane in the last steps [M, KEPT], from −1 to 1.
    """

    request: LiveRequest
    couplings: Array
    heights: Array


def branches(answer: LiveAnswer, cancelled: Callable[[], bool] = never, folds: Folds | None = None) -> Branches:
    """Run the descent of a drawn path for every coupling from 0.01 to 1,000 and keep its last steps.

    Raises
    ------
    Cancelled
        When `cancelled` says so.
    """
    posed, physics = _posed(answer, folds or Folds(), cancelled), answer.request.physics
    # Every step walks through the network: fewer couplings, and a shorter way to where they settle.
    few = posed.general
    couplings = np.geomspace(*BRANCH_COUPLINGS, FEW_BRANCHES if few else BRANCH_COUNT)
    heights = bifurcation(
        posed.problem, physics, couplings,
        step_size=answer.request.descent.step_size, settle=SOON_SETTLED if few else SETTLED, keep=KEPT,
        alignment=posed.alignment, cancelled=cancelled,
    )  # fmt: skip
    return Branches(answer.request, couplings, heights)
