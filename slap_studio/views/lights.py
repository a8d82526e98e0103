"""The certificates as traffic lights: a filled disc holds, a triangle does not, a ring cannot be told."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from slap_studio.views.controls import label, spoken
from slap_studio.views.theme import Theme

_COLUMNS = 2
_HEIGHT = 16  # pixels of a light's row
_PALE = 0.4  # opacity of what is no longer so
_OF_THIS, _OF_ANOTHER = "Certificates of this path", "Certificates of the path before"


@dataclass(frozen=True)
class Light:
    """One certificate, ready to be read.

    Attributes
    ----------
    word
        What holds where it holds, in a word or two.
    holds
        None where it cannot be told.
    value, relation, bound
        The two numbers compared.
    sentence
        What follows from it.
    """

    word: str
    holds: bool | None
    value: float
    relation: str
    bound: float
    sentence: str

    @property
    def comparison(self) -> str:
        """The two numbers as they stand to each other, such as "0.04 < 2"."""
        told = {True: self.relation, False: {"<": "≥", "≤": ">", ">": "≤"}[self.relation], None: "?"}[self.holds]
        return f"{spoken(self.value, 2)} {told} {spoken(self.bound, 2)}"


class Lights(QWidget):
    """A small table of lights; the tooltip of each is its sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._title = label(_OF_THIS, "secondary")
        self._title.setToolTip(
            "Computed on the path that is drawn once it rests, never assumed. Rest the pointer on a light to read it."
        )
        layout.addWidget(self._title)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(0)
        layout.addLayout(self._grid)
        self._theme = theme
        self.lamps: list[Lamp] = []

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for lamp in self.lamps:
            lamp.set_theme(theme)

    def show_lights(self, lights: tuple[Light, ...]) -> None:
        """Show certificates, row by row; always as many as the first time, so that nothing moves."""
        while len(self.lamps) < len(lights):
            lamp, index = Lamp(self._theme), len(self.lamps)
            self._grid.addWidget(lamp, index // _COLUMNS, index % _COLUMNS)
            self._grid.setColumnStretch(index % _COLUMNS, 1)
            self.lamps.append(lamp)
        for lamp, light in zip(self.lamps, lights, strict=True):
            lamp.show_light(light)

    def show_outdated(self, outdated: bool) -> None:
        """Say whether they are still those of an earlier path: paler, and in the words above them."""
        self._title.setText(_OF_ANOTHER if outdated and self.lamps else _OF_THIS)
        for lamp in self.lamps:
            lamp.show_outdated(outdated)


class Lamp(QWidget):
    """One light with its word."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.light: Light | None = None
        self.outdated = False
        self.set_theme(theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Recolour, and take the room that the type needs."""
        self.theme = theme
        self.setFixedHeight(theme.size(_HEIGHT))
        self.updateGeometry()
        self.update()

    def show_light(self, light: Light) -> None:
        """Show a certificate."""
        self.light = light
        told = {True: "holds", False: "does not hold", None: "cannot be told"}[light.holds]
        self.setToolTip(f"<p>{light.sentence}</p><p>{light.comparison}</p>")
        self.setAccessibleName(f"{light.word}: {told}. {light.sentence}")
        self.update()

    def show_outdated(self, outdated: bool) -> None:
        """Be paler, or as bright as ever."""
        if outdated != self.outdated:
            self.outdated = outdated
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the mark and the word."""
        words = QFontMetrics(self.theme.font()).horizontalAdvance(self.light.word) if self.light else 60
        return QSize(words + self.theme.size(18), self.theme.size(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mark and word."""
        if self.light is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_PALE if self.outdated else 1.0)
        middle, scale = self.height() / 2, self.theme.scale
        at = QPointF(6 * scale, middle)
        if self.light.holds is None:
            painter.setPen(QPen(self.theme.colour("secondary"), 1.6 * scale))
            painter.drawEllipse(at, 4.2 * scale, 4.2 * scale)
        elif self.light.holds:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("query"))
            painter.drawEllipse(at, 5 * scale, 5 * scale)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("alarm"))
            corners = ((0, -5.5), (5.5, 4.5), (-5.5, 4.5))
            painter.drawPolygon(QPolygonF([at + QPointF(*corner) * scale for corner in corners]))
        painter.setFont(self.theme.font())
        painter.setPen(self.theme.colour("text"))
        box = QRectF(17 * scale, 0, self.width() - 17 * scale, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.light.word)
