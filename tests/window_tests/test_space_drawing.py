"""How the views of the hypersphere are drawn: what stands still once, another size and another view in turns."""

from itertools import cycle

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer

from slap_studio.session.look import View
from slap_studio.views.offscreen import OffscreenScene
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


class Steps(QObject):
    """Notes what a window does about a change: draws its scene, paints it, and turns of the event loop in between."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, picture: OffscreenScene) -> None:
        super().__init__()
        self.noted: list[str] = []
        self.sizes: list[QSize] = []
        self._picture = picture
        self._real = picture._drawn
        monkeypatch.setattr(picture, "_drawn", self._drawn)
        picture.installEventFilter(self)
        self._beat = QTimer(self, interval=0)
        self._beat.timeout.connect(lambda: self.noted.append("turn"))
        self._beat.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.noted.append("painted")
            self.sizes.append(self._picture._picture.size() if self._picture._picture is not None else QSize())
        return False

    def _drawn(self) -> object:
        self.noted.append("drawn")
        return self._real()


@pytest.mark.parametrize("view", [View.MAP, View.SLICE])
def test_another_size_is_drawn_in_a_turn_of_its_own_before_it_is_painted(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, view: View
) -> None:
    look_at(opened, view)
    opened.rest()
    picture = opened.space.stage.seen.picture
    steps = Steps(monkeypatch, picture)
    opened.window.resize(1500, 940)
    steps.noted.append("resized")
    opened.rest()
    before, after = steps.noted[: steps.noted.index("resized")], steps.noted[steps.noted.index("resized") + 1 :]
    assert not {"drawn", "painted"} & set(before)
    assert "turn" in after[: after.index("drawn")]
    assert after.index("drawn") < after.index("painted")
    # Nothing is stretched on the way.
    assert {size.toTuple() for size in steps.sizes} == {(picture.size() * picture.devicePixelRatioF()).toTuple()}
    assert opened.window.updatesEnabled()


def test_another_view_is_drawn_in_a_turn_of_its_own_before_it_is_painted(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened.space.stage
    look_at(opened, View.SLICE)
    look_at(opened, View.MAP)
    opened.rest()
    there, here = stage.stage.picture, stage.spatial.picture
    steps = Steps(monkeypatch, here)
    stage.show_space(True)
    assert steps.noted == []
    opened.rest()
    assert "turn" in steps.noted[: steps.noted.index("drawn")]
    assert steps.noted.index("drawn") < steps.noted.index("painted")
    assert here.isVisible()
    assert there._picture is None


def test_a_window_is_painted_however_busily_hands_resize_it(opened: Studio) -> None:
    opened.rest()
    picture = opened.space.stage.seen.picture
    painted: list[int] = []

    class Paints(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.append(picture.width())
            return False

    seen = Paints()
    picture.installEventFilter(seen)
    wide = cycle([*range(1300, 1400, 4), *range(1400, 1300, -4)])
    # While the one is at work the other becomes due: nothing comes to its turn that waits for a moment of leisure.
    hands = [QTimer(seen, interval=1, timerType=Qt.TimerType.PreciseTimer) for _ in range(2)]
    for hand in hands:
        hand.timeout.connect(lambda: opened.window.resize(next(wide), 880))
        hand.start()
    opened.wait(lambda: len(painted) >= 5)
    for hand in hands:
        hand.stop()
    opened.rest()
    assert picture._picture.width() == picture.width()


def test_a_window_that_is_resized_between_drawing_and_painting_is_painted_in_the_last_size(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.rest()
    picture, painting = opened.space.stage.seen.picture, opened.window.painting
    go_on, sizes = painting.go_on, [(1460, 920), (1420, 900), (1400, 880)]

    def drawn(reason: object) -> None:
        go_on(reason)
        if sizes:
            opened.window.resize(*sizes.pop())

    monkeypatch.setattr(painting, "go_on", drawn)
    opened.window.resize(1500, 940)
    opened.wait(lambda: not sizes and not painting.held)
    opened.rest()
    assert opened.window.updatesEnabled()
    assert opened.window.size().toTuple() == (1460, 920)
    assert picture._picture.size() == picture.size() * picture.devicePixelRatioF()
