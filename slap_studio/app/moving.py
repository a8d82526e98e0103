"""Moves the window to what a lesson or an experiment asks for, and back to where the user was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.app.opening import Opening
from slap_studio.lessons.lesson import Settings
from slap_studio.session.history import History
from slap_studio.session.state import Session

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.live import LiveAnswer


@dataclass(frozen=True)
class Place:
    """Where the user was: the session, its history and its file, and what the stage and the time band showed."""

    session: Session
    history: History
    file: Path | None
    view: str
    curve: str


def here(controller: "Controller") -> Place:
    """Where the user is."""
    space = controller.window.workspace
    if space is None:
        return Place(controller.session, controller.store.history, None, "map", "energy")
    own = controller.session, controller.store.history, controller.keeping.file
    return Place(*own, space.stage.view, space.time.rows.curves.shown)


def is_of(answer: "LiveAnswer", session: Session) -> bool:
    """Whether a drawn path is the answer to a session."""
    asked = answer.request
    return (
        (asked.clip.info.path, asked.query, asked.gap, asked.physics, asked.descent, asked.alignment, asked.candidates)
        == (session.video, session.query, session.gap, session.physics, session.descent, session.alignment,
            session.candidates)
    )  # fmt: skip


def move_to(controller: "Controller", settings: Settings, begin: Callable[[Session], Session] | None = None) -> None:
    """Set what is given, perhaps from another session than the present one; nothing of what was before is undone."""
    session = controller.session
    controller.store.begin(settings.moved(begin(session) if begin else session))
    space = controller.window.workspace
    if settings.view is not None and space is not None and settings.view != space.stage.view:
        controller.choosing.view(settings.view)
    if settings.curve is not None and space is not None:
        space.time.rows.curves.show_curve(settings.curve)


def go_back(controller: "Controller", place: Place) -> None:
    """Everything as it was; a clip that was left is opened again."""
    before = place.session
    if before.video is None:
        fresh = Session()
        move_to(controller, Settings(view=place.view, curve=place.curve), lambda now: replace(
            now, physics=fresh.physics, descent=fresh.descent, alignment=fresh.alignment, candidates=(),
            revealed=False, compared=False,
        ))  # fmt: skip
        controller.keeping.nothing_to_lose()
    elif place.file is not None and before.video != controller.session.video:
        controller.open(Opening(place.file, encoder=before.encoder))
    elif before.video == controller.session.video and before.encoder == controller.session.encoder:
        _return_to(controller, place)
    else:
        _open_again(controller, place)


def _return_to(controller: "Controller", place: Place) -> None:
    move_to(controller, Settings(view=place.view, curve=place.curve), lambda _now: place.session)
    controller.store.history = place.history


def _open_again(controller: "Controller", place: Place) -> None:
    before, gap = place.session, place.session.gap

    def shown() -> None:
        controller.clip_shown.disconnect(shown)
        if controller.session.video == before.video:
            _return_to(controller, place)

    controller.clip_shown.connect(shown)
    hide = f"{gap.start}:{gap.end}" if gap is not None else None
    controller.open(Opening(before.video, before.query, hide, before.encoder))
