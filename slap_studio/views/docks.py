"""Panels that move, float, close and come back around the stage; each is held by a thin grip above it."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from slap_studio.views.icons import dress
from slap_studio.views.theme import GAP, SEPARATOR, Theme

GRIP = 8  # pixels above a panel that is docked: with the separator they are the gap between two panels
SIDE = (GAP - SEPARATOR) // 2  # pixels left and right of a panel, for the same reason
_FLOATING = 26  # pixels at 100 %, where the grip is a title bar


class Panel(QDockWidget):
    """One panel with its grip.

    Parameters
    ----------
    name, title
        By which a layout remembers it, and what menus call it.
    """

    def __init__(self, name: str, title: str, content: QWidget, theme: Theme) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAccessibleName(title)
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(SIDE, 0, SIDE, 0)
        layout.addWidget(content)
        self.setWidget(holder)
        self.grip = Grip(self, theme)
        self.setTitleBarWidget(self.grip)
        self.topLevelChanged.connect(self.grip.show_floating)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A panel that floats is a window of its own: the studio's keys work from there too."""
        home = self.parentWidget()
        if self.isFloating() and home is not None:
            QCoreApplication.sendEvent(home.window(), event)
        else:
            super().keyPressEvent(event)


class Grip(QWidget):
    """A short line to take the panel by, and a cross to close it, which shows while the pointer is over it."""

    def __init__(self, panel: Panel, theme: Theme) -> None:
        super().__init__(panel)
        self._panel = panel
        self._theme = theme
        self._over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            f"Drag to move the panel “{panel.windowTitle()}”, double-click to let it float; "
            "View → Panels closes it and brings it back."
        )
        self._close = QToolButton(self)
        self._close.setProperty("grip", "true")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard it is closed in the menu
        self._close.setAccessibleName(f"Close the panel {panel.windowTitle()}")
        self._close.setToolTip("Close; View → Panels brings it back.")
        self._close.clicked.connect(panel.close)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.show_floating(self._panel.isFloating())

    def show_floating(self, floating: bool) -> None:
        """A title bar where the panel is a window, a thin strip where it is docked."""
        self._floating = floating
        self.setFixedHeight(self._theme.size(_FLOATING) if floating else GRIP)
        dress(self._close, "close", self._theme, size=14 if floating else 8)
        self._close.setVisible(floating or self._over)
        self.update()

    def sizeHint(self) -> QSize:
        """No width is needed."""
        return QSize(60, self.height())

    def minimumSizeHint(self) -> QSize:
        """No width is needed."""
        return QSize(40, self.height())

    def resizeEvent(self, event: QEvent) -> None:
        """The cross at the right."""
        side = self.height()
        self._close.setGeometry(self.width() - side - SIDE - 4, 0, side, side)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what can be done here."""
        self._over = True
        self.show_floating(self._floating)

    def leaveEvent(self, event: QEvent) -> None:
        """Be calm again."""
        self._over = False
        self.show_floating(self._floating)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, or the panel's name where it floats."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._floating:
            painter.fillRect(self.rect(), self._theme.colour("raised"))
            painter.setFont(self._theme.font())
            painter.setPen(self._theme.colour("secondary"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._panel.windowTitle())
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("secondary" if self._over else "line"))
        long = 44 if self._over else 28
        painter.drawRoundedRect(QRectF((self.width() - long) / 2, self.height() / 2 - 0.5, long, 3), 1.5, 1.5)


class DockArea(QMainWindow):
    """Where the panels are docked; says when a hand has moved a border between them."""

    border_moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        # Without animation: while panels glide the stage would be drawn in every size on the way.
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self._holding = False
        self._dressed = self._wears_a_dress
        # Not event() itself: PySide dies of what Python 3.11 raises in another override that is called from there.
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See a change of dress and a press before Qt does, whose the borders are."""
        if event.type() == QEvent.Type.StyleChange:
            # Borders are as wide in every dress, but wider in none: between two dresses Qt would lay out the panels
            # twice, and not always come back to the pixel.
            first = not self._dressed and self._wears_a_dress
            self._dressed |= first
            return not first
        if event.type() == QEvent.Type.MouseButtonPress:
            # Where a border is, Qt takes it for itself.
            self._holding = True
        elif event.type() == QEvent.Type.MouseButtonRelease and self._holding:
            self._holding = False
            self.border_moved.emit()
        return False

    @property
    def _wears_a_dress(self) -> bool:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, None, self) == SEPARATOR

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """There is no border here."""
        self._holding = False
        super().mousePressEvent(event)


def scrolled(layout: QVBoxLayout, least: int) -> "tuple[QVBoxLayout, Scrolled]":
    """A layout within a panel's that scrolls below what stands there already; beside it its bar has 8 pixels."""
    inner = QWidget()
    made = QVBoxLayout(inner)
    made.setContentsMargins(0, 0, 8, 0)
    made.setSpacing(layout.spacing())
    area = Scrolled(inner, least)
    layout.addWidget(area, 1)
    return made, area


class Scrolled(QScrollArea):
    """A panel that scrolls upwards and downwards where there is little room, and is never cut off at its side."""

    high = Signal(int)

    def __init__(self, content: QWidget, least: int) -> None:
        super().__init__()
        self._content = content
        self._least = least
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the content needs another width this does too, which Qt's own does not say."""
        known = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return known

    def minimumSizeHint(self) -> QSize:
        """As wide as the content and its scroll bar need, and some pixels high."""
        return QSize(self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), self._least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say how much of the content can be seen at once."""
        super().resizeEvent(event)
        self.high.emit(self.viewport().height())

    def sizeHint(self) -> QSize:
        """All of the content."""
        return self._content.sizeHint()
