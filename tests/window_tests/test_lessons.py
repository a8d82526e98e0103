"""Lessons and experiments in the real window: predicted, revealed, locked and left by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from slap_studio.lessons.page import Phase
from slap_studio.views.lesson_parts import LOCKED
from tests.window_tests.studio import Studio, typed

pytestmark = pytest.mark.window


@pytest.fixture
def lesson_file(tmp_path: Path, small_clip: Path) -> Path:
    (tmp_path / "clip.mp4").write_bytes(small_clip.read_bytes())
    low, high = ({"figure": "e_pot", "is": word, "value": 0.3} for word in ("below", "above"))
    lesson = {
        "format": "slap-studio lesson", "version": 1, "title": "Pull", "about": "A test.", "minutes": 5,
        "clip": "clip.mp4", "query": "a red cube", "gap": "30%:60%", "theme": "light",
        "settings": {"coupling": 0.1}, "controls": {"coupling": "locked", "presets": "hidden"},
        "stages": [
            {"title": "One", "text": "Look.", "hide": ["stage", "figures"],
             "predict": {"question": "Where will it be?", "kind": "choices", "figure": "e_pot",
                         "choices": [{"text": "Low", "when": low}, {"text": "High", "when": high}]},
             "reveal": {"text": "E_pot is {e_pot}, twins {twins}.", "settings": {"coupling": 5}}},
            {"title": "Two", "text": "Drag.", "controls": {"coupling": "shown"}, "settings": {"coupling": 0.2},
             "task": {"text": "Below 0.1.", "until": {"figure": "e_pot", "is": "below", "value": 0.1}}},
            {"title": "Three", "text": "Guess.", "predict": {"question": "S?", "kind": "number", "figure": "action"},
             "reveal": {"text": "{action}"}},
        ],
    }  # fmt: skip
    file = tmp_path / "lesson.json"
    file.write_text(json.dumps(lesson), encoding="utf-8")
    return file


@pytest.fixture
def lesson(studio: Studio, lesson_file: Path) -> Studio:
    assert studio.drop(lesson_file)
    studio.wait(lambda: studio.controller.teaching.running)
    studio.wait(lambda: bool(studio.answers))
    studio.settle()
    return studio


def panel(studio: Studio):
    return studio.controller.teaching._panel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_dropped_lesson_asks_first_and_then_says_what_it_measured(lesson: Studio) -> None:
    shown, space = panel(lesson), lesson.space
    assert lesson.session.physics.coupling == 0.1
    assert lesson.window.theme.name == "light"
    assert shown.isVisible()
    assert shown.heading.text() == "One"
    assert not space.video.isVisible()
    veil = space.stage.childAt(space.stage.rect().center())
    assert veil.accessibleName() == "Hidden until you predict"
    assert not shown.act.isEnabled()
    click(shown.choices.button(1))
    assert shown.act.isEnabled()
    click(shown.act)
    assert shown.said.text() == "You said “High”"
    assert not shown.reveal.isVisible()
    assert lesson.session.physics.coupling == 0.1
    click(shown.act)
    lesson.wait(lambda: lesson.controller.teaching.progress.phase is Phase.REVEALED)
    answer = lesson.settle()
    assert answer.request.physics.coupling == 5
    measured = f"{float(answer.energies.e_pot):#.3g}"
    assert shown.measured.text() == f"Measured: “Low” · E_pot = {measured}"
    assert shown.reveal.text() == f"E_pot is {measured}, twins not chaotic."
    assert space.stage.childAt(space.stage.rect().center()) is not veil
    # A later path changes nothing of what was measured then.
    click(shown.on)
    lesson.settle()
    click(shown.back)
    lesson.settle()
    assert shown.said.text() == "You said “High”"
    assert shown.reveal.text() == f"E_pot is {measured}, twins not chaotic."


def test_what_is_locked_is_seen_to_be_and_stays_whoever_asks(lesson: Studio) -> None:
    physics = lesson.space.physics
    assert not physics.coupling.isEnabled()
    assert physics.coupling.toolTip() == LOCKED
    assert not physics.presets.isVisible()
    assert physics.mass.isEnabled()
    lesson.controller.choosing.preset(5.0)
    assert lesson.session.physics.coupling == 0.1
    assert "keeps the coupling λ" in lesson.window.message.text
    typed(physics.mass.field, "2")
    assert lesson.settle().request.physics.mass == 2
    for _ in range(3):
        lesson.controller.store.undo()
    assert (lesson.session.physics.mass, lesson.session.physics.coupling) == (1, 0.1)


def test_a_task_is_done_by_hand_and_the_dots_tell(lesson: Studio) -> None:
    shown = panel(lesson)
    assert shown.on.text() == "Skip"
    click(shown.on)
    lesson.settle()
    assert shown.task.isVisible()
    assert shown.on.text() == "Skip"
    slider = lesson.space.physics.coupling
    assert slider.isEnabled()
    assert slider.toolTip() != LOCKED
    lesson.drag_slider(slider.slider, [0.5, 0.7, 0.8])
    lesson.settle()
    lesson.wait(lambda: shown.on.text() == "Next")
    assert "finished" in shown.dots.accessibleName()
    click(shown.on)
    shown.field.setFocus()
    QTest.keyClicks(shown.field, "much")
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert "is no number" in lesson.window.message.text
    shown.field.clear()
    QTest.keyClicks(shown.field, "3,5")
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.said.text() == "You said 3.5"
    click(shown.act)
    lesson.wait(lambda: shown.reveal.isVisible())
    assert shown.on.text() == "Finish"


def test_leaving_brings_every_control_and_the_own_work_back(opened: Studio, lesson_file: Path) -> None:
    opened.controller.choosing.physics(coupling=2.5)
    opened.controller.choosing.view("bifurcation")
    mine = opened.session
    hint = opened.space.physics.coupling.toolTip()
    opened.controller.teaching.open_file(lesson_file)
    opened.wait(lambda: opened.controller.teaching.running)
    assert opened.session.video != mine.video
    assert opened.space.stage.view == "map"
    shown = panel(opened)
    click(shown.leave)
    opened.wait(lambda: opened.session == mine)
    assert opened.space.stage.view == "bifurcation"
    opened.settle()
    physics = opened.space.physics
    assert physics.presets.isVisible()
    assert physics.coupling.isEnabled()
    assert physics.coupling.toolTip() == hint
    assert opened.space.video.isVisible()
    assert not shown.isVisible()
    assert opened.window.theme.name == "dark"
    opened.controller.store.undo()
    assert opened.session.physics.coupling == 0.5
    opened.controller.choosing.physics(coupling=1.0)
    assert opened.session.physics.coupling == 1.0


def test_a_lesson_that_cannot_be_used_is_refused_and_the_work_stays(opened: Studio, tmp_path: Path) -> None:
    before = opened.session
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": "slap-studio lesson", "version": 9}', encoding="utf-8")
    assert opened.drop(bad)
    assert "version 9" in opened.window.message.text
    assert opened.session == before
    assert not opened.controller.teaching.running


def test_another_video_ends_the_lesson(lesson: Studio, small_clip: Path) -> None:
    lesson.open(small_clip)
    assert not lesson.controller.teaching.running
    assert lesson.space.physics.presets.isVisible()
    assert lesson.window.theme.name == "dark"
    assert lesson.session.video == small_clip


def test_the_welcome_page_offers_the_four_lessons(studio: Studio) -> None:
    cards = studio.window.welcome.lessons
    assert len(cards) == 4
    asked = []
    studio.window.welcome.lesson_chosen.connect(asked.append)
    cards[3].setFocus()
    QTest.keyClick(cards[3], Qt.Key.Key_Return)
    assert [path.name for path in asked] == ["tunnel.json"]
    studio.wait(lambda: studio.controller.teaching.running)
    assert studio.controller.teaching.progress.lesson.title == "Tunnel"


def test_experiments_set_the_window_up_and_leave_it_as_it_was(opened: Studio) -> None:
    opened.controller.choosing.physics(coupling=0.7)
    mine, showing = opened.session, opened.controller.experimenting
    actions = {action.name: action for action in opened.window.menus.actions}
    opened.window.menus.run(actions["experiment.twins"])
    assert actions["experiment.twins"].checked()
    card = showing._card
    opened.wait(lambda: "draw together" in card.measured.text())
    x, y = card.twins._line.getData()
    assert len(x) == 201
    assert y[0] == pytest.approx(-3)
    assert y[-1] < -6
    opened.window.menus.run(actions["experiment.bifurcation"])
    assert opened.space.stage.view == "bifurcation"
    assert not card.twins.isVisible()
    opened.window.menus.run(actions["experiment.flat-energy"])
    answer = opened.settle()
    assert opened.space.stage.view == "map"
    assert (answer.total.max() - answer.total.min()) < 0.05 * answer.energies.kinetic.max()
    click(next(button for button in card.findChildren(QPushButton) if button.text() == "Leave"))
    assert opened.session == mine
    assert opened.space.video.isVisible()
    assert not card.isVisible()
    assert not actions["experiment.flat-energy"].checked()


def test_an_experiment_makes_way_for_a_lesson_and_none_begins_in_one(opened: Studio, lesson_file: Path) -> None:
    mine = opened.session
    opened.controller.experimenting.show("twins")
    opened.controller.teaching.open_file(lesson_file)
    opened.wait(lambda: opened.controller.teaching.running)
    assert opened.controller.experimenting.shown is None
    actions = {action.name: action for action in opened.window.menus.actions}
    assert "Leave the lesson" in actions["experiment.twins"].unavailable()
    opened.controller.teaching.leave()
    opened.wait(lambda: replace(opened.session, horizon=mine.horizon) == mine)
