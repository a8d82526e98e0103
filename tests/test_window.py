"""The real window under a real screen: what a hand does, and what is drawn after it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from slap_studio.app.main import make_application, make_studio, start, write_screenshot
from slap_studio.app.opening import Opening
from slap_studio.core.types import Kinetic
from slap_studio.encoders import encoder as encoders
from tests.window import Studio

pytestmark = pytest.mark.window


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture(scope="session")
def built_in() -> encoders.Encoder:
    return encoders.load()


@pytest.fixture
def studio(qapp, qtbot, built_in, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    # Loaded once for all tests, instead of once for every window.
    monkeypatch.setattr(encoders, "load", lambda name, device: built_in)
    controller = make_studio(qapp, "dark")
    # Fitting UMAP takes seconds of compiling; one test does it, the others keep the PCA map.
    monkeypatch.setattr(controller.lanes["map"], "ask", lambda request: None)
    monkeypatch.setattr(controller, "warm_up", lambda: None)
    qtbot.addWidget(controller.window)
    controller.window.resize(1280, 800)
    controller.window.show()
    qtbot.waitExposed(controller.window)
    yield Studio(controller, qtbot)
    controller.close()
    controller.window.close()


@pytest.fixture
def opened(studio: Studio, small_clip: Path) -> Studio:
    studio.open(small_clip)
    studio.settle()
    return studio


def test_the_welcome_page_offers_four_samples_that_open_by_a_click_and_by_a_key(studio: Studio) -> None:
    cards = studio.window.welcome.cards
    assert len(cards) == 4
    assert all(card.isVisible() for card in cards)
    QTest.mouseClick(cards[0], Qt.MouseButton.LeftButton)
    studio.wait(lambda: len(studio.answers) > 0)
    assert studio.session.video.name == "tunnel.mp4"
    assert studio.session.query == "a red cube"
    assert studio.session.gap.start == pytest.approx(3.1, abs=0.15)
    assert studio.session.gap.end == pytest.approx(5.9, abs=0.15)
    studio.controller.go_home()
    cards[3].setFocus()
    QTest.keyClick(cards[3], Qt.Key.Key_Return)
    studio.wait(lambda: studio.session.video.name == "open_track.mp4")
    assert studio.settle().request.clip.info.path.name == "open_track.mp4"


def test_dragging_each_slider_moves_the_path_and_the_newest_value_wins(opened: Studio) -> None:
    physics = opened.space.physics
    for slider, name in ((physics.coupling, "coupling"), (physics.mass, "mass")):
        before = opened.answers[-1]
        opened.drag_slider(slider.slider, [0.55, 0.6, 0.7, 0.8, 0.85])
        answer = opened.settle()
        assert getattr(opened.session.physics, name) > getattr(before.request.physics, name)
        assert getattr(answer.request.physics, name) == getattr(opened.session.physics, name)
        assert not np.array_equal(answer.latents, before.latents)
        assert slider.field.text().replace(" ", "") not in ("", "–")
    opened.drag_slider(physics.step_size.slider, [0.6, 0.3])
    assert opened.settle().request.descent.step_size == opened.session.descent.step_size != 0.01


def test_the_coupling_reaches_zero_at_the_left_end_and_the_path_is_the_geodesic(opened: Studio) -> None:
    opened.drag_slider(opened.space.physics.coupling.slider, [0.3, 0.1, -0.2])
    answer = opened.settle()
    assert answer.request.physics.coupling == 0
    assert answer.regime == "Ballistic"
    assert answer.latents[1:-1] == pytest.approx(answer.solution.history[0], abs=1e-5)


def test_dragging_the_steps_scrubs_the_kept_history_and_solves_nothing(opened: Studio) -> None:
    before = opened.answers[-1]
    opened.drag_slider(opened.space.steps.slider, [0.6, 0.4, 0.2])
    answer = opened.settle()
    assert answer.request.descent.steps == pytest.approx(20, abs=3)
    assert answer.solution is before.solution
    assert np.array_equal(answer.latents[1:-1], before.solution.history[answer.request.descent.steps])
    opened.press(Qt.Key.Key_Period)
    assert opened.settle().request.descent.steps == answer.request.descent.steps + 1
    opened.press(Qt.Key.Key_Comma)
    assert opened.settle().request.descent.steps == answer.request.descent.steps


def test_presets_are_table_7_and_name_the_regime(opened: Studio) -> None:
    buttons = {button.text(): button for button in opened.space.physics.findChildren(QPushButton)}
    for name, coupling in (
        ("Ballistic", 0.0),
        ("Weak", 0.1),
        ("Resonant", 0.5),
        ("Strong", 1.0),
        ("Chaotic", 5.0),
        ("Overdamped", 10.0),
    ):
        QTest.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
        answer = opened.settle()
        assert (answer.request.physics.coupling, answer.request.physics.mass) == (coupling, 1.0)
        assert answer.regime == name
        assert buttons[name].isChecked()
        assert sum(button.isChecked() for button in buttons.values()) == 1
    QTest.mouseClick(buttons["Reset"], Qt.MouseButton.LeftButton)
    assert opened.settle().request.physics.coupling == 0.5


def test_typed_values_are_taken_and_nonsense_is_refused_in_a_sentence(opened: Studio) -> None:
    field = opened.space.physics.coupling.field
    _type(field, "2.75")
    assert opened.settle().request.physics.coupling == 2.75
    for nonsense in ("abc", "inf", "nan", "-1", "1e999", ""):
        _type(field, nonsense)
        assert opened.session.physics.coupling == 2.75
        assert "Coupling λ must be" in opened.window.message.text
        assert field.text() == "2.75"
        opened.press(Qt.Key.Key_Escape)
    _type(field, "0,5")
    assert opened.settle().request.physics.coupling == 0.5
    _type(opened.space.steps.field, "2.5")
    assert opened.session.descent.steps == 50
    assert "whole number" in opened.window.message.text
    _type(opened.space.steps.field, "120")
    answer = opened.settle()
    assert answer.request.descent.steps == 120
    assert answer.request.horizon == 200


def test_the_chord_may_be_chosen(opened: Studio) -> None:
    box = opened.space.physics.kinetic
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert opened.settle().request.physics.kinetic is Kinetic.CHORD


def test_gap_handles_are_dragged_and_snap_to_frames(opened: Studio) -> None:
    rows = opened.space.time.rows
    times = opened.answers[-1].request.clip.times
    gap = opened.session.gap
    y = rows.height() - 22 - 6 - 27
    opened.drag(rows, QPoint(round(rows.axis.x(gap.start)), y), QPoint(round(rows.axis.x(0.83)), y))
    answer = opened.settle()
    assert opened.session.gap.start == pytest.approx(0.8)
    assert opened.session.gap.end == gap.end
    assert opened.session.gap.start in times
    assert len(answer.latents) == round((gap.end - 0.8) * 10) + 1
    opened.drag(rows, QPoint(round(rows.axis.x(gap.end)), y), QPoint(round(rows.axis.x(0.2)), y))
    assert opened.session.gap.end > opened.session.gap.start
    opened.settle()


def test_i_and_o_mark_the_gap_at_the_cursor(opened: Studio) -> None:
    opened.window.setFocus()
    opened.controller.move_cursor(1.0)
    opened.press(Qt.Key.Key_I)
    assert opened.session.gap.start == pytest.approx(1.0)
    opened.controller.move_cursor(3.0)
    opened.press(Qt.Key.Key_O)
    assert opened.session.gap.end == pytest.approx(3.0)
    assert opened.settle().posed.times == pytest.approx(np.arange(1.0, 3.05, 0.1))
    opened.controller.move_cursor(3.9)
    opened.press(Qt.Key.Key_I)
    assert opened.session.gap.end == pytest.approx(3.0)
    assert "gap" in opened.window.message.text.lower()


def test_one_cursor_moves_through_all_views(opened: Studio) -> None:
    space = opened.space
    opened.window.setFocus()
    opened.press(Qt.Key.Key_Home)
    assert opened.session.cursor == 0
    opened.press(Qt.Key.Key_Right)
    assert opened.session.cursor == pytest.approx(0.1)
    opened.press(Qt.Key.Key_5)
    assert opened.session.cursor == pytest.approx(3.9 / 2, abs=0.06)
    answer = opened.settle()
    latent = int(np.abs(answer.posed.times[1:-1] - opened.session.cursor).argmin()) + 1
    assert (
        space.inspector.findChildren(type(space.inspector._title))[0].text()
        == f"Latent {latent} of {len(answer.nearest)}"
    )
    opened.press(Qt.Key.Key_End)
    assert opened.session.cursor == pytest.approx(3.9)
    opened.wait(lambda: "observed · 3.90 s" in space.video.accessibleName())
    rows = space.time.rows
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(round(rows.axis.x(2.0)), 40))
    assert opened.session.cursor == pytest.approx(2.0, abs=0.02)
    opened.wait(lambda: "hidden · 2.0" in space.video.accessibleName())


def test_a_click_on_the_map_goes_to_the_frame_or_latent_under_it(opened: Studio) -> None:
    stage, answer = opened.space.stage.stage, opened.answers[-1]
    clip, places = answer.request.clip, answer.request.picture.places
    opened.qtbot.wait(50)
    for frame in (answer.posed.observed[2], answer.posed.observed[-3]):
        where = stage.to_screen(places[frame]).toPoint()
        QTest.mouseClick(stage.canvas.native, Qt.MouseButton.LeftButton, pos=where)
        cursor = opened.session.cursor
        # Marks may lie over one another: whatever was taken lies where the click was.
        marks = [places[index] for index in answer.posed.observed if clip.times[index] == cursor]
        marks += [place for place, time in zip(answer.places, answer.posed.times, strict=True) if time == cursor]
        assert min((stage.to_screen(mark) - where).manhattanLength() for mark in marks) <= 14


def test_space_plays_and_pauses(opened: Studio) -> None:
    opened.window.setFocus()
    opened.press(Qt.Key.Key_Home)
    opened.press(Qt.Key.Key_Space)
    opened.wait(lambda: opened.session.cursor > 0.2)
    opened.press(Qt.Key.Key_Space)
    stood = opened.session.cursor
    opened.qtbot.wait(120)
    assert opened.session.cursor == stood


def test_another_query_moves_star_and_landscape_and_an_empty_one_is_refused(opened: Studio) -> None:
    before = opened.answers[-1]
    box = opened.window.top.query
    _type(box, "a blue ball")
    answer = opened.settle()
    assert answer.request.query == "a blue ball"
    assert not np.allclose(answer.potential, before.potential)
    _type(box, "")
    assert opened.session.query == "a blue ball"
    assert "query is empty" in opened.window.message.text
    _type(box, "a red zeppelin")
    answer = opened.settle()
    assert answer.unknown_words == ("zeppelin",)
    assert "zeppelin" in box.toolTip()


def test_typing_a_query_does_not_trigger_the_keys_of_the_timeline(opened: Studio) -> None:
    gap, cursor = opened.session.gap, opened.session.cursor
    box = opened.window.top.query
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "io 1,.")
    assert (opened.session.gap, opened.session.cursor) == (gap, cursor)
    assert box.text() == "io 1,."


def test_the_lights_tell_by_shape_and_sentence_what_holds_on_the_path(opened: Studio) -> None:
    lights = opened.space.physics.lights
    opened.wait(lambda: len(lights.lamps) == 6)
    told = {lamp.light.word: lamp for lamp in lights.lamps}
    assert told["step is stable"].light.holds is True
    assert told["stationary"].light.holds is False
    assert "α·h_max" in told["step is stable"].toolTip()
    shape = told["step is stable"].grab().toImage()
    _type(opened.space.physics.step_size.field, "0.9")
    opened.wait(lambda: told["step is stable"].light.holds is False)
    assert "overshoot" in told["step is stable"].toolTip()
    assert told["step is stable"].grab().toImage() != shape
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
    (back,) = (b for b in stage.findChildren(QPushButton) if b.text() == "Map")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert stage.stage.isVisible()


def test_a_dropped_video_opens_and_what_is_no_video_leaves_the_session_as_it_was(
    opened: Studio, tmp_path: Path
) -> None:
    before = opened.session
    wrong = tmp_path / "kein Vidéo.mp4"
    wrong.write_text("only text")
    assert opened.drop(wrong)
    opened.wait(lambda: opened.window.message.text != "")
    assert "kein Vidéo.mp4" in opened.window.message.text
    assert opened.session == before
    opened.drop(tmp_path)
    opened.wait(lambda: "folder" in opened.window.message.text)
    assert opened.session == before
    right = tmp_path / "ein Tünnel für alle.mp4"
    right.write_bytes(before.video.read_bytes())
    assert opened.drop(right)
    opened.wait(lambda: opened.session.video == right)
    assert opened.settle().request.clip.info.path == right


def test_a_clip_without_a_query_says_what_to_do_and_a_query_brings_the_path(studio: Studio, small_clip: Path) -> None:
    studio.controller.open(Opening(small_clip))
    studio.wait(lambda: studio.controller.session.video == small_clip)
    assert studio.space.stage.hint.isVisible()
    assert "what to look for" in studio.space.stage.hint.text()
    assert studio.answers == []
    assert studio.window.message.text == ""
    # Without a window manager no window is active; this is what will have the focus once it is.
    assert studio.window.focusWidget() is studio.window.top.query
    QTest.keyClicks(studio.window.top.query, "a red cube")
    studio.wait(lambda: len(studio.answers) > 0)
    assert not studio.space.stage.hint.isVisible()
    assert studio.settle().request.query == "a red cube"


def test_the_theme_changes_every_part_and_is_remembered(opened: Studio) -> None:
    dark = opened.window.grab().toImage()
    opened.controller.choose_theme("light")
    opened.qtbot.wait(50)
    light = opened.window.grab().toImage()
    for point in (QPoint(20, 60), QPoint(640, 640), QPoint(1200, 300)):
        assert dark.pixelColor(point).lightnessF() < 0.3
        assert light.pixelColor(point).lightnessF() > 0.7
    assert opened.controller.settings.theme == "light"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_nothing_is_clipped_and_nothing_overlaps(opened: Studio, theme: str, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QLabel

    opened.controller.choose_theme(theme)
    opened.window.resize(*size)
    opened.qtbot.wait(100)
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
        qtbot.waitUntil(lambda: studio.answers[-1].request.picture.kind.value == "UMAP", timeout=180_000)
        assert "UMAP" in studio.space.stage.map_note.text()
        answer = studio.settle()
        gap = answer.posed.gap
        assert answer.places[0] == pytest.approx(answer.request.picture.places[gap.before], abs=1e-9)
        assert answer.places[-1] == pytest.approx(answer.request.picture.places[gap.after], abs=1e-9)
    finally:
        controller.close()
        controller.window.close()


def test_a_fault_in_a_slot_ends_a_screenshot_with_1_and_writes_nothing(
    qapp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("slap_studio.app.controller.Controller.warm_up", broken)
    told: list[str] = []
    out = tmp_path / "window.png"
    # pytest-qt would catch the exception before the program sees it.
    monkeypatch.setattr("sys.excepthook", sys.__excepthook__)
    assert write_screenshot(Opening(), out, "800x600", "dark", told.append) == 1
    assert not out.exists()
    assert "ZeroDivisionError: on purpose" in told[0]
    assert "on purpose" in capfd.readouterr().err


def test_the_heavy_part_begins_only_after_the_window_was_painted(qapp, qtbot, small_clip: Path) -> None:
    controller = make_studio(qapp, "dark")
    qtbot.addWidget(controller.window)
    order: list[str] = []
    controller.window.painted.connect(lambda: order.append("painted"))
    controller.warm_up = lambda: order.append("warm up")
    controller.open = lambda opening: order.append("open")
    start(controller, Opening(small_clip))
    assert order == []
    controller.window.show()
    qtbot.waitUntil(lambda: "open" in order, timeout=10_000)
    assert order.index("painted") < order.index("warm up") < order.index("open")
    controller.close()


def _type(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _frame(widget, within):
    frame = widget.rect()
    frame.moveTopLeft(widget.mapTo(within, QPoint(0, 0)))
    return frame
