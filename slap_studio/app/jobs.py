"""Work off the window's thread: a lane has one worker, and its newest request wins."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from slap_studio.log import note_fault
from slap_studio.problems import Cancelled, UnusableInput, never
from slap_studio.processors import yield_to_the_window

Work = Callable[[Any, Callable[[], bool]], Any]
PAINTED = 1  # millisecond: due at once, a turn might come before the painting on one system or another
LONGEST_END = 5.0  # seconds that what is being worked on may take to see that it is cancelled


@dataclass(frozen=True, eq=False)
class Answer:
    """What came back for a request.

    Attributes
    ----------
    request
        The very object that was asked.
    value
        What the work returned, or None.
    problem
        A sentence for people if the request could not be answered, or None.
    fault
        The exception behind the sentence if it was a fault of ours, or None.
    """

    request: Any
    value: Any = None
    problem: str | None = None
    fault: BaseException | None = None


class Lane(QObject):
    """One worker thread that answers the newest request and forgets those it overtook.

    Parameters
    ----------
    name
        What the work is called in a message, such as "solving".
    work
        Gets a frozen request and a function that says whether it is still wanted; runs on the worker.
    patience
        Seconds after which a newer request cancels the one being worked on. One that is done before is still
        answered, so that a drag shows its way. One that has offered an answer is cancelled at once.

    Notes
    -----
    `answered` is emitted on the window's thread, and `settled` with the same answer once what the first changed
    has been painted: what is not seen, such as asking for more, waits for it. Each is a turn of the event loop of its
    own, so that hands are served between them. Answers do not pile up: the next to be shown, once the last has been
    painted, is the newest there is. The next request is begun after that: worker and window share one interpreter, and
    each would only hold the other up. Where cores are few, the window's thread comes first.

    Attributes
    ----------
    pause
        Called by the worker when it begins and wherever the work asks whether it is still wanted; may hold it up.
    unpainted
        Says whether what the window was told is still to be painted.
    """

    answered = Signal(object)
    settled = Signal(object)
    telling = Signal()  # before each of the two
    _ready = Signal()

    def __init__(self, name: str, work: Work, *, patience: float) -> None:
        super().__init__()
        self.name = name
        self._work = work
        self._patience = patience
        self.pause: Callable[[], object] = _at_once
        self.unpainted: Callable[[], bool] = never
        self._began = 0.0
        self._offered = False
        self._condition = threading.Condition()
        self._waiting: Any = None
        self._running: Any = None
        self._unread: Answer | None = None
        self._closed = self._painting = False
        self._shown: Answer | None = None
        self._turn = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._turn.timeout.connect(self._take_turn)
        self._ready.connect(self._wake)
        self._thread = threading.Thread(target=self._loop, name=f"slap-{name}", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a request is waiting or being worked on."""
        with self._condition:
            return self._waiting is not None or self._running is not None

    @property
    def idle(self) -> bool:
        """Whether nothing is asked, nothing is worked on and no answer is on its way to the window."""
        return not self.busy and self._unread is None and self._shown is None

    def ask(self, request: Any) -> None:
        """Put a request in the place of any that still waits."""
        with self._condition:
            self._waiting = request
            self._condition.notify()

    def drop(self) -> None:
        """Ask for nothing any more; what is being worked on is cancelled and not answered."""
        with self._condition:
            self._waiting = None
            self._running = None
            self._unread = None
            self._condition.notify()
        self._shown = None

    def offer(self, request: Any, value: Any) -> None:
        """From inside the work: an answer that goes on getting better, to be seen unless it was overtaken.

        Comes back once it has been painted: to end the work for a newer request before that would only hold up the
        painting, which that request waits for as well.

        Raises
        ------
        Cancelled
            When nobody wants the work any more.
        """
        with self._condition:
            self._offered = True
        self._leave(Answer(request, value))
        with self._condition:
            self._condition.wait_for(lambda: self._is_seen() or self._closed or self._running is not request)
            if self._is_overtaken(request):
                raise Cancelled

    def close(self) -> None:
        """Cancel everything and let the thread end; nothing is answered any more, for there may be no window."""
        with self._condition:
            self._closed = True
            self._waiting = self._unread = None
            self._condition.notify()
        self._shown = None
        self._turn.stop()

    def wait(self, seconds: float) -> bool:
        """Once it is closed: until its thread has ended, or so long; whether it has."""
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    def _loop(self) -> None:
        yield_to_the_window()
        while True:
            with self._condition:
                self._condition.wait_for(lambda: (self._waiting is not None and self._is_seen()) or self._closed)
                if self._closed:
                    return
                request, self._waiting = self._waiting, None
                self._running, self._began, self._offered = request, time.monotonic(), False
            answer = self._answer(request)
            if answer is not None:
                self._leave(answer)
            with self._condition:
                if self._running is request:
                    self._running = None
            # What was answered may be as large as a clip, and the next request may be long in coming.
            del request, answer

    def _answer(self, request: Any) -> Answer | None:
        try:
            self.pause()
            return Answer(request, self._work(request, lambda: self._overtaken(request)))
        except Cancelled:
            return None
        except UnusableInput as problem:
            return Answer(request, problem=str(problem))
        except Exception as fault:  # the worker must outlive any fault of what it runs
            note_fault(f"While {self.name}", fault)
            sentence = f"While {self.name}, something went wrong ({type(fault).__name__}: {fault}); the window goes on."
            return Answer(request, problem=sentence, fault=fault)

    def _leave(self, answer: Answer) -> None:
        """Put an answer where the window looks for it, in the place of an older one that it has not read."""
        with self._condition:
            if self._running is not answer.request or self._closed:
                return
            tell = self._unread is None
            self._unread = answer
        if tell:
            self._ready.emit()

    def _is_seen(self) -> bool:
        """Whether the window has painted what it was given; what is begun before would hold it up, and grow old."""
        return self._unread is None and not self._painting

    def _overtaken(self, request: Any) -> bool:
        self.pause()
        with self._condition:
            return self._is_overtaken(request)

    def _is_overtaken(self, request: Any) -> bool:
        patience = 0.0 if self._offered else self._patience
        newer = self._waiting is not None and time.monotonic() - self._began >= patience
        return self._closed or newer or self._running is not request

    def _wake(self) -> None:
        if not self._turn.isActive():
            self._turn.start(0)

    def _take_turn(self) -> None:
        if self._painting and self.unpainted():
            self._turn.start(PAINTED)
            return
        shown, self._shown = self._shown, None
        if shown is not None:
            self._tell(self.settled, shown)
            # The next turn would say so as well, and does where a listener opens a dialog.
            with self._condition:
                self._painting = False
                self._condition.notify()
            return
        with self._condition:
            answer, self._unread = self._unread, None
            self._painting = answer is not None
            self._condition.notify()
        if answer is not None:
            self._shown = answer
            self._tell(self.answered, answer)

    def _tell(self, signal: SignalInstance, answer: Answer) -> None:
        """Emit, and ask for the next turn: it comes even if a listener opens a dialog and waits there."""
        self._turn.start(PAINTED)
        self.telling.emit()
        signal.emit(answer)
        if self._turn.isActive():
            # Timers come in the order in which they are due: what a hand or another part asked for meanwhile is first.
            self._turn.start(PAINTED)


def _at_once() -> None:
    """Hold nobody up."""


def wait_for(lanes: Iterable[Lane], seconds: float = LONGEST_END) -> list[str]:
    """Until the threads of closed lanes have ended, or so long: the names of those that have not."""
    until = time.monotonic() + seconds
    return [lane.name for lane in lanes if not lane.wait(until - time.monotonic())]
