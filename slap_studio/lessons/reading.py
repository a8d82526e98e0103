"""Reads lesson files (docs/lesson-file.md): every value is checked, and what cannot be used is said in one sentence."""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Never, TypeVar

from slap_studio.core.types import AlignmentKind, Kinetic
from slap_studio.lessons import lesson as values
from slap_studio.lessons.conditions import Comparison, Condition, Relation
from slap_studio.lessons.figures import KINDS
from slap_studio.lessons.lesson import (
    Access,
    Asked,
    Choice,
    Lesson,
    Prediction,
    Reveal,
    Settings,
    Stage,
    Task,
)
from slap_studio.media.files import require_regular_file
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

FORMAT, VERSION = "slap-studio lesson", 1
LARGEST = 256 * 1024  # bytes of a file
MOST_STAGES, MOST_CHOICES, MOST_TEXTS = 30, 6, 40
LINE, TEXT = 160, 2000  # characters
SAMPLES = ("tunnel", "swap", "pillars", "open_track")
_NAME = re.compile(r"\{([a-z_]*)\}")
_SLIDERS = ("coupling", "mass", "step_size", "steps")
_Word = TypeVar("_Word", bound=StrEnum)


def read_lesson(path: Path) -> Lesson:
    """Read a lesson file.

    Raises
    ------
    UnusableInput
        If it is no lesson file of this version, or anything in it cannot be used.
    """
    require_regular_file(path)
    try:
        if path.stat().st_size > LARGEST:
            raise UnusableInput(f"{path.name} is larger than {LARGEST // 1024} kB, so it is no lesson; check the name.")
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except OSError as error:
        raise UnusableInput(
            f"{path.name} could not be read ({error.strerror}); copy it to a folder of yours."
        ) from None
    except RecursionError:
        raise UnusableInput(f"{path.name} is nested too deeply for a lesson; see docs/lesson-file.md.") from None
    except UnusableInput as problem:
        raise _of_file(path, problem) from None
    except ValueError as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnusableInput(f"{path.name} is no JSON{where}; open it in an editor and mend it.") from None
    try:
        return _lesson(_Part(data, "the lesson"), path.parent)
    except UnusableInput as problem:
        raise _of_file(path, problem) from None


def _of_file(path: Path, problem: UnusableInput) -> UnusableInput:
    sentence = str(problem)
    return UnusableInput(sentence if path.name in sentence else f"{path.name} cannot be used as a lesson: {sentence}")


def _no_number(name: str) -> Never:
    raise UnusableInput(f"it holds {name}, which is no finite number; write a number.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names is written twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnusableInput(f"“{twice[:40]}” is written twice in one place; keep one of them.")
    return found


class _Part:
    """One object of the file, whose fields are taken one by one; what is left over is unknown."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise UnusableInput(f"{where} is no object; write it in braces, as docs/lesson-file.md shows.")
        self._data: dict[str, Any] = dict(data)
        self.where = where

    def refuse(self, name: str, must: str) -> Never:
        """Say what is wrong with a field."""
        raise UnusableInput(f"“{name}” of {self.where} must be {must}.")

    def take(self, name: str) -> Any:
        """A field of any kind; None where it is not there."""
        return self._data.pop(name, None)

    def text(self, name: str, most: int, *, needed: bool = True) -> str:
        """A text that is not empty, or paragraphs."""
        found = self.take(name)
        if found is None and not needed:
            return ""
        if isinstance(found, list) and found and all(isinstance(part, str) for part in found):
            found = "\n\n".join(found)
        if not isinstance(found, str) or not found.strip() or len(found) > most:
            self.refuse(name, f"a text of 1 to {most:,} characters".replace(",", " "))
        if any(not character.isprintable() and character != "\n" for character in found):
            self.refuse(name, "a text without control characters")
        return str(found).strip()

    def number(self, name: str, least: float, most: float, *, whole: bool = False) -> float | None:
        """A number within bounds; None where it is not there."""
        found = self.take(name)
        if found is None:
            return None
        numeric = isinstance(found, int | float) and not isinstance(found, bool)
        if not numeric or not least <= found <= most or (whole and found != int(found)):
            self.refuse(name, f"a {'whole ' if whole else ''}number from {least:g} to {most:g}")
        return float(found)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of several words; None where it is not there."""
        found = self.take(name)
        if found is not None and found not in allowed:
            self.refuse(name, f"one of {', '.join(allowed)}")
        return None if found is None else str(found)

    def word(self, name: str, kind: type[_Word]) -> _Word | None:
        """A member of an enumeration; None where it is not there."""
        found = self.one_of(name, tuple(member.value for member in kind))
        return None if found is None else kind(found)

    def truth(self, name: str) -> bool | None:
        """True or false; None where it is not there."""
        found = self.take(name)
        if found is not None and not isinstance(found, bool):
            self.refuse(name, "true or false")
        return found

    def several(self, name: str, least: int, most: int) -> list[Any]:
        """A list; empty where it is not there and may be."""
        found = self.take(name)
        if found is None and not least:
            return []
        if not isinstance(found, list) or not least <= len(found) <= most:
            self.refuse(name, f"a list of {least} to {most}")
        return list(found)

    def part(self, name: str, where: str) -> "_Part | None":
        """An object; None where it is not there."""
        found = self.take(name)
        return None if found is None else _Part(found, where)

    def end(self) -> None:
        """Refuse what nobody took."""
        for name in self._data:
            raise UnusableInput(
                f"“{name[:40]}” of {self.where} is unknown; see docs/lesson-file.md for what may stand there."
            )


def _lesson(part: _Part, folder: Path) -> Lesson:
    if part.take("format") != FORMAT:
        raise UnusableInput(f"its “format” is not “{FORMAT}”; choose a lesson file.")
    version = part.take("version")
    if version != VERSION or isinstance(version, bool):
        raise UnusableInput(
            f"it is of version {str(version)[:20]}, and this studio knows version {VERSION}; update the studio."
        )
    title, about = part.text("title", LINE), part.text("about", LINE)
    minutes = part.number("minutes", 1, 600, whole=True)
    if minutes is None:
        part.refuse("minutes", "a whole number from 1 to 600")
    clip = _clip(part.text("clip", LINE), folder)
    query, gap = part.text("query", LINE), _gap(part)
    theme = part.one_of("theme", values.THEMES)
    settings, controls = _settings(part.part("settings", "the lesson's settings")), _controls(part)
    stages = tuple(
        _stage(_Part(stage, f"stage {index}"))
        for index, stage in enumerate(part.several("stages", 1, MOST_STAGES), start=1)
    )
    part.end()
    return Lesson(title, about, int(minutes), clip, query, gap, stages, settings, controls, theme)


def _clip(name: str, folder: Path) -> Path:
    """A sample by its name, or a file beside the lesson."""
    if name in SAMPLES:
        return sample_videos() / f"{name}.mp4"
    path = Path(name)
    if path.is_absolute() or path.drive or "\\" in name:
        raise UnusableInput(
            f"its “clip” must be {', '.join(SAMPLES)}, or a path with / that begins at the lesson's own folder."
        )
    found = folder / path
    if not found.is_file():
        raise UnusableInput(
            f"its clip {name} is not there; put it beside the lesson, or name one of {', '.join(SAMPLES)}."
        )
    return found


def _gap(part: _Part) -> str:
    """A gap as `--hide` takes it; whether it fits the clip is seen when that is open."""
    text = part.text("gap", LINE)
    if re.fullmatch(r"\s*\d+(\.\d+)?%?\s*:\s*\d+(\.\d+)?%?\s*", text) is None:
        part.refuse("gap", "two times such as 1.5:3.2 in seconds or 30%:60%")
    return text


def _settings(part: _Part | None) -> Settings:
    if part is None:
        return Settings()
    steps = part.number("steps", 0, 5000, whole=True)
    candidates = part.take("candidates")
    if candidates is not None:
        few = isinstance(candidates, list) and len(candidates) in range(2, MOST_TEXTS + 1)
        if not few or not all(isinstance(text, str) and 0 < len(text.strip()) <= LINE for text in candidates):
            part.refuse("candidates", f"a list of 2 to {MOST_TEXTS} texts")
    found = Settings(
        coupling=part.number("coupling", 0, 1e6),
        mass=part.number("mass", 0, 1e6),
        time_step=part.number("time_step", 1e-6, 1e6),
        kinetic=part.word("kinetic", Kinetic),
        steps=None if steps is None else int(steps),
        step_size=part.number("step_size", 1e-9, 1e6),
        alignment=part.word("alignment", AlignmentKind),
        query=part.text("query", LINE, needed=False) or None,
        candidates=None if candidates is None else tuple(candidates),
        cursor=part.number("cursor", 0, 1e6),
        revealed=part.truth("revealed"),
        compared=part.truth("compared"),
        view=part.one_of("view", values.VIEWS),
        curve=part.one_of("curve", values.CURVES),
    )
    part.end()
    return found


def _controls(part: _Part) -> Mapping[str, Access]:
    inner = part.part("controls", f"the controls of {part.where}")
    if inner is None:
        return {}
    found = {name: access for name in values.CONTROLS if (access := inner.word(name, Access)) is not None}
    inner.end()
    return found


def _stage(part: _Part) -> Stage:
    where = part.where
    hide = part.several("hide", 0, len(values.COVERED))
    for name in hide:
        if name not in values.COVERED:
            part.refuse("hide", f"a list of some of {', '.join(values.COVERED)}")
    found = Stage(
        title=part.text("title", LINE),
        text=part.text("text", TEXT),
        settings=_settings(part.part("settings", f"the settings of {where}")),
        controls=_controls(part),
        hide=tuple(hide),
        task=_optional(part.part("task", f"the task of {where}"), _task),
        predict=_optional(part.part("predict", f"the question of {where}"), _prediction),
        reveal=_optional(part.part("reveal", f"the reveal of {where}"), _reveal),
    )
    part.end()
    if found.predict is not None and found.reveal is None:
        raise UnusableInput(f"{where} asks for a prediction but reveals nothing; add a “reveal”.")
    if found.predict is None and (found.reveal is not None or found.hide):
        raise UnusableInput(f"{where} hides or reveals something but asks for no prediction; add a “predict”.")
    return found


def _optional(part: _Part | None, read: Callable[[_Part], Any]) -> Any:
    return None if part is None else read(part)


def _task(part: _Part) -> Task:
    found = Task(part.text("text", TEXT), _condition(part, "until", needed=True))
    part.end()
    return found


def _reveal(part: _Part) -> Reveal:
    text = part.text("text", TEXT)
    left = _NAME.sub("", text)
    if "{" in left or "}" in left:
        part.refuse("text", "a text in which braces hold the name of a figure and nothing else")
    for name in _NAME.findall(text):
        if name not in KINDS:
            part.refuse("text", f"a text whose braces hold figures that exist, and not {{{name}}}")
    found = Reveal(text, _settings(part.part("settings", f"the settings of {part.where}")))
    part.end()
    return found


def _prediction(part: _Part) -> Prediction:
    question, asked = part.text("question", TEXT), part.word("kind", Asked)
    if asked is None:
        part.refuse("kind", f"one of {', '.join(Asked)}")
    choices: tuple[Choice, ...] = ()
    if asked is Asked.CHOICES:
        listed = part.several("choices", 2, MOST_CHOICES)
        choices = tuple(_choice(_Part(one, f"choice {n} of {part.where}")) for n, one in enumerate(listed, start=1))
    figure = part.one_of("figure", tuple(KINDS))
    if asked is Asked.NUMBER and (figure is None or KINDS[figure].word):
        part.refuse("figure", "a figure that is a number, to hold the answer against")
    within = part.number("within", 0, 100) if asked is Asked.NUMBER else None
    control = part.one_of("control", _SLIDERS) if asked is Asked.SLIDER else None
    if asked is Asked.SLIDER and control is None:
        part.refuse("control", f"one of {', '.join(_SLIDERS)}")
    when = _condition(part, "when") if asked is Asked.SLIDER else None
    part.end()
    return Prediction(question, asked, choices, figure, 0.25 if within is None else within, control, when)


def _choice(part: _Part) -> Choice:
    found = Choice(part.text("text", LINE), _condition(part, "when"))
    part.end()
    return found


def _condition(part: _Part, name: str, *, needed: bool = False) -> Any:
    """One comparison, or a list of comparisons that must all hold; None where none is needed and none is there."""
    found = part.take(name)
    if found is None and not needed:
        return None
    listed = found if isinstance(found, list) else [found]
    if not 1 <= len(listed) <= MOST_CHOICES:
        part.refuse(name, f"one condition or a list of 1 to {MOST_CHOICES}")
    return Condition(tuple(_comparison(_Part(one, f"a condition of {part.where}")) for one in listed))


def _comparison(part: _Part) -> Comparison:
    figure, relation = part.one_of("figure", tuple(KINDS)), part.word("is", Relation)
    if figure is None:
        part.refuse("figure", "the name of a figure, as docs/lesson-file.md lists them")
    if relation is None:
        part.refuse("is", f"one of {', '.join(Relation)}")
    word = KINDS[figure].word
    if word and relation is not Relation.IS:
        part.refuse("is", f"“is”, for {figure} is a word")
    than = None if word else part.one_of("than", tuple(name for name, kind in KINDS.items() if not kind.word))
    times = part.number("times", -1e6, 1e6) if than is not None else None
    value: float | str | None = None
    if than is None:
        value = part.text("value", LINE) if word else part.number("value", -1e9, 1e9)
        if value is None:
            part.refuse("value", "a number")
    within = part.number("within", 0, 100) if relation is Relation.NEAR else None
    part.end()
    return Comparison(figure, relation, value, than, 1.0 if times is None else times, 0.1 if within is None else within)
