"""A clip of 100,000 frames in the real window: its timeline, its map that says what it is made of, its answers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from slap_studio.app import saving
from slap_studio.app.jobs import Answer
from slap_studio.app.pictures import MOST as MOST_PICTURES
from slap_studio.app.pictures import Pictures
from slap_studio.app.work import MapRequest
from slap_studio.commands.bench_long import known_clip
from slap_studio.core.landscape import survey
from slap_studio.core.projection import MOST, Map, MapKind, fit_pca
from slap_studio.views.film import Neighbours
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

COUNT = 100_000


@pytest.fixture
def long(studio: Studio, built_in: Any) -> Studio:
    studio.open(known_clip(COUNT, built_in), hide=None)
    studio.settle()
    return studio


def test_a_clip_of_a_hundred_thousand_frames_is_looked_at_by_few_of_them(long: Studio, monkeypatch) -> None:
    answer, space = long.answers[-1], long.space
    clip = answer.request.clip
    assert len(clip.times) == len(clip.latents) == COUNT
    # The gap that nobody asked for hides as much as can be solved while a hand drags.
    assert 3 <= len(answer.nearest) <= 301
    assert np.isin(answer.nearest, answer.posed.observed).all()
    # What is painted, and what a mouse is held against, is bounded.
    stage = space.stage.stage
    assert MOST * 0.9 < len(stage.picking.frames.places) <= MOST
    assert len(set(stage.picking.frames.indices) & set(answer.posed.gap.hidden)) == 0
    # The whole map is said to be what it is, once it is fitted.
    fitted = fit_pca(clip.latents)
    picture = Map(MapKind.UMAP, fitted.latents, fitted.places, fitted.sample)
    long.controller.lanes["map"].answered.emit(Answer(MapRequest(clip), (picture, survey(picture))))
    long.wait(lambda: long.answers[-1].request.picture is picture)
    long.rest()
    assert "UMAP of 2,000 of 100,000 frames, taken evenly" in space.stage.map_note.toolTip()
    # A frame that the map was not fitted on has its place as well, and a click goes to one that it was.
    long.controller.move_cursor(float(clip.times[12_345]))
    assert space.time.rows._cursor == clip.times[12_345]
    index = int(stage.picking.frames.indices[7])
    QTest.mouseClick(
        stage.picture, Qt.MouseButton.LeftButton, pos=stage.to_screen(stage.picking.frames.places[7]).toPoint()
    )
    assert abs(np.abs(clip.times - long.session.cursor).min()) < 1e-9
    assert index in stage.picking.frames.indices
    # The timeline: a press goes to its time, the frame under the pointer is shown, and few pictures were made.
    rows = space.time.rows
    rows.show_whole()
    place = QPoint(round(rows.axis.left + rows.axis.width * 0.8), rows.height() - 50)
    QTest.mousePress(rows, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(rows, Qt.MouseButton.LeftButton, pos=place)
    assert long.session.cursor == pytest.approx(0.8 * clip.duration, rel=0.01)
    made = long.controller.loaded.thumbnails._image.cache_info().currsize
    assert 0 < made <= 400
    assert all(isinstance(near, Neighbours) for near in rows._neighbours)
    # A session of it names the video instead of holding it, where a session could not be read again.
    request = saving.SaveRequest(Path("x.slap"), long.session, clip, long.controller.keeping.standing.now())
    monkeypatch.setattr(saving, "LARGEST_MEMBER", saving.ROOM_BESIDE + clip.latents.nbytes - 1)
    assert saving.document_of(request).clip is None


def test_pictures_are_made_when_they_are_looked_at_and_not_kept_for_ever(qapp, opened: Studio) -> None:
    jpeg = opened.answers[-1].request.clip.thumbnails[0]
    asked: list[int] = []

    class Counted(tuple):
        def __getitem__(self, index: Any) -> Any:
            asked.append(index)
            return super().__getitem__(index)

    few = Pictures.ready(Counted([jpeg] * 5))
    assert asked == [0, 1, 2, 3, 4]
    assert [picture.height() for picture in few] == [96] * 5
    assert len(asked) == 5
    asked.clear()
    many = Pictures.ready(Counted([jpeg] * (MOST_PICTURES + 50)))
    assert asked == [0]
    for _ in many:
        pass
    assert many._image.cache_info().currsize == MOST_PICTURES
    assert many[-1].height() == 96
    assert len(many[:3]) == 3
    with pytest.raises(IndexError):
        many[len(many)]
    assert not Pictures((b"", b"no picture"))[1].isNull()
