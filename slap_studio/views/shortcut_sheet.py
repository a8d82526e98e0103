"""The sheet of shortcuts: every action with its keys, by menus, made from the one list."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from slap_studio.views.action import Action
from slap_studio.views.action_row import all_printed
from slap_studio.views.controls import label
from slap_studio.views.theme import Theme

_WIDE = 400  # pixels at 100 % of a column
_BESIDE = 40  # pixels beside the columns: margins and the bar
_LONG = 30  # signs of keys that stand in one line
_MARGIN = 40  # pixels that are left of the window around the sheet


class ShortcutSheet(QDialog):
    """All actions in columns; Esc, “?” or a click beside it closes it."""

    def __init__(self, parent: QWidget, actions: Sequence[Action], theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Shortcuts")
        self.setAccessibleName("All actions and their shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", "true")
        self.listed: list[Action] = []
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("All actions and their shortcuts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 10, 14)
        layout.addWidget(label("Everything that can be asked for", "title"))
        layout.addWidget(label("Ctrl + Shift + P finds any of it by a few letters; Esc closes this.", "secondary"))
        layout.addWidget(self._scroll, 1)
        wide = parent.width() - 2 * _MARGIN
        for columns in (3, 2, 1):
            content = self._filled(actions, columns)
            needed = max(columns * theme.size(_WIDE), content.sizeHint().width() + _BESIDE)
            if content.sizeHint().width() + _BESIDE <= wide:
                break
        self._scroll.setWidget(content)
        high = content.sizeHint().height() + theme.size(90)
        self.setFixedSize(min(wide, needed), min(parent.height() - 2 * _MARGIN, high))

    def open_over(self, window: QWidget) -> None:
        """Show it in the middle of a window."""
        middle = QPoint((window.width() - self.width()) // 2, (window.height() - self.height()) // 2)
        self.move(window.mapToGlobal(middle))
        self.show()
        self._scroll.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that opened it closes it."""
        if event.text() == "?":
            self.close()
        else:
            super().keyPressEvent(event)

    def _filled(self, actions: Sequence[Action], columns: int) -> QWidget:
        """Menus one below the other, broken into columns of about the same length."""
        self.listed.clear()
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(28)
        menus: dict[str, list[Action]] = {}
        for action in actions:
            menus.setdefault(action.menu.split("/")[0], []).append(action)
        rows = sum(len(listed) + 2 for listed in menus.values())
        column, filled = self._column(row), 0
        for title, listed in menus.items():
            if filled + len(listed) / 2 > rows / columns and row.count() < columns:
                column.addStretch(1)
                column, filled = self._column(row), 0
            self._section(column, title, listed)
            filled += len(listed) + 2
        column.addStretch(1)
        return content

    @staticmethod
    def _column(row: QHBoxLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        row.addLayout(column, 1)
        return column

    def _section(self, column: QVBoxLayout, title: str, listed: Sequence[Action]) -> None:
        heading = label(title, "title")
        heading.setContentsMargins(0, 10, 0, 2)
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for index, action in enumerate(listed):
            inner = action.menu.partition("/")[2].replace("/", " › ")
            name = label(f"{inner}: {action.text}" if inner else action.text)
            printed = all_printed(action)
            # Several ways to press it would take the room of a column.
            keys = label(printed.replace("  or  ", "\n") if len(printed) > _LONG else printed, "secondary")
            keys.setAlignment(Qt.AlignmentFlag.AlignRight)
            upright = Qt.AlignmentFlag.AlignTop if len(printed) > _LONG else Qt.AlignmentFlag.AlignVCenter
            for part in (name, keys):
                part.setToolTip(action.hint)
            grid.addWidget(name, index, 0, upright)
            grid.addWidget(keys, index, 1, Qt.AlignmentFlag.AlignRight | upright)
            self.listed.append(action)
        column.addLayout(grid)
