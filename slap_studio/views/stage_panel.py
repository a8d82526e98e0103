"""The stage with what is laid over it: the regime, the legend, the names on the map, the frame under the pointer."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainterPath, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from slap_studio.core.types import Array
from slap_studio.session.look import Colouring
from slap_studio.views.bifurcation import BifurcationView
from slap_studio.views.controls import label, wrapped
from slap_studio.views.legend import Legend
from slap_studio.views.preview import Preview
from slap_studio.views.regime_card import RegimeCard
from slap_studio.views.stage.beside_switch import BesideSwitch
from slap_studio.views.stage.colours import ColourKey
from slap_studio.views.stage.fold import Fold, ViewFold
from slap_studio.views.stage.names import Names
from slap_studio.views.stage.pictures import PathPicture
from slap_studio.views.stage.planar import Stage
from slap_studio.views.stage.spatial import SpatialView
from slap_studio.views.stage.switches import LookSwitch, ViewSwitch
from slap_studio.views.sweep_view import SweepView
from slap_studio.views.theme import RADIUS, Theme

_EDGE = 13  # pixels from the stage's edges to what is laid over it


class StagePanel(QWidget):
    """Stage, overlays and the rounding of its corners; in the stage's place, on demand, another view.

    No layout arranges them: a word that changes on what is laid over the stage would have the sizes of the whole window
    settled anew, several times for each answer.
    """

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
        # A scene of its own costs time and memory, so that it is made when it is first looked at.
        self.spatial: SpatialView | None = None
        self.seen: Stage | SpatialView = self.stage
        self.bifurcation = BifurcationView(theme)
        self.sweep = SweepView(theme)
        for view in (self.stage, self.bifurcation, self.sweep):
            view.setParent(self)
            view.setHidden(view is not self.stage)
        self.view = "map"
        self.switch = ViewSwitch(self)
        self.switch.chosen.connect(self.view_chosen)
        self.look = LookSwitch(self)
        self.beside = BesideSwitch(self)
        self.beside.reveal_asked.connect(self.reveal_asked)
        self.beside.compare_asked.connect(self.compare_asked)
        self.views = ViewFold(self, (self.switch,), "View of the stage", "Which view the stage shows.")
        self.more = Fold(self, (self.beside, self.look), "Further choices", "What is drawn beside the path, and how.")
        for switch in (self.beside, self.look):
            switch.rearranged.connect(self.arrange)
        self._others: tuple[tuple[str, Array], ...] = ()
        self.regime = RegimeCard(self)
        self.legend = Legend(self, theme)
        self._note = self._note_hint = ""
        self._switches_end = QRect()
        self._arranged: tuple[object, ...] = ()
        self._covered: tuple[int, int] = 0, 0
        self._told: dict[QWidget, tuple[int, int]] = {}  # how much of it is covered, as each view knows
        self._changing, self._disarranged = False, False
        self._brief = False
        self.key = ColourKey(self, theme)
        self.map_note = label("", "small")
        self.map_note.setParent(self)
        self.hint = label("", "secondary")
        self.hint.setParent(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.names = Names(self)
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
        for switch in (self.beside, self.look, self.views, self.more):
            switch.set_theme(theme)
        self.legend.theme = theme
        self.key.set_theme(theme)
        shadow = theme.colour("panel", 0.82).name(theme.colour("panel").NameFormat.HexArgb)
        self.names.set_theme(theme)
        self.regime.set_theme(theme)
        self._preview.set_theme(theme)
        self.map_note.setStyleSheet(f"background: {shadow}; border-radius: 4px; padding: 1px 4px;")
        self.arrange()

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
        self.legend.show_scale(name != "globe")
        self._show_widget()
        for part in (self.legend, self.beside):
            part.setVisible(self.on_sphere and not self.hint.text())
        self.key.setVisible(self.on_sphere and self.key.shows)
        self.arrange()

    def show_space(self, in_space: bool) -> None:
        """Draw on the scene in space from now on, or on the flat map."""
        if in_space and self.spatial is None:
            self.spatial = SpatialView(self._theme)
            self._listen_to(self.spatial)
            self.spatial.setParent(self)
            self.spatial.setGeometry(self.rect())
            self.spatial.lower()
        seen = self.spatial if in_space and self.spatial is not None else self.stage
        if seen is not self.seen:
            # Places of the one mean nothing in the other.
            self._places, self._others = None, ()
            self.seen = seen
            self._show_widget()
            self._tell_covered()

    @property
    def _every_view(self) -> list[QWidget]:
        return [view for view in (self.stage, self.spatial, self.bifurcation, self.sweep) if view is not None]

    @property
    def _shown(self) -> Stage | SpatialView | BifurcationView | SweepView:
        if self.view == "bifurcation":
            return self.bifurcation
        return self.sweep if self.view == "sweep" else self.seen

    def _show_widget(self) -> None:
        for view in self._every_view:
            view.setVisible(view is self._shown)

    def _listen_to(self, view: Stage | SpatialView) -> None:
        view.picture.undrawable.connect(view.picture.setAccessibleDescription)
        view.picture.undrawable.connect(self._place_names)
        # In a turn of its own: vispy tells of it while it draws.
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
        self.names.show_query(query)
        self._place_names()

    def show_beside(self, truth: tuple[Array, Array] | None, others: tuple[tuple[str, Array], ...]) -> None:
        """Draw the truth's places and line, and other methods' lines; None and nothing take them away."""
        named, self._others = bool(others or self._others), others
        self.names.show_others([name for name, _ in others])
        self.seen.show_beside(truth, tuple(line for _, line in others))
        if self.legend.show_truth(truth is not None):
            self.arrange()
        elif named:
            self._place_names()

    def show_map_note(self, text: str, hint: str = "") -> None:
        """Say how the picture was made, and how far it may be believed."""
        if text == self._note:
            return
        self._note = text
        self._note_hint = hint
        before = self.map_note.geometry()
        self._arrange_card()
        if self.map_note.geometry() != before:
            # They keep clear of it.
            self._place_names()

    def show_key(self, colouring: Colouring, low: str, high: str) -> None:
        """Say what the colours of the path mean, if anything."""
        if self.key.says(colouring, low, high):
            return
        self.key.show_key(colouring, low, high)
        self.key.setVisible(self.on_sphere and self.key.shows)
        self.arrange()

    def show_hint(self, text: str) -> None:
        """What to do while there is nothing to see, in the middle of the stage."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.legend.setVisible(not text and self.on_sphere)
        self._arrange_card()

    def preview(self, picture: QPixmap | None, point: QPointF) -> None:
        """After a moment, show a frame beside the pointer; None takes it away."""
        self._preview.offer(picture, point)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Corners are cut from the stage, whose picture is a whole rectangle."""
        super().resizeEvent(event)
        for view in self._every_view:
            view.setGeometry(self.rect())
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))
        self.arrange()

    def draw(self) -> None:
        """Draw the scene that is seen now, if it has changed, so that to paint it takes no time."""
        self.seen.picture.draw()

    def arrange(self) -> None:
        """Give what is laid over the stage its places; what is hidden takes none."""
        if self._changing:
            self._disarranged = True
            return
        # Of a low stage the legend takes a quarter at most.
        rows = max(1, min(3, self.height() // (4 * self.legend.row)))
        self.legend.place(QRectF(self.rect()).adjusted(_EDGE, 0, -_EDGE, -_EDGE + 2), rows)
        self._switches_end = self._arrange_switches()
        # Over a plot with axes the card stands beside the switch, or says less.
        beside = self._switches_end.right() + 8 + self.regime.reserved <= self.width() - _EDGE
        self._brief = self._is_cramped() or not (self.on_sphere or beside)
        self.regime.show_essentials(self._brief)
        free, above = self.legend.free, self.legend.geometry().top() - 4 - self.key.height()
        beside = free.width() >= self.key.width() and self.legend.isVisible()
        self.key.move(
            round(free.right()) - self.key.width() if beside else self.width() - _EDGE - self.key.width(),
            round(free.top()) if beside else above,
        )
        self._arrange_card()
        self._keep_clear()
        self.hint.setGeometry(self.rect().adjusted(40, 40, -40, -40))
        self._place_names()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While inside, switches come and go and words change; everything is given its place at the end, once."""
        self._changing = True
        try:
            yield
        finally:
            self._changing = False
            if self._disarranged:
                self._disarranged = False
                self.arrange()

    def _keep_clear(self) -> None:
        """Find out how much of what is drawn is covered, from above and from below, and tell it."""
        over = [part for part in (self.regime, self.map_note) if not part.isHidden()]
        above = max(self._switches_end.bottom(), *(part.geometry().bottom() for part in over), 0) + 6
        top = self.legend.geometry().top()
        below = self.height() - (min(top, self.key.y()) if not self.key.isHidden() else top) + 4
        self._covered = above, below
        self._tell_covered()

    def _tell_covered(self) -> None:
        """Only what is seen: the others are told when they are."""
        if self._told.get(self._shown) != self._covered:
            self._told[self._shown] = self._covered
            self._shown.show_overlaid(*self._covered)

    def _is_cramped(self) -> bool:
        """Whether there is room for what matters most only."""
        return self.width() < self._theme.size(480) or self.height() < self._theme.size(240)

    def _is_low(self) -> bool:
        """Whether there is hardly room for the picture."""
        return self.height() < self._theme.size(150)

    def _arrange_card(self) -> None:
        """The regime at the right, below the switches where there is no room beside the last; the note left of it."""
        if self._changing:
            self._disarranged = True
            return
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
        taken = 0 if card.isHidden() else (card.width() if self._brief else card.reserved) + 8
        card.move(right - card.width(), ends.top() if ends.right() <= right - taken else ends.bottom() + 7)
        self.map_note.setVisible(self.on_sphere and not self.hint.text() and not self._is_low())
        self.map_note.setToolTip(f"{self._note}\n{self._note_hint}".strip())
        top, bottom = ends.bottom() + 7, 0 if card.isHidden() else card.geometry().bottom()
        wide = right - _EDGE - 18
        if self._is_cramped() or top > bottom:
            self._lay_note(top, self._worded_note(wide - taken if top <= bottom else wide))
            if top <= bottom:
                # One line, level with the card's.
                self.map_note.move(_EDGE, card.y() + (card.height() - self.map_note.height()) // 2)
        else:
            beside, below = self._worded_note(wide - taken), self._worded_note(wide)
            end = self._lay_note(top, beside)
            if beside != below and self._lay_note(bottom + 5, below) >= end:
                self._lay_note(top, beside)
        self._keep_clear()

    def _lay_note(self, top: int, text: str) -> int:
        """Put the note there, in these words; how far down it reaches."""
        self.map_note.setText(text)
        self.map_note.adjustSize()
        self.map_note.move(_EDGE, top)
        return self.map_note.geometry().bottom()

    def _worded_note(self, wide: int) -> str:
        """As much of the note as there is room for."""
        metrics, lines = self.map_note.fontMetrics(), self._note.split("\n")
        if self._is_cramped():
            return metrics.elidedText(lines[0], Qt.TextElideMode.ElideRight, wide)
        one = " · ".join(lines)
        return one if metrics.horizontalAdvance(one) <= wide else wrapped(self._note, metrics, wide)

    def _arrange_switches(self) -> QRect:
        """The switches beside one another, in rows, or folded, as there is room; the last row of them."""
        left, top = _EDGE, 11
        every = (self.switch, self.views, self.beside, self.look, self.more)
        for part in every:
            part.adjustSize()
        cramped = self._is_cramped()
        self.more.fold_away(cramped)
        self.views.show_chosen()
        wide = self.switch.width() + self.more.width() + 8
        # In a very low stage, or over a plot with axes, the card needs its place beside the switch.
        beside = self._is_low() or not self.on_sphere
        self.views.fold_away(cramped and (wide > self.width() - 2 * _EDGE or beside))
        # A lesson may hide them all.
        last = QRect(_EDGE, top, 0, 0)
        for part in every:
            if part.isHidden():
                continue
            if left > _EDGE and left + part.width() > self.width() - _EDGE:
                left, top = _EDGE, last.bottom() + 7
                last = QRect(_EDGE, top, 0, 0)
            part.move(left, top)
            last = last.united(part.geometry())
            left += part.width() + 8
        return last

    def _place_names(self) -> None:
        picture, seen = self._places, self.seen
        if picture is None or not self.on_sphere or not seen.picture.drawable:
            self.names.place({}, (), ())
            return
        marks = {"start": picture.path[0], "end": picture.path[-1], "query": picture.query}
        over = (self.switch, self.beside, self.look, self.views, self.more, self.regime, self.map_note, self.key)
        self.names.place(
            {name: seen.to_screen(place) for name, place in marks.items()},
            [seen.to_screen(line[len(line) // 2]) for _, line in self._others],
            [*(part.geometry() for part in over if part.isVisible()), self.legend.geometry()],
        )
