"""The landscape lies on the map where its places are, in the colours of its picture."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.views.landscape_picture import FINER, landscape_picture
from slap_studio.views.stage import planar
from slap_studio.views.stage.ground import corners_of_coloured_tiles
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window
EVERY = 4  # places of the grid


def test_every_place_of_the_ground_has_the_colour_of_its_picture(opened: Studio) -> None:
    stage = opened.space.stage.stage
    for query in ("a red cube", "a blue ball"):
        opened.controller.choosing.query(query)
        opened.settle()
        opened.rest()
        ground = stage._ground
        assert ground is not None
        picture = landscape_picture(ground.potential, ground.support, stage._theme)
        below = 255 * np.array(stage.canvas.bgcolor.rgb)
        shown = stage.picture.grab().toImage()
        scale = shown.width() / stage.picture.width()
        rows, columns = ground.potential.shape
        left, right, bottom, top = ground.extent
        off = []
        for row in range(EVERY, rows - EVERY, EVERY):
            for column in range(EVERY, columns - EVERY, EVERY):
                place = np.array([
                    left + (right - left) * (column + 0.5) / columns,
                    bottom + (top - bottom) * (row + 0.5) / rows,
                ])  # fmt: skip
                at = stage.to_screen(place)
                x, y = round(at.x() * scale), round(at.y() * scale)
                *colour, cover = picture[FINER * row + FINER // 2, FINER * column + FINER // 2].astype(float)
                expected = below + (np.array(colour) - below) * cover / 255
                if cover > 50 and 0 <= x < shown.width() and 0 <= y < shown.height():
                    found = np.array(shown.pixelColor(x, y).getRgb()[:3])
                    off.append(np.abs(found - expected).max())
        assert len(off) > 100
        # The rest lies under frames, path and contours.
        assert np.mean(np.array(off) <= 6) > 0.75


def test_a_landscape_is_pictured_once_and_only_where_it_is_seen(opened: Studio, monkeypatch) -> None:
    made: list[tuple] = []

    def counted(*told) -> np.ndarray:
        made.append(told)
        return landscape_picture(*told)

    monkeypatch.setattr(planar, "landscape_picture", counted)
    opened.controller.choosing.view("slice")
    opened.settle()
    opened.rest()
    made.clear()
    opened.controller.choosing.query("a blue ball")
    opened.settle()
    opened.controller.looks.choose_theme("light")
    opened.rest()
    assert not made
    opened.controller.choosing.view("map")
    opened.settle()
    opened.rest()
    # What was there when it was left may be painted until the answer on the map has come.
    assert len({id(potential) for potential, *_ in made}) == len(made)
    potential, _, theme = made[-1]
    assert potential is opened.space.stage.stage._ground.potential
    assert not theme.dark


def test_every_coloured_pixel_and_all_beside_it_are_drawn_once_and_empty_tiles_are_not() -> None:
    rng = np.random.default_rng(5)
    coloured = np.zeros((250, 330), bool)
    for row, column in rng.integers((0, 0), coloured.shape, size=(30, 2)):
        coloured[row : row + 9, column : column + 14] = True
    low, high = (
        corners_of_coloured_tiles(coloured).reshape(-1, 6, 2)[:, which] * coloured.shape[::-1] for which in (0, 2)
    )
    drawn = np.zeros(coloured.shape, int)
    for (left, bottom), (right, top) in zip(low.round().astype(int), high.round().astype(int), strict=True):
        drawn[bottom:top, left:right] += 1
    for row, column in np.argwhere(coloured):
        assert (drawn[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] == 1).all()
    assert drawn.max() == 1
    assert drawn.mean() < 0.7
    assert corners_of_coloured_tiles(np.zeros((250, 330), bool)).shape == (0, 2)


def test_lines_are_made_once_however_often_the_map_is_zoomed_before_it_is_drawn(opened: Studio, monkeypatch) -> None:
    opened.rest()
    stage, made, real = opened.space.stage.stage, [], planar.ribbon

    def counted(*told) -> object:
        made.append(told)
        return real(*told)

    monkeypatch.setattr(planar, "ribbon", counted)
    stage.picture.zoom(1)
    stage.picture.draw()
    once, pixel = len(made), stage._pixel()
    assert once > 0
    made.clear()
    for _ in range(4):
        stage.picture.zoom(-1)
    assert not made
    assert stage._pixel() > pixel
    stage.picture.draw()
    assert len(made) == once
