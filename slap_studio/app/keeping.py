"""Keeps work: saves sessions, opens them again, and asks before unsaved work is left."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slap_studio.app import dialogs
from slap_studio.app.desk import Standing
from slap_studio.app.dialogs import Leaving
from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.recovery import Recovery
from slap_studio.app.saving import SaveRequest, save
from slap_studio.app.work import ClipLoaded, ClipRequest, VideoWanted
from slap_studio.resources import sample_videos
from slap_studio.session.file import SUFFIX, is_session
from slap_studio.session.history import same_work
from slap_studio.session.state import Session

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


class Keeping(QObject):
    """Knows which file the work belongs to, and whether it holds all of it.

    Attributes
    ----------
    file
        The session file, or None for work that was never saved.
    """

    saved = Signal(object)

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self.file: Path | None = None
        self.standing = Standing(controller)
        self.recovery = Recovery(self, controller)
        self._controller = controller
        self._window = controller.window
        self._saved: Session | None = None
        self._attended = self._leaving = False
        self._task = controller.tasks.task("Saving the session")
        self.lanes = {"save": Lane("saving the session", save, patience=float("inf"))}
        self.lanes["save"].answered.connect(self._answered)
        self.lanes |= self.recovery.lanes
        controller.store.changed.connect(self._changed)

    @property
    def unsaved(self) -> bool:
        """Whether closing now would lose something; what a lesson sets is nobody's work."""
        session = self._controller.session
        if self._controller.teaching.running:
            return False
        return session.video is not None and (self._saved is None or not same_work(session, self._saved))

    @property
    def name(self) -> str:
        """What the work is called: its file, or the video that it is on."""
        path = self.file or self._controller.session.video
        return path.name if path is not None else ""

    def attend(self) -> None:
        """Somebody sits at the window: ask before unsaved work is left, and keep it against a crash."""
        self._attended = True
        self._window.may_close = self._may_close
        self.recovery.begin()

    def nothing_to_lose(self) -> None:
        """What is shown now is nobody's work yet."""
        self._saved = self._controller.session
        self._show()

    def stop(self) -> None:
        """The window is closed, and what was to be saved is."""
        self._attended = False
        self.recovery.stop()

    # ---- opening --------------------------------------------------------------------------

    def begin(self, request: ClipRequest, loaded: ClipLoaded, before: Session) -> None:
        """Other work is open: a video, a session, the same video with another encoder, or what a crash left behind."""
        session, document = self._controller.session, loaded.document
        self.standing.begin(document.desk if document is not None else None)
        if document is not None:
            self.file = (Path(document.file) if document.file else None) if request.recovered else request.path
            self._saved = None if request.recovered else session
        elif before.video != session.video or before.encoder == session.encoder:
            self.file, self._saved = None, session
        if not request.recovered:
            self._controller.settings.add_recent(self.file or request.path)
        self._show()
        self.recovery.opened(request)

    def want_video(self, request: ClipRequest, wanted: VideoWanted) -> None:
        """A session's video is not where it was: ask for it, once the lane is through with its answer."""
        QTimer.singleShot(0, self, lambda: self._find_video(request, wanted))

    def _find_video(self, request: ClipRequest, wanted: VideoWanted) -> None:
        """Without its video a session may still show what it holds."""
        video = wanted.document.session.video
        assert video is not None
        found = dialogs.ask_for_moved_video(self._window, video, request.path.parent)
        if found is None and wanted.document.clip is None:
            self._window.tell(
                f"The video {video.name} was not found, and without it this work cannot be shown; it is kept.",
                problem=True,
            )
            self._controller.go_home()
            return
        if found is None:
            self._window.tell(
                f"The video {video.name} is not there: its latents are drawn, and its frames are thumbnails.",
                problem=False,
            )
        self._controller.lanes["clip"].ask(
            ClipRequest(request.path, request.encoder, found, found is None, request.recovered)
        )

    # ---- saving ---------------------------------------------------------------------------

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save into the session's file; where there is none yet, ask for one."""
        if self.file is None:
            self.save_as(then)
        else:
            self._write(self.file, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a file and save into it."""
        video = self._controller.session.video
        if video is None:
            return
        path = dialogs.ask_where_to_save(self._window, self.file or _place_for(video))
        if path is not None:
            self._write(path if is_session(path) else path.with_name(path.name + SUFFIX), then)

    def leave(self, then: Callable[[], object]) -> None:
        """Go on to something else once unsaved work is saved or given up; or stay, if that is what was answered."""
        if not (self._attended and self.unsaved):
            then()
            return
        answer = dialogs.ask_to_save(self._window, self.name)
        if answer is Leaving.SAVE:
            self.save(then)
        elif answer is Leaving.DISCARD:
            then()

    def _may_close(self) -> bool:
        """Whether the window may be closed at once; if not, it is closed when the answer is there."""
        if self._leaving or not (self._attended and self.unsaved):
            return True
        answer = dialogs.ask_to_save(self._window, self.name)
        if answer is Leaving.SAVE:
            self.save(self._close)
        return answer is Leaving.DISCARD

    def _close(self) -> None:
        self._leaving = True
        self._window.close()

    def _write(self, path: Path, then: Callable[[], object] | None) -> None:
        loaded = self._controller.loaded
        if loaded is None:
            return
        self._task.begin()
        self.lanes["save"].ask(SaveRequest(path, self._controller.session, loaded.clip, self.standing.now(), then=then))

    def _answered(self, answer: Answer) -> None:
        self._task.end()
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
            return
        request: SaveRequest = answer.request
        if request.session.video == self._controller.session.video:
            self.file, self._saved = request.path, request.session
        self._controller.settings.add_recent(request.path)
        self._window.show_recent(self._controller.settings.recent)
        self._show()
        self.recovery.look()
        self.saved.emit(request.path)
        if request.then is not None:
            request.then()

    def _changed(self, _new: Session, _old: Session) -> None:
        self._mark()
        self.recovery.look()

    def _show(self) -> None:
        self._window.show_name(self.name)
        self._mark()

    def _mark(self) -> None:
        unsaved = self.unsaved
        # Told what it knows, Qt writes the title anew.
        if unsaved != self._window.isWindowModified():
            self._window.setWindowModified(unsaved)


def _place_for(video: Path) -> Path:
    """Where work on a video is saved unless somebody chooses otherwise: beside it, if that is a folder of theirs."""
    theirs = video.parent != sample_videos() and os.access(video.parent, os.W_OK)
    return (video.parent if theirs else Path.home()) / f"{video.stem}{SUFFIX}"
