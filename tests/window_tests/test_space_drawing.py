"""How the views of the hypersphere are drawn: what stands still once, another size and another view in turns."""

import sys

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt

from slap_studio.session.look import View
from slap_studio.views.stage.standing import Standing
from slap_studio.views.stage.surface import SurfaceVisual
from tests.window_tests.space import look_at, pixels, shortcut, wait_for
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def test_what_stands_still_is_drawn_once_and_put_back_as_it_was(opened: Studio, monkeypatch) -> None:
    look_at(opened, View.SLICE)
    view = opened.space.stage.spatial
    drawn: list[object] = []
    prepare = SurfaceVisual._prepare_draw

    def counted(visual: SurfaceVisual, view: object) -> bool:
        drawn.append(visual)
        return prepare(visual, view)

    monkeypatch.setattr(SurfaceVisual, "_prepare_draw", counted)

    def anew(change) -> int:
        opened.rest()
        pixels(view.picture)
        before = len(drawn)
        change()
        opened.settle()
        opened.rest()
        pixels(view.picture)
        return len(drawn) - before

    slider = opened.space.physics.coupling.slider
    # Words and values beside it take the room that they need at the first time, and stay as wide.
    anew(lambda: opened.drag_slider(slider, [0.8, 0.7]))
    assert anew(lambda: opened.drag_slider(slider, [0.8, 0.7])) == 0
    pictures = [pixels(view.picture)]
    assert anew(lambda: (view._standing.forget(), view.canvas.update())) == 1
    # Drawn afresh it is the same to the last pixel, and hides the same.
    pictures.append(pixels(view.picture))
    assert np.array_equal(*pictures)
    assert anew(lambda: view.turn(1, 0)) >= 1
    assert not np.array_equal(pictures[-1], pixels(view.picture))
    assert anew(lambda: opened.window.resize(1300, 820)) >= 1
    assert anew(lambda: opened.dress("light")) >= 1
    assert anew(lambda: opened.controller.choosing.query("a blue ball")) >= 1


@pytest.mark.parametrize("relief", [False, True])
def test_a_ball_is_drawn_without_its_far_side_and_looks_the_same(opened: Studio, relief: bool) -> None:
    look_at(opened, View.SLICE)
    if relief:
        shortcut(opened, Qt.Key.Key_H)
        wait_for(opened, View.SLICE, relief=True)
    opened.rest()
    view = opened.space.stage.spatial
    assert view._surface.closed
    for up in (0, 12):
        view.turn(3, up)
        pictures = []
        for cull in ("back", False, "front"):
            view._solid.set_gl_state("translucent", depth_test=True, cull_face=cull)
            view._standing.forget()
            view.canvas.update()
            pictures.append(pixels(view.picture))
        without_far, with_far, without_near = pictures
        # But for a pixel here and there at its edge.
        assert np.mean(without_far != with_far) < 1e-4
        assert np.mean(without_near != with_far) > 0.05
    # Which it is that is left out as the view itself draws it.
    view._solid.set_surface(view._surface)
    view.canvas.update()
    assert np.array_equal(pixels(view.picture), without_far)
    assert view._solid._vshare.gl_state["cull_face"] == "back"
    if not relief:
        shortcut(opened, Qt.Key.Key_H)
    look_at(opened, View.MAP, relief=True)
    opened.rest()
    assert view._solid._vshare.gl_state["cull_face"] is False


def test_while_it_turns_nothing_is_kept(opened: Studio, monkeypatch) -> None:
    look_at(opened, View.GLOBE)
    opened.rest()
    view = opened.space.stage.spatial
    copied: list[object] = []
    transfer = Standing._transfer
    monkeypatch.setattr(Standing, "_transfer", lambda *what: (copied.append(what), transfer(*what)))

    def drawn(change) -> int:
        before = len(copied)
        change()
        pixels(view.picture)
        return len(copied) - before

    assert [drawn(lambda: view.turn(1, 0)) for _ in range(3)] == [0, 0, 0]
    assert [drawn(view.canvas.update) for _ in range(3)] == [1, 1, 1]
    assert drawn(lambda: view.turn(1, 0)) == 0


def test_another_view_arranges_the_stage_once_and_only_itself(opened: Studio, monkeypatch) -> None:
    stage = opened.space.stage
    look_at(opened, View.SLICE)
    opened.rest()
    told: list[tuple[object, tuple[int, int]]] = []
    for view in (stage.stage, stage.spatial, stage.bifurcation):
        monkeypatch.setattr(view, "show_overlaid", lambda *covered, view=view: told.append((view, covered)))
    arranged: list[object] = []
    place = stage.legend.place
    monkeypatch.setattr(stage.legend, "place", lambda *where: (arranged.append(stage.legend), place(*where)))
    opened.controller.choosing.view("bifurcation")
    assert len(arranged) == 1
    # A plot with axes says nothing at its top and its bottom, but the switches stand there.
    assert [view for view, _ in told] == [stage.bifurcation]
    told.clear()
    opened.controller.choosing.view("slice")
    assert len(arranged) == 2
    assert {view for view, _ in told} <= {stage.spatial}
    opened.controller.choosing.view("map")
    opened.settle()
    opened.rest()
    assert stage._told[stage.stage] == stage._covered


def test_a_view_that_is_not_seen_holds_no_ground_to_draw_on_and_comes_back_as_it_was(opened: Studio) -> None:
    # Grounds of windows that were larger once, one for each view, were held for as long as the program ran.
    look_at(opened, View.MAP)
    opened.rest()
    stage = opened.space.stage.stage
    picture = stage.picture
    before, camera = pixels(picture), stage.camera
    look_at(opened, View.SLICE)
    assert max(picture.canvas.native.size().toTuple()) < 20
    assert opened.space.stage.spatial.picture.canvas.native.size() == opened.space.stage.spatial.picture.size()
    stage.fit()
    # A picture that is taken of it, say, has it told of another size.
    stage.resize(stage.width() + 40, stage.height() + 40)
    assert len(np.unique(pixels(picture))) > 50
    assert max(picture.canvas.native.size().toTuple()) < 20
    stage.setGeometry(opened.space.stage.rect())
    look_at(opened, View.MAP)
    opened.rest()
    assert stage.camera == camera
    # Some of the edges of lines come out otherwise when what is looked at has been elsewhere.
    assert np.mean(pixels(picture) != before) < 1e-3


@pytest.mark.parametrize("view", [View.MAP, View.SLICE])
def test_another_size_is_drawn_in_a_turn_of_its_own_and_stretched_until_then(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, view: View
) -> None:
    look_at(opened, view)
    opened.rest()
    picture = opened.space.stage.seen.picture
    sizes, while_painting, real = [], [], picture._drawn

    def drawn() -> object:
        while_painting.append(sys._getframe(1).f_code.co_name == "paintEvent")
        sizes.append(picture.canvas.native.size())
        return real()

    monkeypatch.setattr(picture, "_drawn", drawn)
    before = picture._picture
    opened.window.resize(1500, 940)
    assert picture._picture is before
    opened.rest()
    assert picture._picture.size() == picture.size() * picture.devicePixelRatioF()
    assert sizes
    assert not any(while_painting)
    assert all(size == picture.size() for size in sizes)


def test_a_view_is_painted_as_the_one_before_until_it_is_drawn_in_a_turn_of_its_own(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened.space.stage
    look_at(opened, View.SLICE)
    look_at(opened, View.MAP)
    opened.rest()
    there, here = stage.stage.picture, stage.spatial.picture
    while_painting, real = [], here._drawn

    def drawn() -> object:
        while_painting.append(sys._getframe(1).f_code.co_name == "paintEvent")
        return real()

    monkeypatch.setattr(here, "_drawn", drawn)
    shown, before = [], there._picture
    stage.show_space(True)
    shown.append(here._picture)
    opened.rest()
    assert shown[0] is before
    assert here.isVisible()
    assert here._picture is not before
    assert while_painting
    assert not any(while_painting)
    assert there._picture is None
