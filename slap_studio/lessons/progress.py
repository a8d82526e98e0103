"""How far a student has come: what was predicted, what was measured when it was revealed, which tasks are done."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from slap_studio.lessons.conditions import Condition, filled, spoken_figure
from slap_studio.lessons.figures import KINDS, Figures, said
from slap_studio.lessons.lesson import Asked, Choice, Lesson, Prediction, Stage
from slap_studio.lessons.page import Page, Phase, TaskLine
from slap_studio.problems import UnusableInput

LONGEST_ANSWER = 120


@dataclass(frozen=True)
class Kept:
    """A prediction.

    Attributes
    ----------
    answer
        The number of a choice, a number, or a text.
    revealed
        Whether the student has asked to see.
    figures
        What was measured when it was revealed; empty until it was.
    """

    answer: float | str
    revealed: bool = False
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """A lesson under way."""

    lesson: Lesson
    index: int = 0
    kept: Mapping[int, Kept] = field(default_factory=dict)
    done: frozenset[int] = frozenset()

    @property
    def stage(self) -> Stage:
        """The present stage."""
        return self.lesson.stages[self.index]

    @property
    def phase(self) -> Phase:
        """How far the present stage has come."""
        if self.stage.predict is None:
            return Phase.TELLS
        kept = self.kept.get(self.index)
        if kept is None:
            return Phase.ASKS
        if not kept.revealed:
            return Phase.PREDICTED
        return Phase.REVEALED if kept.figures else Phase.MEASURING

    @property
    def revealed(self) -> bool:
        """Whether what the stage covers is to be seen."""
        return self.phase in (Phase.TELLS, Phase.MEASURING, Phase.REVEALED)

    def at(self, index: int) -> "Progress":
        """In another stage, the nearest that there is."""
        return replace(self, index=min(max(index, 0), len(self.lesson.stages) - 1))

    def predicted(self, answer: float | str) -> "Progress":
        """With an answer to the present stage's question."""
        return self._keep(Kept(answer))

    def opened(self) -> "Progress":
        """With the present stage's answer to be revealed; nothing without a prediction."""
        kept = self.kept.get(self.index)
        return self if kept is None else self._keep(replace(kept, revealed=True))

    def seen(self, figures: Figures) -> "Progress":
        """With what has just been measured: the reveal's figures once all are known, and the task if it is done."""
        progress = self
        if self.phase is Phase.MEASURING and needed(self.stage) <= set(figures):
            progress = self._keep(replace(self.kept[self.index], figures=dict(figures)))
        task = self.stage.task
        if task is not None and self.index not in self.done and task.until.holds(figures):
            progress = replace(progress, done=self.done | {self.index})
        return progress

    def page(self, figures: Figures) -> Page:
        """What the panel shows."""
        lesson, stage, predict = self.lesson, self.stage, self.stage.predict
        page = Page(
            lesson=lesson.title,
            minutes=lesson.minutes,
            number=self.index + 1,
            count=len(lesson.stages),
            finished=tuple(self._finished(index) for index in range(len(lesson.stages))),
            title=stage.title,
            text=stage.text,
            phase=self.phase,
            task=self._task(figures),
        )
        if predict is None:
            return page
        page = replace(
            page,
            question=predict.question,
            kind=predict.asked.value,
            choices=tuple(choice.text for choice in predict.choices),
            hint=_hint(predict, figures),
        )
        kept = self.kept.get(self.index)
        return page if kept is None else self._answered(page, predict, kept)

    def _answered(self, page: Page, predict: Prediction, kept: Kept) -> Page:
        page = replace(page, said=_spoken(predict, kept.answer))
        if page.phase is not Phase.REVEALED or self.stage.reveal is None:
            return page
        measured, right = verdict(predict, kept)
        return replace(page, measured=measured, right=right, reveal=filled(self.stage.reveal.text, kept.figures) or "")

    def _task(self, figures: Figures) -> TaskLine | None:
        task = self.stage.task
        if task is None:
            return None
        return TaskLine(task.text, task.until.present(figures), self.index in self.done)

    def _finished(self, index: int) -> bool:
        stage, kept = self.lesson.stages[index], self.kept.get(index)
        answered = stage.predict is None or (kept is not None and bool(kept.figures))
        return index <= self._furthest and answered and (stage.task is None or index in self.done)

    @property
    def _furthest(self) -> int:
        return max([self.index, *self.kept, *self.done])

    def _keep(self, kept: Kept) -> "Progress":
        return replace(self, kept={**self.kept, self.index: kept})


def needed(stage: Stage) -> set[str]:
    """The figures without which a stage cannot be revealed."""
    predict, reveal = stage.predict, stage.reveal
    if predict is None or reveal is None:
        return set()
    names = {part.partition("}")[0] for part in reveal.text.split("{")[1:]}
    if predict.figure is not None:
        names.add(predict.figure)
    for condition in (predict.when, *(choice.when for choice in predict.choices)):
        names |= _asked_for(condition)
    return names


def _asked_for(condition: Condition | None) -> set[str]:
    found: set[str] = set()
    for comparison in condition.comparisons if condition is not None else ():
        found |= {comparison.figure} if comparison.than is None else {comparison.figure, comparison.than}
    return found


def answer_of(predict: Prediction, text: str) -> float | str:
    """An answer as it was typed, chosen (its number from 0) or dragged.

    Raises
    ------
    UnusableInput
        If it is empty, or no number where one is asked for.
    """
    text = text.strip()
    if not text:
        raise UnusableInput("Answer the question first; a guess is enough.")
    if predict.asked is Asked.TEXT:
        return text[:LONGEST_ANSWER]
    try:
        value = float(text.replace(",", ".").replace("−", "-").replace(" ", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UnusableInput(f"{text[:40]!r} is no number; write one such as 0.3.")
    return value


def verdict(predict: Prediction, kept: Kept) -> tuple[str, bool | None]:
    """What was measured, in words, and whether the prediction agrees; None where nothing tells."""
    figures = kept.figures
    measured = spoken_figure(predict.figure, figures) if predict.figure is not None else ""
    if predict.asked is Asked.CHOICES:
        true = [choice for choice in predict.choices if choice.when is not None and choice.when.holds(figures)]
        right = _chosen(predict, kept.answer) in true if true else None
        found = "" if right else ", ".join(f"“{choice.text}”" for choice in true)
        return " · ".join(part for part in (found, measured) if part), right
    if predict.asked is Asked.NUMBER and predict.figure is not None:
        value, answer = figures[predict.figure], kept.answer
        assert isinstance(value, int | float)  # noqa: S101 (the reader takes no word here)
        assert isinstance(answer, int | float)  # noqa: S101
        return measured, abs(answer - value) <= predict.within * abs(value)
    return measured, predict.when.holds(figures) if predict.when is not None else None


def _chosen(predict: Prediction, answer: float | str) -> Choice:
    return predict.choices[int(answer)]


def _spoken(predict: Prediction, answer: float | str) -> str:
    if predict.asked is Asked.CHOICES:
        return f"“{_chosen(predict, answer).text}”"
    if isinstance(answer, str):
        return f"“{answer}”"
    if predict.control is not None:
        return f"{KINDS[predict.control].symbol} = {said(predict.control, answer)}"
    return f"{answer:g}".replace("-", "−")


def _hint(predict: Prediction, figures: Figures) -> str:
    if predict.control is None:
        return "" if predict.figure is None else KINDS[predict.figure].symbol
    return spoken_figure(predict.control, figures) if predict.control in figures else KINDS[predict.control].symbol
