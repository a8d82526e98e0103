"""The lessons that travel with the program, in the order in which they are taught."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from slap_studio.lessons.lesson import Lesson
from slap_studio.lessons.reading import read_lesson
from slap_studio.problems import UnusableInput
from slap_studio.resources import lessons

SHIPPED = ("ballistic", "resonant", "chaotic", "tunnel")


def lesson_path(name: str) -> Path:
    """The file of a shipped lesson's name, or of a path.

    Raises
    ------
    UnusableInput
        If it is neither.
    """
    if name in SHIPPED:
        return lessons() / f"{name}.json"
    path = Path(name)
    if not path.exists() and not path.suffix:
        raise UnusableInput(f"There is no lesson {name!r}; use {', '.join(SHIPPED)}, or name a file.")
    return path


@cache
def shipped_lessons() -> Mapping[str, Lesson]:
    """All shipped lessons by their names."""
    return MappingProxyType({name: read_lesson(lesson_path(name)) for name in SHIPPED})
