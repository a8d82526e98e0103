"""An encoder from memory says what the encoder itself says, and loads its model only for what is new."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slap_studio.encoders import BUILT_IN, remembered
from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.encoder import Encoder
from slap_studio.encoders.remembered import recall
from slap_studio.problems import UnusableInput

IMAGES = [np.full((48, 64, 3), 90, np.uint8)]


@pytest.fixture(scope="module")
def built_in() -> Encoder:
    return encoders.load()


@pytest.fixture
def loads(built_in: Encoder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were loaded."""
    names: list[str] = []

    def load(name: str, device: str) -> Encoder:
        names.append(name)
        return built_in

    monkeypatch.setattr(encoders, "load", load)
    return names


def test_what_was_asked_before_needs_no_model_and_is_the_same_to_the_bit(
    tmp_path: Path, built_in: Encoder, loads: list[str]
) -> None:
    first = recall(BUILT_IN, "cpu", tmp_path)
    asked = first.encode_texts(["a red cube", "a blue ball"]), first.encode_text("a red cube")
    strange = first.unknown_words("a red zeppelin")
    assert loads == [BUILT_IN]
    again = recall(BUILT_IN, "cpu", tmp_path)
    found = again.encode_texts(["a red cube", "a blue ball"]), again.encode_text("a red cube")
    assert all(np.array_equal(one, other) for one, other in zip(asked, found, strict=True))
    assert again.unknown_words("a red zeppelin") == strange == built_in.unknown_words("a red zeppelin") != ()
    for name in ("identity", "dimension", "scale", "label", "built_in", "device"):
        assert getattr(again, name) == getattr(built_in, name)
    latents = built_in.encode_frames(IMAGES)
    assert again.knows(latents) == built_in.knows(latents)
    assert loads == [BUILT_IN]  # still


@pytest.mark.parametrize(
    "ask",
    [
        lambda encoder: encoder.encode_text("a green cone"),
        lambda encoder: encoder.encode_frames(IMAGES),
        lambda encoder: np.array(encoder.unknown_words("a green cone")),
    ],
    ids=["text", "frames", "words"],
)
def test_what_is_new_loads_the_model_once(
    tmp_path: Path, built_in: Encoder, loads: list[str], ask: Callable[[Encoder], np.ndarray]
) -> None:
    recall(BUILT_IN, "cpu", tmp_path).encode_text("a red cube")
    again = recall(BUILT_IN, "cpu", tmp_path)
    assert np.array_equal(ask(again), ask(built_in))
    ask(again)
    assert loads == [BUILT_IN, BUILT_IN]


def test_an_empty_query_is_refused_and_not_remembered(tmp_path: Path, loads: list[str]) -> None:
    encoder = recall(BUILT_IN, "cpu", tmp_path)
    with pytest.raises(UnusableInput, match="query is empty"):
        encoder.encode_text(" ")
    with pytest.raises(UnusableInput, match="query is empty"):
        recall(BUILT_IN, "cpu", tmp_path).encode_text(" ")


def test_the_oldest_is_forgotten(tmp_path: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    for text in ("one", "two", "three"):
        recall(BUILT_IN, "cpu", tmp_path).encode_text(text)
    loads.clear()
    encoder = recall(BUILT_IN, "cpu", tmp_path)
    encoder.encode_text("two"), encoder.encode_text("three")
    assert loads == []
    encoder.encode_text("one")
    assert loads == [BUILT_IN]


def test_other_weights_are_another_encoder(tmp_path: Path, loads: list[str]) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in encoders.built_in_folder().iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    recall(str(folder), "cpu", tmp_path).encode_text("a red cube")
    recall(str(folder), "cpu", tmp_path)
    assert len(loads) == 1
    weights = folder / encoders.WEIGHTS_FILE
    weights.write_bytes(weights.read_bytes() + b"\0")
    recall(str(folder), "cpu", tmp_path)
    assert len(loads) == 2


def test_a_folder_that_cannot_be_written_costs_the_memory_alone(tmp_path: Path, loads: list[str]) -> None:
    (tmp_path / "memories").write_text("a file where the folder should be")
    encoder = recall(BUILT_IN, "cpu", tmp_path / "memories")
    assert np.array_equal(encoder.encode_text("a red cube"), encoder.encode_text("a red cube"))


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_memory_is_never_believed(tmp_path: Path, loads: list[str], data: st.DataObject) -> None:
    for old in tmp_path.glob("*.npz"):
        old.unlink()
    right = recall(BUILT_IN, "cpu", tmp_path).encode_text("a red cube")
    (place,) = tmp_path.glob("*.npz")
    whole = bytearray(place.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    cut = data.draw(st.booleans())
    place.write_bytes(bytes(whole[:at] if cut else whole))
    again = recall(BUILT_IN, "cpu", tmp_path)
    assert np.array_equal(again.encode_text("a red cube"), right)
    assert again.identity == encoders.load(BUILT_IN, "cpu").identity
