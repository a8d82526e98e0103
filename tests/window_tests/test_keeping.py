"""Sessions in the real window: saved, opened again, refused, looked for, asked about."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt

from slap_studio.app import dialogs
from slap_studio.app.dialogs import Leaving
from slap_studio.app.jobs import Answer
from slap_studio.app.work import MapRequest
from slap_studio.core.landscape import survey
from slap_studio.core.projection import fit_pca
from slap_studio.session.document import LONGEST_HORIZON
from slap_studio.session.file import read_session
from slap_studio.session.history import same_work
from slap_studio.session.state import HORIZONS
from tests.window_tests.studio import Studio, typed

pytestmark = pytest.mark.window

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], list[object]]:
    """Let a dialog give answers, one after the other, as if a hand had; give the list of what it was not asked for."""

    def answer(name: str, *given: object) -> list[object]:
        left = list(given)
        monkeypatch.setattr(dialogs, name, lambda *_arguments: left.pop(0))
        return left

    return answer


@pytest.fixture
def own(studio: Studio, small_clip: Path, tmp_path: Path) -> Studio:
    """A clip of the test's own, in an active window."""
    video = tmp_path / "clips" / "own.mp4"
    video.parent.mkdir()
    video.write_bytes(small_clip.read_bytes())
    studio.open(video)
    studio.settle()
    studio.window.activateWindow()
    studio.wait(studio.window.isActiveWindow)
    return studio


def saved(studio: Studio, path: Path, answers: Callable[..., object]) -> None:
    answers("ask_where_to_save", path)
    studio.window.setFocus()
    with studio.qtbot.waitSignal(studio.controller.keeping.saved, timeout=20_000):
        studio.press(Qt.Key.Key_S, CONTROL)


def opened_again(studio: Studio, path: Path) -> None:
    with studio.qtbot.waitSignal(studio.controller.clip_shown, timeout=60_000):
        studio.drop(path)


def test_a_session_is_saved_and_opened_again_as_it_was(own: Studio, tmp_path: Path, answers) -> None:
    typed(own.space.physics.coupling.field, "2.5")
    own.press(Qt.Key.Key_R)
    own.controller.choosing.steps(150)
    before = own.settle()
    own.wait(lambda: own.window.isWindowModified())
    session = own.session
    path = tmp_path / "mein Versuch.slap"
    saved(own, path, answers)
    assert not own.window.isWindowModified()
    assert own.window.windowTitle() == "mein Versuch.slap[*] – SLAP Studio"
    assert read_session(path).session == session
    typed(own.window.top.query, "a blue ball")
    own.controller.move_cursor(0.3)
    assert own.window.isWindowModified()
    own.window.setFocus()
    own.press(Qt.Key.Key_Z, CONTROL)
    assert not own.window.isWindowModified()
    own.controller.choosing.preset(10.0)
    # The next one needs no question: there is a file.
    own.controller.choosing.reset()
    opened_again(own, path)
    after = own.settle()
    assert own.session == session
    assert own.controller.undoing.why_no_undo()
    assert np.allclose(after.latents, before.latents, atol=1e-6)
    assert not own.window.isWindowModified()
    assert own.controller.settings.recent[0] == path
    assert own.window.top.query.text() == "a red cube"


def test_view_panels_and_camera_come_back(own: Studio, tmp_path: Path, answers) -> None:
    def mapped() -> None:
        clip = own.controller.loaded.clip
        picture = fit_pca(clip.latents)
        before = len(own.answers)
        own.controller.lanes["map"].answered.emit(Answer(MapRequest(clip), (picture, survey(picture))))
        own.wait(lambda: any(answer.request.picture is picture for answer in own.answers[before:]))

    mapped()
    stage, camera = own.space.stage, (0.1, -0.2, 0.3, 0.2)
    stage.stage.show_camera(camera)
    seen = stage.stage.camera
    own.controller.choosing.view("bifurcation")
    own.space.toggle_panel("inspector")
    path = tmp_path / "work.slap"
    saved(own, path, answers)
    own.controller.choosing.view("map")
    own.space.toggle_panel("inspector")
    stage.stage.fit()
    opened_again(own, path)
    assert stage.view == "bifurcation"
    assert not own.space.panel_shown("inspector")
    own.controller.choosing.view("map")
    mapped()
    assert stage.stage.camera == pytest.approx(seen)


def test_what_is_no_session_leaves_the_open_work_as_it_was(own: Studio, tmp_path: Path, answers) -> None:
    path = tmp_path / "work.slap"
    saved(own, path, answers)
    own.controller.choosing.preset(5.0)
    own.settle()
    session, undone = own.session, own.controller.undoing.undo_text()
    path.write_bytes(path.read_bytes()[:-100])
    assert own.drop(path)
    own.wait(lambda: "cut off or damaged" in own.window.message.text)
    assert own.session == session
    assert own.controller.undoing.undo_text() == undone
    assert own.window.isWindowModified()
    own.controller.choosing.preset(10.0)
    assert own.settle().request.physics.coupling == 10.0


def test_a_video_that_moved_is_found_asked_for_checked_and_done_without(
    own: Studio, small_clip: Path, tmp_path: Path, answers
) -> None:
    video, path = own.session.video, tmp_path / "work.slap"
    own.controller.choosing.preset(5.0)
    saved(own, path, answers)
    session, before = own.session, own.settle()
    # Beside the session file: nothing is asked.
    beside = tmp_path / "own.mp4"
    video.rename(beside)
    opened_again(own, path)
    assert own.session.video == beside
    # Frames of it that are still to be fetched would be missed, and that said, after what is held here.
    own.wait(lambda: all(lane.idle for lane in own.controller.lanes.values()))
    # Elsewhere, and another file is given first.
    away, other = tmp_path / "away" / "renamed.mp4", tmp_path / "other.mp4"
    away.parent.mkdir()
    beside.rename(away)
    other.write_bytes(away.read_bytes() + b"x")
    answers("ask_for_moved_video", other)
    own.drop(path)
    own.wait(lambda: "is not the own.mp4" in own.window.message.text)
    assert own.session.video == beside
    answers("ask_for_moved_video", away)
    opened_again(own, path)
    assert own.session.video == away
    assert same_work(own.session, own.controller.keeping._saved)
    # Nowhere: what the session holds is drawn, with thumbnails for frames.
    answers("ask_for_moved_video", None)
    opened_again(own, path)
    after = own.settle()
    assert (own.session.physics, own.session.gap, own.session.query) == (session.physics, session.gap, session.query)
    assert np.allclose(after.latents, before.latents, atol=1e-6)
    assert "thumbnails" in own.window.message.text
    own.controller.move_cursor(3.9)
    own.wait(lambda: "observed · 3.90 s" in own.space.video.accessibleName())


def test_unsaved_work_is_asked_about_before_it_is_left(own: Studio, tmp_path: Path, small_clip: Path, answers) -> None:
    own.controller.keeping.attend()
    assert own.window.may_close()
    own.controller.choosing.preset(5.0)
    left = answers("ask_to_save", Leaving.CANCEL, Leaving.CANCEL, Leaving.DISCARD, Leaving.SAVE)
    own.window.close()
    assert own.window.isVisible()
    own.drop(small_clip)
    assert own.session.physics.coupling == 5.0
    assert len(left) == 2
    opened_again(own, small_clip)
    assert own.session.video == small_clip
    own.controller.choosing.preset(10.0)
    path = tmp_path / "at the end.slap"
    answers("ask_where_to_save", path)
    own.window.close()
    own.wait(lambda: not own.window.isVisible())
    assert read_session(path).session.physics.coupling == 10.0
    assert left == []
    # Closed in peace, nothing is left for the next day.
    assert not list(own.controller.keeping.recovery._shelf.folder.glob("*"))


def test_every_number_of_steps_that_can_be_chosen_can_be_saved() -> None:
    assert HORIZONS[-1] == LONGEST_HORIZON
