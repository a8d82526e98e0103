"""Three experiments: each sets the window up for one thing to see, and says in one sentence what that is."""

from dataclasses import dataclass

from slap_studio.core.types import AlignmentKind, Kinetic
from slap_studio.lessons.lesson import Settings

_PLAIN = Settings(
    coupling=0.5, mass=1.0, time_step=1.0, kinetic=Kinetic.GEODESIC, steps=50, step_size=0.01,
    alignment=AlignmentKind.COSINE, revealed=False, compared=False, view="map", curve="energy",
)  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """One experiment.

    Attributes
    ----------
    look
        One sentence: what to see.
    twins
        Whether the distance of two starts is drawn beside it.
    """

    name: str
    title: str
    look: str
    settings: Settings
    twins: bool = False


EXPERIMENTS = (
    Experiment(
        "twins",
        "Twin starts",
        "Two starts 0.001 apart take the same steps: a falling line says that they forget what parted them; only one "
        "that goes on rising, on a path that neither settles nor repeats, may be called chaos.",
        _PLAIN.then(Settings(coupling=5.0, steps=200)),
        twins=True,
    ),
    Experiment(
        "bifurcation",
        "Bifurcation",
        "Go right along λ: where the one branch splits in two, the steps have begun to overshoot and the path leaps to "
        "and fro; a smaller step size α moves the split to the right.",
        _PLAIN.then(Settings(coupling=1.0, step_size=0.3, steps=200, view="bifurcation")),
    ),
    Experiment(
        "flat-energy",
        "The flat line of H",
        "Drag the steps K back and watch the dashed line H = T + λP: along the path of least action it is flat, as "
        "the energy of a thrown ball is; after a few steps it is bent.",
        _PLAIN.then(Settings(mass=10.0, step_size=0.04, steps=1000)),
    ),
)
