"""Turns what came back into what the views show. Knows the views and the answers; decides nothing."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPixmap

from slap_studio.app.work import ClipLoaded
from slap_studio.core.types import AlignmentKind
from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.media.gap import Gap
from slap_studio.session.state import Session
from slap_studio.views.controls import spoken
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.core.landscape import Ground
    from slap_studio.core.projection import Map
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Branches, Measured
    from slap_studio.views.inspector import Inspected

MAP_NOTES = {
    True: "UMAP of all {count} frames, the hidden ones too; fitted once, seed 0",
    False: "PCA stands in while UMAP is fitted",
}
# In the order of `measured.Measured.certificates`: what holds where the light is on.
LIGHTS = (
    "step is stable", "stationary", "convex here", "hemisphere", "Thm 3.6 printed", "Thm 3.6 proved",
    "Thm 3.7 bound",
)  # fmt: skip
POTENTIALS = {
    AlignmentKind.COSINE: "1 − cosine similarity to the query.",
    AlignmentKind.LEARNED: "−P_θ, what the network says against the query; 0 is what an average latent has.",
}
DESCENT_STATES = {
    "STATIONARY": "stationary", "UNSTABLE": "overshoots", "STEPS_TAKEN": "still moving", "UNDER_WAY": "solving…",
}  # fmt: skip


class Presenter:
    """Shows clips, answers and sessions in a window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._loaded: ClipLoaded | None = None
        self._answer: LiveAnswer | None = None
        self._picture: Map | None = None
        self._device = "cpu"
        self._branched: tuple[object, ...] = ()
        self._comparison: Comparison | None = None
        self._session = Session()

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
        self._loaded, self._answer, self._device = loaded, None, device
        clip = loaded.clip
        space.physics.offer_learned(clip.encoder == BUILT_IN_LABEL)
        space.video.show_aspect(clip.info.width, clip.info.height)
        space.time.rows.show_clip(Strip(clip.times, loaded.thumbnails), clip.duration)
        space.stage.show_path(None, "")
        space.stage.stage.show_minimum(None)
        space.stage.stage.show_cursor(None)
        space.stage.show_hint("")
        self.window.top.show_machine(f"{device.upper()} · {clip.encoder}")
        self.show_map(loaded.picture, final=False)

    def show_map(self, picture: "Map", *, final: bool) -> None:
        """Another map; the path on it follows with its own answer."""
        space = self.window.workspace
        assert space is not None
        self._picture = picture
        space.stage.stage.show_minimum(None)
        kind = picture.kind.value
        note = MAP_NOTES[final] if kind == "UMAP" or not final else "PCA: the clip has too few frames for UMAP"
        space.stage.show_map_note(note.format(count=len(picture.places)))

    def show_session(self, session: Session, before: Session) -> None:
        """Controls follow the session at once, each its own part; what is solved follows with its answer."""
        space = self.window.workspace
        if space is None:
            return
        if (session.physics, session.descent) != (before.physics, before.descent):
            space.physics.show_physics(session.physics, session.descent)
            space.stage.bifurcation.show_coupling(session.physics.coupling)
        space.physics.show_alignment(session.alignment)
        self._show_asked(session, before)
        if session.query != before.query:
            self.window.top.query.show_query(session.query)
        if session.gap is not None and session.gap != before.gap:
            space.time.rows.show_gap((session.gap.start, session.gap.end))

    def _show_asked(self, session: Session, before: Session) -> None:
        """What is to be seen beside the path; the drift comes to the fore when it is first asked for."""
        self._session = session
        asked = session.compared or session.revealed
        if (session.compared, session.revealed) == (before.compared, before.revealed):
            return
        space = self.window.workspace
        assert space is not None
        if asked and not (before.compared or before.revealed):
            space.time.rows.show_curve("drift")
        elif not asked and space.time.rows.curve == "drift":
            space.time.rows.show_curve("energy")
        self._show_beside()

    def show_no_query(self, picture: "Map", ground: "Ground", gap: Gap) -> None:
        """A clip without a query: its observed frames, and what to do."""
        space, loaded = self.window.workspace, self._loaded
        assert space is not None
        assert loaded is not None
        times = loaded.clip.times
        observed = np.flatnonzero((times <= gap.start) | (times >= gap.end))
        self._show_frames(picture, ground, observed, refit=True)
        space.stage.show_hint("Write what to look for into the line above, for example “a red cube”.")
        self.window.top.query.setFocus()

    def show_answer(self, answer: "LiveAnswer", cursor: float) -> None:
        """An answer on the stage; `show_rest` follows, so that neither keeps the hand waiting for both."""
        from slap_studio.views.stage.pictures import PathPicture

        space = self.window.workspace
        assert space is not None
        before, self._answer = self._answer, answer
        request = answer.request
        new_map = before is None or before.request.picture is not request.picture
        if new_map or before is None or before.request.gap != request.gap:
            self._show_frames(request.picture, request.ground, answer.posed.observed, refit=new_map)
        if new_map or before is None or before.potential is not answer.potential:
            self._show_ground(answer)
        space.stage.show_hint("")
        space.stage.show_path(
            PathPicture(answer.places, answer.geodesic, answer.ghosts, answer.query_place, answer.alarm.raised),
            request.query,
        )
        space.stage.regime.show_regime(answer.regime, request.physics.ratio, answer.measured)
        self._ring(cursor)

    def show_rest(self, answer: "LiveAnswer", cursor: float) -> None:
        """The same answer in all other views."""
        from slap_studio.views.energy_plot import EnergyCurves
        from slap_studio.views.film import Neighbours
        from slap_studio.views.physics_panel import Figures
        from slap_studio.views.readout_plot import ReadoutAreas
        from slap_studio.views.steps_panel import StepCurves

        space = self.window.workspace
        assert space is not None
        request, energies = answer.request, answer.energies
        space.time.rows.show_path(
            EnergyCurves(answer.posed.times, energies.kinetic, energies.potential, answer.total),
            Neighbours(answer.posed.times, answer.nearest[:, 0], answer.similarity[:, 0], answer.alarm.raised),
        )
        space.time.rows.show_readout(ReadoutAreas(answer.posed.times, answer.readout.labels, answer.readout.shares))
        space.steps.show_curves(
            StepCurves(answer.along.action, answer.along.s_kin, answer.along.e_pot),
            min(request.descent.steps, len(answer.along.action) - 1),
            DESCENT_STATES.get(answer.status.name, ""),
            answer.status.value,
        )
        space.physics.show_figures(
            Figures(float(energies.action), float(energies.s_kin), float(energies.e_pot), answer.roughness)
        )
        self.window.top.query.show_unknown(answer.unknown_words)
        self._show_status(answer)
        self._show_beside()
        self._inspect(cursor)

    def show_measured(self, measured: "Measured") -> None:
        """What was measured on a path that is drawn, or was a moment ago."""
        from slap_studio.views.lights import Light

        space = self.window.workspace
        assert space is not None
        space.physics.lights.show_lights(
            tuple(
                Light(word, found.holds, found.value, found.relation, found.bound, f"{found.name}: {found.sentence}")
                for word, found in zip(LIGHTS, measured.certificates, strict=True)
            )
        )
        # A minimum drawn on another map than its own would lie anywhere.
        if measured.answer.request.picture is self._picture:
            space.stage.stage.show_minimum(measured.minimum_places)
        twins = measured.divergence
        words = "chaotic" if twins.chaotic else "not chaotic"
        period = f", period {twins.period}" if twins.period else ""
        space.stage.regime.show_twins(f"twin starts: {words}{period}", twins.sentence)

    def show_comparison(self, found: "Comparison") -> None:
        """The truth and other methods beside the path that is drawn."""
        self._comparison = found
        self._show_beside()

    def _show_beside(self) -> None:
        """As much of the last comparison as the session asks for, where it is of the path that is drawn."""
        from slap_studio.views.drift_plot import DriftCurves

        space, found, session = self.window.workspace, self._comparison, self._session
        if space is None:
            return
        space.stage.beside.show_chosen(compared=session.compared, revealed=session.revealed)
        clip = None if self._loaded is None else self._loaded.clip
        both = found is not None and found.answer.request.clip is clip and found.both
        space.stage.beside.offer_truths(offered=both, as_filmed=session.as_filmed)
        if found is None or found.answer is not self._answer or not (session.compared or session.revealed):
            space.stage.show_beside(None, ())
            space.time.rows.show_drift(None)
            return
        others = found.others if session.compared else ()
        space.stage.show_beside(
            found.truth_places if session.revealed else None, tuple((one.name, one.places) for one in others)
        )
        space.time.rows.show_drift(
            DriftCurves(
                found.answer.posed.times[1:-1], found.ours.angles, tuple((one.name, one.angles) for one in others),
                found.drift, found.truth.value,
            )
        )  # fmt: skip

    def fit_map(self) -> None:
        """Bring the whole map into view."""
        if self.window.workspace is not None:
            self.window.workspace.stage.stage.fit()

    def show_view(self, name: str) -> None:
        """Show the map, the bifurcation or the sweep on the stage."""
        if self.window.workspace is not None:
            self.window.workspace.stage.show_view(name)

    def needs_branches(self, answer: "LiveAnswer") -> bool:
        """Whether the bifurcation is in view and what it shows belongs to another problem than this path's."""
        space = self.window.workspace
        return space is not None and space.stage.view == "bifurcation" and problem_of_branches(answer) != self._branched

    def show_branches(self, branches: "Branches") -> None:
        """The branches of a path's problem."""
        space = self.window.workspace
        assert space is not None
        self._branched = problem_of_branches(branches.answer)
        space.stage.bifurcation.show_branches(branches.couplings, branches.heights)
        space.stage.bifurcation.show_coupling(branches.answer.request.physics.coupling)

    def show_cursor(self, time: float) -> None:
        """Point every view at a time."""
        self._ring(time)
        self._inspect(time)

    def _ring(self, time: float) -> None:
        """Ring what the cursor points at, on the map."""
        space = self.window.workspace
        if space is None or self._loaded is None:
            return
        index = self._latent_index(time)
        if self._answer is not None and index is not None:
            space.stage.stage.show_cursor(self._answer.places[index])
        elif self._picture is not None:
            space.stage.stage.show_cursor(self._picture.places[self._frame_index(time)])

    def _inspect(self, time: float) -> None:
        """Say what the cursor points at."""
        space, loaded = self.window.workspace, self._loaded
        if space is None or loaded is None:
            return
        space.time.rows.show_cursor(time)
        index = self._latent_index(time)
        if self._answer is not None and index is not None:
            space.inspector.show_inspected(self._latent(self._answer, loaded, index))
        elif self._picture is not None:
            space.inspector.show_inspected(self._observed(loaded, self._frame_index(time)))

    def _latent_index(self, time: float) -> int | None:
        """Which hidden latent of the drawn path is nearest to a time inside its gap."""
        answer = self._answer
        if answer is None or not answer.posed.times[0] < time < answer.posed.times[-1]:
            return None
        return int(np.abs(answer.posed.times[1:-1] - time).argmin()) + 1

    def show_frame(self, image: QImage, time: float, gap: Gap | None) -> None:
        """The frame that was fetched for a time."""
        space = self.window.workspace
        if space is None:
            return
        hidden = gap is not None and gap.start < time < gap.end
        space.video.show_frame(image, f"{'hidden' if hidden else 'observed'} · {time:.2f} s")

    def show_playing(self, playing: bool) -> None:
        """Whether the clip plays."""
        if self.window.workspace is not None:
            self.window.workspace.time.show_playing(playing)

    # ---- parts ----------------------------------------------------------------------------

    def _show_frames(self, picture: "Map", ground: "Ground", observed: NDArray[np.intp], *, refit: bool) -> None:
        from slap_studio.views.stage.pictures import MapPicture

        space = self.window.workspace
        assert space is not None
        extent = (ground.left, ground.right, ground.bottom, ground.top)
        space.stage.stage.show_map(MapPicture(picture.places[observed], observed, extent), refit=refit)

    def _show_ground(self, answer: "LiveAnswer") -> None:
        from slap_studio.views.stage.pictures import Landscape

        space = self.window.workspace
        assert space is not None
        ground = answer.request.ground
        extent = (ground.left, ground.right, ground.bottom, ground.top)
        space.stage.stage.show_ground(Landscape(extent, answer.potential, ground.support))

    def _show_status(self, answer: "LiveAnswer") -> None:
        assert self._loaded is not None
        hidden = len(answer.nearest)
        gap = answer.request.gap
        space = self.window.workspace
        assert space is not None
        space.time.show_summary(
            f"gap {gap.start:.2f}–{gap.end:.2f} s · {hidden} hidden latent{'s' if hidden != 1 else ''} · "
            f"{len(answer.posed.observed)} observed frames"
        )
        self._show_alarm(answer)
        self.window.show_status(
            f"{self._device.upper()} · {answer.request.horizon} steps in {1000 * answer.solution.seconds:.0f} ms · "
            f"{answer.status.value}"
        )

    def _show_alarm(self, answer: "LiveAnswer") -> None:
        """What does not fit together: another thing comes out than went in, or no frame is like the path."""
        space, read, alarm = self.window.workspace, answer.readout, answer.alarm
        assert space is not None
        words, hints = [], []
        if read.swapped:
            words.append(f"in: {read.entering}, out: {read.leaving}")
            hints.append("The observed frames before the gap do not read as those after it.")
        if alarm.raised.any():
            words.append(f"{alarm.raised.sum()} latents near no frame")
            hints.append(alarm.sentence)
        space.time.show_alarm(" · ".join(words), " ".join(hints))

    def _latent(self, answer: "LiveAnswer", loaded: ClipLoaded, index: int) -> "Inspected":
        from slap_studio.views.inspector import Inspected, Neighbour

        clip, energies = loaded.clip, answer.energies
        neighbours = tuple(
            Neighbour(loaded.thumbnails[frame], float(clip.times[frame]), float(similarity))
            for frame, similarity in zip(answer.nearest[index - 1], answer.similarity[index - 1], strict=True)
            if frame >= 0
        )
        kinetic = (energies.kinetic[index - 1] + energies.kinetic[index]) / 2
        rows = (
            ("Kinetic energy T", spoken(float(kinetic)), "Mean of the intervals on both sides of this latent."),
            ("Potential energy V", spoken(float(energies.potential[index])), POTENTIALS[answer.request.alignment]),
            (
                "Total energy H",
                spoken(float(answer.total[index])),
                "T + λP of the interval after it; constant along a true path.",
            ),
            (
                "Euler–Lagrange residual",
                spoken(float(answer.pulls[index - 1])),
                "Norm of the action's gradient at this latent: 0 where inertia and the query's pull are in balance.",
            ),
        )
        title = f"Latent {index} of {len(answer.nearest)}"
        return Inspected(title, float(answer.posed.times[index]), neighbours, rows)

    def _observed(self, loaded: ClipLoaded, index: int) -> "Inspected":
        from slap_studio.views.inspector import Inspected

        clip = loaded.clip
        anchors = () if self._answer is None else (self._answer.posed.gap.before, self._answer.posed.gap.after)
        kind = "Anchor" if index in anchors else "Observed"
        note = "A real frame: the solver may see it. Move the cursor into the gap to inspect an inferred latent."
        return Inspected(f"{kind}: frame {index + 1} of {len(clip.times)}", float(clip.times[index]), (), (), note)

    def _frame_index(self, time: float) -> int:
        assert self._loaded is not None
        return int(np.abs(self._loaded.clip.times - time).argmin())

    def frame_time(self, index: int) -> float:
        """Time in seconds of a sampled frame."""
        return float(self._loaded.clip.times[index]) if self._loaded is not None else 0.0

    def latent_time(self, index: int) -> float:
        """Time in seconds of a latent of the drawn path, the anchors included."""
        return float(self._answer.posed.times[index]) if self._answer is not None else 0.0

    def show_hover(self, found: tuple[str, int, QPointF]) -> None:
        """The frame under the pointer, or the one nearest to the latent there."""
        kind, index, point = found
        space, loaded = self.window.workspace, self._loaded
        if space is None or loaded is None:
            return
        if kind == "latent" and self._answer is not None:
            inner = min(max(index - 1, 0), len(self._answer.nearest) - 1)
            ends = {0: self._answer.posed.gap.before, len(self._answer.nearest) + 1: self._answer.posed.gap.after}
            index = ends.get(index, int(self._answer.nearest[inner, 0]))
        shown = kind != "" and index >= 0
        space.stage.preview(QPixmap.fromImage(loaded.thumbnails[index]) if shown else None, point)


def problem_of_branches(answer: "LiveAnswer") -> tuple[object, ...]:
    """Everything that the branches depend on: all of a request but its coupling and its steps."""
    request = answer.request
    physics = replace(request.physics, coupling=0.0)
    return (id(request.clip), request.query, request.gap, physics, request.descent.step_size, request.alignment)
