"""Pinned paths: at most two, told apart, taken to pieces and put together again, and held against another path."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput
from slap_studio.session.pins import PathFigures, Pin, Settings, largest_angle, next_number, pinned
from slap_studio.session.plain import plain, read
from slap_studio.session.state import Session


@pytest.fixture
def pin(unit_vectors) -> Pin:
    settings = Settings(
        "a red cube", Gap(0.5, 1.0), Physics(0.7, 2.0, 1.0, Kinetic.CHORD), Descent(20, 0.02), AlignmentKind.LEARNED
    )
    figures = PathFigures(1.5, 0.01, 0.3, 0.2, None, 3)
    times = np.linspace(0.5, 1.0, 6)
    return Pin(1, settings, figures, unit_vectors(6, 8), times, np.arange(5.0), np.arange(6.0), np.arange(5.0))


def test_a_third_pin_takes_the_place_of_the_older_and_its_style(pin: Pin) -> None:
    pins: tuple[Pin, ...] = ()
    for _ in range(5):
        pins = pinned(pins, replace(pin, number=next_number(pins)))
        assert len({one.slot for one in pins}) == len(pins) <= 2
    assert [one.number for one in pins] == [4, 5]
    left = pins[1:]
    assert next_number(left) == 6
    assert pinned(left, replace(pin, number=6))[1].slot != left[0].slot


def test_a_session_file_keeps_pins_and_all_gaps(pin: Pin) -> None:
    members: dict[str, bytes] = {}
    session = Session(video=Path("/videos/tunnel.mp4"), gap=Gap(1.0, 2.0), elsewhere=(Gap(0.2, 0.7),), pins=(pin,))
    back = read(Session, json.loads(json.dumps(plain(session, members))), members)
    assert back.gaps == session.gaps
    (kept,) = back.pins
    assert (kept.number, kept.settings, kept.figures) == (pin.number, pin.settings, pin.figures)
    assert isinstance(kept.settings.physics.kinetic, Kinetic)
    for name in ("latents", "times", "kinetic", "potential", "total"):
        assert np.array_equal(getattr(kept, name), getattr(pin, name))


@pytest.mark.parametrize(
    "damage",
    [
        {"times": np.zeros(9)},
        {"latents": np.zeros(6)},
        {"kinetic": np.full(5, np.nan)},
        {"potential": np.zeros((6, 1))},
        {"total": np.zeros(6)},
    ],
)
def test_a_pin_whose_arrays_do_not_fit_is_refused_in_a_sentence(pin: Pin, damage) -> None:
    with pytest.raises(UnusableInput, match="pin 1 do not fit together"):
        replace(pin, **damage)


def test_the_largest_angle_is_the_one_a_rotation_makes(unit_vectors) -> None:
    path = unit_vectors(7, 5)
    turn = np.eye(5)
    turn[:2, :2] = [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]
    flat = np.zeros((7, 5))
    flat[:, 0] = 1
    assert largest_angle(flat, flat @ turn) == pytest.approx(np.degrees(0.3))
    assert largest_angle(path, path) == 0
    assert largest_angle(path, path @ turn) <= np.degrees(0.3) + 1e-9
    assert largest_angle(path, path[1:]) is None
