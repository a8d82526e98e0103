"""One worker a lane, the newest request wins, and no fault of the work reaches the window."""

import threading

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the lanes need Qt", exc_type=ImportError)

from slap_studio.app.jobs import Lane
from slap_studio.problems import Cancelled, UnusableInput

pytestmark = pytest.mark.window


@pytest.fixture
def lanes():
    made: list[Lane] = []

    def make(work, *, interrupts: bool = False) -> tuple[Lane, list]:
        lane = Lane("testing", work, interrupts=interrupts)
        answers: list = []
        lane.answered.connect(answers.append)
        made.append(lane)
        return lane, answers

    yield make
    for lane in made:
        lane.close()


def test_requests_that_were_overtaken_while_waiting_are_never_worked_on(lanes, qtbot) -> None:
    gate, seen = threading.Event(), []

    def work(request, cancelled):
        seen.append(request)
        gate.wait(10)
        return request * 10

    lane, answers = lanes(work)
    lane.ask(1)
    qtbot.waitUntil(lambda: seen == [1])
    for request in (2, 3, 4):
        lane.ask(request)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers) and answers[-1].request == 4)
    assert seen == [1, 4]
    assert answers[-1].value == 40


def test_an_interrupting_lane_cancels_the_running_request_and_does_not_answer_it(lanes, qtbot) -> None:
    began = threading.Event()

    def work(request, cancelled):
        began.set()
        while request == "slow":
            if cancelled():
                raise Cancelled
        return request

    lane, answers = lanes(work, interrupts=True)
    lane.ask("slow")
    assert began.wait(10)
    lane.ask("quick")
    qtbot.waitUntil(lambda: bool(answers))
    assert [answer.request for answer in answers] == ["quick"]


def test_unusable_input_comes_back_as_its_sentence_and_a_fault_names_what_was_being_done(lanes, qtbot) -> None:
    def work(request, cancelled):
        if request == "unusable":
            raise UnusableInput("This cannot be used; mend it.")
        if request == "fault":
            raise ZeroDivisionError("of ours")
        return request

    lane, answers = lanes(work)
    for request in ("unusable", "fault", "fine"):
        lane.ask(request)
        qtbot.waitUntil(lambda request=request: bool(answers) and answers[-1].request == request)
    unusable, fault, fine = answers
    assert (unusable.problem, unusable.fault) == ("This cannot be used; mend it.", None)
    assert "testing" in fault.problem
    assert isinstance(fault.fault, ZeroDivisionError)
    assert (fine.value, fine.problem) == ("fine", None)


def test_answers_do_not_pile_up_while_the_window_is_busy(lanes, qtbot) -> None:
    done = threading.Semaphore(0)

    def work(request, cancelled):
        done.release()
        return request

    lane, answers = lanes(work)
    for request in range(20):
        lane.ask(request)
        assert done.acquire(timeout=10)
    while lane.busy:
        pass
    assert answers == []
    qtbot.waitUntil(lambda: bool(answers))
    assert [answer.request for answer in answers] in ([19], [0, 19])


def test_a_closed_lane_ends_its_thread(lanes, qtbot) -> None:
    lane, _ = lanes(lambda request, cancelled: request)
    lane.close()
    lane._thread.join(10)
    assert not lane._thread.is_alive()
