"""Colours, type and the style sheet: the tokens of design §7 and everything that follows from them."""

from dataclasses import dataclass
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from slap_studio.resources import assets

FAMILY = "Inter"
RADIUS = 10  # corners of panels
GAP = 12  # between panels


@dataclass(frozen=True)
class Theme:
    """Named colours as #rrggbb.

    Attributes
    ----------
    observed, inferred, query, potential, alarm
        Carry meaning; each goes with a second cue (form or line style) where it is drawn.
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

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return QColor(self.ground).lightnessF() < 0.5

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """A token as a colour, perhaps transparent."""
        colour = QColor(getattr(self, name))
        colour.setAlphaF(alpha)
        return colour


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
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def load_fonts() -> None:
    """Make the program's own type family known to Qt; where it is missing the system's is used."""
    for file in sorted((assets() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def font(points: float = 9.5, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The program's type with figures of equal width."""
    made = QFont(FAMILY)
    made.setPixelSize(round(points * 4 / 3))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def apply(application: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setFont(font())
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
    return template.substitute(vars(theme), radius=RADIUS, chevron=_icon(f"chevron-{theme.name}.svg"))
