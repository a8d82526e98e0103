"""What the real window shows: its views, its look, its map."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from slap_studio.app.main import make_studio
from slap_studio.compare import Truth
from slap_studio.methods import catalogue
from slap_studio.tunnel.samples import SAMPLES
from tests.window_tests.studio import Studio, typed

pytestmark = pytest.mark.window


def test_a_click_on_the_map_goes_to_the_frame_or_latent_under_it(opened: Studio) -> None:
    stage, answer = opened.space.stage.stage, opened.answers[-1]
    clip, places = answer.request.clip, answer.request.picture.places
    opened.rest()
    for frame in (answer.posed.observed[2], answer.posed.observed[-3]):
        where = stage.to_screen(places[frame]).toPoint()
        QTest.mouseClick(stage.picture, Qt.MouseButton.LeftButton, pos=where)
        cursor = opened.session.cursor
        # Marks may lie over one another: whatever was taken lies where the click was.
        marks = [places[index] for index in answer.posed.observed if clip.times[index] == cursor]
        marks += [place for place, time in zip(answer.places, answer.posed.times, strict=True) if time == cursor]
        assert min((stage.to_screen(mark) - where).manhattanLength() for mark in marks) <= 14


def test_the_lights_tell_by_shape_and_sentence_what_holds_on_the_path(opened: Studio) -> None:
    lights = opened.space.physics.lights
    opened.wait(lambda: len(lights.lamps) == 7)
    told = {lamp.light.word: lamp for lamp in lights.lamps}
    assert told["step is stable"].light.holds is True
    assert told["stationary"].light.holds is False
    assert "α·h_max" in told["step is stable"].toolTip()
    shape = told["step is stable"].grab().toImage()
    typed(opened.space.physics.step_size.field, "0.9")
    opened.wait(lambda: told["step is stable"].light.holds is False)
    assert "overshoot" in told["step is stable"].toolTip()
    assert told["step is stable"].grab().toImage() != shape
    # Of a path that has not been measured yet nothing is claimed.
    title, ask = lights.findChildren(QLabel)[0], opened.controller.measuring.lanes["measure"].ask
    opened.wait(lambda: title.text() == "Certificates of this path")
    opened.controller.measuring.lanes["measure"].ask = lambda answer: None
    bright = told["step is stable"].grab().toImage()
    typed(opened.space.physics.step_size.field, "0.8")
    opened.wait(lambda: title.text() == "Certificates of the path before")
    assert told["step is stable"].grab().toImage() != bright
    assert "twins: …" in [line.text() for line in opened.space.stage.regime.findChildren(QLabel)]
    opened.controller.measuring.lanes["measure"].ask = ask
    opened.controller.measuring.look_again()
    opened.wait(lambda: title.text() == "Certificates of this path")
    assert told["step is stable"].grab().toImage() == bright
    # The true minimum lies on the map between the very same anchors.
    assert opened.space.stage.stage._least[[0, -1]] == pytest.approx(opened.answers[-1].places[[0, -1]], abs=1e-6)


def test_the_bifurcation_shows_where_descents_settle_and_a_click_takes_its_coupling(opened: Studio) -> None:
    stage = opened.space.stage
    (button,) = (b for b in stage.findChildren(QPushButton) if b.text() == "Bifurcation")
    with opened.qtbot.waitSignal(opened.controller.measuring.branched, timeout=60_000) as found:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert stage.bifurcation.isVisible()
    assert not stage.stage.isVisible()
    branches = found.args[0]
    spread = np.ptp(branches.heights, axis=1)
    unstable = branches.couplings * 0.01 > 2.5
    assert spread[(branches.couplings > 8) & (branches.couplings < 100)].max() < 1e-3
    assert spread[unstable].max() > 0.05
    box = stage.bifurcation.plot.getPlotItem().getViewBox()
    where = stage.bifurcation.plot.mapFromScene(box.mapViewToScene(QPointF(2.0, 0.0)))
    QTest.mouseClick(stage.bifurcation.plot.viewport(), Qt.MouseButton.LeftButton, pos=where)
    opened.wait(lambda: opened.session.physics.coupling == pytest.approx(100, rel=0.05))
    # No object was made for each of its thousands of points: pyqtgraph's are never freed.
    assert not any(stage.bifurcation._points.data["item"])
    (back,) = (b for b in stage.findChildren(QPushButton) if b.text() == "Map")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert stage.stage.isVisible()


def test_the_theme_changes_every_part_and_is_remembered(opened: Studio) -> None:
    dark = opened.window.grab().toImage()
    opened.controller.looks.choose_theme("light")
    opened.rest()
    light = opened.window.grab().toImage()
    for point in (QPoint(20, 60), QPoint(640, 640), QPoint(1200, 300)):
        assert dark.pixelColor(point).lightnessF() < 0.3
        assert light.pixelColor(point).lightnessF() > 0.7
    assert opened.controller.settings.theme == "light"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_nothing_is_clipped_and_nothing_overlaps(opened: Studio, theme: str, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QLabel

    opened.controller.looks.choose_theme(theme)
    opened.window.resize(*size)
    opened.rest()
    space = opened.space
    panels = [space.video, space.inspector, space.stage, space.steps, space.time]
    for index, one in enumerate(panels):
        for other in panels[index + 1 :]:
            assert not _frame(one, space).intersects(_frame(other, space)), (one, other)
    for text in space.findChildren(QLabel):
        if text.isVisible() and text.text() and not text.wordWrap():
            assert text.width() >= text.sizeHint().width() - 1, text.text()
            assert text.height() >= text.fontMetrics().height() - 2, text.text()


def test_umap_replaces_the_stand_in_and_moves_no_observed_frame_of_the_path(qapp, qtbot, small_clip: Path) -> None:
    controller = make_studio(qapp, "dark")
    qtbot.addWidget(controller.window)
    controller.window.show()
    studio = Studio(controller, qtbot)
    try:
        studio.open(small_clip)
        assert studio.answers[0].request.picture.kind.value == "PCA"
        assert "PCA stands in" in studio.space.stage.map_note.text()
        qtbot.waitUntil(lambda: studio.answers[-1].request.picture.kind.value == "UMAP", timeout=600_000)
        assert "UMAP" in studio.space.stage.map_note.text()
        answer = studio.settle()
        gap = answer.posed.gap
        assert answer.places[0] == pytest.approx(answer.request.picture.places[gap.before], abs=1e-9)
        assert answer.places[-1] == pytest.approx(answer.request.picture.places[gap.after], abs=1e-9)
    finally:
        controller.close()
        controller.window.close()


def _frame(widget, within):
    frame = widget.rect()
    frame.moveTopLeft(widget.mapTo(within, QPoint(0, 0)))
    return frame


def test_the_readout_takes_the_energies_place_and_a_swap_is_said(studio: Studio) -> None:
    from slap_studio.resources import sample_videos

    studio.open(sample_videos() / "swap.mp4", "a red cube", "30%:60%")
    answer = studio.settle()
    rows = studio.space.time.rows
    assert rows.plot.isVisible()
    rows.curves.choice.setFocus()
    QTest.keyClick(rows.curves.choice, Qt.Key.Key_Down)
    assert rows.readout.isVisible()
    assert not rows.plot.isVisible()
    picture = rows.readout.grab().toImage()
    axis = rows.axis
    times, labels = answer.posed.times, answer.readout.labels
    # The first area fills its share at the first hidden latent, from the bottom.
    x = int(axis.x(float(times[1])) - axis.left)
    height = picture.height() / picture.devicePixelRatio()
    empty = picture.pixelColor(2, int(height / 2))
    assert picture.pixelColor(x, int(height - 8)) != empty
    studio.controller.move_cursor(float(times[1]))
    assert labels[int(answer.readout.shares[1].argmax())] in rows.curves.told.text()
    alarm = studio.space.time._alarm
    assert alarm.text().startswith("▲ in: a red cube, out: a blue ball")
    # Between two things lies what looks like neither.
    assert "near no frame" in alarm.text()
    studio.open(sample_videos() / "tunnel.mp4", "a red cube", "30%:60%")
    studio.settle()
    assert alarm.text() == ""


def test_reveal_and_compare_draw_beside_the_path_and_the_drift_over_it(opened: Studio) -> None:
    rows, beside = opened.space.time.rows, opened.space.stage.beside
    found: list = []
    opened.controller.comparing.compared.connect(found.append)
    opened.window.setFocus()
    opened.press(Qt.Key.Key_R)
    opened.wait(lambda: bool(found))
    assert beside.reveal.isChecked()
    assert rows.curves.shown == "drift"
    assert rows.drift.isVisible()
    assert len(rows.drift.listDataItems()) == 1
    QTest.mouseClick(beside.compare, Qt.MouseButton.LeftButton)
    opened.wait(lambda: len(rows.drift.listDataItems()) == 1 + len(found[-1].others))
    names = [name.text() for name in opened.space.stage.names.others if name.isVisible()]
    assert "SLERP" in names
    # Another path is compared anew; the old comparison does not stay beside it.
    opened.controller.choosing.physics(coupling=2.0)
    # A long solve is shown on its way, and what is compared in the end is the last that is drawn.
    opened.wait(lambda: opened.answers[-1].request.physics.coupling == 2.0 and found[-1].answer is opened.answers[-1])
    assert rows.drift.listDataItems()
    opened.press(Qt.Key.Key_R)
    opened.press(Qt.Key.Key_C)
    assert rows.curves.shown == "energy"
    assert not any(name.isVisible() for name in opened.space.stage.names.others)


def test_where_a_clip_has_both_truths_its_menu_chooses(studio: Studio, small_clip: Path, tmp_path: Path) -> None:
    clip = Path(shutil.copy(small_clip, tmp_path / "clip.mp4"))
    clip.with_suffix(".json").write_text(json.dumps({"scene": SAMPLES["tunnel"].to_json()}), encoding="utf-8")
    studio.open(clip)
    studio.settle()
    found: list = []
    studio.controller.comparing.compared.connect(found.append)
    stage = studio.space.stage
    truths = stage.beside.truths
    assert not truths.isVisible()
    studio.window.resize(1600, 900)
    studio.rest()
    assert stage.look.y() == stage.beside.y()
    studio.press(Qt.Key.Key_C)
    studio.wait(lambda: bool(found) and truths.isVisible())
    studio.rest()
    # Its switch is wider by that; the next one makes room.
    assert stage.beside.width() >= stage.beside.sizeHint().width()
    assert not stage.beside.geometry().intersects(stage.look.geometry())
    studio.press(Qt.Key.Key_C)
    studio.press(Qt.Key.Key_R)
    uncovered, filmed = truths.menu().actions()
    assert uncovered.isChecked()
    filmed.trigger()
    studio.wait(lambda: found[-1].truth is Truth.FILMED)
    assert "as filmed" in studio.space.time.rows.curves.told.toolTip()
    assert filmed.isChecked()
    uncovered.trigger()
    studio.wait(lambda: found[-1].truth is Truth.UNCOVERED)
    assert len(studio.answers) == studio.answers.index(found[-1].answer) + 1  # no path was solved anew


def test_what_a_comparison_had_to_do_without_is_said_once_for_a_clip(
    studio: Studio, small_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Path(shutil.copy(small_clip, tmp_path / "clip.mp4"))
    clip.with_suffix(".json").write_text("{", encoding="utf-8")
    monkeypatch.setattr(catalogue, "tunnel_methods", lambda: tmp_path)
    studio.open(clip)
    studio.settle()
    found: list = []
    studio.controller.comparing.compared.connect(found.append)
    studio.press(Qt.Key.Key_R)
    message = studio.window.message
    studio.wait(lambda: "clip.json beside the clip is damaged" in message.text)
    assert "learn nothing" in message.text
    studio.press(Qt.Key.Key_Escape)
    assert message.text == ""
    studio.controller.choosing.physics(coupling=2.0)
    answer = studio.settle()
    studio.wait(lambda: found[-1].answer is answer)
    assert len(found[-1].notes) == 2
    assert message.text == ""


def test_latents_that_no_frame_comes_near_are_said_and_marked(opened: Studio) -> None:
    assert not opened.answers[-1].alarm.raised.any()
    opened.controller.choosing.physics(coupling=50.0)
    answer = opened.settle()
    opened.wait(lambda: "near no frame" in opened.space.time._alarm.text())
    assert answer.alarm.raised.any()
    assert opened.space.time._alarm.toolTip() == answer.alarm.sentence


def test_at_1280_by_800_neither_the_figures_nor_the_alarm_are_cut_off(opened: Studio) -> None:
    opened.window.resize(1280, 800)
    opened.controller.choosing.physics(coupling=50.0)
    opened.settle()
    opened.wait(lambda: "near no frame" in opened.space.time._alarm.text() and bool(opened.space.physics.lights.lamps))
    physics, band = opened.space.physics, opened.space.time
    scroll = physics.findChild(QScrollArea)
    opened.wait(lambda: scroll.widget().minimumSizeHint().height() > 320)  # the lights have their room
    assert opened.window.size().width() == 1280
    assert scroll.verticalScrollBar().maximum() == 0
    assert band.minimumSizeHint().width() <= band.width()
    assert not band._keys.isVisible()
    assert band._alarm.width() >= band._alarm.sizeHint().width()
