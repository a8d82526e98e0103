"""How a person looks at the hypersphere: which view, and what is drawn in it."""

from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """What stands on the stage."""

    MAP = "map"
    GLOBE = "globe"
    SLICE = "slice"
    BIFURCATION = "bifurcation"
    SWEEP = "sweep"


class Colouring(StrEnum):
    """What the colour of the path's line tells."""

    PLAIN = "plain"
    TIME = "time"
    POTENTIAL = "potential"


SPHERES = (View.MAP, View.GLOBE, View.SLICE)  # the views of the hypersphere


@dataclass(frozen=True)
class Look:
    """What is looked at, and how.

    Attributes
    ----------
    view
        What stands on the stage.
    relief
        Whether V is the height of the map's and the slice's surface.
    thumbnails
        Whether frames are pictures on the flat map, where they have room, or points.
    colouring
        What the colour of the path's line tells.
    """

    view: View = View.MAP
    relief: bool = False
    thumbnails: bool = False
    colouring: Colouring = Colouring.PLAIN

    @property
    def placing(self) -> tuple[View, bool]:
        """What the places of latents depend on; behind a view that shows none, the flat map waits."""
        if self.view not in SPHERES:
            return View.MAP, False
        return self.view, self.relief and self.view is not View.GLOBE
