"""Controls that the panels are made of: a labelled slider with a typed value, and small helpers."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QSizePolicy, QSlider, QVBoxLayout, QWidget

from slap_studio.problems import UnusableInput
from slap_studio.views.theme import Theme

POSITIONS = 1000


def panel(widget: QWidget, margins: tuple[int, int, int, int], spacing: int) -> QVBoxLayout:
    """Turn a widget into a rounded surface of the window; its parts stand below one another in the layout."""
    frame = QFrame()
    frame.setProperty("panel", "true")
    outer = QVBoxLayout(widget)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(frame)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def label(text: str = "", role: str = "") -> QLabel:
    """A text; its role decides how the theme dresses it."""
    made = QLabel(text)
    if role:
        made.setProperty("role", role)
    return made


def wrapped(text: str, metrics: QFontMetrics, wide: int) -> str:
    """A text in lines no wider than so many pixels, broken between words; a longer word stands alone."""
    lines = []
    for line in text.split("\n"):
        shown = ""
        for word in line.split(" "):
            longer = f"{shown} {word}" if shown else word
            if shown and metrics.horizontalAdvance(longer) > wide:
                lines.append(shown)
                longer = word
            shown = longer
        lines.append(shown)
    return "\n".join(lines)


def spoken(value: float, digits: int = 3) -> str:
    """A number with as many digits as it deserves: three significant ones."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= 10**digits:
        return f"{value:,.0f}".replace(",", " ").replace("-", "−")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return (f"{value:.{decimals}f}" if decimals <= 6 else f"{value:.1e}").replace("-", "−")


def spoken_within(value: float, signs: int) -> str:
    """The same with a digit less where it would be longer than there is room for."""
    text = spoken(value)
    return text if len(text) <= signs else spoken(value, 2)


@dataclass(frozen=True)
class Scale:
    """How a slider's positions mean values: evenly, or by equal ratios with zero at the left end.

    Attributes
    ----------
    lowest, highest
        Bounds; of a logarithmic scale the lowest above zero.
    logarithmic, zero
        Equal ratios; whether position 0 means exactly zero.
    whole
        Only whole numbers.
    """

    lowest: float
    highest: float
    logarithmic: bool = False
    zero: bool = False
    whole: bool = False

    def value(self, position: int) -> float:
        """Value at a slider position 0..POSITIONS."""
        if self.zero and position == 0:
            return 0.0
        share = position / POSITIONS
        if self.logarithmic:
            value = self.lowest * (self.highest / self.lowest) ** share
            return float(f"{value:.3g}")
        value = self.lowest + share * (self.highest - self.lowest)
        return float(round(value)) if self.whole else value

    def position(self, value: float) -> int:
        """Slider position nearest to a value; values beyond the ends stop there."""
        if self.logarithmic:
            if value < self.lowest:
                return 0
            share = math.log(value / self.lowest) / math.log(self.highest / self.lowest)
        else:
            share = (value - self.lowest) / max(self.highest - self.lowest, 1e-12)
        return max(1 if self.zero else 0, min(POSITIONS, round(share * POSITIONS)))


def number(text: str, name: str, *, at_least: float, at_most: float, above: bool = False, whole: bool = False) -> float:
    """A typed number, with a comma or a point.

    Raises
    ------
    UnusableInput
        If it is no finite number or out of bounds.
    """
    bounds = f"{'above' if above else 'of at least'} {at_least:g} and at most {at_most:g}"
    kind = "a whole number" if whole else "a number"
    refusal = UnusableInput(f"{name} must be {kind} {bounds}, but {text!r} was typed; the value stays as it was.")
    try:
        value = float(text.replace(",", ".").replace("−", "-").replace(" ", "").replace(" ", ""))
    except ValueError:
        raise refusal from None
    too_small = value <= at_least if above else value < at_least
    if not math.isfinite(value) or too_small or value > at_most or (whole and value != int(value)):
        raise refusal
    return value


class ValueField(QLineEdit):
    """A number that can be typed; Enter or leaving the field takes it, Escape puts the old one back."""

    taken = Signal(float)
    refused = Signal(str)

    def __init__(self, name: str, read: Callable[[str], float], digits: int = 5) -> None:
        super().__init__()
        self._read = read
        self._shown = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._digits = digits
        self.setAccessibleName(name)
        self.returnPressed.connect(self._take)

    def sizeHint(self) -> QSize:
        """Room for its digits in whatever type there is."""
        return QSize(self.fontMetrics().horizontalAdvance("0") * self._digits + 26, super().sizeHint().height())

    def show_value(self, text: str) -> None:
        """Show a value, unless somebody is typing another one."""
        self._shown = text
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._restore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field takes what was typed."""
        if self.isModified():
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        if not self.isModified():
            return
        try:
            value = self._read(self.text())
        except UnusableInput as problem:
            self._restore()
            self.refused.emit(str(problem))
            return
        self.setModified(False)
        self.taken.emit(value)

    def _restore(self) -> None:
        self.setText(self._shown)
        self.setModified(False)
        self.selectAll()


class LabelledSlider(QWidget):
    """A name with its symbol, a slider, and the value to read and to type.

    `chosen` is emitted when a hand changes the value, never when a value is shown.
    """

    chosen = Signal(float)
    refused = Signal(str)

    def __init__(self, name: str, symbol: str, hint: str, scale: Scale, read: Callable[[str], float]) -> None:
        super().__init__()
        self.scale = scale
        self._value = math.nan
        self.setToolTip(hint)
        title = label(f"{name} <span style='font-style: italic'>&nbsp;{symbol}</span>")
        title.setTextFormat(Qt.TextFormat.RichText)
        self.field = ValueField(f"{name} {symbol}", read)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, POSITIONS)
        self.slider.setPageStep(50)
        self.slider.setSingleStep(5)
        self.slider.setAccessibleName(f"{name} {symbol}")
        title.setBuddy(self.slider)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(1)
        layout.addWidget(title, 0, 0)
        layout.addWidget(self.field, 0, 1)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        self.slider.valueChanged.connect(lambda position: self.chosen.emit(self.scale.value(position)))
        self.field.taken.connect(self.chosen)
        self.field.refused.connect(self.refused)

    def show_value(self, value: float) -> None:
        """Show a value without telling anybody."""
        if value == self._value:
            return
        self._value = value
        # While the hand holds the slider it is where the hand put it: rounding must not tug at it.
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(self.scale.position(value))
            self.slider.blockSignals(False)
        self.field.show_value(str(int(value)) if self.scale.whole else spoken(value))


def paint_focus(painter: QPainter, widget: QWidget, theme: Theme, corner: float = 6) -> None:
    """A ring just inside of a widget that draws itself, while it has the focus."""
    if widget.hasFocus():
        painter.setPen(QPen(theme.colour("observed"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), corner, corner)


class WheelGuard(QObject):
    """Lets the wheel scroll the panel instead of changing a slider that the pointer happens to cross."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow wheel events of widgets without focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False
