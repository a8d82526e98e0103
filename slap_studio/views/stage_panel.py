"""The stage with what is laid over it: the regime, the legend, the names on the map, the frame under the pointer."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainterPath, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from slap_studio.core.types import Array
from slap_studio.session.look import Colouring
from slap_studio.views.bifurcation import BifurcationView
from slap_studio.views.controls import label, spaced, spoken, wrapped
from slap_studio.views.legend import Legend
from slap_studio.views.preview import Preview
from slap_studio.views.stage.colours import ColourKey
from slap_studio.views.stage.pictures import PathPicture
from slap_studio.views.stage.planar import Stage
from slap_studio.views.stage.spatial import SpatialView
from slap_studio.views.stage.switches import LookSwitch, ViewSwitch
from slap_studio.views.sweep_view import SweepView
from slap_studio.views.theme import RADIUS, Theme

_EDGE = 13  # pixels from the stage's edges to what is laid over it
_CARD_HINT = (
    "The name is Table 7's for κ = λ/μ: a lookup, no measurement. What was measured on the path stands beside it."
)


class StagePanel(QWidget):
    """Stage, overlays and the rounding of its corners; in the stage's place, on demand, another view."""

    view_chosen = Signal(str)
    frame_clicked = Signal(int)
    latent_clicked = Signal(int)
    hovered = Signal(object)
    reveal_asked = Signal()
    compare_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.stage = Stage(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stage)
        # A scene of its own costs time and memory, so that it is made when it is first looked at.
        self.spatial: SpatialView | None = None
        self.seen: Stage | SpatialView = self.stage
        self.bifurcation = BifurcationView(theme)
        self.bifurcation.hide()
        layout.addWidget(self.bifurcation)
        self.sweep = SweepView(theme)
        self.sweep.hide()
        layout.addWidget(self.sweep)
        self.view = "map"
        self.switch = ViewSwitch(self)
        self.switch.chosen.connect(self.view_chosen)
        self.look = LookSwitch(self)
        self.beside = BesideSwitch(self)
        self.beside.reveal_asked.connect(self.reveal_asked)
        self.beside.compare_asked.connect(self.compare_asked)
        self._others: tuple[tuple[str, Array], ...] = ()
        self._other_names: list[QLabel] = []
        self.regime = RegimeCard(self)
        self.legend = Legend(self, theme)
        self._note = self._note_hint = ""
        self._switches_end = QPoint()
        self._arranged: tuple[object, ...] = ()
        self.key = ColourKey(self, theme)
        self.map_note = label("", "small")
        self.map_note.setParent(self)
        self.hint = label("", "secondary")
        self.hint.setParent(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._names = {name: label("", "title") for name in ("start", "end", "query")}
        for name in self._names.values():
            name.setParent(self)
            name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            name.hide()
        self._places: PathPicture | None = None
        self._preview = Preview(self)
        self._listen_to(self.stage)
        self.regime.changed.connect(self._arrange_card)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.stage.set_theme(theme)
        if self.spatial is not None:
            self.spatial.set_theme(theme)
        self.bifurcation.set_theme(theme)
        self.sweep.set_theme(theme)
        self.switch.set_theme(theme)
        self.beside.set_theme(theme)
        self.look.set_theme(theme)
        self.legend.theme = theme
        self.key.theme = theme
        shadow = theme.colour("panel", 0.82).name(theme.colour("panel").NameFormat.HexArgb)
        for name, widget in self._names.items():
            colour = theme.query if name == "query" else theme.text
            widget.setStyleSheet(f"color: {colour}; background: {shadow}; border-radius: 4px; padding: 0 4px;")
        self.regime.set_theme(theme)
        self._preview.set_theme(theme)
        self.map_note.setStyleSheet(f"background: {shadow}; border-radius: 4px; padding: 1px 4px;")
        self._arrange()

    def zoom(self, steps: int) -> None:
        """Come nearer to what is shown, or go away from it."""
        if self.on_sphere:
            self.seen.picture.zoom(steps)

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is on the picture itself."""
        return self.seen.picture.hasFocus()

    def show_view(self, name: str) -> None:
        """Show a view of the hypersphere ("map", "globe", "slice"), the "bifurcation" or the "sweep".

        Of the hypersphere, what was drawn last stays until the picture of another view is there.
        """
        self.view = name
        self.switch.show_chosen(name)
        self._show_widget()
        for part in (self.legend, self.map_note, self.beside):
            part.setVisible(self.on_sphere and not self.hint.text())
        self.key.setVisible(self.on_sphere and self.key.shows)
        self._arrange()

    def show_space(self, in_space: bool) -> None:
        """Draw on the scene in space from now on, or on the flat map."""
        if in_space and self.spatial is None:
            self.spatial = SpatialView(self._theme)
            self._listen_to(self.spatial)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self.spatial)
            self.spatial.lower()
        seen = self.spatial if in_space and self.spatial is not None else self.stage
        if seen is not self.seen:
            # Places of the one mean nothing in the other.
            self._places, self._others = None, ()
            self.seen = seen
            self._show_widget()

    def _show_widget(self) -> None:
        """First away with what goes: two views at once would ask for the room of both."""
        shown = {"bifurcation": self.bifurcation, "sweep": self.sweep}.get(self.view, self.seen)
        every = [self.stage, self.spatial, self.bifurcation, self.sweep]
        for widget in every:
            if widget is not None and widget is not shown:
                widget.hide()
        shown.show()

    def _listen_to(self, view: Stage | SpatialView) -> None:
        # In a turn of its own: a name that appears makes Qt settle sizes, and vispy must not be told of one while it
        # tells of another.
        view.moved.connect(self._place_names, Qt.ConnectionType.QueuedConnection)
        view.frame_clicked.connect(self.frame_clicked)
        view.latent_clicked.connect(self.latent_clicked)
        view.hovered.connect(self.hovered)

    @property
    def on_sphere(self) -> bool:
        """Whether a view of the hypersphere is what is shown."""
        return self.view not in ("bifurcation", "sweep")

    def show_path(self, picture: PathPicture | None, query: str) -> None:
        """Draw a path and write the names of its ends and of the query beside their marks."""
        self._places = picture
        self.seen.show_path(picture)
        self._names["start"].setText("start")
        self._names["end"].setText("end")
        self._names["query"].setText(f"“{query}”")
        self._place_names()

    def show_beside(self, truth: tuple[Array, Array] | None, others: tuple[tuple[str, Array], ...]) -> None:
        """Draw the truth's places and line, and other methods' lines; None and nothing take them away."""
        self._others = others
        while len(self._other_names) < len(others):
            name = label("", "small")
            name.setParent(self)
            name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._other_names.append(name)
        self.seen.show_beside(truth, tuple(line for _, line in others))
        self._place_names()

    def show_map_note(self, text: str, hint: str = "") -> None:
        """Say how the picture was made, and how far it may be believed."""
        if text == self._note:
            return
        self._note = text
        self._note_hint = hint
        self._arrange()

    def show_key(self, colouring: Colouring, low: str, high: str) -> None:
        """Say what the colours of the path mean, if anything."""
        if self.key.says(colouring, low, high):
            return
        self.key.show_key(colouring, low, high)
        self.key.setVisible(self.on_sphere and self.key.shows)
        self._arrange()

    def show_hint(self, text: str) -> None:
        """What to do while there is nothing to see, in the middle of the stage."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.legend.setVisible(not text and self.on_sphere)

    def preview(self, picture: QPixmap | None, point: QPointF) -> None:
        """After a moment, show a frame beside the pointer; None takes it away."""
        self._preview.offer(picture, point)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Corners are cut from the stage, whose picture is a whole rectangle."""
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))
        self._arrange()

    def _arrange(self) -> None:
        cramped = self._is_cramped()
        self.legend.place(QRectF(self.rect()).adjusted(_EDGE, 0, -_EDGE, -_EDGE + 2), 1 if cramped else 3)
        self.regime.show_essentials(cramped)
        self._switches_end = self._arrange_switches()
        self._arrange_card()
        bottom = self.legend.geometry().top() - 4
        self.key.move(self.width() - _EDGE - self.key.width(), bottom - self.key.height())
        self.hint.setGeometry(self.rect().adjusted(40, 40, -40, -40))
        self._place_names()

    def _is_cramped(self) -> bool:
        """Whether there is room for what matters most only."""
        return self.width() < self._theme.size(480) or self.height() < self._theme.size(240)

    def _arrange_card(self) -> None:
        """The regime at the right, below the switches where there is no room beside them; the note left of it."""
        ends, card, right = self._switches_end, self.regime, self.width() - _EDGE
        card.adjustSize()
        # Most answers change a word or a figure of the card and nothing of the arrangement.
        arranged = (
            ends, self.size(), card.size(), card.isHidden(), self._note, self._note_hint, self.on_sphere,
            self.hint.text(), self._theme,
        )  # fmt: skip
        if arranged == self._arranged:
            return
        self._arranged = arranged
        taken = 0 if card.isHidden() else card.width() + 8
        card.move(right - card.width(), _EDGE if ends.x() <= right - taken else ends.y() + 7)
        wide = max(right - _EDGE - taken - 18, 0)
        self.map_note.setVisible(self.on_sphere and not self._is_cramped() and not self.hint.text())
        self.map_note.setText(wrapped(self._note, self.map_note.fontMetrics(), wide))
        self.map_note.setToolTip(f"{self._note}\n{self._note_hint}".strip())
        self.map_note.adjustSize()
        self.map_note.move(_EDGE, ends.y() + 7)

    def _arrange_switches(self) -> QPoint:
        """The switches beside one another, or in rows where the stage is narrow; the corner where they end."""
        left, top = _EDGE, 11
        parts = [part for part in (self.switch, self.beside, self.look) if not part.isHidden()]
        for part in parts:
            part.adjustSize()
            if left > _EDGE and left + part.width() > self.width() - _EDGE:
                left, top = _EDGE, top + part.height() + 6
            part.move(left, top)
            left += part.width() + 8
        shown = [part.geometry() for part in parts]
        # A lesson may hide them all.
        return QPoint(
            max((box.right() for box in shown), default=_EDGE), max((box.bottom() for box in shown), default=4)
        )

    def _place_names(self) -> None:
        picture = self._places
        for name, widget in self._names.items():
            if picture is None or not self.on_sphere:
                widget.hide()
                continue
            place = {"start": picture.path[0], "end": picture.path[-1], "query": picture.query}[name]
            point = self.seen.to_screen(place)
            widget.adjustSize()
            # Below the anchors, right of the star; never outside of the stage.
            left = point.x() + 14 if name == "query" else point.x() - widget.width() / 2
            top = point.y() - widget.height() / 2 if name == "query" else point.y() + 10
            left = min(max(left, 4), self.width() - widget.width() - 4)
            inside = -20 < point.x() < self.width() + 20 and -20 < point.y() < self.height() + 20
            widget.setVisible(inside)
            widget.move(int(left), int(top))
        self._place_other_names()

    def _place_other_names(self) -> None:
        """The other methods' names at the middles of their paths, out of one another's way."""
        shadow = self._theme.colour("panel", 0.82)
        style = f"color: {self._theme.secondary}; background: {shadow.name(shadow.NameFormat.HexArgb)};"
        middles = [self.seen.to_screen(line[len(line) // 2]) for _, line in self._others]
        heights = spaced([point.y() - 9 for point in middles], self._theme.size(18))
        for index, widget in enumerate(self._other_names):
            shown = index < len(self._others) and self.on_sphere and middles[index].x() > 0
            widget.setVisible(shown)
            if shown:
                widget.setText(self._others[index][0])
                widget.setStyleSheet(f"{style} border-radius: 4px; padding: 0 4px;")
                widget.adjustSize()
                box = QRect(int(middles[index].x() + 12), int(heights[index]), widget.width(), widget.height())
                taken = [name.geometry() for name in self._names.values() if name.isVisible()]
                if any(box.intersects(other) for other in taken):
                    box.moveRight(min(other.left() for other in taken if box.intersects(other)) - 6)
                widget.move(min(max(box.left(), 4), self.width() - widget.width() - 4), box.top())


class BesideSwitch(QFrame):
    """What is drawn beside the path: other methods, and the truth behind the gap."""

    compare_asked = Signal()
    reveal_asked = Signal()
    truth_asked = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        self.compare = self._button("Compare", "Draw what other methods make of this gap, dashed and grey (C).")
        self.reveal = self._button(
            "Reveal",
            "Draw what the hidden frames themselves give, and how far the path strays from it (R). "
            "The solver never sees it.",
        )
        self.compare.clicked.connect(self.compare_asked)
        self.reveal.clicked.connect(self.reveal_asked)
        self.truths = self._truths()
        for button in (self.compare, self.reveal, self.truths):
            layout.addWidget(button)

    def show_chosen(self, *, compared: bool, revealed: bool) -> None:
        """Mark what is drawn."""
        self.compare.setChecked(compared)
        self.reveal.setChecked(revealed)

    def offer_truths(self, *, offered: bool, as_filmed: bool) -> None:
        """Offer a choice of truths where there is one, and mark which is shown."""
        for action in self.truths.menu().actions():
            action.setChecked(action.data() == as_filmed)
        if offered == self.truths.isHidden():
            self.truths.setVisible(offered)
            self.adjustSize()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"BesideSwitch {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )

    def _truths(self) -> QPushButton:
        """Which truth is revealed: a menu of its own, hidden until a clip has both."""
        button = QPushButton()
        button.setAccessibleName("Which truth is revealed")
        button.setProperty("view", "true")
        button.setFixedWidth(24)
        button.setToolTip("Hold the path against the same frames without the tunnel, or against what was filmed.")
        menu = QMenu(button)
        group = QActionGroup(menu)
        for text, as_filmed in (("Without the tunnel", False), ("As filmed", True)):
            action = menu.addAction(text)
            action.setData(as_filmed)
            action.setCheckable(True)
            group.addAction(action)
        menu.triggered.connect(lambda action: self.truth_asked.emit(action.data()))
        button.setMenu(menu)
        button.hide()
        return button

    def _button(self, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("view", "true")
        button.setCheckable(True)
        button.setToolTip(hint)
        return button


class RegimeCard(QFrame):
    """The regime's name, which is Table 7's, and beside it what was measured; says when its size may have changed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[str, float] = ("", 0.0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(13, 8, 13, 8)
        layout.setSpacing(1)
        self._name, self._measured, self._twins = QLabel(), label("", "small"), label("", "small")
        for line in (self._name, self._measured, self._twins):
            layout.addWidget(line)
        self.setToolTip(_CARD_HINT)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"RegimeCard {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )
        if self._shown[0]:
            self._show_name()

    def show_regime(self, name: str, ratio: float, measured: str) -> None:
        """Show a name, κ and words for what was measured."""
        self._shown = (name, ratio)
        self._show_name()
        self._measured.setText(f"measured: {measured}")
        self.show()
        self.changed.emit()

    def show_twins(self, words: str, sentence: str) -> None:
        """Show what two starts did that were almost the same."""
        self._twins.setText(words)
        self._twins.setToolTip(sentence)
        self.changed.emit()

    def show_essentials(self, only: bool) -> None:
        """Where there is little room the name and κ; what was measured is then in the tooltip."""
        for line in (self._measured, self._twins):
            line.setVisible(not only)
        told = f"<p>{self._measured.text()}, {self._twins.text()}</p>" if only else ""
        self.setToolTip(f"{told}{_CARD_HINT}")

    def _show_name(self) -> None:
        theme, (name, ratio) = self._theme, self._shown
        self._name.setText(
            f"<span style='color:{theme.inferred}; font-weight:600; font-size:{theme.size(15)}px'>{name}</span>"
            f"<span style='color:{theme.secondary}; font-size:{theme.size(12)}px'>"
            f"&nbsp;&nbsp;&nbsp;κ = {spoken(ratio)}</span>"
        )
