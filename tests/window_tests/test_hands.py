"""Sliders, fields, keys and handles of the real window: what a hand does, and what is drawn after it."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from slap_studio.core.types import AlignmentKind, Kinetic
from tests.window_tests.studio import Studio, typed

pytestmark = pytest.mark.window


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
    typed(field, "2.75")
    assert opened.settle().request.physics.coupling == 2.75
    for nonsense in ("abc", "inf", "nan", "-1", "1e999", ""):
        typed(field, nonsense)
        assert opened.session.physics.coupling == 2.75
        assert "Coupling λ must be" in opened.window.message.text
        assert field.text() == "2.75"
        opened.press(Qt.Key.Key_Escape)
    typed(field, "0,5")
    assert opened.settle().request.physics.coupling == 0.5
    typed(opened.space.steps.field, "2.5")
    assert opened.session.descent.steps == 50
    assert "whole number" in opened.window.message.text
    typed(opened.space.steps.field, "120")
    answer = opened.settle()
    assert answer.request.descent.steps == 120
    assert answer.request.horizon == 200


def test_the_chord_may_be_chosen(opened: Studio) -> None:
    box = opened.space.physics.kinetic
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert opened.settle().request.physics.kinetic is Kinetic.CHORD


def test_the_learned_alignment_may_be_chosen_and_reset_brings_the_cosine_back(opened: Studio) -> None:
    cosine = opened.answers[-1]
    choice = opened.space.physics.alignment
    QTest.keyClick(choice, Qt.Key.Key_Down)
    answer = opened.settle()
    assert answer.request.alignment is AlignmentKind.LEARNED
    assert not np.allclose(answer.latents, cosine.latents, atol=1e-3)
    opened.controller.choosing.reset()
    assert opened.settle().request.alignment is AlignmentKind.COSINE
    assert choice.currentText() == "cosine"


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
    typed(box, "a blue ball")
    answer = opened.settle()
    assert answer.request.query == "a blue ball"
    assert not np.allclose(answer.potential, before.potential)
    typed(box, "")
    assert opened.session.query == "a blue ball"
    assert "query is empty" in opened.window.message.text
    typed(box, "a red zeppelin")
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


def test_candidates_of_the_readout_are_typed_and_nonsense_is_refused(opened: Studio) -> None:
    usual = opened.answers[-1].readout.labels
    for text in ("???\na red cube", "a red cube"):
        opened.controller.candidates.choose(text)
        assert opened.window.message.isVisible()
        assert opened.session.candidates == ()
    opened.controller.candidates.choose("a red cube\n\n a blue ball \na red cube")
    answer = opened.settle()
    assert set(answer.readout.labels) == {"a red cube", "a blue ball"}
    opened.controller.candidates.choose("")
    opened.wait(lambda: opened.answers[-1].readout.labels == usual)


def test_the_learned_alignment_is_offered_for_the_built_in_encoder_alone(opened: Studio) -> None:
    choice = opened.space.physics.alignment
    assert choice.model().item(1).isEnabled()
    opened.space.physics.offer_learned(False)
    assert not choice.model().item(1).isEnabled()
    assert "Encoder menu" in choice.toolTip()
