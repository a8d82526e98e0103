"""What the paper's theorems ask for, measured on the path at hand: numbers compared, never assumed (design §3.6)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment
from slap_studio.core.energies import hessian_product
from slap_studio.core.lanczos import Extremes, extreme_eigenvalues
from slap_studio.core.types import Array, Descent, Physics

Relation = Literal["<", "≤", ">"]

_NOTHING_HIDDEN = "Nothing is hidden, so there is nothing to certify."


@dataclass(frozen=True)
class Certificate:
    """Two numbers compared.

    Attributes
    ----------
    name
        Of the theorem.
    formula
        The comparison in symbols.
    value, relation, bound
        The comparison in numbers; the bound may be ∞, neither is ever NaN.
    holds
        None where nothing is hidden, or where the value is not known well enough to tell.
    sentence
        What follows from it, for people.
    """

    name: str
    formula: str
    value: float
    relation: Relation
    bound: float
    holds: bool | None
    sentence: str


@dataclass(frozen=True)
class Certificates:
    """All that can be certified at one path, and the spectrum that it was read from.

    Attributes
    ----------
    step_stability
        α·h_max < 2: Lemma 3.5, corrected to the whole Hessian.
    convexity
        h_min > 0: what Theorem 3.6 is about, measured.
    printed, proved, digest
        The three conditions under which Theorem 3.6 is claimed: as the paper prints it, p_max < 2/(λΔt²), which knows
        neither the mass nor the number of latents; as the paper's proof needs it, λ·p_max < μ_kin; and as the digest
        prints it, λ·p_max < 2/(λΔt²).
    hemisphere
        min_t ⟨z_t, q⟩ > 0: Proposition 3.3.
    h_min, h_max
        Extreme eigenvalues of the Riemannian Hessian of S at the path.
    p_max
        Largest absolute eigenvalue over t of the Riemannian Hessian of P. For the cosine, which has none in the
        ambient space, it is max_t |⟨z_t, q⟩|. The paper writes the largest eigenvalue in its theorem and the spectral
        norm in its lemma; the norm is the safe reading, and counts curvature that makes S more convex too.
    mu_kin
        Lowest eigenvalue of the flat kinetic Hessian, (4μ/Δt²) sin²(π/(2(N + 1))). The paper names it and gives no
        value. On the sphere the true one lies below it, so that even the proof's condition is no proof there.
    products
        How many Hessian–vector products were taken, those of P included.
    """

    step_stability: Certificate
    convexity: Certificate
    printed: Certificate
    proved: Certificate
    digest: Certificate
    hemisphere: Certificate
    h_min: float
    h_max: float
    p_max: float
    mu_kin: float
    products: int

    def __iter__(self) -> Iterator[Certificate]:
        """The certificates, in the order in which people read them."""
        yield from (self.step_stability, self.convexity, self.printed, self.proved, self.digest, self.hemisphere)


def certify(
    path: Tensor, physics: Physics, descent: Descent, alignment: Alignment, query: Tensor, *, seed: int = 0
) -> Certificates:
    """Compute every certificate of one path.

    Parameters
    ----------
    path
        Latents [N + 2, d], the anchors included; float64 where the alignment allows it.
    physics, descent
        What was solved, and with which step size.
    alignment
        In the precision and the place of the path.
    query
        Unit vector [d], for the hemisphere.
    seed
        Of Lanczos' first vector.
    """
    z = path[1:-1]
    mu_kin = flat_kinetic_minimum(len(z), physics)
    if len(z) == 0:
        nothing = Extremes(0.0, 0.0, 0.0, 0.0, 0)
        return _compared(nothing, nothing, 0.0, mu_kin, physics, descent, hidden=False)
    with torch.inference_mode():
        action = extreme_eigenvalues(lambda xi: hessian_product(path, physics, alignment, xi), z, seed=seed)
        bend = extreme_eigenvalues(lambda xi: alignment_hessian_product(z, alignment, xi), z, seed=seed)
        nearest = float((z @ query.to(z)).min())
    return _compared(action, bend, nearest, mu_kin, physics, descent, hidden=True)


def alignment_hessian_product(z: Tensor, alignment: Alignment, direction: Tensor) -> Tensor:
    """Riemannian Hessian of P at latents [..., d] times tangent vectors ξ: P_z ∇²P ξ − ⟨z, ∇P⟩ ξ."""
    outwards = (alignment.gradient(z) * z).sum(-1, keepdim=True)
    return sphere.tangent(z, alignment.curvature(z, direction)) - outwards * direction


def flat_kinetic_minimum(hidden: int, physics: Physics) -> float:
    """μ_kin = (4μ/Δt²) sin²(π/(2(N + 1))): lowest eigenvalue of the kinetic Hessian, were the sphere flat."""
    return 4 * physics.mass / physics.time_step**2 * math.sin(math.pi / (2 * (hidden + 1))) ** 2


def gradient_difference(latents: Tensor, physics: Physics, first: Alignment, second: Alignment) -> float:
    """ε: largest norm over latents [..., d] of λ times the difference of two alignments' tangent gradients.

    Theorem 3.7 writes the action as T − P, so that its P is our λP and λ belongs to ε.
    """
    apart = sphere.tangent(latents, (first.gradient(latents) - second.gradient(latents)).expand_as(latents))
    sizes = torch.linalg.vector_norm(apart, dim=-1)
    return physics.coupling * float(sizes.max()) if sizes.numel() else 0.0


def stationary(residual: float, tolerance: float, *, hidden: bool) -> Certificate:
    """Whether the path solves the Euler–Lagrange equation: largest norm over t of the gradient of S at z_t.

    Parameters
    ----------
    residual, tolerance
        That norm, and below what it counts as nothing (design §3.4).
    hidden
        Whether there is a hidden latent at all.
    """
    name, formula = "Stationarity", "max‖grad S‖ ≤ tolerance"
    if not hidden:
        return Certificate(name, formula, residual, "≤", tolerance, None, _NOTHING_HIDDEN)
    holds = residual <= tolerance
    if holds:
        sentence = "Nothing pulls at the path any more: it is a path of stationary action, and H is constant along it."
    else:
        sentence = (
            f"The path still moves: the largest pull on a latent is {_number(residual)}. "
            "More steps would change it, and H is not constant along it."
        )
    return Certificate(name, formula, residual, "≤", tolerance, holds, sentence)


def error_bound(
    found: Array, true: Array, physics: Physics, gradient_error: float, *, residual: float = 0.0
) -> Certificate:
    """Theorem 3.7: max_t‖ẑ_t − z*_t‖ ≤ (T²/μ)·ε between the minimisers under two alignments, T = (N + 1) Δt.

    Parameters
    ----------
    found, true
        Two minimisers [N + 2, d] between the same anchors.
    physics
        Under which both were found.
    gradient_error
        ε: by how much the pulls λ∇P differ at most; see `gradient_difference`.
    residual
        Sum of what is left of the gradient at both paths. A path that does not quite lie at its minimum lies at that of
        a pull that differs by this much, so it is added to ε.
    """
    name, formula = "Error bound (Theorem 3.7)", "max‖ẑ − z*‖ ≤ (T²/μ)·ε"
    deviation = float(np.linalg.norm(found.astype(np.float64) - true, axis=-1).max())
    duration = (len(found) - 1) * physics.time_step
    bound = duration**2 / physics.mass * (gradient_error + residual) if physics.mass > 0 else math.inf
    if len(found) < 3:
        return Certificate(name, formula, deviation, "≤", bound, None, _NOTHING_HIDDEN)
    holds = deviation <= bound
    if physics.mass == 0:
        sentence = "Without mass nothing holds a latent back, and the theorem bounds nothing."
    elif holds:
        sentence = f"The two paths lie {_number(deviation)} apart at most, where the theorem allows {_number(bound)}."
    else:
        sentence = (
            f"The two paths lie {_number(deviation)} apart, more than the {_number(bound)} that the theorem allows: "
            "they lie in different basins, or the action is not convex between them."
        )
    return Certificate(name, formula, deviation, "≤", bound, holds, sentence)


def _compared(
    action: Extremes,
    bend: Extremes,
    nearest: float,
    mu_kin: float,
    physics: Physics,
    descent: Descent,
    *,
    hidden: bool,
) -> Certificates:
    """Put every number beside its bound."""
    p_max = max(abs(bend.lowest), abs(bend.highest))
    convexity = _convexity(action, hidden)
    pull = physics.coupling * p_max if physics.coupling > 0 else 0.0
    stretch = physics.coupling * physics.time_step**2
    printed = 2 / stretch if stretch > 0 else math.inf
    return Certificates(
        step_stability=_step_stability(action, descent, hidden),
        convexity=convexity,
        printed=_sufficient("Theorem 3.6 as printed", "p_max < 2/(λΔt²)", p_max, printed, convexity),
        proved=_sufficient("Theorem 3.6 as proved", "λ·p_max < μ_kin", pull, mu_kin, convexity),
        digest=_sufficient("Theorem 3.6 in the digest", "λ·p_max < 2/(λΔt²)", pull, printed, convexity),
        hemisphere=_hemisphere(nearest, hidden),
        h_min=action.lowest,
        h_max=action.highest,
        p_max=p_max,
        mu_kin=mu_kin,
        products=action.products + bend.products,
    )


def _step_stability(action: Extremes, descent: Descent, hidden: bool) -> Certificate:
    value = descent.step_size * action.highest
    unsure = descent.step_size * action.highest_error
    said = f"α·h_max = {_number(value)}"
    if not hidden:
        holds, sentence = None, _NOTHING_HIDDEN
    elif value != 2 and abs(value - 2) <= unsure:
        holds, sentence = None, f"The step size is at the edge of stability: {said} is 2 to within what was measured."
    elif value < 2:
        holds, sentence = True, f"The step size is stable: {said} is below 2, so no step overshoots near this path."
    else:
        holds = False
        largest = _number(2 / action.highest)
        sentence = f"The steps overshoot: {said} is not below 2. A step size below {largest} would be stable here."
    return Certificate("Step stability (Lemma 3.5)", "α·h_max < 2", value, "<", 2.0, holds, sentence)


def _convexity(action: Extremes, hidden: bool) -> Certificate:
    value, unsure = action.lowest, action.lowest_error
    said = f"h_min = {_number(value)}"
    if not hidden:
        holds, sentence = None, _NOTHING_HIDDEN
    elif unsure > 0 and abs(value) <= unsure:
        holds, sentence = None, f"The action is flat in some direction to within what was measured ({said})."
    elif value > 0:
        holds = True
        sentence = f"The action is convex here: {said} is above 0, so a stationary path here is the only one nearby."
    elif value < 0:
        holds = False
        sentence = (
            f"The action is not convex here: {said} is below 0, so some push from this path lets the action fall."
        )
    else:
        holds, sentence = False, "The action is flat in some direction (h_min = 0), so the path is not the only one."
    return Certificate("Convexity (Theorem 3.6)", "h_min > 0", value, ">", 0.0, holds, sentence)


def _sufficient(name: str, formula: str, value: float, bound: float, convexity: Certificate) -> Certificate:
    """A condition that is claimed to make the action convex, beside what was measured."""
    if convexity.sentence is _NOTHING_HIDDEN:
        return Certificate(name, formula, value, "<", bound, None, _NOTHING_HIDDEN)
    holds = value < bound
    numbers = f"{_number(value)} against {_number(bound)}"
    outcome = {
        (True, True): f"The condition holds ({numbers}), and the action is convex here.",
        (True, False): f"The condition holds ({numbers}) and the action is not convex here all the same: "
        "it is no guarantee.",
        (False, True): f"The condition fails ({numbers}) and the action is convex here all the same: it is not needed.",
        (False, False): f"The condition fails ({numbers}), and the action is not convex here.",
        (True, None): f"The condition holds ({numbers}); whether the action is convex here is too close to tell.",
        (False, None): f"The condition fails ({numbers}); whether the action is convex here is too close to tell.",
    }
    return Certificate(name, formula, value, "<", bound, holds, outcome[holds, convexity.holds])


def _hemisphere(nearest: float, hidden: bool) -> Certificate:
    said = f"lowest cosine {_number(nearest)}"
    if not hidden:
        holds, sentence = None, _NOTHING_HIDDEN
    elif nearest > 0:
        holds = True
        sentence = f"Every hidden latent lies on the query's half of the sphere ({said}), where 1 − ⟨z, q⟩ is convex."
    else:
        holds = False
        sentence = (
            f"Some hidden latent lies beyond the query's half of the sphere ({said}): there 1 − ⟨z, q⟩ is not convex."
        )
    return Certificate("Hemisphere (Proposition 3.3)", "min⟨z, q⟩ > 0", nearest, ">", 0.0, holds, sentence)


def _number(value: float) -> str:
    """Three digits, as people write them."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.3g}".replace("-", "−")
