"""The built program does what the checkout does: it solves, opens its window, fits the map, draws the same picture."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from slap_studio import __version__
from slap_studio.resources import sample_videos
from tests.bundle_tests.conftest import LONGEST, Run

QUESTION = ["--query", "a red cube", "--hide", "30%:60%"]
CLIP = Path("_internal/slap_studio/sample_videos/tunnel.mp4")


def checkout(*arguments: str, cwd: Path) -> str:
    words = [sys.executable, "-m", "slap_studio", *arguments]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["env", f"PYTHONPATH={root}", *words], cwd=cwd, capture_output=True, text=True, check=True, timeout=LONGEST
    )
    return done.stdout


def clip_of(program: Path) -> str:
    return str(program.parent / CLIP)


def test_it_is_of_this_version(run: Run) -> None:
    assert run("--version").stdout == f"SLAP Studio {__version__}\n"


def test_a_solve_gives_the_checkouts_answer(run: Run, program: Path, home: Path, tmp_path: Path) -> None:
    done = run("solve", clip_of(program), *QUESTION, "--out", "path.npz")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    expected = json.loads(
        checkout("solve", str(sample_videos() / "tunnel.mp4"), *QUESTION, "--out", "path.npz", cwd=tmp_path)
    )
    assert told.keys() == expected.keys()
    for name in ("action", "kinetic", "potential", "s_kin", "e_pot", "residual"):
        assert told[name] == pytest.approx(expected[name], rel=1e-4)
    assert told["status"] == expected["status"]
    with np.load(home / "path.npz") as ours, np.load(tmp_path / "path.npz") as theirs:
        assert set(ours.files) == set(theirs.files)
        for name in ("latents", "times", "kinetic", "potential", "similarity"):
            np.testing.assert_allclose(ours[name], theirs[name], atol=1e-4)


def test_a_sweep_writes_its_files(run: Run, program: Path, home: Path) -> None:
    done = run("sweep", clip_of(program), *QUESTION, "--couplings", "0.1,1", "--masses", "1", "--out", "map")
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (home / "map").iterdir()} == {".json", ".csv", ".npz", ".svg"}


def test_a_tunnel_test_writes_its_report(run: Run, home: Path) -> None:
    done = run("tunnel-test", "--clips", "2", "--out", "report")
    assert done.returncode == 0, done.stderr
    assert "<svg" in (home / "report" / "report.html").read_text(encoding="utf-8")


def test_the_window_opens_solves_and_closes_with_no_python_about(
    program: Path, home: Path, surroundings: dict[str, str], without_network: list[str]
) -> None:
    words = [*without_network, str(program), clip_of(program), *QUESTION, "--launch-report", "launch.json"]
    studio = subprocess.Popen([*words, "--launch-began", repr(time.time())], cwd=home, env=surroundings)
    mapped: set[str] = set()
    while studio.poll() is None:
        maps = Path(f"/proc/{studio.pid}/maps")
        if maps.is_file():
            mapped |= {line.split(maxsplit=5)[5] for line in maps.read_text().splitlines() if line.count("/")}
        try:
            studio.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    assert studio.returncode == 0
    assert json.loads((home / "launch.json").read_text()).keys() == {"window_s", "path_s"}
    folder = str(program.parent)
    assert [path for path in mapped if "ython" in path and folder not in path] == []


def test_the_window_draws_the_checkouts_picture_with_the_map_fitted(
    run: Run, program: Path, home: Path, tmp_path: Path
) -> None:
    done = run("screenshot", clip_of(program), *QUESTION, "--out", "window.png")
    assert done.returncode == 0, done.stderr
    # What UMAP compiled is kept in the user's caches, not in the program's folder.
    assert list((home / ".cache/slap-studio/compiled").rglob("*.nbc"))
    checkout("screenshot", str(sample_videos() / "tunnel.mp4"), *QUESTION, "--out", "window.png", cwd=tmp_path)
    ours, theirs = (
        np.asarray(Image.open(folder / "window.png").convert("RGB"), dtype=np.int16) for folder in (home, tmp_path)
    )
    assert ours.shape == theirs.shape
    assert ours.std() > 20
    # The seconds that a solve took stand in the window, and differ.
    differing = (np.abs(ours - theirs).max(-1) > 40).mean()
    assert differing < 0.005
