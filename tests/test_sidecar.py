"""A label beside a clip may be anybody's: what is odd in it suggests nothing, and never stops the clip."""

import json
from pathlib import Path

import pytest

from slap_studio.compare import drawn_again, scene_beside
from slap_studio.core.network import NetworkShape, ResidualAlignment
from slap_studio.core.network_file import NETWORK_FILE, read_network
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos
from slap_studio.tunnel.sidecar import LARGEST, suggestion_beside


@pytest.fixture
def facts() -> dict:
    return json.loads((sample_videos() / "tunnel.json").read_text(encoding="utf-8"))


def beside(folder: Path, text: str) -> Path:
    (folder / "clip.json").write_text(text, encoding="utf-8")
    return folder / "clip.mp4"


def test_a_good_one_suggests_its_gaps_and_its_thing(facts: dict, tmp_path: Path) -> None:
    video = beside(tmp_path, json.dumps(facts))
    assert suggestion_beside(video) == (((3.561, 5.444),), "a red cube")
    assert scene_beside(video) is not None


@pytest.mark.parametrize(
    "hidden",
    [[[1e999, 2]], [[10**400, 2]], [[2, 1]], [[float("nan"), 1]], [[-1, 2]], [[1]], "ab", {"a": 1}, 7, [[[], []]]],
)
def test_stretches_that_cannot_be_suggest_nothing(hidden: object, facts: dict, tmp_path: Path) -> None:
    stretches, _ = suggestion_beside(beside(tmp_path, json.dumps(facts | {"hidden": hidden})))
    assert stretches == ()


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "\0", "{}" + " " * LARGEST, '{"scene": ' * 5000])
def test_what_is_no_label_is_one_sentence_and_suggests_nothing(text: str, tmp_path: Path) -> None:
    video = beside(tmp_path, text)
    assert suggestion_beside(video) == ((), "")
    with pytest.raises(UnusableInput, match=r"clip\.json beside the clip is damaged"):
        scene_beside(video)


def test_a_scene_that_would_be_drawn_for_ever_is_refused(facts: dict, tmp_path: Path) -> None:
    for change in ({"size": 1e9}, {"duration": float("inf")}, {"camera": {"pan": 1e300, "sway": 0, "phase": 0}}):
        with pytest.raises(UnusableInput, match="damaged"):
            scene_beside(beside(tmp_path, json.dumps(facts | {"scene": facts["scene"] | change})))


def test_a_scene_with_a_word_for_a_number_is_met_where_it_is_drawn(facts: dict, tmp_path: Path) -> None:
    video = beside(tmp_path, json.dumps(facts | {"scene": facts["scene"] | {"size": "large"}}))
    scene = scene_beside(video)
    assert scene is not None
    with pytest.raises(UnusableInput, match="damaged"):
        drawn_again(scene, video, 1.0, (64, 36))


@pytest.mark.parametrize("sizes", [(10**9, 8, 1), (4, 10**7, 1), (4, 8, 10**6), (4, 8.0, 1), (4, "8", 1)])
def test_an_alignment_that_claims_to_be_larger_than_its_weights_is_never_made(sizes: tuple, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    state = {name: value.contiguous() for name, value in ResidualAlignment(NetworkShape(4, 8, 1)).state_dict().items()}
    shape = dict(zip(("dimension", "hidden", "blocks"), sizes, strict=True))
    save_file(state, tmp_path / NETWORK_FILE, {"shape": json.dumps(shape)})
    with pytest.raises(UnusableInput, match="damaged"):
        read_network(tmp_path)
