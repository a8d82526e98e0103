"""The figures of a test as plain values: what the JSON holds and the page shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from slap_studio.core.types import Array
from slap_studio.tunnel_test import paper
from slap_studio.tunnel_test.judge import Outcome
from slap_studio.tunnel_test.protocol import CONDITIONS, HEADLINE
from slap_studio.tunnel_test.rows import SETTINGS, Line
from slap_studio.tunnel_test.run import SWEPT, Results
from slap_studio.tunnel_test.scoring import Interval, bootstrap, persistence

FORMAT = 1
MEASURES = ("accuracy", "persistence", "drift", "drift_oracle", "s_kin", "e_pot")

Figures = dict[str, Any]


def summarise(results: Results) -> Figures:
    """All tables: every figure with its interval, and what the paper prints beside it."""
    seed = results.test.seed

    def figures(key: str, condition: str, clips: int) -> Figures | None:
        outcome = results.outcomes.get((key, condition))
        return None if outcome is None else measured(outcome.first(clips), seed)

    every = results.test.clips

    lines = [
        {"label": line.label, "paper": paper.METHODS.get(_paper_name(line)),
         "conditions": {one.name: figures(line.key, one.name, every) for one in CONDITIONS}}
        for line in results.lines
    ]  # fmt: skip
    sweeps = {
        name: [{"label": label, "key": setting.key, **(figures(setting.key, HEADLINE.name, SWEPT) or {})}
               for label, setting in settings]
        for name, settings in SETTINGS.items()
    }  # fmt: skip
    return {
        "format": FORMAT,
        "clips": results.test.clips,
        "seed": seed,
        "validation": results.test.validation,
        "headline": HEADLINE.name,
        "methods": lines,
        "sweeps": sweeps,
        "shown_at_1_fps": float(np.mean(results.shown)),
    }


def measured(outcome: Outcome, seed: int) -> Figures:
    """Mean and interval of every measure; persistence as a score from 1 to 5."""
    share = bootstrap(outcome.persistent, seed)
    found: dict[str, Interval | None] = {
        "accuracy": bootstrap(outcome.correct, seed),
        "persistence": Interval(*(persistence(value) for value in (share.mean, share.low, share.high))),
        "drift": _interval(outcome.drift, seed),
        "drift_oracle": _interval(outcome.drift_oracle, seed),
        "s_kin": _interval(outcome.s_kin, seed),
        "e_pot": _interval(outcome.e_pot, seed),
    }
    return {name: None if one is None else [one.mean, one.low, one.high] for name, one in found.items()} | {
        "clips": len(outcome.correct)
    }


def _interval(values: Array, seed: int) -> Interval | None:
    return bootstrap(values, seed) if len(values) else None


def _paper_name(line: Line) -> str:
    return {"Autoregressive transformer": "Video-LLaMA 3"}.get(line.label, line.label)


def best(rows: Sequence[Mapping[str, Any]], measure: str, *, lowest: bool = False) -> Mapping[str, Any]:
    """The row whose mean is highest, or lowest; the earlier one where two are equal."""
    return (min if lowest else max)(rows, key=lambda row: row[measure][0])
