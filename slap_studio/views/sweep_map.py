"""The regime map: a cell for every coupling λ and mass μ on logarithmic axes, coloured by what was measured."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from slap_studio.core.regimes import LOWER_ENDS, TABLE_7
from slap_studio.views.controls import label, paint_focus, spoken
from slap_studio.views.sweep_scale import QUANTITIES, ColourScale, draw_scale
from slap_studio.views.theme import Theme

LEFT, RIGHT, TOP, BOTTOM = 52, 100, 8, 40  # margins: μ's figures, the scale, half a figure, λ's figures
_NAMES = (
    0.5,
    0.1,
    0.9,
    0.1,
    0.9,
    0.5,
)  # where along its band a name stands: those of narrow ones out of each other's way
_HINT = "Open a clip and write what to look for: the sweep begins when its path is drawn."
_STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (1, 0), Qt.Key.Key_Down: (-1, 0),
}  # fmt: skip


@dataclass(frozen=True)
class MapCell:
    """What was measured for one λ and μ; row and column count from the smallest."""

    row: int
    column: int
    regime: str
    measured: str
    s_kin: float
    e_pot: float
    roughness: float
    rate: float
    chaotic: bool
    period: int | None


class RegimeMap(QWidget):
    """Draws cells as they come; a click, or Enter on the cell that the arrow keys chose, asks for its λ and μ."""

    cell_asked = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Regime map of coupling λ and mass μ")
        self.setMinimumSize(280, 150)
        self._couplings: tuple[float, ...] = ()
        self._masses: tuple[float, ...] = ()
        self.cells: dict[tuple[int, int], MapCell] = {}
        self._quantity = QUANTITIES["s_kin"]
        self._present: tuple[float, float] | None = None
        self._at: tuple[int, int] | None = None
        self.said = label("", "small")
        self.said.setParent(self)
        self.said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.said.hide()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.said.setStyleSheet(
            f"background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line}; "
            "border-radius: 6px; padding: 4px 7px;"
        )
        self.update()

    def show_grid(self, couplings: tuple[float, ...], masses: tuple[float, ...]) -> None:
        """An empty map of couplings [C] and masses [R], both at equal ratios."""
        self.clear()
        self._couplings, self._masses = couplings, masses

    def clear(self) -> None:
        """Take all away."""
        self._couplings = self._masses = ()
        self.cells = {}
        self._point_at(None)
        self.update()

    def show_cell(self, cell: MapCell) -> None:
        """One cell more."""
        self.cells[cell.row, cell.column] = cell
        if self._at == (cell.row, cell.column):
            self._point_at(self._at)
        self.update()

    def show_present(self, coupling: float, mass: float) -> None:
        """Ring the drawn path's λ and μ; zero has no place on a logarithmic axis."""
        self._present = (coupling, mass)
        self.update()

    def show_quantity(self, name: str) -> None:
        """Colour the cells by another quantity."""
        self._quantity = QUANTITIES[name]
        self.update()

    def centre(self, row: int, column: int) -> QPointF:
        """Where the middle of a cell is drawn."""
        return self._box(row, column).center()

    # ---- hands ----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the cell under the pointer holds."""
        self._point_at(self._cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the cell under the pointer."""
        found = self._cell_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point_at(found)
            self._ask(found)

    def leaveEvent(self, event: object) -> None:
        """Say nothing more."""
        if not self.hasFocus():
            self._point_at(None)
        self.said.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go from cell to cell, Enter asks for one."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._couplings:
            row, column = self._at or self._nearest_to_present()
            if self._at is not None:
                row, column = row + step[0], column + step[1]
            self._point_at((min(max(row, 0), len(self._masses) - 1), min(max(column, 0), len(self._couplings) - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self._ask(self._at)
        else:
            super().keyPressEvent(event)

    def _ask(self, place: tuple[int, int]) -> None:
        self.cell_asked.emit(self._couplings[place[1]], self._masses[place[0]])

    def _point_at(self, place: tuple[int, int] | None) -> None:
        self._at = place
        self.update()
        self.said.setVisible(place is not None)
        if place is None:
            return
        self.said.setText(self._sentence(place))
        self.said.adjustSize()
        box = self._box(*place)
        left = (
            box.right() + 8
            if box.right() + 8 + self.said.width() < self.width()
            else box.left() - 8 - self.said.width()
        )
        top = min(max(box.center().y() - self.said.height() / 2, 2), self.height() - self.said.height() - 2)
        self.said.move(round(max(left, 2)), round(top))

    def _sentence(self, place: tuple[int, int]) -> str:
        coupling, mass = self._couplings[place[1]], self._masses[place[0]]
        head = f"λ {spoken(coupling)} · μ {spoken(mass)} · κ {spoken(coupling / mass)}"
        cell = self.cells.get(place)
        if cell is None:
            return f"{head}\nnot swept yet"
        twins = "chaotic" if cell.chaotic else f"period {cell.period}" if cell.period else "not chaotic"
        lines = (
            head,
            f"{cell.regime}, measured: {cell.measured}",
            f"S_kin {spoken(cell.s_kin)} · E_pot {spoken(cell.e_pot)}",
            f"roughness {spoken(cell.roughness)}",
            f"twin starts {twins}, {spoken(cell.rate)} per step",
        )
        return "\n".join(lines)

    # ---- places ---------------------------------------------------------------------------

    @property
    def _field(self) -> QRectF:
        left, right, top, bottom = (self._theme.size(margin) for margin in (LEFT, RIGHT, TOP, BOTTOM))
        return QRectF(left, top, max(self.width() - left - right, 1), max(self.height() - top - bottom, 1))

    def _box(self, row: int, column: int) -> QRectF:
        field = self._field
        width, height = field.width() / len(self._couplings), field.height() / len(self._masses)
        return QRectF(field.left() + column * width, field.bottom() - (row + 1) * height, width, height)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        field = self._field
        if not self._couplings or not field.contains(point):
            return None
        column = int((point.x() - field.left()) / field.width() * len(self._couplings))
        row = int((field.bottom() - point.y()) / field.height() * len(self._masses))
        return min(row, len(self._masses) - 1), min(column, len(self._couplings) - 1)

    def _point(self, log_coupling: float, log_mass: float) -> QPointF:
        """Where ln λ and ln μ are drawn; values lie in the middle of their cells."""
        field = self._field
        across = _place(log_coupling, self._couplings) * field.width()
        up = _place(log_mass, self._masses) * field.height()
        return QPointF(field.left() + across, field.bottom() - up)

    def _nearest_to_present(self) -> tuple[int, int]:
        if self._present is None or min(self._present) <= 0:
            return 0, 0
        point, field = self._point(*map(math.log, self._present)), self._field
        inside = QPointF(
            min(max(point.x(), field.left()), field.right() - 1), min(max(point.y(), field.top() + 1), field.bottom())
        )
        return self._cell_at(inside) or (0, 0)

    # ---- drawing --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells, the regimes' borders and names, the axes, the scale, the marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font())
        if not self._couplings:
            painter.setPen(self._theme.colour("secondary"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _HINT)
            return
        self._draw_cells(painter)
        self._draw_regimes(painter)
        self._draw_axes(painter)
        if self.cells:
            field = self._field
            bar = QRectF(field.right() + 12, field.top(), 12, field.height())
            draw_scale(painter, bar, self.width(), self._scale(), self._theme)
        self._draw_marks(painter)
        paint_focus(painter, self, self._theme)

    def _draw_cells(self, painter: QPainter) -> None:
        scale = self._scale()
        painter.fillRect(self._field, self._theme.colour("panel" if self._theme.dark else "ground"))
        for place, cell in self.cells.items():
            box = self._box(*place)
            # Whole pixels, and a hair between two cells.
            left, top = round(box.left()), round(box.top())
            whole = QRect(left, top, round(box.right()) - left - 1, round(box.bottom()) - top - 1)
            value = getattr(cell, self._quantity.field)
            painter.fillRect(whole, scale.colour(value, self._theme))
            if self._quantity.scale == "signed" and value < 0:
                # The second cue: what lies below zero is hatched.
                painter.fillRect(whole, QBrush(self._theme.colour("text", 0.35), Qt.BrushStyle.BDiagPattern))
            if cell.chaotic:
                self._triangle(painter, box.center())

    def _triangle(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(self._theme.colour("text"), 1))
        painter.setBrush(self._theme.colour("alarm"))
        corners = (QPointF(0, -6), QPointF(6, 5), QPointF(-6, 5))
        painter.drawPolygon(QPolygonF([at + corner * self._theme.line_width(1) for corner in corners]))

    def _scale(self) -> ColourScale:
        return ColourScale.over([getattr(cell, self._quantity.field) for cell in self.cells.values()], self._quantity)

    def _draw_regimes(self, painter: QPainter) -> None:
        field, lows = self._field, [math.log(self._masses[0]), math.log(self._masses[-1])]
        half = _half(self._masses)
        bottom, top = lows[0] - half, lows[1] + half
        painter.save()
        painter.setClipRect(field)
        pen = QPen(self._theme.colour("text", 0.75), self._theme.line_width(1.2))
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        for ratio in LOWER_ENDS[1:]:
            painter.drawLine(self._point(math.log(ratio) + bottom, bottom), self._point(math.log(ratio) + top, top))
        painter.restore()
        first = math.log(self._couplings[0] / self._masses[-1])
        last = math.log(self._couplings[-1] / self._masses[0])
        borders = [first, *map(math.log, LOWER_ENDS[1:]), last]
        self._named: list[QRectF] = []
        for regime, low, high, share in zip(TABLE_7, borders, borders[1:], _NAMES, strict=False):
            self._name(painter, regime.name, (low + high) / 2, (bottom, top), share)

    def _name(self, painter: QPainter, name: str, log_ratio: float, masses: tuple[float, float], share: float) -> None:
        """A regime's name at a share of the length that is seen of its band."""
        half = _half(self._couplings)
        left, right = math.log(self._couplings[0]) - half, math.log(self._couplings[-1]) + half
        low, high = max(masses[0], left - log_ratio), min(masses[1], right - log_ratio)
        if low >= high:
            return
        mass = low + (high - low) * share
        middle = self._point(log_ratio + mass, mass)
        width = painter.fontMetrics().horizontalAdvance(name) + 10
        high = self._theme.size(18)
        box = QRectF(middle.x() - width / 2, middle.y() - high / 2, width, high)
        # Not over the figures of the axes.
        box.moveLeft(min(max(box.left(), self._field.left()), self._field.right() - width))
        box.moveTop(min(max(box.top(), self._field.top()), self._field.bottom() - high))
        if any(box.intersects(other) for other in self._named):
            # Where the map is small the tooltip of a cell has its regime's name.
            return
        self._named.append(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("panel", 0.86))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def _draw_axes(self, painter: QPainter) -> None:
        field, size = self._field, self._theme.size
        painter.setPen(self._theme.colour("secondary"))
        for column, value in enumerate(self._couplings):
            if _is_decade(value):
                x = self._box(0, column).center().x()
                under = QRectF(x - size(30), field.bottom() + 3, size(60), size(15))
                painter.drawText(under, Qt.AlignmentFlag.AlignCenter, f"{value:g}")
        for row, value in enumerate(self._masses):
            if _is_decade(value):
                y = self._box(row, 0).center().y()
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(
                    QRectF(size(16), y - size(8), field.left() - size(16) - 6, size(16)), right, f"{value:g}"
                )
        under = QRectF(field.left(), field.bottom() + size(19), field.width(), size(17))
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, "coupling λ")
        painter.save()
        painter.translate(size(8), field.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-90, -size(8), 180, size(16)), Qt.AlignmentFlag.AlignCenter, "mass μ")
        painter.restore()

    def _draw_marks(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._at is not None:
            painter.setPen(
                QPen(self._theme.colour("observed" if self.hasFocus() else "text"), self._theme.line_width(2))
            )
            painter.drawRect(self._box(*self._at).adjusted(1, 1, -2, -2))
        if self._present is None or min(self._present) <= 0:
            return
        point = self._point(*map(math.log, self._present))
        if self._field.contains(point):
            # Light on dark and dark on light, whatever the cell's colour.
            for token, width in (("ground", 5.0), ("text", 2.2)):
                painter.setPen(QPen(self._theme.colour(token), self._theme.line_width(width)))
                painter.drawEllipse(point, self._theme.line_width(7), self._theme.line_width(7))


def _half(values: tuple[float, ...]) -> float:
    """Half of a cell, as a logarithm."""
    return math.log(values[-1] / values[0]) / (len(values) - 1) / 2


def _place(logarithm: float, values: tuple[float, ...]) -> float:
    """Where on its axis from 0 to 1 a value lies that is given by its logarithm."""
    half = _half(values)
    return (logarithm - math.log(values[0]) + half) / (2 * half * len(values))


def _is_decade(value: float) -> bool:
    exponent = math.log10(value)
    return abs(exponent - round(exponent)) < 1e-4
