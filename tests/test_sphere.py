import math

import numpy as np
import pytest
import torch

from slap_studio.core import sphere


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("theta", [0.0, 1e-6, 1e-3, 0.5, math.pi / 2, 3.0, math.pi - 1e-3, math.pi - 1e-6, math.pi])
def test_angle_is_accurate_from_zero_to_pi(dtype: torch.dtype, theta: float) -> None:
    a = torch.tensor([1.0, 0.0, 0.0], dtype=dtype)
    b = torch.tensor([math.cos(theta), math.sin(theta), 0.0], dtype=dtype)
    assert float(sphere.angle(a, b)) == pytest.approx(theta, rel=1e-6, abs=4 * torch.finfo(dtype).eps)


def test_tangent_is_orthogonal_and_idempotent(unit_vectors, generator) -> None:
    z = torch.tensor(unit_vectors(5, 8))
    moved = sphere.tangent(z, torch.tensor(generator.normal(size=(5, 8))))
    assert float((moved * z).sum(-1).abs().max()) < 1e-14
    assert torch.allclose(sphere.tangent(z, moved), moved, atol=1e-14)


def test_retraction_agrees_with_the_exponential_map_to_second_order(unit_vectors, generator) -> None:
    z = torch.tensor(unit_vectors(6))
    v = sphere.unit(sphere.tangent(z, torch.tensor(generator.normal(size=6))))
    steps = np.array([1e-1, 1e-2, 1e-3])
    errors = [
        float(torch.linalg.vector_norm(sphere.retract(z, h * v) - (math.cos(h) * z + math.sin(h) * v))) for h in steps
    ]
    slopes = np.diff(np.log(errors)) / np.diff(np.log(steps))
    assert slopes == pytest.approx([3, 3], abs=0.05)


@pytest.mark.parametrize("hidden", [0, 1, 30])
def test_slerp_has_equal_angles_and_the_given_ends(unit_vectors, hidden: int) -> None:
    start, end = (torch.tensor(v) for v in unit_vectors(2, 16))
    arc = sphere.slerp(start, end, hidden)
    assert arc.shape == (hidden + 2, 16)
    assert torch.equal(arc[0], start)
    assert torch.equal(arc[-1], end)
    angles = sphere.angle(arc[:-1], arc[1:])
    assert angles.numpy() == pytest.approx(float(sphere.angle(start, end)) / (hidden + 1), rel=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("sign", [1, -1])
def test_slerp_between_coincident_or_antipodal_ends_is_finite_and_reproducible(unit_vectors, dtype, sign: int) -> None:
    start = sphere.unit(torch.tensor(unit_vectors(12), dtype=dtype))
    arc = sphere.slerp(start, sign * start, 9)
    assert torch.isfinite(arc).all()
    assert torch.linalg.vector_norm(arc, dim=-1).numpy() == pytest.approx(1, abs=1e-6)
    assert torch.equal(arc, sphere.slerp(start, sign * start, 9))
    steps = sphere.angle(arc[:-1], arc[1:]).numpy()
    assert steps == pytest.approx(0 if sign == 1 else math.pi / 10, abs=1e-3 if dtype == torch.float32 else 1e-7)
