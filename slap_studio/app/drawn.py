"""What came back for the open clip, held once: whoever shows, teaches or writes it looks here."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Branches, Measured


@dataclass
class Drawn:
    """The path that is drawn, and the last that was found out about a path of its clip.

    Attributes
    ----------
    answer
        The path.
    measured, branches
        What was measured on a path, and where its latents settle for every λ.
    comparison
        The truth and other methods beside a path.
    """

    answer: "LiveAnswer | None" = None
    measured: "Measured | None" = None
    branches: "Branches | None" = None
    comparison: "Comparison | None" = None

    def forget(self) -> None:
        """Another clip is opened: of the last one nothing is kept."""
        self.answer = self.measured = self.branches = self.comparison = None

    @property
    def is_measured(self) -> bool:
        """Whether what was measured holds for the path that is drawn."""
        if self.answer is None or self.measured is None:
            return False
        return _path(self.measured.answer) == _path(self.answer)

    @property
    def compared(self) -> "Comparison | None":
        """The comparison, if it is of the path that is drawn."""
        found = self.comparison
        return found if found is not None and found.answer is self.answer else None

    @property
    def branched(self) -> "Branches | None":
        """The branches, if they are those of the drawn path's problem."""
        if self.answer is None or self.branches is None:
            return None
        same = _problem_of_branches(self.branches.answer) == _problem_of_branches(self.answer)
        return self.branches if same else None


def _path(answer: "LiveAnswer") -> tuple[object, ...]:
    """What a path depends on."""
    request = answer.request
    return (id(request.clip), request.query, request.gap, request.physics, request.descent, request.alignment)


def _problem_of_branches(answer: "LiveAnswer") -> tuple[object, ...]:
    """Everything that the branches depend on: all of a request but its coupling and its steps."""
    request = answer.request
    physics = replace(request.physics, coupling=0.0)
    return (id(request.clip), request.query, request.gap, physics, request.descent.step_size, request.alignment)
