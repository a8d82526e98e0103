"""What differs in the built program, as far as it shows without building it: see tests/bundle_tests for the rest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slap_studio import bundled
from slap_studio.app import map_process
from slap_studio.export import command_line


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As if this were the built program, which lies in a folder with a space and other signs."""
    program = tmp_path / "šíp 影" / "slap-studio"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


def test_the_program_starts_itself() -> None:
    told = subprocess.run([*bundled.own_command(), "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("SLAP Studio ")


def test_the_built_program_is_its_own_interpreter(built: Path) -> None:
    assert bundled.own_command() == [str(built)]
    assert command_line.program() == str(built)
    built.parent.mkdir()
    printing = built.with_name("slap-studio-console.exe")
    printing.touch()
    assert command_line.program() == str(printing)


@pytest.mark.parametrize("before", [None, "/opt/theirs"])
def test_what_it_starts_finds_the_systems_libraries(
    built: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/the/folder/_internal")
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    bundled.prepare()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_a_program_without_a_console_has_somewhere_to_print(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    bundled.prepare()
    assert sys.stdout.writable()  # to print to no stream at all is silent as well
    assert sys.stderr.writable()
    with sys.stdout:
        print("nobody reads this")
        print("nor this", file=sys.stderr)


def test_what_umap_compiled_is_kept_by_the_user_and_never_in_the_programs_folder(
    built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    map_process._give_the_compiler_a_place()
    place = Path(os.environ["NUMBA_CACHE_DIR"])
    assert place.is_dir()
    if sys.platform == "linux":
        assert place == tmp_path / "cache" / "slap-studio" / "compiled"


def test_where_nothing_may_be_kept_umap_compiles_all_the_same(
    built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file stands where the caches should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    map_process._give_the_compiler_a_place()
    place = Path(os.environ["NUMBA_CACHE_DIR"])
    (place / "a file").touch()
    assert tmp_path not in place.parents
