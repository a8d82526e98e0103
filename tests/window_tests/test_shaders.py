"""Shaders are linked once: OpenGL in software keeps what each link takes, for as long as the window is open."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint
from vispy.gloo import glir

from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Programs as they are linked."""
    linked: list[object] = []
    link = glir.GlirProgram.link_program

    def counted(program: glir.GlirProgram) -> None:
        linked.append(program)
        link(program)

    monkeypatch.setattr(glir.GlirProgram, "link_program", counted)
    return linked


def test_sizes_landscapes_presses_and_turns_of_the_wheel_link_no_shader_anew(
    links: list[object], opened: Studio
) -> None:
    stage = opened.space.stage.stage
    picture = stage.picture
    for width, query in ((1400, "a blue ball"), (1300, "a green cone"), (1350, "a red cube"), (1250, "a blue ball")):
        opened.window.resize(width, 860)
        opened.controller.choosing.query(query)
        opened.settle()
        opened.rest()
        middle = picture.rect().center()
        before = stage.camera
        opened.drag(picture, middle, middle + QPoint(40, 20))
        moved = stage.camera
        picture.zoom(2)
        opened.rest()
        assert before != moved != stage.camera
        assert len(set(links)) == len(links)
