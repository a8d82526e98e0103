"""Cameras of scenes in space as numbers, and back."""

import pytest

from slap_studio.views.stage.eyes import Eye, as_numbers, from_numbers

EYES = {"globe": Eye(-170.0, 12.5, 2.4), "map relief": Eye(-20.0, 38.0, 1.1, 0.3, -0.2, 0.05)}


def test_what_is_kept_comes_back() -> None:
    numbers = as_numbers(EYES)
    assert numbers["globe/azimuth"] == -170
    assert numbers["map relief/x"] == 0.3
    assert from_numbers(numbers, ("globe", "slice", "map relief")) == EYES
    assert from_numbers(numbers | {"map/left": 1.0}, ("globe",)) == {"globe": EYES["globe"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [("height", 0.0), ("height", -1.0), ("height", 1e9), ("elevation", 91.0), ("azimuth", 1e6), ("z", 1e200)],
)
def test_from_where_nothing_can_be_seen_nobody_looks(name: str, value: float) -> None:
    numbers = as_numbers(EYES) | {f"globe/{name}": value}
    assert from_numbers(numbers, ("globe", "map relief")) == {"map relief": EYES["map relief"]}
    del numbers[f"globe/{name}"]
    assert set(from_numbers(numbers, ("globe", "map relief"))) == {"map relief"}
