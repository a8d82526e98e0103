"""The menu bar and the shortcuts, made from the list of actions."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from slap_studio.views.action import Action, is_plain

RECENT = "File/Open recent"
_MNEMONICS = {"Experiments": "E&xperiments"}  # where the first letter is another menu's


class Menus(QObject):
    """Fills a menu bar with actions, and runs the one that a key asks for.

    Parameters
    ----------
    tell
        Says why an action that was asked for cannot be done.
    """

    def __init__(self, bar: QMenuBar, actions: Sequence[Action], tell: Callable[[str], None]) -> None:
        super().__init__(bar)
        self.actions = tuple(actions)
        self._bar = bar
        self._tell = tell
        self._menus: dict[str, QMenu] = {}
        self._listed: list[QAction] = []
        self._plain = {key: action for action in actions for key in action.all_keys if is_plain(key)}
        self._on_stage = {key: action for action in actions for key in action.on_stage}
        for action in actions:
            self._add(action)

    def menu(self, path: str) -> QMenu:
        """The menu at a path such as "File/Export", made if it is missing."""
        if path not in self._menus:
            above, _, title = path.rpartition("/")
            parent = self.menu(above) if above else self._bar
            made = parent.addMenu(title if above else _MNEMONICS.get(title, f"&{title}"))
            made.setToolTipsVisible(True)
            made.aboutToShow.connect(partial(self._refresh, path))
            made.aboutToHide.connect(partial(self._free, path))
            self._menus[path] = made
        return self._menus[path]

    def show_recent(self, paths: Sequence[Path], opened: Callable[[Path], object]) -> None:
        """List the files opened last, above what stands in their menu anyway."""
        menu = self.menu(RECENT)
        for old in self._listed:
            menu.removeAction(old)
            old.deleteLater()
        first = menu.actions()[0]
        self._listed = []
        for path in paths:
            shown = QAction(path.name, menu)
            shown.setToolTip(str(path))
            shown.triggered.connect(partial(opened, path))
            menu.insertAction(first, shown)
            self._listed.append(shown)

    def press(self, key: str, *, on_stage: bool = False) -> None:
        """Run what a plain key stands for, if anything; on the stage some stand for something else."""
        keys = self._plain | self._on_stage if on_stage else self._plain
        if key in keys:
            self.run(keys[key])

    def run(self, action: Action) -> None:
        """Do it, or say why that is not possible now."""
        why_not = action.unavailable()
        if why_not:
            self._tell(why_not)
        else:
            action.run()

    def _add(self, action: Action) -> None:
        menu = self.menu(action.menu)
        if action.line_above:
            menu.addSeparator()
        shown = QAction(action.text, menu)
        shown.setData(action)
        shown.setToolTip(action.hint)
        shown.setStatusTip(action.hint)
        shown.setCheckable(action.checked is not None)
        shown.triggered.connect(lambda _checked=False: self.run(action))
        sequences = [QKeySequence(key) for key in action.all_keys if not is_plain(key)]
        shown.setShortcuts(sequences)
        if action.keys and is_plain(action.keys):
            # Behind a tabulator stands what is shown as the shortcut, without Qt taking the key from the controls.
            shown.setText(f"{action.text}\t{action.keys}")
        menu.addAction(shown)
        window = self._bar.parentWidget()
        if sequences and isinstance(window, QWidget):
            # Heard also where the menu bar is not shown.
            window.addAction(shown)

    def _refresh(self, path: str) -> None:
        """Before a menu opens: what is on, and what can be done."""
        for shown in self._menus[path].actions():
            action = shown.data()
            if isinstance(action, Action):
                if action.checked is not None:
                    shown.setChecked(action.checked())
                if action.text_now is not None:
                    shown.setText(action.text_now())
                why_not = action.unavailable()
                shown.setEnabled(not why_not)
                shown.setToolTip(why_not or action.hint)

    def _free(self, path: str) -> None:
        """Once it is closed every shortcut is heard again: what cannot be done is said when it is asked for."""
        for shown in self._menus[path].actions():
            if isinstance(shown.data(), Action):
                shown.setEnabled(True)
