"""How far a picture may be believed, against a naive count; and which pictures have room."""

import numpy as np
import pytest

from slap_studio.core.fidelity import distances, kept
from slap_studio.core.thinning import thinned


def naive(points: np.ndarray, others: np.ndarray, there: np.ndarray, elsewhere: np.ndarray, count: int) -> list[float]:
    """Overlap of the two lists of nearest neighbours, one point after the other."""
    found = []
    for point, place in zip(points, there, strict=True):
        truly = sorted(range(len(others)), key=lambda index: np.linalg.norm(point - others[index]))[:count]
        seen = sorted(range(len(others)), key=lambda index: np.linalg.norm(place - elsewhere[index]))[:count]
        found.append(len(set(truly) & set(seen)) / count)
    return found


@pytest.mark.parametrize("count", [1, 5, 10])
def test_it_is_the_overlap_of_the_nearest_in_truth_and_in_the_picture(generator, count: int) -> None:
    points, others = generator.normal(size=(12, 7)), generator.normal(size=(40, 7))
    there, elsewhere = points[:, :2], others[:, :2]
    share = kept(distances(points, others), distances(there, elsewhere), count)
    assert share == pytest.approx(naive(points, others, there, elsewhere, count))
    assert share.min() < 1


def test_a_picture_that_keeps_all_distances_keeps_all_neighbours_and_a_shuffled_one_few(generator) -> None:
    points, others = generator.normal(size=(20, 3)), generator.normal(size=(100, 3))
    turn, _ = np.linalg.qr(generator.normal(size=(3, 3)))
    original = distances(points, others)
    assert kept(original, distances(2 * points @ turn, 2 * others @ turn)) == pytest.approx(np.ones(20))
    shuffled = kept(original, distances(points, generator.permutation(others)))
    assert shuffled.mean() == pytest.approx(0.1, abs=0.08)


def test_neighbours_that_are_equally_near_are_as_good_as_one_another(generator) -> None:
    others = np.repeat(generator.normal(size=(4, 5)), 10, axis=0)
    picture = distances(others[:1, :2], others[:, :2])
    assert kept(distances(others[:1], others), picture, count=3) == pytest.approx([1])
    assert kept(distances(others[:1], others), picture[:, ::-1] * 0 + np.arange(40)[::-1], count=3)[0] == 0


def test_fewer_others_than_neighbours_and_none_at_all(generator) -> None:
    points = generator.normal(size=(3, 4))
    alone = np.where(np.eye(3, dtype=bool), np.inf, distances(points, points))
    assert kept(alone, alone) == pytest.approx(np.ones(3))
    assert kept(np.zeros((2, 0)), np.zeros((2, 0))) == pytest.approx(np.ones(2))
    assert kept(np.full((1, 1), np.inf), np.full((1, 1), np.inf)) == pytest.approx([1])


def test_chosen_pictures_do_not_overlap_and_no_other_would_have_had_room(generator) -> None:
    places = generator.uniform(size=(200, 2))
    wide, high = 0.12, 0.07
    chosen = thinned(places, wide, high)
    assert chosen[0] == 0

    def overlap(one: np.ndarray, other: np.ndarray) -> bool:
        return abs(one[0] - other[0]) < wide and abs(one[1] - other[1]) < high

    for index in range(200):
        covers = any(overlap(places[index], places[other]) for other in chosen if other != index)
        assert covers != (index in chosen)
    assert len(thinned(places, 1e-9, 1e-9)) == 200
    assert len(thinned(places[:0], 1, 1)) == 0
