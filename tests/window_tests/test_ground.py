"""The landscape lies on the map where its places are, in the colours of its picture."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.views.landscape_picture import FINER, landscape_picture
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
