"""A file's name for its content, and writing that leaves either the whole file or what was there."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from slap_studio.media.files import content_hash, replacing, require_regular_file
from slap_studio.problems import Cancelled, UnusableInput


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def half_written(path: Path, failure: BaseException) -> None:
    with replacing(path) as part:
        part.write_bytes(b"half")
        raise failure


def test_the_hash_is_sha256_of_the_content_whatever_the_name(tmp_path: Path) -> None:
    for name in ("a.bin", "ein Name mit – 隧道.mp4"):
        (tmp_path / name).write_bytes(b"abc")
        # The first example of FIPS 180-2, appendix B.1.
        assert content_hash(tmp_path / name) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: os.mkfifo(path), "pipe"),
    ],
)
def test_what_is_no_ordinary_file_is_refused_without_opening_it(
    tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    for use in (require_regular_file, content_hash):
        with pytest.raises(UnusableInput, match=says):
            use(path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_no_file_can_have_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput):
        content_hash(tmp_path / name)
    with pytest.raises(UnusableInput), replacing(tmp_path / name):
        pytest.fail("nothing can be written there")
    assert names(tmp_path) == []


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UnusableInput, match="permissions"):
        content_hash(path)


def test_the_file_appears_whole_in_a_folder_that_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "out.npz"
    with replacing(path) as part:
        assert (part.parent, part.suffix) == (path.parent, ".npz")
        part.write_bytes(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert names(path.parent) == ["out.npz"]


def test_the_temporary_ending_can_be_chosen(tmp_path: Path) -> None:
    with replacing(tmp_path / "out", suffix=".mp4") as part:
        assert part.suffix == ".mp4"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("failure", [RuntimeError("ours"), Cancelled(), KeyboardInterrupt()])
def test_a_failure_leaves_what_was_there(tmp_path: Path, failure: BaseException) -> None:
    path = tmp_path / "out.npz"
    path.write_bytes(b"before")
    with pytest.raises(type(failure)):
        half_written(path, failure)
    assert names(tmp_path) == ["out.npz"]
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_or_read_only_disk_is_a_sentence_with_the_folder(tmp_path: Path, code: int) -> None:
    path = tmp_path / "out.npz"
    path.write_bytes(b"before")
    with pytest.raises(UnusableInput, match=tmp_path.name):
        half_written(path, OSError(code, os.strerror(code)))
    assert names(tmp_path) == ["out.npz"]
    assert path.read_bytes() == b"before"


def test_an_error_about_another_file_stays_itself(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "out.npz"):
        (tmp_path / "input that is missing").read_bytes()
    assert names(tmp_path) == []


def test_a_file_where_the_folder_should_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "file" / "out.npz", tmp_path / "file" / "deeper" / "out.npz"):
        with pytest.raises(UnusableInput, match="no folder"), replacing(path):
            pytest.fail("nothing can be written there")
    assert names(tmp_path) == ["file"]


def test_a_folder_or_a_pipe_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(UnusableInput, match="not overwritten"), replacing(tmp_path / name):
            pytest.fail("nothing can be written there")
    assert names(tmp_path) == ["folder", "pipe"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UnusableInput, match=tmp_path.name), replacing(tmp_path / "out.npz"):
            pytest.fail("nothing can be written there")
    finally:
        tmp_path.chmod(0o700)
