"""One action as a line of a list: what it is called, where it stands, and its keys as they are printed on keyboards."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from slap_studio.views.action import Action
from slap_studio.views.theme import BODY, Theme

ACTION, WHY_NOT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_PRINTED = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "PgUp": "Page ↑", "PgDown": "Page ↓"}
_EDGE, _BETWEEN = 10, 14  # pixels


def printed(key: str) -> str:
    """A shortcut as people read it, such as "Ctrl + Shift + P"."""
    modifiers, _, last = key[:-1].rpartition("+") if len(key) > 1 else ("", "", "")
    names = [*(name for name in modifiers.split("+") if name), last + key[-1]]
    return " + ".join(_PRINTED.get(name, name) for name in names)


def all_printed(action: Action) -> str:
    """All keys of an action, or nothing."""
    keys = [printed(key) for key in action.all_keys]
    if action.on_stage:
        keys.append(f"{', '.join(printed(key) for key in action.on_stage)} on the stage")
    return "  or  ".join(keys)


def where(action: Action) -> str:
    """The menus that lead to an action."""
    return action.menu.replace("/", " › ")


class ActionDelegate(QStyledItemDelegate):
    """Paints text, menu and keys; what cannot be done is grey, with the reason in the menu's place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A line of type with room to breathe."""
        return QSize(200, self._theme.size(28))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground of the chosen one, then the three texts."""
        theme, action, why_not = self._theme, index.data(ACTION), index.data(WHY_NOT)
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.pen("observed", 1))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        box = box.adjusted(_EDGE, 0, -_EDGE, 0)
        body, small = theme.font(BODY), theme.font()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(body)
        painter.setPen(theme.colour("secondary" if why_not else "text"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, action.text)
        keys = all_printed(action)
        metrics = QFontMetrics(small)
        left = QFontMetrics(body).horizontalAdvance(action.text) + _BETWEEN
        right = metrics.horizontalAdvance(keys) + _BETWEEN
        painter.setFont(small)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, keys)
        between = box.adjusted(left, 0, -right, 0)
        told = metrics.elidedText(why_not or where(action), Qt.TextElideMode.ElideRight, between.width())
        painter.setPen(theme.colour("secondary"))
        painter.drawText(between, middle | Qt.AlignmentFlag.AlignLeft, told)
        painter.restore()
