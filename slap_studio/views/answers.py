"""Answers to choose from, one below the other; long ones wrap."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget


class ChoiceList(QWidget):
    """Round buttons with their texts; arrows move among them, a click on a text chooses it."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.texts: tuple[str, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)

    @property
    def chosen_index(self) -> int | None:
        """Which is chosen, from 0; None if none is."""
        found = self._group.checkedId()
        return None if found < 0 else found

    def button(self, index: int) -> QRadioButton:
        """The button of an answer."""
        found = self._group.button(index)
        assert isinstance(found, QRadioButton)
        return found

    def show_texts(self, texts: Sequence[str]) -> None:
        """Other answers, none of them chosen."""
        self.texts = tuple(texts)
        for old in self._group.buttons():
            self._group.removeButton(old)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            assert widget is not None
            widget.hide()
            widget.deleteLater()
        for index, text in enumerate(texts):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
            button = QRadioButton()
            button.setAccessibleName(text)
            button.setToolTip("What you predict.")
            self._group.addButton(button, index)
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(_Words(text, button), 1)
            self._rows.addWidget(row)


class _Words(QLabel):
    """An answer's text; a click on it is a click on its button."""

    def __init__(self, text: str, button: QRadioButton) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setBuddy(button)
        self._button = button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self._button.click()
