"""What an export is made of: the path that is drawn, what was found beside it, and the settings behind both."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slap_studio import __version__

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.core.types import Array
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Branches
    from slap_studio.sweep import Cell, SweepRequest

MAP_SEED = 0  # of UMAP, see `core.projection.fit_umap`


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep, its cells so far, and the drawn path for whose gap it was begun."""

    request: "SweepRequest"
    cells: "tuple[Cell, ...]"
    answer: "LiveAnswer"


@dataclass(frozen=True, eq=False)
class Subject:
    """One moment of the window, as far as it can be exported.

    Attributes
    ----------
    answer
        The drawn path with everything that the views show of it.
    encoder
        Its name as `--encoder` takes it.
    minimum_places
        The true minimum of the same action on the same map [N + 2, 2], or None where it was not measured yet.
    comparison
        The truth and other methods beside this path, or None.
    revealed, compared
        Whether the truth, and whether the other methods, are shown.
    branches
        Of this path's problem, or None.
    swept
        The last sweep, or None.
    """

    answer: "LiveAnswer"
    encoder: str
    minimum_places: "Array | None" = None
    comparison: "Comparison | None" = None
    revealed: bool = False
    compared: bool = False
    branches: "Branches | None" = None
    swept: Swept | None = None

    @property
    def stem(self) -> str:
        """How files made of it begin: the clip's name without its ending."""
        return self.answer.request.clip.info.path.stem

    def path_after(self, step: int) -> "Array":
        """The path [N + 2, d] after a step of its descent; the geodesic for step 0."""
        problem, history = self.answer.posed.problem, self.answer.solution.history
        assert history is not None  # noqa: S101 (the window keeps every step)
        return np.concatenate([problem.start[None], history[step], problem.end[None]])


def settings(subject: Subject) -> dict[str, Any]:
    """Everything that the path depends on, as JSON has it; the clip by its name alone, whoever's folder it lies in."""
    answer = subject.answer
    request = answer.request
    physics, descent = request.physics, request.descent
    return {
        "program": f"SLAP Studio {__version__}",
        "video": request.clip.info.path.name,
        "query": request.query,
        "encoder": subject.encoder,
        "gap_s": [float(answer.posed.times[0]), float(answer.posed.times[-1])],
        "hidden": len(answer.nearest),
        "coupling": physics.coupling,
        "mass": physics.mass,
        "time_step": physics.time_step,
        "kinetic": physics.kinetic.value,
        "alignment": request.alignment.value,
        "method": "descent",
        "steps": descent.steps,
        "step_size": descent.step_size,
        "dtype": "float32",
        "device": answer.solution.device,
        "status": answer.status.name.lower(),
        "map": request.picture.kind.value,
        "map_seed": MAP_SEED,
    }


def caption(subject: Subject) -> str:
    """The settings in one line, as they stand below every figure."""
    found = settings(subject)
    start, end = found["gap_s"]
    return (
        f"{found['video']} · “{found['query']}” · gap {start:.2f}–{end:.2f} s, N = {found['hidden']} · "
        f"λ = {found['coupling']:g}, μ = {found['mass']:g}, Δt = {found['time_step']:g}, {found['kinetic']} · "
        f"{found['alignment']} alignment · K = {found['steps']}, α = {found['step_size']:g} · "
        f"{found['map']}{f', seed {MAP_SEED}' if found['map'] == 'UMAP' else ''} · {found['program']}"
    )
