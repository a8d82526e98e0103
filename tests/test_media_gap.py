"""A gap in seconds or percent, and the frames that it hides."""

import numpy as np
import pytest

from slap_studio.media.gap import Gap, checked_gap, parse_gap, resolve_gap
from slap_studio.problems import UnusableInput

TEN_PER_SECOND = np.arange(100) / 10  # a clip of 10 s


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1.5:3.2", 1.5, 3.2),
        ("30%:60%", 3.0, 6.0),
        ("30%:7.5", 3.0, 7.5),
        ("2:60%", 2.0, 6.0),
        (" 1.5 : 3.2 ", 1.5, 3.2),
        ("0:100%", 0.0, 10.0),
    ],
)
def test_seconds_and_percent(text: str, start: float, end: float) -> None:
    gap = parse_gap(text, 10.0)
    assert (gap.start, gap.end) == pytest.approx((start, end))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "START:END"),
        ("3", "START:END"),
        ("1:2:3", "START:END"),
        ("1-3", "START:END"),
        ("a:3", "'a' in the gap is no number"),
        ("1:", "'' in the gap is no number"),
        ("1,5:3", "no number"),
        ("%:3", "no number"),
        ("nan:3", "no finite number"),
        ("1:inf", "no finite number"),
        ("1:1e999", "no finite number"),
        ("3:1", "reversed"),
        ("60%:30%", "reversed"),
        ("2:2", "empty"),
        ("20%:2", "empty"),
        ("-1:3", r"outside the clip, which lasts 10\.00 s"),
        ("3:10.2", r"outside the clip, which lasts 10\.00 s"),
        ("50%:101%", "outside"),
    ],
)
def test_each_fault_has_its_sentence(text: str, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        parse_gap(text, 10.0)


@pytest.mark.parametrize(("start", "end"), [(float("nan"), 3.0), (1.0, float("nan")), (1.0, float("inf"))])
def test_a_field_without_a_number_is_a_sentence(start: float, end: float) -> None:
    with pytest.raises(UnusableInput, match="finite"):
        checked_gap(start, end, 10.0)


def test_frames_on_the_borders_are_the_anchors() -> None:
    found = resolve_gap(parse_gap("30%:60%", 10.0), TEN_PER_SECOND)
    assert (found.before, found.after) == (30, 60)
    assert found.hidden == tuple(range(31, 60))


@pytest.mark.parametrize(
    ("gap", "before", "after"),
    [
        (Gap(3.04, 5.96), 30, 60),  # borders between frames: the anchors are outside
        (Gap(2.9996, 6.0004), 30, 60),  # one timestamp rounded in two ways
        (Gap(0.0, 9.9), 0, 99),
        (Gap(3.05, 3.15), 30, 32),  # the shortest: one frame
    ],
)
def test_anchors_lie_outside_and_everything_between_them_is_hidden(gap: Gap, before: int, after: int) -> None:
    found = resolve_gap(gap, TEN_PER_SECOND)
    assert (found.before, found.after) == (before, after)
    assert found.hidden == tuple(range(before + 1, after))


def test_uneven_times_are_taken_as_they_are() -> None:
    found = resolve_gap(Gap(0.5, 4.0), np.array([0.0, 0.1, 2.0, 2.1, 7.0]))
    assert (found.before, found.hidden, found.after) == (1, (2, 3), 4)


@pytest.mark.parametrize(
    ("gap", "says"),
    [
        (Gap(-0.5, 3.0), r"before the gap.*after 0\.00 s"),
        (Gap(3.0, 10.0), r"after the gap.*by 9\.90 s"),
        (Gap(9.95, 10.0), "after the gap"),
        (Gap(3.01, 3.09), "hides no sampled frame"),
        (Gap(3.0, 3.1), "hides no sampled frame"),
    ],
)
def test_a_gap_without_anchors_or_hidden_frames_is_a_sentence(gap: Gap, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        resolve_gap(gap, TEN_PER_SECOND)
