"""The lesson beside the workspace: its text, its question, what was said and what was measured, and the way on."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from slap_studio.lessons.page import Page, Phase, TaskLine
from slap_studio.views.answers import ChoiceList
from slap_studio.views.controls import label, panel
from slap_studio.views.docks import GRIP
from slap_studio.views.theme import GAP, Theme

_FIXED, _GROWING = 270, 60  # pixels of its width, the second at 100 %: the stage must keep some room


def width_in(theme: Theme) -> int:
    """Width of the column in pixels, with the gap at its left."""
    return _FIXED + theme.size(_GROWING) + GAP


class LessonPanel(QWidget):
    """Emits what the student asked; shows the page it is told."""

    back_asked = Signal()
    next_asked = Signal()
    predicted = Signal(str)
    reveal_asked = Signal()
    leave_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._page: Page | None = None
        layout = panel(self, (15, 11, 15, 11), 7)
        outer = self.layout()
        assert outer is not None
        outer.setContentsMargins(GAP, GRIP, 0, 4)
        layout.addLayout(self._head())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("The lesson's text")
        self._text = self._body()
        self._scroll.setWidget(self._text)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self._foot())
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour; larger type needs more room."""
        self.setFixedWidth(width_in(theme))
        self.dots.set_theme(theme)
        self._state.setStyleSheet(f"color: {theme.query}; font-weight: 600;")

    def show_page(self, page: Page) -> None:
        """Show a page; what is being typed into the answer stays as long as the question does."""
        before, self._page = self._page, page
        new = before is None or (before.lesson, before.number) != (page.lesson, page.number)
        self.lesson.setText(page.lesson)
        self._place.setText(f"Stage {page.number} of {page.count} · about {page.minutes} minutes in all")
        self.dots.show_stages(page.number, page.finished)
        self.heading.setText(page.title)
        self.text.setText(page.text)
        self._show_task(page.task)
        self._show_question(page, new=new)
        self._show_reveal(page)
        self.back.setEnabled(page.number > 1)
        last = page.number == page.count
        self.on.setText(("Finish" if last else "Next") if page.complete else ("Leave" if last else "Skip"))
        primary = "true" if page.complete else "false"
        if self.on.property("primary") != primary:
            self.on.setProperty("primary", primary)
            self.on.style().polish(self.on)
        if new:
            self._scroll.verticalScrollBar().setValue(0)
        elif before is not None and before.phase is not page.phase and page.phase is Phase.REVEALED:
            # What was revealed is what is to be read now.
            self._text.adjustSize()
            self._scroll.ensureWidgetVisible(self.reveal, 0, 0)

    # ---- parts ----------------------------------------------------------------------------

    def _head(self) -> QVBoxLayout:
        column, row = QVBoxLayout(), QHBoxLayout()
        column.setSpacing(2)
        self.lesson = lesson_text()
        self.lesson.setProperty("role", "lesson")
        row.addWidget(self.lesson, 1)
        self.leave = QPushButton("Leave")
        self.leave.setProperty("link", "true")
        self.leave.setToolTip("End the lesson; every control and your settings come back.")
        self.leave.clicked.connect(self.leave_asked)
        row.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignTop)
        self._place = label("", "small")
        column.addLayout(row)
        column.addWidget(self._place)
        return column

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 4, 4)
        column.setSpacing(8)
        self.heading, self.task, self.question = lesson_text("title"), lesson_text("title"), lesson_text("title")
        self._where, self._state = label("", "secondary"), label()
        self.text, self.said, self.measured, self.reveal = (
            lesson_text(), lesson_text("secondary"), lesson_text("title"), lesson_text(),
        )  # fmt: skip
        self.choices = ChoiceList()
        self.choices.chosen.connect(self._answerable)
        self.field = QLineEdit()
        self.field.setMaxLength(120)
        self.field.setAccessibleName("Your prediction")
        self.field.setToolTip("What you predict; Enter keeps it.")
        self.field.textChanged.connect(self._answerable)
        self.field.returnPressed.connect(self._act)
        self._hint = label("", "secondary")
        self.act = QPushButton()
        self.act.setProperty("primary", "true")
        self.act.clicked.connect(self._act)
        task_row = QHBoxLayout()
        task_row.addWidget(self._where, 1)
        task_row.addWidget(self._state)
        for words in (self.heading, self.text, self.task):
            column.addWidget(words)
        column.addLayout(task_row)
        parts = (self.question, self.choices, self._hint, self.field, self.act, self.said, self.measured, self.reveal)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        return body

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.back, self.on, self.dots = QPushButton("Back"), QPushButton("Next"), Dots()
        self.back.setToolTip("The stage before; what you said is kept.")
        self.on.setToolTip("The next stage; Skip leaves this one as it is.")
        self.back.clicked.connect(self.back_asked)
        self.on.clicked.connect(self.next_asked)
        row.addWidget(self.back)
        row.addWidget(self.dots, 1)
        row.addWidget(self.on)
        return row

    # ---- showing --------------------------------------------------------------------------

    def _show_task(self, task: TaskLine | None) -> None:
        for one in (self.task, self._where, self._state):
            one.setVisible(task is not None)
        if task is not None:
            self.task.setText(task.text)
            self._where.setText(task.present)
            self._state.setText("✓ done" if task.done else "")

    def _show_question(self, page: Page, *, new: bool) -> None:
        asks, open_ = bool(page.question), page.phase is Phase.ASKS
        self.question.setVisible(asks)
        self.question.setText(page.question)
        self.choices.setVisible(page.kind == "choices" and open_)
        if page.kind == "choices" and (new or tuple(self.choices.texts) != page.choices):
            self.choices.show_texts(page.choices)
        self.field.setVisible(page.kind in ("number", "text") and open_)
        if new:
            self.field.clear()
            self.field.setPlaceholderText("A number, such as 0.3" if page.kind == "number" else "A few words")
        self._hint.setVisible(page.kind == "slider" and open_)
        self._hint.setText(f"It stands at {page.hint}.")
        self.act.setVisible(asks and page.phase in (Phase.ASKS, Phase.PREDICTED))
        self.act.setText("Predict" if open_ else "Reveal")
        self.act.setToolTip(
            "Keep this answer; it is shown beside what is measured." if open_ else "See what comes out."
        )
        self._answerable()

    def _show_reveal(self, page: Page) -> None:
        self.said.setVisible(bool(page.said))
        self.said.setText(f"You said {page.said}")
        measured = _measured(page) if page.phase in (Phase.MEASURING, Phase.REVEALED) else ""
        self.measured.setVisible(bool(measured))
        self.measured.setText(measured)
        self.reveal.setVisible(bool(page.reveal))
        self.reveal.setText(page.reveal)

    def _answerable(self) -> None:
        """Whether there is an answer that could be kept."""
        page = self._page
        if page is None or page.phase is not Phase.ASKS:
            self.act.setEnabled(True)
            return
        self.act.setEnabled(bool(self._answer(page)))

    def _answer(self, page: Page) -> str:
        if page.kind == "choices":
            return "" if self.choices.chosen_index is None else str(self.choices.chosen_index)
        return "slider" if page.kind == "slider" else self.field.text().strip()

    def _act(self) -> None:
        page = self._page
        if page is None:
            return
        if page.phase is Phase.ASKS and self._answer(page):
            self.predicted.emit(self._answer(page))
        elif page.phase is Phase.PREDICTED:
            self.reveal_asked.emit()


def _measured(page: Page) -> str:
    if page.phase is Phase.MEASURING:
        return "Measuring…"
    if page.right:
        return f"✓ Measured: {page.measured}" if page.measured else "✓ Measured: just so"
    return f"Measured: {page.measured}" if page.measured else ""


class Dots(QWidget):
    """A dot for every stage: filled where it is finished, ringed where one is."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 1
        self._finished: tuple[bool, ...] = (False,)
        self._theme: Theme | None = None
        self.setFixedHeight(18)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def show_stages(self, number: int, finished: tuple[bool, ...]) -> None:
        """Which stage is the present one, from 1, and which are finished."""
        self._number, self._finished = number, finished
        words = f"Stage {number} of {len(finished)}, {sum(finished)} finished"
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dots, in the middle."""
        theme = self._theme
        if theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = len(self._finished)
        apart = min(16.0, self.width() / max(count, 1))
        left, middle = (self.width() - apart * (count - 1)) / 2, self.height() / 2
        for index, finished in enumerate(self._finished):
            here = index + 1 == self._number
            size = 4.5 if here else 3.5
            painter.setPen(QPen(theme.colour("inferred" if here else "secondary"), 2 if here else 1.2))
            painter.setBrush(theme.colour("inferred" if here else "secondary") if finished else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(left + index * apart - size, middle - size, 2 * size, 2 * size))


def lesson_text(role: str = "") -> QLabel:
    """A paragraph of the column beside the workspace."""
    made = label("", role)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made
