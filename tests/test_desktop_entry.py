"""The menu entry on Linux: installed for one user, found by what lists programs, and taken away again."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slap_studio.resources import assets

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")
SCRIPT = assets() / "desktop" / "desktop-entry.sh"


def entry(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    words = ["sh", str(SCRIPT), *arguments]
    return subprocess.run(words, env=os.environ | {"XDG_DATA_HOME": str(data)}, text=True, capture_output=True)


def program_at(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def read(file: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(file.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def words_of(exec_value: str) -> list[str]:
    """The words of an Exec key as its specification reads them: the escapes of any value, then quotes, then %%."""
    value = re.sub(r"\\(.)", lambda found: {"s": " ", "n": "\n", "t": "\t"}.get(found[1], found[1]), exec_value)
    words = [
        re.sub(r'\\(["`$\\])', r"\1", quoted) if quoted else plain
        for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', value)
    ]
    return [word.replace("%%", "%") for word in words]


def test_the_entry_starts_the_program_wherever_it_lies(tmp_path: Path) -> None:
    program = program_at(tmp_path / 'šíp a 影 50% $HOME `x` "y" \\z' / "slap-studio")
    done = entry("install", str(program), data=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    written = read(tmp_path / "data/applications/slap-studio.desktop")
    assert words_of(written["Exec"]) == [str(program), "%f"]
    shipped = read(assets() / "desktop/slap-studio.desktop")
    assert {**shipped, "Exec": ""} == {**written, "Exec": ""}


def test_the_entry_opens_the_five_kinds_of_video_and_sessions(tmp_path: Path) -> None:
    assert entry("install", str(program_at(tmp_path / "p/slap-studio")), data=tmp_path / "data").returncode == 0
    kinds = set(read(tmp_path / "data/applications/slap-studio.desktop")["MimeType"].strip(";").split(";"))
    of_ending = {
        "mp4": {"video/mp4"},
        "mov": {"video/quicktime"},
        "mkv": {"video/matroska", "video/x-matroska"},
        "webm": {"video/webm"},
        "avi": {"video/vnd.avi", "video/x-msvideo"},
        "slap": {"application/x-slap-session"},
    }
    assert kinds == set().union(*of_ending.values())
    assert 'glob pattern="*.slap"' in (tmp_path / "data/mime/packages/slap-studio.xml").read_text()
    if shutil.which("update-mime-database"):
        assert ":application/x-slap-session:*.slap" in (tmp_path / "data/mime/globs2").read_text()
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", tmp_path / "data/applications/slap-studio.desktop"], check=True)


def test_uninstalling_leaves_nothing_of_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert entry("install", str(program_at(tmp_path / "p/slap-studio")), data=data).returncode == 0
    icons = {path.relative_to(data / "icons/hicolor").parts[0] for path in data.glob("icons/hicolor/*/apps/slap*")}
    assert {"16x16", "32x32", "48x48", "256x256", "scalable"} <= icons
    assert entry("uninstall", data=data).returncode == 0
    left = [path for path in data.rglob("*") if path.is_file() and "slap" in path.name]
    assert left == []
    assert not any("slap" in path.read_text() for path in data.glob("mime/globs*"))


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = entry("install", str(tmp_path / "nowhere/slap-studio"), data=tmp_path / "data")
    assert done.returncode == 2
    assert "was not found" in done.stderr
    assert not (tmp_path / "data/applications").exists()
