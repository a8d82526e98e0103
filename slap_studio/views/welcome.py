"""The welcome page: what this is, samples and lessons one click away, and how to open a video of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from slap_studio.views.controls import label

MOST_OFFERS = 3  # of unsaved work at a time; the next comes up when one is dealt with
LARGE_TYPE = 20  # pixels of a line
WIDTH = 226  # of a card: four of them stand beside one another in the narrowest window


@dataclass(frozen=True)
class Sample:
    """A clip offered on the page.

    Attributes
    ----------
    picture
        A file with a frame of it.
    text
        One sentence on what it shows.
    """

    path: Path
    title: str
    text: str
    picture: Path


@dataclass(frozen=True)
class Unsaved:
    """Work of an earlier day that was never saved.

    Attributes
    ----------
    key
        What is emitted for it.
    name, when
        Of the work, and from when it is, in words.
    """

    key: str
    name: str
    when: str


@dataclass(frozen=True)
class Offer:
    """A lesson offered on the page: its file, its name, a sentence and how long it takes."""

    path: Path
    title: str
    text: str
    length: str


class WelcomePage(QWidget):
    """Emits which sample, lesson or file to open, and which unsaved work to restore."""

    sample_chosen = Signal(object)
    lesson_chosen = Signal(object)
    file_chosen = Signal(object)
    open_asked = Signal()
    restore_asked = Signal(str)
    discard_asked = Signal(str)

    def __init__(self, samples: Sequence[Sample], lessons: Sequence[Offer] = ()) -> None:
        super().__init__()
        self.setObjectName("page")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(40, 20, 40, 28)
        outer.addStretch(2)
        outer.addWidget(label("SLAP Studio", "heading"), 0, Qt.AlignmentFlag.AlignHCenter)
        words = label(
            "A video hides something for a while. The path of least action through the gap is drawn here, live.",
            "lead",
        )
        outer.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addSpacing(22)
        self._paths: tuple[Path, ...] = ()
        self._offering = False
        self._unsaved = QVBoxLayout()
        self._unsaved.setSpacing(6)
        outer.addLayout(self._unsaved)
        self.cards = [SampleCard(sample) for sample in samples]
        self.lessons = [LessonCard(lesson) for lesson in lessons]
        grid = QGridLayout()
        grid.setSpacing(14)
        self._lay(grid, 0, "Samples", self.cards)
        self._lay(grid, 2, "Lessons: predict, then see", self.lessons)
        for sample in self.cards:
            sample.chosen.connect(self.sample_chosen)
        for lesson in self.lessons:
            lesson.chosen.connect(self.lesson_chosen)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(grid)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addSpacing(20)
        outer.addLayout(self._own())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        outer.addLayout(self._recent)
        outer.addStretch(3)

    @staticmethod
    def _lay(grid: QGridLayout, row: int, words: str, cards: "Sequence[Card]") -> None:
        """A line of words and a line of cards below it."""
        if cards:
            grid.addWidget(label(words, "secondary"), row, 0, 1, len(cards))
        for column, card in enumerate(cards):
            grid.addWidget(card, row + 1, column)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the files opened last."""
        self._paths = tuple(paths)
        _empty(self._recent)
        if not paths or self._offering:
            return
        self._recent.addSpacing(10)
        self._recent.addWidget(label("Opened before", "secondary"), 0, Qt.AlignmentFlag.AlignHCenter)
        # Large type leaves room for one.
        for path in paths[: 4 if self.fontMetrics().height() < LARGE_TYPE else 1]:
            button = QPushButton(path.name)
            button.setProperty("link", "true")
            button.setToolTip(str(path))
            button.clicked.connect(lambda _checked, path=path: self.file_chosen.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_unsaved(self, offered: Sequence[Unsaved]) -> None:
        """Offer unsaved work, each to be restored or given up; files opened before make room for it."""
        _empty(self._unsaved)
        offers = [UnsavedOffer(one) for one in offered[:MOST_OFFERS]]
        widest = max((offer.sizeHint().width() for offer in offers), default=0)
        for offer in offers:
            offer.setFixedWidth(widest)
            offer.restore_asked.connect(self.restore_asked)
            offer.discard_asked.connect(self.discard_asked)
            self._unsaved.addWidget(offer, 0, Qt.AlignmentFlag.AlignHCenter)
        if offers:
            self._unsaved.addSpacing(14)
        self._offering = bool(offers)
        self.show_recent(self._paths)

    def _own(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        button = QPushButton("Open a video…")
        button.setToolTip("Ctrl+O")
        button.clicked.connect(self.open_asked)
        row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(label("or drop one anywhere on this window", "secondary"))
        row.addStretch(1)
        return row


class UnsavedOffer(QFrame):
    """A line that names unsaved work, with a button to restore it and one to discard it."""

    restore_asked = Signal(str)
    discard_asked = Signal(str)

    def __init__(self, offered: Unsaved) -> None:
        super().__init__()
        self.setProperty("card", "true")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 8, 10, 8)
        layout.setSpacing(10)
        layout.addWidget(label(f"Restore unsaved work on {offered.name} from {offered.when}"))
        layout.addStretch(1)
        layout.addSpacing(12)
        for text, asked, hint in (
            ("Restore", self.restore_asked, "Open the work as it stood a few seconds before the program ended."),
            ("Discard", self.discard_asked, "Give the work up for good."),
        ):
            button = QPushButton(text)
            button.setToolTip(hint)
            button.setAccessibleName(f"{text} unsaved work on {offered.name} from {offered.when}")
            button.clicked.connect(partial(asked.emit, offered.key))
            layout.addWidget(button)


class Card(QFrame):
    """Opened by a click, or by Enter or Space."""

    chosen = Signal(object)

    def __init__(self, path: Path, title: str, text: str) -> None:
        super().__init__()
        self._path = path
        self.setProperty("card", "true")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 11)
        self.column.setSpacing(3)
        for words, role in ((title, "title"), (text, "secondary")):
            self._add(words, role)
        self.column.addStretch(1)

    def sizeHint(self) -> QSize:
        """As high as its wrapped text needs, in any size of type."""
        return QSize(WIDTH, self.column.totalHeightForWidth(WIDTH))

    def minimumSizeHint(self) -> QSize:
        """No smaller."""
        return self.sizeHint()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 (Qt's name)
        """Its width is fixed, and so is its height: no layout need ask."""
        return False

    def _add(self, text: str, role: str) -> None:
        words = label(text, role)
        words.setContentsMargins(13, 5 if role == "title" else 0, 13, 0)
        words.setWordWrap(True)
        self.column.addWidget(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        self.chosen.emit(self._path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._path)
        else:
            super().keyPressEvent(event)


class SampleCard(Card):
    """A sample as a picture with its name."""

    def __init__(self, sample: Sample) -> None:
        super().__init__(sample.path, sample.title, sample.text)
        self.setAccessibleName(f"Sample {sample.title}: {sample.text}")
        self.setToolTip(f"Open the sample “{sample.title}”.")
        self.column.insertWidget(0, CardPicture(QPixmap(str(sample.picture))))


class LessonCard(Card):
    """A lesson by its name, with what it is about and how long it takes."""

    def __init__(self, lesson: Offer) -> None:
        super().__init__(lesson.path, lesson.title, lesson.text)
        self.setAccessibleName(f"Lesson {lesson.title}, {lesson.length}: {lesson.text}")
        self.setToolTip(f"Begin the lesson “{lesson.title}”.")
        self._add(lesson.length, "small")


class CardPicture(QWidget):
    """A picture with the card's upper corners."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(QSize(WIDTH - 2, 108))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The middle of the picture."""
        if self._picture.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(0, 0, self.width(), self.height() + 12), 9, 9)
        painter.setClipPath(path)
        tall = self._picture.width() * self.height() / self.width()
        source = QRectF(0, (self._picture.height() - tall) * 0.62, self._picture.width(), tall)
        painter.drawPixmap(QRectF(self.rect()), self._picture, source)


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
