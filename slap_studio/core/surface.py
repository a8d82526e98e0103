"""A surface in space, as a mesh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Surface:
    """A mesh in space.

    Attributes
    ----------
    vertices, normals
        [G, 3]; normals are unit vectors and point outwards or up.
    faces
        Indices of vertices [F, 3].
    potential
        V at the vertices [G], or None where none is shown.
    support
        From 0 (nothing is drawn) to 1 at the vertices [G].
    closed
        Whether it is a ball, whose far side is turned away from the eye.
    """

    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    faces: NDArray[np.uint32]
    potential: NDArray[np.float32] | None
    support: NDArray[np.float32]
    closed: bool
