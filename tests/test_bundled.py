"""What differs in the built program, as far as it shows without building it: see tests/bundle_tests for the rest."""

import ast
import os
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from slap_studio import bundled, diagnosis
from slap_studio.app import map_process
from slap_studio.diagnosis import PACKAGES
from slap_studio.export import command_line
from slap_studio.tunnel_test import report

ROOT = Path(__file__).parents[1]


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


def test_the_recipe_takes_along_every_version_that_is_named() -> None:
    """In the built program a version is known by the metadata that lies in its folder, and nothing else."""
    recipe = ast.parse((ROOT / "app.spec").read_text(encoding="utf-8"))
    (versions,) = (node for node in recipe.body if isinstance(node, ast.FunctionDef) and node.name == "versions")
    names = {"PACKAGES": PACKAGES, "suppress": suppress, "metadata": metadata, "copy_metadata": lambda name: [name]}
    exec(compile(ast.Module([versions], []), "app.spec", "exec"), names)  # noqa: S102 (the project's own recipe)
    taken = set(names["versions"]())  # type: ignore[operator]
    told = {line.split()[0] for line in diagnosis._versions() if not line.endswith("–")}
    assert "PySide6-Essentials" in told
    assert told | set(report._VERSIONS) == taken
    used = {name.id for name in ast.walk(recipe) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}
    assert "versions" in used
    assert set(diagnosis.PACKAGES) >= taken - {"torchdiffeq", "torchcde"}


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
