"""What is waited for while a clip opens and while its map is fitted, and how either is given up."""

from collections.abc import Callable, Mapping

from slap_studio.app.jobs import Lane
from slap_studio.app.tasks import Tasks
from slap_studio.views.window import Window


class Waiting:
    """The two tasks that every clip begins with.

    Parameters
    ----------
    is_open
        Whether a clip is open to go back to.
    """

    def __init__(self, tasks: Tasks, window: Window, lanes: Mapping[str, Lane], is_open: Callable[[], bool]) -> None:
        self._window = window
        self._lanes = lanes
        self._is_open = is_open
        self.opening = tasks.task("Opening the video", self.cancel_opening)
        self.map = tasks.task("Fitting the map (UMAP)", self.cancel_map)

    def cancel_opening(self) -> None:
        """Leave open what was open, or go back to the welcome page."""
        self._lanes["clip"].drop()
        self.opening.end()
        if not self._is_open():
            self._window.show_welcome()

    def cancel_map(self) -> None:
        """Keep the PCA map."""
        self._lanes["map"].drop()
        self.map.end()
        if self._window.workspace is not None:
            self._window.workspace.stage.show_map_note("PCA: fitting the UMAP was cancelled (View → Fit the map)")

    def why_not_fit(self) -> str:
        """Why no map can be fitted now; empty if it can."""
        if not self._is_open():
            return "Open a video first: the map is made of its frames."
        return "The map is being fitted already." if self.map.running else ""
