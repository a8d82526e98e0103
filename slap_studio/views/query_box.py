"""The query: a line to type in, its star, and marks under words that the encoder never saw."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit

from slap_studio.views.icons import star
from slap_studio.views.theme import Theme

PAUSE = 250  # milliseconds without a key before the query is taken


class QueryBox(QLineEdit):
    """Emits the text when Enter is pressed or typing pauses."""

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._unknown: tuple[str, ...] | None = None  # nobody has looked yet
        self.setPlaceholderText("What to look for, such as “a red cube”")
        self.setAccessibleName("Query")
        self.setMinimumWidth(260)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(lambda _text: self._pause.start())
        self.returnPressed.connect(self._ask)

    def set_theme(self, theme: Theme) -> None:
        """Recolour, and make room for type, star and word."""
        self._theme = theme
        self.setTextMargins(22, 0, theme.size(46), 0)
        self.setMaximumWidth(theme.size(560))
        self.setFixedHeight(theme.size(32))
        self.update()

    def show_query(self, text: str) -> None:
        """Show a query, unless somebody is typing another one."""
        if text != self.text() and not self._pause.isActive():
            self.setText(text)

    def show_unknown(self, words: tuple[str, ...]) -> None:
        """Mark words; none takes the marks away."""
        if words == self._unknown:
            return
        self._unknown = words
        if words:
            listed = ", ".join(words)
            self.setToolTip(f"The built-in encoder never saw: {listed}. It can only guess what that means.")
        else:
            self.setToolTip("Every latent of the path is drawn towards this text.")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The star at the left, the word “query” at the right, waves under unknown words."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        star(painter, QRectF(10, self.height() / 2 - 7, 14, 14), self._theme.colour("query"))
        painter.setPen(self._theme.colour("secondary"))
        right = QRectF(0, 0, self.width() - 10, self.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "query")
        if self._unknown:
            self._paint_marks(painter)

    def _paint_marks(self, painter: QPainter) -> None:
        metrics, text = self.fontMetrics(), self.text()
        # Where the text begins follows from where the caret stands in it.
        caret = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        painter.setPen(QPen(self._theme.colour("alarm"), 1.6))
        bottom = self.height() / 2 + metrics.height() / 2 - 1
        painter.setClipRect(QRectF(30, 0, self.width() - 44 - self._theme.size(46), self.height()))
        for word in self._unknown or ():
            at = text.lower().find(word)
            while at >= 0:
                begin = caret + metrics.horizontalAdvance(text[:at])
                self._wave(painter, begin, begin + metrics.horizontalAdvance(text[at : at + len(word)]), bottom)
                at = text.lower().find(word, at + len(word))

    @staticmethod
    def _wave(painter: QPainter, begin: float, end: float, y: float) -> None:
        points, x, up = [], begin, False
        while x < end:
            points.append(QPointF(x, y - (2 if up else 0)))
            x, up = x + 3, not up
        painter.drawPolyline(points)

    def _ask(self) -> None:
        self._pause.stop()
        self.asked.emit(self.text().strip())
