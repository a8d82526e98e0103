"""What a long run of random hands is held against: faults, stalls of the window's thread, and growth."""

import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from slap_studio.app.jobs import Answer
from slap_studio.commands.memory import array_bytes, resident_bytes, used_bytes

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller

BEAT = 5  # milliseconds between two heartbeats
STALL = 0.050  # seconds
WORST = 10  # stalls that are named


@dataclass(frozen=True)
class Weight:
    """What a process holds.

    Attributes
    ----------
    seconds
        Since the beginning.
    memory, used, arrays
        Bytes that lie in memory; of them those in blocks of the allocator that are in use, where it tells; and those in
        arrays.
    threads
        How many.
    kinds
        How many widgets of each class.
    """

    seconds: float
    memory: int
    used: int | None
    arrays: int
    threads: int
    kinds: Counter[str]

    @property
    def widgets(self) -> int:
        """How many of all classes."""
        return self.kinds.total()

    @classmethod
    def now(cls, seconds: float) -> "Weight":
        """Of this process."""
        kinds = Counter(type(widget).__name__ for widget in QApplication.allWidgets())
        return cls(seconds, resident_bytes(), used_bytes(), array_bytes(), threading.active_count(), kinds)


@dataclass
class Seen:
    """What was seen.

    Attributes
    ----------
    exceptions
        A line for each exception that nothing caught, on any thread, for each fault of a lane, and for each error that
        a library caught and logged.
    warnings
        What Qt warned of, and how often.
    stalls
        Seconds of each stall of the window's thread beyond 50 ms, and what the hand had done last.
    longest
        Seconds between two heartbeats at most.
    awaited
        Milliseconds for which coming to rest waited for each lane.
    """

    exceptions: list[str] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    stalls: list[tuple[float, str]] = field(default_factory=list)
    longest: float = 0.0
    awaited: Counter[str] = field(default_factory=Counter)

    @property
    def worst(self) -> list[tuple[float, str]]:
        """The longest stalls, the longest first."""
        return sorted(self.stalls, reverse=True)[:WORST]

    @property
    def stalls_after(self) -> dict[str, list[float]]:
        """Seconds of the stalls by what the hand had done last, those that took most time together first."""
        found: dict[str, list[float]] = {}
        for stall, doing in self.stalls:
            found.setdefault(doing, []).append(stall)
        return dict(sorted(found.items(), key=lambda one: sum(one[1]), reverse=True))


class _Errors(logging.Handler):
    """Tells of errors that are logged: vispy catches what its listeners raise, and goes on."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of one."""
        self._tell(f"{record.name}: {record.getMessage()}")


class Watch(QObject):
    """Beats on the window's thread and notes what goes wrong anywhere.

    Attributes
    ----------
    doing
        What the hand did last: a stall is put down to it.
    """

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self.seen = Seen()
        self.doing = ""
        self._last = time.perf_counter()
        self._heart = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)
        for lane in controller.lanes.values():
            lane.answered.connect(self._answered)

    def start(self) -> None:
        """Begin to beat."""
        self._last = time.perf_counter()
        self._heart.start()

    def stop(self) -> None:
        """Beat no more."""
        self._heart.stop()

    @contextmanager
    def hooks(self) -> Iterator[None]:
        """While inside, exceptions that nothing caught and Qt's warnings are noted, and printed as ever."""
        before, before_threads = sys.excepthook, threading.excepthook

        def caught(kind: Any, fault: Any, trace: Any) -> None:
            self.seen.exceptions.append(f"{kind.__name__}: {fault} ({_where(trace)}, after {self.doing})")
            before(kind, fault, trace)

        def caught_in_thread(told: Any) -> None:
            where = _where(told.exc_traceback)
            self.seen.exceptions.append(f"{told.exc_type.__name__}: {told.exc_value} ({where}, in {told.thread})")
            before_threads(told)

        def warned(kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
            if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
                self.seen.warnings[words] += 1
                print(words, file=sys.stderr)

        sys.excepthook, threading.excepthook = caught, caught_in_thread
        handler = qInstallMessageHandler(warned)
        logged = _Errors(lambda words: self.seen.exceptions.append(f"{words} (after {self.doing})"))
        logging.getLogger().addHandler(logged)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(logged)
            sys.excepthook, threading.excepthook = before, before_threads
            qInstallMessageHandler(handler)

    def _beat(self) -> None:
        now = time.perf_counter()
        gap, self._last = now - self._last, now
        self.seen.longest = max(self.seen.longest, gap)
        if gap > STALL:
            self.seen.stalls.append((gap, self.doing))

    def _answered(self, answer: Answer) -> None:
        if answer.fault is not None:
            self.seen.exceptions.append(f"{type(answer.fault).__name__}: {answer.fault} (on a lane)")


def _where(trace: TracebackType | None) -> str:
    """The line that raised."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "nowhere" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
