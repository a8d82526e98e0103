"""The time band: energy curves, nearest frames and the clip above one another on one axis, with one cursor."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolTip, QWidget

from slap_studio.views import film
from slap_studio.views.controls import Elided, label, paint_focus, panel, spoken
from slap_studio.views.drift_plot import DriftCurves, DriftPlot
from slap_studio.views.energy_plot import EnergyCurves, EnergyPlot
from slap_studio.views.film import Neighbours, Strip
from slap_studio.views.icons import dress
from slap_studio.views.readout_plot import ReadoutAreas, ReadoutPlot
from slap_studio.views.theme import RADIUS, Theme
from slap_studio.views.time_axis import TimeAxis

NAMES = 96  # pixels, column of the rows' names
MARGIN = 15
STRIP, RULER = 54, 22


class TimeBand(QWidget):
    """Emits where a hand put the cursor and the gap's ends, in seconds; shows what it is told."""

    cursor_moved = Signal(float)
    gap_moved = Signal(float, float)
    play_asked = Signal()
    step_asked = Signal(int)
    jump_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = panel(self, (0, 0, 0, 8), 0)
        self.rows = Rows(theme)
        self.rows.cursor_moved.connect(self.cursor_moved)
        self.rows.gap_moved.connect(self.gap_moved)
        layout.addWidget(self.rows, 1)
        layout.addLayout(self._transport())
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.rows.set_theme(theme)
        self._row.setContentsMargins(MARGIN + theme.size(NAMES) - 4, 0, MARGIN, 0)
        self._make_room()
        for name, button in self._buttons.items():
            dress(button, name, theme)

    def show_playing(self, playing: bool) -> None:
        """Show a pause sign while the clip plays."""
        dress(self._buttons["play"], "pause" if playing else "play", self._theme)
        self._buttons["play"].setToolTip("Pause (Space)" if playing else "Play (Space)")

    def show_summary(self, text: str) -> None:
        """One line under the rows on what is hidden and how the clip was sampled."""
        self._summary.setText(text)
        self._make_room()

    def show_alarm(self, text: str, hint: str) -> None:
        """What does not fit together, beside the summary; nothing where all is well."""
        self._alarm.setText(f"▲ {text}" if text else "")
        self._alarm.hint = hint
        self._alarm.setToolTip(hint)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the keys make way."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        taken = sum(part.sizeHint().width() for part in (*self._buttons.values(), self._summary, self._keys))
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._theme.size(50)
        self._keys.setVisible(not self._alarm.text() and taken <= room)

    def _transport(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._row = row
        row.setSpacing(4)
        self._buttons = {}
        for name, hint, asked in (
            ("start", "To the beginning (Home)", lambda: self.jump_asked.emit("start")),
            ("back", "One frame back (←)", lambda: self.step_asked.emit(-1)),
            ("play", "Play (Space)", self.play_asked.emit),
            ("forward", "One frame on (→)", lambda: self.step_asked.emit(1)),
            ("end", "To the end (End)", lambda: self.jump_asked.emit("end")),
        ):
            button = QPushButton()
            button.setProperty("transport", "true")
            button.setToolTip(hint)
            button.setAccessibleName(hint)
            button.clicked.connect(asked)
            row.addWidget(button)
            self._buttons[name] = button
        row.addSpacing(12)
        self._summary = Elided("secondary")
        self._summary.hint = "What is hidden, and how many of the clip's sampled frames the solver may see."
        row.addWidget(self._summary, 1)
        row.addSpacing(12)
        self._alarm = Elided("alarm")
        row.addWidget(self._alarm)
        self._keys = label("I mark in   O mark out   Space play   ← → frame", "secondary")
        row.addWidget(self._keys)
        return row


class Rows(QWidget):
    """The rows themselves: one axis, painted together; the curves are a plot laid over it."""

    cursor_moved = Signal(float)
    gap_moved = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._axis = TimeAxis()
        self._strip: Strip | None = None
        self._neighbours: Neighbours | None = None
        self._curves: EnergyCurves | None = None
        self._gap: tuple[float, float] | None = None
        self._cursor = 0.0
        self._held: str | None = None
        self._grip = 0.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "The arrow keys move the cursor by a frame, with Shift the gap; I and O mark where the gap begins and ends."
        )
        self.plot = EnergyPlot()
        self.plot.setParent(self)
        self.readout = ReadoutPlot(theme, self)
        self.drift = DriftPlot()
        self.drift.setParent(self)
        self._strayed: DriftCurves | None = None
        self._curve = "energy"
        self.choice = _choice(self)
        self.choice.activated.connect(lambda _index: self.show_curve(self.choice.currentData()))
        self._areas: ReadoutAreas | None = None
        self._told = QLabel(self)
        self._told.setWordWrap(True)
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._legend = {name: QLabel(self) for name in ("T", "V", "H")}
        hints = {
            "T": "Kinetic energy of the interval under the cursor. T and H are drawn on one scale.",
            "V": "Potential energy under the cursor: 1 − cosine similarity to the query. Drawn on a scale of its own.",
            "H": "T + λP: constant along a true least-action path. "
            "If this line is bent, the descent has not converged.",
        }
        for name, text in hints.items():
            self._legend[name].setToolTip(text)
        self._overlay = Cursor(self, theme)
        self.show_curve("energy")

    @property
    def axis(self) -> TimeAxis:
        """Where times lie now, in pixels of this widget."""
        return self._axis

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.plot.set_theme(theme)
        self.readout.set_theme(theme)
        self.drift.set_theme(theme)
        self._overlay.theme = theme
        self.setMinimumHeight(118 + theme.size(120))
        self._arrange()
        self._show_values()
        self.update()

    def show_clip(self, strip: Strip | None, duration: float) -> None:
        """Show another clip; its path and gap follow."""
        self._strip = strip
        self._neighbours = self._curves = self._gap = self._areas = None
        self._axis = replace(self._axis, duration=max(duration, 1e-3))
        self.plot.show_duration(self._axis.duration)
        self.plot.show_curves(None)
        self.readout.show_areas(None)
        self.readout.show_axis(self._axis)
        self.drift.show_duration(self._axis.duration)
        self.show_drift(None)
        self._show_values()
        self.update()

    @property
    def curve(self) -> str:
        """What the uppermost row shows."""
        return self._curve

    def show_curve(self, name: str) -> None:
        """Show the "energy", the "readout" or the "drift" in the uppermost row."""
        self._curve = name
        self.choice.setCurrentIndex(self.choice.findData(name))
        self.plot.setVisible(name == "energy")
        self.readout.setVisible(name == "readout")
        self.drift.setVisible(name == "drift")
        self._told.setVisible(name != "energy")
        for part in self._legend.values():
            part.setVisible(name == "energy")
        self._show_values()

    def show_readout(self, areas: ReadoutAreas) -> None:
        """Show what the path's latents read as."""
        self._areas = areas
        self.readout.show_areas(areas)
        self._show_values()

    def show_drift(self, curves: DriftCurves | None) -> None:
        """Show how far the path and others stray from the truth, or nothing."""
        self._strayed = curves
        self.drift.show_curves(curves)
        self._told.setToolTip(
            ""
            if curves is None
            else f"Angle between the inferred latent and the hidden frame's, {curves.against}; "
            "D_sem is the mean of 1 − cosine over the gap."
        )
        self._show_values()

    def show_gap(self, gap: tuple[float, float]) -> None:
        """Show the hidden stretch, in seconds."""
        self._gap = gap
        self.update()

    def show_path(self, curves: EnergyCurves, neighbours: Neighbours) -> None:
        """Show the energies and the nearest frames of a path."""
        self._curves, self._neighbours = curves, neighbours
        self.plot.show_curves(curves)
        self._show_values()
        self.update()

    def show_cursor(self, time: float) -> None:
        """Point at a time."""
        self._cursor = time
        self._overlay.place = self._axis.x(time)
        self._overlay.update()
        self._show_values()

    # ---- layout and painting -------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the axis over the new width, and the plot over the upper rows."""
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        size = self._theme.size
        names = size(NAMES)
        self._axis = replace(self._axis, left=MARGIN + names, width=max(self.width() - 2 * MARGIN - names, 1))
        for part in (self.plot, self.readout, self.drift):
            part.setGeometry(int(self._axis.left), 6, int(self._axis.width), int(self._energy_height()))
        self.readout.show_axis(self._axis)
        self.choice.setGeometry(MARGIN - 3, 7, names - 4, size(24))
        for index, name in enumerate(self._legend):
            self._legend[name].setGeometry(MARGIN, size(35) + size(18) * index, names + 4, size(18))
        self._told.setGeometry(MARGIN, size(36), names - 6, int(self._energy_height()) - size(36) + 24)
        self._overlay.setGeometry(self.rect())
        self._overlay.place = self._axis.x(self._cursor)

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
        paint_focus(painter, self, theme, RADIUS)
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
            painter.drawText(QPointF(MARGIN, nearest_top + 21 + self._theme.size(15) * index), line)
        painter.drawText(QPointF(MARGIN, clip_top + STRIP / 2 + 4), "Clip")

    def _energy_height(self) -> float:
        return self._tops()[0] - 14

    def _tops(self) -> tuple[float, float]:
        """Tops of the nearest-frame row and of the clip row."""
        clip = self.height() - STRIP - self._theme.size(RULER) - 6
        return clip - STRIP - 10, clip

    def _show_values(self) -> None:
        """The legend carries the values under the cursor."""
        if self._curve != "energy":
            self._told.setText(self._reading() if self._curve == "readout" else self._straying())
            return
        names = {"T": "observed", "V": "potential", "H": "text"}
        curves = self._curves
        inside = curves is not None and curves.times[0] <= self._cursor <= curves.times[-1]
        for name, token in names.items():
            value = ""
            if inside and curves is not None:
                interval = int((curves.midways - self._cursor).__abs__().argmin())
                latent = int(abs(curves.times - self._cursor).argmin())
                value = spoken(
                    float(
                        {"T": curves.kinetic[interval], "V": curves.potential[latent], "H": curves.total[interval]}[
                            name
                        ]
                    )
                )
            mark = {"T": "━", "V": "┅", "H": "╌"}[name]
            colour = self._theme.colour(token).name()
            self._legend[name].setText(f"<span style='color:{colour}'>{mark}</span>&nbsp; {name} &nbsp;{value}")

    def _reading(self) -> str:
        """What the latent under the cursor reads as most."""
        found = None if self._areas is None else self._areas.at(self._cursor)
        if found is None:
            return "Move the cursor into the gap."
        first, share = max(found, key=lambda pair: pair[1])
        return f"{first}<br><b>{100 * share:.0f}%</b> here"

    def _straying(self) -> str:
        """How far the latent under the cursor is from the truth."""
        curves = self._strayed
        if curves is None:
            return "Press R to reveal the truth, or C to compare."
        if not len(curves.times) or not curves.times[0] <= self._cursor <= curves.times[-1]:
            return f"D_sem <b>{curves.drift:.3f}</b>"
        here = float(curves.ours[int(abs(curves.times - self._cursor).argmin())])
        return f"<b>{here:.1f}°</b> here<br>D_sem <b>{curves.drift:.3f}</b>"

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
        if self._curve == "readout" and self._areas is not None and point.y() < nearest_top:
            return "\n".join(f"{name}: {100 * share:.0f}%" for name, share in self._areas.at(time) or ())
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

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.place = 0.0
        self.theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a head at its top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.theme.colour("text")
        painter.setPen(QPen(colour, self.theme.line_width(1.5)))
        bottom = self.height() - self.theme.size(RULER) - 2
        painter.drawLine(QPointF(self.place, 8), QPointF(self.place, bottom))
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        x = self.place
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, 5), QPointF(x + 5, 5), QPointF(x + 5, 11), QPointF(x, 16), QPointF(x - 5, 11)])
        )


def _choice(parent: QWidget) -> QComboBox:
    """What the uppermost row shows."""
    box = QComboBox(parent)
    for name, text in (("energy", "Energy"), ("readout", "Readout"), ("drift", "Drift")):
        box.addItem(text, name)
    box.setAccessibleName("Curves over the gap")
    box.setToolTip("Energies along the path, what its latents read as, or how far they stray from the truth.")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
