"""When the picture of a window is taken: at rest, however long that takes, and not before."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtGui import QImage

from slap_studio.app import screenshot
from slap_studio.app.screenshot import Photographer
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


class Held:
    """Work that does not end before it is let go."""

    def __init__(self, work: Callable[..., object]) -> None:
        self.go = threading.Event()
        self._work = work

    def __call__(self, *arguments: object) -> object:
        self.go.wait()
        return self._work(*arguments)


def look_often(studio: Studio, photographer: Photographer) -> None:
    until = photographer.looks + 2 * screenshot.SETTLED
    studio.wait(lambda: photographer.looks >= until)


def test_the_picture_waits_for_the_map_and_for_all_work_however_long(
    opened: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, ended = tmp_path / "window.png", []
    monkeypatch.setattr(screenshot, "DEAD", screenshot.SETTLED)
    held = Held(opened.controller._frames.fetch)
    monkeypatch.setattr(opened.controller.lanes["frame"], "_work", held)
    opened.controller.move_cursor(1.0)
    photographer = Photographer(opened.controller, out, ended.append)
    opened.controller.choosing.physics(coupling=2.0)
    opened.settle()
    opened.controller.map_shown.emit("umap")
    look_often(opened, photographer)
    # A lane works: neither the picture nor the end of all patience.
    assert ended == []
    held.go.set()
    opened.wait(lambda: ended != [])
    assert ended == [0]
    assert photographer.problems == []
    assert QImage(str(out)).size() == opened.window.size() * opened.window.devicePixelRatio()


def test_a_window_that_works_no_more_and_has_no_map_is_given_up(
    opened: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, ended = tmp_path / "window.png", []
    monkeypatch.setattr(screenshot, "DEAD", 3)
    photographer = Photographer(opened.controller, out, ended.append)
    opened.wait(lambda: ended != [])
    assert ended == [1]
    assert "did not come to rest" in photographer.problems[0]
    assert not out.exists()


def test_what_cannot_be_opened_ends_with_2_and_its_sentence(studio: Studio, tmp_path: Path) -> None:
    from slap_studio.app.opening import Opening

    ended: list[int] = []
    photographer = Photographer(studio.controller, tmp_path / "window.png", ended.append)
    (tmp_path / "clip.mp4").write_bytes(b"")
    studio.controller.open(Opening(tmp_path / "clip.mp4"))
    studio.wait(lambda: ended != [])
    assert ended == [2]
    assert "is empty" in photographer.problems[0]
