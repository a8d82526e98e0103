"""The window: menus, the welcome page and the workspace, messages, the status line, and files dropped on it."""

from collections.abc import Callable, Sequence
from logging import INFO, WARNING
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from slap_studio.log import log
from slap_studio.views.action import Action
from slap_studio.views.jobs_list import Job, JobsList
from slap_studio.views.menus import Menus
from slap_studio.views.messages import Message
from slap_studio.views.painting import Painting
from slap_studio.views.palette import Palette
from slap_studio.views.shortcut_sheet import ShortcutSheet
from slap_studio.views.steady import Elided
from slap_studio.views.theme import Theme
from slap_studio.views.top_bar import TopBar
from slap_studio.views.welcome import Offer, Sample, WelcomePage

if TYPE_CHECKING:
    from slap_studio.views.offscreen import OffscreenScene
    from slap_studio.views.workspace import Workspace

SMALLEST = (1024, 680)
ROOMY = QSize(1440, 900)  # at the first start, where the screen is as large


class Window(QMainWindow):
    """Emits what was asked for by menu, key or drop; shows what it is told."""

    file_asked = Signal(object)
    workspace_built = Signal()
    themed = Signal(object)
    closing = Signal()
    painted = Signal()

    def __init__(self, theme: Theme, samples: Sequence[Sample], lessons: Sequence[Offer] = ()) -> None:
        super().__init__()
        self._theme = theme
        self.workspace: Workspace | None = None
        self.painting = Painting(self, self._scene)
        self.may_close: Callable[[], bool] = lambda: True
        self.show_name("")
        self._layout = b""  # until there is a workspace
        self.setMinimumSize(*SMALLEST)
        self.resize(ROOMY.boundedTo(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self.top = TopBar(theme)
        self.welcome = WelcomePage(samples, lessons)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        body = QWidget()
        body.setObjectName("page")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(self._pages, 1)
        layout.addLayout(self._row, 1)
        self._side: QWidget | None = None
        self.setCentralWidget(body)
        self.message = Message(self, theme)
        self.menus: Menus | None = None
        self._build_status()
        self.top.hide()

    # ---- what is shown --------------------------------------------------------------------

    def build_workspace(self) -> "Workspace":
        """Make the workspace, once; its libraries are loaded only now."""
        if self.workspace is None:
            from slap_studio.views.workspace import Workspace

            self.workspace = Workspace(self._theme)
            self._pages.addWidget(self.workspace)
            self.workspace.restore_layout(self._layout)
            self.workspace_built.emit()
        return self.workspace

    def show_workspace(self, path: Path) -> None:
        """Leave the welcome page for a clip."""
        if self.workspace is not None:
            self._pages.setCurrentWidget(self.workspace)
        if self._side is not None:
            self._side.show()
        self.top.show()
        self.top.show_file(path)
        self.show_name(path.name)

    def show_welcome(self) -> None:
        """Back to the samples."""
        self._pages.setCurrentWidget(self.welcome)
        if self._side is not None:
            self._side.hide()
        self.top.hide()
        self.show_name("")

    def show_name(self, name: str) -> None:
        """Name the work in the title; where it is modified the platform's mark takes the place of [*]."""
        self.setWindowTitle(f"{name}[*] – SLAP Studio" if name else "SLAP Studio[*]")

    def set_theme(self, theme: Theme) -> None:
        """Recolour everything."""
        self._theme = theme
        self.top.set_theme(theme)
        self.message.set_theme(theme)
        self.jobs.set_theme(theme)
        if self.workspace is not None:
            self.workspace.set_theme(theme)
        self.themed.emit(theme)

    @property
    def theme(self) -> Theme:
        """How the window is dressed."""
        return self._theme

    @property
    def side(self) -> QWidget | None:
        """The column left of the workspace, if there is one."""
        return self._side

    def show_side(self, side: QWidget | None) -> None:
        """Put a column left of the workspace, in the place of what the eye asks, or take it away."""
        layout = self.layout_state()
        before, self._side = self._side, side
        if before is not None and before is not side:
            before.hide()
            self._row.removeWidget(before)
        if side is not None:
            if before is None:
                self._layout = layout
                for name in ("video", "inspector"):
                    self._show_panel(name, shown=False)
            self._row.insertWidget(0, side)
            side.show()
        elif before is not None:
            self.restore_layout(self._layout)

    def _show_panel(self, name: str, *, shown: bool) -> None:
        if self.workspace is not None:
            self.workspace.show_panel(name, shown=shown)

    def layout_state(self) -> bytes:
        """Where the panels stand, to be given to `restore_layout` in another session; without a column beside them."""
        if self.workspace is None or self._side is not None:
            return self._layout
        return self.workspace.layout_state()

    def restore_layout(self, state: bytes) -> bool:
        """Put the panels where they stood, at once or when they are made; False if this is no layout that is known."""
        if self.workspace is not None:
            return self.workspace.restore_layout(state)
        self._layout = state
        return True

    def set_actions(self, actions: Sequence[Action]) -> None:
        """Make menus and shortcuts of everything that can be asked for."""
        self.menus = Menus(self.menuBar(), actions, lambda sentence: self.tell(sentence, problem=False))

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the files opened last, in the menu and on the welcome page."""
        if self.menus is not None:
            self.menus.show_recent(paths, self.file_asked.emit)
        self.welcome.show_recent(paths)

    def show_status(self, text: str) -> None:
        """Device, time and state of the last solve."""
        self._state.show_text(text)

    def show_jobs(self, jobs: tuple[Job, ...]) -> None:
        """List what is going on."""
        self.jobs.show_jobs(jobs)

    def tell(self, sentence: str, *, problem: bool) -> None:
        """Say one sentence, and write it down."""
        log.log(WARNING if problem else INFO, "said: %s", sentence)
        self.message.tell(sentence, problem=problem)

    def open_palette(self) -> None:
        """Everything that can be asked for, found by a few letters."""
        if self.menus is not None:
            Palette(self, self.menus.actions, self.menus.run, self._theme).open_over(self)

    def open_sheet(self) -> None:
        """Everything that can be asked for, with its keys."""
        if self.menus is not None:
            ShortcutSheet(self, self.menus.actions, self._theme).open_over(self)

    def _scene(self) -> "OffscreenScene | None":
        return self.workspace.stage.seen.picture if self.workspace is not None else None

    # ---- making ---------------------------------------------------------------------------

    def _build_status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(16, 0, 16, 3)
        self._state = Elided("small")
        self._state.show_hint("Where the last descent ran, how long it took, and why it stopped.")
        self.jobs = JobsList(self, self._theme)
        bar.addWidget(self._state, 1)
        bar.addPermanentWidget(self.jobs)

    # ---- hands ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if _dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it."""
        path = _dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_asked.emit(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys arrive here only if the control with the focus has no use for them."""
        if self.menus is not None:
            self.menus.press(_name_of(event), on_stage=self.workspace is not None and self.workspace.stage.has_focus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a message in its place."""
        super().resizeEvent(event)
        if self.message.isVisible():
            self.message.place()
        if self.jobs.sheet.isVisible():
            self.jobs.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when the window was painted: the first time is what a launch is measured by."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the controller tidy up, unless there is something to answer first."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)


def _dropped_file(data: QMimeData) -> Path | None:
    """The first local file or folder of what is dragged; a folder is refused later, in a sentence."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


def _name_of(event: QKeyEvent) -> str:
    """How a key is called in the list of actions: a sign by itself, whatever is held to type it."""
    text = event.text()
    plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    if plain and len(text) == 1 and text.isprintable() and not text.isalnum() and not text.isspace():
        return text
    return QKeySequence(event.keyCombination()).toString()
