"""Marks of several kinds that are drawn in one go: each go costs the window's thread half a millisecond."""

from typing import Any

import numpy as np

from slap_studio.core.types import Array
from slap_studio.views.rgb import rgba
from slap_studio.views.stage.pictures import PathPicture
from slap_studio.views.theme import Theme


class Marks:
    """Gathers marks, the later ones above the earlier.

    Parameters
    ----------
    scale
        Pixels of the screen for one of theirs.
    """

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._parts: list[tuple[Array, Array, str, str | None, str, float]] = []

    def add(self, places: Array, size: float | Array, symbol: str, face: str | None, edge: str, width: float) -> None:
        """Marks of one kind at places [P, 2] or [P, 3]; without a face one sees through them."""
        if len(places):
            self._parts.append((places, np.broadcast_to(size, len(places)), symbol, face, edge, width))

    def add_path(self, path: PathPicture | None, ringed: Array | None, theme: Theme) -> None:
        """Those of a path: its hidden latents, its ends, its query; and a ring around the place of the cursor."""
        ground = theme.ground if theme.dark else theme.panel
        if path is not None:
            inner, alarming, sizes = path.path[1:-1], path.alarming, path.sizes
            self.add(inner[~alarming], sizes[~alarming], "disc", ground, theme.inferred, 1.6)
            self.add(inner[alarming], sizes[alarming], "triangle_up", ground, theme.alarm, 1.6)
            self.add(path.path[[0, -1]], 13.0, "disc", theme.observed, theme.text, 2.0)
            self.add(path.query[None], 19.0, "star", theme.query, ground, 1.0)
        if ringed is not None:
            self.add(ringed[None], 17.0, "disc", None, theme.text, 2.0)

    def into(self, markers: Any, opacity: float = 1.0) -> None:
        """Draw them by a visual of vispy's."""
        markers.visible = bool(self._parts)
        if not self._parts:
            return
        places, sizes, symbols, faces, edges, widths = zip(*self._parts, strict=True)
        counts = [len(part) for part in places]
        coloured = [(0.0, 0.0, 0.0, 0.0) if face is None else rgba(face, opacity) for face in faces]
        markers.set_data(
            np.concatenate(places).astype(np.float32),
            size=self._scale * np.concatenate(sizes),
            symbol=np.repeat(symbols, counts),
            face_color=np.repeat(coloured, counts, axis=0),
            edge_color=np.repeat([rgba(edge, opacity) for edge in edges], counts, axis=0),
            edge_width=self._scale * np.repeat(widths, counts),
        )
