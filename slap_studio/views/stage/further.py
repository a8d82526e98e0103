"""Further paths on the map: those of other gaps, fainter, and pinned ones, each pin with its own dashes and marker."""

from collections.abc import Callable, Sequence

import numpy as np
from vispy.scene.visuals import Markers

from slap_studio.views.lines import Line, Lines
from slap_studio.views.ribbon import smooth
from slap_studio.views.stage.pictures import FurtherPath
from slap_studio.views.theme import Theme

ORDER = 4.5  # above the frames and what the path is compared with, below the path itself
_WIDTH, _PINNED_WIDTH = 2.2, 1.8  # pixels
_OPACITY = 0.55


class FurtherPaths:
    """The marks of further paths in a scene.

    Parameters
    ----------
    parent
        The scene's node.
    line
        Makes a line of the map: its points, its width in pixels, its colour, its opacity and its dashes.
    """

    def __init__(self, parent: object, line: Callable[..., Line]) -> None:
        self._line = line
        self._theme: Theme | None = None
        self.paths: tuple[FurtherPath, ...] = ()
        self._lines, self._marks = Lines(parent=parent), Markers(parent=parent, antialias=1)
        for index, visual in enumerate((self._lines, self._marks)):
            visual.order = ORDER + 0.1 * index
            visual.visible = False
            visual.set_gl_state("translucent", depth_test=False, cull_face=False)

    def set_theme(self, theme: Theme) -> None:
        """Recolour, from the next drawing on."""
        self._theme = theme

    def show(self, paths: Sequence[FurtherPath]) -> None:
        """Show paths, or none, from the next drawing on."""
        self.paths = tuple(paths)

    def draw(self) -> None:
        """Lines keep their width in pixels, so they are made again when the camera zooms."""
        theme = self._theme
        self._lines.visible = self._marks.visible = bool(self.paths)
        if theme is None or not self.paths:
            return
        self._lines.set_lines([
            self._line(smooth(path.places), _WIDTH, theme.inferred, _OPACITY)
            if path.style is None
            else self._line(smooth(path.places), _PINNED_WIDTH, theme.inferred, 1.0, path.style.dash)
            for path in self.paths
        ])  # fmt: skip
        places, symbols, edges, sizes = [], [], [], []
        for path in self.paths:
            hidden = path.places[1:-1]
            # Every pinned latent would hide the path itself: a few of them tell which pin it is.
            taken = hidden if path.style is None else hidden[:: max(len(hidden) // 5, 1)]
            ends = path.places[[0, -1]] if path.style is None else hidden[:0]
            places += [taken, ends]
            symbols += [path.style.marker if path.style else "disc"] * (len(taken) + len(ends))
            sizes += [8.0 if path.style else 4.5] * len(taken) + [8.0] * len(ends)
            edges += [theme.inferred] * len(taken) + [theme.observed] * len(ends)
        every = np.concatenate(places).astype(np.float32)
        self._marks.visible = len(every) > 0
        if len(every):
            ground = theme.ground if theme.dark else theme.panel
            self._marks.set_data(
                every, size=np.array(sizes), symbol=symbols, face_color=ground, edge_width=1.3, edge_color=edges
            )
