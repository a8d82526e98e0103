"""The copied command line: run as it is, it gives the path that is drawn."""

import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run
from slap_studio.core.types import AlignmentKind, Kinetic
from slap_studio.export.command_line import command
from slap_studio.export.subject import Subject
from slap_studio.live import LiveAnswer, LiveRequest, LiveSolver
from slap_studio.session.state import Session


def session_of(request: LiveRequest, video: Path) -> Session:
    return Session(
        video=video, query=request.query, gap=request.gap, physics=request.physics, descent=request.descent,
        alignment=request.alignment,
    )  # fmt: skip


def run_in(folder: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    monkeypatch.chdir(folder)
    name, *arguments = shlex.split(line)
    assert name == "slap-studio"
    assert run(arguments) == 0
    (written,) = folder.glob("*-path.npz")
    with np.load(written, allow_pickle=False) as stored:
        return stored["latents"]


def drawn(request: LiveRequest, encoder) -> LiveAnswer:
    return LiveSolver("cpu").answer(request, encoder)


@pytest.mark.parametrize("alignment", list(AlignmentKind))
@pytest.mark.parametrize("kinetic", list(Kinetic))
def test_the_command_gives_the_path_that_is_drawn(
    alignment: AlignmentKind, kinetic: Kinetic, request_, encoder, tmp_path: Path, monkeypatch, capsys
) -> None:
    physics = replace(request_.physics, kinetic=kinetic, coupling=1 / 3, mass=1.7, time_step=0.9)
    asked = replace(request_, physics=physics, alignment=alignment)
    line = command(session_of(asked, request_.clip.info.path), "cpu", windows=False)
    found = run_in(tmp_path, line, monkeypatch)
    assert found == pytest.approx(drawn(asked, encoder).latents, abs=1e-6)
    # Another λ would have given another path.
    other = drawn(replace(asked, physics=replace(physics, coupling=0.5)), encoder)
    assert np.abs(found - other.latents).max() > 1e-4


@pytest.mark.parametrize("name", ["it's a “clip” of $HOME;.mp4", "-two  spaces & more\\.mp4", 'quote".mp4'])
def test_odd_file_names_and_queries_survive_the_shell(
    name: str, subject: Subject, encoder, tmp_path: Path, monkeypatch, capsys
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    request = replace(subject.answer.request, query="-a 'red' cube\n\"$x\" `y`")
    video = Path(shutil.copy(request.clip.info.path, folder / name))
    found = run_in(folder, command(session_of(request, video), "cpu", windows=False), monkeypatch)
    assert found == pytest.approx(drawn(request, encoder).latents, abs=1e-6)


def test_an_empty_window_has_no_command() -> None:
    with pytest.raises(ValueError, match="needs a clip"):
        command(Session(), "cpu")


def test_windows_has_quotes_of_its_own(request_) -> None:
    line = command(session_of(request_, Path("/a folder/clip.mp4")), "cpu", windows=True)
    assert '"--query=a red cube"' in line
    assert 'clip.mp4" ' in line
    assert "'" not in line
