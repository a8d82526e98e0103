"""The views of the hypersphere in the real window: one click apart, one cursor, one selection."""

import sys

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from slap_studio.app.jobs import Answer
from slap_studio.core.globe import fit_globe
from slap_studio.session.look import View
from slap_studio.views.stage.standing import Standing
from slap_studio.views.stage.surface import SurfaceVisual
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def look_at(studio: Studio, view: View, *, relief: bool = False) -> None:
    """Click on a view's button and wait for its picture."""
    buttons = studio.space.stage.findChildren(QPushButton)
    (button,) = (b for b in buttons if b.isVisible() and b.text() == view.value.capitalize())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(studio, view, relief=relief)


def shortcut(studio: Studio, key: Qt.Key) -> None:
    """Press Ctrl and a key in the active window, as shortcuts are heard in no other."""
    studio.window.activateWindow()
    studio.wait(studio.window.isActiveWindow)
    # A line that is edited takes some of them for itself.
    studio.window.setFocus()
    studio.press(key, Qt.KeyboardModifier.ControlModifier)


def turn(studio: Studio, picture: QWidget, start: QPoint, end: QPoint) -> None:
    """Drag at a hand's pace: vispy leaves out moves that follow one another within a few milliseconds."""
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        studio.qtbot.wait(25)
        QTest.mouseMove(picture, start + (end - start) * step / 4)
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=end)


def pixels(picture: QWidget) -> np.ndarray:
    """As it is painted, without the ring of the focus around it."""
    image = picture.grab(picture.rect().adjusted(8, 8, -8, -8)).toImage()
    # The bits are the image's: they go with it.
    return np.array(image.constBits())


def said(stage) -> str:
    """What is written on the stage, however its lines are broken."""
    return stage.map_note.text().replace("\n", " ")


def wait_for(studio: Studio, view: View, *, relief: bool = False) -> None:
    def there() -> bool:
        stand = studio.answers[-1].stand
        return (stand.view, stand.relief) == (view, relief)

    studio.wait(there)
    studio.settle()


def test_the_slice_turns_with_the_hand_and_a_click_takes_the_latent_under_it(opened: Studio) -> None:
    stage = opened.space.stage
    assert stage.spatial is None
    look_at(opened, View.SLICE)
    view, answer = stage.spatial, opened.answers[-1]
    assert view.isVisible()
    assert not stage.stage.isVisible()
    assert answer.outside.max() < 1e-6
    assert "never leaves it" in said(stage)
    opened.rest()
    latent = len(answer.places) // 2 + 2
    where = view.to_screen(answer.places[latent])
    QTest.mouseClick(view.picture, Qt.MouseButton.LeftButton, pos=where.toPoint())
    taken = int(np.abs(answer.posed.times - opened.session.cursor).argmin())
    assert (view.to_screen(answer.places[taken]) - where).manhattanLength() <= 20
    # Far enough round, the path is on the far side: nothing is there to be taken.
    before = view.picture.grab().toImage()
    centre = view.rect().center()
    turn(opened, view.picture, centre - QPoint(180, 0), centre + QPoint(180, 0))
    assert view.picture.grab().toImage() != before
    assert view.to_screen(answer.places[latent]).x() < 0
    assert not stage.names.marks["start"].isVisible()
    cursor = opened.session.cursor
    QTest.mouseClick(view.picture, Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert opened.session.cursor == cursor
    shortcut(opened, Qt.Key.Key_0)
    assert view.to_screen(answer.places[latent]).x() > 0
    zoom = view.camera.scale_factor
    look_at(opened, View.MAP)
    assert stage.stage.isVisible()
    assert not view.isVisible()
    look_at(opened, View.SLICE)
    assert view.camera.scale_factor == zoom


def test_the_globe_stands_on_principal_components_until_it_is_fitted_once(opened: Studio, monkeypatch) -> None:
    stage, globing = opened.space.stage, opened.controller.globing
    asked: list = []
    monkeypatch.setattr(globing.lane, "ask", asked.append)
    look_at(opened, View.GLOBE)
    view, answer = stage.spatial, opened.answers[-1]
    assert answer.request.globe is None
    assert "stand in" in said(stage)
    assert np.linalg.norm(answer.places, axis=1) == pytest.approx(1)
    assert np.linalg.norm(answer.line, axis=1) == pytest.approx(1)
    look_at(opened, View.MAP)
    look_at(opened, View.GLOBE)
    (request,) = asked
    # What the lane would bring, here without waiting for UMAP to compile.
    globe = fit_globe(request.clip.latents[:5])
    fitted = type(globe)(globe.kind, request.clip.latents, np.roll(opened.answers[-1].stand.frames, 1, axis=1))
    globing.lane.answered.emit(Answer(request, fitted))
    opened.wait(lambda: opened.answers[-1].request.globe is fitted)
    answer = opened.settle()
    opened.rest()
    frames = answer.posed.observed
    seen = [frame for frame in frames if view.to_screen(fitted.places[frame]).x() > 0]
    assert seen
    where = view.to_screen(fitted.places[seen[0]]).toPoint()
    QTest.mouseClick(view.picture, Qt.MouseButton.LeftButton, pos=where)
    times = answer.request.clip.times
    marks = [fitted.places[frame] for frame in frames if times[frame] == opened.session.cursor]
    marks += [
        place for place, time in zip(answer.places, answer.posed.times, strict=True) if time == opened.session.cursor
    ]
    assert min((view.to_screen(mark) - where).manhattanLength() for mark in marks) <= 20
    opened.press(Qt.Key.Key_Home)
    assert view._ringed == pytest.approx(fitted.places[0])


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
    arranged: list[QWidget] = []
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


def test_relief_is_switched_by_its_key_and_the_learned_path_leaves_the_slice(opened: Studio) -> None:
    stage = opened.space.stage
    shortcut(opened, Qt.Key.Key_H)
    wait_for(opened, View.MAP, relief=True)
    assert stage.spatial.isVisible()
    assert opened.answers[-1].places.shape[1] == 3
    assert stage.look.relief.isChecked()
    flat = opened.answers[-1].request.picture.place(opened.answers[-1].latents)
    assert opened.answers[-1].places[:, :2] == pytest.approx(flat)
    shortcut(opened, Qt.Key.Key_3)
    wait_for(opened, View.SLICE, relief=True)
    opened.controller.choosing.alignment("learned")
    answer = opened.settle()
    assert answer.outside.max() > 1e-4
    assert "lies outside of it" in said(stage)
    opened.wait(lambda: stage.spatial._least is not None)  # the minimum is drawn in this picture too
    assert stage.spatial._least[[0, -1]] == pytest.approx(opened.answers[-1].places[[0, -1]], abs=1e-5)


def test_frames_are_pictures_where_they_have_room_and_more_of_them_nearer_by(opened: Studio) -> None:
    stage = opened.space.stage
    points = stage.stage.picture.grab().toImage()
    QTest.mouseClick(stage.look.thumbnails, Qt.MouseButton.LeftButton)

    def count() -> int:
        return int(said(stage).split(" · ")[1].split()[0]) if "as pictures" in said(stage) else 0

    # The number is told in a turn of its own, after the pictures.
    opened.wait(lambda: count() > 0)
    answer = opened.answers[-1]
    total = len(answer.posed.observed)
    few = count()
    assert few < total
    assert f"{few} of {total} frames" in said(stage)
    assert stage.stage.picture.grab().toImage() != points
    camera = stage.stage._view.camera
    camera.zoom(0.2, center=tuple(answer.places[0]))
    opened.wait(lambda: count() > few)
    assert opened.answers[-1] is answer  # nothing was placed or solved anew
    shortcut(opened, Qt.Key.Key_T)
    opened.wait(lambda: "as pictures" not in said(stage))


def test_the_path_is_coloured_by_time_or_by_v_with_a_key(opened: Studio) -> None:
    stage, answer = opened.space.stage, opened.answers[-1]
    assert not stage.key.isVisible()
    plain = stage.stage.picture.grab().toImage()
    for index, low, high in ((1, "1.20 s", "2.40 s"), (2, "V ", "")):
        action = stage.look.colouring.menu().actions()[index]
        action.trigger()
        opened.wait(stage.key.isVisible)
        assert action.isChecked()
        assert stage.key._words[0].startswith(low)
        assert stage.key._words[1].startswith(high)
        assert stage.stage.picture.grab().toImage() != plain
        assert stage.rect().contains(stage.key.geometry())
    potential = answer.energies.potential
    shares = (potential - potential.min()) / np.ptp(potential)
    assert stage.stage._path.shares == pytest.approx(shares)
    stage.look.colouring.menu().actions()[0].trigger()
    opened.wait(lambda: not stage.key.isVisible())
    assert opened.answers[-1] is answer


def test_every_latent_says_how_far_its_place_may_be_believed(opened: Studio) -> None:
    stage, answer = opened.space.stage, opened.answers[-1]
    frames, observed = answer.request.clip.latents, answer.posed.observed
    for latent, place, share in zip(answer.latents, answer.places, answer.fidelity, strict=True):
        truly = np.linalg.norm(frames[observed] - latent, axis=1)
        seen = np.linalg.norm(answer.stand.frames[observed] - place, axis=1)
        near = truly[np.argsort(seen, kind="stable")[:10]] <= np.sort(truly)[9] * 1.001 + 1e-6
        assert share == pytest.approx(near.mean(), abs=0.101)  # a tie may fall either way
    assert f"kept: {answer.fidelity.mean():.0%}"[:-1] in said(stage)
    index = int(np.abs(answer.posed.times[1:-1] - opened.session.cursor).argmin()) + 1
    told = [figure.text() for _, figure in opened.space.inspector._cells if figure.isVisible()]
    assert f"{answer.fidelity[index]:.0%}".replace("%", " %") in told
    look_at(opened, View.SLICE)
    assert opened.answers[-1].fidelity.min() == 1


def test_what_is_exported_lies_on_the_flat_map_whatever_is_looked_at(opened: Studio) -> None:
    flat = opened.answers[-1]
    look_at(opened, View.SLICE)
    answer = opened.answers[-1]
    assert answer.places.shape[1] == 3
    moved = answer.on_map()
    for name in ("places", "geodesic", "query_place"):
        assert getattr(moved, name) == pytest.approx(getattr(flat, name))
    assert len(moved.ghosts) == len(flat.ghosts)
    assert flat.on_map() is flat


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
    # What changes in the scene is drawn when it is painted: it has no picture that could stand for it.
    opened.controller.choosing.physics(coupling=3.0)
    opened.settle()
    opened.rest()
    assert while_painting[-1]


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
