"""What the training of P_θ promises: norms of one, knowledge, a landscape as flat as it is asked to be."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from slap_studio.cli import run
from slap_studio.core.learned import fold
from slap_studio.core.network import NetworkShape, normalised_weights, random_network
from slap_studio.core.network_file import NETWORK_FILE, read_network, write_network
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.training.alignment import AlignmentRecipe, Held, measure_alignment, train_alignment
from slap_studio.training.clips import ClipLatents, batch
from slap_studio.training.log_picture import log_figure, write_log_picture

QUERIES, DIMENSION = 8, 16
TINY = AlignmentRecipe(
    hidden=64, blocks=1, steps=300, batch=16, negatives=7, learning_rate=1e-2, warm_up=5, checkpoint_every=100
)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def toy_clips(seed: int, count: int = 120) -> ClipLatents:
    """Clips whose frames lie around a centre that belongs to their caption and has nothing to do with its query."""
    world = np.random.default_rng(0)
    queries, centres = unit(world.normal(size=(QUERIES, DIMENSION))), unit(world.normal(size=(QUERIES, DIMENSION)))
    dice = np.random.default_rng(seed)
    caption = dice.integers(QUERIES, size=count)
    latents = unit(centres[caption][:, None] + 0.15 * dice.normal(size=(count, 4, DIMENSION)))
    return ClipLatents(latents, caption, queries)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Held, object]:
    folder = tmp_path_factory.mktemp("alignment")
    held = train_alignment(toy_clips(1), toy_clips(2), folder, TINY)
    return held, folder


def test_held_out_infonce_falls_well_below_knowing_nothing(trained) -> None:
    held, _ = trained
    assert held.infonce < 0.3 * math.log(TINY.negatives + 1)
    assert held.retrieval > 0.9


def test_the_log_says_how_it_went(trained) -> None:
    _, folder = trained
    head, *rows = (folder / "training.csv").read_text().splitlines()
    assert head.startswith("step,loss,held_out_infonce")
    assert [int(row.split(",")[0]) for row in rows] == [50, 100, 150, 200, 250, 300]
    assert float(rows[-1].split(",")[2]) < float(rows[0].split(",")[2])


def test_the_log_is_drawn_as_it_is_written(trained) -> None:
    _, folder = trained
    head, *rows = (folder / "training.csv").read_text().splitlines()
    columns = dict(zip(head.split(","), np.array([row.split(",") for row in rows], float).T, strict=True))
    wanted = (("held_out_infonce", 1), ("held_out_retrieval", 100), ("held_out_gradient", 1))
    panels = log_figure(folder / "training.csv", TINY.negatives).axes
    for axes, (name, factor) in zip(panels, wanted, strict=True):
        assert axes.lines[0].get_xdata() == pytest.approx(columns["step"])
        assert axes.lines[0].get_ydata() == pytest.approx(factor * columns[name])
        assert axes.get_ylabel()
    assert panels[0].lines[1].get_ydata() == pytest.approx([math.log(TINY.negatives + 1)] * 2)
    picture = folder / "training.svg"
    first = picture.read_bytes()
    assert first == write_log_picture(folder / "training.csv", TINY.negatives).read_bytes()
    assert b"knowing nothing" in first


def test_every_matrix_that_comes_back_from_disk_has_norm_one(trained) -> None:
    _, folder = trained
    weights = normalised_weights(read_network(folder), dtype=torch.float64, device="cpu")
    half = weights.gate_up[0].chunk(2)
    for matrix in (weights.entry, *half, weights.down[0], weights.head[None]):
        assert float(torch.linalg.matrix_norm(matrix, 2)) == pytest.approx(1, abs=1e-4)


def test_what_was_measured_is_what_is_on_the_disk(trained) -> None:
    held, folder = trained
    again = measure_alignment(read_network(folder), toy_clips(2), TINY)
    assert asdict(again) == pytest.approx(asdict(held), rel=1e-4)


def test_a_gradient_penalty_makes_the_landscape_flatter(trained, tmp_path) -> None:
    held, _ = trained
    flat = train_alignment(toy_clips(1), toy_clips(2), tmp_path, replace(TINY, sobolev=1.0))
    assert flat.gradient < 0.8 * held.gradient
    assert flat.steepest < held.steepest


def test_a_run_that_was_stopped_ends_where_the_other_ended(trained, tmp_path) -> None:
    _, folder = trained
    taken = []
    with pytest.raises(Cancelled):
        train_alignment(
            toy_clips(1), toy_clips(2), tmp_path, TINY,
            report=lambda step, loss, held: taken.append(step), cancelled=lambda: len(taken) == 170,
        )  # fmt: skip
    assert not (tmp_path / NETWORK_FILE).exists()
    train_alignment(toy_clips(1), toy_clips(2), tmp_path, TINY)
    whole, resumed = read_network(folder).state_dict(), read_network(tmp_path).state_dict()
    for name, value in whole.items():
        assert torch.allclose(value, resumed[name], rtol=1e-3, atol=1e-4), name


def test_it_recovers_a_known_density_ratio(tmp_path) -> None:
    """Theorem 3.4: where InfoNCE is least, P/τ is log p(z|q)/p(z) up to a constant of the query.

    On the circle of a toy in which q shows in z's first coordinate alone: p(z|q) ∝ exp(a z₁ q₁), q₁ = ±1, p(z) its mean
    over both, so that the log ratio between two latents is known.
    """
    sharpness, dice = 1.5, np.random.default_rng(3)
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    signs = np.array([1.0, -1.0])
    density = np.exp(sharpness * np.cos(angles) * signs[:, None])
    density /= density.sum(axis=1, keepdims=True)
    caption = np.repeat([0, 1], 2000)
    drawn = np.concatenate([dice.choice(len(circle), 2000, p=density[index]) for index in (0, 1)])
    clips = ClipLatents(circle[drawn][:, None], caption, np.array([[1, 0], [-1, 0]], np.float32))
    recipe = AlignmentRecipe(
        hidden=32, blocks=1, steps=400, batch=64, negatives=15, temperature=0.2, sobolev=0.0,
        learning_rate=1e-2, warm_up=10, checkpoint_every=400,
    )  # fmt: skip
    train_alignment(clips, clips, tmp_path, recipe)
    network = read_network(tmp_path)
    learned = fold(network, torch.tensor(clips.queries[0]))
    with torch.inference_mode():
        found = learned.value(torch.tensor(circle)).numpy() / recipe.temperature
    # Negatives come from the other caption: the ratio is p(z|q) against p(z|other).
    known = np.log(density[0] / density[1])
    assert np.corrcoef(found, known)[0, 1] > 0.98
    slope = float(np.polyfit(known, found, 1)[0])
    assert slope == pytest.approx(1, abs=0.25)


def test_negatives_never_show_what_is_asked_for() -> None:
    clips = toy_clips(1)
    drawn = batch(clips, np.random.default_rng(0), 64, 7)
    marks = {latent.tobytes(): clips.caption[clip] for clip, frames in enumerate(clips.latents) for latent in frames}
    names = {query.tobytes(): index for index, query in enumerate(clips.queries)}
    for query, positive, negatives in zip(drawn.query, drawn.positive, drawn.negative, strict=True):
        asked = names[query.tobytes()]
        assert marks[positive.tobytes()] == asked
        assert all(marks[negative.tobytes()] != asked for negative in negatives)


def test_a_damaged_or_missing_file_is_said_in_a_sentence(tmp_path) -> None:
    with pytest.raises(UnusableInput, match="missing"):
        read_network(tmp_path)
    write_network(random_network(NetworkShape(4, 8, 1), seed=0), tmp_path, "{}")
    whole = (tmp_path / NETWORK_FILE).read_bytes()
    (tmp_path / NETWORK_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusableInput, match="damaged"):
        read_network(tmp_path)


@pytest.mark.parametrize("option", ["--hidden", "--blocks", "--negatives", "--batch", "--learning-rate"])
def test_a_size_that_cannot_be_is_said_in_a_sentence(option, tmp_path, capsys) -> None:
    assert run(["train", "alignment", option, "0", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "must be a finite number" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()
