"""What the marks on the stage mean, by form as well as by colour; in as many rows as they need."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from slap_studio.views.icons import star
from slap_studio.views.theme import Theme

# Form, colour and word of every mark.
MARKS = (
    ("disc", "observed", "observed"),
    ("ring", "inferred", "inferred"),
    ("dashes", "secondary", "geodesic"),
    ("dots", "text", "least action"),
    ("star", "query", "query"),
)
TRUTH = ("diamond", "observed", "truth")
_SCALE = ("scale", "observed", "")  # of V: low, a stretch of colour, high
_DIAMOND = ((0, -1), (1, 0), (0, 1), (-1, 0))
_BARS = 70, 24  # pixels at 100 % of that stretch, the shorter where it saves a row
_MARGIN, _APART, _BESIDE = 8, 12, 8  # pixels at 100 %: within a ground, between two marks, between two grounds
_WIDTHS = {"disc": 14, "ring": 14, "diamond": 14, "dashes": 28, "dots": 28, "star": 18}  # of a mark, space behind it


class Legend(QWidget):
    """Marks and names from the left, the scale of V at the right; lets every click through."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self._most = 1
        self._scale = True
        self._truth = False
        self._kept: tuple[tuple[object, ...], QPixmap] | None = None
        self._advances: tuple[Theme, dict[str, int]] = theme, {}
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_scale(self, shown: bool) -> None:
        """Give the scale of V, or not where nothing has its colour."""
        if shown != self._scale:
            self._scale = shown
            self.update()

    def show_truth(self, shown: bool) -> bool:
        """Name the truth's mark where it is drawn; say whether that changes anything."""
        changed, self._truth = shown != self._truth, shown
        if changed:
            self.update()
        return changed

    def place(self, box: QRectF, most_rows: int) -> None:
        """Lie at the bottom of a box, as high as the rows need; the first ones only, where there is little room."""
        self._most = most_rows
        high = len(self._rows(box.width())) * self.row
        self.setGeometry(QRectF(box.left(), box.bottom() - high, box.width(), high).toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Row by row, each on a ground of its own."""
        # It is painted whenever the stage below is, and says the same each time.
        ratio = self.devicePixelRatio()
        of = (self.size(), ratio, self.theme, self._most, self._scale, self._truth)
        if self._kept is None or self._kept[0] != of:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            self._paint(QPainter(picture))
            self._kept = of, picture
        QPainter(self).drawPixmap(0, 0, self._kept[1])

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.theme.font())
        for index, row in enumerate(self._rows(self.width())):
            self._paint_row(painter, row, index * self.row)
        painter.end()

    @property
    def row(self) -> int:
        """Height of a row, in pixels."""
        return QFontMetrics(self.theme.font()).height() + 10

    @property
    def free(self) -> QRectF:
        """What its last row leaves free, on the stage."""
        last = self._rows(self.width())[-1]
        marks = [mark for mark in last if mark is not _SCALE]
        beside = self.theme.size(_BESIDE)
        left = self._length(marks) + beside if marks else 0
        right = self.width() - (self._scale_length() + beside if len(marks) < len(last) else 0)
        return QRectF(self.x() + left, self.geometry().bottom() + 1 - self.row, right - left, self.row - 2)

    def _rows(self, width: float) -> list[list[tuple[str, str, str]]]:
        """Marks in rows no wider than this; the scale stands last, and is shorter where that saves a row."""
        self._bar = _BARS[0]
        rows = self._broken(width)
        self._bar = _BARS[1]
        shorter = self._broken(width)
        if len(shorter) == len(rows):
            self._bar = _BARS[0]
        return shorter[: self._most]

    def _broken(self, width: float) -> list[list[tuple[str, str, str]]]:
        rows: list[list[tuple[str, str, str]]] = [[]]
        for mark in (*MARKS, *([TRUTH] if self._truth else []), *([_SCALE] if self._scale else [])):
            if rows[-1] and self._length([*rows[-1], mark]) > width:
                rows.append([])
            rows[-1].append(mark)
        return rows

    def _length(self, row: list[tuple[str, str, str]]) -> float:
        """Of a row's grounds and what is between them."""
        marks = [mark for mark in row if mark is not _SCALE]
        words = 2 * self.theme.size(_MARGIN) + sum(map(self._mark_length, marks)) - self.theme.size(_APART)
        grounds = ([words] if marks else []) + ([self._scale_length()] if len(marks) < len(row) else [])
        return sum(grounds) + self.theme.size(_BESIDE) * (len(grounds) - 1)

    def _mark_length(self, mark: tuple[str, str, str]) -> float:
        form, _, word = mark
        return self.theme.size(_WIDTHS[form] + _APART) + self._advance(word)

    def _scale_length(self) -> float:
        return self.theme.size(28 + self._bar) + self._advance("V lowhigh")

    def _advance(self, word: str) -> int:
        """Length of a word in pixels, measured once in every theme: each arrangement asks for it a hundred times."""
        if self._advances[0] is not self.theme:
            self._advances = self.theme, {}
        known = self._advances[1]
        if word not in known:
            known[word] = QFontMetrics(self.theme.font()).horizontalAdvance(word)
        return known[word]

    def _paint_row(self, painter: QPainter, row: list[tuple[str, str, str]], top: float) -> None:
        marks = [mark for mark in row if mark is not _SCALE]
        if marks:
            self._backing(painter, QRectF(0, top, self._length(marks), self.row - 2))
        x: float = self.theme.size(_MARGIN)
        middle = top + (self.row - 2) / 2
        for mark in marks:
            self._paint_mark(painter, mark, QPointF(x, middle))
            x += self._mark_length(mark)
        if len(marks) < len(row):
            self._paint_scale(painter, top, middle)

    def _paint_mark(self, painter: QPainter, mark: tuple[str, str, str], at: QPointF) -> None:
        form, token, word = mark
        theme = self.theme
        size = theme.size(1000) / 1000
        colour, radius = theme.colour(token), 4 * size
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if form == "disc":
            painter.setBrush(colour)
            painter.drawEllipse(at, radius, radius)
        elif form == "ring":
            painter.setPen(QPen(colour, theme.line_width(1.6)))
            painter.drawEllipse(at, radius, radius)
        elif form == "diamond":
            painter.setPen(QPen(colour, theme.line_width(1.4)))
            painter.drawPolygon([at + QPointF(*corner) * 1.3 * radius for corner in _DIAMOND])
        elif form == "star":
            star(painter, QRectF(at.x() - 6 * size, at.y() - 7 * size, 13 * size, 13 * size), colour)
        else:
            pen = QPen(colour, theme.line_width(1.6 if form == "dashes" else 2))
            pen.setDashPattern([4, 3] if form == "dashes" else [1.5, 1.8])
            painter.setPen(pen)
            painter.drawLine(at - QPointF(4 * size, 0), at + QPointF(18 * size, 0))
        painter.setPen(theme.colour("text"))
        ascent = painter.fontMetrics().capHeight() / 2
        painter.drawText(at + QPointF(theme.size(_WIDTHS[form] - 4), ascent), word)

    def _paint_scale(self, painter: QPainter, top: float, middle: float) -> None:
        theme, metrics = self.theme, painter.fontMetrics()
        long, bar = self._scale_length(), theme.size(self._bar)
        left = self.width() - long
        self._backing(painter, QRectF(left, top, long, self.row - 2))
        low = left + theme.size(9)
        begin = low + metrics.horizontalAdvance("V low") + theme.size(6)
        gradient = QLinearGradient(begin, 0, begin + bar, 0)
        gradient.setColorAt(0, theme.colour("observed", 0.5 if theme.dark else 0.55))
        gradient.setColorAt(1, theme.colour("observed", 0.0))
        high = theme.size(10)
        painter.fillRect(QRectF(begin, middle - high / 2, bar, high), gradient)
        painter.setPen(theme.colour("text"))
        ascent = metrics.capHeight() / 2
        painter.drawText(QPointF(low, middle + ascent), "V low")
        painter.drawText(QPointF(begin + bar + theme.size(6), middle + ascent), "high")

    def _backing(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("panel", 0.8))
        painter.drawRoundedRect(box, 6, 6)
