"""One worker a lane, the newest request wins, and no fault of the work reaches the window."""

import gc
import math
import os
import sys
import threading
import weakref
from multiprocessing import Pipe
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the lanes need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt, QTimer

from slap_studio.app.garbage import _IMPORTED
from slap_studio.app.jobs import Lane
from slap_studio.app.work import Mapper, MapRequest
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.processors import FEW, GENTLE

pytestmark = pytest.mark.window


@pytest.fixture
def lanes():
    made: list[Lane] = []

    def make(work, *, patience: float = math.inf) -> tuple[Lane, list]:
        lane = Lane("testing", work, patience=patience)
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


def test_what_became_due_while_an_answer_was_shown_is_served_before_the_rest_of_it(lanes, qtbot) -> None:
    lane, answers = lanes(lambda request, cancelled: request)
    order: list[str] = []
    hand = QTimer(singleShot=True, interval=5, timerType=Qt.TimerType.PreciseTimer)
    hand.timeout.connect(lambda: order.append("hand"))

    def show(_answer) -> None:
        order.append("answered")
        hand.start()
        while hand.remainingTime() > 0:
            pass

    lane.answered.connect(show)
    lane.settled.connect(lambda _answer: order.append("settled"))
    lane.ask(1)
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["answered", "hand", "settled"]
    assert [answer.request for answer in answers] == [1]


def test_an_interrupting_lane_cancels_the_running_request_and_does_not_answer_it(lanes, qtbot) -> None:
    began = threading.Event()

    def work(request, cancelled):
        began.set()
        while request == "slow":
            if cancelled():
                raise Cancelled
        return request

    lane, answers = lanes(work, patience=0.0)
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
    lane.ask(0)
    assert done.acquire(timeout=10)
    # Until the window has seen the first, nothing else is begun: only the newest of these will be.
    for request in range(1, 20):
        lane.ask(request)
    qtbot.waitUntil(lambda: bool(answers) and answers[-1].request == 19)
    assert [answer.request for answer in answers] == [0, 19]
    assert done.acquire(blocking=False)
    assert not done.acquire(blocking=False)


def test_work_may_show_answers_on_its_way_unless_it_was_dropped(lanes, qtbot) -> None:
    go_on = threading.Semaphore(0)
    lane, answers = lanes(lambda request, cancelled: work(request))

    def work(request):
        for part in range(3):
            lane.offer(request, part)
            assert go_on.acquire(timeout=10)
        return "whole"

    lane.ask("request")
    for part in range(2):
        qtbot.waitUntil(lambda part=part: bool(answers) and answers[-1].value == part)
        go_on.release()
    qtbot.waitUntil(lambda: answers[-1].value == 2)
    assert lane.busy
    lane.drop()
    go_on.release()
    lane.ask("other")
    for _ in range(3):
        go_on.release()
    qtbot.waitUntil(lambda: answers[-1].value == "whole")
    assert answers[-1].request == "other"
    assert not any(answer.request == "request" and answer.value == "whole" for answer in answers)


def test_what_has_offered_an_answer_makes_way_at_once(lanes, qtbot) -> None:
    asked = threading.Event()

    def work(request, cancelled):
        if request == "first":
            lane.offer(request, "half")
            assert asked.wait(10)
            if cancelled():
                raise Cancelled
        return "whole"

    lane, answers = lanes(work, patience=1000.0)
    lane.ask("first")
    qtbot.waitUntil(lambda: bool(answers))
    lane.ask("second")
    asked.set()
    qtbot.waitUntil(lambda: answers[-1].request == "second")
    assert [(answer.request, answer.value) for answer in answers] == [("first", "half"), ("second", "whole")]


def test_work_goes_on_once_what_it_offered_has_been_seen(lanes, qtbot) -> None:
    order: list[str] = []

    def work(request, cancelled):
        lane.offer(request, "half")
        order.append("goes on")
        return "whole"

    lane, answers = lanes(work)
    lane.answered.connect(lambda answer: order.append(answer.value))
    lane.ask("request")
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert order == ["half", "goes on", "whole"]


@pytest.mark.parametrize("asks", [True, False])
def test_what_offered_an_answer_makes_way_for_a_newer_one_once_it_is_painted_and_at_once_when_it_is_dropped(
    lanes, qtbot, asks: bool
) -> None:
    order: list[str] = []

    def work(request, cancelled):
        if request == "newer":
            return "whole"
        try:
            lane.offer(request, "half")
        except Cancelled:
            order.append("makes way")
            raise
        raise AssertionError("it is not wanted any more")

    def show(answer) -> None:
        order.append(answer.value)
        if answer.request == "older":
            if asks:
                lane.ask("newer")
            else:
                lane.drop()

    lane, _ = lanes(work)
    lane.answered.connect(show)
    lane.settled.connect(lambda _answer: order.append("painted"))
    lane.ask("older")
    qtbot.waitUntil(lambda: order[-1:] == (["painted"] if asks else ["makes way"]) and len(order) == (5 if asks else 2))
    assert order == (["half", "painted", "makes way", "whole", "painted"] if asks else ["half", "makes way"])


def test_a_closed_lane_ends_its_thread(lanes, qtbot) -> None:
    lane, _ = lanes(lambda request, cancelled: request)
    lane.close()
    lane._thread.join(10)
    assert not lane._thread.is_alive()


def test_an_answer_settles_before_the_next_is_shown_and_before_the_next_request_begins(lanes, qtbot) -> None:
    order: list[str] = []

    def work(request, cancelled):
        order.append(f"work {request}")
        return request

    lane, _ = lanes(work)
    lane.answered.connect(lambda answer: (order.append(f"answered {answer.request}"), lane.ask(2)))
    lane.settled.connect(lambda answer: order.append(f"settled {answer.request}"))
    lane.ask(1)
    qtbot.waitUntil(lambda: "settled 2" in order)
    assert order[:6] == ["work 1", "answered 1", "settled 1", "work 2", "answered 2", "settled 2"]


def test_what_was_dropped_does_not_settle(lanes, qtbot) -> None:
    settled: list = []
    lane, answers = lanes(lambda request, cancelled: request)
    lane.settled.connect(settled.append)
    lane.answered.connect(lambda answer: lane.drop() if answer.request == 1 else None)
    lane.ask(1)
    qtbot.waitUntil(lambda: len(answers) == 1)
    lane.ask(2)
    qtbot.waitUntil(lambda: bool(settled))
    assert [answer.request for answer in settled] == [2]


def test_no_process_for_maps_is_started_once_the_window_has_been_closed() -> None:
    mapper = Mapper()
    mapper.close()
    with pytest.raises(Cancelled):
        mapper.warm_up()


def test_the_maps_process_ends_without_a_word_while_it_is_still_compiling(capfd) -> None:
    mapper = Mapper()
    mapper.warm_up()
    mapper.close()
    mapper.close()
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_a_map_that_is_being_fitted_while_the_window_closes_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    mapper = Mapper()
    ours, theirs = Pipe()
    monkeypatch.setattr(mapper, "_started", lambda: ours)
    raised: list[BaseException] = []

    def fit() -> None:
        try:
            mapper.fit(MapRequest(SimpleNamespace(latents=np.eye(3))), lambda: False)
        except BaseException as fault:
            raised.append(fault)

    lane = threading.Thread(target=fit)
    lane.start()
    # It is waiting for its answer once it has asked.
    theirs.recv()
    mapper.close()
    ours.close()
    lane.join(60)
    assert [type(fault) for fault in raised] == [Cancelled]


def test_widgets_in_a_cycle_are_destroyed_on_the_window_s_thread_alone(qapp, qtbot, lanes) -> None:
    from PySide6.QtWidgets import QWidget

    destroyed_on: list[int] = []

    class Noted:
        def __del__(self) -> None:
            destroyed_on.append(threading.get_ident())

    def abandon() -> None:
        widget = QWidget()
        widget.kept = [widget, Noted()]  # a cycle that only the collector can break

    def allocate(request, cancelled):
        # Far more than Python's own collector waits for, and never as much at a time as a library brings in.
        return sum(len([[index] for index in range(_IMPORTED // 4)]) for _ in range(40))

    lane, answers = lanes(allocate)
    gc.collect()  # what tests before left could be as much
    abandon()
    lane.ask(1)
    qtbot.waitUntil(lambda: bool(answers))
    litter: list = []

    def destroyed() -> bool:
        # Where nothing is allocated any more nothing is collected either.
        litter.extend([] for _ in range(100))
        return bool(destroyed_on)

    qtbot.waitUntil(destroyed, timeout=20_000)
    assert set(destroyed_on) == {threading.get_ident()}


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
@pytest.mark.parametrize("many", [False, True])
def test_where_cores_are_few_the_window_comes_first(lanes, qtbot, monkeypatch, many: bool) -> None:
    monkeypatch.setattr("slap_studio.processors.cores", lambda: FEW + many)

    def own() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def niceness(_request: object = None, _cancelled: object = None) -> tuple[int, int]:
        """Of this thread, and of one that it begins."""
        begun: list[int] = []
        helper = threading.Thread(target=lambda: begun.append(own()))
        helper.start()
        helper.join()
        return own(), begun[0]

    window, _ = niceness()
    lane, _ = lanes(niceness)
    with qtbot.waitSignal(lane.answered) as answered:
        lane.ask(1)
    assert answered.args[0].value == (window if many else max(window, GENTLE),) * 2
    assert niceness() == (window, window)


def test_a_closed_lane_answers_nothing_even_if_its_answer_is_there(lanes, qtbot) -> None:
    done = threading.Event()

    def work(request, cancelled):
        done.set()
        return request

    lane, answers = lanes(work)
    settled: list = []
    lane.settled.connect(settled.append)
    lane.ask(1)
    # The answer lies there, and the window has not looked.
    assert done.wait(10)
    lane.close()
    qtbot.wait(50)
    assert answers == settled == []
    # Nor is it settled after it was shown.
    lane, answers = lanes(work)
    lane.settled.connect(settled.append)
    lane.answered.connect(lambda _answer: lane.close())
    lane.ask(2)
    qtbot.waitUntil(lambda: bool(answers))
    qtbot.wait(50)
    assert settled == []


def test_a_lane_that_waits_keeps_neither_what_was_asked_nor_what_it_answered(lanes, qtbot) -> None:
    class Large:
        """Something that a weak reference can follow."""

    lane, answers = lanes(lambda request, cancelled: Large())
    asked = Large()
    with qtbot.waitSignal(lane.settled):
        lane.ask(asked)
    kept = weakref.ref(asked), weakref.ref(answers.pop().value)
    del asked
    qtbot.waitUntil(lambda: [part() for part in kept] == [None, None])
