"""Where latents lie in the view that is looked at: on the map, the globe or the slice's ball; flat, or in relief."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from slap_studio.core import solids
from slap_studio.core.alignment import Alignment
from slap_studio.core.fidelity import distances, kept
from slap_studio.core.globe import Globe
from slap_studio.core.landscape import Ground
from slap_studio.core.projection import Map
from slap_studio.core.slice import slice_of
from slap_studio.core.surface import Surface
from slap_studio.core.types import Array, Problem
from slap_studio.session.look import View

PIECES = 6  # of a line between two latents, at least
LONGEST_PIECE = np.radians(4)  # of a line on a ball


@dataclass(frozen=True, eq=False)
class Stand:
    """What all places of one picture have in common; as long as it is the same object, they are of one picture.

    Attributes
    ----------
    view, relief
        Which picture.
    frames
        Places of the frames that the picture was fitted on [M, 2 or 3]; none in the slice, where they do not lie.
    fitted
        Their latents [M, d].
    sample
        Which of the clip's frames they are; None for all of them.
    surface
        What the places lie on; none on the flat map.
    place
        Places [..., 2 or 3] of latents [..., d].
    line
        Points of the line that is drawn through places [P, 2 or 3]: the same number between every two.
    outside
        For the slice: share of each latent's squared length that lies outside of it.
    """

    view: View
    relief: bool
    frames: Array | None
    surface: Surface | None
    place: Callable[[Array], Array]
    line: Callable[[Array], Array]
    outside: Callable[[Array], Array] | None = None
    fitted: Array | None = None
    sample: NDArray[np.intp] | None = None

    def shown(self, observed: NDArray[np.intp]) -> NDArray[np.intp]:
        """Which rows of `frames` are observed frames, given all of those by their indices in the clip."""
        if self.sample is None:
            return observed
        seen = np.zeros(int(self.sample[-1]) + 1, dtype=bool)
        seen[observed[observed < len(seen)]] = True
        return np.flatnonzero(seen[self.sample])

    def fidelity(self, latents: Array, places: Array, observed: NDArray[np.intp]) -> Array:
        """Share of each latent's neighbours in the picture [P] that are its neighbours in the original space.

        Among the observed frames that the picture was fitted on; where no frame lies, among the latents [P, d] and
        places [P, 2 or 3] themselves. On a ball, heights do not count.
        """
        on_ball = self.surface is not None and self.surface.closed
        here = _unit(places) if on_ball else places
        if self.frames is None or self.fitted is None:
            latents = latents.astype(np.float64)  # neighbours on the path nearly agree
            others = np.where(np.eye(len(latents), dtype=bool), np.inf, 0.0)
            return kept(distances(latents, latents) + others, distances(here, here) + others)
        shown = self.shown(observed)
        return kept(distances(latents, self.fitted[shown]), distances(here, self.frames[shown]))


def map_stand(picture: Map) -> Stand:
    """The flat map; its lines are left as they are, the view rounds their corners."""
    return Stand(
        View.MAP, False, picture.places, None, picture.place, lambda places: places,
        fitted=picture.latents, sample=picture.sample,
    )  # fmt: skip


def country_stand(picture: Map, ground: Ground, potential: Array) -> Stand:
    """The map with V as height."""
    grid = solids.risen(ground, potential)

    def lifted(places: Array) -> Array:
        height = solids.height_at(ground, grid, places)
        return np.concatenate([places, height[..., None]], axis=-1)

    return Stand(
        View.MAP, True, lifted(picture.places), solids.country(ground, potential),
        lambda latents: lifted(picture.place(latents)), lambda places: lifted(_divided(places[:, :2], PIECES)),
        fitted=picture.latents, sample=picture.sample,
    )  # fmt: skip


def globe_stand(globe: Globe) -> Stand:
    """The globe's ball, without V: between its frames lies nothing that is known."""
    return Stand(
        View.GLOBE, False, globe.places, solids.ball(), globe.place, _on_ball,
        fitted=globe.latents, sample=globe.sample,
    )  # fmt: skip


def slice_stand(problem: Problem, alignment: Alignment, *, relief: bool) -> Stand:
    """The slice's ball with V on it, and in relief as its height."""
    cut = slice_of(problem)

    def potential(places: Array) -> Array:
        latents = torch.from_numpy(cut.latents(places).astype(np.float32))
        with torch.inference_mode():
            found: Array = -alignment.value(latents).numpy()
        return found

    over = potential(solids.directions())
    if not relief:
        return Stand(View.SLICE, False, None, solids.ball(over), cut.place, _on_ball, cut.outside)
    low, high = float(over.min()), float(over.max())

    def lifted(places: Array) -> Array:
        return places * solids.radius_of(solids.heights(potential(places), low, high))[..., None]

    surface = solids.ball(over, solids.radius_of(solids.heights(over, low, high)))
    return Stand(
        View.SLICE, True, None, surface, lambda latents: lifted(cut.place(latents)),
        lambda places: lifted(_on_ball(_unit(places))), cut.outside,
    )  # fmt: skip


class Stands:
    """Makes stands on one thread; remembers the last one, on which the next answer may stand again."""

    def __init__(self) -> None:
        self._last: tuple[tuple[object, ...], Stand] | None = None

    def of(self, key: tuple[object, ...], make: Callable[[], Stand]) -> Stand:
        """The stand that a key stands for, made where it is not the last one."""
        if self._last is None or self._last[0] != key:
            self._last = key, make()
        return self._last[1]


def _on_ball(places: Array) -> Array:
    """Great arcs through unit places [P, 3]."""
    if len(places) < 2:
        return places
    chords = np.linalg.norm(np.diff(places, axis=0), axis=1)
    widest = 2 * np.arcsin(np.clip(chords / 2, 0, 1)).max()
    return _unit(_divided(places, max(PIECES, int(np.ceil(widest / LONGEST_PIECE)))))


def _divided(places: Array, pieces: int) -> Array:
    """Points [(P − 1)·pieces + 1, D] on the straight lines between places [P, D]."""
    share = np.arange(pieces)[None, :, None] / pieces
    between = places[:-1, None] * (1 - share) + places[1:, None] * share
    return np.concatenate([between.reshape(-1, places.shape[1]), places[-1:]])


def _unit(places: Array) -> Array:
    scaled: Array = places / np.maximum(np.linalg.norm(places, axis=-1, keepdims=True), 1e-9)
    return scaled
