"""The process that fits maps makes way for a hand, and for nothing where there is none."""

from multiprocessing import Pipe

import pytest

from slap_studio.app import map_process


@pytest.mark.parametrize("gently", [True, False])
def test_it_makes_way_only_where_it_is_asked_to(gently: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    lowered: list[int] = []
    monkeypatch.setattr(map_process.os, "nice", lowered.append, raising=False)
    monkeypatch.setattr(map_process.signal, "signal", lambda *_asked: None)
    monkeypatch.setattr(map_process, "_give_the_compiler_a_place", lambda: None)
    monkeypatch.setattr(map_process, "_compile", lambda: None)
    ours, theirs = Pipe()
    ours.close()
    map_process.serve_maps(theirs, gently=gently)
    assert (lowered != []) == gently
