"""Joins the session, the lanes and the views. All of it runs on the window's thread; the work does not."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slap_studio.app.alarms import Alarms
from slap_studio.app.allocation import give_back
from slap_studio.app.beginning import anew, first_gaps, of_file
from slap_studio.app.candidates import Candidates
from slap_studio.app.choosing import Choosing
from slap_studio.app.comparing import Comparing
from slap_studio.app.courtesy import Courtesy
from slap_studio.app.cutting import Cutting
from slap_studio.app.experimenting import Experimenting
from slap_studio.app.exporting import Exporting
from slap_studio.app.frames import FrameRequest, Frames
from slap_studio.app.gaps import Gaps
from slap_studio.app.globing import Globing
from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.keeping import Keeping
from slap_studio.app.looks import Looks
from slap_studio.app.measuring import Measuring
from slap_studio.app.opening import Opening
from slap_studio.app.pinning import Pinning
from slap_studio.app.playing import Playing
from slap_studio.app.present import Presenter
from slap_studio.app.quiet import QuietMoment
from slap_studio.app.readying import Readying
from slap_studio.app.settings import Settings
from slap_studio.app.stepping import Stepping
from slap_studio.app.sweeping import Sweeping
from slap_studio.app.tasks import Tasks
from slap_studio.app.teaching import Teaching
from slap_studio.app.undoing import Undoing
from slap_studio.app.waiting import Waiting
from slap_studio.app.work import ClipLoaded, ClipRequest, Engine, Mapper, MapRequest, VideoWanted
from slap_studio.core.times import nearest_index
from slap_studio.core.types import AlignmentKind
from slap_studio.encoders import BUILT_IN, BUILT_IN_LABEL
from slap_studio.problems import UnusableInput
from slap_studio.session.state import Session
from slap_studio.session.store import Store
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.core.landscape import Ground
    from slap_studio.core.projection import Map

PATIENCE = 0.2  # seconds that a solve may take when a newer one waits: a short one is drawn, a long one given up
FRAME_PATIENCE = 2.0  # seconds likewise, for a frame that is far from any key frame


class Controller(QObject):
    """Changes the session when a hand asks, asks the lanes when the session changed, draws what came back."""

    clip_shown = Signal()
    path_shown = Signal(object)
    map_shown = Signal(str)

    def __init__(self, window: Window, settings: Settings) -> None:
        super().__init__()
        self.window = window
        self.settings = settings
        self.store = Store()
        self.undoing = Undoing(self.store)
        self.presenter = Presenter(window)
        self.looks = Looks(window, settings, self.undoing.gestures)
        self._opening = Opening()
        self._mapper = Mapper()
        self._frames = Frames()
        self.tasks = Tasks(window.show_jobs)
        self._engine = Engine(lambda text, share: self.waiting.opening.progress(share, text), self._offer)
        self.lanes = {
            "clip": Lane("opening the video", self._engine.load, patience=0.0),
            "solve": Lane("solving", self._engine.solve, patience=PATIENCE),
            "map": Lane("fitting the map", self._mapper.fit, patience=0.0),
            "frame": Lane("fetching a frame", self._frames.fetch, patience=FRAME_PATIENCE),
        }
        self.machine = self._engine.machine
        self.measuring = Measuring(self.presenter, window, self._engine.folds)
        self.waiting = Waiting(self.tasks, window, self.lanes, lambda: self._loaded is not None)
        self.comparing = Comparing(self.presenter, window, self._engine, self.tasks)
        self.sweeping = Sweeping(window, self.tasks, self._engine)
        self.globing = Globing(window, self._mapper, self.tasks)
        self.globing.fitted.connect(self._ask_for_path)
        self.readying = Readying(window, self._engine)
        self.keeping = Keeping(self)
        self.exporting = Exporting(self)
        self.lanes |= self.keeping.lanes
        self.playing = Playing(self)
        self.stepping = Stepping(self)
        self.gaps = Gaps(self)
        self.alarms = Alarms(self)
        self.pinning = Pinning(self)
        self.candidates = Candidates(self)
        self.choosing = Choosing(self)
        self.teaching, self.experimenting = Teaching(self), Experimenting(self)
        self.lanes |= self.measuring.lanes | {"compare": self.comparing.lane, "sweep": self.sweeping.lane}
        self.lanes["export"], self.lanes["cuts"] = self.exporting.lane, Cutting(self).lane
        self.lanes |= {"globe": self.globing.lane, "encoder": self.readying.lane}
        self._loaded: ClipLoaded | None = None
        self._unmapped = False
        self._picture: Map | None = None
        self._ground: Ground | None = None
        self._listen()
        QuietMoment(self.lanes, give_back, self)
        Courtesy(window, self.lanes.values(), first=self.lanes["solve"], unpainted=lambda: window.painting.held)

    def _listen(self) -> None:
        self.store.changed.connect(self._session_changed)
        self.lanes["clip"].answered.connect(self._clip_answered)
        self.lanes["solve"].answered.connect(self._solve_answered)
        self.lanes["solve"].settled.connect(self._solve_settled)
        self.lanes["map"].answered.connect(self._map_answered)
        self.lanes["frame"].answered.connect(self._frame_answered)

    # ---- opening --------------------------------------------------------------------------

    def open(self, opening: Opening) -> None:
        """Begin to open a video; the present one stays until the new one is there."""
        if opening.video is None:
            return
        self._opening = opening
        self.waiting.opening.begin(f"Opening {opening.video.name}")
        # First, so that its libraries load while the workspace is built.
        self.lanes["clip"].ask(ClipRequest(opening.video, opening.encoder, recovered=opening.recovered))
        self.window.build_workspace()
        if self._loaded is None:
            self.presenter.show_loading(opening.video)

    def warm_up(self) -> None:
        """Use the time in which somebody reads the welcome page."""
        self._mapper.warm_up()

    def hurry(self) -> None:
        """No hand is at this window: its map need not make way for one."""
        self._mapper.gently = False

    def close(self) -> None:
        """End all work."""
        self.playing.stop()
        self.tasks.stop()
        self.undoing.stop()
        self.keeping.stop()
        self.stepping.stop()
        self.measuring.stop()
        self.comparing.stop()
        self.sweeping.make_way()
        for lane in self.lanes.values():
            lane.close()
        self._mapper.close()

    @property
    def picture(self) -> "Map | None":
        """The map of the present clip."""
        return self._picture

    @property
    def session(self) -> Session:
        """What holds now."""
        return self.store.session

    @property
    def loaded(self) -> ClipLoaded | None:
        """The open clip."""
        return self._loaded

    def _clip_answered(self, answer: Answer) -> None:
        self.waiting.opening.end()
        if answer.problem is not None:
            self._clip_refused(answer.request, answer.problem)
            return
        if isinstance(answer.value, VideoWanted):
            self.keeping.want_video(answer.request, answer.value)
            return
        loaded: ClipLoaded = answer.value
        opening = self._opening
        gaps = first_gaps(loaded, opening, lambda sentence: self.window.tell(sentence, problem=True))
        query = opening.query if opening.query is not None else loaded.suggested_query or self.session.query
        self._loaded, self._picture, self._ground = loaded, loaded.picture, loaded.ground
        self.measuring.forget()
        self.comparing.forget()
        self.sweeping.forget()
        self.globing.forget()
        self.window.show_workspace(loaded.clip.info.path)
        self.presenter.show_clip(loaded, self._engine.device)
        before = self.session
        fresh = of_file(loaded, query, gaps) or anew(loaded, answer.request, query, gaps, before)
        notes = list(loaded.clip.notes)
        if before.alignment is AlignmentKind.LEARNED and loaded.clip.encoder != BUILT_IN_LABEL:
            notes.append("The learned alignment knows the built-in encoder's latents only, so the cosine is used.")
        self.store.begin(fresh)
        self.keeping.begin(answer.request, loaded, before)
        self.window.show_recent(self.settings.recent)
        self._unmapped = True
        # Opened again with nothing changed, the session is equal and tells nobody; draw it all the same.
        self.presenter.show_gaps(fresh)
        self._ask_for_path()
        self._ask_for_frame()
        if notes:
            self.window.tell(" ".join(notes), problem=False)
        self.clip_shown.emit()

    def _clip_refused(self, request: ClipRequest, problem: str) -> None:
        self.window.tell(problem, problem=True)
        if self._loaded is None:
            if request.encoder != BUILT_IN:
                # Going on without the encoder that was asked for is better than no studio at all.
                self._opening = replace(self._opening, encoder=BUILT_IN)
                self.lanes["clip"].ask(ClipRequest(request.path, BUILT_IN))
                return
            self.window.show_welcome()

    def _offer(self, request: object, answer: object) -> None:
        """From the solve lane's thread: what a long solve has found so far."""
        self.lanes["solve"].offer(request, answer)

    # ---- the session changed ---------------------------------------------------------------

    def _session_changed(self, new: Session, old: Session) -> None:
        self.presenter.show_session(new, old)
        self.comparing.want(new)
        # What no path depends on.
        unseen: dict[str, object] = {
            "look": new.look, "cursor": 0.0, "revealed": False, "compared": False, "as_filmed": False, "pins": (),
        }  # fmt: skip
        placed_anew = new.look.placing != old.look.placing
        if placed_anew or replace(new, **unseen) != replace(old, **unseen):  # type: ignore[arg-type]
            self._ask_for_path()
        if (new.cursor, new.video) != (old.cursor, old.video):
            self._ask_for_frame()
            self.presenter.show_cursor(new.cursor)

    def _ask_for_path(self) -> None:
        from slap_studio.live import LiveRequest

        session = self.session
        if self._loaded is None or session.gap is None or self._picture is None or self._ground is None:
            return
        self.sweeping.make_way()
        self.measuring.make_way()
        if not session.query:
            self.lanes["solve"].drop()
            self.presenter.show_no_query(self._picture, self._ground, session.gaps)
            self._ask_for_map()
            return
        self.lanes["solve"].ask(
            LiveRequest(
                self._loaded.clip, self._picture, self._ground, session.query, session.gap, session.physics,
                session.descent, session.alignment, session.candidates, session.horizon, session.elsewhere,
                *session.look.placing, self.globing.globe_of(self._loaded.clip),
            )
        )  # fmt: skip

    def _ask_for_map(self) -> None:
        """Once per clip, after the first picture: UMAP takes a core for seconds."""
        if self._loaded is not None and self._unmapped:
            self._unmapped = False
            self.lanes["map"].ask(MapRequest(self._loaded.clip))
            self.waiting.map.begin()

    def _ask_for_frame(self) -> None:
        loaded, cursor = self._loaded, self.session.cursor
        if loaded is not None and loaded.without_video:
            self.presenter.show_frame(loaded.thumbnail(cursor), cursor, self.session.gaps)
        elif loaded is not None and self.session.video is not None:
            clip = loaded.clip
            self.lanes["frame"].ask(FrameRequest(self.session.video, cursor, clip.mark, clip.content))

    # ---- answers ---------------------------------------------------------------------------

    def _solve_answered(self, answer: Answer) -> None:
        if self._loaded is None or answer.request.clip is not self._loaded.clip:
            return
        if answer.problem is not None:
            self.window.tell(answer.problem, problem=True)
            return
        self.presenter.show_answer(answer.value, self.session.cursor)
        self.path_shown.emit(answer.value)

    def _solve_settled(self, answer: Answer) -> None:
        if self._loaded is None or answer.problem is not None or answer.request.clip is not self._loaded.clip:
            return
        self.measuring.look_at(answer.value)
        self.comparing.look_at(answer.value)
        self.sweeping.look_at(answer.value)
        self.globing.look_at(answer.value)
        self.readying.look_at(answer.value)
        self._ask_for_map()

    def _map_answered(self, answer: Answer) -> None:
        if self._loaded is None or answer.request.clip is not self._loaded.clip:
            return
        self.waiting.map.end()
        if answer.problem is not None:
            self.window.tell(f"{answer.problem} The PCA map stays.", problem=True)
            return
        picture, self._ground = answer.value
        self._picture = picture
        self.presenter.show_map(picture, final=True)
        self._ask_for_path()
        self.map_shown.emit(picture.kind.value)

    def _frame_answered(self, answer: Answer) -> None:
        if self._loaded is None or answer.request.path != self.session.video:
            return
        if answer.problem is not None:
            # From here on the clip's own thumbnails, which are of the file that was opened.
            self.window.tell(answer.problem, problem=True)
            self._loaded = replace(self._loaded, without_video=True)
            self._ask_for_frame()
        else:
            self.presenter.show_frame(answer.value, answer.request.time, self.session.gaps)

    # ---- what hands ask --------------------------------------------------------------------

    def change(self, **changes: object) -> None:
        """Change fields of the session; what cannot be is said and changes nothing."""
        try:
            self.store.update(lambda session: replace(session, **changes))  # type: ignore[arg-type]
        except UnusableInput as problem:
            self.window.tell(str(problem), problem=True)

    def move_cursor(self, time: float, *, by_hand: bool = True) -> None:
        """Point all views at a time; where a hand asked for it, the timeline goes there."""
        if self._loaded is not None:
            self.change(cursor=min(max(time, 0.0), float(self._loaded.clip.times[-1])))
            if by_hand:
                self.presenter.bring_into_sight(self.session.cursor, self.session.cursor)

    def step_cursor(self, by: int) -> None:
        """One sampled frame on or back."""
        if self._loaded is None:
            return
        times = self._loaded.clip.times
        here = nearest_index(times, self.session.cursor)
        self.move_cursor(float(times[min(max(here + by, 0), len(times) - 1)]))

    def jump(self, where: str) -> None:
        """To the "start", the "end", or a tenth "0".."9" of the clip."""
        if self._loaded is None:
            return
        last = float(self._loaded.clip.times[-1])
        self.move_cursor({"start": 0.0, "end": last}.get(where, last * (int(where) / 10 if where.isdigit() else 0)))

    def choose_encoder(self, name: str) -> None:
        """Embed the present clip with another encoder."""
        if self.session.video is None:
            self.window.tell("Open a video first, then choose the encoder for it.", problem=False)
            return
        session = self.session
        self.open(Opening(session.video, session.query, None, name, gaps=session.gaps))

    def forget_recent(self) -> None:
        """Empty the list of files opened before."""
        self.settings.forget_recent()
        self.window.show_recent(self.settings.recent)

    def fit_map(self) -> None:
        """Fit the map of the present clip once more."""
        self._unmapped = True
        self._ask_for_map()

    def go_home(self) -> None:
        """Show the welcome page; the clip stays open behind it."""
        self.window.show_recent(self.settings.recent)
        self.window.show_welcome()

    def open_file(self, path: Path) -> None:
        """Open a file with the present encoder; a lesson begins."""
        path = Path(path)
        if path.suffix.lower() == ".json":
            self.teaching.open_file(path)
        else:
            self.keeping.leave(lambda: self.open(Opening(path, encoder=self.session.encoder)))
