"""What is chosen over the stage: which view it shows, and how that is drawn."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from slap_studio.session.look import SPHERES, Colouring, Look, View
from slap_studio.views.theme import Theme

_KEYS = "Tab to the picture: the arrow keys move or turn it, + and − zoom, Home shows all of it."


class ViewSwitch(QFrame):
    """Which of its views the stage shows."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        self._buttons: dict[str, QPushButton] = {}
        for name, text, hint in (
            ("map", "Map", "The clip's latents, the landscape and the path in the plane (Ctrl+1). " + _KEYS),
            ("globe", "Globe", "The clip's latents and the path on a sphere, which a drag turns (Ctrl+2). " + _KEYS),
            ("slice", "Slice", "The great 2-sphere through start, end and query, with V on it (Ctrl+3). " + _KEYS),
            ("bifurcation", "Bifurcation", "For every λ, where the last steps of a long descent end (Ctrl+4)."),
            ("sweep", "Sweep", "The regime map: the gap solved for many couplings λ and masses μ (Ctrl+5)."),
        ):
            button = QPushButton(text)
            button.setProperty("view", "true")
            button.setCheckable(True)
            button.setToolTip(hint)
            button.clicked.connect(lambda _checked, name=name: self.chosen.emit(name))
            layout.addWidget(button)
            self._buttons[name] = button
        self.show_chosen("map")

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"ViewSwitch {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )

    def show_chosen(self, name: str) -> None:
        """Mark the view that is shown."""
        for key, button in self._buttons.items():
            button.setChecked(key == name)


COLOURINGS = {
    Colouring.PLAIN: ("Path: plain", "One colour"),
    Colouring.TIME: ("Path: time", "By time"),
    Colouring.POTENTIAL: ("Path: V", "By potential energy V"),
}


class LookSwitch(QFrame):
    """How the view of the hypersphere is drawn."""

    relief_asked = Signal()
    thumbnails_asked = Signal()
    colouring_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        self.relief = self._button(
            "Relief", "Show the potential energy V as height: the path runs over hills and valleys (Ctrl+H)."
        )
        self.relief.clicked.connect(self.relief_asked)
        self.thumbnails = self._button(
            "Frames", "Show observed frames as pictures where they have room, the others as points (Ctrl+T)."
        )
        self.thumbnails.clicked.connect(self.thumbnails_asked)
        self.colouring = self._button("", "What the colour of the path's line tells: nothing, time t, or V.")
        self.colouring.setAccessibleName("Colour of the path")
        self.colouring.setObjectName("colouring")
        self.colouring.setCheckable(False)
        menu = QMenu(self.colouring)
        for colouring, (_, text) in COLOURINGS.items():
            action = menu.addAction(text)
            action.setData(colouring.value)
            action.setCheckable(True)
        menu.triggered.connect(lambda action: self.colouring_asked.emit(action.data()))
        self.colouring.setMenu(menu)
        for button in (self.relief, self.thumbnails, self.colouring):
            layout.addWidget(button)

    @staticmethod
    def _button(text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("view", "true")
        button.setCheckable(True)
        button.setToolTip(hint)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"LookSwitch {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
            "QPushButton#colouring { padding-right: 20px; }"
            "QPushButton#colouring::menu-indicator { subcontrol-position: right center; right: 6px; }"
        )

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
