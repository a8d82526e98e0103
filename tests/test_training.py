import math
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from slap_studio.encoders.encoder import WEIGHTS_FILE
from slap_studio.problems import Cancelled
from slap_studio.training.encoder import Recipe, train, truth
from slap_studio.training.frames import TRAINING_SEEDS, TrainingFrames, labelled_frame
from slap_studio.training.runs import schedule
from slap_studio.tunnel.captions import GONE, IN_VIEW, Caption, Facts, every_caption, identity

TINY = Recipe(steps=4, batch=8, warm_up=2, checkpoint_every=2)


def test_a_caption_holds_of_what_it_claims_and_of_nothing_else() -> None:
    cube = Facts("red", "cube", "tunnel", 1.0)
    assert identity("red", "cube").holds(cube)
    assert not identity("blue", "cube").holds(cube)
    assert not identity("red", "ball").holds(cube)
    assert Caption("something red", "red", in_view=True).holds(cube)
    assert not Caption("an empty tunnel", in_view=False, occluder="tunnel").holds(cube)
    gone = Facts("red", "cube", "tunnel", 0.0)
    assert not identity("red", "cube").holds(gone)
    assert Caption("an empty tunnel", in_view=False, occluder="tunnel").holds(gone)
    assert not Caption("an empty hill", in_view=False, occluder="hill").holds(gone)
    assert Caption("a tunnel", occluder="tunnel").holds(gone)
    assert Caption("a red cube on the left", "red", "cube", True, place="on the left").holds(
        Facts("red", "cube", None, 1.0, 0.3)
    )
    assert not Caption("a red cube on the left", "red", "cube", True, place="on the left").holds(
        Facts("red", "cube", None, 1.0, 0.7)
    )
    assert Caption("part of a red cube", "red", "cube", True, whole=False).holds(Facts("red", "cube", "tunnel", 0.5))
    assert not Caption("part of a red cube", "red", "cube", True, whole=False).holds(cube)
    sliver = Facts("red", "cube", "tunnel", (GONE + IN_VIEW) / 2)
    assert not identity("red", "cube").holds(sliver)
    assert not Caption("nothing in view", in_view=False).holds(sliver)


def test_every_caption_is_said_in_words_and_once() -> None:
    captions = every_caption()
    texts = [caption.text for caption in captions]
    assert len(set(captions)) == len(captions)
    assert not any("{" in text or "a orange" in text for text in texts)
    assert {identity("orange", "car").text, identity("red", "cube").text} == {"an orange car", "a red cube"}
    # A text claims one thing only, wherever it comes from.
    claims = {}
    for caption in captions:
        claims.setdefault(caption.text, set()).add(caption)
    assert all(len(found) == 1 for found in claims.values())


def test_drawn_captions_are_true_of_their_frames() -> None:
    for index in range(150):
        frame = labelled_frame(index, np.random.default_rng(index))
        assert frame.caption.holds(frame.facts), (frame.caption, frame.facts)


def test_truth_of_a_batch_is_what_each_caption_says() -> None:
    frames = [TrainingFrames(3)[index] for index in range(40)]
    expected = [[one.caption.holds(other.facts) for one in frames] for other in frames]
    assert truth(frames).tolist() == expected
    assert truth(frames).any(0).all()


def test_frames_depend_on_seed_and_index_alone_and_come_in_pairs_of_a_scene() -> None:
    first, again, other = TrainingFrames(0)[6], TrainingFrames(0)[6], TrainingFrames(1)[6]
    assert np.array_equal(first.image, again.image)
    assert not np.array_equal(first.image, other.image)
    pair = TrainingFrames(0)[7]
    assert (pair.facts.colour, pair.facts.shape) == (first.facts.colour, first.facts.shape)


def test_training_scenes_lie_far_above_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    from slap_studio.training import frames

    original = frames.random_scene
    monkeypatch.setattr(frames, "random_scene", lambda seed: drawn.append(seed) or original(seed))
    dataset = TrainingFrames(0)
    for index in (0, 1, 999):
        dataset[index]
    assert drawn == [TRAINING_SEEDS, TRAINING_SEEDS, TRAINING_SEEDS + 499]
    assert TRAINING_SEEDS == 2**40


def test_the_learning_rate_warms_up_and_falls_to_zero() -> None:
    rates = [schedule(step, warm_up=10, steps=100) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[10] == pytest.approx(1.0)
    assert rates[55] == pytest.approx(0.5, abs=0.01)
    assert rates[100] == pytest.approx(0, abs=1e-12)


@pytest.mark.filterwarnings("ignore:.*lr_scheduler.*")
def test_a_stopped_run_goes_on_to_the_very_same_weights(tmp_path: Path) -> None:
    losses: dict[str, list[float]] = {"whole": [], "stopped": [], "resumed": []}
    whole, halved = tmp_path / "whole", tmp_path / "halved"
    train(whole, TINY, report=lambda step, loss: losses["whole"].append(loss))
    with pytest.raises(Cancelled):
        train(
            halved,
            TINY,
            report=lambda step, loss: losses["stopped"].append(loss),
            cancelled=lambda: len(losses["stopped"]) == 2,
        )
    assert not (halved / WEIGHTS_FILE).exists()
    train(halved, TINY, report=lambda step, loss: losses["resumed"].append(loss))
    assert losses["stopped"] + losses["resumed"] == pytest.approx(losses["whole"], rel=1e-5)
    assert all(math.isfinite(loss) for loss in losses["whole"])
    first, second = load_file(whole / WEIGHTS_FILE), load_file(halved / WEIGHTS_FILE)
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert torch.allclose(value.float(), second[name].float(), atol=1e-3), name
    assert not list(halved.glob("checkpoint*"))
