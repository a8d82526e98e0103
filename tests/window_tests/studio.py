"""Helpers for tests in the real window: open a clip, wait for its path, find things on the screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QStyle, QStyleOptionSlider, QWidget

from slap_studio.app.controller import Controller
from slap_studio.app.opening import Opening
from slap_studio.views.offscreen import OffscreenScene

PATIENCE = 60_000  # milliseconds: only a hang takes so long
LOOK = 20  # milliseconds between two looks at a window that comes to rest
SETTLED = 6  # looks in a row that find it unchanged before it is said to rest


class Studio:
    """A shown window with its controller, and what came back so far."""

    def __init__(self, controller: Controller, qtbot: Any) -> None:
        self.controller = controller
        self.window = controller.window
        self.qtbot = qtbot
        self.answers: list[Any] = []
        controller.path_shown.connect(self.answers.append)

    def open(self, path: Path, query: str | None = "a red cube", hide: str | None = "30%:60%") -> None:
        """Open a clip and wait for its path."""
        before = len(self.answers)
        self.controller.open(Opening(path, query, hide))
        # Of the clip before, answers may still come in.
        self.wait(lambda: any(answer.request.clip.info.path == path for answer in self.answers[before:]))

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the window live until a condition holds."""
        self.qtbot.waitUntil(condition, timeout=PATIENCE)

    def settle(self) -> Any:
        """Wait until nothing is asked and nothing is on its way; give the answer that is drawn."""
        self.wait(lambda: self.controller.lanes["solve"].idle and self.is_current())
        return self.answers[-1]

    def rest(self) -> None:
        """Let the window live until nothing in it moves or changes its size, its font or its picture.

        Counted in looks, not in time: each look comes after whatever was due, however busy the machine is.
        """
        before, same = None, 0

        def unchanged() -> bool:
            nonlocal before, same
            now = self._appearance()
            same = same + 1 if now == before and not self._unrest() else 0
            before = now
            return same >= SETTLED

        for _ in range(PATIENCE // LOOK):
            self.qtbot.wait(LOOK)
            if unchanged():
                return
        raise TimeoutError(f"The window does not come to rest: {self._unrest() or 'its appearance changes'}.")

    def _unrest(self) -> list[str]:
        """What is still under way."""
        lanes = [lane for lane in self.controller.lanes.values() if not lane.idle]
        return [f"{lane.name} ({'busy' if lane.busy else 'answered'})" for lane in lanes] + [
            text
            for text, holds in (
                ("dressing", not self.controller.looks.dressed),
                ("a painting is held", self.window.painting.held),
            )
            if holds
        ]

    def dress(self, theme: str, percent: int = 100) -> None:
        """Choose a theme and a size of type, and wait until the window wears them."""
        self.controller.looks.choose_font_size(percent)
        self.controller.looks.choose_theme(theme)
        self.wait(lambda: self.controller.looks.dressed)

    def _appearance(self) -> object:
        widgets = [self.window, *(part for part in self.window.findChildren(QWidget) if part.isVisible())]
        scenes = [part for part in widgets if isinstance(part, OffscreenScene)]
        return [(id(part), part.geometry().getRect(), part.font().key()) for part in widgets], [
            part._picture.cacheKey() if part._picture is not None else None for part in scenes
        ]

    def is_current(self) -> bool:
        """Whether what is drawn is the answer to the present session."""
        session, request = self.controller.session, self.answers[-1].request
        return (
            (session.video, session.query, session.gap, session.physics, session.descent)
            == (request.clip.info.path, request.query, request.gap, request.physics, request.descent)
        ) and (session.alignment, session.candidates, session.elsewhere) == (
            request.alignment, request.candidates, request.elsewhere,
        )  # fmt: skip

    @property
    def space(self) -> Any:
        """The workspace."""
        assert self.window.workspace is not None
        return self.window.workspace

    @property
    def session(self) -> Any:
        """What the user has chosen."""
        return self.controller.session

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def drag_slider(self, slider: QSlider, shares: list[float]) -> None:
        """Take a slider's handle and pull it through places 0..1 of its length."""
        option = QStyleOptionSlider()
        slider.initStyleOption(option)
        handle = slider.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
        )
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle.center())
        for share in shares:
            QTest.mouseMove(slider, QPoint(round(share * (slider.width() - 1)), handle.center().y()))
        QTest.mouseRelease(
            slider, Qt.MouseButton.LeftButton, pos=QPoint(round(shares[-1] * (slider.width() - 1)), handle.center().y())
        )

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at a point, move in a few steps, release."""
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 6):
            QTest.mouseMove(widget, start + (end - start) * step / 5)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)

    def drop(self, path: Path) -> bool:
        """Drop a file on the window; whether the window took it."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        where = QPointF(self.window.rect().center())
        enter = QDragEnterEvent(
            where.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(self.window, enter)
        if not enter.isAccepted():
            return False
        drop = QDropEvent(
            where, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(self.window, drop)
        return drop.isAccepted()


def typed(field: QLineEdit, text: str) -> None:
    """Replace what stands in a field, and press Enter."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
