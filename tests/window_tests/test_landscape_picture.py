"""The landscape's picture: valleys glow, heights are the ground, contours are ink, what nothing supports is open."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.views.landscape_picture import CONTOURS, FINER, landscape_picture
from slap_studio.views.rgb import rgb
from slap_studio.views.theme import DARK, LIGHT, Theme

pytestmark = pytest.mark.window


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_every_pixel_has_the_colour_of_its_depth(theme: Theme) -> None:
    # A plane: contours are straight, and between two of them there is no ink.
    potential = np.tile(np.linspace(0, 1, 400), (4, 1))
    support = np.repeat([[1.0], [1.0], [0.5], [0.0]], 400, axis=1)
    picture = landscape_picture(potential, support, theme).astype(float)
    assert picture.shape == (4 * FINER, 400 * FINER, 4)
    depth = 1 - np.linspace(0, 1, 400 * FINER)
    between = np.abs(depth * CONTOURS % 1 - 0.5) < 0.3
    strength = (0.42 if theme.dark else 0.55) * depth[:, None] ** 1.4
    glow, ground = (255 * np.array(rgb(name)) for name in (theme.observed, theme.ground if theme.dark else theme.panel))
    expected = ground * (1 - strength) + glow * strength
    assert np.max(np.abs(picture[0, :, :3] - expected)[between]) <= 1.5
    # On a contour the ink takes part.
    on = np.abs(depth * CONTOURS % 1 - 0.5) > 0.498
    assert np.min(np.abs(picture[0, :, :3] - expected)[on].max(axis=-1)) > 3
    assert picture[0, :, 3].min() == 255
    assert picture[-1, :, 3].max() == 0
