"""A lesson as frozen values: a clip, what is set and shown, and stages that ask for a prediction before they reveal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from slap_studio.core.types import AlignmentKind, Kinetic
from slap_studio.lessons.conditions import Condition
from slap_studio.session.look import View
from slap_studio.session.state import Session, horizon_for


class Access(StrEnum):
    """What a lesson does to a control."""

    SHOWN = "shown"
    LOCKED = "locked"
    HIDDEN = "hidden"


# Every control that a lesson may lock or hide, and the field of the session that then stays as it is.
CONTROLS: Mapping[str, str] = MappingProxyType(
    {
        "presets": "",
        "coupling": "coupling",
        "mass": "mass",
        "step_size": "step_size",
        "steps": "steps",
        "kinetic": "kinetic",
        "alignment": "alignment",
        "reset": "",
        "query": "query",
        "gap": "gap",
        "candidates": "candidates",
        "beside": "beside",
        "views": "",
        "curves": "",
        "certificates": "",
        "figures": "",
        "video": "",
        "inspector": "",
    }
)
# What can be covered until the student has predicted.
COVERED = ("stage", "regime", "curves", "nearest", "figures", "certificates", "steps")
VIEWS = tuple(view.value for view in View)
CURVES = ("energy", "readout", "drift")
THEMES = ("dark", "light", "projector")


@dataclass(frozen=True)
class Settings:
    """What a lesson moves; a field that is None stays as it is.

    Attributes
    ----------
    coupling, mass, time_step, kinetic
        The action.
    steps, step_size
        The descent.
    cursor
        Seconds.
    revealed, compared
        Whether the truth, and other methods, are shown.
    view, curve
        What the stage and the time band show.
    """

    coupling: float | None = None
    mass: float | None = None
    time_step: float | None = None
    kinetic: Kinetic | None = None
    steps: int | None = None
    step_size: float | None = None
    alignment: AlignmentKind | None = None
    query: str | None = None
    candidates: tuple[str, ...] | None = None
    cursor: float | None = None
    revealed: bool | None = None
    compared: bool | None = None
    view: str | None = None
    curve: str | None = None

    def then(self, later: "Settings") -> "Settings":
        """These settings, and over them later ones."""
        return replace(self, **later.given)  # type: ignore[arg-type]

    @property
    def given(self) -> dict[str, object]:
        """The fields that say something."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}

    def moved(self, session: Session) -> Session:
        """A session with these settings; the view and the curve are the window's own."""
        given = self.given
        physics = {name: given[name] for name in ("coupling", "mass", "time_step", "kinetic") if name in given}
        descent = {name: given[name] for name in ("steps", "step_size") if name in given}
        names = ("alignment", "query", "candidates", "cursor", "revealed", "compared")
        moved = session.with_physics(**physics).with_descent(**descent)
        moved = replace(moved, **{name: given[name] for name in names if name in given})  # type: ignore[arg-type]
        return replace(moved, horizon=horizon_for(moved.horizon, moved.descent.steps))


@dataclass(frozen=True)
class Choice:
    """One of several answers, and the condition under which it is what was measured."""

    text: str
    when: Condition | None = None


class Asked(StrEnum):
    """How a prediction is given."""

    CHOICES = "choices"
    NUMBER = "number"
    TEXT = "text"
    SLIDER = "slider"


@dataclass(frozen=True)
class Prediction:
    """A question that is answered before anything is revealed.

    Attributes
    ----------
    choices
        Of a question with choices; empty otherwise.
    figure
        What is measured and shown beside the answer; always there for a number, and for a slider what it brought about.
    within
        Of a number: how far off it may be, as a share of what was measured.
    control
        Of a slider: "coupling", "mass", "step_size" or "steps"; where it stands is the answer.
    when
        Of a slider: the condition under which it stands right.
    """

    question: str
    asked: Asked
    choices: tuple[Choice, ...] = ()
    figure: str | None = None
    within: float = 0.25
    control: str | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Task:
    """Something to do, and the condition that says that it is done."""

    text: str
    until: Condition


@dataclass(frozen=True)
class Reveal:
    """What is said and set once the student has predicted; the text may name figures in braces."""

    text: str
    settings: Settings = Settings()


@dataclass(frozen=True)
class Stage:
    """One stage of a lesson.

    Attributes
    ----------
    settings, controls
        What the window moves to, over what the lesson and the stages before it say.
    hide
        What is covered until the student has predicted.
    """

    title: str
    text: str
    settings: Settings = Settings()
    controls: Mapping[str, Access] = field(default_factory=dict)
    hide: tuple[str, ...] = ()
    task: Task | None = None
    predict: Prediction | None = None
    reveal: Reveal | None = None


@dataclass(frozen=True)
class Lesson:
    """A whole lesson.

    Attributes
    ----------
    clip
        The video.
    gap
        As `--hide` takes it.
    theme
        A wish for the window's theme; None leaves it.
    """

    title: str
    about: str
    minutes: int
    clip: Path
    query: str
    gap: str
    stages: tuple[Stage, ...]
    settings: Settings = Settings()
    controls: Mapping[str, Access] = field(default_factory=dict)
    theme: str | None = None

    def settings_at(self, index: int, *, revealed: bool = False) -> Settings:
        """Everything that is set in a stage: the lesson's own, then what every stage up to it set and revealed."""
        found = Settings(query=self.query).then(self.settings)
        for stage in self.stages[:index]:
            found = found.then(stage.settings).then(stage.reveal.settings if stage.reveal else Settings())
        here = self.stages[index]
        found = found.then(here.settings)
        return found.then(here.reveal.settings) if revealed and here.reveal else found

    def controls_at(self, index: int) -> Mapping[str, Access]:
        """What is done to every control in a stage; the video and the inspector make room for the lesson's text."""
        room = {"video": Access.HIDDEN, "inspector": Access.HIDDEN}
        return room | dict(self.controls) | dict(self.stages[index].controls)
