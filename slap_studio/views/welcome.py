"""The welcome page: what this is, four samples one click away, and how to open a video of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from slap_studio.views.controls import label

MOST_OFFERS = 3  # of unsaved work at a time; the next comes up when one is dealt with


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


class WelcomePage(QWidget):
    """Emits which sample or file to open, and which unsaved work to restore."""

    sample_chosen = Signal(object)
    file_chosen = Signal(object)
    open_asked = Signal()
    restore_asked = Signal(str)
    discard_asked = Signal(str)

    def __init__(self, samples: Sequence[Sample]) -> None:
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
        grid = QGridLayout()
        grid.setSpacing(14)
        self.cards = [SampleCard(sample) for sample in samples]
        for index, card in enumerate(self.cards):
            card.chosen.connect(self.sample_chosen)
            grid.addWidget(card, index // 2, index % 2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(grid)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addSpacing(20)
        outer.addLayout(self._own())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        outer.addLayout(self._recent)
        outer.addStretch(3)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the files opened last."""
        self._paths = tuple(paths)
        _empty(self._recent)
        if not paths or self._offering:
            return
        self._recent.addSpacing(10)
        self._recent.addWidget(label("Opened before", "secondary"), 0, Qt.AlignmentFlag.AlignHCenter)
        for path in paths[:4]:
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


class SampleCard(QFrame):
    """A sample as a picture with its name; opened by a click, or by Enter or Space."""

    chosen = Signal(object)

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self._sample = sample
        self.setProperty("card", "true")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Sample {sample.title}: {sample.text}")
        self.setToolTip(f"Open the sample “{sample.title}”.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 11)
        layout.setSpacing(3)
        layout.addWidget(CardPicture(QPixmap(str(sample.picture))))
        for text, role in ((sample.title, "title"), (sample.text, "secondary")):
            words = label(text, role)
            words.setContentsMargins(13, 3 if role == "title" else 0, 13, 0)
            words.setWordWrap(True)
            layout.addWidget(words)
        layout.addStretch(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open it."""
        self.chosen.emit(self._sample.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._sample.path)
        else:
            super().keyPressEvent(event)


class CardPicture(QWidget):
    """A picture with the card's upper corners."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(QSize(320, 132))

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
