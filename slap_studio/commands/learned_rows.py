"""The descent under the learned alignment, in every form that it has here, against the plain way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import torch  # noqa: TID253 (only this benchmark loads it)

from slap_studio.commands.comparison import Answer, Comparison, NotRun, Side
from slap_studio.commands.plain_way import plain_descent
from slap_studio.commands.sizes import SEED, Sizes, random_problem
from slap_studio.core.descent import descend
from slap_studio.core.descent_graph import Plan, prepared_descent
from slap_studio.core.devices import computes_in_bfloat16
from slap_studio.core.learned import Learned, Products, fold
from slap_studio.core.minimise import minimise
from slap_studio.core.network import NetworkShape, ResidualAlignment, random_network
from slap_studio.core.types import Descent, Physics, Problem

ALL_PRODUCTS: tuple[Products, ...] = ("float32", "bfloat16")
NO_GPU = (
    "not run, for no CUDA GPU is at hand; the same steps without the graph are tested on the processor, "
    "the graph itself is not."
)


def learned_descents(called: str, shape: NetworkShape, sizes: Sizes) -> Iterator[Comparison]:
    """Comparisons for one shape of network, with random weights."""
    case = LearnedCase(shape, random_problem(sizes.gap, shape.dimension), Physics(sizes.coupling), sizes.descent)
    empty = Comparison(sizes.gap, shape.dimension, (), hidden=shape.hidden, runs=sizes.runs)
    descents = replace(empty, steps=sizes.descent.steps)
    yield _on("cpu", f"learned, {called}: folded, {{}} products", case, case.folded, descents)
    yield replace(empty, sides=(Side(f"learned, {called}: folding, once per network and query", case.folding),))
    yield replace(empty, sides=(Side(f"learned, {called}: minimise, to 1e-5", case.minimised),))
    graphed = f"learned, {called}: folded, {{}} products, one CUDA graph"
    if torch.cuda.is_available():
        yield _on("cuda", graphed, case, case.graphed, descents)
    else:
        yield replace(descents, not_run=tuple(NotRun(graphed.format(each), NO_GPU) for each in ALL_PRODUCTS))


@dataclass(frozen=True)
class LearnedCase:
    """One descent, and the ways to take it."""

    shape: NetworkShape
    problem: Problem
    physics: Physics
    descent: Descent

    def plain(self, device: str) -> Answer:
        """The plain way."""
        path = plain_descent(network_on(self.shape, device), self.problem, self.physics, self.descent)
        return Answer(path, self.descent.steps)

    def folded(self, products: Products) -> Answer:
        """`core.descent` on the processor, with its whole history, as the window asks for it."""
        learned = alignment_on(self.shape, "cpu", products)
        solution = descend(self.problem, self.physics, self.descent, alignment=learned)
        return Answer(solution.latents, solution.gradient_evaluations)

    def minimised(self) -> Answer:
        """`core.minimise`, from SLERP."""
        solution = minimise(self.problem, self.physics, alignment=alignment_on(self.shape, "cpu", "float32"))
        return Answer(solution.latents, solution.gradient_evaluations)

    def graphed(self, products: Products, device: str = "cuda") -> Answer:
        """`core.descent_graph`, which keeps the history on the device; the last path comes back."""
        learned = alignment_on(self.shape, device, products)
        plan = Plan(self.problem.hidden, self.shape.dimension, self.descent.steps, self.physics.kinetic, device=device)
        start, end = (
            torch.as_tensor(vector, dtype=plan.dtype, device=plan.device)
            for vector in (self.problem.start, self.problem.end)
        )
        history, _ = prepared_descent(plan, learned).descend(start, end, self.physics, self.descent.step_size)
        # Going back to the host also waits for the device.
        path = torch.cat([start[None], history[-1], end[None]]).cpu().numpy()
        return Answer(path, self.descent.steps + 1)

    def folding(self) -> Answer:
        """What is done before the first step, once for all descents with this network and query."""
        fold(network_on(self.shape, "cpu"), torch.as_tensor(self.problem.query))
        return Answer(path=None)


@lru_cache(maxsize=1)
def network_on(shape: NetworkShape, device: str) -> ResidualAlignment:
    """The network with random weights; the last one asked for is kept."""
    return random_network(shape, seed=SEED).to(device)


@lru_cache(maxsize=len(ALL_PRODUCTS))
def alignment_on(shape: NetworkShape, device: str, products: Products) -> Learned:
    """The same network folded, with the query that all problems of its dimension have."""
    query = torch.as_tensor(random_problem(1, shape.dimension).query)
    return fold(network_on(shape, device), query, device=device, products=products)


def _on(
    device: str, name: str, case: LearnedCase, solve: Callable[[Products], Answer], descents: Comparison
) -> Comparison:
    """The descents of a device, one for each precision of the products, against the plain way on that device."""
    sides, not_run = [], []
    for products in ALL_PRODUCTS:
        row = name.format(products)
        if products == "bfloat16" and not computes_in_bfloat16(device):
            not_run.append(NotRun(row, f"not run, for the device ({device}) does not multiply bfloat16 itself."))
        else:
            sides.append(Side(row, partial(solve, products), dtype=products, device=device))
    return replace(descents, sides=tuple(sides), reference=partial(case.plain, device), not_run=tuple(not_run))
