"""What the time band's rows show of an answer."""

from typing import TYPE_CHECKING

from slap_studio.views.drift_plot import DriftCurves
from slap_studio.views.energy_plot import EnergyCurves
from slap_studio.views.film import Neighbours

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.live import LiveAnswer


def energy_curves(answer: "LiveAnswer") -> EnergyCurves:
    """T, V and H of a path."""
    energies = answer.energies
    return EnergyCurves(answer.posed.times, energies.kinetic, energies.potential, answer.total)


def neighbours(answer: "LiveAnswer") -> Neighbours:
    """The nearest frame of every hidden latent."""
    return Neighbours(answer.posed.times, answer.nearest[:, 0], answer.similarity[:, 0], answer.alarm.raised)


def drift_curves(found: "Comparison", *, compared: bool) -> DriftCurves:
    """How far the path strays from the truth, and the other methods' if they are compared."""
    others = tuple((one.name, one.angles) for one in found.others) if compared else ()
    return DriftCurves(found.answer.posed.times[1:-1], found.ours.angles, others, found.drift, found.truth.value)
