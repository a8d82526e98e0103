"""The window's dress: theme and size of type as chosen, remembered, and followed where the platform decides."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from slap_studio.app.dressing import Dressing
from slap_studio.app.gestures import Gestures
from slap_studio.app.settings import Settings
from slap_studio.views import theme as themes
from slap_studio.views.action import Action
from slap_studio.views.panels import PANELS
from slap_studio.views.window import Window


class Looks(QObject):
    """Dresses the window when a hand or the platform asks for it.

    Attributes
    ----------
    theme, font_size
        What was chosen: a theme's name or that it is the system's, and per cent of the type's usual size.
    worn
        A theme that is worn for a while instead, such as a lesson's.
    """

    def __init__(self, window: Window, settings: Settings, gestures: Gestures) -> None:
        super().__init__()
        self._window = window
        self._settings = settings
        self._gestures = gestures
        self.theme = settings.theme
        self.font_size = settings.font_size
        self.worn: str | None = None
        self._dressing = Dressing(window, gestures.looking_away)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._platform_changed)

    @property
    def dressed(self) -> bool:
        """Whether the window looks as was chosen last."""
        return not self._dressing.under_way

    def begin(self, theme: str) -> None:
        """The window was made in this theme, perhaps for one picture: nothing is remembered."""
        self.theme = theme

    def remember_place(self) -> None:
        """Put window and panels where they stood, and note where they stand when the window closes."""
        if self._settings.geometry is not None:
            self._window.restoreGeometry(self._settings.geometry)
        self._window.restore_layout(self._settings.layout)
        self._window.closing.connect(self._keep_place)

    def toggle_panel(self, name: str) -> None:
        """Close a panel or bring it back."""
        if self._window.workspace is not None:
            with self._gestures.looking_away():
                self._window.workspace.toggle_panel(name)

    def is_panel_shown(self, name: str) -> bool:
        """Whether a panel is open."""
        return self._window.workspace is None or self._window.workspace.panel_shown(name)

    def reset_layout(self) -> None:
        """Every panel as at the first start."""
        if self._window.workspace is not None:
            with self._gestures.looking_away():
                self._window.workspace.reset_layout()

    def show_side(self, side: QWidget | None) -> None:
        """Put a column left of the panels, or take it away."""
        with self._gestures.looking_away():
            self._window.show_side(side)

    def needs_panels(self) -> str:
        """Why panels cannot be moved yet; empty if they can."""
        return "" if self._window.workspace is not None else "Open a video first: the panels come with it."

    def choose_theme(self, name: str) -> None:
        """Dress the window otherwise, and remember it."""
        self._settings.theme = self.theme = name
        self.worn = None
        self._dress()

    def wear(self, name: str | None) -> None:
        """Dress in another theme without remembering it; None goes back to what was chosen."""
        if name != self.worn:
            self.worn = name
            self._dress()

    def choose_font_size(self, percent: int) -> None:
        """Set all type larger or smaller, and remember it."""
        self._settings.font_size = self.font_size = percent
        self._dress()

    def _platform_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self.theme == themes.SYSTEM:
            self._dress()

    def _keep_place(self) -> None:
        self._settings.geometry = self._window.saveGeometry()
        self._settings.layout = self._window.layout_state()

    def _dress(self) -> None:
        self._dressing.wear(themes.chosen(self.worn or self.theme, self.font_size))


def look_actions(looks: Looks) -> tuple[Action, ...]:
    """Themes, sizes of type and panels, for the View menu."""
    hints = {
        themes.SYSTEM: "Dark or light, as the platform is.",
        "dark": "Light text on a dark ground.",
        "light": "Dark text on a light ground.",
        "projector": "Large type, thick lines and high contrast, for a class to read from the back row.",
    }
    return (
        *(
            Action(f"view.theme.{name}", "View/Theme", name.capitalize(), partial(looks.choose_theme, name),
                   checked=partial(_same, looks, "theme", name), hint=hints[name])
            for name in themes.CHOICES
        ),
        *(
            Action(f"view.font.{percent}", "View/Font size", f"{percent} %", partial(looks.choose_font_size, percent),
                   checked=partial(_same, looks, "font_size", percent), hint=f"Set all type at {percent} %.")
            for percent in themes.FONT_SIZES
        ),
        *(
            Action(f"view.panel.{name}", "View/Panels", title, partial(looks.toggle_panel, name),
                   checked=partial(looks.is_panel_shown, name), unavailable=looks.needs_panels,
                   hint=f"Close the panel “{title}”, or bring it back.")
            for name, title in PANELS.items()
        ),
        Action("view.layout.reset", "View", "Reset layout", looks.reset_layout, unavailable=looks.needs_panels,
               hint="Put every panel back where it was at the first start."),
    )  # fmt: skip


def _same(looks: Looks, name: str, value: object) -> bool:
    return bool(getattr(looks, name) == value)
