"""A pytest plugin under which importing Qt, pyqtgraph or vispy raises: the core must not need them."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FORBIDDEN = {"PySide6", "PySide2", "PyQt5", "PyQt6", "shiboken6", "qtpy", "pyqtgraph", "vispy", "superqt"}


class Refusal(MetaPathFinder):
    """Stands first among the finders and refuses the window's libraries."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.split(".")[0] in FORBIDDEN:
            raise ImportError(f"{name} is blocked: what lies below the window must run without it")
        return None


sys.meta_path.insert(0, Refusal())
