"""All long work that is going on, by name: how far it is, how long it will take, and how it is cancelled."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from slap_studio.views.jobs_list import Job

UNSEEN = 0.4  # seconds: what takes no longer is not worth a word
TICK = 200  # milliseconds between two looks at what is going on
_TOLD_AFTER, _TOLD_FROM = 2.0, 0.08  # seconds, and share done, before which a remaining time would be a guess


class Task:
    """One kind of work; `begin`, `progress` and `end` may be called from any thread, and `end` twice.

    Attributes
    ----------
    cancel
        Called on the window's thread when a hand cancels it; none for what cannot be cancelled.
    """

    def __init__(
        self, name: str, cancel: Callable[[], object] | None, changed: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self.name = name
        self.cancel = cancel
        self.share: float | None = None
        self.running = False
        self._began = self._first = 0.0
        self._changed = changed
        self._clock = clock

    def begin(self, name: str = "") -> None:
        """It is under way, perhaps by another name; beginning again what runs begins it anew."""
        self.name = name or self.name
        self.share, self.running, self._began, self._first = None, True, self._clock(), 0.0
        self._changed()

    def progress(self, share: float | None, name: str = "") -> None:
        """So much of it is done, from 0 to 1, or nobody knows; a new name says what is done now."""
        if name and name != self.name:
            # Another part of the work goes at a pace of its own; what was done of it before says nothing of that.
            self.name, self._began, self._first = name, self._clock(), share or 0.0
        self.share = share
        self._changed()

    def end(self) -> None:
        """It is done, failed or cancelled."""
        if self.running:
            self.running = False
            self._changed()

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._began

    @property
    def remaining(self) -> float | None:
        """Seconds that the rest will take at the pace so far, once that can be told."""
        share = self.share or 0.0
        done = (share - self._first) / max(1 - self._first, 1e-9)
        if self.elapsed < _TOLD_AFTER or done < _TOLD_FROM:
            return None
        return self.elapsed * (1 - min(done, 1.0)) / done


class Tasks(QObject):
    """What is going on; lanes and exports report to it, the window lists it.

    Parameters
    ----------
    show
        Shows the jobs that have been going on for a moment, whenever they have changed.
    """

    _reported = Signal()

    def __init__(self, show: Callable[[tuple[Job, ...]], None], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._show = show
        self._clock = clock
        self._tasks: list[Task] = []
        self._shown: tuple[Job, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=TICK)
        self._soon.timeout.connect(self._look)
        self._reported.connect(self._wake)

    def task(self, name: str, cancel: Callable[[], object] | None = None) -> Task:
        """A kind of work that has not begun."""
        made = Task(name, cancel, self._reported.emit, self._clock)
        self._tasks.append(made)
        return made

    def begin(self, name: str, cancel: Callable[[], object] | None = None) -> Task:
        """Work that is under way from now on."""
        made = self.task(name, cancel)
        made.begin()
        return made

    def stop(self) -> None:
        """Show nothing any more: there may be no window."""
        self._soon.stop()
        self._show = lambda _jobs: None

    def _wake(self) -> None:
        if not any(task.running for task in self._tasks):
            # What has ended goes at once.
            self._look()
        elif not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        running = sorted((task for task in self._tasks if task.running), key=lambda task: task.elapsed)
        jobs = tuple(
            Job(task.name, task.share, task.remaining, task.cancel) for task in running if task.elapsed >= UNSEEN
        )
        if jobs != self._shown:
            self._shown = jobs
            self._show(jobs)
        if running and not self._soon.isActive():
            self._soon.start()
