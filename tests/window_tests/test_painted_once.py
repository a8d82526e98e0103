"""An answer is painted once in every view, and what it does not change is not painted at all."""

from collections import Counter

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


class Paintings(QObject):
    """Counts how often widgets are painted."""

    def __init__(self, **watched: QWidget) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()
        self._names = {id(widget): name for name, widget in watched.items()}
        for widget in watched.values():
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.counted[self._names[id(watched)]] += 1
        return False


def test_an_answer_is_painted_once_everywhere(opened: Studio) -> None:
    opened.settle()
    opened.rest()
    space = opened.space
    paintings = Paintings(
        stage=space.stage.stage.picture, rows=space.time.rows, steps=space.steps.plot.viewport(),
        query=opened.window.top.query,
    )  # fmt: skip
    # From the moment on when all views have been told.
    opened.controller.path_shown.connect(lambda _answer: paintings.counted.clear())
    before = len(opened.answers)
    opened.controller.choosing.preset(5.0)
    opened.wait(lambda: len(opened.answers) > before)
    opened.wait(lambda: all(paintings.counted[name] for name in ("stage", "rows", "steps")))
    opened.settle()
    assert {name: paintings.counted[name] for name in ("stage", "steps", "query")} == {
        "stage": 1,
        "steps": 1,
        "query": 0,
    }
