"""The sheet of shortcuts: every action with its keys, by menus, made from the one list."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from slap_studio.views.action import Action
from slap_studio.views.action_row import all_printed
from slap_studio.views.controls import label
from slap_studio.views.theme import BODY, Theme

_WIDE = 400  # pixels at 100 % of a column
_BESIDE = 40  # pixels beside the columns: margins and the bar
_LONG = 30  # signs of keys that stand in one line
_MARGIN = 40  # pixels that are left of the window around the sheet
_LINE, _HEADING = 18, 32  # pixels at 100 % of a line, and of a heading with the room above it
_BETWEEN = 14  # pixels between a name and its keys


class ShortcutSheet(QDialog):
    """All actions in columns; Esc, “?” or a click beside it closes it."""

    def __init__(self, parent: QWidget, actions: Sequence[Action], theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Shortcuts")
        self.setAccessibleName("All actions and their shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", "true")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("All actions and their shortcuts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 10, 14)
        layout.addWidget(label("Everything that can be asked for", "title"))
        layout.addWidget(label("Ctrl + Shift + P finds any of it by a few letters; Esc closes this.", "secondary"))
        layout.addWidget(self._scroll, 1)
        menus: dict[str, list[Action]] = {}
        for action in actions:
            menus.setdefault(action.menu.split("/")[0], []).append(action)
        self.sections = [Section(title, listed, theme) for title, listed in menus.items()]
        wide = parent.width() - 2 * _MARGIN
        for columns in (3, 2, 1):
            content = self._filled(columns)
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

    def _filled(self, columns: int) -> QWidget:
        """Menus one below the other, broken into columns of about the same length."""
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(28)
        rows = sum(len(section.listed) + 2 for section in self.sections)
        column, filled = self._column(row), 0
        for section in self.sections:
            if filled + len(section.listed) / 2 > rows / columns and row.count() < columns:
                column.addStretch(1)
                column, filled = self._column(row), 0
            column.addWidget(section)
            filled += len(section.listed) + 2
        column.addStretch(1)
        return content

    @staticmethod
    def _column(row: QHBoxLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        return column


class Section(QWidget):
    """One menu's actions with their keys, painted: two labels for each of a hundred would take as long as a drawing.

    Attributes
    ----------
    listed
        What stands in it.
    lines
        What is read in each: where an action stands and what it is called, and its keys, one below the other where one
        line would take the room of a column.
    """

    def __init__(self, title: str, listed: Sequence[Action], theme: Theme) -> None:
        super().__init__()
        self.listed = tuple(listed)
        self.lines = tuple((_name(action), _keys(action)) for action in listed)
        self._title, self._theme = title, theme
        self._fonts = theme.font(BODY), theme.font()
        self._line, self._heading = theme.size(_LINE), theme.size(_HEADING)
        names, keys = (QFontMetrics(font) for font in self._fonts)
        wide = max(
            names.horizontalAdvance(name) + _BETWEEN + max(keys.horizontalAdvance(key) for key in printed)
            for name, printed in self.lines
        )
        self._size = QSize(wide, self._heading + self._line * sum(len(printed) for _, printed in self.lines))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        told = (f"{name}: {' or '.join(printed)}" if printed[0] else name for name, printed in self.lines)
        self.setAccessibleDescription("; ".join(told))
        # Not event() itself: PySide dies of what Python 3.11 raises in another override that is called from there.
        self.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """Room for every line."""
        return self._size

    def minimumSizeHint(self) -> QSize:
        """No less."""
        return self._size

    def paintEvent(self, event: QPaintEvent) -> None:
        """The heading, then names on the left and keys on the right."""
        painter = QPainter(self)
        left, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        heading = QFont(self._fonts[0])
        heading.setWeight(QFont.Weight.DemiBold)
        painter.setFont(heading)
        painter.setPen(self._theme.colour("text"))
        above = self._heading // 3
        painter.drawText(QRect(0, above, self.width(), self._heading - above), left, self._title)
        high = self._heading
        for name, printed in self.lines:
            painter.setFont(self._fonts[0])
            painter.setPen(self._theme.colour("text"))
            painter.drawText(QRect(0, high, self.width(), self._line), left, name)
            painter.setFont(self._fonts[1])
            painter.setPen(self._theme.colour("secondary"))
            for key in printed:
                painter.drawText(QRect(0, high, self.width(), self._line), right, key)
                high += self._line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tooltips say what an action does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(event.pos().y()), self)
            return True
        return False

    def hint_at(self, high: int) -> str:
        """What the action at a height does; nothing beside them."""
        high -= self._heading
        for action, (_, printed) in zip(self.listed, self.lines, strict=True):
            if 0 <= high < self._line * len(printed):
                return action.hint
            high -= self._line * len(printed)
        return ""


def _name(action: Action) -> str:
    inner = action.menu.partition("/")[2].replace("/", " › ")
    return f"{inner}: {action.text}" if inner else action.text


def _keys(action: Action) -> tuple[str, ...]:
    printed = all_printed(action)
    return tuple(printed.split("  or  ")) if len(printed) > _LONG else (printed,)
