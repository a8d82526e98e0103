"""A device that fails: what "auto" chose goes on with the CPU and says so, what was named ends in a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from slap_studio import pipeline
from slap_studio.cli import run
from slap_studio.core import devices
from slap_studio.core.devices import device_failed, on_device
from slap_studio.encoders import encoder as encoders
from slap_studio.problems import UnusableInput

FAULTS = {
    "no room": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."),
    "lost": RuntimeError("CUDA error: the launch timed out and was terminated\nsome more"),
    "cublas": RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    "metal": RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
    "gone": RuntimeError("No CUDA GPUs are available"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_device_says_is_told_from_what_a_program_does_wrong(name: str) -> None:
    assert device_failed(FAULTS[name], "cuda")
    assert not device_failed(FAULTS[name], "cpu")


def test_a_fault_of_ours_on_a_device_stays_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "chosen_device", lambda asked: "cuda")
    told: list[str] = []
    for fault in (RuntimeError("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)"), ValueError("CUDA error")):

        def work(device: str, fault: Exception = fault) -> None:
            raise fault

        with pytest.raises(type(fault), match=str(fault)[:6]):
            on_device("auto", work, told.append)
    assert told == []


@pytest.fixture
def problem(tmp_path: Path, unit_vectors) -> Path:
    start, end, query = unit_vectors(3, 8)
    path = tmp_path / "problem.npz"
    np.savez(path, start=start, end=end, query=query, hidden=5)
    return path


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine that says it has a GPU, on which every solve fails; on which devices it was tried."""
    solve, tried = pipeline.solve, []

    def chosen(asked: str = "auto") -> str:
        return "cuda" if asked == "auto" else asked

    def solved(*arguments: object, device: str, **options: object) -> object:
        tried.append(device)
        if device == "cuda":
            raise FAULTS["no room"]
        return solve(*arguments, device=device, **options)

    monkeypatch.setattr(devices, "chosen_device", chosen)
    monkeypatch.setattr(pipeline, "solve", solved)
    return tried


def test_solve_goes_on_with_the_cpu_and_says_so(failing: list[str], problem: Path, tmp_path: Path, capsys) -> None:
    assert run(["solve", "--latents", str(problem), "--out", str(tmp_path / "path.npz")]) == 0
    printed = capsys.readouterr()
    assert failing == ["cuda", "cpu"]
    assert json.loads(printed.out)["device"] == "cpu"
    assert printed.err == "slap-studio: The GPU has no memory left, so this runs on the CPU.\n"


def test_a_device_that_was_named_and_fails_ends_in_a_sentence(
    failing: list[str], problem: Path, tmp_path: Path, capsys
) -> None:
    out = tmp_path / "path.npz"
    assert run(["solve", "--latents", str(problem), "--device", "cuda", "--out", str(out)]) == 2
    assert failing == ["cuda"]
    assert "close other programs that use it, or use --device cpu." in capsys.readouterr().err
    assert not out.exists()


def test_a_sweep_goes_on_with_the_cpu_where_it_stood(
    monkeypatch: pytest.MonkeyPatch, small_clip: Path, tmp_path: Path, capsys
) -> None:
    solve, load, tried = pipeline.solve, encoders.load, []

    def solved(*arguments: object, device: str, **options: object) -> object:
        tried.append(device)
        if device == "cuda" and tried.count("cuda") > 4:
            raise FAULTS["lost"]
        return solve(*arguments, device="cpu", **options)

    monkeypatch.setattr(devices, "chosen_device", lambda asked="auto": "cuda" if asked == "auto" else asked)
    monkeypatch.setattr("slap_studio.commands.solve.chosen_device", lambda asked: asked)
    monkeypatch.setattr(encoders, "load", lambda name, device: load(name, "cpu"))
    monkeypatch.setattr(pipeline, "solve", solved)
    asked = ["sweep", str(small_clip), "--query", "a red cube", "--hide", "30%:60%", "--steps", "5"]
    assert run([*asked, "--couplings", "0,0.5,5", "--masses", "1:4:2", "--out", str(tmp_path / "map")]) == 0
    printed = capsys.readouterr()
    assert tried == ["cuda"] * 5 + ["cpu"] * 2
    assert "The GPU failed or was lost, so this runs on the CPU." in printed.err
    found = json.loads(printed.out)
    assert (found["cells"], found["device"]) == (6, "cpu")
    cells = json.loads((tmp_path / "map" / "sweep.json").read_text(encoding="utf-8"))["cells"]
    assert [(cell["mass"], cell["coupling"]) for cell in cells] == [(m, c) for m in (1, 4) for c in (0, 0.5, 5)]


def test_a_device_that_is_not_there_is_still_said() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(UnusableInput, match="was not found"):
        on_device("cuda", lambda device: device, print)
