"""The timeline of an hour: wheel, ruler, overview and keys show other stretches of it, and all rows follow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from slap_studio.app import saving
from slap_studio.commands.bench_long import known_clip
from slap_studio.views import film, theme
from slap_studio.views.drift_plot import BESIDE, LINE, DriftCurves, DriftPlot
from slap_studio.views.film import handles
from slap_studio.views.time_axis import TimeAxis
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

COUNT = 36_000  # frames of an hour
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def hour(studio: Studio, built_in: Any) -> Studio:
    studio.open(known_clip(COUNT, built_in), hide="1000:1002")
    studio.settle()
    return studio


def wheel(widget: QWidget, place: QPointF, notches: int, modifier: Qt.KeyboardModifier = NONE) -> None:
    turn = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, turn)


def all_rows_show(studio: Studio, axis: TimeAxis) -> None:
    """Curves, readout and drift stand on the axis that frames and clip stand on."""
    curves = studio.space.time.rows.curves
    for plot in (curves.plot, curves.drift):
        assert plot.getPlotItem().getViewBox().viewRange()[0] == pytest.approx([axis.first, axis.last])
    assert (curves.readout._axis.first, curves.readout._axis.zoom) == (axis.first, axis.zoom)


def test_a_gap_of_two_seconds_in_an_hour_is_in_sight_at_once(hour: Studio) -> None:
    rows = hour.space.time.rows
    assert (rows.axis.first, rows.axis.last) == pytest.approx((998.0, 1004.0))
    all_rows_show(hour, rows.axis)
    assert rows.overview.isVisible()


def test_the_wheel_with_ctrl_zooms_about_the_pointer_and_alone_scrolls(hour: Studio) -> None:
    rows = hour.space.time.rows
    rows.show_whole()
    assert not rows.overview.isVisible()
    place = QPointF(rows.axis.left + 0.25 * rows.axis.width, rows.height() - 60)
    time = rows.axis.time(place.x())
    for _ in range(12):
        wheel(rows, place, 1, CTRL)
    near = rows.axis
    assert near.shown < 3600 / 10
    assert near.time(place.x()) == pytest.approx(time, abs=1e-3)
    all_rows_show(hour, near)
    wheel(rows, place, -1)
    assert rows.axis.zoom == near.zoom
    assert rows.axis.first == pytest.approx(near.first + 0.1 * near.shown)
    for _ in range(40):
        wheel(rows, place, -1, CTRL)
    assert rows.axis.whole


def test_the_ruler_is_pulled_and_a_click_on_it_moves_the_cursor(hour: Studio) -> None:
    rows = hour.space.time.rows
    axis, low = rows.axis, rows.height() - 20
    start = QPoint(round(axis.left + 0.5 * axis.width), low)
    hour.drag(rows, start, start - QPoint(200, 0))
    assert rows.axis.first == pytest.approx(axis.first + 200 / axis.width * axis.shown)
    assert hour.session.cursor == pytest.approx(1001.0)
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=start)
    assert hour.session.cursor == pytest.approx(rows.axis.time(start.x()))
    # The overview is a picture of the whole: what is pulled there goes far.
    bar = rows.overview
    hour.drag(bar, bar.thumb.center().toPoint(), QPoint(round(0.8 * bar.width()), 5))
    assert rows.axis.first == pytest.approx(0.8 * 3600, abs=60)
    assert rows.axis.zoom == axis.zoom


@pytest.mark.parametrize("near", [True, False])
def test_the_gap_is_taken_by_its_ends_and_its_middle_at_any_zoom(hour: Studio, near: bool) -> None:
    rows = hour.space.time.rows
    if not near:
        rows.show_whole()
    axis, height = rows.axis, rows.height() - 60
    gap = hour.session.gap
    pixel = axis.shown / axis.width

    def pull(x: float, by: int) -> None:
        hour.drag(rows, QPoint(round(x), height), QPoint(round(x) + by, height))

    pull(handles(axis, (gap.start, gap.end))[1], 30)
    longer = hour.session.gap
    assert longer.start == gap.start
    assert longer.end == pytest.approx(gap.end + 30 * pixel, abs=2 * pixel + 0.1)
    pull(handles(axis, (longer.start, longer.end))[0], -30)
    both = hour.session.gap
    assert both.end == longer.end
    assert both.start == pytest.approx(gap.start - 30 * pixel, abs=2 * pixel + 0.1)
    pull(sum(handles(axis, (both.start, both.end))) / 2, 40)
    moved = hour.session.gap
    assert moved.end - moved.start == pytest.approx(both.end - both.start, abs=0.2)
    assert moved.start == pytest.approx(both.start + 40 * pixel, abs=2 * pixel + 0.2)


def test_keys_zoom_and_what_one_goes_to_comes_into_sight(hour: Studio) -> None:
    rows, first = hour.space.time.rows, hour.space.time.rows.axis
    hour.window.activateWindow()
    hour.wait(hour.window.isActiveWindow)
    rows.setFocus()
    hour.press(Qt.Key.Key_Up, CTRL)
    assert rows.axis.shown == pytest.approx(first.shown / 2)
    hour.press(Qt.Key.Key_Down, CTRL)
    assert rows.axis.shown == pytest.approx(first.shown)
    hour.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    assert rows.axis.whole
    hour.press(Qt.Key.Key_Z)
    assert rows.axis == first
    hour.press(Qt.Key.Key_End)
    assert rows.axis.holds(hour.session.cursor, hour.session.cursor)
    assert rows.axis.shown == pytest.approx(first.shown)
    # Where the eye went elsewhere, a change of λ takes it nowhere, and a frame's step brings it back.
    rows.show_axis(rows.axis.beginning(0.0))
    hour.controller.choosing.physics(coupling=2.0)
    hour.settle()
    assert rows.axis.first == 0.0
    hour.press(Qt.Key.Key_Left)
    assert rows.axis.holds(hour.session.cursor, hour.session.cursor)
    # The next gap is seen whole.
    hour.controller.gaps.add(3000.0, 3008.0)
    hour.settle()
    hour.press(Qt.Key.Key_G)
    gap, (other,) = hour.session.gap, hour.session.elsewhere
    assert rows.axis.holds(gap.start, gap.end)
    # One that is worked on no more can be clicked on, though it is less than two pixels wide in the whole clip.
    rows.show_whole()
    middle = rows.axis.x((other.start + other.end) / 2)
    QTest.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(round(middle) + 3, rows.height() - 60))
    assert hour.session.gap == other


def test_names_of_other_methods_stay_in_sight_where_the_gap_goes_on(qapp: Any, qtbot: Any) -> None:
    plot, times = DriftPlot(), np.arange(40) / 10
    qtbot.addWidget(plot)
    plot.set_theme(theme.DARK)
    plot.show_stretch(0.0, 10.0)
    plot.show_curves(DriftCurves(times, np.ones(40), (("SLERP", np.linspace(0, 9, 40)),), 0.1, "as filmed"))
    for first, last, x in ((0.0, 10.0, 3.9), (1.0, 2.02, 2.0), (1.0, 5.0, 3.9)):
        plot.show_stretch(first, last)
        (name,) = (item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem))
        assert name.pos().x() == pytest.approx(x)


@pytest.mark.parametrize("height", [60, 90, 240])
def test_names_of_other_methods_stand_beside_their_curves_and_whole(qapp: Any, qtbot: Any, height: int) -> None:
    plot, times = DriftPlot(), np.arange(4) / 10
    qtbot.addWidget(plot)
    plot.resize(600, 75)
    plot.show()
    plot.set_theme(theme.DARK)
    plot.show_stretch(0.0, 1.0)
    # Two at the top, four at the bottom: what makes room above may push nothing out below.
    ends = (9.0, 8.9, 0.4, 0.2, 0.1, 0.0)
    others = tuple((f"method {index}", np.linspace(0, end, 4)) for index, end in enumerate(ends))
    plot.show_curves(DriftCurves(times, np.ones(4), others, 0.1, "as filmed"))
    plot.resize(600, height)
    qapp.processEvents()
    named = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert len(named) == 6
    view = plot.getPlotItem().getViewBox()
    end = view.mapViewToScene(QPointF(0.3, 0)).x()
    room, line = plot.getPlotItem().sceneBoundingRect(), theme.DARK.size(LINE)
    middles = sorted(item.sceneBoundingRect().center().y() for item in named)
    assert middles[0] >= room.top() + line / 2 - 1
    assert middles[-1] <= room.bottom() - line / 2 + 1
    assert min(np.diff(middles)) >= min(line, (height - line) / 5) - 1
    assert all(item.sceneBoundingRect().left() >= end + BESIDE - 1 for item in named)


def test_of_few_frames_each_is_painted_once(hour: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, painted = hour.space.time.rows, []
    pictures = rows._strip.pictures

    class Noted:
        def __getitem__(self, index: int) -> Any:
            painted.append(index)
            return pictures[index]

    monkeypatch.setattr(rows, "_strip", film.Strip(rows._strip.times, Noted()))
    monkeypatch.setattr(rows, "_neighbours", ())
    rows.show_axis(rows.axis.showing(2000.02, 2000.49))
    painted.clear()
    rows.repaint()
    shown = [index for index in painted if index]
    assert shown == [20_000, 20_001, 20_002, 20_003, 20_004]


def test_a_session_keeps_the_stretch_and_an_older_one_shows_the_gap(
    new_studio: Callable[[], Studio], small_clip: Path, tmp_path: Path
) -> None:
    studio = new_studio()
    studio.qtbot.addWidget(studio.window)
    studio.open(small_clip)
    studio.settle()
    rows = studio.space.time.rows
    assert rows.axis.whole
    rows.zoom(1)
    rows.show_axis(rows.axis.beginning(0.3))
    kept = rows.axis
    file = tmp_path / "work.slap"
    desk = studio.controller.keeping.standing.now()
    assert {"time/first", "time/last"} <= set(desk.camera)
    saving.save(saving.SaveRequest(file, studio.session, studio.controller.loaded.clip, desk), lambda: False)
    rows.show_whole()
    studio.controller.open_file(file)
    studio.wait(lambda: not rows.axis.whole)
    assert (rows.axis.first, rows.axis.zoom) == pytest.approx((kept.first, kept.zoom))
    # Half of an entry, or one that is none, is passed over.
    for camera in ({}, {"time/first": 1.0}, {"time/first": 2.0, "time/last": 1.0}):
        rows.show_whole()
        studio.controller.keeping.standing.begin(type(desk)(camera))
        assert rows.axis.whole
    studio.controller.close()
    studio.window.close()
