"""Leads from one alarm to the next: to latents that no frame is near, to cuts, and to gaps that swap one thing."""

from typing import TYPE_CHECKING

from slap_studio.app.summaries import cuts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slap_studio.app.controller import Controller
    from slap_studio.live import LiveAnswer


class Alarms:
    """Moves the cursor among the alarms of all gaps that are drawn."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def next(self) -> None:
        """To the alarm that comes next in time; after the last one to the first."""
        self._go(back=False)

    def previous(self) -> None:
        """To the alarm before the cursor; before the first one to the last."""
        self._go(back=True)

    def _go(self, *, back: bool) -> None:
        answer = self._controller.presenter.answer
        times = () if answer is None else alarm_times(answer)
        if not times:
            self._controller.window.tell(
                "There is no alarm: observed frames are near every latent, and what goes in comes out.", problem=False
            )
            return
        time = neighbour_of(self._controller.session.cursor, times, back=back)
        self._controller.gaps.choose_at(time)
        self._controller.move_cursor(time)


def alarm_times(answer: "LiveAnswer") -> tuple[float, ...]:
    """Times of all alarming latents and of cuts in seconds, ascending; of a swapped readout its middle latent's."""
    found: set[float] = set()
    for one in (answer, *answer.others):
        hidden = one.posed.times[1:-1]
        found |= {float(time) for time in hidden[one.alarm.raised]}
        found |= set(cuts_of(one))
        if one.readout.swapped and len(hidden):
            found.add(float(hidden[len(hidden) // 2]))
    return tuple(sorted(found))


def neighbour_of(here: float, times: "Sequence[float]", *, back: bool) -> float:
    """The next of some ascending times, or the one before; it goes round at the ends."""
    if back:
        return next((time for time in reversed(times) if time < here - 1e-6), times[-1])
    return next((time for time in times if time > here + 1e-6), times[0])
