from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.descent import descend
from slap_studio.core.descent_graph import Plan, StaticDescent, prepared_descent
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.learned import Folded, Learned, Products, fold, products_for
from slap_studio.core.network import (
    PAPER_SHAPE,
    NetworkShape,
    ResidualAlignment,
    normalised_weights,
    random_network,
    settle,
)
from slap_studio.core.types import Descent, Kinetic, Physics, Problem
from slap_studio.problems import UnusableInput

DOUBLE = torch.float64


@pytest.fixture(params=[1, 2, 3], ids=lambda blocks: f"{blocks}-blocks")
def network(request) -> ResidualAlignment:
    return random_network(NetworkShape(12, 32, request.param), seed=3, dtype=DOUBLE)


@pytest.fixture
def query(unit_vectors) -> Tensor:
    return torch.tensor(unit_vectors(12))


@pytest.fixture
def latents(unit_vectors, query) -> Tensor:
    """Drawn after the query, so that the two differ."""
    return torch.tensor(unit_vectors(7, 12))


@pytest.fixture
def learned(network, query) -> Learned:
    return fold(network, query, dtype=DOUBLE)


@pytest.fixture
def directions(generator, latents) -> Tensor:
    return torch.tensor(generator.normal(size=(7, 12)))


def slopes(steps: np.ndarray, errors: list[float]) -> np.ndarray:
    return np.diff(np.log(errors)) / np.diff(np.log(steps))


def test_the_folded_value_is_the_networks(network, learned, latents, query) -> None:
    with torch.inference_mode():
        assert torch.allclose(learned.value(latents), network(latents, query), rtol=0, atol=1e-12)


def test_the_folded_gradient_is_autograds(network, learned, latents, query) -> None:
    leaf = latents.clone().requires_grad_()
    (expected,) = torch.autograd.grad(network(leaf, query).sum(), leaf)
    with torch.inference_mode():
        found = learned.gradient(latents)
    assert not found.requires_grad
    assert torch.allclose(found, expected, rtol=0, atol=1e-12)


def test_the_folded_curvature_is_autograds(network, learned, latents, query, directions) -> None:
    _, expected = torch.autograd.functional.hvp(lambda z: network(z, query).sum(), latents, directions)
    with torch.inference_mode():
        found = learned.curvature(latents, directions)
    assert float(expected.norm(dim=-1).min()) > 1e-2  # there is something to meet
    assert torch.allclose(found, expected, rtol=0, atol=1e-12)


def test_taylor_errors_fall_by_their_orders(learned, latents, directions) -> None:
    before, gradient = learned.value(latents), learned.gradient(latents)
    slope = (gradient * directions).sum(-1)
    bend = (learned.curvature(latents, directions) * directions).sum(-1)
    steps = np.array([1e-2, 3e-3, 1e-3])
    first, second, of_gradient = [], [], []
    for step in steps:
        moved = latents + step * directions
        change = learned.value(moved) - before - step * slope
        first.append(float(change.norm()))
        second.append(float((change - step**2 / 2 * bend).norm()))
        turned = learned.gradient(moved) - gradient - step * learned.curvature(latents, directions)
        of_gradient.append(float(turned.norm()))
    assert slopes(steps, first) == pytest.approx([2, 2], abs=0.1)
    assert slopes(steps, second) == pytest.approx([3, 3], abs=0.1)
    assert slopes(steps, of_gradient) == pytest.approx([2, 2], abs=0.1)


def test_the_curvature_is_symmetric(learned, latents) -> None:
    hessian = learned.curvature(latents[0], torch.eye(12, dtype=DOUBLE))
    assert hessian.shape == (12, 12)
    assert float(hessian.abs().max()) > 1e-2
    assert torch.allclose(hessian, hessian.T, rtol=0, atol=1e-14)


@pytest.mark.parametrize("products", ["float32", "bfloat16"])
def test_leading_axes_broadcast(network, query, latents, directions, products) -> None:
    learned = fold(network, query, products=products)
    latents, directions = latents.float(), directions.float()
    tolerance = {"rtol": 0, "atol": 1e-2 if products == "bfloat16" else 1e-6}
    stacked = torch.stack([latents, -latents, latents.flip(0)])[:, None].expand(3, 2, 7, 12)
    for index, rows in enumerate((latents, -latents, latents.flip(0))):
        assert torch.allclose(learned.value(stacked)[index, 1], learned.value(rows), **tolerance)
        assert torch.allclose(learned.gradient(stacked)[index, 1], learned.gradient(rows), **tolerance)
        bent = learned.curvature(rows, directions)
        assert torch.allclose(learned.curvature(stacked, directions)[index, 1], bent, **tolerance)
    one = latents[2]
    assert learned.value(one).shape == ()
    assert torch.allclose(learned.gradient(one), learned.gradient(latents)[2], **tolerance)
    assert torch.allclose(learned.curvature(one, directions)[1], learned.curvature(one, directions[1]), **tolerance)
    assert learned.gradient(latents[:0]).shape == (0, 12)


def test_what_is_asked_about_is_left_as_it_was(learned, latents, directions) -> None:
    kept, offset, head = latents.clone(), learned.offset.clone(), learned.folded.head_blocks.clone()
    for _ in range(2):
        learned.value(latents), learned.gradient(latents), learned.curvature(latents, directions)
    assert torch.equal(latents, kept)
    assert torch.equal(learned.offset, offset)
    assert torch.equal(learned.folded.head_blocks, head)


def test_single_precision_loses_no_more_than_rounding(network, query, latents, directions) -> None:
    exact, single = fold(network, query, dtype=DOUBLE), fold(network, query)
    rough = latents.float()
    assert single.gradient(rough).dtype == torch.float32
    assert torch.allclose(single.value(rough).double(), exact.value(latents), rtol=0, atol=2e-6)
    assert torch.allclose(single.gradient(rough).double(), exact.gradient(latents), rtol=0, atol=2e-6)
    found = single.curvature(rough, directions.float()).double()
    assert torch.allclose(found, exact.curvature(latents, directions), rtol=0, atol=2e-5)


def test_bfloat16_products_err_by_a_hundredth_of_the_nonlinear_part(network, query, latents, directions) -> None:
    """One rounding to bfloat16 is 2^-9 = 0.002; what passes no product, the linear path, stays exact."""
    exact, rough = fold(network, query, dtype=DOUBLE), fold(network, query, products="bfloat16")
    bent = exact.gradient(latents) - exact.folded.head_latent
    off = rough.gradient(latents.float()).double() - exact.gradient(latents)
    assert float(off.norm()) < 0.01 * float(bent.norm())
    assert float((rough.value(latents.float()).double() - exact.value(latents)).abs().max()) < 0.002
    curvature = exact.curvature(latents, directions)
    off = rough.curvature(latents.float(), directions.float()).double() - curvature
    assert float(off.norm()) < 0.01 * float(curvature.norm())


def test_bfloat16_products_of_all_lengths_are_of_few_sizes(network, query, unit_vectors, monkeypatch) -> None:
    """For every size there was once torch keeps compiled code."""
    learned = fold(network, query, products="bfloat16")
    latents = torch.tensor(unit_vectors(300, 12)).float()
    sizes: set[int] = set()
    for name, module in (("linear", functional), ("matmul", torch)):
        multiply = getattr(module, name)

        def noting(factor: Tensor, other: Tensor, multiply=multiply) -> Tensor:
            sizes.add(len(factor))
            return multiply(factor, other)

        monkeypatch.setattr(module, name, noting)
    alone = [learned.value_and_gradient(latents[:rows]) for rows in range(301)]
    assert len(sizes) <= 16
    assert all(rows % 16 == 0 for rows in sizes)
    value, gradient = alone[300]
    for rows in range(301):
        assert torch.allclose(alone[rows][0], value[:rows], rtol=0, atol=1e-2)
        assert torch.allclose(alone[rows][1], gradient[:rows], rtol=0, atol=1e-2)


def test_bfloat16_products_go_with_float32_only(network, query) -> None:
    with pytest.raises(ValueError, match="float32"):
        fold(network, query, dtype=DOUBLE, products="bfloat16")


@pytest.mark.parametrize("multiplies", [True, False])
def test_products_are_bfloat16_only_where_the_device_multiplies_them(monkeypatch, multiplies) -> None:
    monkeypatch.setattr("slap_studio.core.learned.computes_in_bfloat16", lambda device: multiplies)
    for device in ("cpu", "cuda"):
        chosen = products_for(device, torch.float32, PAPER_SHAPE)
        assert chosen == ("bfloat16" if multiplies else "float32")
        assert products_for(device, DOUBLE, PAPER_SHAPE) == "float32"


def test_a_small_network_is_not_rounded_on_a_cpu(monkeypatch) -> None:
    monkeypatch.setattr("slap_studio.core.learned.computes_in_bfloat16", lambda device: True)
    small = NetworkShape(256, 512, 1)
    assert products_for("cpu", torch.float32, small) == "float32"
    assert products_for("cuda", torch.float32, small) == "bfloat16"


def test_every_folded_matrix_has_spectral_norm_one(network) -> None:
    weights = normalised_weights(network, dtype=DOUBLE, device="cpu")
    gates_and_ups = [half for both in weights.gate_up for half in both.chunk(2)]
    matrices = [weights.entry, *gates_and_ups, *weights.down, weights.head[None]]
    assert len(matrices) == 3 * network.shape.blocks + 2
    for matrix in matrices:
        assert float(torch.linalg.matrix_norm(matrix, 2)) == pytest.approx(1, abs=1e-6)


def test_settling_ends_what_training_left_unfinished(query, latents) -> None:
    network = random_network(NetworkShape(12, 32, 2), seed=0).train()
    for parameter in network.parameters():
        parameter.data.mul_(1.5).add_(torch.linspace(-1, 1, parameter.numel()).view_as(parameter))
    settle(network)
    assert network.training
    before = [buffer.clone() for buffer in network.buffers()]
    learned = fold(network, query.float())
    # Folding reads a network in training without taking a power step in it.
    assert network.training
    assert all(torch.equal(*pair) for pair in zip(before, network.buffers(), strict=True))
    weights = normalised_weights(network, dtype=DOUBLE, device="cpu")
    assert float(torch.linalg.matrix_norm(weights.entry, 2)) == pytest.approx(1, abs=1e-6)
    with torch.no_grad():
        expected = network.eval()(latents.float(), query.float())
    assert torch.allclose(learned.value(latents.float()), expected, rtol=0, atol=1e-5)


def test_the_papers_shape_has_28_3_million_weights_and_costs_under_0_15_tflop() -> None:
    with torch.device("meta"):
        network = ResidualAlignment(PAPER_SHAPE)
    assert sum(parameter.numel() for parameter in network.parameters()) == 28_313_600 == PAPER_SHAPE.parameters
    folded = Folded.of(network, device="meta")
    assert folded.gradient_flops == 4 * (8192 * 768 + 4096 * 2048)
    assert folded.gradient_flops * 30 * 50 == pytest.approx(0.088e12, rel=1e-3)


def test_one_seed_gives_one_network_and_leaves_torchs_own_draws_alone() -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    first, again = (random_network(NetworkShape(12, 32, 2), seed=5) for _ in range(2))
    assert torch.equal(torch.rand(3), expected)
    assert not first.training
    for one, other in zip(first.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    another = random_network(NetworkShape(12, 32, 2), seed=6)
    assert not torch.equal(first.entry.weight, another.entry.weight)


@pytest.mark.parametrize("sizes", [(0, 32, 2), (12, 1, 2), (12, 32, 0)])
def test_shapes_that_cannot_be_are_refused(sizes) -> None:
    with pytest.raises(UnusableInput):
        NetworkShape(*sizes)


def test_queries_share_the_weights(network, latents, unit_vectors) -> None:
    folded = Folded.of(network, dtype=DOUBLE)
    for query in torch.tensor(unit_vectors(3, 12)):
        learned = folded.towards(query)
        assert learned.folded is folded
        with torch.no_grad():
            assert torch.allclose(learned.value(latents), network(latents, query), rtol=0, atol=1e-12)


def plain_history(start: Tensor, end: Tensor, physics: Physics, alignment: Alignment, plan: Plan, alpha: float):
    """The steps of core.descent once more, with any alignment."""
    path, kept, residuals = sphere.slerp(start, end, plan.hidden), [], []
    for _ in range(plan.steps + 1):
        gradient = riemannian_gradient(path, physics, alignment)
        kept.append(path[1:-1].clone())
        residuals.append(gradient.norm(dim=-1).max())
        path[1:-1] = sphere.retract(path[1:-1], -alpha * gradient)
    return torch.stack(kept), torch.stack(residuals)


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("mass", [0.0, 1.3])
def test_static_steps_are_the_descents(unit_vectors, kinetic, mass) -> None:
    start, end, query = unit_vectors(3, 12)
    physics = Physics(0.7, mass=mass, time_step=0.8, kinetic=kinetic)
    expected = descend(Problem(start, end, query, 6), physics, Descent(20, 0.05), dtype=DOUBLE)
    static = StaticDescent(Plan(6, 12, 20, kinetic, DOUBLE), Cosine(torch.tensor(query)))
    history, residuals = static.descend(torch.tensor(start), torch.tensor(end), physics, 0.05)
    assert history.numpy() == pytest.approx(expected.history, abs=1e-13)
    assert residuals.numpy() == pytest.approx(expected.residuals, abs=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, DOUBLE])
def test_static_steps_under_the_learned_alignment_are_those_of_its_gradient(network, unit_vectors, dtype) -> None:
    start, end, query = torch.tensor(unit_vectors(3, 12), dtype=dtype)
    alignment = fold(network, query, dtype=dtype)
    plan = Plan(6, 12, 20, Kinetic.GEODESIC, dtype)
    static = StaticDescent(plan, alignment)
    # The same buffers serve one physics after the other, and what came out before stays.
    answers = [static.descend(start, end, Physics(coupling), 0.05) for coupling in (0.5, 5.0)]
    tolerance = {"rtol": 0, "atol": 1e-13 if dtype == DOUBLE else 1e-5}
    for (history, residuals), coupling in zip(answers, (0.5, 5.0), strict=True):
        kept, sizes = plain_history(start, end, Physics(coupling), alignment, plan, 0.05)
        assert torch.allclose(history, kept, **tolerance)
        assert torch.allclose(residuals, sizes, rtol=1e-4 if dtype == torch.float32 else 1e-12)
    assert not torch.allclose(answers[0][0][-1], answers[1][0][-1], atol=1e-2)


def test_no_step_asks_the_device_for_a_number() -> None:
    """On the meta device there are no numbers: whatever would stop a capture to read one raises here."""
    with torch.device("meta"):
        network = ResidualAlignment(NetworkShape(12, 32, 2))
    for products in get_args(Products):
        alignment = fold(network, torch.zeros(12, device="meta"), device="meta", products=products)
        for kinetic in Kinetic:
            static = StaticDescent(Plan(6, 12, 3, kinetic, device="meta"), alignment)
            static.take_steps()
            with pytest.raises(RuntimeError):
                float(static._path[0, 0])


def test_another_kinetic_energy_needs_another_recording(unit_vectors) -> None:
    start, end, query = torch.tensor(unit_vectors(3, 12))
    static = StaticDescent(Plan(6, 12, 3, Kinetic.CHORD, DOUBLE), Cosine(query))
    with pytest.raises(ValueError, match="chord"):
        static.descend(start, end, Physics(kinetic=Kinetic.GEODESIC), 0.01)


def test_a_prepared_descent_is_used_again_for_the_same_plan_and_alignment(unit_vectors) -> None:
    one, other = (Cosine(query) for query in torch.tensor(unit_vectors(2, 12)))
    plan = Plan(6, 12, 3, dtype=DOUBLE)
    assert prepared_descent(plan, one) is prepared_descent(plan, one)
    assert prepared_descent(plan, one) is not prepared_descent(plan, other)
    assert prepared_descent(plan, one) is not prepared_descent(Plan(6, 12, 4, dtype=DOUBLE), one)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="a graph is captured on a CUDA device only")
def test_a_captured_descent_replays_the_steps(unit_vectors) -> None:
    start, end, query = torch.tensor(unit_vectors(3, 12), device="cuda")
    network = random_network(NetworkShape(12, 32, 2), seed=3, dtype=DOUBLE)
    for alignment in (Cosine(query), fold(network, query, dtype=DOUBLE, device="cuda")):
        plan = Plan(6, 12, 20, dtype=DOUBLE, device="cuda")
        for coupling in (0.5, 5.0):
            expected = StaticDescent(plan, alignment).descend(start, end, Physics(coupling), 0.05)
            found = prepared_descent(plan, alignment).descend(start, end, Physics(coupling), 0.05)
            assert torch.allclose(found[0], expected[0], rtol=0, atol=1e-13)
            assert torch.allclose(found[1], expected[1], rtol=0, atol=1e-12)


def test_a_reference_makes_the_mean_of_every_query_zero_and_changes_no_gradient() -> None:
    network = random_network(NetworkShape(10, 16, 2), seed=4, dtype=torch.float64)
    dice = torch.Generator().manual_seed(1)
    vectors = torch.nn.functional.normalize(torch.randn(40, 10, generator=dice, dtype=torch.float64), dim=-1)
    reference, queries = vectors[:30], vectors[30:]
    plain = Folded.of(network, dtype=torch.float64)
    network.reference = reference.float()
    pinned = Folded.of(network, dtype=torch.float64)
    for query in queries:
        assert float(pinned.towards(query).value(pinned.reference).mean()) == pytest.approx(0, abs=1e-12)
        assert torch.equal(pinned.towards(query).gradient(reference), plain.towards(query).gradient(reference))
    # Several queries at once, as for several paths.
    together = pinned.towards(queries[:, None]).value(reference.expand(10, -1, -1))
    one_by_one = torch.stack([pinned.towards(query).value(reference) for query in queries])
    assert torch.allclose(together, one_by_one, atol=1e-12)


def test_value_and_gradient_together_are_those_apart(learned, latents) -> None:
    with torch.inference_mode():
        value, gradient = learned.value_and_gradient(latents)
        assert torch.equal(value, learned.value(latents))
        assert torch.equal(gradient, learned.gradient(latents))


def test_a_descent_knows_the_alignment_after_each_of_its_steps(learned, unit_vectors, query) -> None:
    start, end = unit_vectors(2, 12)
    solution = descend(
        Problem(start, end, query.numpy(), 5), Physics(0.5), Descent(9, 0.05), dtype=DOUBLE, alignment=learned
    )
    assert solution.history is not None
    assert solution.aligned is not None
    with torch.inference_mode():
        assert solution.aligned == pytest.approx(learned.value(torch.tensor(solution.history)).numpy(), abs=1e-12)
