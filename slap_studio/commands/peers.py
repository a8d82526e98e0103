"""Other ways to the minimiser of the cosine action, those of other people and the plainest of ours, to compare with.

Each is one function that works on an objective until it has enough, used as its authors mean it. The packages are
the extra `bench`; none of them is a dependency.
"""

import math
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec

import numpy as np
import torch  # noqa: TID253 (only this benchmark loads it)

from slap_studio.commands.comparison import Answer
from slap_studio.commands.objective import Enough, Floats, Objective
from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.descent import descend
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.span import great_arc, span_of
from slap_studio.core.types import Descent, Physics, Problem


@dataclass(frozen=True)
class Peer:
    """A solver to compare with.

    Attributes
    ----------
    name
        As the report calls it.
    package
        What must be installed.
    run
        Works on an objective until it has enough.
    """

    name: str
    package: str
    run: Callable[[Objective], None]

    @property
    def installed(self) -> bool:
        """Whether its package is here."""
        return find_spec(self.package) is not None

    def answer(self, problem: Problem, physics: Physics, tolerance: float, most: int) -> Answer:
        """Solve from SLERP to a residual, taking at most so many gradients."""
        objective = Objective(problem, physics, tolerance, most)
        with suppress(Enough):
            self.run(objective)
        remark = ""
        if objective.residual > tolerance:
            ended = f"stopped at its cap of {most} gradients" if objective.evaluations >= most else "ended of itself"
            remark = f"{ended} with a residual of {objective.residual:.1e}, short of {tolerance:.0e}."
        return Answer(objective.path(), objective.evaluations or None, remark)


def l_bfgs(objective: Objective) -> None:
    """scipy's L-BFGS on free vectors [N, d], whose directions are the latents."""
    from scipy.optimize import minimize

    arc = objective.great_arc()

    def action_and_slope(flat: Floats) -> tuple[float, Floats]:
        free = flat.reshape(arc.shape)
        lengths = np.linalg.norm(free, axis=1, keepdims=True)
        hidden = free / lengths
        return objective.action(hidden), (objective.gradient(hidden) / lengths).ravel()

    options = {"ftol": 0, "gtol": 0, "maxiter": objective.most, "maxfun": objective.most}
    minimize(action_and_slope, arc.ravel(), jac=True, method="L-BFGS-B", options=options)


def conjugate_gradients(objective: Objective, *, preconditioned: bool) -> None:
    """pymanopt's conjugate gradients on the oblique manifold, whose points are N unit columns [d, N]."""
    from pymanopt import Problem as ManifoldProblem
    from pymanopt.function import numpy as from_numpy
    from pymanopt.manifolds import Oblique
    from pymanopt.optimizers import ConjugateGradient

    manifold = Oblique(objective.problem.dimension, objective.problem.hidden)
    posed = ManifoldProblem(
        manifold,
        from_numpy(manifold)(lambda point: objective.action(point.T)),
        riemannian_gradient=from_numpy(manifold)(lambda point: objective.gradient(point.T).T),
        preconditioner=laplacian_preconditioner(objective) if preconditioned else None,
    )
    # Its own rules are put out of reach: the objective says when to stop.
    optimiser = ConjugateGradient(
        max_time=math.inf, max_iterations=objective.most, min_gradient_norm=0, min_step_size=1e-15, verbosity=0
    )
    optimiser.run(posed, initial_point=objective.great_arc().T)


def laplacian_preconditioner(objective: Objective) -> Callable[[Floats, Floats], Floats]:
    """(μ/Δt² L + λ)⁻¹ on tangent vectors [d, N] at points [d, N], L the tridiagonal Laplacian of the flat path.

    Without λ it would slow the peer down where N is large: L alone is nearly singular there, the Hessian is not.
    """
    from scipy.linalg import cho_solve_banded, cholesky_banded

    physics = objective.physics
    stiffness = physics.mass / physics.time_step**2
    bands = np.empty((2, objective.problem.hidden))
    bands[0], bands[1] = 2 * stiffness + physics.coupling, -stiffness
    factor = cholesky_banded(bands, lower=True)

    def apply(point: Floats, tangent: Floats) -> Floats:
        solved = cho_solve_banded((factor, True), tangent.T).T
        projected: Floats = solved - point * (point * solved).sum(axis=0)
        return projected

    return apply


def riemannian_adam(objective: Objective) -> None:
    """geoopt's Riemannian Adam, its rate halved whenever the action has not fallen for a while.

    Rate and schedule are those that did best of some thirty that were tried on problems like these.
    """
    with warnings.catch_warnings():
        # It compiles with torch.jit at import, which torch calls deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        import geoopt

    hidden = geoopt.ManifoldParameter(torch.from_numpy(objective.great_arc()), manifold=geoopt.Sphere())
    optimiser = geoopt.optim.RiemannianAdam([hidden], lr=0.03)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=100)
    while True:
        here = hidden.detach().numpy()
        hidden.grad = torch.from_numpy(objective.gradient(here))
        schedule.step(objective.action(here))
        optimiser.step()


def boundary_value_problem(objective: Objective) -> None:
    """scipy's solve_bvp on the continuous equation of motion, in the problem's principal components.

    Three of them hold start, end and query, and with these the whole path. In all d it would need N (2d)² numbers.
    What is solved is the limit of Δt → 0, so that a residual of the order of Δt² is left, however fine its mesh.
    """
    from scipy.integrate import solve_bvp

    problem, physics = objective.problem, objective.physics
    start, end, query = (np.asarray(vector, dtype=np.float64) for vector in (problem.start, problem.end, problem.query))
    _, _, components = np.linalg.svd(np.stack([start, end, query]), full_matrices=False)
    first, last, pull = (components @ vector for vector in (start, end, query))

    def motion(_: Floats, state: Floats) -> Floats:
        """μ ∇_ż ż = −λ P_z q, written out in the ambient space (design §3.2)."""
        z, velocity = np.split(state, 2)
        speed, height = (velocity**2).sum(axis=0), pull @ z
        return np.concatenate([velocity, -speed * z - physics.ratio * (pull[:, None] - height * z)])

    def at_the_anchors(here: Floats, there: Floats) -> Floats:
        return np.concatenate([here[: len(first)] - first, there[: len(last)] - last])

    times = np.arange(problem.hidden + 2) * physics.time_step
    arc = np.concatenate([start[None], objective.great_arc(), end[None]]) @ components.T
    guess = np.concatenate([arc.T, np.gradient(arc, times, axis=0).T])
    found = solve_bvp(motion, at_the_anchors, times, guess, tol=objective.tolerance, max_nodes=objective.most)
    hidden = found.sol(times)[: len(first), 1:-1].T @ components
    objective.judged(hidden / np.linalg.norm(hidden, axis=1, keepdims=True))


def plain_descent(objective: Objective) -> None:
    """`core.descent` at the step size 1/L, with as many steps as it needs."""
    problem, physics = objective.problem, objective.physics
    # A little below the tolerance, for the last digits differ between the span and all dimensions.
    steps = steps_needed(problem, physics, 0.999 * objective.tolerance, objective.most - 1)
    descent = Descent(steps, step_size(physics))
    solution = descend(problem, physics, descent, dtype=torch.float64, keep_history=False)
    objective.evaluations = solution.gradient_evaluations
    objective.judged(solution.latents[1:-1].astype(np.float64))


def step_size(physics: Physics) -> float:
    """α = 1/L, L = 4μ/Δt² + λ being the largest eigenvalue of the flat Hessian: the textbook's safe step."""
    return 1 / (4 * physics.mass / physics.time_step**2 + physics.coupling)


@lru_cache
@torch.inference_mode()
def steps_needed(problem: Problem, physics: Physics, tolerance: float, most: int) -> int:
    """How many steps of 1/L descent takes from SLERP to a residual, or `most`.

    Counted in the span of four vectors, which descent never leaves and where a step costs little. One problem is
    counted once, so that a timed run only takes the steps.
    """
    span = span_of(problem)
    path, alignment = torch.from_numpy(great_arc(span, problem.hidden)), Cosine(torch.from_numpy(span.query))
    for taken in range(most):
        gradient = riemannian_gradient(path, physics, alignment)
        if float(torch.linalg.vector_norm(gradient, dim=-1).max()) <= tolerance:
            return taken
        path[1:-1] = sphere.retract(path[1:-1], -step_size(physics) * gradient)
    return most


PEERS = (
    Peer("scipy L-BFGS", "scipy", l_bfgs),
    Peer("pymanopt conjugate gradients", "pymanopt", partial(conjugate_gradients, preconditioned=False)),
    Peer(
        "pymanopt conjugate gradients, Laplacian preconditioner",
        "pymanopt",
        partial(conjugate_gradients, preconditioned=True),
    ),
    Peer("geoopt Riemannian Adam", "geoopt", riemannian_adam),
    Peer("plain descent, step 1/L", "slap_studio", plain_descent),
)
# On the continuous equation, which is another problem unless Δt is small.
CONTINUOUS_PEER = Peer("scipy solve_bvp, 3 principal components", "scipy", boundary_value_problem)
