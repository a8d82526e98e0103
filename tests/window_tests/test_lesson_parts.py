"""What a lesson does to a part of the window is undone, in whatever order it was done."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtWidgets import QWidget

from slap_studio.views.lesson_parts import LOCKED, LessonParts
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def hints(part: QWidget) -> list[str]:
    return [one.toolTip() for one in (part, *part.findChildren(QWidget))]


@pytest.mark.parametrize("name", ["certificates", "figures"])
def test_a_part_that_is_locked_while_it_is_covered_comes_back(opened: Studio, name: str) -> None:
    # The certificates' own hints come with them, a moment after the path.
    opened.wait(lambda: opened.controller.presenter.drawn.is_measured)
    opened.rest()
    parts = LessonParts(opened.window, opened.space, opened.window.theme)
    part = {"certificates": opened.space.physics.lights, "figures": opened.space.physics.figures}[name]
    before = hints(part)
    parts.cover([name])
    parts.show_access({name: "locked"})
    assert LOCKED in hints(part)
    parts.cover([])
    opened.rest()  # until the cover is gone for good
    parts.release()
    opened.rest()
    assert hints(part) == before
    assert part.isEnabled()
