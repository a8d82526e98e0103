"""What a lesson may ask of the figures: a small closed set of comparisons, evaluated without running anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from slap_studio.lessons.figures import KINDS, Figures, said


class Relation(StrEnum):
    """How a figure is held against a value."""

    BELOW = "below"
    ABOVE = "above"
    NEAR = "near"
    IS = "is"


@dataclass(frozen=True)
class Comparison:
    """One figure held against a number, a word, or another figure.

    Attributes
    ----------
    figure
        One of `figures.KINDS`.
    value
        A number, or with IS a word; None where it is held against another figure.
    than, times
        The other figure and what it is multiplied by first.
    within
        With NEAR, how far off the value it may be, as a share of it.
    """

    figure: str
    relation: Relation
    value: float | str | None = None
    than: str | None = None
    times: float = 1.0
    within: float = 0.1

    def holds(self, figures: Figures) -> bool | None:
        """Whether it holds; None as long as a figure that it needs is not known."""
        found, bound = figures.get(self.figure), self._bound(figures)
        if found is None or bound is None:
            return None
        if isinstance(found, str) or isinstance(bound, str):
            return self.relation is Relation.IS and found == bound
        if self.relation is Relation.BELOW:
            return found < bound
        if self.relation is Relation.ABOVE:
            return found > bound
        if self.relation is Relation.NEAR:
            return abs(found - bound) <= self.within * abs(bound)
        return found == bound

    def _bound(self, figures: Figures) -> float | str | None:
        if self.than is None:
            return self.value
        other = figures.get(self.than)
        return other * self.times if isinstance(other, int | float) else None


@dataclass(frozen=True)
class Condition:
    """Comparisons all of which must hold; one at least."""

    comparisons: tuple[Comparison, ...]

    def holds(self, figures: Figures) -> bool | None:
        """Whether all hold; None as long as one is not known and none fails."""
        found = [comparison.holds(figures) for comparison in self.comparisons]
        if False in found:
            return False
        return None if None in found else True

    def present(self, figures: Figures) -> str:
        """Where the figures stand that it asks for, such as "E_pot 0.412, K 50"."""
        names = dict.fromkeys(comparison.figure for comparison in self.comparisons)
        return ", ".join(spoken_figure(name, figures) for name in names if name in figures)


def spoken_figure(name: str, figures: Figures) -> str:
    """A figure with its symbol."""
    kind = KINDS[name]
    return f"{kind.symbol}{': ' if kind.word else ' = '}{said(name, figures[name])}"


def filled(text: str, figures: Mapping[str, float | str]) -> str | None:
    """A text with the figures' values in the place of their names in braces; None as long as one is not known."""
    parts, rest = [], text
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        if name not in figures:
            return None
        parts += [before, said(name, figures[name])]
    return "".join([*parts, rest])
