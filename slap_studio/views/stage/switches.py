"""What is chosen over the stage: which view it shows, and how that is drawn."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from slap_studio.session.look import SPHERES, Colouring, Look, View
from slap_studio.views.theme import Theme

_KEYS = "Tab to the picture: the arrow keys move or turn it, + and − zoom, Home shows all of it."


class Switch(QFrame):
    """Buttons beside one another on one ground; folded it is not seen, and its buttons are entries of a menu.

    Attributes
    ----------
    wanted
        Whether it is to be seen where there is room.
    """

    rearranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.wanted = True
        self._folded = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 3, 3, 3)
        self._row.setSpacing(2)

    def add(self, text: str, hint: str) -> QPushButton:
        """A further button at the right."""
        button = QPushButton(text)
        button.setProperty("view", "true")
        button.setCheckable(True)
        button.setToolTip(hint)
        self._row.addWidget(button)
        return button

    @property
    def offered(self) -> list[QPushButton]:
        """The buttons that the present view has."""
        return [button for button in self.findChildren(QPushButton) if not button.isHidden()]

    def setVisible(self, visible: bool) -> None:  # noqa: N802 (Qt's name)
        """Be seen or not; folded it only notes what is wanted."""
        changed, self.wanted = visible != self.wanted, visible
        super().setVisible(visible and not self._folded)
        if changed:
            self.rearranged.emit()

    def fold(self, folded: bool) -> None:
        """Make way, or come back where it is wanted."""
        self._folded = folded
        super().setVisible(self.wanted and not folded)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"Switch {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
            'QPushButton[choice="true"] { padding-right: 20px; }'
            'QPushButton[choice="true"]::menu-indicator { subcontrol-position: right center; right: 6px; }'
        )


class ViewSwitch(Switch):
    """Which of its views the stage shows."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        for name, text, hint in (
            ("map", "Map", "The clip's latents, the landscape and the path in the plane (Ctrl+1). " + _KEYS),
            ("globe", "Globe", "The clip's latents and the path on a sphere, which a drag turns (Ctrl+2). " + _KEYS),
            ("slice", "Slice", "The great 2-sphere through start, end and query, with V on it (Ctrl+3). " + _KEYS),
            ("bifurcation", "Bifurcation", "For every λ, where the last steps of a long descent end (Ctrl+4)."),
            ("sweep", "Sweep", "The regime map: the gap solved for many couplings λ and masses μ (Ctrl+5)."),
        ):
            button = self.add(text, hint)
            button.clicked.connect(lambda _checked, name=name: self.chosen.emit(name))
            self._buttons[name] = button
        self.show_chosen("map")

    def show_chosen(self, name: str) -> None:
        """Mark the view that is shown."""
        for key, button in self._buttons.items():
            button.setChecked(key == name)


COLOURINGS = {
    Colouring.PLAIN: ("Path: plain", "One colour"),
    Colouring.TIME: ("Path: time", "By time"),
    Colouring.POTENTIAL: ("Path: V", "By potential energy V"),
}


class LookSwitch(Switch):
    """How the view of the hypersphere is drawn."""

    relief_asked = Signal()
    thumbnails_asked = Signal()
    colouring_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.relief = self.add(
            "Relief", "Show the potential energy V as height: the path runs over hills and valleys (Ctrl+H)."
        )
        self.relief.clicked.connect(self.relief_asked)
        self.thumbnails = self.add(
            "Frames", "Show observed frames as pictures where they have room, the others as points (Ctrl+T)."
        )
        self.thumbnails.clicked.connect(self.thumbnails_asked)
        self.colouring = self.add("", "What the colour of the path's line tells: nothing, time t, or V.")
        self.colouring.setAccessibleName("Colour of the path")
        self.colouring.setProperty("choice", "true")
        self.colouring.setCheckable(False)
        menu = QMenu(self.colouring)
        for colouring, (_, text) in COLOURINGS.items():
            action = menu.addAction(text)
            action.setData(colouring.value)
            action.setCheckable(True)
        menu.triggered.connect(lambda action: self.colouring_asked.emit(action.data()))
        self.colouring.setMenu(menu)
        self.show_look(Look())

    def show_look(self, look: Look) -> None:
        """Mark what is chosen, and offer what the view has."""
        self.relief.setChecked(look.relief)
        self.thumbnails.setChecked(look.thumbnails)
        self.colouring.setText(COLOURINGS[look.colouring][0])
        for action in self.colouring.menu().actions():
            action.setChecked(action.data() == look.colouring.value)
        self.relief.setVisible(look.view in (View.MAP, View.SLICE))
        self.thumbnails.setVisible(look.placing == (View.MAP, False) and look.view is View.MAP)
        self.setVisible(look.view in SPHERES)
        self.adjustSize()
