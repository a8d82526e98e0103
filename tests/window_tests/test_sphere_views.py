"""The views of the hypersphere in the real window: one click apart, one cursor, one selection."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from slap_studio.app.jobs import Answer
from slap_studio.core.globe import fit_globe
from slap_studio.session.look import View
from tests.window_tests.space import look_at, shortcut, wait_for
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def turn(studio: Studio, picture: QWidget, start: QPoint, end: QPoint) -> None:
    """Drag at a hand's pace: vispy leaves out moves that follow one another within a few milliseconds."""
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        studio.qtbot.wait(25)
        QTest.mouseMove(picture, start + (end - start) * step / 4)
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=end)


def said(stage) -> str:
    """What is written on the stage, however its lines are broken."""
    return stage.map_note.text().replace("\n", " ")


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
