"""What is going on, in the status line: the first job with its progress, and a list of all that unfolds above it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from slap_studio.views.controls import label
from slap_studio.views.icons import dress
from slap_studio.views.theme import Theme

_BAR = 120  # pixels at 100 %
_HIGH = 18  # pixels at 100 %, no more than a line of type: the status line must not grow when work begins


@dataclass(frozen=True)
class Job:
    """Work under way: the share done from 0 to 1 and the seconds that remain, where they are known."""

    name: str
    share: float | None
    remaining: float | None
    cancel: Callable[[], object] | None


def remaining_words(seconds: float) -> str:
    """A time to wait in words, no more exact than it can be."""
    if seconds < 3:
        return "a moment"
    if seconds < 55:
        return f"about {max(5 * round(seconds / 5), 5)} s"
    return f"about {max(round(seconds / 60), 1)} min"


class JobRow(QWidget):
    """Name, progress, remaining time, and a cross that cancels."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._job: Job | None = None
        self.text = label("", "small")
        self.text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = QPushButton()
        self.cancel.setProperty("transport", "true")
        self.cancel.setProperty("small", "true")
        self.cancel.clicked.connect(self._cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.bar.setFixedWidth(theme.size(_BAR))
        dress(self.cancel, "close", theme, "secondary", 10)
        self.cancel.setFixedSize(theme.size(_HIGH), theme.size(_HIGH))

    def show_job(self, job: Job) -> None:
        """Show a job."""
        self._job = job
        rest = f" · {remaining_words(job.remaining)}" if job.remaining is not None else ""
        self.text.setText(f"{job.name}{rest}")
        # The status line is slow to learn that its parts need more room.
        self.text.setMinimumWidth(self.text.sizeHint().width())
        self.bar.setVisible(job.share is not None)
        if job.share is not None:
            self.bar.setValue(round(100 * job.share))
        done = f"{self.bar.value()} % done" if job.share is not None else "under way"
        self.bar.setAccessibleName(f"{job.name}: {done}")
        self.bar.setToolTip(f"{done}{rest}")
        self.cancel.setVisible(job.cancel is not None)
        self.cancel.setAccessibleName(f"Cancel: {job.name}")
        self.cancel.setToolTip(f"Cancel: {job.name}")

    def _cancel(self) -> None:
        if self._job is not None and self._job.cancel is not None:
            self._job.cancel()


class JobsList(QWidget):
    """The first job, how many more there are, and on demand all of them."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.jobs: tuple[Job, ...] = ()
        self.first = JobRow(theme)
        self.more = QPushButton()
        self.more.setProperty("link", "true")
        self.more.setToolTip("Show or hide all that is going on.")
        self.more.clicked.connect(self._unfold)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.more)
        layout.addWidget(self.first)
        self.sheet = QFrame(window)
        self.sheet.setProperty("message", "note")
        self._rows: list[JobRow] = []
        self._column = QVBoxLayout(self.sheet)
        self._column.setContentsMargins(14, 8, 10, 8)
        self._column.setSpacing(4)
        self.sheet.hide()
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.more.setFixedHeight(theme.size(_HIGH))
        for row in (self.first, *self._rows):
            row.set_theme(theme)
        self.show_jobs(self.jobs)

    def show_jobs(self, jobs: tuple[Job, ...]) -> None:
        """Show what is going on now; nothing at all where nothing is."""
        self.jobs = jobs
        self.setVisible(bool(jobs))
        if jobs:
            self.first.show_job(jobs[0])
        self.more.setVisible(len(jobs) > 1)
        self.more.setText(f"{len(jobs) - 1} more")
        self.more.setAccessibleName(f"{len(jobs) - 1} more jobs are going on")
        while len(self._rows) < len(jobs):
            row = JobRow(self._theme)
            self._column.addWidget(row)
            self._rows.append(row)
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(jobs))
            if index < len(jobs):
                row.show_job(jobs[index])
        if len(jobs) < 2:
            self.sheet.hide()
        elif self.sheet.isVisible():
            self.place()

    def place(self) -> None:
        """Stand above the status line, at its right."""
        window = self.sheet.window()
        self.sheet.adjustSize()
        corner = self.mapTo(window, QPoint(self.width(), 0))
        self.sheet.move(corner.x() - self.sheet.width(), corner.y() - self.sheet.height() - 6)
        self.sheet.raise_()

    def _unfold(self) -> None:
        self.sheet.setVisible(not self.sheet.isVisible())
        if self.sheet.isVisible():
            self.sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self.place()
