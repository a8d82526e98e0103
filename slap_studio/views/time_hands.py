"""What a hand can do on the time band, in words; and which other stretch it asks for with the wheel and the ruler."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from slap_studio.views.time_axis import TimeAxis

NOTCH = 120  # of a wheel's angle, in eighths of a degree
NEARER = 1.25  # by a notch with Ctrl
STEP = 2.0  # by a key: twice as near
_SCROLL = 0.1  # of the stretch in sight, by a notch
_HINTS = {
    "start": "Drag to move where the gap begins (I)",
    "end": "Drag to move where the gap ends (O)",
    "gap": "Drag to move the gap; Delete removes it where there are several",
    "ruler": "Ctrl and the wheel zoom (Ctrl+Up, Ctrl+Down; Z for the gap, Shift+Z for the whole); the wheel scrolls",
}


def hint_at(part: str, time: float) -> str:
    """What a tooltip says of a part of the clip's row, or of its ruler, at a time."""
    if part.isdigit():
        return "Click to work on this gap"
    return f"{time:.2f} s; drag with Shift to hide a further stretch" if part == "free" else _HINTS.get(part, "")


def wheeled(axis: TimeAxis, event: QWheelEvent) -> TimeAxis:
    """With Ctrl nearer or farther about the pointer; without it on or back."""
    turn, pixels = event.angleDelta(), event.pixelDelta()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        x = min(max(event.position().x(), axis.left), axis.left + axis.width)
        return axis.zoomed(NEARER ** (turn.y() / NOTCH), axis.time(x))
    if not pixels.isNull():
        return axis.scrolled(-float(pixels.x() or pixels.y()))
    return axis.scrolled(-_SCROLL * axis.width * (turn.x() or turn.y()) / NOTCH)


class Pull:
    """A hand that pulls the ruler, or anything with the middle button; what did not move was a click."""

    def __init__(self, axis: TimeAxis, point: QPointF) -> None:
        self._axis = axis
        self._from = point.x()
        self.moved = False

    def to(self, point: QPointF) -> TimeAxis:
        """The stretch under the hand now."""
        along = point.x() - self._from
        self.moved = self.moved or abs(along) >= QApplication.startDragDistance()
        return self._axis.scrolled(-along) if self.moved else self._axis
