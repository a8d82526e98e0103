"""A menu in the place of switches that have no room: each of their buttons is an entry of it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from slap_studio.views.stage.switches import Switch


class Fold(Switch):
    """One button with a menu; what is chosen there presses the switches' own buttons.

    Parameters
    ----------
    switches
        What it stands for where it is unfolded; of a single choice it bears the chosen one's name.
    name, hint
        For those who cannot see it, and its tooltip.
    """

    def __init__(self, parent: QWidget, switches: Sequence[Switch], name: str, hint: str) -> None:
        super().__init__(parent)
        self._switches = switches
        self.button = self.add("…", hint)
        self.button.setAccessibleName(name)
        self.button.setCheckable(False)
        self.button.setProperty("choice", "true")
        self.menu = QMenu(self.button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.setVisible(False)

    @property
    def needed(self) -> bool:
        """Whether there is anything to choose."""
        return any(switch.wanted for switch in self._switches)

    def fold_away(self, folded: bool) -> None:
        """Stand in for the switches, or let them be seen."""
        for switch in self._switches:
            switch.fold(folded)
        self.setVisible(folded and self.needed)

    def _fill(self) -> None:
        # Emptied, a menu keeps the menus within it.
        for entry in self.menu.actions():
            within = entry.menu()
            if isinstance(within, QMenu):
                within.deleteLater()
        self.menu.clear()
        for switch in self._switches:
            if switch.wanted:
                self.menu.addSeparator()
                for button in switch.offered:
                    self._add(button)

    def _add(self, button: QPushButton) -> None:
        text = button.text() or button.accessibleName()
        if not button.isCheckable():
            self.menu.addMenu(text).addActions(button.menu().actions())
            return
        entry = self.menu.addAction(text)
        entry.setCheckable(True)
        entry.setChecked(button.isChecked())
        entry.setEnabled(button.isEnabled())
        entry.setToolTip(button.toolTip())
        entry.triggered.connect(button.click)


class ViewFold(Fold):
    """Bears the name of the view that is shown."""

    def show_chosen(self) -> None:
        """Name the view."""
        chosen = [button.text() for switch in self._switches for button in switch.offered if button.isChecked()]
        self.button.setText(chosen[0] if chosen else "View")
