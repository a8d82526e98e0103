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


def test_what_is_left_of_the_stages_switches_takes_the_place_of_those_that_are_hidden(opened: Studio) -> None:
    stage = opened.space.stage
    parts = LessonParts(opened.window, opened.space, opened.window.theme)
    left, places = stage.switch.x(), [part.pos() for part in (stage.switch, stage.beside, stage.look)]
    parts.show_access({"views": "hidden", "beside": "hidden"})
    assert stage.look.pos() == places[0]
    parts.show_access({"views": "hidden"})
    assert stage.beside.x() == left < stage.look.x()
    parts.release()
    assert [part.pos() for part in (stage.switch, stage.beside, stage.look)] == places
