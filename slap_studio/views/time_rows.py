"""The rows of the time band: curves, nearest frames and the clip on one axis, with the gap and the cursor's line."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from slap_studio.views import film
from slap_studio.views.curves_row import CurvesRow
from slap_studio.views.energy_plot import EnergyCurves
from slap_studio.views.film import Neighbours, Strip
from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import TimeAxis

NAMES = 92  # pixels, column of the rows' names
MARGIN = 15
STRIP, RULER = 54, 22


class Rows(QWidget):
    """The rows themselves: one axis, painted together; the curves are plots laid over it."""

    cursor_moved = Signal(float)
    gap_moved = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._axis = TimeAxis()
        self._strip: Strip | None = None
        self._neighbours: Neighbours | None = None
        self._gap: tuple[float, float] | None = None
        self._cursor = 0.0
        self._held: str | None = None
        self._grip = 0.0
        self.setMinimumHeight(238)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.curves = CurvesRow(self, theme)
        self.plot, self.readout, self.drift = self.curves.plot, self.curves.readout, self.curves.drift
        self._overlay = Cursor(self)

    @property
    def axis(self) -> TimeAxis:
        """Where times lie now, in pixels of this widget."""
        return self._axis

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.curves.set_theme(theme)
        self._overlay.colour = theme.colour("text")
        self.update()

    def show_clip(self, strip: Strip | None, duration: float) -> None:
        """Show another clip; its path and gap follow."""
        self._strip = strip
        self._neighbours = self._gap = None
        self._axis = replace(self._axis, duration=max(duration, 1e-3))
        self.curves.show_clip(self._axis)
        self.update()

    def show_gap(self, gap: tuple[float, float]) -> None:
        """Show the hidden stretch, in seconds."""
        self._gap = gap
        self.update()

    def show_path(self, curves: EnergyCurves, neighbours: Neighbours) -> None:
        """Show the energies and the nearest frames of a path."""
        self._neighbours = neighbours
        self.curves.show_energies(curves)
        self.update()

    def show_cursor(self, time: float) -> None:
        """Point at a time."""
        self._cursor = time
        self._overlay.place = self._axis.x(time)
        self._overlay.update()
        self.curves.show_cursor(time)

    # ---- layout and painting -------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the axis over the new width, and the curves over the upper rows."""
        self._axis = replace(self._axis, left=MARGIN + NAMES, width=max(self.width() - 2 * MARGIN - NAMES, 1))
        self.curves.lay_out(self._axis, MARGIN, NAMES, int(self._tops()[0] - 14))
        self._overlay.setGeometry(self.rect())
        self._overlay.place = self._axis.x(self._cursor)
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Band, names, pictures and ruler; the plot and the cursor lie above."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme, axis = self._theme, self._axis
        nearest_top, clip_top = self._tops()
        if self._gap is not None:
            band = QRectF(axis.x(self._gap[0]), 6, axis.x(self._gap[1]) - axis.x(self._gap[0]), clip_top + STRIP - 6)
            painter.fillRect(band, theme.colour("inferred", 0.08))
        painter.setPen(theme.colour("line"))
        painter.drawLine(QPointF(axis.left, nearest_top - 7), QPointF(axis.left + axis.width, nearest_top - 7))
        self._paint_names(painter, nearest_top, clip_top)
        if self._strip is None:
            return
        if self._neighbours is not None and len(self._neighbours.frames):
            film.paint_neighbours(painter, axis, nearest_top, STRIP - 2, self._strip, self._neighbours, theme)
        film.paint_clip(painter, axis, clip_top, STRIP, self._strip, theme)
        if self._gap is not None:
            film.paint_gap(painter, axis, clip_top, STRIP, self._gap, theme)
        film.paint_ruler(painter, axis, clip_top + STRIP + 5, theme)

    def _paint_names(self, painter: QPainter, nearest_top: float, clip_top: float) -> None:
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("secondary"))
        for index, line in enumerate(("Nearest", "frames")):
            painter.drawText(QPointF(MARGIN, nearest_top + 21 + 15 * index), line)
        painter.drawText(QPointF(MARGIN, clip_top + STRIP / 2 + 4), "Clip")

    def _tops(self) -> tuple[float, float]:
        """Tops of the nearest-frame row and of the clip row."""
        clip = self.height() - STRIP - RULER - 6
        return clip - STRIP - 10, clip

    # ---- hands ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a handle, the gap itself (with Shift), or the cursor."""
        if event.button() != Qt.MouseButton.LeftButton or self._strip is None:
            return
        self._held = self._under(event.position())
        self._grip = self._axis.time(event.position().x())
        if self._held == "cursor":
            self.cursor_moved.emit(self._grip)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or show what could be."""
        time = self._axis.time(event.position().x())
        if self._held is None:
            over = self._under(event.position())
            self.setCursor(Qt.CursorShape.SizeHorCursor if over in ("start", "end") else Qt.CursorShape.ArrowCursor)
        elif self._held == "cursor":
            self.cursor_moved.emit(time)
        elif self._gap is not None:
            start, end = self._gap
            if self._held == "start":
                self.gap_moved.emit(time, end)
            elif self._held == "end":
                self.gap_moved.emit(start, time)
            else:
                self._drag_gap(time, start, end)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def event(self, event: QEvent) -> bool:
        """Tooltips name the frame or the latent under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._hint(event.pos()), self)
            return True
        return super().event(event)

    def _drag_gap(self, time: float, start: float, end: float) -> None:
        shift = min(max(time - self._grip, -start), self._axis.duration - end)
        if shift:
            self._grip += shift
            self.gap_moved.emit(start + shift, end + shift)

    def _under(self, point: QPointF) -> str:
        _, clip_top = self._tops()
        on_clip = clip_top <= point.y() <= clip_top + STRIP
        if self._gap is not None and on_clip:
            for name, time in zip(("start", "end"), self._gap, strict=True):
                if abs(point.x() - self._axis.x(time)) <= film.HANDLE:
                    return name
            if self._gap[0] < self._axis.time(point.x()) < self._gap[1]:
                return "gap"
        return "cursor"

    def _hint(self, point: QPoint) -> str:
        nearest_top, clip_top = self._tops()
        time = self._axis.time(point.x())
        near = self._neighbours
        if self._strip is None:
            return ""
        if point.y() < nearest_top:
            return self.curves.hint(time)
        if (
            near is not None
            and len(near.frames)
            and nearest_top <= point.y() < clip_top
            and near.times[0] < time < near.times[-1]
        ):
            latent = film.nearest_latent(near, time)
            if near.frames[latent] < 0:
                return ""
            found = self._strip.times[near.frames[latent]]
            return (
                f"Latent {latent + 1} of {len(near.frames)}: its nearest observed frame is at {found:.2f} s, "
                f"similarity {near.similarity[latent]:.2f}"
            )
        if point.y() >= clip_top and self._gap is not None:
            return {
                "start": "Drag to move where the gap begins (I)", "end": "Drag to move where the gap ends (O)",
                "gap": "Drag to move the gap",
            }.get(self._under(QPointF(point)), f"{time:.2f} s")  # fmt: skip
        return ""


class Cursor(QWidget):
    """The one line through all rows; lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.place = 0.0
        self.colour = parent.palette().text().color()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a head at its top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.colour, 1.5))
        painter.drawLine(QPointF(self.place, 8), QPointF(self.place, self.height() - RULER - 2))
        painter.setBrush(self.colour)
        painter.setPen(Qt.PenStyle.NoPen)
        x = self.place
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, 5), QPointF(x + 5, 5), QPointF(x + 5, 11), QPointF(x, 16), QPointF(x - 5, 11)])
        )
