"""An experiment in view: sets the window up for it, shows what is measured on it, and puts everything back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from slap_studio.app.moving import Place, go_back, here, is_of, move_to
from slap_studio.lessons.experiments import EXPERIMENTS, Experiment

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.views.experiment_card import ExperimentCard


class Experimenting(QObject):
    """Shows one experiment at a time on the open clip."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._before: Place | None = None
        self._card: ExperimentCard | None = None
        self.shown: Experiment | None = None
        controller.measuring.measured.connect(self._show_twins)
        controller.clip_shown.connect(self._clip_shown)

    @property
    def unavailable(self) -> str:
        """Why no experiment can be shown now; empty if one can."""
        if self._controller.teaching.running:
            return "Leave the lesson first; experiments change what it has set."
        if self._controller.session.video is None:
            return "Open a video first: Ctrl+O, or a sample on the welcome page."
        return ""

    def is_shown(self, name: str) -> bool:
        """Whether an experiment is in view."""
        return self.shown is not None and self.shown.name == name

    def show(self, name: str) -> None:
        """Set the window up for an experiment; asked for again, leave it."""
        experiment = next(one for one in EXPERIMENTS if one.name == name)
        if self.shown is experiment:
            self.leave()
            return
        if self._before is None:
            self._before = here(self._controller)
        self.shown = experiment
        card = self._built()
        card.show_experiment(experiment.title, experiment.look, twins=experiment.twins)
        self._controller.looks.show_side(card)
        move_to(self._controller, experiment.settings)
        self._show_twins()

    def leave(self) -> None:
        """Back to the settings from before."""
        before = self._before
        self._close()
        if before is not None:
            go_back(self._controller, before)

    def _close(self) -> None:
        if self.shown is not None:
            self._controller.looks.show_side(None)
        self.shown = self._before = None

    def _built(self) -> "ExperimentCard":
        from slap_studio.views.experiment_card import ExperimentCard

        window = self._controller.window
        if self._card is None:
            self._card = ExperimentCard(window.theme)
            self._card.leave_asked.connect(self.leave)
            window.themed.connect(self._card.set_theme)
        return self._card

    def _clip_shown(self) -> None:
        """Another clip: its settings are the user's own from now on."""
        if self._before is not None and self._controller.session.video != self._before.session.video:
            self._close()

    def _show_twins(self, _told: object = None) -> None:
        """The twins of the path that is asked for, once they are measured."""
        if self._card is None or self.shown is None or not self.shown.twins:
            return
        measured = self._controller.presenter.drawn.measured
        if measured is None or not is_of(measured.answer, self._controller.session):
            self._card.show_measured("Measuring…")
            return
        self._card.twins.show_distances(measured.divergence.distances)
        self._card.show_measured(measured.divergence.sentence)
