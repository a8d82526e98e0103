"""Texts that follow every answer ask for more room when they need it, and have nothing settled anew when not."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from slap_studio.views.steady import Steady

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


@pytest.fixture
def shown(qtbot, qapp) -> tuple[Steady, Settlings]:
    parent = QWidget()
    figure = Steady("0.000123", "small")
    layout = QHBoxLayout(parent)
    layout.addWidget(figure)
    layout.addStretch(1)
    qtbot.addWidget(parent)
    parent.show()
    qtbot.waitExposed(parent)
    figure.show_text("0.000456")
    qtbot.wait_until(lambda: figure.width() >= figure.sizeHint().width())
    qapp.processEvents()
    return figure, Settlings(parent)


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
