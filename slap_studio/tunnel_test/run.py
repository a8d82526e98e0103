"""Run the Tunnel Test: part by part, method by method, each result on disk before the next is begun."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slap_studio import __version__
from slap_studio.encoders.encoder import Encoder
from slap_studio.media.files import replacing
from slap_studio.methods.method import Method
from slap_studio.problems import Cancelled, UnusableInput, never
from slap_studio.resources import tunnel_alignment, tunnel_methods
from slap_studio.tunnel_test.cases import Case, Texts, cases
from slap_studio.tunnel_test.judge import Outcome, judge
from slap_studio.tunnel_test.protocol import CONDITIONS, HEADLINE, NEUTRAL, Condition, scene_of
from slap_studio.tunnel_test.rows import Line, methods

PART = 25  # clips between two results
SWEPT = 100  # clips on which ablations and sweeps are run at most: they are most of the work
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class TunnelTest:
    """What is asked.

    Attributes
    ----------
    validation
        Draw the clips on which configurations are chosen instead of the test's own.
    """

    clips: int
    seed: int
    validation: bool = False

    def __post_init__(self) -> None:
        if self.clips < 1:
            raise UnusableInput(f"A test needs at least one clip, but --clips is {self.clips}.")
        for index in (0, self.clips - 1):
            scene_of(self.seed, index)


@dataclass(frozen=True, eq=False)
class Results:
    """What came out.

    Attributes
    ----------
    lines
        Of the table of methods.
    outcomes
        By a method's key and a condition's name.
    first
        The first case, for pictures.
    """

    test: TunnelTest
    lines: tuple[Line, ...]
    outcomes: dict[tuple[str, str], Outcome]
    methods: dict[str, Method]
    first: Case
    shown: list[float]
    neutral: Any


@dataclass(frozen=True)
class _Unit:
    """One method under one condition on one part."""

    key: str
    condition: Condition

    def file(self, folder: Path, first: int) -> Path:
        name = hashlib.sha256(f"{self.key} {self.condition.name}".encode()).hexdigest()[:16]
        return folder / f"{first}-{name}.json"


def run(
    test: TunnelTest,
    encoder: Encoder,
    folder: Path,
    *,
    own: Sequence[Method] = (),
    device: str = "cpu",
    report: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = never,
) -> Results:
    """Run what has not been run yet.

    Parameters
    ----------
    folder
        Results of the parts are kept in it, in `UNFINISHED`; a run that was stopped at any moment goes on there.
    own
        Further methods for the table.
    report
        Told the share that is done.

    Raises
    ------
    UnusableInput
        If weights are missing, or the folder holds an unfinished test of another kind.
    Cancelled
        When `cancelled` says so; what was done is kept.
    """
    work = folder / UNFINISHED
    found, lines = methods(device, own, cancelled)
    _claim(work, test, encoder, found)
    texts = Texts(encoder)
    scenes = [scene_of(test.seed, index, validation=test.validation) for index in range(test.clips)]
    everywhere, swept = _units(found, lines)
    total = _Progress(report, test.clips, len(everywhere), len(swept))
    outcomes: dict[tuple[str, str], list[dict[str, list[float]]]] = {}
    first: Case | None = None
    shown: list[float] = []
    for begin, part in _numbered(cases(scenes, encoder, texts, work / "cases", part=PART, report=total.encoded)):
        first = first or part[0]
        shown += [share for case in part for share in case.shown[CONDITIONS[-1].name]]
        units = everywhere + (swept if begin < SWEPT else [])
        for unit in units:
            if cancelled():
                raise Cancelled
            stored = _judged(unit, found, part, texts(NEUTRAL), unit.file(work, begin))
            outcomes.setdefault((unit.key, unit.condition.name), []).append(stored)
            total.judged(len(part))
    if first is None:
        raise UnusableInput("A test needs at least one clip.")
    joined = {key: Outcome.joined(parts) for key, parts in outcomes.items()}
    return Results(test, lines, joined, found, first, shown, texts(NEUTRAL))


def _units(found: dict[str, Method], lines: tuple[Line, ...]) -> tuple[list[_Unit], list[_Unit]]:
    """What is run on all clips, and what on the first `SWEPT` of them."""
    whole = [line.key for line in lines]
    everywhere = [_Unit(key, condition) for key in whole for condition in CONDITIONS]
    return everywhere, [_Unit(key, HEADLINE) for key in found if key not in whole]


def _judged(unit: _Unit, found: dict[str, Method], part: list[Case], neutral: Any, file: Path) -> Any:
    if not file.is_file():
        outcome = judge(found[unit.key], unit.condition, part, neutral)
        with replacing(file) as beside:
            beside.write_text(json.dumps(outcome.to_lists()), encoding="utf-8")
    return json.loads(file.read_text(encoding="utf-8"))


def _numbered(parts: Iterator[list[Case]]) -> Iterator[tuple[int, list[Case]]]:
    begin = 0
    for part in parts:
        yield begin, part
        begin += len(part)


def _claim(work: Path, test: TunnelTest, encoder: Encoder, found: dict[str, Method]) -> None:
    """Begin in a folder, or go on there if the very same test was begun."""
    settings = {
        "version": __version__,
        "clips": test.clips,
        "seed": test.seed,
        "validation": test.validation,
        "encoder": encoder.identity,
        "weights": weights_hash(),
        "methods": sorted(found),
    }
    file = work / "settings.json"
    if file.is_file():
        if json.loads(file.read_text(encoding="utf-8")) != settings:
            raise UnusableInput(
                f"{work} holds an unfinished test with other settings or weights; finish it, delete it, or choose "
                "another folder with --out."
            )
        return
    try:
        work.mkdir(parents=True, exist_ok=True)
        with replacing(file) as beside:
            beside.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    except OSError as error:
        raise UnusableInput(
            f"{work} cannot be written ({error.strerror}); choose another folder with --out."
        ) from error


def weights_hash() -> str:
    """Of all weights that methods use."""
    digest = hashlib.sha256()
    for folder in (tunnel_alignment(), tunnel_methods()):
        for file in sorted(folder.rglob("*.safetensors")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


class _Progress:
    """How much is done, a frame's encoding and a method's gap each weighed by about what they cost."""

    _ENCODING, _JUDGING = 0.5, 0.01  # seconds a clip

    def __init__(self, report: Callable[[float], None], clips: int, everywhere: int, swept: int) -> None:
        self._report = report
        self._encoding = 0.0
        self._judging = 0.0
        units = clips * everywhere + min(clips, -(-SWEPT // PART) * PART) * swept
        self._all = clips * self._ENCODING + units * self._JUDGING

    def encoded(self, clips: int) -> None:
        self._encoding = clips * self._ENCODING
        self._tell()

    def judged(self, clips: int) -> None:
        self._judging += clips * self._JUDGING
        self._tell()

    def _tell(self) -> None:
        self._report(min(1.0, (self._encoding + self._judging) / self._all))
