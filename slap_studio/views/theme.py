"""Colours, type and the style sheet: the tokens of design §7 and everything that follows from them."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from string import Template

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette, QPen
from PySide6.QtWidgets import QApplication

from slap_studio.resources import assets

FAMILY = "Inter"
BODY = 13  # pixels of running text at 100 %
RADIUS = 10  # corners of panels
GAP = 12  # between panels
SEPARATOR = 4  # between two docks; what is left of the gap is theirs


@dataclass(frozen=True)
class Theme:
    """Named colours as #rrggbb.

    Attributes
    ----------
    observed, inferred, query, potential, alarm
        Carry meaning; each goes with a second cue (form or line style) where it is drawn.
    scale
        Of type, and of what holds type.
    line_scale
        Of drawn lines and marks.
    """

    name: str
    ground: str
    panel: str
    raised: str
    line: str
    text: str
    secondary: str
    observed: str
    inferred: str
    query: str
    potential: str
    alarm: str
    on_accent: str
    scale: float = 1.0
    line_scale: float = 1.0

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return QColor(self.ground).lightnessF() < 0.5

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """A token as a colour, perhaps transparent."""
        colour = QColor(getattr(self, name))
        colour.setAlphaF(alpha)
        return colour

    def size(self, pixels: float) -> int:
        """Pixels of type, or of what holds type, that are so many at 100 %."""
        return round(pixels * self.scale)

    def line_width(self, pixels: float) -> float:
        """Pixels of a drawn line or mark that are so many outside of the projector's theme."""
        return pixels * self.line_scale

    def font(self, pixels: float = 12) -> QFont:
        """The program's type in a size that is so many pixels at 100 %, with figures of equal width."""
        made = QFont(FAMILY)
        made.setPixelSize(self.size(pixels))
        made.setFeature(QFont.Tag("tnum"), 1)
        return made

    def pen(self, name: str, pixels: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen in a token's colour that keeps its width however its plot is stretched."""
        # Such a pen counts the screen's own pixels, of which there may be more.
        made = QPen(self.colour(name), self.line_width(pixels) * _dots_per_pixel(), style)
        made.setCosmetic(True)
        return made


DARK = Theme(
    name="dark",
    ground="#0e1116",
    panel="#151a21",
    raised="#1c232c",
    line="#29323d",
    text="#e8edf2",
    secondary="#93a1b0",
    observed="#56B4E9",
    inferred="#E69F00",
    query="#2bc48a",
    potential="#CC79A7",
    alarm="#D55E00",
    on_accent="#14100a",
)
LIGHT = Theme(
    name="light",
    ground="#eef1f4",
    panel="#ffffff",
    raised="#f4f6f8",
    line="#d5dce3",
    text="#17202a",
    secondary="#536170",
    observed="#0072B2",
    inferred="#B45F00",
    query="#00795a",
    potential="#A8457F",
    alarm="#C43E00",
    on_accent="#ffffff",
)


def _dots_per_pixel() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


# For the back row of a class: large type, thick lines, more contrast than a beamer takes away.
PROJECTOR = replace(
    LIGHT,
    name="projector",
    ground="#e4e9ee",
    raised="#eef2f5",
    line="#9aa7b4",
    text="#05090d",
    secondary="#36424e",
    observed="#005F99",
    inferred="#9A4B00",
    query="#00664c",
    potential="#8E2C66",
    alarm="#B02F00",
    scale=1.5,
    line_scale=1.8,
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, PROJECTOR)}
SYSTEM = "system"  # dark or light, as the platform is
CHOICES = (SYSTEM, *THEMES)
FONT_SIZES = (100, 125, 150)  # per cent


def chosen(name: str, percent: int = 100) -> Theme:
    """The theme behind a choice, with type of so many per cent; a platform without an opinion gets the dark one."""
    if name == SYSTEM:
        name = "light" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"
    theme = THEMES[name]
    return replace(theme, scale=theme.scale * percent / 100)


def load_fonts() -> None:
    """Make the program's own type family known to Qt; where it is missing the system's is used."""
    for file in sorted((assets() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def program_icon() -> QIcon:
    """The program's icon, each size as it was drawn; on macOS the application's own is left alone."""
    icon = QIcon()
    if sys.platform != "darwin":
        for size in (16, 24, 32, 48, 64, 128, 256):
            icon.addFile(_icon(f"slap-studio-{size}.png"), QSize(size, size))
    return icon


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    undress(application)
    dress(application, theme)


def undress(application: QApplication) -> None:
    """Take off what was put on, all but the palette.

    Where one sheet follows another Qt dresses each widget once for every widget around it; where none was, once.
    """
    application.setStyleSheet("")


def dress(application: QApplication, theme: Theme) -> None:
    """Put a theme on an application that wears none."""
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setFont(theme.font(BODY))
    application.setStyleSheet(_style_sheet(theme))


def _icon(name: str) -> str:
    """A file of the program's, as a style sheet names it."""
    return (assets() / "icons" / name).as_posix()


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.ground,
        QPalette.ColorRole.Base: theme.raised,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.Highlight: theme.inferred,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.PlaceholderText: theme.secondary,
        QPalette.ColorRole.Link: theme.observed,
    }
    for role in (
        QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.ToolTipText,
    ):  # fmt: skip
        roles[role] = theme.text
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.secondary))
    return palette


def _style_sheet(theme: Theme) -> str:
    """The program's style sheet with the theme's colours in it."""
    template = Template((assets() / "style.qss").read_text(encoding="utf-8"))
    return template.substitute(_Tokens(theme))


class _Tokens(Mapping[str, object]):
    """What the style sheet may name: a theme's fields, the radius, the chevron, and s12 for 12 pixels at 100 %."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._others = {
            "radius": RADIUS,
            "chevron": _icon(f"chevron-{'dark' if theme.dark else 'light'}.svg"),
            "separator": SEPARATOR,
        }
        half = theme.size(8)
        self._others |= {"handle": 2 * half, "half_handle": half, "sunk": half - 2, "inner_handle": 2 * half - 6}

    def __getitem__(self, name: str) -> object:
        if name[0] == "s" and name[1:].isdigit():
            return self._theme.size(int(name[1:]))
        return self._others.get(name) or getattr(self._theme, name)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._others, *(field.name for field in fields(self._theme))])

    def __len__(self) -> int:
        return len(list(iter(self)))
