"""What the eye asks about the cursor: the latent there, its nearest observed frames, its energies."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from slap_studio.views.controls import label, paint_focus, panel, spoken
from slap_studio.views.docks import scrolled
from slap_studio.views.share_bars import ShareBars, Shares
from slap_studio.views.steady import Elided, Steady
from slap_studio.views.theme import Theme
from slap_studio.views.tiles import paint_cropped


@dataclass(frozen=True, eq=False)
class Neighbour:
    """An observed frame near a latent: its time in seconds and its cosine similarity."""

    picture: QImage
    time: float
    similarity: float


@dataclass(frozen=True, eq=False)
class Inspected:
    """What stands at the cursor.

    Attributes
    ----------
    title
        Such as "Latent 14 of 30".
    time
        Seconds.
    neighbours
        Nearest observed frames, most similar first; empty for an observed frame.
    rows
        Further names and values, each with what it means.
    shares
        What it reads as; None for an observed frame.
    note
        A sentence where there is nothing to list.
    """

    title: str
    time: float
    neighbours: tuple[Neighbour, ...]
    rows: tuple[tuple[str, str, str], ...]
    note: str = ""
    shares: Shares | None = None


_PICTURE, _COMPACT_PICTURE = 50, 34  # pixels
TALL_ENOUGH = 430  # pixels at 100 % for two rows of pictures
_WIDE_TYPE = 1.2  # times the usual size, from which names and values need a line each


class Inspector(QWidget):
    """Shows what is inspected; a click on a frame asks to go there."""

    time_asked = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        layout = panel(self, (14, 9, 6, 9), 4)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        # A long title must not make the panel wider while the cursor moves.
        self._title, self._time = Elided("title"), label("", "secondary")
        self._title.show_hint("What the cursor points at: z, a latent of the path, or an observed frame.")
        self._time.setToolTip("t is the cursor's time in the clip, in seconds.")
        head.addWidget(self._title, 1)
        head.addWidget(self._time)
        layout.addLayout(head)
        layout, scroll = scrolled(layout, 60)
        scroll.high.connect(self.arrange_for)
        self._caption = label("Nearest observed frames", "secondary")
        self._caption.setToolTip("Observed frames by their cosine similarity to this latent, most similar first.")
        layout.addWidget(self._caption)
        self._pictures = [NeighbourPicture(theme) for _ in range(5)]
        self._grid = QGridLayout()
        self._grid.setSpacing(7)
        self._columns = 0
        for picture in self._pictures:
            picture.clicked.connect(self.time_asked)
        self._arrange(3)
        layout.addLayout(self._grid)
        self._note = label("", "secondary")
        self._note.setWordWrap(True)
        layout.addWidget(self._note)
        self._rows = QGridLayout()
        self._rows.setVerticalSpacing(1)
        self._rows.setHorizontalSpacing(6)
        layout.addLayout(self._rows)
        self._reads = label("Reads as", "secondary")
        layout.addWidget(self._reads)
        self.bars = ShareBars(theme)
        layout.addWidget(self.bars)
        layout.addStretch(1)
        self._cells: list[tuple[QLabel, Steady]] = []

    def arrange_for(self, height: int) -> None:
        """Where little height can be seen at once all five stand in one row."""
        self._arrange(3 if height >= self._theme.size(TALL_ENOUGH) else 5)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, picture in enumerate(self._pictures):
            self._grid.removeWidget(picture)
            self._grid.addWidget(picture, index // columns, index % columns)
        for column in range(5):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for picture in self._pictures:
            picture.show_compact(columns == 5)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for picture in self._pictures:
            picture.set_theme(theme)
        self.bars.set_theme(theme)
        for index in range(len(self._cells)):
            self._place_cell(index)

    def show_inspected(self, inspected: Inspected) -> None:
        """Show a latent or an observed frame."""
        self._title.show_text(inspected.title)
        self._time.setText(f"t = {inspected.time:.2f} s")
        self._caption.setVisible(bool(inspected.neighbours))
        self._note.setVisible(bool(inspected.note))
        self._note.setText(inspected.note)
        for index, picture in enumerate(self._pictures):
            shown = index < len(inspected.neighbours)
            picture.setVisible(shown)
            if shown:
                picture.show_neighbour(inspected.neighbours[index])
        self._show_rows(inspected.rows)
        self._reads.setVisible(inspected.shares is not None)
        self.bars.setVisible(inspected.shares is not None)
        self.bars.show_shares(inspected.shares)

    def _place_cell(self, index: int) -> None:
        """Names with their values stand in pairs beside one another, unless the type is large."""
        pairs = 2 if self._theme.scale < _WIDE_TYPE else 1
        row, pair = divmod(index, pairs)
        name, value = self._cells[index]
        # The second pair stands a little apart from the first.
        name.setContentsMargins(8 * pair, 0, 0, 0)
        self._rows.addWidget(name, row, 2 * pair)
        self._rows.addWidget(value, row, 2 * pair + 1, Qt.AlignmentFlag.AlignRight)
        for column in (1, 3):
            self._rows.setColumnStretch(column, 1 if column < 2 * pairs else 0)

    def _show_rows(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        while len(self._cells) < len(rows):
            name, value = label("", "secondary"), Steady()
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._cells.append((name, value))
            self._place_cell(len(self._cells) - 1)
        for index, (cell, figure) in enumerate(self._cells):
            shown = index < len(rows)
            cell.setVisible(shown)
            figure.setVisible(shown)
            if shown:
                title, text, hint = rows[index]
                cell.setText(title)
                figure.show_text(text)
                cell.setToolTip(hint)
                figure.setToolTip(hint)


class NeighbourPicture(QWidget):
    """A thumbnail with its similarity as a bar and a number, and its time."""

    clicked = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._neighbour: Neighbour | None = None
        self._compact = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Nearest observed frame")
        self.setToolTip("An observed frame near this latent; click to go there.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Recolour, and take the room that the figures need."""
        self.theme = theme
        self.show_compact(self._compact)

    def show_neighbour(self, neighbour: Neighbour) -> None:
        """Show another frame."""
        self._neighbour = neighbour
        self.setToolTip(
            f"Observed frame at {neighbour.time:.2f} s, cosine similarity {spoken(neighbour.similarity)}. "
            "Click to go there."
        )
        self.setAccessibleName(self.toolTip())
        self.update()

    def show_compact(self, compact: bool) -> None:
        """One of five in a row, with its time below its similarity, or one of three with both on one line."""
        self._compact = compact
        lines = self.theme.size(15) * (2 if compact else 1)
        self.setFixedHeight((_COMPACT_PICTURE if compact else _PICTURE) + 9 + lines)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame."""
        if self._neighbour is not None:
            self.clicked.emit(self._neighbour.time)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._neighbour is not None:
            self.clicked.emit(self._neighbour.time)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, bar, numbers."""
        if self._neighbour is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        wide, tall = self.width(), _COMPACT_PICTURE if self._compact else _PICTURE
        paint_cropped(painter, self._neighbour.picture, QRectF(0, 0, wide, tall), corner=5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("line"))
        painter.drawRoundedRect(QRectF(0, tall + 3, wide, 3), 1.5, 1.5)
        painter.setBrush(self.theme.colour("observed"))
        share = max(0.0, min(1.0, self._neighbour.similarity))
        painter.drawRoundedRect(QRectF(0, tall + 3, wide * share, 3), 1.5, 1.5)
        painter.setFont(self.theme.font())
        painter.setPen(self.theme.colour("text"))
        high = self.theme.size(15)
        line = QRectF(0, tall + 8, wide, high)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, f"{self._neighbour.similarity:.2f}")
        painter.setPen(self.theme.colour("secondary"))
        line.translate(0, high if self._compact else 0)
        side = Qt.AlignmentFlag.AlignLeft if self._compact else Qt.AlignmentFlag.AlignRight
        painter.drawText(line, side, f"{self._neighbour.time:.1f} s")
        paint_focus(painter, self, self.theme)
