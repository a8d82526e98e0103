"""One page of a lesson as the panel shows it. It imports nothing, so that views may know it."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """How far a stage has come."""

    TELLS = "tells"  # nothing is asked
    ASKS = "asks"
    PREDICTED = "predicted"
    MEASURING = "measuring"  # revealed, and the figures are on their way
    REVEALED = "revealed"


@dataclass(frozen=True)
class TaskLine:
    """Something to do, where its figures stand now, and whether it is done."""

    text: str
    present: str
    done: bool


@dataclass(frozen=True)
class Page:
    """Everything on the panel.

    Attributes
    ----------
    number, count
        Of the stage, from 1, and of all stages.
    finished
        Which stages have been done [count].
    kind, choices
        How the question is answered: "choices", "number", "text" or "slider"; empty where none is asked.
    hint
        Beside the answer's field: the unit or the slider's name.
    said, measured, right
        What the student said, what was measured, and whether they agree; None where nothing tells.
    """

    lesson: str
    minutes: int
    number: int
    count: int
    finished: tuple[bool, ...]
    title: str
    text: str
    phase: Phase
    task: TaskLine | None = None
    question: str = ""
    kind: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
    said: str = ""
    measured: str = ""
    right: bool | None = None
    reveal: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do in this stage."""
        return self.finished[self.number - 1]
