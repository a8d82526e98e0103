"""The process that fits maps: what it brings, and when it makes way for a hand."""

from multiprocessing import Pipe, get_context

import numpy as np
import pytest

from slap_studio.app import map_process
from slap_studio.core.globe import fit_globe
from slap_studio.core.projection import fit_umap


def test_it_brings_globes_and_maps_and_what_went_wrong_until_nobody_listens(unit_vectors) -> None:
    latents = unit_vectors(40, 16).astype(np.float32)
    ours, theirs = Pipe()
    serving = get_context("spawn").Process(target=map_process.serve_maps, args=(theirs,), kwargs={"gently": False})
    serving.start()
    # It is the only one to hold its end from here on: should it end, so does the wait for an answer.
    theirs.close()

    def brought(kind: str, of: np.ndarray) -> object:
        ours.send((kind, of))
        return ours.recv()

    assert np.array_equal(brought("globe", latents).places, fit_globe(latents).places)
    assert np.array_equal(brought("map", latents).places, fit_umap(latents).places)
    assert isinstance(brought("globe", np.full_like(latents, np.nan)), ValueError)
    assert brought("globe", latents).kind is fit_globe(latents).kind
    ours.close()
    serving.join()
    assert serving.exitcode == 0


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
