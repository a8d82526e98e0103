"""The rows of the time band: curves, nearest frames and the clip on one axis, with the gap and the cursor's line."""

from dataclasses import replace
from math import floor

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from slap_studio.views import film
from slap_studio.views.controls import paint_focus
from slap_studio.views.curves_row import CurvesRow
from slap_studio.views.energy_plot import Beside, EnergyCurves
from slap_studio.views.film import Neighbours, Strip
from slap_studio.views.preview import Preview
from slap_studio.views.theme import RADIUS, Theme
from slap_studio.views.tiles import Backdrop
from slap_studio.views.time_axis import FEWEST_FRAMES, TimeAxis
from slap_studio.views.time_cursor import RULER, Cursor
from slap_studio.views.time_hands import STEP, Pull, hint_at, wheeled
from slap_studio.views.time_overview import HIGH, Overview

NAMES = 96  # pixels, column of the rows' names
MARGIN = 15
STRIP = 54


class Rows(QWidget):
    """The rows themselves: one axis, painted together; the curves are plots laid over it."""

    cursor_moved = Signal(float)
    gap_moved = Signal(float, float)
    gap_added = Signal(float, float)
    gap_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._axis = TimeAxis()
        self._strip: Strip | None = None
        self._backdrop = Backdrop()
        self._neighbours: tuple[Neighbours, ...] = ()
        self._gaps: tuple[tuple[float, float], ...] = ()
        self._active = 0
        self._cuts: tuple[float, ...] = ()
        self._drawn: tuple[float, float] | None = None
        self._cursor = 0.0
        self._held: str | None = None
        self._grip = 0.0
        self._aside = 0.0  # pixels from the handle that is held to the gap's end
        self._pull: Pull | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "The arrow keys move the cursor by a frame, with Shift the gap; I and O mark where it begins and ends. "
            "Ctrl+Up and Ctrl+Down show less of the clip or more of it, Z the gap and Shift+Z the whole."
        )
        self.curves = CurvesRow(self, theme)
        self.plot, self.readout, self.drift = self.curves.plot, self.curves.readout, self.curves.drift
        self._overlay = Cursor(self, theme)
        self.overview = Overview(self, theme)
        self.overview.scrolled.connect(lambda first: self.show_axis(self._axis.beginning(first)))
        self.preview = Preview(self)
        # Not event() itself: PySide dies of what Python 3.11 raises in another override that is called from there.
        self.installEventFilter(self)

    @property
    def axis(self) -> TimeAxis:
        """Where times lie now, in pixels of this widget."""
        return self._axis

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.curves.set_theme(theme)
        self._overlay.theme = theme
        self.preview.set_theme(theme)
        self.overview.set_theme(theme)
        self.setMinimumHeight(118 + HIGH + theme.size(120))
        self._arrange()
        self.update()

    def show_clip(self, strip: Strip | None, duration: float, cuts: tuple[float, ...] = ()) -> None:
        """Show another clip, with the times of its hard cuts; its path and gap follow."""
        self._strip, self._cuts = strip, cuts
        self._neighbours, self._gaps = (), ()
        seconds = max(duration, 1e-3)
        least = FEWEST_FRAMES * seconds / max(len(strip.times) if strip is not None else 1, 1)
        self.curves.show_clip(self._axis)
        self.show_axis(replace(self._axis, duration=seconds, first=0.0, zoom=1.0, least=least))
        self.update()

    def show_cuts(self, cuts: tuple[float, ...]) -> None:
        """Show more of the clip's hard cuts, in seconds."""
        self._cuts = cuts
        self.update()

    def show_gaps(self, gaps: tuple[tuple[float, float], ...], active: int) -> None:
        """Show the hidden stretches, in seconds, and which of them has handles."""
        self._gaps, self._active = gaps, active
        self.overview.show_gaps(gaps)
        self.update()

    def show_path(
        self, curves: EnergyCurves, neighbours: tuple[Neighbours, ...], beside: tuple[Beside, ...] = ()
    ) -> None:
        """Show a path's energies with further ones, and the nearest frames, the active gap's first."""
        self._neighbours = neighbours
        self.curves.show_energies(curves, beside)
        self.update(0, 0, self.width(), self.nearest_area().bottom() + 1)

    def show_cursor(self, time: float) -> None:
        """Point at a time; a cursor that runs out of sight turns the page."""
        if time != self._cursor and self._held is None and self._axis.holds(self._cursor, self._cursor):
            self.show_axis(self._axis.turned_to(time))
        self._cursor = time
        self._overlay.show_place(self._axis, time)
        self.overview.show_cursor(time)
        self.curves.show_cursor(time)

    # ---- the stretch in sight ------------------------------------------------------------

    def show_axis(self, axis: TimeAxis) -> None:
        """Show another stretch of the clip, in all rows."""
        if axis == self._axis:
            return
        self._axis = axis
        self.curves.show_axis(axis)
        self.overview.show_axis(axis)
        self._overlay.show_place(axis, self._cursor)
        self.update()

    def zoom(self, by: int) -> None:
        """Come nearer by so many steps, or go farther: about the cursor, or where that is out of sight the middle."""
        axis = self._axis
        seen = axis.holds(self._cursor, self._cursor)
        self.show_axis(axis.zoomed(STEP**by, self._cursor if seen else (axis.first + axis.last) / 2))

    def show_whole(self) -> None:
        """Bring all of the clip into sight."""
        self.show_axis(self._axis.showing(0.0, self._axis.duration))

    def show_gap(self) -> None:
        """Bring the active gap into sight, with as much again on its either side."""
        if self._gap is not None:
            self.show_axis(self._axis.around(*self._gap))

    def bring_into_sight(self, start: float, end: float) -> None:
        """Have a stretch, or a moment, in sight: by going there, and only where it is longer from farther away."""
        axis = self._axis
        if self._held is not None or axis.holds(start, end):
            return
        self.show_axis(axis.turned_to((start + end) / 2) if end - start < axis.shown / 2 else axis.around(start, end))

    # ---- layout and painting -------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the axis over the new width, and the curves over the upper rows."""
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        names = self._theme.size(NAMES)
        self._axis = replace(self._axis, left=MARGIN + names, width=max(self.width() - 2 * MARGIN - names, 1))
        self.curves.lay_out(self._axis, MARGIN, names, int(self._tops()[0] - 14))
        self._overlay.setGeometry(self.rect())
        self._overlay.show_place(self._axis, self._cursor)
        self.overview.setGeometry(int(self._axis.left), self.height() - HIGH, int(self._axis.width), HIGH)
        self.overview.show_axis(self._axis)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Band, names, pictures and ruler; the plot and the cursor lie above."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme, axis = self._theme, self._axis
        nearest_top, clip_top = self._tops()
        seen = QRectF(axis.left, 0, axis.width, self.height())
        painter.setClipRect(seen)
        for index, (start, end) in enumerate(self._gaps):
            band = QRectF(axis.x(start), 6, axis.x(end) - axis.x(start), clip_top + STRIP - 6)
            painter.fillRect(band, theme.colour("inferred", 0.08 if index == self._active else 0.04))
        painter.setClipping(False)
        top = floor(nearest_top) - 8
        kept = (axis, theme, self._strip, self.font())
        self._backdrop.paint(painter, QRectF(0, top, self.width(), self.height() - top), kept, self._paint_ground)
        paint_focus(painter, self, theme, RADIUS)
        if self._strip is None:
            return
        if event.rect().bottom() < self.nearest_area().top():
            # Only the curves have changed, and what lies below them costs more than they do.
            return
        painter.setClipRect(seen)
        for index, nearest in enumerate(self._neighbours):
            painter.setOpacity(0.6 if index else 1.0)
            if len(nearest.frames):
                film.paint_neighbours(painter, axis, nearest_top, STRIP - 2, self._strip, nearest, theme)
        painter.setOpacity(1.0)
        if event.rect().bottom() <= self.nearest_area().bottom():
            # Another path changes nothing of the clip.
            return
        self._paint_gaps(painter, clip_top, seen)
        film.paint_cuts(painter, axis, clip_top, STRIP, self._cuts, self._gaps, theme)

    def _paint_ground(self, painter: QPainter) -> None:
        """Names, the clip's pictures and the ruler: what stays while paths come and go."""
        theme, axis = self._theme, self._axis
        nearest_top, clip_top = self._tops()
        painter.setFont(self.font())
        film.paint_names(painter, axis, MARGIN, nearest_top, clip_top + STRIP / 2 + 4, theme)
        if self._strip is not None:
            film.paint_clip(painter, axis, clip_top, STRIP, self._strip, theme)
            film.paint_ruler(painter, axis, clip_top + STRIP + 5, theme)

    def _paint_gaps(self, painter: QPainter, top: float, seen: QRectF) -> None:
        """The active gap last, so that its handles lie above its neighbours' ends."""
        others = [gap for index, gap in enumerate(self._gaps) if index != self._active]
        for gap in [*others, *([] if self._drawn is None else [self._drawn])]:
            film.paint_gap_elsewhere(painter, self._axis, top, STRIP, gap, self._theme)
        if self._gap is not None:
            # A handle at an end of what is in sight is seen whole.
            left, right = film.overhang(self._axis, self._gap)
            painter.setClipRect(seen.adjusted(-left, 0, right, 0))
            film.paint_gap(painter, self._axis, top, STRIP, self._gap, self._theme)
            painter.setClipRect(seen)

    def curves_area(self) -> QRect:
        """Where the curves and their values stand."""
        return QRect(MARGIN - 4, 2, self.width() - 2 * MARGIN + 8, int(self._tops()[0]) - 6)

    def nearest_area(self) -> QRect:
        """Where the nearest frames stand."""
        return QRect(MARGIN - 4, int(self._tops()[0]) - 3, self.width() - 2 * MARGIN + 8, STRIP + 7)

    def _tops(self) -> tuple[float, float]:
        """Tops of the nearest-frame row and of the clip row."""
        clip = self.height() - STRIP - self._theme.size(RULER) - HIGH - 6
        return clip - STRIP - 10, clip

    # ---- hands ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a handle, the gap itself, another gap, a free stretch (with Shift), the ruler, or the cursor."""
        point, button = event.position(), event.button()
        if self._strip is None or button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self.preview.offer(None, point)
        if not self._axis.whole and (button == Qt.MouseButton.MiddleButton or self._on_ruler(point)):
            self._pull = Pull(self._axis, point)
        elif button == Qt.MouseButton.LeftButton:
            self._take(point, shifted=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _take(self, point: QPointF, *, shifted: bool) -> None:
        self._held = self._under(point)
        self._grip = self._seen_time(point)
        if self._held.isdigit():
            self.gap_chosen.emit(int(self._held))
        elif self._held == "free" and shifted:
            self._held = "new"
        elif self._held in ("cursor", "free"):
            self._held = "cursor"
            self.cursor_moved.emit(self._grip)
        elif self._gap is not None and self._held in ("start", "end"):
            # A narrow gap's handle stands beside its end: what is pulled is the end.
            end = self._axis.x(self._gap[self._held == "end"])
            self._aside = end - film.handles(self._axis, self._gap)[self._held == "end"]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or show what could be; past an end of what is in sight that follows."""
        point = event.position()
        time = self._axis.time(point.x())
        if self._pull is not None:
            self.show_axis(self._pull.to(point))
        elif self._held is None:
            over = self._under(point)
            self.setCursor(Qt.CursorShape.SizeHorCursor if over in ("start", "end") else Qt.CursorShape.ArrowCursor)
            self._show_preview(point)
        else:
            self._drag(point, time)
            self.show_axis(self._axis.reaching(time))

    def _drag(self, point: QPointF, time: float) -> None:
        if self._held == "cursor":
            self.cursor_moved.emit(time)
        elif self._held == "new":
            self._drawn = (min(self._grip, time), max(self._grip, time))
            self.update()
        elif self._gap is not None and self._held in ("start", "end"):
            (start, end), moved = self._gap, self._axis.time(point.x() + self._aside)
            self.gap_moved.emit(*((moved, end) if self._held == "start" else (start, moved)))
        elif self._gap is not None and self._held == "gap":
            self._drag_gap(time, *self._gap)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a stretch that was drawn becomes a gap, and a click on the ruler moves the cursor."""
        pull, self._pull = self._pull, None
        if pull is not None and not pull.moved and event.button() == Qt.MouseButton.LeftButton:
            self.cursor_moved.emit(self._seen_time(event.position()))
        drawn, self._drawn, self._held = self._drawn, None, None
        if drawn is not None:
            self.update()
            self.gap_added.emit(*drawn)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl come nearer about the pointer."""
        if self._strip is None:
            event.ignore()
            return
        self.preview.offer(None, event.position())
        self.show_axis(wheeled(self._axis, event))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the frame under the pointer away."""
        self.preview.offer(None, QPointF())
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tooltips name the frame or the latent under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._hint(event.pos()), self)
            return True
        return False

    @property
    def _gap(self) -> tuple[float, float] | None:
        """The one with handles."""
        return self._gaps[self._active] if self._gaps else None

    def _drag_gap(self, time: float, start: float, end: float) -> None:
        """Move the gap whole, as far as its neighbours and the clip's ends let it."""
        low = max((gap[1] for gap in self._gaps[: self._active]), default=0.0)
        high = min((gap[0] for gap in self._gaps[self._active + 1 :]), default=self._axis.duration)
        shift = min(max(time - self._grip, low - start), high - end)
        if shift:
            self._grip += shift
            self.gap_moved.emit(start + shift, end + shift)

    def _on_ruler(self, point: QPointF) -> bool:
        return point.y() > self._tops()[1] + STRIP

    def _seen_time(self, point: QPointF) -> float:
        """Time of a pixel, or of the nearest one in sight."""
        axis = self._axis
        return axis.time(min(max(point.x(), axis.left), axis.left + axis.width))

    def _under(self, point: QPointF) -> str:
        """A handle ("start", "end"), the active "gap", another one's number, "free" clip, or "cursor" elsewhere."""
        _, clip_top = self._tops()
        if self._gap is None or not clip_top <= point.y() <= clip_top + STRIP:
            return "cursor"
        left, right = film.handles(self._axis, self._gap)
        for name, x in (("start", left), ("end", right)):
            if abs(point.x() - x) <= film.HANDLE:
                return name
        if left < point.x() < right:
            return "gap"
        for index, gap in enumerate(self._gaps):
            begin, finish = film.seen_ends(self._axis, gap)
            if index != self._active and begin < point.x() < finish:
                return str(index)
        return "free"

    def _hint(self, point: QPoint) -> str:
        nearest_top, clip_top = self._tops()
        time = self._axis.time(point.x())
        if self._strip is None:
            return ""
        if point.y() < nearest_top:
            return self.curves.hint(time)
        if point.y() < clip_top:
            return self._neighbour_hint(time)
        over = "ruler" if self._on_ruler(QPointF(point)) else self._under(QPointF(point))
        return hint_at(over, time)

    def _show_preview(self, point: QPointF) -> None:
        """The frame under the pointer; where a latent is meant, the observed frame nearest to it."""
        nearest_top, clip_top = self._tops()
        frame, time = None, self._axis.time(point.x())
        if self._strip is not None and self._axis.left <= point.x() <= self._axis.left + self._axis.width:
            near = self._near(time) if point.y() < clip_top else None
            if near is not None:
                frame = int(near.frames[film.nearest_latent(near, time)])
            elif point.y() < nearest_top or clip_top <= point.y() <= clip_top + STRIP:
                frame = self._strip.at(time)
        shown = None
        if self._strip is not None and frame is not None and frame >= 0:
            shown = QPixmap.fromImage(self._strip.pictures[frame])
        self.preview.offer(shown, point)

    def _near(self, time: float) -> Neighbours | None:
        """The nearest frames of the gap that holds a time, if there is one."""
        inside = (near for near in self._neighbours if len(near.frames) and near.times[0] < time < near.times[-1])
        return next(inside, None)

    def _neighbour_hint(self, time: float) -> str:
        """Which observed frame is nearest to the latent at a time."""
        near = self._near(time)
        if near is None or self._strip is None:
            return ""
        return film.neighbour_words(self._strip, near, film.nearest_latent(near, time))
