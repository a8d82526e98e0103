"""Undo and redo: the sessions that were, one step for each gesture of a hand."""

from collections import deque
from dataclasses import dataclass, fields, replace

from slap_studio.session.state import Session

LONGEST = 500  # steps that are kept; a session is a handful of words and numbers
UNKEPT = ("cursor", "look")  # where somebody looks is no work: it is not undone, and leaves nothing unsaved
WORDS = {
    "gap": "gap", "elsewhere": "gaps", "pins": "pins",
    "query": "query", "encoder": "encoder", "alignment": "alignment", "candidates": "candidates",
    "revealed": "reveal", "compared": "compare", "as_filmed": "truth",
    "coupling": "coupling λ", "mass": "mass μ", "time_step": "time step Δt", "kinetic": "kinetic energy",
    "steps": "steps K", "step_size": "step size α",
}  # fmt: skip
_UNNAMED = ("horizon",)  # follows from the steps
_WORK = tuple(field.name for field in fields(Session) if field.name not in UNKEPT)


@dataclass(frozen=True)
class Step:
    """A change as it is undone: what was before it, what came of it, and the gesture that made it."""

    before: Session
    after: Session
    gesture: int | None


class History:
    """What was changed and can be taken back, and what was taken back and can be done again."""

    def __init__(self) -> None:
        self._past: deque[Step] = deque(maxlen=LONGEST)
        self._future: list[Step] = []

    @property
    def undone(self) -> str | None:
        """What the next undo takes back, in words, or None."""
        return changed(self._past[-1].before, self._past[-1].after) if self._past else None

    @property
    def redone(self) -> str | None:
        """What the next redo does again, in words, or None."""
        return changed(self._future[-1].before, self._future[-1].after) if self._future else None

    def note(self, old: Session, new: Session, gesture: int | None) -> None:
        """Remember a change; those of one gesture are one step, and one that leads back to where it began is none.

        Parameters
        ----------
        gesture
            Number of the hand's present gesture, which no later one has; None for a change that stands alone.
        """
        if same_work(old, new):
            return
        self._future.clear()
        began = old
        if self._past and gesture is not None and self._past[-1].gesture == gesture:
            began = self._past.pop().before
        if same_work(began, new):
            return
        self._past.append(Step(began, new, gesture))

    def undo(self, present: Session) -> Session:
        """The session before the last step, the present one if there is none; what is no work stays as it is."""
        if not self._past:
            return present
        step = self._past.pop()
        self._future.append(step)
        return with_work(present, step.before)

    def redo(self, present: Session) -> Session:
        """The session after the step that was undone last, the present one if there is none."""
        if not self._future:
            return present
        step = self._future.pop()
        self._past.append(step)
        return with_work(present, step.after)


def with_work(session: Session, work: Session) -> Session:
    """The work of another session, looked at as this one is."""
    return replace(work, **{name: getattr(session, name) for name in UNKEPT})


def same_work(one: Session, other: Session) -> bool:
    """Whether two sessions differ in nothing but where somebody looks."""
    return all(getattr(one, name) == getattr(other, name) for name in _WORK)


def changed(before: Session, after: Session) -> str:
    """What differs between two sessions, in words: "coupling λ", "coupling λ and mass μ", "settings"."""
    names = [name for name in _different(before, after) if name not in (*UNKEPT, *_UNNAMED)]
    words = [WORDS.get(name, name.replace("_", " ")) for name in names]
    if not words:
        return "change"
    return " and ".join(words) if len(words) <= 2 else "settings"


def _different(before: object, after: object) -> list[str]:
    """Fields of two values of one class that differ; those of physics and descent one by one."""
    found: list[str] = []
    for field in fields(before):  # type: ignore[arg-type]
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            found += _different(old, new) if field.name in ("physics", "descent") else [field.name]
    return found
