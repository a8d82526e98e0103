"""Hostile clips in the real window: one sentence, the work as it was, and the next good clip opens."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from slap_studio.app.opening import Opening
from slap_studio.media.write import write_video
from slap_studio.problems import Cancelled
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.render import render
from tests import hostile
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

WORST: dict[str, tuple[Callable[[Path], object], str]] = {
    "zero.mp4": (lambda path: path.write_bytes(b""), "is empty"),
    "pipe.mp4": (os.mkfifo, "pipe"),
    "one.mp4": (lambda path: hostile.write(path, [0.0]), "has 1 frame"),
    "dead.mp4": (
        lambda path: hostile.spoilt(hostile.write(path), range(48), lambda data: bytes(len(data))),
        "none of its frames can be decoded",
    ),
    "clock.mp4": (lambda path: hostile.patched(hostile.write(path), (b"mdhd", 16, bytes(4))), "lost its clock"),
    "codec.mp4": (lambda path: hostile.patched(hostile.write(path), (b"avc1", 0, b"zzzz")), "nothing here decodes"),
}


def test_the_worst_clips_are_one_sentence_each_and_a_good_one_opens_after_them(opened: Studio, tmp_path: Path) -> None:
    before, shown = opened.session, opened.answers[-1]
    for name, (make, says) in WORST.items():
        make(tmp_path / name)
        assert opened.drop(tmp_path / name)
        opened.wait(lambda says=says: says in opened.window.message.text)
        assert name in opened.window.message.text
        assert opened.session == before
        assert opened.answers[-1] is shown
        opened.press(Qt.Key.Key_Escape)
    good = hostile.write(tmp_path / "good.avi", b_frames=2)
    opened.open(good)
    assert opened.settle().request.clip.info.path == good
    opened.controller.move_cursor(4.0)
    opened.wait(lambda: "4.00 s" in opened.space.video.accessibleName())


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_when_the_file_is_taken_away_what_is_open_stays_and_it_is_said_once(
    studio: Studio, tmp_path: Path, how: str
) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    studio.open(path)
    studio.settle()
    clip = studio.controller.loaded.clip
    studio.controller.move_cursor(1.0)
    studio.wait(lambda: "1.00 s" in studio.space.video.accessibleName())
    if how == "deleted":
        path.unlink()
    else:
        hostile.write(tmp_path / "other.mp4", [50 + each for each in hostile.STEADY]).replace(path)
    studio.controller.move_cursor(2.0)
    says = "no longer where it was" if how == "deleted" else "has changed since it was opened"
    studio.wait(lambda: says in studio.window.message.text)
    # Its own thumbnail stands in, and nothing of the other file.
    assert "2.00 s" in studio.space.video.accessibleName()
    assert studio.controller.loaded.clip is clip
    studio.press(Qt.Key.Key_Escape)
    studio.controller.move_cursor(3.0)
    studio.wait(lambda: "3.00 s" in studio.space.video.accessibleName())
    assert studio.window.message.text == ""
    studio.controller.choosing.physics(coupling=1.5)
    assert studio.settle().request.physics.coupling == 1.5


def test_a_file_that_was_only_touched_is_still_the_same(studio: Studio, tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "clip.mp4")
    studio.open(path)
    studio.settle()
    os.utime(path, (1, 1))
    studio.controller.move_cursor(2.0)
    studio.wait(lambda: "2.00 s" in studio.space.video.accessibleName())
    assert studio.window.message.text == "" or "changed" not in studio.window.message.text
    assert not studio.controller.loaded.without_video


def test_a_decoding_that_does_not_end_is_cancelled_by_its_cross(
    opened: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that gives packet after packet and never a frame."""
    path = hostile.write(tmp_path / "endless.mp4")
    monkeypatch.setattr("slap_studio.media.video.VideoFile._decode", _endless)
    before, listed = opened.session, opened.window.jobs
    opened.controller.waiting.map.end()  # these tests fit none
    opened.controller.open(Opening(path))
    opened.wait(lambda: bool(listed.jobs))
    QTest.mouseClick(listed.first.cancel, Qt.MouseButton.LeftButton)
    opened.wait(lambda: not opened.controller.lanes["clip"].busy)
    assert opened.session == before


def test_a_cut_inside_the_gap_is_marked_and_said(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "joined.mp4"
    scenes = [random_scene(100), random_scene(101)]
    frames = [render(scene, index / 10, (160, 90)) for scene in scenes for index in range(20)]
    write_video(path, frames, rate=10.0)
    studio.open(path, hide="1.5:2.5")
    studio.settle()
    band = studio.space.time
    studio.wait(lambda: "cut at 2.00 s" in band._alarm.text())
    assert "different shots" in band._alarm.toolTip()
    assert band.rows._cuts == pytest.approx((2.0,))
    x, y = round(band.rows.axis.x(2.0)), round(band.rows._tops()[1])
    picture = band.rows.grab().toImage()
    ratio = picture.devicePixelRatio()
    alarm = band.rows._theme.colour("alarm").rgb()
    near = {picture.pixelColor(round((x + dx) * ratio), round((y + 8) * ratio)).rgb() for dx in range(-2, 3)}
    assert alarm in near
    studio.controller.gaps.move(0.3, 1.5)
    studio.settle()
    studio.wait(lambda: "cut" not in band._alarm.text())


def _endless(self) -> object:
    while not self.cancelled():
        pass
    raise Cancelled
    yield
