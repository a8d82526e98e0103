"""Clearing the cache from the Help menu: what is open stays, and how much went is said."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from slap_studio.encoders.cache import Cache, Embedded, cache_folder
from slap_studio.encoders.room import kept
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def test_the_cache_is_cleared_but_for_the_clip_that_is_open(opened: Studio) -> None:
    (own,) = kept(cache_folder())
    clip, cache = opened.controller.loaded.clip, Cache(cache_folder())
    cache.keep(cache.place("other"), Embedded(clip.times, clip.latents, clip.thumbnails, clip.duration))
    assert len(kept(cache_folder())) == 2
    action = next(one for one in opened.window.menus.actions if one.name == "help.clear_cache")
    action.run()
    opened.wait(lambda: "were cleared" in opened.window.message.text)
    assert [one.path for one in kept(cache_folder())] == [own.path]
