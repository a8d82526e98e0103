"""What the views show of further paths: those of other gaps, and pinned ones with their differences."""

from typing import TYPE_CHECKING

from slap_studio.app.pinning import figures_of, settings_of
from slap_studio.session.pins import PathFigures, Pin, Settings, largest_angle
from slap_studio.views.controls import spoken

if TYPE_CHECKING:
    from slap_studio.core.types import Array
    from slap_studio.live import LiveAnswer
    from slap_studio.stands import Stand
    from slap_studio.views.energy_plot import Beside
    from slap_studio.views.pins_panel import PathRow
    from slap_studio.views.stage.pictures import FurtherPath


class PinPictures:
    """Remembers where pinned paths lie in the present picture: it changes rarely, and they never do."""

    def __init__(self) -> None:
        self._stand: Stand | None = None
        self._places: dict[Pin, Array] = {}

    def further(self, answer: "LiveAnswer", pins: tuple[Pin, ...]) -> "tuple[FurtherPath, ...]":
        """For the picture of an answer."""
        from slap_studio.views.stage.pictures import PIN_STYLES, FurtherPath

        stand = answer.stand
        if stand is not self._stand:
            self._stand, self._places = stand, {}
        self._places = {pin: self._places[pin] if pin in self._places else stand.place(pin.latents) for pin in pins}
        elsewhere = (FurtherPath(one.places) for one in answer.others if one.stand is stand)
        return (*elsewhere, *(FurtherPath(self._places[pin], PIN_STYLES[pin.slot]) for pin in pins))

    @staticmethod
    def beside(answer: "LiveAnswer", pins: tuple[Pin, ...]) -> "tuple[Beside, ...]":
        """For the energies over time."""
        from slap_studio.app.rows import energy_curves
        from slap_studio.views.energy_plot import Beside, EnergyCurves
        from slap_studio.views.stage.pictures import PIN_STYLES

        kept = (
            Beside(EnergyCurves(pin.times, pin.kinetic, pin.potential, pin.total), PIN_STYLES[pin.slot]) for pin in pins
        )
        return (*(Beside(energy_curves(one)) for one in answer.others), *kept)

    @staticmethod
    def rows(answer: "LiveAnswer", pins: tuple[Pin, ...], drift: float | None) -> "tuple[PathRow, ...]":
        """The drawn path and the pinned ones as rows of a table; none where nothing is pinned."""
        from slap_studio.views.pins_panel import PathRow

        if not pins:
            return ()
        present = PathRow(0, "now", None, _cells(settings_of(answer), figures_of(answer, drift), ""))
        return (
            present,
            *(
                PathRow(pin.number, pin.name, pin.slot, _cells(pin.settings, pin.figures, _angle(pin, answer)))
                for pin in pins
            ),
        )


def _cells(settings: Settings, figures: PathFigures, angle: str) -> dict[str, str]:
    physics, descent = settings.physics, settings.descent
    return {
        "λ": spoken(physics.coupling), "μ": spoken(physics.mass), "Δt": spoken(physics.time_step),
        "K": str(descent.steps), "α": spoken(descent.step_size), "P": settings.alignment.value,
        "T": physics.kinetic.value, "query": settings.query,
        "gap": f"{settings.gap.start:.1f}–{settings.gap.end:.1f} s",
        "S": spoken(figures.action), "S_kin": spoken(figures.s_kin), "E_pot": spoken(figures.e_pot),
        "D_sem": "" if figures.drift is None else spoken(figures.drift), "angle": angle, "alarms": str(figures.alarms),
    }  # fmt: skip


def _angle(pin: Pin, answer: "LiveAnswer") -> str:
    if pin.settings.gap != answer.request.gap:
        return "–"
    found = largest_angle(pin.latents, answer.latents)
    return "–" if found is None else f"{spoken(found)}°"
