"""What one gap costs, as in the paper's Table 5: operations, latency, peak memory, joules where they are counted.

A gap of 30 hidden latents, the paper's ten seconds, filled once with one query.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from slap_studio.core.network import PAPER_SHAPE, random_network
from slap_studio.methods.method import Method, Observation
from slap_studio.methods.slap import Slap
from slap_studio.tunnel_test.rows import FULL, Line

HIDDEN = 30
_RUNS = 9
_ENERGY_COUNTERS = "/sys/class/powercap"

Costs = dict[str, Any]


def efficiency(lines: tuple[Line, ...], methods: Mapping[str, Method], seen: Observation, query: Any) -> list[Costs]:
    """Costs of every line's method on one gap, and of SLAP at the paper's sizes (random weights cost the same)."""
    gap = _longer(seen)
    rows = [_costs(line.label, methods[line.key], gap, query) for line in lines]
    return [*rows, _costs("SLAP at the paper's size (d = 768, h = 2048)", _of_papers_size(methods), *_wide(gap))]


def _longer(seen: Observation) -> Observation:
    start, end = seen.times[seen.before], seen.times[seen.before + 1]
    return Observation(seen.times, seen.latents, seen.before, np.linspace(start, end, HIDDEN + 2)[1:-1])


def _of_papers_size(methods: Mapping[str, Method]) -> Method:
    from slap_studio.core.learned import Folded, products_for

    ours = methods[FULL.key]
    device = ours.device if isinstance(ours, Slap) else "cpu"
    products = products_for(device, torch.float32, PAPER_SHAPE)
    folded = Folded.of(random_network(PAPER_SHAPE, 0), device=device, products=products)
    return Slap(folded.towards, FULL.physics, FULL.descent, device=device)


def _wide(seen: Observation) -> tuple[Observation, Any]:
    """The same gap between random latents of the paper's length."""
    dice = np.random.default_rng(0)
    vectors = dice.normal(size=(len(seen.times) + 1, PAPER_SHAPE.dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Observation(seen.times, vectors[:-1], seen.before, seen.hidden_times), vectors[-1]


def _costs(label: str, method: Method, seen: Observation, query: Any) -> Costs:
    def once() -> None:
        method.infer(seen, query)
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    once()
    joules = _joules(once)
    return {
        "label": label,
        "gflop": _operations(once) / 1e9,
        "seconds": statistics.median(_seconds(once) for _ in range(_RUNS)),
        "megabytes": _peak(once) / 1e6,
        "joules": joules,
    }


def _operations(work: Callable[[], None]) -> int:
    """Floating-point operations of the matrix products, as torch counts them; nothing that is done entry by entry."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        work()
    return int(counter.get_total_flops())


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak(work: Callable[[], None]) -> float:
    """Most bytes that tensors held at once beyond what was there before."""
    if torch.cuda.is_available():
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        work()
        return float(torch.cuda.max_memory_allocated() - before)
    # The profiler would say on standard error that it found no GPU.
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")
    from torch.autograd.profiler import profile

    with profile(profile_memory=True) as recorded:
        work()
    events = [event for event in recorded.kineto_results.events() if event.name() == "[memory]"]
    sizes = [event.nbytes() for event in sorted(events, key=lambda event: event.start_ns())]
    return float(max(np.cumsum(sizes), default=0.0))


def _joules(work: Callable[[], None]) -> float | None:
    """Energy of one run, where the machine counts it: over so many runs that the counter moves; otherwise None."""
    counters = [file for file in Path(_ENERGY_COUNTERS).glob("intel-rapl:?/energy_uj") if os.access(file, os.R_OK)]
    read = _gpu_millijoules if torch.cuda.is_available() else (lambda: _package_millijoules(counters))
    before = read()
    if before is None:
        return None
    began, runs = time.perf_counter(), 0
    while time.perf_counter() - began < 1.0:
        work()
        runs += 1
    after = read()
    return None if after is None else (after - before) / 1000 / runs


def _package_millijoules(counters: list[Path]) -> float | None:
    return sum(int(file.read_text()) for file in counters) / 1000 if counters else None


def _gpu_millijoules() -> float | None:
    try:
        import pynvml

        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByIndex(torch.cuda.current_device())
        return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(handle))
    except Exception:  # what is missing or refused here only leaves a cell of the table empty
        return None
