"""A lesson under way: moves the window from stage to stage, keeps what is locked, weighs what was predicted."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slap_studio.app.moving import Place, go_back, here, is_of, move_to
from slap_studio.app.opening import Opening
from slap_studio.lessons.figures import Figures, figures_of
from slap_studio.lessons.lesson import Asked, Lesson, Settings
from slap_studio.lessons.locks import WORDS, held, locked_fields
from slap_studio.lessons.progress import Progress, answer_of
from slap_studio.lessons.reading import read_lesson
from slap_studio.problems import UnusableInput
from slap_studio.session.state import Session

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.media.gap import Gap
    from slap_studio.views.lesson_panel import LessonPanel
    from slap_studio.views.lesson_parts import LessonParts


class Teaching(QObject):
    """Runs one lesson at a time in the controller's window."""

    stage_shown = Signal(int)
    ended = Signal()

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._awaited: Lesson | None = None
        self._before: Place | None = None
        self._panel: LessonPanel | None = None
        self._parts: LessonParts | None = None
        self._gap: Gap | None = None
        self.progress: Progress | None = None
        controller.clip_shown.connect(self._clip_shown)
        for told in (controller.path_shown, controller.measuring.measured, controller.comparing.compared):
            told.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether a lesson is under way."""
        return self.progress is not None

    # ---- beginning and ending -------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Begin the lesson of a file; one that cannot be used is refused in a sentence and changes nothing."""
        try:
            self.start(read_lesson(path))
        except UnusableInput as problem:
            self._controller.window.tell(str(problem), problem=True)

    def start(self, lesson: Lesson) -> None:
        """Open a lesson's clip, once unsaved work is seen to; its first stage follows when that is there."""
        if self.running:
            self._await(lesson)
            return
        self._controller.experimenting.leave()
        self._controller.keeping.leave(lambda: self._await(lesson))

    def _await(self, lesson: Lesson) -> None:
        if not self.running:
            self._before = here(self._controller)
        self._awaited = lesson
        self._controller.open(Opening(lesson.clip, lesson.query, lesson.gap))

    def leave(self) -> None:
        """End the lesson: every control, the theme and the user's own settings come back."""
        if not self.running:
            return
        self._release()
        if self._before is not None:
            go_back(self._controller, self._before)
        self._before = None

    def _clip_shown(self) -> None:
        lesson, self._awaited = self._awaited, None
        video = self._controller.session.video
        if lesson is not None and video == lesson.clip:
            self._begin(lesson)
        elif self.progress is not None and video != self.progress.lesson.clip:
            # Another clip was opened: the lesson makes way for it.
            self._release()
            self._before = None

    def _begin(self, lesson: Lesson) -> None:
        self._build()
        self.progress, self._gap = Progress(lesson), self._controller.session.gap
        self._controller.store.guard = self._guard
        self._controller.looks.wear(lesson.theme)
        self._controller.looks.show_side(self._panel)
        self.go_to(0)

    def _release(self) -> None:
        """The window as it is without a lesson."""
        controller = self._controller
        self.progress = None
        controller.store.guard = None
        if self._parts is not None:
            self._parts.release()
        controller.looks.show_side(None)
        self._controller.looks.wear(None)
        self.ended.emit()

    def _build(self) -> None:
        """The panel, once, and the parts of the window as they are now."""
        from slap_studio.views.lesson_panel import LessonPanel
        from slap_studio.views.lesson_parts import LessonParts

        window = self._controller.window
        assert window.workspace is not None
        if self._parts is None:
            self._parts = LessonParts(window, window.workspace, window.theme)
            window.themed.connect(self._parts.set_theme)
        if self._panel is None:
            self._panel = LessonPanel(window.theme)
            self._panel.back_asked.connect(lambda: self._go_by(-1))
            self._panel.next_asked.connect(lambda: self._go_by(1))
            self._panel.predicted.connect(self.predict)
            self._panel.reveal_asked.connect(self.reveal)
            self._panel.leave_asked.connect(self.leave)
            window.themed.connect(self._panel.set_theme)

    # ---- what the student asks ------------------------------------------------------------

    def go_to(self, index: int) -> None:
        """To a stage: everything moves to what it asks for."""
        if self.progress is None:
            return
        self.progress = self.progress.at(index)
        self._move(from_the_start=True)
        self._show()
        self.stage_shown.emit(self.progress.index)

    def predict(self, text: str) -> None:
        """Keep an answer to the stage's question, as it was typed, chosen or dragged."""
        if self.progress is None or self.progress.stage.predict is None:
            return
        predict = self.progress.stage.predict
        try:
            answer = self._dragged() if predict.asked is Asked.SLIDER else answer_of(predict, text)
        except UnusableInput as problem:
            self._controller.window.tell(str(problem), problem=True)
            return
        self.progress = self.progress.predicted(answer)
        self._show()

    def reveal(self) -> None:
        """Uncover what was hidden, and set what the reveal asks for; what it says comes once that is measured."""
        if self.progress is None:
            return
        self.progress = self.progress.opened()
        self._move(from_the_start=False)
        self._show()
        self._look()

    def _go_by(self, by: int) -> None:
        progress = self.progress
        if progress is not None and by > 0 and progress.index + 1 == len(progress.lesson.stages):
            self.leave()
        elif progress is not None:
            self.go_to(progress.index + by)

    def _dragged(self) -> float:
        """Where the slider stands that the question is about."""
        assert self.progress is not None
        assert self.progress.stage.predict is not None
        session, name = self._controller.session, self.progress.stage.predict.control
        of = session.descent if name in ("steps", "step_size") else session.physics
        return float(getattr(of, name or ""))

    # ---- the window -----------------------------------------------------------------------

    def _move(self, *, from_the_start: bool) -> None:
        """To the stage's settings, or only to those that its reveal adds."""
        progress = self.progress
        assert progress is not None
        revealed = progress.revealed and progress.stage.reveal is not None
        if from_the_start:
            settings = progress.lesson.settings_at(progress.index, revealed=revealed)
            settings = Settings(view="map", curve="energy").then(settings)
        else:
            settings = progress.stage.reveal.settings if progress.stage.reveal is not None else Settings()
        move_to(self._controller, settings, self._plain if from_the_start else None)

    def _guard(self, old: Session, new: Session) -> Session:
        """What is locked stays as it is, by whatever way it was asked for."""
        if self.progress is None or new.video != old.video:
            return new
        access = self.progress.lesson.controls_at(self.progress.index)
        kept, names = held(locked_fields(access), old, new)
        if names:
            told = " and ".join(WORDS[name] for name in names)
            self._controller.window.tell(f"The lesson keeps {told} as it is.", problem=False)
        return kept

    def _show(self) -> None:
        if self.progress is None or self._panel is None or self._parts is None:
            return
        access = self.progress.lesson.controls_at(self.progress.index)
        self._parts.show_access(access)
        self._parts.cover(() if self.progress.revealed else self.progress.stage.hide)
        self._panel.show_page(self.progress.page(self._figures()))

    # ---- what was measured ----------------------------------------------------------------

    def _figures(self) -> Figures:
        """Of the path that is drawn, if it is the one that the session asks for."""
        drawn = self._controller.presenter.drawn
        if drawn.answer is None or not is_of(drawn.answer, self._controller.session):
            return {}
        return figures_of(drawn.answer, drawn.measured, drawn.comparison)

    def _look(self, _told: object = None) -> None:
        """Hold the stage's task and question to what is known by now."""
        if self.progress is None or self._panel is None:
            return
        figures = self._figures()
        self.progress = self.progress.seen(figures)
        self._panel.show_page(self.progress.page(figures))

    def _plain(self, session: Session) -> Session:
        """The clip with the lesson's gap, and everything else as the paper has it."""
        gap = self._gap
        middle = session.cursor if gap is None else (gap.start + gap.end) / 2
        return Session(video=session.video, encoder=session.encoder, gap=gap, cursor=middle)
