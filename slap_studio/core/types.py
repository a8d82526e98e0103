"""The words of the solver as frozen values: what is asked and what comes back. Knows numpy only."""

import math
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np
from numpy.typing import NDArray

from slap_studio.problems import UnusableInput

Array = NDArray[np.floating]


class Kinetic(StrEnum):
    """How the speed between two neighbouring latents is measured."""

    GEODESIC = "geodesic"
    CHORD = "chord"


class Method(StrEnum):
    """How the path is found."""

    DESCENT = "descent"
    MINIMISE = "minimise"


class AlignmentKind(StrEnum):
    """Which alignment P(z, q) pulls the path."""

    COSINE = "cosine"
    LEARNED = "learned"


class Status(Enum):
    """Why a solver stopped. The value is the sentence that people read."""

    STEPS_TAKEN = "All steps were taken and the path still moves: more steps would change it."
    UNDER_WAY = "The steps are still being taken; what is drawn is the path so far."
    STATIONARY = "The path is stationary: more steps would not change it."
    UNSTABLE = "The steps overshoot and the action no longer falls: make the step size or the coupling smaller."
    MINIMISED = "The path is a minimum of the action: nothing pulls at it, and every push would come back."
    ROUNDED = "The path is as near to its minimum as this precision can tell; the tolerance lies below its rounding."
    OUT_OF_STEPS = "The solver stopped short of its tolerance; begin from a path at a smaller coupling."
    NOTHING_HIDDEN = "Nothing is hidden, so the path is its two anchors."
    CANCELLED = "The solve was cancelled and the path is where it stood."


def checked(name: str, value: float, *, above: float | None = None, at_least: float | None = None) -> float:
    """The value itself, if it is a finite number within its bound.

    Raises
    ------
    UnusableInput
        With one sentence that names the quantity and the bound.
    """
    bound = f"above {above:g}" if above is not None else f"of at least {at_least:g}" if at_least is not None else ""
    finite = isinstance(value, int | float) and math.isfinite(value)
    if not finite or (above is not None and value <= above) or (at_least is not None and value < at_least):
        raise UnusableInput(f"The {name} must be a finite number {bound}, but it is {value}.".replace(" ,", ","))
    return value


@dataclass(frozen=True)
class Physics:
    """The action that is minimised: S = Σ T_t − λ Σ P(z_t, q) (design §2).

    Attributes
    ----------
    coupling
        λ ≥ 0, weight of the potential energy.
    mass
        μ ≥ 0, weight of the kinetic energy.
    time_step
        Δt > 0, in sampled frames.
    kinetic
        Geodesic: T = μ/2·(arccos⟨z_t, z_{t+1}⟩/Δt)²; chord: T = μ/2·‖z_{t+1} − z_t‖²/Δt².
    """

    coupling: float = 0.5
    mass: float = 1.0
    time_step: float = 1.0
    kinetic: Kinetic = Kinetic.GEODESIC

    def __post_init__(self) -> None:
        checked("coupling λ", self.coupling, at_least=0)
        checked("mass μ", self.mass, at_least=0)
        checked("time step Δt", self.time_step, above=0)

    @property
    def ratio(self) -> float:
        """κ = λ/μ, infinite where the mass is zero and the coupling is not."""
        if self.mass > 0:
            return self.coupling / self.mass
        return math.inf if self.coupling > 0 else 0.0


@dataclass(frozen=True)
class Descent:
    """The paper's solver: K steps of size α, all hidden latents at once, from SLERP (paper §3.3)."""

    steps: int = 50
    step_size: float = 0.01

    def __post_init__(self) -> None:
        checked("number of steps K", self.steps, at_least=0)
        checked("step size α", self.step_size, above=0)


@dataclass(frozen=True, eq=False)
class Problem:
    """Two anchors, a query and how many latents are hidden between the anchors.

    Attributes
    ----------
    start, end, query
        Unit vectors [d] of one common length.
    hidden
        N ≥ 0.
    """

    start: Array
    end: Array
    query: Array
    hidden: int

    def __post_init__(self) -> None:
        checked("number of hidden latents N", self.hidden, at_least=0)
        for name in ("start", "end", "query"):
            _check_unit_vector(name, getattr(self, name))
        if not self.start.shape == self.end.shape == self.query.shape:
            shapes = f"{self.start.size}, {self.end.size} and {self.query.size}"
            raise UnusableInput(f"Start, end and query must have the same length, but they have {shapes} entries.")

    @property
    def dimension(self) -> int:
        """Length d of a latent."""
        return int(self.start.size)

    @property
    def antipodal(self) -> bool:
        """Whether the anchors lie opposite each other, so that no great arc between them is the shortest."""
        return float(np.linalg.norm(self.start.astype(np.float64) + self.end)) < 1e-6


def unit_vector(name: str, vector: Array) -> tuple[Array, bool]:
    """The vector scaled to length one, and whether it had another length before.

    Raises
    ------
    UnusableInput
        If it is not one row of finite numbers, or has no direction.
    """
    if vector.ndim != 1 or vector.size < 2 or vector.dtype.kind not in "fiu":
        raise UnusableInput(f"The {name} must be one row of at least two numbers, but its shape is {vector.shape}.")
    if not np.isfinite(vector).all():
        raise UnusableInput(
            f"The {name} holds values that are not finite numbers; write it again without NaN or infinity."
        )
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if length == 0:
        raise UnusableInput(f"The {name} is the zero vector, which has no direction; give a vector of length one.")
    if abs(length - 1) <= 1e-6:
        return vector, False
    return (vector / length).astype(vector.dtype if vector.dtype.kind == "f" else np.float64), True


def _check_unit_vector(name: str, vector: Array) -> None:
    _, rescaled = unit_vector(name, vector)
    if rescaled:
        raise UnusableInput(f"The {name} must have length one; scale it first.")


@dataclass(frozen=True, eq=False)
class Energies:
    """Energies along one path of N + 2 latents, or along each of K + 1 paths (a leading axis).

    Attributes
    ----------
    kinetic
        T_t [..., N + 1], one per interval.
    potential
        V_t = −P(z_t, q) [..., N + 2], one per latent, the anchors included.
    action
        S [...] = Σ T + λ Σ V over the hidden latents.
    s_kin
        Mean over the N + 1 intervals of ‖z_{t+1} − z_t‖² [...].
    e_pot
        Mean over the hidden latents of V [...]; NaN never, 0 where nothing is hidden.
    """

    kinetic: Array
    potential: Array
    action: Array
    s_kin: Array
    e_pot: Array

    def at(self, index: int) -> "Energies":
        """The energies of one path of several."""
        return Energies(*(getattr(self, name)[index] for name in ("kinetic", "potential", "action", "s_kin", "e_pot")))

    def joined(self, later: "Energies") -> "Energies":
        """The energies of several paths, and those of more paths after them."""
        names = ("kinetic", "potential", "action", "s_kin", "e_pot")
        return Energies(*(np.concatenate([getattr(self, name), getattr(later, name)]) for name in names))


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solver returns.

    Attributes
    ----------
    latents
        The path [N + 2, d], anchors included.
    history
        Hidden latents after each step [K + 1, N, d], the first being SLERP; None if it was not kept.
    aligned
        P at the hidden latents after each step [K + 1, N]; None if the history was not kept.
    residuals
        Largest norm over t of the Riemannian gradient, at each path of the history [K + 1] (or of the last only [1]).
    energies
        Of the path.
    gradient_evaluations
        How often the gradient of the whole path was computed.
    status
        Why the solver stopped.
    seconds
        Wall time of the solve.
    device
        Where it ran: "cpu", "cuda", "mps".
    """

    latents: Array
    history: Array | None
    aligned: Array | None
    residuals: Array
    energies: Energies
    gradient_evaluations: int
    status: Status
    seconds: float
    device: str

    @property
    def residual(self) -> float:
        """Residual of the path itself."""
        return float(self.residuals[-1])
