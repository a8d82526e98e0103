"""One sentence for the user, laid over the window until it is read."""

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from slap_studio.views.controls import label
from slap_studio.views.icons import dress
from slap_studio.views.theme import Theme

NOTE_STAYS = 12_000  # milliseconds; a problem stays until it is closed or overtaken


class Message(QFrame):
    """A problem (with a triangle) or a note (with a dot)."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = Mark(theme)
        self._text = label()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QPushButton()
        self._close.setProperty("transport", "true")
        self._close.setToolTip("Close (Esc)")
        self._close.setAccessibleName("Close the message")
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(13, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._mark)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=NOTE_STAYS)
        self._timer.timeout.connect(self.hide)
        # Once the type has its new size, so has the text.
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self.place)
        self.set_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or nothing."""
        return self._text.text() if self.isVisible() else ""

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._mark.theme = theme
        dress(self._close, "close", theme, "secondary")
        self._again.start()

    def tell(self, sentence: str, *, problem: bool) -> None:
        """Show a sentence in place of the one before."""
        self._timer.stop()
        self._mark.problem = problem
        self.setProperty("message", "true" if problem else "note")
        self.style().unpolish(self)
        self.style().polish(self)
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.place()
        self.show()
        self.raise_()
        if not problem:
            self._timer.start()

    def place(self) -> None:
        """Keep to the upper middle of the window."""
        parent = self.parentWidget()
        assert parent is not None
        wide = min(720, parent.width() - 60)
        self.setFixedWidth(wide)
        self._text.setFixedWidth(wide - 90)
        self.adjustSize()
        self.move((parent.width() - wide) // 2, 92)


class Mark(QWidget):
    """A triangle for a problem, a dot for a note."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.problem = True
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Form and colour say the same."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.problem:
            painter.setBrush(self.theme.colour("alarm"))
            painter.drawPolygon(QPolygonF([QPointF(9, 2), QPointF(17, 16), QPointF(1, 16)]))
            painter.setPen(self.theme.colour("panel"))
            painter.drawText(self.rect().adjusted(0, 3, 0, 0), Qt.AlignmentFlag.AlignCenter, "!")
        else:
            painter.setBrush(self.theme.colour("observed"))
            painter.drawEllipse(QPointF(9, 9), 5, 5)
