"""Pins the path that is drawn, brings a pinned path's settings back, and says what is drawn of pins."""

from dataclasses import replace
from typing import TYPE_CHECKING

from slap_studio.problems import UnusableInput
from slap_studio.session.pins import PathFigures, Pin, Settings, next_number, pinned

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.live import LiveAnswer
    from slap_studio.session.state import Session


class Pinning:
    """Changes which paths the session keeps."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def pin(self) -> None:
        """Keep the drawn path; of two that are kept already the older one goes."""
        answer, pins = self._controller.presenter.answer, self._controller.session.pins
        if answer is None or answer.status.name == "UNDER_WAY":
            self._say("There is no whole path to pin yet; wait until it is solved.")
        elif any(pin.settings == settings_of(answer) for pin in pins):
            self._say("This path is pinned already; change a setting to compare it with another.")
        else:
            new = pin_of(answer, next_number(pins), self._controller.presenter.drift)
            self._controller.change(pins=pinned(pins, new))

    def unpin(self, number: int) -> None:
        """Take a pinned path away."""
        self._controller.change(pins=tuple(pin for pin in self._controller.session.pins if pin.number != number))

    def clear(self) -> None:
        """Take all of them away."""
        self._controller.change(pins=())

    def restore(self, number: int) -> None:
        """Choose a pinned path's settings again; the pins stay."""
        for pin in self._controller.session.pins:
            if pin.number == number:
                self._choose(pin.settings)

    def restore_newest(self) -> None:
        """The same for the path that was pinned last."""
        pins = self._controller.session.pins
        if pins:
            self.restore(pins[-1].number)
        else:
            self._say("Nothing is pinned; press P to pin the path that is drawn.")

    def _choose(self, settings: Settings) -> None:
        try:
            self._controller.store.update(lambda session: _with_settings(session, settings))
        except UnusableInput as problem:
            self._controller.window.tell(str(problem), problem=True)
            return
        # Its steps may lie beyond those that are solved now.
        self._controller.choosing.steps(settings.descent.steps)

    def _say(self, sentence: str) -> None:
        self._controller.window.tell(sentence, problem=False)


def _with_settings(session: "Session", settings: Settings) -> "Session":
    if settings.gap in session.gaps:
        session = session.with_gaps(session.gaps, session.gaps.index(settings.gap))
    return replace(
        session, query=settings.query, gap=settings.gap, physics=settings.physics, descent=settings.descent,
        alignment=settings.alignment,
    )  # fmt: skip


def settings_of(answer: "LiveAnswer") -> Settings:
    """What a drawn path follows from."""
    request = answer.request
    return Settings(request.query, request.gap, request.physics, request.descent, request.alignment)


def pin_of(answer: "LiveAnswer", number: int, drift: float | None) -> Pin:
    """A drawn path as a pin."""
    return Pin(
        number, settings_of(answer), figures_of(answer, drift), answer.latents, answer.posed.times,
        answer.energies.kinetic, answer.energies.potential, answer.total,
    )  # fmt: skip


def figures_of(answer: "LiveAnswer", drift: float | None) -> PathFigures:
    """Numbers of a drawn path."""
    energies = answer.energies
    return PathFigures(
        float(energies.action), float(energies.s_kin), float(energies.e_pot), answer.residual, drift,
        int(answer.alarm.raised.sum()),
    )  # fmt: skip
