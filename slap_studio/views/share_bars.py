"""What a latent reads as: a bar for each candidate, whose label is edited in place."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolTip, QWidget

from slap_studio.views.readout_plot import area_brushes
from slap_studio.views.theme import Theme

ROW = 17  # pixels at 100 %
_FIGURE, _REMOVE = 36, 16  # pixels at 100 %, at the right: the share, and the sign that removes
_NAME = 0.5  # of the rest


@dataclass(frozen=True, eq=False)
class Shares:
    """Labels with their shares, in the order and the colours of the readout; the last may stand for all others."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    others: str

    @property
    def editable(self) -> int:
        """How many of the labels are candidates by themselves."""
        return len(self.labels) - (self.others in self.labels[-1:])


class ShareBars(QWidget):
    """Emits what a hand made of the labels: a new name, one more, one less."""

    renamed = Signal(str, str)
    added = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shares: Shares | None = None
        self._chosen = -1
        self._under = -1
        self.editor = Editor(self)
        self.editor.done.connect(self._take)
        self._edited = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Share of each candidate")
        self.setAccessibleDescription("F2 edits the chosen label, Insert adds one, Delete removes it.")
        # Not event() itself: PySide dies of what Python 3.11 raises in another override that is called from there.
        self.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def show_shares(self, shares: Shares | None) -> None:
        """Show the shares of a latent, or none."""
        before, self._shares = self._shares, shares
        if (before is None) != (shares is None) or (before and shares and len(before.labels) != len(shares.labels)):
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each candidate and one to add another."""
        return QSize(120, 0 if self._shares is None else self.row_height * (len(self._shares.labels) + 1))

    def minimumSizeHint(self) -> QSize:
        """The same: whoever has less room scrolls."""
        return self.sizeHint()

    @property
    def row_height(self) -> int:
        """Pixels from one row to the next."""
        return self._theme.size(ROW)

    @property
    def _figure(self) -> int:
        return self._theme.size(_FIGURE)

    @property
    def _cross(self) -> int:
        return self._theme.size(_REMOVE)

    def name_box(self, row: int) -> QRectF:
        """Where a row's label stands, in pixels; the row after the last is the one to add another."""
        return QRectF(0, row * self.row_height, _NAME * (self.width() - self._figure - self._cross), self.row_height)

    # ---- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, share, and where the pointer or the keyboard is, a cross to remove it."""
        if self._shares is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font())
        for row in range(len(self._shares.labels)):
            self._paint_row(painter, row, self._shares)
        painter.setPen(self._theme.colour("secondary"))
        add = self.name_box(len(self._shares.labels))
        add.setRight(self.width())
        painter.drawText(add, Qt.AlignmentFlag.AlignVCenter, "+ add a label")

    def _paint_row(self, painter: QPainter, row: int, shares: Shares) -> None:
        theme, box = self._theme, self.name_box(row)
        if row == self._chosen and self.hasFocus():
            painter.setPen(QPen(theme.colour("observed"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, self.width() - box.width() - 1, -0.5), 3, 3)
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(shares.labels[row], Qt.TextElideMode.ElideRight, int(box.width() - 6))
        painter.drawText(box.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        whole = QRectF(
            box.right(), box.top() + 4, self.width() - box.width() - self._figure - self._cross, box.height() - 8
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(whole, 2, 2)
        bar = QRectF(whole.left(), whole.top(), whole.width() * shares.values[row], whole.height())
        for brush in area_brushes(row, theme, ground=0.75):
            painter.setBrush(brush)
            painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(theme.colour("text"))
        figure = QRectF(whole.right(), box.top(), self._figure, box.height())
        painter.drawText(
            figure, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{100 * shares.values[row]:.0f}%"
        )
        if row < shares.editable and row in (self._under, self._chosen if self.hasFocus() else -1):
            painter.setPen(theme.colour("secondary"))
            painter.drawText(
                QRectF(figure.right(), box.top(), self._cross, box.height()), Qt.AlignmentFlag.AlignCenter, "×"
            )

    # ---- hands ----------------------------------------------------------------------------

    def edit(self, row: int) -> None:
        """Write another label in a row, or in the one after the last a further one."""
        if self._shares is None or row < 0 or (row >= self._shares.editable and row != len(self._shares.labels)):
            return
        self._edited = row
        box = self.name_box(row).toRect()
        self.editor.setGeometry(box.adjusted(-2, -2, 40, 3))
        self.editor.begin(self._shares.labels[row] if row < len(self._shares.labels) else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, remove it by its cross, or add one."""
        if self._shares is None:
            return
        row = int(event.position().y()) // self.row_height
        self._chosen = row
        if row == len(self._shares.labels):
            self.edit(row)
        elif row < self._shares.editable and event.position().x() >= self.width() - self._cross:
            self.removed.emit(self._shares.labels[row])
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the label under the pointer."""
        if event.position().x() < self.width() - self._cross:
            self.edit(int(event.position().y()) // self.row_height)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the cross of the row under the pointer."""
        self._under = int(event.position().y()) // self.row_height
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the cross away."""
        self._under = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose, F2 edits, Insert adds, Delete removes."""
        shares, key = self._shares, event.key()
        if shares is None:
            super().keyPressEvent(event)
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            self._chosen = min(max(self._chosen + by, 0), len(shares.labels) - 1)
        elif key == Qt.Key.Key_F2:
            self.edit(max(self._chosen, 0))
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.edit(len(shares.labels))
        elif key == Qt.Key.Key_Delete and 0 <= self._chosen < shares.editable:
            self.removed.emit(shares.labels[self._chosen])
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard begins at the first row."""
        super().focusInEvent(event)
        self._chosen = max(self._chosen, 0)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tooltips give the whole label."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._shares is not None:
            row = event.pos().y() // self.row_height
            if row < self._shares.editable:
                text = f"{self._shares.labels[row]}: {100 * self._shares.values[row]:.1f}%. Double-click or F2 to edit."
            elif row < len(self._shares.labels):
                text = "All other candidates together."
            else:
                text = "Add a text that the latents may be read as (Insert)."
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return False

    def _take(self, text: str) -> None:
        shares, row = self._shares, self._edited
        self._edited = -1
        if shares is None or row < 0 or not text:
            return
        if row < shares.editable:
            if text != shares.labels[row]:
                self.renamed.emit(shares.labels[row], text)
        else:
            self.added.emit(text)


class Editor(QLineEdit):
    """A line over a label: Enter or leaving it takes what was typed, Escape gives it up."""

    done = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Candidate's label")
        self.setAccessibleDescription("A text that latents are read as; Enter takes it, Esc leaves it as it was.")
        self.setStyleSheet("padding: 0 3px; border-radius: 3px;")
        self.hide()
        self.returnPressed.connect(self._finish)

    def begin(self, text: str) -> None:
        """Stand there with a text to change."""
        self.setText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the label as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the line takes what was typed."""
        super().focusOutEvent(event)
        if self.isVisible():
            self._finish()

    def _finish(self) -> None:
        text = self.text().strip()
        self._leave()
        self.done.emit(text)

    def _leave(self) -> None:
        self.hide()
        parent = self.parentWidget()
        assert parent is not None
        parent.setFocus()
