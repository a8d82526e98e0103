"""The palette: type a few letters of what is wanted, choose with the arrow keys, Enter does it."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from slap_studio.views.action import Action
from slap_studio.views.action_row import ACTION, WHY_NOT, ActionDelegate, all_printed, where
from slap_studio.views.controls import label
from slap_studio.views.theme import Theme

_WIDE, _ROWS = 620, 9  # pixels at 100 %, and rows that are seen at once
_BEGINNING, _RUN = 10, 8  # what a letter counts at the beginning of a word, and behind the letter before it


def likeness(wanted: str, text: str) -> int | None:
    """How well a text answers to letters that stand in it in this order, or None if they do not; more is better.

    A letter at the beginning of a word counts most, one right behind the letter before it counts more than one that
    stands alone.
    """
    letters, text = re.sub(r"\s+", "", wanted.lower()), text.lower()
    best: dict[int, int] = {-1: 0}  # by the place of the last letter that was found: what it has counted so far
    for letter in letters:
        found: dict[int, int] = {}
        for place in (index for index, other in enumerate(text) if other == letter):
            begins = place == 0 or not text[place - 1].isalnum()
            before = [
                counted + (_BEGINNING if begins else _RUN if last == place - 1 else 1)
                for last, counted in best.items()
                if last < place
            ]
            if before:
                found[place] = max(before)
        if not found:
            return None
        best = found
    return max(best.values())


def found_for(wanted: str, actions: Sequence[Action]) -> list[Action]:
    """Actions whose text, or menu and text, answer to what is typed, the best first; all of them for nothing.

    What cannot be done now must answer twice as well, unless its name is being typed.
    """
    ranked = []
    for place, action in enumerate(actions):
        own = likeness(wanted, action.text)
        path = likeness(wanted, f"{action.menu} {action.text}")
        if own is not None or path is not None:
            score = max(2 * (own or 0), path or 0)
            names = (action.text.lower(), f"{action.menu} {action.text}".lower())
            named = any(name.startswith(wanted.lower()) for name in names)
            ranked.append((-score if named or not action.unavailable() else -score / 2, place, action))
    return [action for *_, action in sorted(ranked, key=lambda rank: rank[:2])]


class Palette(QDialog):
    """A line to type in over the actions that answer to it; what cannot be done now is grey and says why."""

    def __init__(self, parent: QWidget, actions: Sequence[Action], run: Callable[[Action], None], theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Palette")
        self.setAccessibleName("Palette: everything that can be asked for")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", "true")
        self._actions, self._run, self._theme = tuple(actions), run, theme
        self.line = QLineEdit()
        self.line.setPlaceholderText("What do you want to do?")
        self.line.setAccessibleName("Search all actions")
        self.line.setToolTip("A few letters of an action; the arrow keys choose, Enter does it, Esc closes.")
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.found = QListWidget()
        self.found.setAccessibleName("Actions found")
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps the keyboard
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = ActionDelegate(theme)
        self.found.setItemDelegate(self._delegate)
        self.found.itemClicked.connect(self._take)
        self.nothing = label("No action is called that.", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        for part in (self.line, self.nothing, self.found):
            layout.addWidget(part)
        self._search("")

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of a window."""
        wide = min(self._theme.size(_WIDE), window.width() - 40)
        self.setFixedWidth(wide)
        self.adjustSize()
        self.move(window.mapToGlobal(QPoint((window.width() - wide) // 2, 76)))
        self.show()
        self.line.setFocus()

    @property
    def chosen(self) -> Action | None:
        """The action that Enter would do."""
        item = self.found.currentItem()
        return item.data(ACTION) if item is not None else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move through the list instead of the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            page = self._rows_seen() - 1
            step = {
                Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
            }.get(Qt.Key(event.key()))  # fmt: skip
            if step is not None and self.found.count():
                last = self.found.count() - 1
                row = self.found.currentRow() + step
                # One step beyond an end comes back at the other.
                row = row % (last + 1) if abs(step) == 1 else min(max(row, 0), last)
                self.found.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.found.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _search(self, wanted: str) -> None:
        self.found.clear()
        for action in found_for(wanted, self._actions):
            item = QListWidgetItem(self.found)
            why_not = action.unavailable()
            item.setData(ACTION, action)
            item.setData(WHY_NOT, why_not)
            item.setToolTip(why_not or action.hint)
            told = (action.text, why_not or where(action), all_printed(action))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in told if part))
        self.found.setCurrentRow(0)
        self.nothing.setVisible(self.found.count() == 0)
        high = self.found.sizeHintForRow(0) * self._rows_seen() + 4 if self.found.count() else 0
        self.found.setFixedHeight(high)
        self.found.setVisible(high > 0)
        self.adjustSize()

    def _rows_seen(self) -> int:
        return min(_ROWS, self.found.count())

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        action = item.data(ACTION)
        # First away: what is done may want the keyboard, or open a dialog.
        self.close()
        self._run(action)
