"""Training on a user's own clips: what is read, what is skipped, what is held out, and that a stopped run goes on."""

import io
import json
import math
import tarfile
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run
from slap_studio.core.network_file import NETWORK_FILE, read_trained_for
from slap_studio.encoders import encoder as encoders
from slap_studio.media.files import content_hash
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.training import captioned
from slap_studio.training.captioned import CaptionedClips, Skipped, captioned_clips, held_out, samples
from slap_studio.training.clips import FRAMES, ClipLatents, batch
from slap_studio.training.runs import begin_anew_if_other
from tests.clips import counter, number_in

CAPTIONS = ("one bar", "two bars", "three bars")
CLIPS = 9


class Bars:
    """An encoder whose latent says which number a frame shows, and which remembers how many clips it saw."""

    label, identity, dimension, built_in = "bars", "bars 1", 64, False

    def __init__(self) -> None:
        self.seen: list[list[int]] = []

    def encode_frames(self, images) -> np.ndarray:
        self.seen.append([number_in(image) for image in images])
        return np.eye(64, dtype=np.float32)[self.seen[-1]]

    def encode_texts(self, texts) -> np.ndarray:
        return np.eye(64, dtype=np.float32)[[len(text) for text in texts]]


def fill(folder: Path, count: int = CLIPS) -> Path:
    """Clips of 20 frames and more, in folders of folders, with captions of both kinds beside them."""
    for index in range(count):
        place = folder / f"{index % 2}"
        place.mkdir(parents=True, exist_ok=True)
        video = counter(place / f"clip{index}.mp4", count=20 + index)
        caption = CAPTIONS[index % 3]
        if index % 2:
            video.with_suffix(".txt").write_text(f"{caption}\nmore that nobody asked for\n")
        else:
            field = "caption" if index % 4 else "text"
            video.with_suffix(".json").write_text(json.dumps({field: caption}))
    return folder


def pack(folder: Path, shards: Path, per_shard: int = 5) -> list[Path]:
    """The same clips as webdataset keeps them: members of one sample follow one another."""
    shards.mkdir()
    videos = sorted(folder.rglob("*.mp4"))
    for first in range(0, len(videos), per_shard):
        with tarfile.open(shards / f"clips-{first // per_shard:03}.tar", "w") as shard:
            for video in videos[first : first + per_shard]:
                for member in sorted(video.parent.glob(f"{video.stem}.*")):
                    shard.add(member, member.relative_to(folder).as_posix())
    return sorted(shards.iterdir())


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("data"))


def captions_of(found: CaptionedClips) -> list[str]:
    lengths = found.clips.queries.argmax(axis=1)
    return [next(c for c in CAPTIONS if len(c) == lengths[index]) for index in found.clips.caption]


def test_a_folder_is_read_with_its_captions(data: Path, tmp_path: Path) -> None:
    encoder = Bars()
    found = captioned_clips(str(data), encoder, tmp_path)
    assert len(found.keys) == CLIPS
    for key, caption, numbers in zip(found.keys, captions_of(found), found.clips.latents.argmax(axis=2), strict=True):
        index = int(key[-1])
        assert caption == CAPTIONS[index % 3]
        # Evenly from the first frame to the last.
        exact = np.linspace(0, 19 + index, FRAMES)
        assert numbers[0] == 0
        assert numbers[-1] == 19 + index
        assert np.abs(numbers - exact).max() <= 1
    assert found.clips.queries.shape == (3, 64)
    assert found.skipped.sentence(CLIPS) == ""


@pytest.mark.parametrize("form", ["folder", "braces", "one"])
def test_shards_say_the_same_as_the_folder(form: str, data: Path, tmp_path: Path) -> None:
    shards = pack(data, tmp_path / "shards", per_shard=CLIPS if form == "one" else 5)
    forms = {"folder": shards[0].parent, "braces": shards[0].parent / "clips-{000..001}.tar", "one": shards[0]}
    plain = captioned_clips(str(data), Bars(), tmp_path / "a")
    packed = captioned_clips(str(forms[form]), Bars(), tmp_path / "b")
    assert packed.keys == plain.keys
    assert packed.fingerprint == plain.fingerprint
    assert np.array_equal(packed.clips.latents, plain.clips.latents)
    assert np.array_equal(packed.clips.caption, plain.clips.caption)


def test_what_was_encoded_is_not_encoded_again_and_other_clips_are(data: Path, tmp_path: Path) -> None:
    folder = fill(tmp_path / "data")
    first = Bars()
    with pytest.raises(Cancelled):
        captioned_clips(str(folder), first, tmp_path / "kept", cancelled=lambda: len(first.seen) == 4)
    second = Bars()
    whole = captioned_clips(str(folder), second, tmp_path / "kept")
    assert len(second.seen) == CLIPS - 4
    assert np.array_equal(whole.clips.latents, captioned_clips(str(data), Bars(), tmp_path / "afresh").clips.latents)
    # Another video under an old name, and another encoder.
    counter(folder / "0" / "clip0.mp4", count=40)
    third = Bars()
    changed = captioned_clips(str(folder), third, tmp_path / "kept")
    assert [numbers[-1] for numbers in third.seen] == [39]
    assert changed.fingerprint != whole.fingerprint
    other = Bars()
    other.identity = "bars 2"
    captioned_clips(str(folder), other, tmp_path / "kept")
    assert len(other.seen) == CLIPS


def test_broken_clips_and_missing_captions_are_skipped_and_counted(tmp_path: Path) -> None:
    folder = fill(tmp_path / "data", 11)
    (folder / "0" / "clip0.mp4").write_bytes(b"no video at all")
    (folder / "1" / "clip1.txt").write_text("  \n")
    (folder / "0" / "clip2.json").write_text("{ broken")
    found = captioned_clips(str(folder), Bars(), tmp_path / "kept")
    assert len(found.keys) == 8
    said = found.skipped.sentence(8)
    assert "3 of 11" in said
    assert "1 could not be read and 2 had no caption" in said


def test_a_video_that_may_not_be_read_and_a_file_that_is_no_shard_stop_nothing(tmp_path: Path, monkeypatch) -> None:
    folder = fill(tmp_path / "data")
    (folder / "false.tar").write_text("no shard at all")

    def forbidden(path: Path) -> str:
        if path.stem == "clip3":
            raise UnusableInput("It may not be read.")
        return content_hash(path)

    monkeypatch.setattr(captioned, "content_hash", forbidden)
    found = captioned_clips(str(folder), Bars(), tmp_path / "kept")
    assert len(found.keys) == CLIPS - 1
    said = found.skipped.sentence(CLIPS - 1)
    assert "1 could not be read" in said
    assert "false.tar" in said


def test_a_shard_that_was_cut_off_gives_what_is_whole(data: Path, tmp_path: Path) -> None:
    (shard,) = pack(data, tmp_path / "shards", per_shard=CLIPS)
    with tarfile.open(shard) as opened:
        last = opened.getmembers()[-1]
    whole = shard.read_bytes()
    shard.write_bytes(whole[: last.offset_data + last.size // 2])
    skipped = Skipped()
    assert [sample.key for sample in samples(str(shard), skipped)][:8] == [
        f"{index % 2}/clip{index}" for index in (0, 2, 4, 6, 8, 1, 3, 5)
    ]
    assert "clips-000.tar" in skipped.sentence(8)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "needs at least 8 clips"),
        ("no-such-{0..1}.tar", "no folder or shard"),
        ("a-{0..", "write it like clips-"),
    ],
)
def test_data_that_cannot_be_used_ends_with_one_sentence(name: str, said: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "nothing").mkdir()
    assert run(["train", "alignment", "--data", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    written = capsys.readouterr().err
    assert said in written
    assert "Traceback" not in written


def test_one_caption_is_too_few(tmp_path: Path) -> None:
    folder = fill(tmp_path / "data")
    for text in [*folder.rglob("*.txt"), *folder.rglob("*.json")]:
        text.unlink()
    for video in folder.rglob("*.mp4"):
        video.with_suffix(".txt").write_text("always the same")
    with pytest.raises(UnusableInput, match=r"2 different captions, but .* has 9 and 1"):
        captioned_clips(str(folder), Bars(), tmp_path / "kept")


def test_a_tenth_is_held_out_by_its_name() -> None:
    keys = tuple(f"clip{index}" for index in range(1000))
    caption = np.arange(1000) % 50
    held = held_out(keys, caption)
    assert 70 <= held.sum() <= 130
    # A clip keeps its side when others come and go.
    assert np.array_equal(held_out(keys[::2], caption[::2]), held[::2])


@pytest.mark.parametrize("caption", [[0] * 7 + [1], [1] + [0] * 7, list(range(8))])
def test_a_small_set_holds_out_one_and_trains_on_two_captions(caption: list[int]) -> None:
    for seed in range(20):
        held = held_out(tuple(f"{seed}-{index}" for index in range(8)), np.array(caption))
        assert 1 <= held.sum() <= 6
        assert len(np.unique(np.array(caption)[~held])) >= 2


def test_negatives_are_of_another_caption_where_nearly_all_share_one() -> None:
    caption = np.array([0] * 60 + [1])
    # A frame is its clip's number.
    latents = np.arange(61, dtype=np.float32)[:, None, None]
    clips = ClipLatents(latents, caption, np.eye(2, dtype=np.float32), positives=np.array([3, 60]))
    drawn = batch(clips, np.random.default_rng(0), 40, 15, near=0.4)
    assert set(drawn.positive.ravel().tolist()) == {3, 60}
    for query, negatives in zip(drawn.query, drawn.negative, strict=True):
        assert (caption[negatives.ravel().astype(int)] != query.argmax()).all()


def test_a_checkpoint_of_another_run_is_forgotten(tmp_path: Path) -> None:
    for about, stays in (("a", False), ("a", True), ("b", False)):
        (tmp_path / "checkpoint.safetensors").touch()
        begin_anew_if_other(tmp_path, about)
        assert (tmp_path / "checkpoint.safetensors").exists() == stays


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    options = ["--steps", "60", "--hidden", "16", "--negatives", "3", "--batch", "8", "--device", "cpu"]
    assert run(["train", "alignment", "--data", str(data), "--out", str(out), *options]) == 0
    return out


def test_the_network_of_own_clips_comes_with_card_log_and_encoder(trained: Path) -> None:
    assert {file.name for file in trained.iterdir()} == {NETWORK_FILE, "README.md", "training.csv", "training.svg"}
    card = (trained / "README.md").read_text()
    assert "3 different\ncaptions" in card
    assert f"{math.log(4):.2f}" in card
    assert read_trained_for(trained).identity == encoders.load().identity


def solve(weights: Path, out: Path, *arguments: str) -> int:
    return run(["solve", *arguments, "--alignment", "learned", "--weights", str(weights), "--out", str(out)])


def test_solve_uses_those_weights_with_their_encoder(trained: Path, small_clip: Path, tmp_path: Path, capsys) -> None:
    clip = (str(small_clip), "--query", "two bars", "--hide", "30%:60%")
    assert solve(trained, tmp_path / "own.npz", *clip) == 0
    own = json.loads(capsys.readouterr().out)
    assert run(["solve", *clip, "--alignment", "learned", "--out", str(tmp_path / "shipped.npz")]) == 0
    assert own["potential"] != json.loads(capsys.readouterr().out)["potential"]


def test_weights_that_do_not_fit_are_refused(
    trained: Path, small_clip: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    np.savez(tmp_path / "problem.npz", start=np.eye(8)[0], end=np.eye(8)[1], query=np.eye(8)[2])
    assert solve(trained, tmp_path / "p.npz", "--latents", str(tmp_path / "problem.npz")) == 2
    assert "256 numbers, but these have 8" in capsys.readouterr().err
    other = encoders.load()
    other.identity, other.label = "another", "another encoder"
    monkeypatch.setattr(encoders, "load", lambda *_: other)
    assert solve(trained, tmp_path / "p.npz", str(small_clip), "--query", "a", "--hide", "30%:60%") == 2
    assert "not for another encoder" in capsys.readouterr().err
    arguments = ["solve", "--latents", str(tmp_path / "problem.npz"), "--weights", str(trained), "--out", "p.npz"]
    assert run(arguments) == 2
    assert "add --alignment learned" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--data", "somewhere"), ("--encoder", "ViT-B-32/openai")])
def test_the_shipped_network_is_never_written_over(option, capsys) -> None:
    assert run(["train", "alignment", *option]) == 2
    assert "name one with --out" in capsys.readouterr().err


def test_a_caption_in_a_shard_may_be_json(data: Path, tmp_path: Path) -> None:
    video = next(iter(sorted(data.rglob("*.mp4"))))
    members = {"a.MP4": video.read_bytes(), "a.json": json.dumps({"text": " two\n bars "}).encode(), "b.json": b"{}"}
    with tarfile.open(tmp_path / "s.tar", "w") as shard:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            shard.addfile(info, io.BytesIO(content))
    (found,) = samples(str(tmp_path / "s.tar"), Skipped())
    assert (found.key, found.caption, found.video) == ("a", "two bars", members["a.MP4"])


def test_a_caption_that_is_nested_without_end_or_too_long_is_none(tmp_path: Path) -> None:
    for name, text in (("deep.json", "[" * 100_000), ("long.txt", "a red cube " * 100_000)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).with_suffix(".mp4").write_bytes(b"never opened")
    assert [sample.caption for sample in samples(str(tmp_path), Skipped())] == ["", ""]
