"""Exports of the real window: what the menu writes, what it says where it cannot, and the command line it copies."""

import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PIL import Image
from PySide6.QtGui import QGuiApplication

from slap_studio.app import dialogs
from slap_studio.cli import run
from slap_studio.core.types import AlignmentKind, Kinetic
from slap_studio.export import figures, motion
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def ask(studio: Studio, name: str) -> None:
    """Choose an action of the menu by its name."""
    studio.window.menus.run(next(action for action in studio.window.menus.actions if action.name == name))


def export(studio: Studio, name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose an export, name a file in its dialog, wait until it is done."""
    monkeypatch.setattr(dialogs, "ask_where", lambda window, title, suggested, endings: path)
    ask(studio, f"file.export.{name}")
    studio.wait(lambda: studio.controller.exporting.idle)


def test_figures_tables_and_the_window_are_written_where_the_dialog_says(
    opened: Studio, tmp_path: Path, monkeypatch
) -> None:
    asked: list[tuple[str, Path, tuple[str, ...]]] = []
    monkeypatch.setattr(dialogs, "ask_where", lambda window, *rest: asked.append(rest))
    ask(opened, "file.export.map")
    assert opened.controller.exporting.idle
    assert asked[0][0] == "Export: Map"
    assert (asked[0][1].name, asked[0][2]) == ("small-map.svg", (".svg", ".png"))
    export(opened, "map", tmp_path / "map.svg", monkeypatch)
    assert "PCA axis 1 (no unit)" in (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "map.svg is written in" in opened.window.message.text
    export(opened, "archive", tmp_path / "path.npz", monkeypatch)
    with np.load(tmp_path / "path.npz", allow_pickle=False) as stored:
        assert np.array_equal(stored["latents"], opened.answers[-1].latents)
    export(opened, "window", tmp_path / "window.png", monkeypatch)
    with Image.open(tmp_path / "window.png") as image:
        ratio = opened.window.devicePixelRatio()
        assert image.size == (round(1280 * ratio), round(800 * ratio))
        assert "a red cube" in image.info["Description"]
        assert len(np.unique(np.asarray(image.convert("L")))) > 50


def test_everything_goes_into_a_folder_and_what_is_revealed_too(opened: Studio, tmp_path: Path, monkeypatch) -> None:
    exporting = opened.controller.exporting
    ask(opened, "file.export.drift")
    assert "switch Reveal or Compare on" in opened.window.message.text
    opened.controller.choosing.toggle_reveal()
    opened.wait(lambda: exporting.subject().comparison is not None)
    # Each figure is drawn by tests of its own; here a few are enough.
    drawings = {name: figures.DRAWINGS[name] for name in ("readout", "drift", "sweep")}
    monkeypatch.setattr(figures, "DRAWINGS", drawings)
    monkeypatch.setattr(dialogs, "ask_for_folder", lambda window, title, suggested: tmp_path)
    ask(opened, "file.export.all")
    opened.wait(lambda: exporting.idle)
    expected = {f"small-{name}{ending}" for name in ("readout", "drift") for ending in (".svg", ".png")}
    assert {path.name for path in tmp_path.iterdir()} == expected | {
        "small-path.csv", "small-steps.csv", "small-path.npz",
    }  # fmt: skip
    assert "7 files are written" in opened.window.message.text


def test_a_motion_is_stopped_from_the_menu_and_the_next_export_is_written(
    opened: Studio, tmp_path: Path, monkeypatch
) -> None:
    exporting = opened.controller.exporting
    monkeypatch.setattr(motion, "FEWEST", motion.MOST)
    monkeypatch.setattr(dialogs, "ask_where", lambda window, title, suggested, endings: tmp_path / "m.mp4")
    ask(opened, "file.export.motion.time")
    monkeypatch.setattr(dialogs, "ask_where", lambda window, title, suggested, endings: tmp_path / "m.gif")
    ask(opened, "file.export.motion.steps")
    opened.wait(lambda: 0 < (exporting.task.share or 0) < 1)
    assert exporting.task.name == "Exporting m.mp4"
    ask(opened, "file.export.cancel")
    assert exporting.idle
    assert not exporting.task.running
    export(opened, "curves", tmp_path / "steps.csv", monkeypatch)
    # The lane has one worker: what was stopped is gone once the next is written.
    assert [path.name for path in tmp_path.iterdir()] == ["steps.csv"]


def test_what_cannot_be_written_is_a_sentence_and_the_work_goes_on(opened: Studio, tmp_path: Path, monkeypatch) -> None:
    tmp_path.joinpath("a file").write_text("kept")
    before = opened.session
    for name, ending in (("map", "svg"), ("latents", "csv"), ("window", "png"), ("motion.steps", "gif")):
        opened.window.message.hide()
        export(opened, name, tmp_path / "a file" / f"x.{ending}", monkeypatch)
        assert "choose another folder" in opened.window.message.text
    assert opened.session == before
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


def test_without_a_path_there_is_nothing_to_export(studio: Studio) -> None:
    for name in ("file.export.map", "file.export.all", "edit.copy_command"):
        studio.window.message.hide()
        ask(studio, name)
        assert "no path to export yet" in studio.window.message.text


def test_the_copied_command_line_gives_the_path_that_is_drawn(
    studio: Studio, small_clip: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    studio.open(Path(shutil.copy(small_clip, folder / 'a "clip" & more.mp4')))
    for kinetic, alignment in ((Kinetic.GEODESIC, AlignmentKind.COSINE), (Kinetic.CHORD, AlignmentKind.LEARNED)):
        studio.controller.choosing.kinetic(kinetic.value)
        studio.controller.choosing.alignment(alignment.value)
        studio.controller.choosing.steps(33)
        studio.drag_slider(studio.space.physics.coupling.slider, [0.6, 0.7])
        drawn = studio.settle()
        ask(studio, "edit.copy_command")
        line = QGuiApplication.clipboard().text()
        assert run(shlex.split(line)[1:]) == 0
        with np.load(folder / 'a "clip" & more-path.npz', allow_pickle=False) as stored:
            assert stored["latents"] == pytest.approx(drawn.latents, abs=1e-6)
            assert stored["times"] == pytest.approx(drawn.posed.times)
        assert (drawn.request.physics.kinetic, drawn.request.alignment) == (kinetic, alignment)
