import numpy as np
import pytest
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.energies import energies, hessian_product, riemannian_gradient
from slap_studio.core.types import Kinetic, Physics


@pytest.fixture(params=list(Kinetic))
def physics(request) -> Physics:
    return Physics(coupling=0.7, mass=1.3, time_step=0.8, kinetic=request.param)


def plain_action(path: np.ndarray, query: np.ndarray, physics: Physics) -> float:
    """The action as design §2 writes it, with arccos and loops."""
    total = 0.0
    for t in range(len(path) - 1):
        if physics.kinetic is Kinetic.GEODESIC:
            speed = np.arccos(np.clip(path[t] @ path[t + 1], -1, 1)) / physics.time_step
        else:
            speed = np.linalg.norm(path[t + 1] - path[t]) / physics.time_step
        total += physics.mass / 2 * speed**2
    for z in path[1:-1]:
        total -= physics.coupling * (z @ query - 1)
    return float(total)


def test_the_action_is_the_contracts(physics, unit_vectors) -> None:
    path, query = unit_vectors(9, 6), unit_vectors(6)
    found = energies(torch.tensor(path), physics, Cosine(torch.tensor(query)))
    assert float(found.action) == pytest.approx(plain_action(path, query, physics), rel=1e-12)
    assert found.kinetic.shape == (8,)
    assert found.potential == pytest.approx(1 - path @ query)
    assert float(found.s_kin) == pytest.approx((np.diff(path, axis=0) ** 2).sum(1).mean())
    assert float(found.e_pot) == pytest.approx((1 - path[1:-1] @ query).mean())


def test_energies_of_several_paths_are_those_of_each(physics, unit_vectors) -> None:
    paths, alignment = torch.tensor(unit_vectors(4, 7, 5)), Cosine(torch.tensor(unit_vectors(5)))
    together = energies(paths, physics, alignment)
    for index in range(4):
        alone = energies(paths[index], physics, alignment)
        assert together.at(index).kinetic == pytest.approx(alone.kinetic)
        assert float(together.at(index).action) == pytest.approx(float(alone.action))


def test_the_gradient_is_the_actions_by_the_slope_of_its_taylor_error(physics, unit_vectors, generator) -> None:
    path, alignment = torch.tensor(unit_vectors(7, 6)), Cosine(torch.tensor(unit_vectors(6)))
    gradient = riemannian_gradient(path, physics, alignment)
    assert float((gradient * path[1:-1]).sum(-1).abs().max()) < 1e-13
    direction = sphere.tangent(path[1:-1], torch.tensor(generator.normal(size=(5, 6))))
    slope = float((gradient * direction).sum())
    before = float(energies(path, physics, alignment).action)
    steps, errors = np.array([1e-2, 1e-3, 1e-4]), []
    for step in steps:
        moved = path.clone()
        moved[1:-1] = sphere.retract(path[1:-1], step * direction)
        errors.append(abs(float(energies(moved, physics, alignment).action) - before - step * slope))
    assert np.diff(np.log(errors)) / np.diff(np.log(steps)) == pytest.approx([2, 2], abs=0.1)


@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_the_hessian_is_the_actions_by_the_slope_of_its_taylor_error(physics, unit_vectors, generator, scale) -> None:
    query = torch.tensor(unit_vectors(6))
    middle = unit_vectors(6)
    path = sphere.unit(torch.tensor(middle + scale * unit_vectors(7, 6)))
    alignment = Cosine(query)
    moves = sphere.tangent(path[1:-1], torch.tensor(generator.normal(size=(2, 5, 6)))) * scale
    product = hessian_product(path, physics, alignment, moves[0])
    assert float((product * path[1:-1]).sum(-1).abs().max()) < 1e-12
    other = hessian_product(path, physics, alignment, moves[1])
    assert float((product * moves[1]).sum()) == pytest.approx(float((other * moves[0]).sum()), rel=1e-10)
    gradient = riemannian_gradient(path, physics, alignment)
    length = torch.linalg.vector_norm(moves[0], dim=-1, keepdim=True)
    steps, errors = np.array([1e-1, 10**-1.5, 1e-2]), []
    for step in steps:
        # Along geodesics, so that the retraction adds no second order of its own.
        moved = path.clone()
        moved[1:-1] = torch.cos(step * length) * path[1:-1] + torch.sin(step * length) * moves[0] / length
        change = plain_action(moved.numpy(), query.numpy(), physics) - plain_action(
            path.numpy(), query.numpy(), physics
        )
        expected = step * (gradient * moves[0]).sum() + step**2 / 2 * (product * moves[0]).sum()
        errors.append(abs(change - float(expected)))
    if scale == 1.0:
        assert np.diff(np.log(errors)) / np.diff(np.log(steps)) == pytest.approx([3, 3], abs=0.4)
    else:
        # So near together the plain arccos has no digits left for a slope.
        assert max(errors) < 1e-7 * scale


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("apart", [0.0, 1e-8, 1e-5])
@pytest.mark.parametrize("sign", [1, -1])
def test_near_identical_and_near_antipodal_neighbours_give_finite_numbers(
    physics, unit_vectors, dtype, apart, sign
) -> None:
    a, other = (torch.tensor(v, dtype=dtype) for v in unit_vectors(2, 8))
    b = sign * sphere.unit(a + apart * other)
    path = torch.stack([a, b, a, b, a])
    alignment = Cosine(sphere.unit(other))
    found = energies(path, physics, alignment)
    assert np.isfinite(found.kinetic).all()
    assert np.isfinite(float(found.action))
    assert torch.isfinite(riemannian_gradient(path, physics, alignment)).all()
