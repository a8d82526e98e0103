"""What a pointer on the stage means: which frame or latent lies within 14 pixels of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal

from slap_studio.core.types import Array

if TYPE_CHECKING:
    from slap_studio.views.stage.pictures import MapPicture, PathPicture

PICK = 14  # pixels
STILL = 4  # pixels that a hand may move in a click


class Picking(QObject):
    """Hears a scene's pointer; emits which frame (an index of the clip) or latent (an index on the path) it means.

    Latents of other gaps' paths are counted on from the path's own.

    Parameters
    ----------
    canvas
        vispy's, whose mouse it hears.
    to_pixels
        Pixels [P, 2] of places [P, 2 or 3]; infinity where a place is turned away from the eye.
    """

    frame_clicked = Signal(int)
    latent_clicked = Signal(int)
    hovered = Signal(object)

    def __init__(self, canvas: Any, to_pixels: Callable[[Array], Array]) -> None:
        super().__init__()
        self._to_pixels = to_pixels
        self._pressed: QPointF | None = None
        self.frames: MapPicture | None = None
        self.path: PathPicture | None = None
        self.elsewhere: tuple[Array, ...] = ()
        canvas.events.mouse_press.connect(self._press)
        canvas.events.mouse_release.connect(self._release)
        canvas.events.mouse_move.connect(self._move)

    def at(self, point: QPointF) -> tuple[str, int]:
        """What lies within reach: ("latent", index on the path), ("frame", index of the clip) or ("", −1)."""
        best: tuple[float, str, int] = (PICK, "", -1)
        if self.frames is not None and len(self.frames.places):
            best = min(best, self._closest(point, self.frames.places, "frame"))
        if self.path is not None:
            # What is inferred lies on top, so of equally near marks it is the one that is meant.
            latents = np.concatenate([self.path.path, *self.elsewhere])
            distance, kind, index = self._closest(point, latents, "latent")
            if distance <= best[0]:
                best = (distance, kind, index)
        _, kind, index = best
        if kind == "frame" and self.frames is not None:
            return kind, int(self.frames.indices[index])
        return kind, index

    def _closest(self, point: QPointF, places: Array, kind: str) -> tuple[float, str, int]:
        pixels = self._to_pixels(places)
        distances = np.hypot(pixels[:, 0] - point.x(), pixels[:, 1] - point.y())
        index = int(distances.argmin())
        return float(distances[index]), kind, index

    def _press(self, event: Any) -> None:
        self._pressed = QPointF(*event.pos[:2])

    def _release(self, event: Any) -> None:
        here = QPointF(*event.pos[:2])
        if self._pressed is None or (here - self._pressed).manhattanLength() > STILL:
            return
        kind, index = self.at(here)
        if kind == "latent":
            self.latent_clicked.emit(index)
        elif kind == "frame":
            self.frame_clicked.emit(index)

    def _move(self, event: Any) -> None:
        if not event.is_dragging:
            point = QPointF(*event.pos[:2])
            self.hovered.emit((*self.at(point), point))
