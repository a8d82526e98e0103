"""Texts that follow every answer ask for more room when they need it, and have nothing settled anew when not."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from slap_studio.views.stage_panel import StagePanel
from slap_studio.views.steady import Elided, Steady
from slap_studio.views.theme import chosen

pytestmark = pytest.mark.window


class Settlings(QObject):
    """Counts how often a widget is asked to lay out its parts anew."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__()
        self.count, self.watched = 0, watched  # which would be gone without anyone who holds it
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def shown_among(qtbot, qapp, *parts: QWidget, size: tuple[int, int] = (300, 40)) -> Settlings:
    """Show these beside one another, the first taking what room there is, and let their window come to rest."""
    parent = QWidget()
    layout = QHBoxLayout(parent)
    for index, part in enumerate(parts):
        layout.addWidget(part, int(index == 0))
    qtbot.addWidget(parent)
    parent.resize(*size)
    parent.show()
    qtbot.waitExposed(parent)
    qapp.processEvents()
    return Settlings(parent)


@pytest.fixture
def shown(qtbot, qapp) -> tuple[Steady, Settlings]:
    figure = Steady("0.000123", "small")
    settlings = shown_among(qtbot, qapp, figure, QWidget())
    figure.show_text("0.000456")
    qtbot.wait_until(lambda: figure.width() >= figure.sizeHint().width())
    qapp.processEvents()
    settlings.count = 0
    return figure, settlings


def test_a_text_that_has_room_has_nothing_settled_anew(shown: tuple[Steady, Settlings], qapp) -> None:
    figure, settlings = shown
    for text in ("12", "0.0007", "1"):
        figure.show_text(text)
        qapp.processEvents()
        assert figure.text() == text
        assert figure.sizeHint().width() <= figure.width()
    assert settlings.count == 0


def test_a_longer_text_gets_its_room_and_keeps_it(shown: tuple[Steady, Settlings], qtbot) -> None:
    figure, settlings = shown
    narrow = figure.width()
    figure.show_text("1 234 567 890.123")
    qtbot.wait_until(lambda: figure.width() >= figure.sizeHint().width() > narrow)
    qtbot.wait_until(lambda: settlings.count > 0)
    wide = figure.width()
    figure.show_text("1")
    assert figure.width() == wide


def test_with_other_type_the_room_is_measured_anew(shown: tuple[Steady, Settlings], qtbot) -> None:
    figure, _ = shown
    figure.show_text("1 234 567 890.123")
    figure.show_text("0.000456")
    font = figure.font()
    font.setPointSizeF(2 * font.pointSizeF())
    figure.setFont(font)
    qtbot.wait_until(lambda: figure.width() == figure.sizeHint().width())
    assert figure.height() >= figure.sizeHint().height()


def test_a_line_is_cut_where_it_has_no_room_and_settles_nothing_where_it_has(qtbot, qapp) -> None:
    line = Elided("small")
    line.show_hint("What it is about.")
    settlings = shown_among(qtbot, qapp, line, QWidget())
    for text in ("one", "three", "two"):
        line.show_text(text)
        qapp.processEvents()
        assert (line.text(), line.accessibleName(), line.toolTip()) == (text, text, "What it is about.")
    assert settlings.count == 0
    before = line.grab().toImage()
    long = "two and whatever else there is no room for in a line that is not much wider than a few words"
    line.show_text(long)
    assert line.toolTip() == f"{long}\nWhat it is about."
    qapp.processEvents()
    assert line.width() <= settlings.watched.width()
    assert line.grab().toImage() != before


def test_words_over_the_stage_leave_the_sizes_around_it_alone(qtbot, qapp) -> None:
    stage = StagePanel(chosen("dark"))
    settlings = shown_among(qtbot, qapp, stage, size=(900, 600))
    seen = []
    for count, name in enumerate(("Ballistic", "Chaotic", "Resonant")):
        stage.regime.show_regime(name, 10.0**count, "wanders")
        stage.show_map_note(f"Map of {10**count} frames")
        stage.names.show_query("another query" * count)
        stage.names.place({"query": QPointF(300.0, 300.0)} if count % 2 else {}, (), ())
        qapp.processEvents()
        seen.append((stage.map_note.text(), stage.names.marks["query"].isVisible()))
    assert seen == [("Map of 1 frames", False), ("Map of 10 frames", True), ("Map of 100 frames", False)]
    assert settlings.count == 0
    assert stage.stage.geometry() == stage.rect()
