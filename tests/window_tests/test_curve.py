"""Curves that leap to and fro look as those that Qt draws in one go, and dashes go on where they can be seen."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window needs Qt's libraries", exc_type=ImportError)

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from slap_studio.views.curve import LONG, Curve
from slap_studio.views.curve_plot import CurvePlot

pytestmark = pytest.mark.window
WIDE, HIGH = 240, 140
STEPS = np.linspace(0.0, 1.0, 101)
UNSTABLE = 0.5 + 0.4 * STEPS * (-1.0) ** np.arange(101)


@pytest.fixture
def curve(qapp) -> Curve:
    made = Curve()
    pen = QPen(QColor("white"), 2)
    pen.setCosmetic(True)
    made.setPen(pen)
    return made


def painted(item, pen: QPen | None = None, wide: int = WIDE) -> np.ndarray:
    """What a curve over the unit square looks like: its grey values [H, W] from 0 to 1."""
    picture = QImage(wide, HIGH, QImage.Format.Format_Grayscale8)
    picture.fill(0)
    painter = QPainter(picture)
    painter.setTransform(QTransform(wide, 0, 0, -HIGH, 0, HIGH))
    if pen is not None:
        item.setPen(pen)
    item.paint(painter, None, None)
    painter.end()
    return np.array(picture.constBits()).reshape(HIGH, picture.bytesPerLine())[:, :wide] / 255


def in_one_go(curve: Curve, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    with monkeypatch.context() as patch:
        patch.setattr("slap_studio.views.curve.LONG", np.inf)
        return painted(curve)


@pytest.mark.parametrize("heights", [UNSTABLE, np.random.default_rng(0).random(101)], ids=["unstable", "random"])
def test_what_leaps_to_and_fro_looks_as_drawn_in_one_go(curve, heights, monkeypatch) -> None:
    curve.setData(STEPS, heights)
    assert np.hypot(WIDE * np.diff(STEPS), HIGH * np.diff(heights)).sum() > LONG * (WIDE + HIGH)
    lines, whole = painted(curve), in_one_go(curve, monkeypatch)
    assert lines.sum() == pytest.approx(whole.sum(), rel=0.05)
    assert np.corrcoef(lines.ravel(), whole.ravel())[0, 1] > 0.97
    # It is not the same code that drew both.
    assert not np.array_equal(lines, whole)


@pytest.mark.parametrize("wide", [WIDE, 3000])
def test_dashes_go_on_from_point_to_point_of_a_smooth_curve(curve, wide) -> None:
    x = np.linspace(0, 1, wide // 3)
    curve.setData(x, 0.5 + 0.3 * np.sin(3 * x))
    solid = painted(curve, wide=wide)
    pen = QPen(curve.opts["pen"])
    pen.setStyle(Qt.PenStyle.DashLine)
    dashed = painted(curve, pen, wide)
    across = dashed.max(axis=0)
    assert solid.max(axis=0).min() > 0.5
    # A dash of four widths and a space of two are twelve pixels.
    assert (np.diff((across > 0.5).astype(int)) == 1).sum() > wide / 20


def test_points_that_are_not_numbers_and_none_at_all_are_no_fault(curve) -> None:
    assert painted(curve).sum() == 0
    heights = UNSTABLE.copy()
    heights[50:] = np.nan
    curve.setData(STEPS, heights)
    seen = painted(curve)
    assert seen[:, : WIDE // 2 - 4].sum() > 0
    assert seen[:, WIDE // 2 + 4 :].sum() == 0


def test_a_plot_draws_its_curves_where_its_axes_say(qtbot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.hide_axes()
    plot.resize(WIDE, HIGH)
    plot.setXRange(0, 1, padding=0)
    plot.setYRange(0, 1, padding=0)
    curve = plot.add_curve()
    pen = QPen(QColor("red"), 2)
    pen.setCosmetic(True)
    curve.setPen(pen)
    curve.setData(STEPS, UNSTABLE)
    plot.show()
    qtbot.waitExposed(plot)
    picture = plot.grab().toImage()
    red = np.array(
        [[picture.pixelColor(x, y).red() - picture.pixelColor(x, y).green() for x in range(WIDE)] for y in range(HIGH)]
    )
    rows = np.flatnonzero((red > 100).any(axis=1))
    assert rows[0] == pytest.approx(0.1 * HIGH, abs=4)
    assert rows[-1] == pytest.approx(0.9 * HIGH, abs=4)
    # At the left it is in the middle still.
    left = np.flatnonzero((red[:, :10] > 100).any(axis=1))
    assert left[0] > 0.4 * HIGH
    assert left[-1] < 0.6 * HIGH
