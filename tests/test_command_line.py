"""The command line as other programs call it (design §5): what it writes, prints and refuses."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from slap_studio import __version__
from slap_studio.cli import run

REFERENCE = Path(__file__).parent / "reference" / "bvp_seed1.npz"
PRINTED = {
    "action", "kinetic", "potential", "s_kin", "e_pot", "residual", "gradient_evaluations",
    "status", "message", "seconds", "device",
}  # fmt: skip


def solve(*arguments: str, out: Path) -> int:
    return run(["solve", *arguments, "--out", str(out)])


def test_solve_meets_the_reference_with_the_issues_own_command(tmp_path: Path, capsys) -> None:
    rows = json.loads(REFERENCE.with_suffix(".json").read_text())
    for kinetic in ("geodesic", "chord"):
        expected = next(row for row in rows if row["kinetic"] == kinetic and row["coupling"] == 0.5)
        out = tmp_path / f"{kinetic}.npz"
        status = solve(
            "--latents", str(REFERENCE), "--hidden", "30", "--method", "descent", "--dtype", "float64",
            "--step-size", "0.2", "--steps", "20000", "--coupling", "0.5", "--kinetic", kinetic, out=out,
        )  # fmt: skip
        assert status == 0
        printed = json.loads(capsys.readouterr().out)
        assert printed["action"] == pytest.approx(expected["action"], abs=1e-6)
        assert printed["status"] == "stationary"
        assert printed["gradient_evaluations"] == 20001


def test_solve_minimises_when_asked(tmp_path: Path, capsys) -> None:
    rows = json.loads(REFERENCE.with_suffix(".json").read_text())
    for row in rows:
        status = solve(
            "--latents", str(REFERENCE), "--hidden", "30", "--method", "minimise", "--dtype", "float64",
            "--coupling", str(row["coupling"]), "--kinetic", row["kinetic"], out=tmp_path / "p.npz",
        )  # fmt: skip
        assert status == 0
        printed = json.loads(capsys.readouterr().out)
        assert set(printed) == PRINTED
        assert printed["action"] == pytest.approx(row["action"], abs=1e-12)
        assert printed["status"] == "minimised"
        assert printed["residual"] <= 1e-10


def test_antipodal_anchors_are_said(tmp_path: Path, capsys) -> None:
    start = np.eye(5)[0]
    np.savez(tmp_path / "problem.npz", start=start, end=-start, query=np.eye(5)[1])
    assert solve("--latents", str(tmp_path / "problem.npz"), "--hidden", "9", out=tmp_path / "p.npz") == 0
    assert "antipodal" in capsys.readouterr().err


def test_what_solve_writes_and_prints_agree(tmp_path: Path, capsys) -> None:
    out = tmp_path / "deep" / "p.npz"
    assert solve("--latents", str(REFERENCE), "--coupling", "0.7", "--mass", "2", "--time-step", "0.5", out=out) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == PRINTED
    with np.load(out) as path, np.load(REFERENCE) as problem:
        assert path["latents"].shape == (32, 64)
        assert path["times"] == pytest.approx(0.5 * np.arange(32))
        assert path["kinetic"].shape == (31,)
        assert path["potential"].shape == (32,)
        assert path["latents"][0] == pytest.approx(problem["start"], abs=1e-6)
        assert path["potential"] == pytest.approx(1 - path["latents"] @ problem["query"], abs=1e-6)
        assert printed["kinetic"] == pytest.approx(path["kinetic"].sum())
        assert printed["potential"] == pytest.approx(path["potential"][1:-1].sum())
        assert printed["action"] == pytest.approx(printed["kinetic"] + 0.7 * printed["potential"])
        assert printed["e_pot"] == pytest.approx(path["potential"][1:-1].mean())


def test_a_video_is_solved_and_its_nearest_frames_are_observed_ones(small_clip: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "p.npz"
    assert run(["solve", str(small_clip), "--query", "a red cube", "--hide", "30%:60%", "--out", str(out)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == PRINTED
    with np.load(out) as path:
        assert path["times"] == pytest.approx(np.arange(1.2, 2.45, 0.1), abs=1e-3)
        assert path["latents"].shape == (13, 256)
        assert path["nearest_frame"].shape == path["similarity"].shape == (11, 5)
        found = path["frame_times"][path["nearest_frame"]]
        assert ((found <= 1.2001) | (found >= 2.3999)).all()
        assert (np.diff(path["similarity"], axis=1) <= 0).all()


def test_a_chosen_number_of_latents_is_spread_evenly_over_the_gap(small_clip: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "p.npz"
    arguments = ["solve", str(small_clip), "--query", "a red cube", "--hide", "1.2:2.4", "--hidden", "30"]
    assert run([*arguments, "--out", str(out)]) == 0
    with np.load(out) as path:
        assert path["times"] == pytest.approx(np.linspace(1.2, 2.4, 32), abs=1e-3)


def test_the_second_time_a_clip_comes_from_the_cache(small_clip: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    from slap_studio.encoders.encoder import Encoder

    arguments = ["solve", str(small_clip), "--query", "a red cube", "--hide", "30%:60%", "--out"]
    assert run([*arguments, str(tmp_path / "first.npz")]) == 0
    monkeypatch.setattr(Encoder, "encode_frames", lambda self, images: pytest.fail("embedded again"))
    assert run([*arguments, str(tmp_path / "second.npz")]) == 0
    with np.load(tmp_path / "first.npz") as first, np.load(tmp_path / "second.npz") as second:
        assert np.array_equal(first["latents"], second["latents"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--coupling", "abc"], "'abc' is not a valid float"),
        (["--coupling", "inf"], "coupling λ must be a finite number"),
        (["--coupling", "nan"], "coupling λ must be a finite number"),
        (["--coupling", "-1"], "coupling λ"),
        (["--mass", "-1"], "mass μ"),
        (["--time-step", "0"], "time step Δt"),
        (["--steps", "-1"], "number of steps K"),
        (["--step-size", "0"], "step size α"),
        (["--hidden", "-3"], "number of hidden latents N"),
        (["--hidden", "2.5"], "'2.5' is not a valid int"),
        (["--kinetic", "curvy"], "use geodesic or chord"),
        (["--method", "magic"], "--method cannot be"),
        (["--alignment", "magic"], "--alignment cannot be"),
        (["--dtype", "float16"], "use float32 or float64"),
        (["--device", "abacus"], "no device"),
        (["--no-such-option"], "No such option"),
    ],
)
def test_options_that_cannot_be_used_end_with_2_and_one_sentence(arguments, said: str, tmp_path: Path, capsys) -> None:
    out = tmp_path / "p.npz"
    assert solve("--latents", str(REFERENCE), *arguments, out=out) == 2
    _one_sentence(capsys, said)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("method", ["descent", "minimise"])
def test_the_learned_alignment_pulls_another_way_than_the_cosine(method: str, tmp_path: Path, capsys) -> None:
    vectors = np.random.default_rng(5).normal(size=(3, 256))
    start, end, query = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    np.savez(tmp_path / "problem.npz", start=start, end=end, query=query, hidden=12)
    paths = {}
    for alignment in ("cosine", "learned"):
        out = tmp_path / f"{alignment}.npz"
        options = ("--latents", str(tmp_path / "problem.npz"), "--alignment", alignment, "--method", method)
        assert solve(*options, out=out) == 0
        figures = json.loads(capsys.readouterr().out)
        assert np.isfinite(figures["action"])
        with np.load(out) as path:
            paths[alignment] = path["latents"]
            assert np.linalg.norm(path["latents"], axis=1) == pytest.approx(1, abs=1e-6)
        if method == "minimise":
            assert figures["residual"] <= 1e-5
    assert np.abs(paths["cosine"] - paths["learned"]).max() > 1e-3


def test_the_learned_alignment_is_refused_where_latents_have_another_length(tmp_path: Path, capsys) -> None:
    np.savez(tmp_path / "problem.npz", start=np.eye(8)[0], end=np.eye(8)[1], query=np.eye(8)[2])
    out = tmp_path / "p.npz"
    assert solve("--latents", str(tmp_path / "problem.npz"), "--alignment", "learned", out=out) == 2
    _one_sentence(capsys, "choose the cosine")
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no file"),
        (b"", "could not be read"),
        (b"PK but no zip", "could not be read"),
        ({"start": np.eye(3)[0], "end": np.eye(3)[1]}, "lacks query"),
        ({"start": np.eye(3)[0], "end": np.eye(4)[1], "query": np.eye(3)[2]}, "same length"),
        ({"start": np.zeros(3), "end": np.eye(3)[1], "query": np.eye(3)[2]}, "zero vector"),
        ({"start": np.array([np.nan, 0, 1]), "end": np.eye(3)[1], "query": np.eye(3)[2]}, "not finite"),
        ({"start": np.eye(3), "end": np.eye(3)[1], "query": np.eye(3)[2]}, "one row"),
        ({"start": np.array(["a", "b"]), "end": np.eye(3)[1], "query": np.eye(3)[2]}, "one row"),
        (
            {"start": np.eye(3)[0], "end": np.eye(3)[1], "query": np.eye(3)[2], "hidden": np.array([1, 2])},
            "whole number",
        ),
        ({"start": np.eye(3)[0], "end": np.eye(3)[1], "query": np.eye(3)[2], "hidden": 1.5}, "whole number"),
        ({"start": np.array([{}], dtype=object), "end": np.eye(3)[1], "query": np.eye(3)[2]}, "could not be read"),
    ],
)
def test_problem_files_that_cannot_be_used_end_with_2_and_one_sentence(
    content, said: str, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "problem.npz"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        np.savez(file, **content)
    assert solve("--latents", str(file), out=tmp_path / "p.npz") == 2
    _one_sentence(capsys, said)
    assert not (tmp_path / "p.npz").exists()


def test_vectors_of_another_length_are_scaled_with_a_note(tmp_path: Path, capsys) -> None:
    with np.load(REFERENCE) as problem:
        np.savez(
            tmp_path / "long.npz", start=3 * problem["start"], end=problem["end"], query=problem["query"], hidden=5
        )
    assert solve("--latents", str(tmp_path / "long.npz"), out=tmp_path / "p.npz") == 0
    assert "start had not length one" in capsys.readouterr().err
    with np.load(tmp_path / "p.npz") as path:
        assert path["latents"].shape == (7, 64)


@pytest.mark.parametrize(
    ("query", "hide", "said"),
    [
        ("", "30%:60%", "query is empty"),
        ("a red cube", "60%:30%", "reversed"),
        ("a red cube", "1:1", "empty"),
        ("a red cube", "1:99", "outside the clip"),
        ("a red cube", "-1:2", "outside the clip"),
        ("a red cube", "0:100%", "anchor"),
        ("a red cube", "1.01:1.05", "hides no"),
        ("a red cube", "abc", "START:END"),
        ("a red cube", "a:b", "no number"),
        ("a red cube", "nan:2", "finite"),
    ],
)
def test_queries_and_gaps_that_cannot_be_used(
    query: str, hide: str, said: str, small_clip: Path, tmp_path: Path, capsys
) -> None:
    out = tmp_path / "p.npz"
    assert run(["solve", str(small_clip), "--query", query, f"--hide={hide}", "--out", str(out)]) == 2
    _one_sentence(capsys, said)
    assert not out.exists()


def test_files_that_are_no_video(tmp_path: Path, capsys) -> None:
    text, empty = tmp_path / "Nötiz mit Leerzeichen.mp4", tmp_path / "empty.mp4"
    text.write_text("only words")
    empty.write_bytes(b"")
    for path in (text, empty, tmp_path, tmp_path / "nowhere.mp4"):
        assert (
            run(["solve", str(path), "--query", "a red cube", "--hide", "30%:60%", "--out", str(tmp_path / "p.npz")])
            == 2
        )
        _one_sentence(capsys, "")
    assert not (tmp_path / "p.npz").exists()


def test_two_frames_are_too_few(tmp_path: Path, capsys) -> None:
    from slap_studio.media.write import write_video

    clip = tmp_path / "short.mp4"
    write_video(clip, [np.full((64, 64, 3), shade, np.uint8) for shade in (10, 200)], rate=5.0)
    assert (
        run(["solve", str(clip), "--query", "a red cube", "--hide", "30%:60%", "--out", str(tmp_path / "p.npz")]) == 2
    )
    _one_sentence(capsys, "at least three")


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "--latents", str(REFERENCE)],
        ["solve", "--out", "p.npz"],
        ["solve", "clip.mp4", "--latents", str(REFERENCE), "--out", "p.npz"],
        ["solve", "clip.mp4", "--out", "p.npz"],
        ["make-sample", "no_such_sample", "--out", "x.mp4"],
        ["screenshot", "clip.mp4", "--query", "a", "--hide", "1:2", "--out", "x.png", "--size", "big"],
        ["screenshot", "clip.mp4", "--query", "a", "--hide", "1:2", "--out", "x.jpg"],
        ["screenshot", "clip.mp4", "--query", "a", "--hide", "1:2", "--out", "x.png", "--theme", "pink"],
        ["train", "encoder", "--steps", "0"],
    ],
)
def test_calls_that_lack_or_contradict(arguments, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    if arguments[0] == "screenshot":
        pytest.importorskip("PySide6.QtWidgets", reason="a screenshot needs Qt", exc_type=ImportError)
    assert run(arguments) == 2
    _one_sentence(capsys, "")
    assert not list(tmp_path.iterdir())


def test_version_and_help_end_with_0(capsys) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"SLAP Studio {__version__}"
    assert run(["solve", "--help"]) == 0
    assert "--step-size" in capsys.readouterr().out


def test_a_read_only_cache_is_a_note_and_no_failure(small_clip: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    obstacle = tmp_path / "cache"
    obstacle.write_text("a file where a folder is needed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(obstacle))
    out = tmp_path / "p.npz"
    assert run(["solve", str(small_clip), "--query", "a red cube", "--hide", "30%:60%", "--out", str(out)]) == 0
    assert "not kept for next time" in capsys.readouterr().err
    assert out.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="limits a file's size the POSIX way")
def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(tmp_path: Path) -> None:
    """The operating system refuses to let any file grow beyond 2 kB: writing fails midway, as on a full disk."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    out = tmp_path / "p.npz"
    out.write_bytes(b"the user's earlier work")
    finished = subprocess.run(
        [sys.executable, "-B", "-m", "slap_studio", "solve", "--latents", str(REFERENCE), "--out", str(out)],
        preexec_fn=limited, capture_output=True, text=True, env=os.environ, check=False,
    )  # fmt: skip
    assert finished.returncode == 2
    assert "could not be written" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert out.read_bytes() == b"the user's earlier work"
    assert [file.name for file in tmp_path.iterdir()] == ["p.npz"]


def _one_sentence(capsys, said: str) -> None:
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.strip().splitlines()
    assert len(lines) == 1, printed.err
    assert lines[0].startswith("slap-studio: ")
    assert lines[0].endswith(".")
    assert said in lines[0]
    assert "Traceback" not in printed.err
