"""The inspector of the real window: what a latent reads as, and its labels edited in place."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from slap_studio.readout import OTHERS
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def chosen(studio: Studio) -> tuple[str, ...]:
    """The candidates, once a path is read as them."""
    return tuple(studio.settle().request.candidates)


def test_a_click_on_a_latent_shows_its_neighbours_shares_and_energies_and_a_frame_leads_on(opened: Studio) -> None:
    answer, stage, inspector = opened.settle(), opened.space.stage.stage, opened.space.inspector
    opened.rest()
    # The marks of a gap may lie over one another: whichever latent lies under the click is shown.
    where = stage.to_screen(answer.places[6]).toPoint()
    opened.controller.move_cursor(0.0)
    assert not inspector.bars.isVisible()
    QTest.mouseClick(stage.picture, Qt.MouseButton.LeftButton, pos=where)
    assert inspector._title.text().startswith("Latent")
    index = int(np.abs(answer.posed.times - opened.session.cursor).argmin())
    assert inspector.bars._shares.labels == answer.readout.labels
    assert inspector.bars._shares.values == pytest.approx(answer.readout.shares[index])
    shown = [name.text() for name, _ in inspector._cells]
    assert shown[:4] == ["Kinetic T", "Potential V", "Total H", "EL residual"]
    pictures = [picture for picture in inspector._pictures if picture.isVisible()]
    assert len(pictures) == 5
    QTest.mouseClick(pictures[1], Qt.MouseButton.LeftButton)
    assert opened.session.cursor == pytest.approx(answer.request.clip.times[answer.nearest[index - 1, 1]])


def test_labels_are_edited_added_and_removed_in_place(opened: Studio) -> None:
    opened.controller.candidates.choose("a red cube\na blue ball")
    labels = opened.settle().readout.labels
    bars = opened.space.inspector.bars
    assert bars.isVisible()
    before = chosen(opened)
    row = bars.name_box(0).center().toPoint()
    QTest.mouseDClick(bars, Qt.MouseButton.LeftButton, pos=row)
    QTest.keyClicks(bars.editor, "a green io")
    QTest.keyClick(bars.editor, Qt.Key.Key_Escape)
    assert not bars.editor.isVisible()
    assert chosen(opened) == before
    QTest.keyClick(bars, Qt.Key.Key_F2)
    assert bars.editor.isVisible()
    QTest.keyClicks(bars.editor, "a green cone")
    QTest.keyClick(bars.editor, Qt.Key.Key_Return)
    assert chosen(opened) == tuple("a green cone" if text == labels[0] else text for text in before)
    QTest.keyClick(bars, Qt.Key.Key_Insert)
    QTest.keyClicks(bars.editor, "an empty scene")
    QTest.keyClick(bars.editor, Qt.Key.Key_Return)
    assert chosen(opened)[-1] == "an empty scene"
    assert len(bars._shares.labels) == 3
    gone = bars._shares.labels[1]
    QTest.mouseClick(
        bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() - 5, bars.name_box(1).center().toPoint().y())
    )
    left = chosen(opened)
    assert gone not in left
    assert len(left) == 2
    gaps = opened.session.gaps
    QTest.keyClick(bars, Qt.Key.Key_Delete)  # of two, one cannot go; and the gap is none of its business
    assert "two texts at least" in opened.window.message.text
    assert (chosen(opened), opened.session.gaps) == (left, gaps)


def test_of_the_usual_candidates_those_that_are_drawn_become_ones_own_list(opened: Studio) -> None:
    drawn = opened.settle().readout.labels
    assert drawn[-1] == OTHERS
    assert opened.session.candidates == ()
    opened.space.inspector.bars.renamed.emit(drawn[2], "a purple ring")
    assert chosen(opened) == (*drawn[:2], "a purple ring", *drawn[3:-1])


def test_a_pointer_that_rests_on_the_rows_sees_the_frame_there(opened: Studio) -> None:
    answer, rows = opened.settle(), opened.space.time.rows
    bottom = rows.height()
    latent = 5
    x = round(rows.axis.x(float(answer.posed.times[latent + 1])))

    def rest(point: QPoint) -> object:
        rows.preview.offer(None, point)
        QTest.mouseMove(rows, point)
        opened.wait(rows.preview.isVisible)
        return rows.preview.pixmap().toImage()

    strip, between = rows._strip, float(answer.posed.times[latent + 1]) + 0.05
    on_clip = QPoint(round(rows.axis.x(between)), bottom - 22 - 6 - 27)
    assert rest(on_clip) == strip.pictures[answer.posed.gap.hidden[latent]]
    near = strip.pictures[int(answer.nearest[latent, 0])]
    assert rest(QPoint(x, bottom - 22 - 6 - 54 - 30)) == near
    assert rest(QPoint(x, 40)) == near
    QTest.mousePress(rows, Qt.MouseButton.LeftButton, pos=QPoint(x, 40))
    assert not rows.preview.isVisible()
    QTest.mouseRelease(rows, Qt.MouseButton.LeftButton, pos=QPoint(x, 40))
