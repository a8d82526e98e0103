"""The benches of load report what they should, on little work; no time is asserted."""

import json
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run
from slap_studio.commands.bench_long import lengths, wandering
from slap_studio.problems import UnusableInput


def test_encode_reports_both_rates_their_ratio_and_where_the_time_goes(tmp_path: Path, capsys) -> None:
    file = tmp_path / "encode.json"
    assert run(["bench", "encode", "--frames", "64", "--device", "cpu", "--json", str(file)]) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report == json.loads(capsys.readouterr().out)
    assert (report["frames"], report["batch"]) == (64, 32)
    assert len(report["ratios"]) == 3
    assert sorted(report["ratios"])[1] == report["ratio"] > 0
    assert report["bare_frames_per_second"] > 0
    assert set(report["processor_ms_per_frame"]) == {"bare", "whole", "decoding", "preparing", "thumbnail"}


def test_an_unknown_model_cannot_be_measured(capsys) -> None:
    assert run(["bench", "encode", "--random-weights", "NoSuchModel", "--device", "cpu"]) == 2
    assert "no model named 'NoSuchModel'" in capsys.readouterr().err


def test_long_reports_every_length_and_ratios_to_the_first(tmp_path: Path) -> None:
    file = tmp_path / "long.json"
    assert run(["bench", "long", "--frames", "300,60", "--no-window", "--json", str(file)]) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    assert [row["frames"] for row in report["processor_time"]] == [60, 300]
    first, second = report["ratios"]
    assert set(first.values()) == {60, 1.0}
    assert second["drawn"] > 0
    assert set(first) == {"frames", "open", "change", "drawn", "gap_moved"}


@pytest.mark.parametrize("text", ["", "ten", "5", "100,19", "2000000", "1e3", "100,,200"])
def test_lengths_that_cannot_be(text: str) -> None:
    with pytest.raises(UnusableInput, match="--frames cannot be"):
        lengths(text)


def test_made_latents_are_unit_and_resemble_a_clip() -> None:
    latents = wandering(5000, 64)
    assert np.linalg.norm(latents, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(latents, wandering(5000, 64))
    nearby = np.einsum("nd,nd->n", latents[1:], latents[:-1])
    within = np.arange(1, 5000) % 400 != 0
    assert np.degrees(np.arccos(np.median(nearby[within]))) < 10
    assert np.degrees(np.arccos(np.clip(nearby[~within], -1, 1))).max() > 40
