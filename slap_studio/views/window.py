"""The window: menus, the welcome page and the workspace, messages, the status line, and files dropped on it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from slap_studio.views.messages import Message
from slap_studio.views.theme import THEMES, Theme
from slap_studio.views.top_bar import TopBar
from slap_studio.views.welcome import Sample, WelcomePage

if TYPE_CHECKING:
    from slap_studio.views.workspace import Workspace

SMALLEST = (1024, 680)


class Window(QMainWindow):
    """Emits what was asked for by menu, key or drop; shows what it is told."""

    file_asked = Signal(object)
    open_asked = Signal()
    candidates_asked = Signal()
    home_asked = Signal()
    theme_asked = Signal(str)
    encoder_asked = Signal(str)
    other_encoder_asked = Signal()
    key_pressed = Signal(str)
    workspace_built = Signal()
    closing = Signal()
    painted = Signal()

    def __init__(self, theme: Theme, samples: Sequence[Sample]) -> None:
        super().__init__()
        self._theme = theme
        self.workspace: Workspace | None = None
        self.setWindowTitle("SLAP Studio")
        self.setMinimumSize(*SMALLEST)
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        self.top = TopBar(theme)
        self.welcome = WelcomePage(samples)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        body = QWidget()
        body.setObjectName("page")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(body)
        self.message = Message(self, theme)
        self._build_menus(samples)
        self._build_status()
        self.top.hide()

    # ---- what is shown --------------------------------------------------------------------

    def build_workspace(self) -> "Workspace":
        """Make the workspace, once; its libraries are loaded only now."""
        if self.workspace is None:
            from slap_studio.views.workspace import Workspace

            self.workspace = Workspace(self._theme)
            self._pages.addWidget(self.workspace)
            self.workspace_built.emit()
        return self.workspace

    def show_workspace(self, path: Path) -> None:
        """Leave the welcome page for a clip."""
        if self.workspace is not None:
            self._pages.setCurrentWidget(self.workspace)
        self.top.show()
        self.top.show_file(path)
        self.setWindowTitle(f"{path.name} – SLAP Studio")

    def show_welcome(self) -> None:
        """Back to the samples."""
        self._pages.setCurrentWidget(self.welcome)
        self.top.hide()
        self.setWindowTitle("SLAP Studio")

    def set_theme(self, theme: Theme) -> None:
        """Recolour everything."""
        self._theme = theme
        self.top.set_theme(theme)
        self.message.set_theme(theme)
        if self.workspace is not None:
            self.workspace.set_theme(theme)
        for action in self._theme_actions.actions():
            action.setChecked(action.data() == theme.name)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the files opened last, in the menu and on the welcome page."""
        self._recent.clear()
        for path in paths:
            action = self._recent.addAction(path.name, partial(self.file_asked.emit, path))
            action.setToolTip(str(path))
        self._recent.setEnabled(bool(paths))
        self.welcome.show_recent(paths)

    def show_status(self, text: str) -> None:
        """Device, time and state of the last solve."""
        self._state.setText(text)

    def show_work(self, text: str, share: float | None) -> None:
        """Name what is going on, with its share done; an empty text says nothing is."""
        self._work.setText(text)
        self._progress.setVisible(bool(text) and share is not None)
        if share is not None:
            self._progress.setValue(round(100 * share))

    def tell(self, sentence: str, *, problem: bool) -> None:
        """Say one sentence."""
        self.message.tell(sentence, problem=problem)

    # ---- making ---------------------------------------------------------------------------

    def _build_menus(self, samples: Sequence[Sample]) -> None:
        bar = self.menuBar()
        file = bar.addMenu("&File")
        self._action(file, "&Open video…", self.open_asked.emit, QKeySequence.StandardKey.Open)
        self._recent = file.addMenu("Open &recent")
        self._recent.setToolTipsVisible(True)
        shipped = file.addMenu("&Samples")
        for sample in samples:
            shipped.addAction(sample.title, partial(self.file_asked.emit, sample.path))
        self._action(file, "&Welcome page", self.home_asked.emit, QKeySequence("Ctrl+Shift+W"))
        file.addSeparator()
        self._action(file, "&Quit", self.close, QKeySequence("Ctrl+Q"))
        encoder = bar.addMenu("&Encoder")
        encoder.addAction("&Built-in (tunnel world)", lambda: self.encoder_asked.emit("built-in"))
        encoder.addAction("&Other open_clip model…", self.other_encoder_asked.emit)
        view = bar.addMenu("&View")
        self._theme_actions = QActionGroup(self)
        for name in THEMES:
            action = QAction(name.capitalize(), self, checkable=True)
            action.setData(name)
            action.triggered.connect(lambda _checked, name=name: self.theme_asked.emit(name))
            self._theme_actions.addAction(action)
            view.addAction(action)
        view.addSeparator()
        self._action(view, "&Whole map", self._fit_map, QKeySequence("Ctrl+0"))
        self._action(view, "Readout &candidates…", self.candidates_asked.emit, QKeySequence("Ctrl+Shift+C"))
        self._action(view, "Edit the &query", self.top.query.setFocus, QKeySequence("Ctrl+L"))

    def _action(
        self, menu: QMenu, text: str, run: Callable[[], object], keys: QKeySequence | QKeySequence.StandardKey
    ) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.triggered.connect(lambda _checked=False: run())
        menu.addAction(action)
        return action

    def _fit_map(self) -> None:
        if self.workspace is not None:
            self.workspace.stage.stage.fit()

    def _build_status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(16, 0, 16, 3)
        self._state, self._work = QLabel(), QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(150)
        self._progress.setTextVisible(False)
        self._progress.hide()
        bar.addWidget(self._state, 1)
        bar.addPermanentWidget(self._work)
        bar.addPermanentWidget(self._progress)

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
        name = QKeySequence(event.keyCombination()).toString()
        if name:
            self.key_pressed.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a message in its place."""
        super().resizeEvent(event)
        if self.message.isVisible():
            self.message.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when the window was painted: the first time is what a launch is measured by."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the controller tidy up."""
        self.closing.emit()
        super().closeEvent(event)


def _dropped_file(data: QMimeData) -> Path | None:
    """The first local file or folder of what is dragged; a folder is refused later, in a sentence."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None
