"""Methods that fill a gap: what they promise, whoever is asked."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch

from slap_studio.core import sphere
from slap_studio.core.alignment import Cosine
from slap_studio.core.descent import descend
from slap_studio.core.learned import fold
from slap_studio.core.network import NetworkShape, random_network
from slap_studio.core.types import Descent, Kinetic, Physics, Problem
from slap_studio.methods import catalogue
from slap_studio.methods.interpolation import Linear, Slerp, ZeroOrderHold
from slap_studio.methods.method import Method, Observation
from slap_studio.methods.slap import Slap
from slap_studio.methods.trained import Trained, read_weights, write_weights
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.training.gaps import KINDS, GapRecipe, gaps, train_gaps

DIMENSION, HIDDEN = 12, 6


def observation(seed: int, frames: int = 4, before: int = 1) -> Observation:
    dice = np.random.default_rng(seed)
    latents = dice.normal(size=(frames, DIMENSION)) + 2
    times = np.sort(dice.uniform(0, 10, frames))
    hidden = np.linspace(times[before], times[before + 1], HIDDEN + 2)[1:-1]
    return Observation(times, unit(latents), before, hidden)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def networks() -> list[Trained]:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return [Trained(name, kind(dimension=DIMENSION)) for name, kind in KINDS.items()]


def everybody() -> list[Method]:
    return [ZeroOrderHold(), Linear(), Slerp(), *networks(), Slap(name="SLAP")]


QUERY = unit(np.arange(1.0, DIMENSION + 1))


@pytest.mark.parametrize("method", everybody(), ids=lambda method: method.name)
def test_every_method_gives_unit_latents_at_the_hidden_times(method: Method) -> None:
    found = method.infer(observation(1), QUERY)
    assert found.shape == (HIDDEN, DIMENSION)
    assert np.allclose(np.linalg.norm(found, axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("method", everybody(), ids=lambda method: method.name)
def test_many_at_once_are_the_same_as_one_by_one(method: Method) -> None:
    # Gaps of several shapes among one another, as the one-frame-a-second sampling gives them.
    seen = [observation(1), observation(2, frames=7, before=3), observation(3), observation(4, frames=3, before=0)]
    queries = [QUERY, unit(QUERY[::-1].copy()), QUERY, QUERY]
    together = method.infer_many(seen, queries)
    for one, query, found in zip(seen, queries, together, strict=True):
        assert np.allclose(method.infer(one, query), found, atol=1e-5)


@pytest.mark.parametrize("method", [m for m in everybody() if not m.asks], ids=lambda method: method.name)
def test_a_method_that_does_not_ask_does_not_read_the_query(method: Method) -> None:
    seen = observation(1)
    assert np.array_equal(method.infer(seen, QUERY), method.infer(seen, unit(QUERY[::-1].copy())))


def test_slerp_keeps_the_pace_of_uneven_times_and_linear_the_chord() -> None:
    seen = observation(1)
    start, end = seen.times[1], seen.times[2]
    seen = Observation(seen.times, seen.latents, 1, start + (end - start) * np.array([0.1, 0.7]))
    first, last = (torch.from_numpy(anchor) for anchor in seen.anchors)
    whole = float(sphere.angle(first, last))
    for share, latent in zip((0.1, 0.7), Slerp().infer(seen, QUERY), strict=True):
        assert float(sphere.angle(first, torch.from_numpy(latent))) == pytest.approx(share * whole, rel=1e-4)
    chord = Linear().infer(seen, QUERY)
    middle = 0.3 * seen.anchors[0] + 0.7 * seen.anchors[1]
    assert np.allclose(chord[1], middle / np.linalg.norm(middle), atol=1e-6)
    opposite = Observation(seen.times[:2], np.stack([seen.anchors[0], -seen.anchors[0]]), 0, (seen.times[:2].mean(),))  # type: ignore[arg-type]
    for method in (Linear(), Slerp()):
        assert np.isfinite(method.infer(_hidden_as_array(opposite), QUERY)).all()


def _hidden_as_array(seen: Observation) -> Observation:
    return Observation(seen.times, seen.latents, seen.before, np.array(seen.hidden_times))


@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_slap_among_the_methods_is_the_solver_s_own_descent(kinetic: Kinetic) -> None:
    seen, physics, descent = observation(1), Physics(0.7, 1.3, kinetic=kinetic), Descent(20, 0.02)
    network = random_network(NetworkShape(DIMENSION, 16, 2), seed=3)
    for field, alignment in (
        (Cosine, Cosine(torch.from_numpy(QUERY))),
        (lambda query: fold(network, query), fold(network, torch.from_numpy(QUERY))),
    ):
        found = Slap(field, physics, descent).infer(seen, QUERY)
        solved = descend(Problem(*seen.anchors, QUERY, HIDDEN), physics, descent, alignment=alignment)
        assert np.allclose(found, solved.latents[1:-1], atol=1e-6)


def test_the_shares_of_the_action_add_up_to_it() -> None:
    seen, physics = observation(1), Physics(0.7, 1.3)
    method = Slap(physics=physics)
    found = method.infer(seen, QUERY)
    problem = Problem(*seen.anchors, QUERY, HIDDEN)
    solved = descend(problem, physics, Descent())
    assert method.mismatch(seen, found, QUERY).sum() == pytest.approx(float(solved.energies.action), rel=1e-5)


def test_without_coupling_the_path_is_judged_as_slerp_s() -> None:
    seen = observation(1)
    free, arc = (
        method.mismatch(seen, method.infer(seen, QUERY), QUERY) for method in (Slap(physics=Physics(0.0)), Slerp())
    )
    assert np.allclose(free, arc, atol=1e-5)


def test_what_a_gap_is_taught_lies_between_its_anchors() -> None:
    # Latents that say where they come from: clip and frame.
    clip, frame = np.meshgrid(np.arange(5), np.arange(16), indexing="ij")
    latents = np.stack([clip, frame], axis=-1).astype(np.float32)
    for seed in range(20):
        drawn = gaps(latents, np.random.default_rng(seed), 32)
        clips, frames = drawn.observed[..., 0], drawn.observed[..., 1]
        assert (clips == clips[:, :1]).all()
        assert (drawn.truth[..., 0] == clips[:, :1]).all()
        assert (np.diff(frames, axis=1) > 0).all()
        first, last = frames[:, 1:2], frames[:, 2:3]
        assert np.allclose(drawn.truth[..., 1], first + (last - first) * drawn.hidden)
        assert np.allclose(first + (last - first) * drawn.times, frames, atol=1e-4)


@pytest.mark.parametrize("kind", list(KINDS))
def test_training_beats_holding_the_last_frame_where_latents_turn_at_constant_pace(kind: str, tmp_path: Path) -> None:
    def turning(seed: int, count: int) -> np.ndarray:
        dice = np.random.default_rng(seed)
        angle = dice.uniform(0, 2 * np.pi, (count, 1)) + 0.12 * np.arange(16)
        return unit(np.stack([np.cos(angle), np.sin(angle), np.full_like(angle, 0.3)], axis=-1))

    recipe = GapRecipe(steps=150, batch=32, learning_rate=5e-3, warm_up=10, checkpoint_every=50)
    held = turning(2, 64)
    error = train_gaps(kind, turning(1, 200), held, tmp_path / "weights.safetensors", recipe)
    drawn = gaps(held, np.random.default_rng(0), 500)
    holding = float(1 - (drawn.truth * drawn.observed[:, 1:2]).sum(-1).mean())
    assert error < 0.5 * holding


def test_the_transformer_foretells_without_seeing_what_comes_later() -> None:
    network = networks()[2].network
    seen = observation(1)
    latents, times = torch.from_numpy(seen.latents)[None], torch.from_numpy(seen.times.astype(np.float32))[None]
    hidden = torch.linspace(0.2, 0.8, 4)
    taught = torch.from_numpy(unit(np.random.default_rng(0).normal(size=(1, 4, DIMENSION))))
    with torch.inference_mode():
        plain = network(latents, times, 1, hidden, taught)
        other = taught.clone()
        other[:, 2:] = -other[:, 2:]
        changed = network(latents, times, 1, hidden, other)
    assert torch.allclose(plain[:, :3], changed[:, :3], atol=1e-6)
    assert not torch.allclose(plain[:, 3], changed[:, 3], atol=1e-3)


def test_weights_come_back_and_damage_is_a_sentence(tmp_path: Path) -> None:
    for method in networks():
        file = tmp_path / f"{method.name}.safetensors"
        write_weights(method.network, file, "{}")
        again = Trained(method.name, read_weights(type(method.network), file))
        assert np.allclose(again.infer(observation(1), QUERY), method.infer(observation(1), QUERY), atol=2e-2)
        file.write_bytes(file.read_bytes()[:-100])
        with pytest.raises(UnusableInput, match="damaged"):
            read_weights(type(method.network), file)
    with pytest.raises(UnusableInput, match="missing"):
        read_weights(type(method.network), tmp_path / "none")


def test_the_shipped_methods_are_there_and_fill_a_gap() -> None:
    dice = np.random.default_rng(0)
    latents = unit(dice.normal(size=(4, 256)))
    seen = Observation(np.arange(4.0), latents, 1, np.array([1.25, 1.5, 1.75]))
    names = []
    for method in catalogue.runnable():
        names.append(method.name)
        assert method.infer(seen, latents[0]).shape == (3, 256)
    assert names == [
        "Zero-order hold", "Linear", "SLERP", "Latent ODE", "Neural CDE", "Autoregressive transformer",
    ]  # fmt: skip
    assert [method.name for method in catalogue.runnable("another encoder")] == names[:3]


def test_somebody_s_own_method_is_found_by_its_name_or_refused_in_a_sentence() -> None:
    found = catalogue.own_method("slap_studio.methods.interpolation:Linear")
    assert found.name == "Linear"
    for wrong in ("nowhere:Method", "slap_studio.methods.interpolation:Nothing", "collections:Counter", "plain"):
        with pytest.raises(UnusableInput):
            catalogue.own_method(wrong)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_network_is_asked_between_its_parts_and_ends_where_it_is_cancelled(kind: type) -> None:
    asked = count(1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = kind(dimension=DIMENSION)
    free = Trained("", network).infer(observation(1), QUERY)
    heard = Trained("", network, cancelled=lambda: next(asked) < 0)
    assert np.array_equal(heard.infer(observation(1), QUERY), free)
    times = next(asked)
    assert times > 5
    heard.cancelled = lambda: next(asked) > times + 3
    with pytest.raises(Cancelled):
        heard.infer(observation(1), QUERY)
    assert next(asked) == times + 5
