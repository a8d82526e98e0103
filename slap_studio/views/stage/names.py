"""What the marks on the stage are called: labels beside them, each where it covers nothing else that can be read."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from slap_studio.views.controls import label
from slap_studio.views.theme import Theme

BELOW, ABOVE, RIGHT, LEFT = (0, 1), (0, -1), (1, 0), (-1, 0)
SIDES = {"start": (BELOW, LEFT, ABOVE, RIGHT), "end": (BELOW, RIGHT, ABOVE, LEFT), "query": (RIGHT, LEFT, ABOVE, BELOW)}
_OTHERS = (RIGHT, ABOVE, BELOW, LEFT)
_NEAR, _FURTHER = 11, (0, 24, 48)  # pixels from a mark to its name, and how much more where that is taken
_MARK, _EDGE = 8, 4  # pixels around a mark that stay free, and between a name and the stage's edge
_BEYOND = 20  # pixels outside of the stage where a mark still has its name


class Names:
    """Labels of start, end and query, and of the other methods' lines.

    Attributes
    ----------
    marks, others
        The labels.
    """

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._style = ""
        self.marks = {name: self._made("title") for name in SIDES}
        self.others: list[QLabel] = []

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        shadow = theme.colour("panel", 0.82)
        ground = f"background: {shadow.name(shadow.NameFormat.HexArgb)}; border-radius: 4px; padding: 0 4px;"
        for name, mark in self.marks.items():
            mark.setStyleSheet(f"color: {theme.query if name == 'query' else theme.text}; {ground}")
        self._style = f"color: {theme.secondary}; {ground}"
        for other in self.others:
            other.setStyleSheet(self._style)

    def show_query(self, query: str) -> None:
        """Name the marks."""
        for name, text in (("start", "start"), ("end", "end"), ("query", f"“{query}”")):
            self.marks[name].setText(text)

    def show_others(self, names: Sequence[str]) -> None:
        """Name the other methods' lines."""
        while len(self.others) < len(names):
            self.others.append(self._made("small"))
            self.others[-1].setStyleSheet(self._style)
        for other, name in zip(self.others, names, strict=False):
            other.setText(name)

    def place(self, marks: dict[str, QPointF], others: Sequence[QPointF], taken: Sequence[QRect]) -> None:
        """Put each name beside its mark, in pixels of the stage, clear of what is taken; away without a mark."""
        whole = self._parent.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        free = QSize(2 * _MARK, 2 * _MARK)
        full = [*taken, *(QRect(point.toPoint() - QPoint(_MARK, _MARK), free) for point in marks.values())]
        for name, mark in self.marks.items():
            self._place(mark, marks.get(name), _sides(name, marks), whole, full)
        for index, other in enumerate(self.others):
            self._place(other, others[index] if index < len(others) else None, _OTHERS, whole, full)

    @staticmethod
    def _place(
        name: QLabel, at: QPointF | None, sides: Sequence[tuple[int, int]], whole: QRect, full: list[QRect]
    ) -> None:
        near = whole.adjusted(-_BEYOND, -_BEYOND, _BEYOND, _BEYOND)
        box = None
        if at is not None and near.contains(at.toPoint()):
            name.adjustSize()
            box = free_place(name.size(), at, sides, whole, full)
        if box is not None:
            full.append(box)
            name.move(box.topLeft())
        name.setVisible(box is not None)

    def _made(self, role: str) -> QLabel:
        made = label("", role)
        made.setParent(self._parent)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        made.hide()
        return made


def _sides(name: str, marks: dict[str, QPointF]) -> list[tuple[int, int]]:
    """A mark's sides in the order in which they are tried: an end's name stands away from the other end first.

    What lies between the two is the path. It moves with every answer, and the ends do not: neither do their names.
    """
    other = {"start": "end", "end": "start"}.get(name)
    if other is None or name not in marks or other not in marks:
        return list(SIDES[name])
    away = marks[name] - marks[other]
    return sorted(SIDES[name], key=lambda side: side[0] * away.x() + side[1] * away.y(), reverse=True)


def free_place(
    size: QSize, at: QPointF, sides: Sequence[tuple[int, int]], whole: QRect, taken: Sequence[QRect]
) -> QRect | None:
    """Where a name of some size covers nothing that is taken: at the first side that is free, as near as can be."""
    for further in _FURTHER:
        for across, down in sides:
            box = QRect(QPoint(0, 0), size)
            box.moveCenter(
                QPointF(
                    at.x() + across * (size.width() / 2 + _NEAR + further),
                    at.y() + down * (size.height() / 2 + _NEAR + further),
                ).toPoint()
            )
            box.moveLeft(min(max(box.left(), whole.left()), whole.right() - size.width()))
            if whole.contains(box) and not any(box.intersects(other) for other in taken):
                return box
    return None
