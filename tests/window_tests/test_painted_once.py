"""An answer is painted once in every view, all at once, and what it does not change is not painted at all."""

import sys
from collections import Counter

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from slap_studio.session.look import View
from tests.window_tests.space import look_at
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


class Order(QObject):
    """Notes what happens to a window one after the other: told, drawn, painted, settled, and turns in between."""

    def __init__(self, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.noted: list[str] = []
        self._scene = studio.space.stage.seen.picture
        real = self._scene._drawn

        def drawn() -> object:
            self.noted.append("drawn while painting" if sys._getframe(1).f_code.co_name == "paintEvent" else "drawn")
            return real()

        monkeypatch.setattr(self._scene, "_drawn", drawn)
        studio.controller.path_shown.connect(lambda _answer: self.noted.append("told"))
        studio.controller.lanes["solve"].settled.connect(lambda _answer: self.noted.append("settled"))
        for widget in (self._scene, studio.space.time.rows):
            widget.installEventFilter(self)
        self._beat = QTimer(self, interval=0)
        self._beat.timeout.connect(lambda: self.noted.append("turn"))
        self._beat.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.noted.append("scene" if watched is self._scene else "rows")
        return False

    @property
    def from_told(self) -> list[str]:
        """What happened since the last answer, turns that follow each other as one."""
        since = self.noted[len(self.noted) - 1 - self.noted[::-1].index("told") :]
        return [what for what, before in zip(since, ["", *since], strict=False) if what != before or what != "turn"]


@pytest.mark.parametrize("view", [View.MAP, View.SLICE])
def test_hands_are_served_between_telling_and_drawing_and_see_all_views_change_at_once(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, view: View
) -> None:
    look_at(opened, view)
    opened.rest()
    order = Order(opened, monkeypatch)
    opened.controller.choosing.preset(5.0)
    opened.wait(lambda: "told" in order.noted and "settled" in order.from_told)
    told, *rest = order.from_told[: order.from_told.index("settled") + 1]
    assert told == "told"
    assert "drawn while painting" not in rest
    # Nothing is painted before the scene is drawn, all is painted after it, and only then is more asked for.
    drawn, painted = rest.index("drawn"), [rest.index(name) for name in ("scene", "rows")]
    assert "turn" in rest[:drawn]
    assert drawn < min(painted)
    assert not {"scene", "rows"} & set(rest[:drawn])
    assert max(painted) < rest.index("settled")


def test_answers_go_on_while_the_scene_changes_in_every_turn_and_it_is_drawn_once_for_each_painting(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(opened, View.SLICE)
    opened.rest()
    order = Order(opened, monkeypatch)
    turning = QTimer(order, interval=0)
    turning.timeout.connect(lambda: opened.space.stage.spatial.turn(1, 0))
    turning.start()
    opened.controller.choosing.physics(coupling=3.0)
    opened.wait(lambda: order.noted.count("settled") >= 1)
    opened.wait(lambda: order.noted.count("scene") >= 20)
    turning.stop()
    assert "drawn while painting" not in order.noted
    assert abs(order.noted.count("drawn") - order.noted.count("scene")) <= 1


def test_a_scene_that_cannot_be_drawn_keeps_nothing_else_from_being_painted(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.rest()
    order, scene = Order(opened, monkeypatch), opened.space.stage.seen.picture

    def broken() -> None:
        raise OSError("the driver is gone")

    with monkeypatch.context() as patch, opened.qtbot.captureExceptions() as faults:
        patch.setattr(scene, "draw", broken)
        opened.controller.choosing.physics(coupling=3.0)
        opened.wait(lambda: "told" in order.noted and "rows" in order.from_told)
    assert [str(fault) for _, fault, _ in faults][:1] == ["the driver is gone"]
    opened.settle()
    assert not opened.window.painting.held
