"""Pinned paths beside the present one: their settings and figures as a table, with what differs standing out."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QWidget

from slap_studio.views.controls import label, panel
from slap_studio.views.icons import dress
from slap_studio.views.stage.pictures import PIN_STYLES
from slap_studio.views.theme import Theme

# Titles with what they mean; those in _QUIET, in large type some others too, are seen only where two paths differ.
COLUMNS = {
    "λ": "Coupling λ.", "μ": "Mass μ.", "Δt": "Time step Δt, in sampled frames.", "K": "Number of descent steps K.",
    "α": "Step size α.", "P": "Which alignment P pulls the path.",
    "T": "How the speed between two latents is measured.",
    "query": "What is looked for.", "gap": "Which frames are hidden.", "S": "The action, without a unit.",
    "S_kin": "Mean squared chord between neighbours, without a unit.", "E_pot": "Mean potential V, without a unit.",
    "D_sem": "Drift: mean cosine distance to the truth, where it was revealed.",
    "angle": "The largest angle between a latent of this path and the present path's, in degrees.",
    "alarms": "How many latents no observed frame comes near.",
}  # fmt: skip
_QUIET = ("Δt", "α", "P", "T", "query", "gap", "D_sem")
_QUIET_IN_LARGE_TYPE = ("μ", "K")
_LARGE = 1.1  # scale of type beyond which that is so, and a bar is likely
_SETTINGS = ("λ", "μ", "Δt", "K", "α", "P", "T", "query", "gap")
_LONGEST = 16  # signs of a cell


@dataclass(frozen=True, eq=False)
class PathRow:
    """One path: its number (0 for the present one), name, style (none for the present one) and cells by title."""

    number: int
    name: str
    slot: int | None
    cells: dict[str, str]


class PinsPanel(QWidget):
    """Says when there is something to be seen; emits which pin's settings are asked for, and which pin is to go."""

    filled = Signal(bool)
    restore_asked = Signal(int)
    unpin_asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = panel(self, (13, 8, 9, 6), 0)
        self._theme = theme
        self._rows: tuple[PathRow, ...] = ()
        table = QWidget()
        self._grid = QGridLayout(table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(11)
        self._grid.setVerticalSpacing(0)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its buttons are reached one by one
        scroll.setWidget(table)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(scroll)
        self._table = scroll
        self._empty = label(
            "Nothing is pinned: P keeps the path that is drawn, to compare others with it.", "secondary"
        )
        layout.addWidget(self._empty)
        self._titles: dict[str, QLabel] = {}
        for column, (title, hint) in enumerate(COLUMNS.items(), start=2):
            self._titles[title] = label(title, "small")
            self._titles[title].setToolTip(hint)
            self._grid.addWidget(self._titles[title], 0, column)
        self._grid.setColumnStretch(len(COLUMNS) + 2, 1)
        self._grid.addWidget(label("Pinned", "title"), 0, 0)
        self._lines = [self._line(index) for index in range(1 + len(PIN_STYLES))]
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        bar = self._table.horizontalScrollBar().sizeHint().height() if theme.scale > _LARGE else 0
        self.setFixedHeight(14 + theme.size(16 + 20 * len(self._lines)) + bar)
        for line in self._lines:
            dress(line.close, "close", theme, "secondary", 14)
            line.close.setFixedSize(theme.size(19), theme.size(19))
        self._fill()

    def show_rows(self, rows: tuple[PathRow, ...]) -> None:
        """Show the present path and the pinned ones, or nothing."""
        if not rows and not self._rows:
            return
        before, self._rows = self._rows, rows
        self._fill()
        if len(rows) > len(before) or not rows:
            self.filled.emit(bool(rows))

    @property
    def count(self) -> int:
        """How many paths are listed, the present one among them."""
        return len(self._rows)

    def _fill(self) -> None:
        quiet = _QUIET + (_QUIET_IN_LARGE_TYPE if self._theme.scale > _LARGE else ())
        seen = {title: title not in quiet or len({row.cells[title] for row in self._rows}) > 1 for title in COLUMNS}
        self._table.setVisible(bool(self._rows))
        self._empty.setVisible(not self._rows)
        for title, part in self._titles.items():
            part.setVisible(seen[title])
        for index, line in enumerate(self._lines):
            if index >= len(self._rows):
                line.hide()
                continue
            row = self._rows[index]
            line.show(row, self._theme)
            for title, cell in line.cells.items():
                text = row.cells[title]
                alarming = title == "alarms" and text != "0"
                changed = title in _SETTINGS and text != self._rows[0].cells[title]
                cell.show_text(f"▲ {text}" if alarming else text, COLUMNS[title])
                cell.show_style(self._theme.alarm if alarming else self._theme.text, strong=changed)
                cell.setVisible(seen[title])

    def _line(self, index: int) -> "_Line":
        line = _Line()
        self._grid.addWidget(line.name, index + 1, 0)
        self._grid.addWidget(line.close, index + 1, 1)
        for column, title in enumerate(COLUMNS, start=2):
            self._grid.addWidget(line.cells[title], index + 1, column)
        line.name.clicked.connect(partial(self._ask, self.restore_asked, index))
        line.close.clicked.connect(partial(self._ask, self.unpin_asked, index))
        return line

    def _ask(self, signal: object, index: int, _checked: bool = False) -> None:
        # A row may go, by an answer or a key, while its button is held down.
        number = self._rows[index].number if index < len(self._rows) else 0
        if number:
            signal.emit(number)  # type: ignore[attr-defined]


class _Cell(QLabel):
    """A text that is shortened where it is long; dressed anew only where that is needed, for it takes long."""

    def __init__(self) -> None:
        super().__init__()
        self._style = ""

    def show_text(self, text: str, hint: str) -> None:
        """Show a text, whose whole the tooltip has."""
        self.setText(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
        self.setToolTip(hint if len(text) <= _LONGEST else text)

    def show_style(self, colour: str, *, strong: bool) -> None:
        """Show it in a colour, perhaps standing out."""
        style = f"font-weight: {600 if strong else 400}; color: {colour};"
        if style != self._style:
            self._style = style
            self.setStyleSheet(style)


class _Line:
    """The widgets of one row of the table."""

    def __init__(self) -> None:
        self.name, self.close = QPushButton(), QPushButton()
        self.name.setProperty("link", "true")
        self.name.setIconSize(QSize(30, 12))
        self.name.setStyleSheet("text-align: left;")
        self.close.setProperty("transport", "true")
        self.cells = {title: _Cell() for title in COLUMNS}
        self._shown: tuple[str, Theme] | None = None

    def hide(self) -> None:
        """There is no such path."""
        for part in (self.name, self.close, *self.cells.values()):
            part.hide()

    def show(self, row: PathRow, theme: Theme) -> None:
        """A pin, or the present path, which is there without a button."""
        pinned = row.slot is not None
        self.name.show()
        self.close.setVisible(pinned)
        if self._shown == (row.name, theme):
            return
        self._shown = row.name, theme
        self.name.setText(row.name)
        self.name.setIcon(_sample(row.slot, theme))
        self.name.setToolTip(f"Back to the settings of {row.name}." if pinned else "The path that is drawn now.")
        self.name.setAccessibleName(self.name.toolTip())
        self.close.setToolTip(f"Unpin {row.name}.")
        self.close.setAccessibleName(self.close.toolTip())


def _sample(slot: int | None, theme: Theme) -> QIcon:
    """A piece of the line as the map draws it, with its marker."""
    pixmap = QPixmap(60, 24)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour("inferred"), 1.8 if slot is not None else 2.6)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if slot is not None:
        pen.setDashPattern([length / 1.8 for length in PIN_STYLES[slot].dash])
    painter.setPen(pen)
    painter.drawLine(QPointF(0, 6), QPointF(30, 6))
    painter.setPen(QPen(theme.colour("inferred"), 1.4))
    painter.setBrush(theme.colour("panel"))
    if slot is None:
        painter.drawEllipse(QPointF(15, 6), 3.5, 3.5)
    elif PIN_STYLES[slot].marker == "square":
        painter.drawRect(12, 3, 6, 6)
    else:
        painter.drawLine(QPointF(12, 3), QPointF(18, 9))
        painter.drawLine(QPointF(12, 9), QPointF(18, 3))
    painter.end()
    return QIcon(pixmap)
