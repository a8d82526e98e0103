"""What came back for the open clip, held once: whoever shows, teaches or writes it looks here.

A path comes with all the steps that led to it, 30 MB for a thousand: none is held that is not drawn any more.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slap_studio.compare import Comparison
    from slap_studio.live import LiveAnswer, LiveRequest
    from slap_studio.measured import Branches, Measured


@dataclass
class Drawn:
    """The path that is drawn, and the last that was found out about paths of its clip.

    Attributes
    ----------
    answer
        The path.
    measured, branches
        What was measured on a path, a moment ago perhaps on another one; and where its latents settle for every λ.
    comparison
        The truth and other methods beside the path that is drawn.
    """

    answer: "LiveAnswer | None" = None
    measured: "Measured | None" = None
    branches: "Branches | None" = None
    comparison: "Comparison | None" = None

    def forget(self) -> None:
        """Another clip is opened: of the last one nothing is kept."""
        self.answer = self.measured = self.branches = self.comparison = None

    def draw(self, answer: "LiveAnswer") -> "LiveAnswer | None":
        """Another path is drawn; gives the last one."""
        before, self.answer, self.comparison = self.answer, answer, None
        return before

    def compare(self, found: "Comparison") -> None:
        """What others make of a path, if it is still drawn."""
        if found.answer is self.answer:
            self.comparison = found

    @property
    def is_measured(self) -> bool:
        """Whether what was measured holds for the path that is drawn."""
        if self.answer is None or self.measured is None:
            return False
        return _path(self.measured.answer) == _path(self.answer)

    @property
    def branched(self) -> "Branches | None":
        """The branches, if they are those of the drawn path's problem."""
        if self.answer is None or self.branches is None:
            return None
        same = _problem_of_branches(self.branches.request) == _problem_of_branches(self.answer.request)
        return self.branches if same else None


def _path(answer: "LiveAnswer") -> tuple[object, ...]:
    """What a path depends on."""
    request = answer.request
    return (id(request.clip), request.query, request.gap, request.physics, request.descent, request.alignment)


def _problem_of_branches(request: "LiveRequest") -> tuple[object, ...]:
    """Everything that the branches depend on: all of a request but its coupling and its steps."""
    physics = replace(request.physics, coupling=0.0)
    return (id(request.clip), request.query, request.gap, physics, request.descent.step_size, request.alignment)
