"""Long work is named with its progress and the time it takes, several at once, and each can be cancelled."""

import threading
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from slap_studio.app.opening import Opening
from slap_studio.app.tasks import Tasks
from slap_studio.problems import Cancelled
from slap_studio.views.jobs_list import Job, remaining_words
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_remaining_time_is_told_once_it_can_be(qapp) -> None:
    clock = Clock()
    tasks = Tasks(lambda _jobs: None, clock)
    task = tasks.begin("Sweeping")
    assert task.remaining is None
    clock.now, task.share = 1.0, 0.5
    assert task.remaining is None
    clock.now = 10.0
    for share, left in ((0.05, None), (0.1, 90.0), (0.5, 10.0), (1.0, 0.0)):
        task.progress(share)
        assert task.remaining == (None if left is None else pytest.approx(left))
    # Another part of the work goes at a pace of its own.
    task.progress(0.5, "Drawing")
    assert task.remaining is None
    clock.now = 14.0
    # Half of it was done before, as when a clip is embedded on from where that was stopped: that has no pace.
    assert task.remaining is None
    task.progress(0.75)
    assert task.remaining == pytest.approx(4.0)


def test_times_to_wait_are_words() -> None:
    told = [remaining_words(seconds) for seconds in (0, 4, 13, 49, 80, 400)]
    assert told == ["a moment", "about 5 s", "about 15 s", "about 50 s", "about 1 min", "about 7 min"]


def test_what_is_done_at_once_is_not_shown_and_threads_may_report(qapp, qtbot) -> None:
    clock, shown = Clock(), []
    tasks = Tasks(shown.append, clock)
    quick = tasks.begin("quick")
    quick.end()
    slow = tasks.begin("slow")
    qtbot.wait(300)
    assert shown == []
    clock.now = 1.0
    qtbot.waitUntil(lambda: bool(shown))
    worker = threading.Thread(target=slow.progress, args=(0.25,))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: shown[-1][0].share == 0.25)
    assert [job.name for job in shown[-1]] == ["slow"]
    slow.end()
    slow.end()
    qtbot.waitUntil(lambda: shown[-1] == ())


def test_several_jobs_unfold_and_each_has_its_cross(studio: Studio) -> None:
    cancelled: list[str] = []
    jobs = tuple(
        Job(name, share, remaining, (lambda name=name: cancelled.append(name)) if name != "three" else None)
        for name, share, remaining in (("one", 0.25, 30.0), ("two", None, None), ("three", 1.0, 0.0))
    )
    listed = studio.window.jobs
    assert not listed.isVisible()
    studio.window.show_jobs(jobs)
    assert listed.first.text.text() == "one · about 30 s"
    assert listed.first.bar.value() == 25
    assert listed.more.text() == "2 more"
    QTest.mouseClick(listed.more, Qt.MouseButton.LeftButton)
    assert listed.sheet.isVisible()
    assert studio.window.rect().contains(listed.sheet.geometry())
    assert [row.bar.isVisible() for row in listed._rows] == [True, False, True]
    assert [row.cancel.isVisible() for row in listed._rows] == [True, True, False]
    QTest.mouseClick(listed._rows[1].cancel, Qt.MouseButton.LeftButton)
    listed.first.cancel.setFocus()
    QTest.keyClick(listed.first.cancel, Qt.Key.Key_Space)
    assert cancelled == ["two", "one"]
    studio.window.show_jobs(jobs[:1])
    assert not listed.sheet.isVisible()
    assert not listed.more.isVisible()
    studio.window.show_jobs(())
    assert not listed.isVisible()


def test_opening_a_clip_can_be_cancelled_and_what_was_open_stays(
    opened: Studio, small_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def endless(request, cancelled):
        held.set()
        while not cancelled():
            held.wait(0.01)
        raise Cancelled

    monkeypatch.setattr(opened.controller.lanes["clip"], "_work", endless)
    before, listed = opened.session, opened.window.jobs
    opened.controller.waiting.map.end()  # these tests fit none
    opened.controller.open(Opening(tmp_path / "other.mp4"))
    opened.wait(lambda: held.is_set() and bool(listed.jobs))
    assert listed.jobs[0].name == "Opening other.mp4"
    QTest.mouseClick(listed.first.cancel, Qt.MouseButton.LeftButton)
    opened.wait(lambda: not listed.jobs and not opened.controller.lanes["clip"].busy)
    assert opened.session == before
    assert opened.space.isVisible()
    assert opened.window.top._file.text() == small_clip.name


def test_cancelling_the_first_clip_goes_back_to_the_welcome_page(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(request, cancelled):
        while not cancelled():
            threading.Event().wait(0.01)
        raise Cancelled

    monkeypatch.setattr(studio.controller.lanes["clip"], "_work", endless)
    studio.controller.open(Opening(tmp_path / "other.mp4"))
    studio.wait(lambda: bool(studio.window.jobs.jobs))
    assert not studio.window.welcome.isVisible()
    studio.window.jobs.jobs[0].cancel()
    assert studio.window.welcome.isVisible()


def test_sweep_and_map_go_on_side_by_side_and_are_cancelled_alone(opened: Studio) -> None:
    controller, listed = opened.controller, opened.window.jobs
    controller.choosing.view("sweep")
    controller.waiting.map.begin()
    opened.wait(lambda: len(listed.jobs) == 2)
    names = {job.name: job for job in listed.jobs}
    assert set(names) == {"Fitting the map (UMAP)", "Sweeping λ and μ"}
    names["Fitting the map (UMAP)"].cancel()
    opened.wait(lambda: [job.name for job in listed.jobs] == ["Sweeping λ and μ"])
    assert "cancelled" in opened.space.stage.map_note.toolTip()
    listed.jobs[0].cancel()
    opened.wait(lambda: not listed.jobs)
    assert opened.space.stage.sweep.button.text() == "Go on"


@pytest.mark.parametrize("percent", [100, 125, 150])
def test_the_status_line_is_as_high_whatever_goes_on(studio: Studio, percent: int) -> None:
    studio.controller.looks.choose_font_size(percent)
    studio.rest()
    bar, jobs = studio.window.statusBar(), studio.window.jobs
    high = [bar.height()]
    for count in (1, 2, 3):
        jobs.show_jobs(tuple(Job(f"Job {number}", 0.5, 30.0, lambda: None) for number in range(count)))
        studio.rest()
        high.append(bar.height())
    assert set(high) == {high[0]}
