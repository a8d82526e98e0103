import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from slap_studio.encoders import encoder as encoders
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.encoders.encoder import CONFIG_FILE, WEIGHTS_FILE, built_in_folder, source
from slap_studio.encoders.familiarity import Familiarity
from slap_studio.encoders.vocabulary import merges_for, words_of
from slap_studio.problems import UnusableInput
from slap_studio.training.encoder import prepare
from slap_studio.tunnel.captions import every_caption, identity
from slap_studio.tunnel.render import render
from slap_studio.tunnel.samples import SAMPLES
from slap_studio.tunnel.scene import COLOURS, SHAPES


@pytest.fixture(scope="module")
def built_in() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An encoder in open_clip's layout, with random weights."""
    prepare(tmp_path)
    torch.manual_seed(0)
    model, _ = encoders.untrained(tmp_path)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, tmp_path / WEIGHTS_FILE)
    return tmp_path


def test_every_word_of_the_world_is_one_token_and_no_other(built_in) -> None:
    for caption in every_caption():
        assert built_in.unknown_words(caption.text) == ()
    assert built_in.unknown_words("A RED cube, please!") == ("please",)
    assert built_in.unknown_words("eine rote Kugel im Tunnel") == ("eine", "rote", "kugel", "im")


def test_merges_are_reproducible_and_complete() -> None:
    words = ["red", "cube", "tub", "cubes", "a"]
    merges = merges_for(words)
    assert merges == merges_for(reversed(words))
    assert words_of("Don't stop: 3 cubes") == ("don", "t", "stop", "cubes")


def test_latents_are_unit_vectors_of_256_and_do_not_depend_on_the_batch(built_in) -> None:
    images = [render(SAMPLES["tunnel"], time, (320, 180)) for time in (0.5, 4.5, 8.0)]
    together = built_in.encode_frames(images)
    assert together.shape == (3, 256)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    alone = np.concatenate([built_in.encode_frames([image]) for image in images])
    assert together == pytest.approx(alone, abs=1e-4)
    text = built_in.encode_text("a red cube")
    assert text.shape == (256,)
    assert np.linalg.norm(text) == pytest.approx(1, abs=1e-5)


def test_it_tells_the_samples_things_and_an_empty_tunnel(built_in) -> None:
    names = [identity(colour, shape).text for colour in COLOURS for shape in SHAPES] + ["an empty tunnel"]
    texts = np.stack([built_in.encode_text(name) for name in names])
    swap = SAMPLES["swap"]
    latents = built_in.encode_frames([render(swap, time, (640, 360)) for time in (2.0, 4.5, 7.5)])
    assert [names[index] for index in (latents @ texts.T).argmax(1)] == ["a red cube", "an empty tunnel", "a blue ball"]


def test_frames_are_squashed_not_cropped(built_in) -> None:
    """What happens at the very edge of a wide frame changes its latent."""
    plain = np.full((90, 320, 3), 128, np.uint8)
    edge = plain.copy()
    edge[:, :12] = (220, 30, 30)
    before, after = built_in.encode_frames([plain, edge])
    assert float(before @ after) < 0.999


def test_it_knows_its_world_and_no_other(built_in, generator) -> None:
    world = built_in.encode_frames([render(SAMPLES["pillars"], time, (640, 360)) for time in np.linspace(0.5, 9, 12)])
    assert built_in.knows(world)
    noise = built_in.encode_frames(list(generator.integers(0, 256, (12, 90, 160, 3), dtype=np.uint8)))
    assert not built_in.knows(noise)


def test_familiarity_survives_its_file(tmp_path: Path, unit_vectors) -> None:
    known = unit_vectors(20, 8).astype(np.float16).astype(np.float32)
    Familiarity(known, 0.75).save(tmp_path)
    found = Familiarity.beside(tmp_path)
    assert found is not None
    assert np.array_equal(found.known, known)
    assert found.covers(known)
    assert not found.covers(-known.mean(0, keepdims=True))
    assert Familiarity.beside(tmp_path / "elsewhere") is None


@pytest.mark.parametrize("text", ["", "   ", "?!", "…"])
def test_an_empty_query_is_refused(built_in, text: str) -> None:
    with pytest.raises(UnusableInput, match="query is empty"):
        built_in.encode_text(text)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ViT-B-32", "is no encoder"),
        ("NoSuchModel/laion2b", "no model named"),
        ("ViT-B-32/no_such_tag", "no weights named"),
        ("ViT-B-32/laion2b_s34b_b79k", "could not be downloaded"),
    ],
)
def test_encoders_that_cannot_be_had_are_said_in_one_sentence(name: str, said: str) -> None:
    with pytest.raises(UnusableInput, match=said) as refusal:
        encoders.load(name)
    assert "\n" not in str(refusal.value)


def test_a_folder_and_its_file_load_the_same_model(folder: Path) -> None:
    image = render(SAMPLES["tunnel"], 1.0, (160, 90))
    by_folder, by_file = encoders.load(str(folder)), encoders.load(str(folder / WEIGHTS_FILE))
    assert np.array_equal(by_folder.encode_frames([image]), by_file.encode_frames([image]))
    assert by_folder.identity == by_file.identity
    assert not by_folder.built_in
    assert by_folder.knows(by_folder.encode_frames([image]))


def test_other_weights_have_another_identity(folder: Path) -> None:
    first = encoders.load(str(folder)).identity
    weights = load_file(folder / WEIGHTS_FILE)
    weights["text_projection"] = weights["text_projection"] + 1e-3
    save_file(weights, folder / WEIGHTS_FILE)
    assert encoders.load(str(folder)).identity != first


@pytest.mark.parametrize("damage", ["truncated", "text", "other model", "missing", "no config", "broken config"])
def test_damaged_checkpoints_are_refused_in_one_sentence(folder: Path, damage: str) -> None:
    weights, config = folder / WEIGHTS_FILE, folder / CONFIG_FILE
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:-5000])
    elif damage == "text":
        weights.write_text("these are no weights")
    elif damage == "other model":
        save_file({"weight": torch.zeros(3)}, weights)
    elif damage == "missing":
        weights.unlink()
    elif damage == "no config":
        config.unlink()
    else:
        config.write_text(json.dumps({"model_cfg": {}}))
    with pytest.raises(UnusableInput) as refusal:
        encoders.load(str(folder))
    assert "\n" not in str(refusal.value)


def test_the_built_in_encoder_is_a_plain_open_clip_folder() -> None:
    origin = source()
    assert origin.model == f"local-dir:{built_in_folder()}"
    sizes = [file.stat().st_size for file in built_in_folder().iterdir()]
    assert sum(sizes) < 30e6


@pytest.fixture
def embedded(unit_vectors) -> Embedded:
    return Embedded(np.arange(4) / 10, unit_vectors(4, 6).astype(np.float32), (b"one", b"", b"three", b"4"), 0.4)


def test_what_the_cache_kept_comes_back(tmp_path: Path, embedded: Embedded) -> None:
    cache = Cache(tmp_path / "deep" / "folder")
    place = cache.place("content", "encoder", "sampling")
    assert cache.find(place) is None
    cache.keep(place, embedded)
    found = cache.find(place)
    assert found is not None
    assert np.array_equal(found.latents, embedded.latents)
    assert np.array_equal(found.times, embedded.times)
    assert found.thumbnails == embedded.thumbnails
    assert found.duration == 0.4
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_its_place_depends_on_every_word(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    places = {cache.place(*words) for words in (("a", "b"), ("a", "c"), ("ab",), ("b", "a"), ("a", "b", ""))}
    assert len(places) == 5


def test_a_cache_damaged_anywhere_counts_as_missing_or_whole(tmp_path: Path, embedded: Embedded, generator) -> None:
    cache = Cache(tmp_path)
    place = cache.place("x")
    cache.keep(place, embedded)
    good = place.read_bytes()
    for at in generator.integers(0, len(good), 60):
        place.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        found = cache.find(place)
        assert found is None or len(found.times) == len(found.latents) == len(found.thumbnails)
    for length in (0, 10, len(good) // 2, len(good) - 1):
        place.write_bytes(good[:length])
        assert cache.find(place) is None


def test_a_cache_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path, embedded: Embedded) -> None:
    obstacle = tmp_path / "obstacle"
    obstacle.write_text("a file where a folder is needed")
    with pytest.raises(UnusableInput):
        Cache(obstacle).keep(obstacle / "x.npz", embedded)
    assert [file.name for file in tmp_path.iterdir()] == ["obstacle"]
