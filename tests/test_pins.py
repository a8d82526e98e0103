"""Pinned paths: at most two, told apart, taken to pieces and put together again, and held against another path."""

import json
from dataclasses import replace

import numpy as np
import pytest

from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput
from slap_studio.session.pins import PathFigures, Pin, Settings, largest_angle, next_number, pinned


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


def test_a_pin_comes_back_from_its_parts_as_it_was(pin: Pin) -> None:
    plain, arrays = pin.to_parts()
    back = Pin.from_parts(json.loads(json.dumps(plain)), arrays)
    assert (back.number, back.settings, back.figures) == (pin.number, pin.settings, pin.figures)
    assert isinstance(back.settings.physics.kinetic, Kinetic)
    for name, array in arrays.items():
        assert np.array_equal(getattr(back, name), array)


@pytest.mark.parametrize(
    "damage",
    [
        lambda plain, arrays: plain.pop("settings"),
        lambda plain, arrays: plain["settings"].update(alignment="magnetic"),
        lambda plain, arrays: plain["settings"]["physics"].update(coupling=-1),
        lambda plain, arrays: plain["settings"]["physics"].update(spin=2),
        lambda plain, arrays: plain["figures"].pop("action"),
        lambda plain, arrays: arrays.pop("total"),
        lambda plain, arrays: arrays.update(times=np.zeros(9)),
        lambda plain, arrays: arrays.update(latents=np.zeros(6)),
        lambda plain, arrays: arrays.update(kinetic=np.full(5, np.nan)),
    ],
)
def test_a_damaged_pin_is_refused_in_a_sentence(pin: Pin, damage) -> None:
    plain, arrays = pin.to_parts()
    plain = json.loads(json.dumps(plain))
    damage(plain, arrays)
    with pytest.raises(UnusableInput, match=r"\.$"):
        Pin.from_parts(plain, arrays)


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
