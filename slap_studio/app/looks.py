"""The window's dress: theme and size of type as chosen, remembered, and followed where the platform decides."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from slap_studio.app.settings import Settings
from slap_studio.views import theme as themes
from slap_studio.views.action import Action
from slap_studio.views.window import Window


class Looks(QObject):
    """Dresses the window when a hand or the platform asks for it.

    Attributes
    ----------
    theme, font_size
        What was chosen: a theme's name or that it is the system's, and per cent of the type's usual size.
    """

    def __init__(self, window: Window, settings: Settings) -> None:
        super().__init__()
        self._window = window
        self._settings = settings
        self.theme = settings.theme
        self.font_size = settings.font_size
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._platform_changed)

    def begin(self, theme: str) -> None:
        """The window was made in this theme, perhaps for one picture: nothing is remembered."""
        self.theme = theme

    def choose_theme(self, name: str) -> None:
        """Dress the window otherwise, and remember it."""
        self._settings.theme = self.theme = name
        self._dress()

    def choose_font_size(self, percent: int) -> None:
        """Set all type larger or smaller, and remember it."""
        self._settings.font_size = self.font_size = percent
        self._dress()

    def _platform_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self.theme == themes.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        theme = themes.chosen(self.theme, self.font_size)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        themes.apply(application, theme)
        self._window.set_theme(theme)


def look_actions(looks: Looks) -> tuple[Action, ...]:
    """Themes and sizes of type, for the View menu."""
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
    )  # fmt: skip


def _same(looks: Looks, name: str, value: object) -> bool:
    return bool(getattr(looks, name) == value)
