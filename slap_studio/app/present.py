"""Turns what came back into what the views show. Knows the views and the answers; decides nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPixmap

from slap_studio.app.certified import lights
from slap_studio.app.drawn import Drawn
from slap_studio.app.inspecting import frame_like, inspected_frame, inspected_latent
from slap_studio.app.pin_pictures import PinPictures
from slap_studio.app.present_stage import StagePresenter, place_of_frame
from slap_studio.app.summaries import alarm_words, gap_summary
from slap_studio.app.work import ClipLoaded
from slap_studio.core.times import nearest_index
from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.media.gap import Gap
from slap_studio.session.state import Session
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.core.landscape import Ground
    from slap_studio.core.projection import Map
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Branches, Measured

DESCENT_STATES = {
    "STATIONARY": "stationary", "UNSTABLE": "overshoots", "STEPS_TAKEN": "still moving", "UNDER_WAY": "solving…",
}  # fmt: skip
TWINS_AWAITED = "Two starts that are almost the same are followed once the path rests."


class Presenter:
    """Shows clips, answers and sessions in a window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.drawn = Drawn()
        self._loaded: ClipLoaded | None = None
        self._picture: Map | None = None
        self._session = Session()
        self._pins = PinPictures()
        self._two_truths = False  # whether the clip's truth can be had without the tunnel as well
        self._stage = StagePresenter(window)

    @property
    def answer(self) -> "LiveAnswer | None":
        """The path that is drawn."""
        return self.drawn.answer

    # ---- showing --------------------------------------------------------------------------

    def show_loading(self, path: Path) -> None:
        """An empty workspace that says what is going on."""
        space = self.window.workspace
        assert space is not None
        self.window.show_workspace(path)
        space.stage.show_hint("Opening the video: its frames are turned into latents.")

    def show_clip(self, loaded: ClipLoaded, device: str) -> None:
        """A clip that was just opened; its path follows."""
        from slap_studio.views.film import Strip

        space = self.window.workspace
        assert space is not None
        self._loaded = loaded
        self.drawn.forget()
        self._two_truths = False
        clip = loaded.clip
        space.physics.offer_learned(clip.encoder == BUILT_IN_LABEL)
        space.video.show_aspect(clip.info.width, clip.info.height)
        space.time.rows.show_clip(Strip(clip.times, loaded.thumbnails), clip.duration, clip.cuts.found)
        space.stage.show_path(None, "")
        self._stage.show_clip(loaded.thumbnails)
        space.stage.seen.show_minimum(None)
        space.stage.seen.show_further(())
        space.stage.seen.show_cursor(None)
        space.stage.show_hint("")
        self.window.top.show_machine(f"{device.upper()} · {clip.encoder}")
        self.show_map(loaded.picture, final=False)

    def show_lost_device(self, sentence: str) -> None:
        """The device failed, and the CPU goes on with its work."""
        self.window.tell(sentence, problem=True)
        if self._loaded is not None:
            self.window.top.show_machine(f"CPU · {self._loaded.clip.encoder}")

    def show_map(self, picture: "Map", *, final: bool) -> None:
        """Another map; the path on it follows with its own answer."""
        space = self.window.workspace
        assert space is not None
        self._picture = picture
        space.stage.seen.show_minimum(None)
        self._stage.show_map(picture, final=final)

    def show_session(self, session: Session, before: Session) -> None:
        """Controls follow the session at once, each its own part; what is solved follows with its answer."""
        space = self.window.workspace
        if space is None:
            return
        if (session.physics, session.descent) != (before.physics, before.descent):
            space.physics.show_physics(session.physics, session.descent)
            space.stage.bifurcation.show_coupling(session.physics.coupling)
        space.physics.show_alignment(session.alignment)
        self._stage.show_look(session.look)
        self._show_asked(session, before)
        if session.pins != before.pins:
            self._show_pins()
        if session.query != before.query:
            self.window.top.query.show_query(session.query)
        if (session.gap, session.elsewhere) != (before.gap, before.elsewhere):
            self.show_gaps(session)

    def show_gaps(self, session: Session) -> None:
        """Mark what is hidden."""
        if self.window.workspace is not None:
            gaps = tuple((gap.start, gap.end) for gap in session.gaps)
            self.window.workspace.time.rows.show_gaps(gaps, session.active)

    def _show_asked(self, session: Session, before: Session) -> None:
        """What is to be seen beside the path; the drift comes to the fore when it is first asked for."""
        self._session = session
        asked = session.compared or session.revealed
        if (session.compared, session.revealed) == (before.compared, before.revealed):
            return
        space = self.window.workspace
        assert space is not None
        if asked and not (before.compared or before.revealed):
            space.time.rows.curves.show_curve("drift")
        elif not asked and space.time.rows.curves.shown == "drift":
            space.time.rows.curves.show_curve("energy")
        self._show_beside()

    def show_no_query(self, picture: "Map", ground: "Ground", gaps: tuple[Gap, ...]) -> None:
        """A clip without a query: its observed frames, and what to do."""
        space, loaded = self.window.workspace, self._loaded
        assert space is not None
        assert loaded is not None
        times = loaded.clip.times
        observed = np.flatnonzero(~np.any([(times > gap.start) & (times < gap.end) for gap in gaps], axis=0))
        self._stage.show_frames_alone(picture, ground, observed)
        space.stage.show_hint("Write what to look for into the line above, for example “a red cube”.")
        self.window.top.query.setFocus()

    def show_answer(self, answer: "LiveAnswer", cursor: float) -> None:
        """An answer in all views, which are then painted together."""
        space = self.window.workspace
        assert space is not None
        before = self.drawn.draw(answer)
        request = answer.request
        self._stage.show_answer(answer, before)
        space.stage.seen.show_further(self._pins.further(answer, self._session.pins))
        space.stage.regime.show_regime(answer.regime, request.physics.ratio, answer.measured)
        if not self.drawn.is_measured:
            space.stage.regime.show_twins("twins: …", TWINS_AWAITED)
        self._ring(cursor)
        self._show_in_panels(answer, cursor)

    def _show_in_panels(self, answer: "LiveAnswer", cursor: float) -> None:
        """The same answer everywhere but on the stage."""
        from slap_studio.app.rows import energy_curves, neighbours
        from slap_studio.views.physics_panel import Figures
        from slap_studio.views.readout_plot import ReadoutAreas
        from slap_studio.views.steps_panel import StepCurves

        space = self.window.workspace
        assert space is not None
        request, energies = answer.request, answer.energies
        space.time.rows.show_path(
            energy_curves(answer), tuple(neighbours(one) for one in (answer, *answer.others)),
            self._pins.beside(answer, self._session.pins),
        )  # fmt: skip
        space.pins.show_rows(self._pins.rows(answer, self._session.pins, self.drift))
        space.time.rows.curves.show_readout(
            ReadoutAreas(answer.posed.times, answer.readout.labels, answer.readout.shares)
        )
        space.steps.show_curves(
            StepCurves(
                answer.along.action, answer.along.s_kin, answer.along.e_pot, answer.solution.residuals, request.horizon
            ),
            min(request.descent.steps, len(answer.along.action) - 1),
            DESCENT_STATES.get(answer.status.name, ""),
            answer.status.value,
        )
        space.physics.show_figures(
            Figures(float(energies.action), float(energies.s_kin), float(energies.e_pot), answer.roughness)
        )
        space.physics.lights.show_outdated(not self.drawn.is_measured)
        self.window.top.query.show_unknown(answer.unknown_words)
        self._show_status(answer)
        self._show_beside()
        self._inspect(cursor)

    def show_cuts(self) -> None:
        """Cuts of the clip that were found since it was opened."""
        space, answer = self.window.workspace, self.drawn.answer
        if space is not None and self._loaded is not None:
            space.time.rows.show_cuts(self._loaded.clip.cuts.found)
            if answer is not None:
                space.time.show_alarm(*alarm_words(answer))

    def show_measured(self, measured: "Measured") -> None:
        """What was measured on a path that is drawn, or was a moment ago."""
        space = self.window.workspace
        assert space is not None
        self.drawn.measured = measured
        space.physics.lights.show_lights(lights(measured))
        space.physics.lights.show_outdated(not self.drawn.is_measured)
        # A minimum drawn in another picture than its own would lie anywhere.
        if self.drawn.answer is not None and measured.answer.stand is self.drawn.answer.stand:
            space.stage.seen.show_minimum(measured.minimum_places)
        if self.drawn.is_measured:
            twins = measured.divergence
            words = "chaotic" if twins.chaotic else f"period {twins.period}" if twins.period else "not chaotic"
            space.stage.regime.show_twins(f"twins: {words}", twins.sentence)

    def show_comparison(self, found: "Comparison") -> None:
        """The truth and other methods beside a path that is drawn, or was a moment ago."""
        self.drawn.compare(found)
        self._two_truths = found.both
        self._show_beside()
        self._show_pins()

    @property
    def drift(self) -> float | None:
        """D_sem of the drawn path, where the truth is revealed and known."""
        found = self.drawn.comparison
        return found.drift if found is not None and self._session.revealed else None

    def _show_pins(self) -> None:
        """The pinned paths beside the one that is drawn."""
        from slap_studio.app.rows import energy_curves

        space, answer = self.window.workspace, self.drawn.answer
        if space is None or answer is None:
            return
        space.stage.seen.show_further(self._pins.further(answer, self._session.pins))
        space.time.rows.curves.show_energies(energy_curves(answer), self._pins.beside(answer, self._session.pins))
        space.pins.show_rows(self._pins.rows(answer, self._session.pins, self.drift))

    def _show_beside(self) -> None:
        """As much of the comparison as the session asks for."""
        from slap_studio.app.rows import drift_curves

        space, found, session = self.window.workspace, self.drawn.comparison, self._session
        if space is None:
            return
        space.stage.beside.show_chosen(compared=session.compared, revealed=session.revealed)
        space.stage.beside.offer_truths(offered=self._two_truths, as_filmed=session.as_filmed)
        if found is None or not (session.compared or session.revealed):
            space.stage.show_beside(None, ())
            space.time.rows.curves.show_drift(None)
            return
        others = found.others if session.compared else ()
        space.stage.show_beside(
            (found.truth_places, found.truth_line) if session.revealed else None,
            tuple((one.name, one.line) for one in others),
        )
        space.time.rows.curves.show_drift(drift_curves(found, compared=session.compared))

    def show_pictured(self, count: int) -> None:
        """How many frames have room as pictures on the map."""
        self._stage.show_pictured(count)

    def fit_map(self) -> None:
        """Bring the whole map into view."""
        if self.window.workspace is not None:
            self.window.workspace.stage.seen.fit()

    def needs_branches(self) -> bool:
        """Whether the bifurcation is in view and what it shows belongs to another problem than the drawn path's."""
        space = self.window.workspace
        return space is not None and space.stage.view == "bifurcation" and self.drawn.branched is None

    def show_branches(self, branches: "Branches") -> None:
        """The branches of a path's problem."""
        space = self.window.workspace
        assert space is not None
        self.drawn.branches = branches
        space.stage.bifurcation.show_branches(branches.couplings, branches.heights)
        space.stage.bifurcation.show_coupling(branches.request.physics.coupling)

    def bring_into_sight(self, start: float, end: float) -> None:
        """Have a stretch of the clip, or a moment, in sight on the timeline."""
        if self.window.workspace is not None:
            self.window.workspace.time.rows.bring_into_sight(start, end)

    def show_cursor(self, time: float) -> None:
        """Point every view at a time."""
        self._ring(time)
        self._inspect(time)

    def _ring(self, time: float) -> None:
        """Ring what the cursor points at, on the map."""
        space = self.window.workspace
        if space is None or self._loaded is None:
            return
        found = self._latent_at(time)
        if found is not None:
            answer, index = found
            space.stage.seen.show_cursor(answer.places[index])
        elif self.drawn.answer is not None:
            space.stage.seen.show_cursor(place_of_frame(self.drawn.answer, self._frame_index(time)))
        elif self._picture is not None:
            frame = self._loaded.clip.latents[self._frame_index(time)]
            space.stage.stage.show_cursor(self._picture.place(frame[None])[0])

    def _inspect(self, time: float) -> None:
        """Say what the cursor points at."""
        space, loaded = self.window.workspace, self._loaded
        if space is None or loaded is None:
            return
        space.time.rows.show_cursor(time)
        found = self._latent_at(time)
        if found is not None:
            answer, index = found
            space.inspector.show_inspected(inspected_latent(answer, loaded, index))
        elif self._picture is not None:
            space.inspector.show_inspected(inspected_frame(self.drawn.answer, loaded, self._frame_index(time)))

    def _latent_at(self, time: float) -> "tuple[LiveAnswer, int] | None":
        """The path whose gap holds a time, and which of its hidden latents is nearest to it."""
        drawn = () if self.drawn.answer is None else (self.drawn.answer, *self.drawn.answer.others)
        for answer in drawn:
            if answer.posed.times[0] < time < answer.posed.times[-1]:
                return answer, int(np.abs(answer.posed.times[1:-1] - time).argmin()) + 1
        return None

    def show_frame(self, image: QImage, time: float, gaps: tuple[Gap, ...]) -> None:
        """The frame that was fetched for a time."""
        space = self.window.workspace
        if space is None:
            return
        hidden = any(gap.start < time < gap.end for gap in gaps)
        space.video.show_frame(image, f"{'hidden' if hidden else 'observed'} · {time:.2f} s")

    def show_playing(self, playing: bool, speed: float, *, looping: bool) -> None:
        """Whether the clip plays, how fast, and whether round and round in the gap."""
        if self.window.workspace is not None:
            self.window.workspace.time.show_playing(playing, speed, looping=looping)

    def show_running(self, *, running: bool, slow: bool) -> None:
        """Whether the steps go by, and whether slowly."""
        if self.window.workspace is not None:
            self.window.workspace.steps.show_running(running=running, slow=slow)

    # ---- parts ----------------------------------------------------------------------------

    def _show_status(self, answer: "LiveAnswer") -> None:
        space = self.window.workspace
        assert space is not None
        space.time.show_summary(gap_summary(answer))
        space.time.show_alarm(*alarm_words(answer))
        self.window.show_status(
            f"{answer.solution.device.upper()} · {answer.request.horizon} steps in "
            f"{1000 * answer.solution.seconds:.0f} ms · {answer.status.value}"
        )

    def _frame_index(self, time: float) -> int:
        assert self._loaded is not None
        return nearest_index(self._loaded.clip.times, time)

    def frame_time(self, index: int) -> float:
        """Time in seconds of a sampled frame."""
        return float(self._loaded.clip.times[index]) if self._loaded is not None else 0.0

    def latent_time(self, index: int) -> float:
        """Time in seconds of a latent of the drawn path, the anchors included, or counted on, of other gaps' paths."""
        found = self._latent(index)
        return 0.0 if found is None else float(found[0].posed.times[found[1]])

    def _latent(self, index: int) -> "tuple[LiveAnswer, int] | None":
        for answer in () if self.drawn.answer is None else (self.drawn.answer, *self.drawn.answer.others):
            if index < len(answer.places):
                return answer, index
            index -= len(answer.places)
        return None

    def show_hover(self, found: tuple[str, int, QPointF]) -> None:
        """The frame under the pointer, or the one nearest to the latent there."""
        kind, index, point = found
        space, loaded = self.window.workspace, self._loaded
        if space is None or loaded is None:
            return
        if kind == "latent":
            latent = self._latent(index)
            index = -1 if latent is None else frame_like(*latent)
        shown = kind != "" and index >= 0
        space.stage.preview(QPixmap.fromImage(loaded.thumbnails[index]) if shown else None, point)
