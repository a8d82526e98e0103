"""Several gaps in the real window: made, chosen, moved and removed by hand, and drawn together."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from slap_studio.resources import sample_videos
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def on_clip(studio: Studio, time: float) -> QPoint:
    """A place on the clip's strip."""
    rows = studio.space.time.rows
    return QPoint(round(rows.axis.x(time)), rows.height() - 22 - 6 - 27)


def test_pillars_opens_with_its_three_gaps_and_a_click_works_on_another(studio: Studio) -> None:
    studio.open(sample_videos() / "pillars.mp4", None, None)
    before = studio.settle()
    rows, gaps = studio.space.time.rows, studio.session.gaps
    assert len(gaps) == 3
    assert studio.session.active == 0
    assert len(rows._neighbours) == 3
    assert len(studio.space.stage.stage.further.paths) == 2
    assert "gap 1 of 3" in studio.space.time._summary.text()
    middle = (gaps[2].start + gaps[2].end) / 2
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=on_clip(studio, middle))
    answer = studio.settle()
    assert studio.session.gap == answer.request.gap == gaps[2]
    assert answer.solution is before.others[1].solution
    # What the cursor points at is asked of the path there, whichever is worked on.
    studio.controller.move_cursor((gaps[1].start + gaps[1].end) / 2)
    assert studio.space.inspector._title.text() == f"Latent 7 of {len(answer.others[1].nearest)} · gap 2"
    studio.window.setFocus()
    studio.press(Qt.Key.Key_G)
    assert studio.session.active == 0
    assert studio.session.gap.start < studio.session.cursor < studio.session.gap.end
    studio.press(Qt.Key.Key_Delete)
    assert studio.session.gaps == gaps[1:]
    studio.settle()
    assert len(studio.space.stage.stage.further.paths) == 1


def test_gaps_are_added_at_the_cursor_and_by_dragging_with_shift_and_the_last_one_stays(opened: Studio) -> None:
    rows, first = opened.space.time.rows, opened.session.gap
    opened.controller.move_cursor(0.6)
    opened.controller.gaps.add_here()
    assert opened.session.gap.start < 0.6 < opened.session.gap.end
    assert opened.session.active == 0
    start, end = on_clip(opened, 3.0), on_clip(opened, 3.6)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(rows, Qt.MouseButton.LeftButton, shift, start)
    QTest.mouseMove(rows, (start + end) / 2)
    QTest.mouseMove(rows, end)
    QTest.mouseRelease(rows, Qt.MouseButton.LeftButton, shift, end)
    added = opened.session.gap
    assert (added.start, added.end) == pytest.approx((3.0, 3.6), abs=0.01)
    assert opened.session.active == 2
    opened.settle()
    # It stops where its neighbour ends, whole.
    grip = on_clip(opened, 3.3)
    opened.drag(rows, grip, on_clip(opened, 1.0))
    assert opened.session.gap.start == first.end
    assert opened.session.gap.end == pytest.approx(first.end + 0.6, abs=0.11)
    opened.controller.gaps.add_here()  # the cursor stands in the first one added
    assert "a gap here already" in opened.window.message.text
    assert len(opened.session.gaps) == 3
    opened.window.setFocus()
    for _ in range(3):
        opened.press(Qt.Key.Key_Delete)
    assert len(opened.session.gaps) == 1
    assert "only gap" in opened.window.message.text
    opened.settle()


def test_n_goes_from_alarm_to_alarm_and_says_where_there_is_none(opened: Studio) -> None:
    opened.window.setFocus()
    before = opened.session.cursor
    opened.press(Qt.Key.Key_N)
    assert opened.session.cursor == before
    assert "no alarm" in opened.window.message.text
    opened.controller.choosing.physics(coupling=50.0)
    answer = opened.settle()
    times = answer.posed.times[1:-1][answer.alarm.raised]
    opened.press(Qt.Key.Key_Home)
    for time in (times[0], times[1]):
        opened.press(Qt.Key.Key_N)
        assert opened.session.cursor == pytest.approx(time)
    opened.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert opened.session.cursor == pytest.approx(times[0])
    opened.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert opened.session.cursor == pytest.approx(times[-1])


def test_latents_of_every_gap_are_found_on_the_map(studio: Studio) -> None:
    studio.open(sample_videos() / "pillars.mp4", None, None)
    answer, stage = studio.settle(), studio.space.stage.stage
    studio.rest()
    other = answer.others[1]
    where = stage.to_screen(other.places[7]).toPoint()
    QTest.mouseClick(stage.picture, Qt.MouseButton.LeftButton, pos=where)
    cursor = studio.session.cursor
    marks = [
        place
        for one in (answer, *answer.others)
        for place, time in zip(one.places, one.posed.times, strict=True)
        if time == pytest.approx(cursor)
    ]
    assert min((stage.to_screen(mark) - where).manhattanLength() for mark in marks) <= 14
    last = len(answer.places) + len(answer.others[0].places) + 7
    assert studio.controller.presenter.latent_time(last) == other.posed.times[7]
