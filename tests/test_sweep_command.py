"""`slap-studio sweep` as other programs call it: what it writes, prints and refuses."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from slap_studio import __version__, pipeline
from slap_studio.cli import run
from slap_studio.core.types import Descent, Physics, Problem

FILES = ["sweep.csv", "sweep.json", "sweep.npz", "sweep.svg"]
AXES = ("--couplings", "0,0.5,5", "--masses", "1:4:2")


def sweep(clip: Path, *arguments: str, out: Path) -> int:
    return run(["sweep", str(clip), "--query", "a red cube", "--hide", "30%:60%", *arguments, "--out", str(out)])


def test_a_sweep_writes_every_cell_in_every_file(small_clip: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "deep" / "map"
    assert sweep(small_clip, *AXES, "--steps", "20", out=out) == 0
    printed = json.loads(capsys.readouterr().out)
    assert sorted(file.name for file in out.iterdir()) == FILES
    page = json.loads((out / "sweep.json").read_text(encoding="utf-8"))
    assert page["version"] == __version__
    assert page["settings"]["steps"] == 20
    cells = page["cells"]
    assert [(cell["mass"], cell["coupling"]) for cell in cells] == [(m, c) for m in (1, 4) for c in (0, 0.5, 5)]
    assert printed["cells"] == len(cells) == 6
    with np.load(out / "sweep.npz") as paths:
        latents = paths["latents"]
        assert latents.shape == (6, 13, 256)
        assert paths["times"] == pytest.approx(np.arange(1.2, 2.45, 0.1), abs=1e-3)
    with (out / "sweep.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["s_kin"]) for row in rows] == [cell["s_kin"] for cell in cells]
    for cell, path in zip(cells, latents, strict=True):
        assert cell["s_kin"] == pytest.approx(float((np.diff(path, axis=0) ** 2).sum(-1).mean()), rel=1e-4)
    # λ = 0: all masses leave the great arc where it is.
    assert latents[0] == pytest.approx(latents[3], abs=1e-6)


def test_the_same_sweep_gives_the_same_bytes(small_clip: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert sweep(small_clip, *AXES, out=tmp_path / name) == 0
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    drawn = (tmp_path / "one" / "sweep.svg").read_text(encoding="utf-8")
    for text in ("coupling λ", "mass μ", "S_kin", "E_pot", "Ballistic", "a red cube"):
        assert text in drawn


def test_a_cell_is_what_solve_gives_for_it(small_clip: Path, tmp_path: Path, capsys) -> None:
    assert sweep(small_clip, "--couplings", "0.7", "--masses", "2", "--method", "minimise", out=tmp_path / "map") == 0
    capsys.readouterr()
    solve = ["solve", str(small_clip), "--query", "a red cube", "--hide", "30%:60%", "--method", "minimise"]
    assert run([*solve, "--coupling", "0.7", "--mass", "2", "--out", str(tmp_path / "p.npz")]) == 0
    figures = json.loads(capsys.readouterr().out)
    (cell,) = json.loads((tmp_path / "map" / "sweep.json").read_text(encoding="utf-8"))["cells"]
    for name in ("action", "s_kin", "e_pot", "residual", "status"):
        assert cell[name] == figures[name]


def test_stopping_leaves_nothing_half_written(small_clip: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    out = tmp_path / "map"
    out.mkdir()
    (out / "sweep.json").write_text("an earlier sweep")
    solves = []

    def interrupted(problem: Problem, physics: Physics, descent: Descent, **options: object) -> object:
        if len(solves) == 3:
            raise KeyboardInterrupt
        solves.append(physics)
        return whole(problem, physics, descent, **options)

    whole = pipeline.solve
    monkeypatch.setattr(pipeline, "solve", interrupted)
    assert sweep(small_clip, *AXES, out=out) == 130
    assert [file.name for file in out.iterdir()] == ["sweep.json"]
    assert (out / "sweep.json").read_text() == "an earlier sweep"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--couplings", "abc"], "--couplings cannot be 'abc'"),
        (["--masses", "-1"], "--masses cannot be '-1'"),
        (["--couplings", "1:2:1000", "--masses", "1:2:11"], "ask for fewer"),
        (["--alignment", "magic"], "--alignment cannot be"),
        (["--steps", "-1"], "number of steps K"),
        (["--hide", "0%:0%"], ""),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_sentence(
    small_clip: Path, arguments: list[str], said: str, tmp_path: Path, capsys
) -> None:
    out = tmp_path / "map"
    assert sweep(small_clip, *arguments, out=out) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.strip().splitlines()
    assert line.startswith("slap-studio: ")
    assert said in line
    assert not out.exists()


def test_a_file_in_the_folders_place_is_said_before_the_work(small_clip: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "map"
    out.write_text("a file")
    assert sweep(small_clip, out=out) == 2
    assert "is not a folder" in capsys.readouterr().err
