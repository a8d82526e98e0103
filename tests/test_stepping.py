"""What the descent's loop computes on its buffers is what `core.energies` and `core.learned` write plainly."""

import numpy as np
import pytest
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.energies import riemannian_gradient
from slap_studio.core.learned import Folded, fold
from slap_studio.core.network import NetworkShape, random_network
from slap_studio.core.stepping import Stepper
from slap_studio.core.types import Kinetic, Physics

ROWS, DIMENSION = 9, 24


@pytest.fixture
def rows(unit_vectors) -> torch.Tensor:
    return torch.from_numpy(np.stack(unit_vectors(ROWS, DIMENSION)))


def network(blocks: int):
    return random_network(NetworkShape(DIMENSION, 16, blocks), 3, dtype=torch.float64)


def alignments(query: torch.Tensor) -> list[Alignment]:
    return [Cosine(query), *(fold(network(blocks), query, dtype=torch.float64) for blocks in (1, 2, 4))]


@pytest.mark.parametrize("kinetic", list(Kinetic))
@pytest.mark.parametrize("which", range(4), ids=["cosine", "one block", "two blocks", "four blocks"])
def test_gradient_and_alignment_along_a_descent_are_the_plain_ones(rows, kinetic, which) -> None:
    physics, query = Physics(0.7, 1.3, 0.8, kinetic), rows[3].clone()
    alignment, moved = alignments(query)[which], rows.clone()
    stepper = Stepper(moved, physics, alignment)
    for _ in range(4):
        stepper.look()
        gradient = riemannian_gradient(moved, physics, alignment)
        assert torch.allclose(stepper.gradient, gradient, atol=1e-14, rtol=0)
        assert torch.allclose(stepper.aligned, alignment.value(moved[1:-1]), atol=1e-14, rtol=0)
        expected = sphere.retract(moved[1:-1], gradient, -0.1)
        stepper.step(0.1)
        assert torch.allclose(moved[1:-1], expected, atol=1e-14, rtol=0)
    assert torch.equal(moved[[0, -1]], rows[[0, -1]])


def test_without_hidden_latents_there_is_nothing_to_move(rows) -> None:
    for alignment in alignments(rows[3].clone()):
        two = rows[:2].clone()
        stepper = Stepper(two, Physics(), alignment)
        stepper.look()
        stepper.step(0.1)
        assert stepper.gradient.shape == (0, DIMENSION)
        assert stepper.aligned.shape == (0,)
        assert torch.equal(two, rows[:2])


def test_neighbours_that_agree_or_are_antipodal_have_a_finite_gradient(rows) -> None:
    line = torch.stack([rows[0], rows[0], -rows[0], -rows[0]])
    stepper = Stepper(line, Physics(), Cosine(rows[3]))
    stepper.look()
    assert torch.isfinite(stepper.gradient).all()


def test_an_alignment_with_rounded_products_or_several_queries_is_followed_as_it_is(rows) -> None:
    rounded = fold(network(2), rows[3].float(), products="bfloat16")
    latents = rows[:5].float()
    for found, plain in zip(rounded.following(latents)(), rounded.value_and_gradient(latents), strict=True):
        assert torch.equal(found, plain)
    queries = rows[3:5, None]
    several = Folded.of(network(2), dtype=torch.float64).towards(queries)
    both = rows[None, :5].expand(2, -1, -1)
    for found, plain in zip(several.following(both)(), several.value_and_gradient(both), strict=True):
        assert torch.equal(found, plain)
