"""The axis of the time band: pixels and times belong to each other at every zoom, and it never leaves the clip."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slap_studio.views.time_axis import AROUND, TimeAxis

HOUR = TimeAxis(duration=3600.0, left=100.0, width=800.0, least=0.4)
share = st.floats(0.0, 1.0)
factor = st.floats(0.01, 1000.0)


@st.composite
def axes(draw: st.DrawFn) -> TimeAxis:
    first = draw(share) * HOUR.duration
    return HOUR.showing(first, first + draw(share) * HOUR.duration)


def within(axis: TimeAxis) -> bool:
    long_enough = axis.least - 1e-9 <= axis.shown <= axis.duration
    return axis.first >= 0 and axis.last <= axis.duration + 1e-6 and long_enough


@given(axes(), share)
def test_a_pixel_is_the_time_that_stands_there(axis: TimeAxis, place: float) -> None:
    time = axis.first + place * axis.shown
    assert axis.time(axis.x(time)) == pytest.approx(time, abs=1e-6)


@given(axes(), factor, share)
def test_what_is_under_the_pointer_stays_there_unless_the_clip_ends(axis: TimeAxis, by: float, place: float) -> None:
    around = axis.first + place * axis.shown
    near = axis.zoomed(by, around)
    assert within(near)
    assert near.shown == pytest.approx(min(max(axis.shown / by, axis.least), axis.duration), rel=1e-4)
    at_an_end = near.first < 1e-6 or near.last > near.duration - 1e-6
    assert at_an_end or near.x(around) == pytest.approx(axis.x(around), abs=0.1)


@given(axes(), share)
def test_a_time_comes_into_sight_by_the_way_that_is_asked_for(axis: TimeAxis, place: float) -> None:
    time = place * axis.duration
    for there in (axis.turned_to(time), axis.reaching(time)):
        assert within(there)
        assert there.zoom == axis.zoom
        assert there.holds(time, time)
        if axis.holds(time, time):
            assert there == axis or there.first == pytest.approx(axis.first)


@given(axes(), st.floats(-1e5, 1e5))
def test_scrolling_ends_at_the_clip_s_ends_and_changes_no_zoom(axis: TimeAxis, pixels: float) -> None:
    there = axis.scrolled(pixels)
    assert within(there)
    assert there.zoom == axis.zoom


@given(axes())
def test_ticks_are_in_sight_and_apart(axis: TimeAxis) -> None:
    places = [axis.x(time) for time in axis.ticks(72)]
    assert all(axis.left - 1e-3 <= x <= axis.left + axis.width + 1e-3 for x in places)
    assert all(later - earlier >= 72 - 1e-3 for earlier, later in pairwise(places))
    assert places


def test_a_gap_is_shown_with_as_much_again_on_either_side() -> None:
    axis = HOUR.around(1000.0, 1010.0)
    assert (axis.first, axis.last) == pytest.approx((990.0, 1020.0))
    assert axis.shown == pytest.approx(10 * AROUND)
    assert HOUR.around(0.0, 10.0).first == 0.0
    assert HOUR.around(0.0, 3000.0).whole
    assert HOUR.zoomed(0.5, 10.0) == HOUR
