"""A clip too long to be searched for cuts as a whole: those inside its gaps are said all the same, a moment later."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.app.alarms import alarm_times
from slap_studio.commands.bench_long import known_clip
from slap_studio.encoders.cache import Cache, cache_folder
from slap_studio.media.cuts import LONGEST
from slap_studio.media.files import content_hash
from slap_studio.media.sampling import Sampling
from slap_studio.media.thumbnails import thumbnail
from slap_studio.tunnel.random_scenes import random_scene
from slap_studio.tunnel.render import render
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

COUNT = LONGEST + 1000


def test_a_cut_in_a_gap_of_a_long_clip_is_said_and_one_elsewhere_is_not_looked_for(
    studio: Studio, built_in: Any
) -> None:
    video = known_clip(COUNT, built_in)
    cache = Cache(cache_folder())
    place = cache.place(content_hash(video), built_in.identity, repr(Sampling()))
    kept = cache.find(place)
    assert kept is not None
    first, second = (thumbnail(render(random_scene(seed), 1.0, (160, 90))) for seed in (100, 101))
    shots = (first,) * 2000 + (second,) * 1000 + (first,) * (COUNT - 3000)
    cache.keep(place, replace(kept, thumbnails=shots))
    studio.open(video, hide="195:205")
    studio.settle()
    band, rows = studio.space.time, studio.space.time.rows
    studio.wait(lambda: "cut at 200.00 s" in band._alarm.text())
    assert "different shots" in band._alarm.toolTip()
    assert rows._cuts == pytest.approx((200.0,))
    assert 200.0 in np.round(alarm_times(studio.answers[-1]), 6)
    # The gap goes elsewhere, and what is there is found as well.
    studio.controller.gaps.move(298.0, 302.0)
    studio.settle()
    studio.wait(lambda: "cut at 300.00 s" in band._alarm.text())
    assert rows._cuts == pytest.approx((200.0, 300.0))
    # Back again nothing is to be looked at.
    studio.controller.gaps.move(199.0, 203.0)
    studio.settle()
    assert "cut at 200.00 s" in band._alarm.text()
