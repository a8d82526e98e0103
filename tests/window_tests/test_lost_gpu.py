"""A GPU that is full or lost under whatever the window does: it is said once, and the CPU goes on."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

import torch

from slap_studio import pipeline, sweep
from slap_studio.compare import Comparer
from slap_studio.core import devices
from slap_studio.live import LiveSolver
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

LOST = RuntimeError("CUDA error: unspecified launch failure")


@pytest.fixture
def with_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that says it has a GPU."""
    monkeypatch.setattr(devices, "chosen_device", lambda asked="auto": "cuda" if asked == "auto" else asked)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), "no memory left, so the work"),
        (LOST, "was lost, so the work goes on with the CPU"),
    ],
)
def test_a_gpu_that_fails_is_said_and_the_cpu_goes_on(
    fault: Exception, said: str, with_gpu: None, studio: Studio, small_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, tried = LiveSolver.answer, []

    def on(solver: LiveSolver, *arguments: object) -> object:
        tried.append(solver.device)
        if solver.device == "cuda":
            raise fault
        return answer(solver, *arguments)

    monkeypatch.setattr(LiveSolver, "answer", on)
    studio.open(small_clip)
    drawn = studio.settle()
    assert tried[:2] == ["cuda", "cpu"]
    assert "cuda" not in tried[1:]
    assert drawn.solution.device == "cpu"
    message = studio.window.message
    studio.wait(lambda: message.isVisible() and said in message._text.text())
    assert studio.window._state.text().startswith("CPU")


@pytest.fixture
def solves_there(with_gpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that solves, as the CPU does it."""
    answer = LiveSolver.answer

    def on(solver: LiveSolver, *arguments: object) -> object:
        device, solver.device = solver.device, "cpu"
        try:
            return answer(solver, *arguments)
        finally:
            solver.device = device

    monkeypatch.setattr(LiveSolver, "answer", on)


def said_once(studio: Studio) -> None:
    message = studio.window.message
    studio.wait(lambda: "was lost, so the work goes on with the CPU" in message.text)
    assert message.text.count("goes on with the CPU") == 1
    assert studio.controller.machine.device == "cpu"


def test_one_that_is_lost_while_the_first_clip_is_embedded(
    solves_there: None, studio: Studio, small_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, tried = pipeline.load_clip, []

    def once(*arguments: object, **options: object) -> object:
        tried.append(studio.controller.machine.device)
        if tried[-1] == "cuda":
            raise LOST
        return load(*arguments, **options)

    monkeypatch.setattr(pipeline, "load_clip", once)
    studio.open(small_clip)
    assert tried == ["cuda", "cpu"]
    said_once(studio)


def test_one_that_is_lost_under_a_sweep_costs_no_cell(
    solves_there: None, studio: Studio, small_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "COUPLINGS", (0.1, 10.0, 3))
    monkeypatch.setattr(sweep, "MASSES", (0.1, 10.0, 3))
    solve, tried = pipeline.solve, []

    def solved(*arguments: object, device: str, **options: object) -> object:
        tried.append(device)
        if device == "cuda" and tried.count("cuda") > 3:
            raise LOST
        return solve(*arguments, device="cpu", **options)

    monkeypatch.setattr(pipeline, "solve", solved)
    studio.open(small_clip)
    studio.space.stage.show_view("sweep")
    grid = studio.space.stage.sweep.map
    studio.wait(lambda: len(grid.cells) == 9)
    assert tried == ["cuda"] * 4 + ["cpu"] * 6
    said_once(studio)


def test_one_that_is_lost_while_methods_are_compared(
    solves_there: None, studio: Studio, small_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, tried = Comparer.compare, []

    def once(comparer: Comparer, *arguments: object) -> object:
        tried.append(studio.controller.machine.device)
        if tried[-1] == "cuda":
            raise LOST
        return compare(comparer, *arguments)

    monkeypatch.setattr(Comparer, "compare", once)
    studio.open(small_clip)
    found: list[object] = []
    studio.controller.comparing.compared.connect(found.append)
    studio.controller.change(compared=True)
    studio.wait(lambda: found != [])
    assert tried[:2] == ["cuda", "cpu"]
    said_once(studio)
