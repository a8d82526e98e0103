"""Session files: what is written comes back, and what is damaged, foreign or hostile is refused in a sentence."""

import io
import json
import zipfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.encoders.cache import Embedded
from slap_studio.media.files import content_hash
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput
from slap_studio.session import archive
from slap_studio.session.document import Desk, Document, Picture, Source, kept_clip
from slap_studio.session.file import HEAD, VERSION, find_video, read_session, write_session
from slap_studio.session.pins import PathFigures, Pin, Settings
from slap_studio.session.state import Session

JPEG = b"\xff\xd8\xff"


def latents(count: int, dimension: int = 8, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(count, dimension))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def pinned(number: int, count: int, gap: Gap) -> Pin:
    """A pinned path of so many latents."""
    return Pin(
        number, Settings("a red cube", gap, Physics(), Descent(), AlignmentKind.COSINE),
        PathFigures(1.0, 2.0, 3.0, 4.0, None, 5), latents(count, seed=number), np.arange(count) / 10,
        np.ones(count - 1), np.ones(count), np.ones(count - 1),
    )  # fmt: skip


def document(session: Session | None = None, frames: int = 12, **changes: object) -> Document:
    embedded = Embedded(
        np.arange(frames) / 10, latents(frames), tuple(JPEG + bytes(range(index + 1)) for index in range(frames)),
        frames / 10,
    )  # fmt: skip
    picture = Picture(160, 90, frames / 10, 10.0, "h264", 1, 0)
    default = Document(
        session
        or Session(
            video=Path("/videos/tunnel.mp4"), query="a red cube", gap=Gap(0.2, 0.7), pins=(pinned(1, 6, Gap(0.2, 0.7)),)
        ),
        Source("0" * 64),
        kept_clip(embedded, picture, "built-in encoder", "an identity"),
        desk=Desk({"globe/azimuth": 12.5}, bytes(range(256))),
    )
    return replace(default, **changes)


def same(one: object, other: object) -> bool:
    """Equal, arrays entry by entry."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    return type(one) is type(other) and one == other


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "work.slap"
    write_session(path, document())
    return path


NUMBERS = st.floats(1e-6, 1e6)
SESSIONS = st.builds(
    Session,
    video=st.sampled_from([Path("/videos/ein Tünnel.mp4"), Path("/films/a b/\udcff.mp4")]),
    encoder=st.text(st.characters(exclude_characters="\0"), max_size=20),
    query=st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=40),
    gap=st.sampled_from([None, Gap(0.1, 0.5), Gap(0.25, 0.93)]),
    physics=st.builds(Physics, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(Kinetic)),
    descent=st.builds(Descent, st.integers(0, 100), NUMBERS),
    alignment=st.sampled_from(AlignmentKind),
    candidates=st.sampled_from([(), ("a red cube", "a blue ball")]),
    revealed=st.booleans(),
    compared=st.booleans(),
    as_filmed=st.booleans(),
    horizon=st.integers(100, 5000),
    cursor=st.floats(0, 10),
)


@given(session=SESSIONS, frames=st.integers(11, 40), pins=st.integers(0, 3), layout=st.binary(max_size=50))
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, session: Session, frames: int, pins: int, layout: bytes
) -> None:
    kept = tuple(pinned(1 + index, 4 + index, Gap(0.1, 0.5)) for index in range(pins))
    whole = document(replace(session, pins=kept), frames, desk=Desk({"a/b": -0.1}, layout), seed=3, saved_at="now")
    path = tmp_path_factory.mktemp("session") / "w.slap"
    write_session(path, whole)
    back = read_session(path)
    assert same(replace(back, source=whole.source), whole)
    assert back.clip.pictures[0] == JPEG + b"\0"
    first = path.read_bytes()
    write_session(path, back)
    assert path.read_bytes() == first


def test_the_arrays_are_numpys_own_and_no_pickle(written: Path) -> None:
    with np.load(written, allow_pickle=False) as arrays:
        assert arrays["clip/latents"].shape == (12, 8)


@settings(max_examples=400)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_reads_the_same(written: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = written.read_bytes()
    if data.draw(st.booleans(), label="cut"):
        spoilt = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        edited = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 4))):
            # Half of them where the zip says what is in it: that is a small part of the file.
            low = data.draw(st.sampled_from([0, len(whole) - 800]))
            edited[data.draw(st.integers(low, len(whole) - 1))] = data.draw(st.integers(0, 255))
        spoilt = bytes(edited)
    other = tmp_path / "spoilt.slap"
    other.write_bytes(spoilt)
    read, said = None, ""
    try:
        read = read_session(other)
    except UnusableInput as problem:
        said = str(problem)
    if read is None:
        assert said.startswith("spoilt.slap ")
        assert "\n" not in said
    else:
        assert same(read, read_session(written))


def rewritten(path: Path, change, name: str = HEAD) -> Path:
    """The same archive with one member's bytes changed, its check sums right."""
    with zipfile.ZipFile(path) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    members[name] = change(members.get(name, b""))
    archive.write_archive(path, members)
    return path


def edited(path: Path, *keys: object, value: object) -> Path:
    """The same archive with one entry of its JSON set."""

    def change(data: bytes) -> bytes:
        head = json.loads(data)
        at = head
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = value
        return json.dumps(head).encode()

    return rewritten(path, change)


@pytest.mark.parametrize(
    ("keys", "value", "says"),
    [
        (("version",), VERSION + 1, "newer SLAP Studio"),
        (("version",), "1", "no session"),
        (("format",), "another", "no session"),
        (("session", "physics", "coupling"), -1, "coupling λ must be"),
        (("session", "physics", "coupling"), "0.5", "session/physics/coupling"),
        (("session", "physics", "coupling"), float("nan"), "cannot be read"),
        (("session", "physics", "coupling"), 10**400, "session/physics/coupling"),
        (("session", "physics", "kinetic"), "warp", "session/physics/kinetic"),
        (("session", "descent", "steps"), 2.5, "session/descent/steps"),
        (("session", "descent", "steps"), True, "session/descent/steps"),
        (("session", "descent", "steps"), 200, "more steps than it solves"),
        (("session", "horizon"), 10**9, "out of bounds"),
        (("session", "candidates"), ["one"], "one text"),
        (("session", "candidates"), "ab", "session/candidates"),
        (("session", "gap"), {"start": 0.7, "end": 0.2}, "reversed"),
        (("session", "gap"), {"start": 0.2, "end": 99}, "outside the clip"),
        (("session", "gap"), {"start": 0.2}, "session/gap"),
        (("session", "query"), 7, "session/query"),
        (("session", "query"), "x" * 30_000, "session/query"),
        (("session", "revealed"), 1, "session/revealed"),
        (("session", "video"), None, "names no video"),
        (("session", "unheard_of"), 1, "'session'"),
        (("session",), [], "'session'"),
        (("source", "content"), "abc", "check sum"),
        (("clip", "latents"), {"array": "../../etc/passwd"}, "clip/latents"),
        (("clip", "latents"), {"array": "clip/times.npy"}, "belong to nothing|one latent for each frame"),
        (("clip",), None, "belong to nothing"),
        (("session", "pins"), {}, "session/pins"),
        (("desk", "layout"), "not base 64!", "desk/layout"),
        (("desk", "camera"), {"globe/azimuth": "12"}, "desk/camera/globe/azimuth"),
        (("desk",), ["view"], "'desk'"),
    ],
)
def test_an_edited_file_is_refused_in_a_sentence_that_says_where(
    written: Path, keys: tuple[str, ...], value: object, says: str
) -> None:
    with pytest.raises(UnusableInput, match=says) as refused:
        read_session(edited(written, *keys, value=value))
    assert str(refused.value).startswith("work.slap ")


def test_what_an_older_program_said_twice_is_passed_over(written: Path) -> None:
    before = read_session(written)
    assert same(read_session(edited(written, "desk", "view", value="globe")), before)
    with pytest.raises(UnusableInput, match="'desk'"):
        read_session(edited(written, "desk", "mood", value="globe"))


def _npy(array: np.ndarray, **how: object) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    ("member", "array", "says"),
    [
        ("clip/latents.npy", latents(12) * 1.1, "not of length one"),
        ("clip/latents.npy", np.where(np.arange(8) < 1, np.nan, latents(12)), "not finite"),
        ("clip/latents.npy", latents(11), "one latent for each frame"),
        ("clip/latents.npy", latents(12).astype(np.float16), "kind or a shape"),
        ("clip/latents.npy", np.asfortranarray(latents(12)), "kind or a shape"),
        ("clip/times.npy", np.arange(12)[::-1] / 10, "do not ascend"),
        ("clip/times.npy", np.float64(1.0), "too few frames"),
        ("clip/times.npy", np.arange(12) - 1.0, "outside its clip"),
        ("clip/thumbnail_ends.npy", np.arange(12) + 1, "thumbnails are damaged"),
        ("clip/thumbnail_ends.npy", np.full(12, 2**62), "thumbnails are damaged"),
        ("session/pins/0/latents.npy", latents(6, 9), "another length"),
        ("session/pins/0/latents.npy", np.ones((6, 8), np.float32), "not of length one"),
    ],
)
def test_arrays_that_no_session_has_are_refused(written: Path, member: str, array: np.ndarray, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        read_session(rewritten(written, lambda _data: _npy(np.asarray(array)), member))


def test_nothing_is_unpickled(written: Path, tmp_path: Path) -> None:
    class Burglar:
        def __reduce__(self) -> object:
            return (Path.touch, (tmp_path / "was here",))

    loot = _npy(np.array([Burglar()], dtype=object), allow_pickle=True)
    (tmp_path / "was here").unlink(missing_ok=True)
    with pytest.raises(UnusableInput, match="kind or a shape"):
        read_session(rewritten(written, lambda _data: loot, "clip/latents.npy"))
    assert not (tmp_path / "was here").exists()


@pytest.mark.parametrize("shape", [(10**10, 8), (12, 7), (12, 9), (-12, -8), (2**70, 8), (12, 8, 1, 1)])
def test_an_array_that_claims_another_size_than_it_has_takes_no_memory(written: Path, shape: tuple[int, ...]) -> None:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    claim = file.getvalue() + latents(12).tobytes()
    with pytest.raises(UnusableInput, match="kind or a shape"):
        read_session(rewritten(written, lambda _data: claim, "clip/latents.npy"))


@pytest.mark.parametrize("name", ["../evil.npy", "/etc/evil.npy", "a/../../evil.npy", "C:/evil.npy", "a\\b.npy", "./x"])
def test_members_with_names_that_lead_elsewhere_are_refused(written: Path, name: str) -> None:
    with zipfile.ZipFile(written, "a") as file:
        file.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(UnusableInput, match="as no session does"):
        read_session(written)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_belongs_to_nothing_or_is_there_twice_is_refused(written: Path) -> None:
    before = written.read_bytes()
    for name in ("more.npy", HEAD):
        written.write_bytes(before)
        with zipfile.ZipFile(written, "a") as file:
            file.writestr(name, b"x")
        with pytest.raises(UnusableInput, match="damaged"):
            read_session(written)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.slap"
    zeros = bytes(1 << 20)
    packing = zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packing as file, file.open(HEAD, "w", force_zip64=True) as stream:
        for _ in range(300):
            stream.write(zeros)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_arguments, **_named: pytest.fail("it was unpacked"))
    with pytest.raises(UnusableInput, match="unpack to more"):
        read_session(bomb)


def test_a_member_that_lies_about_its_size_is_read_no_further(tmp_path: Path) -> None:
    liar = tmp_path / "liar.slap"
    with zipfile.ZipFile(liar, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(HEAD, bytes(5 << 20))
    told = liar.read_bytes().replace((5 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    liar.write_bytes(told)
    with pytest.raises(UnusableInput, match="damaged"):
        read_session(liar)


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_are_refused(tmp_path: Path, how: int) -> None:
    path = tmp_path / "packed.slap"
    with zipfile.ZipFile(path, "w", how) as file:
        file.writestr(HEAD, b"{}")
    with pytest.raises(UnusableInput, match="packed in a way"):
        read_session(path)


def test_huge_files_folders_and_others_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.slap"
    with huge.open("wb") as file:
        file.write(b"PK")
        file.truncate(archive.LARGEST_FILE + 1)
    text = tmp_path / "text.slap"
    text.write_text("a red cube")
    deep = tmp_path / "deep.slap"
    archive.write_archive(deep, {HEAD: b"[" * 100_000})
    for path, says in ((huge, "more than any session"), (text, "no session"), (deep, "cannot be read"),
                       (tmp_path, "folder"), (tmp_path / "none.slap", "no file")):  # fmt: skip
        with pytest.raises(UnusableInput, match=says):
            read_session(path)


def test_a_file_that_cannot_be_written_leaves_the_old_one(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written.read_bytes()

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(UnusableInput, match="No space left"):
        write_session(written, document(Session(video=Path("/videos/other.mp4"))))
    assert written.read_bytes() == before
    assert list(written.parent.iterdir()) == [written]


def test_a_video_that_moved_with_its_session_is_found_and_another_one_of_the_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "clips").mkdir(parents=True)
    video = first / "clips" / "tunnel.mp4"
    video.write_bytes(b"the very film")
    work = first / "work.slap"
    write_session(work, document(Session(video=video), source=Source(content_hash(video))))
    assert find_video(read_session(work), work) == video
    monkeypatch.chdir(first)
    write_session(work, document(Session(video=Path("clips/tunnel.mp4")), source=Source(content_hash(video))))
    assert read_session(work).session.video == video
    monkeypatch.chdir(tmp_path)
    first.rename(second)
    moved = second / "work.slap"
    assert find_video(read_session(moved), moved) == second / "clips" / "tunnel.mp4"
    (second / "clips" / "tunnel.mp4").rename(second / "tunnel.mp4")
    assert find_video(read_session(moved), moved) == second / "tunnel.mp4"
    (second / "tunnel.mp4").write_bytes(b"another film")
    assert find_video(read_session(moved), moved) is None
