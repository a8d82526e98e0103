"""What is run: the methods of Table 2, the ablations of Table 4, and the sweeps of Tables 6 and 7."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor

from slap_studio.core.alignment import Alignment, Cosine
from slap_studio.core.learned import Folded, products_for
from slap_studio.core.network_file import read_network
from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.methods.catalogue import runnable
from slap_studio.methods.method import Method
from slap_studio.methods.slap import Field, Slap
from slap_studio.problems import never
from slap_studio.resources import tunnel_alignment

# Of Table 6's values the one with the highest accuracy on validation clips under the network of width 512; under that
# of 128, on 100 of them, 0.1 has one clip more (`--validation --clips 100 --seed 1`: 98 and 97%), which tells nothing.
# What is varied around a λ is varied around the paper's own: at so small a coupling nothing else could show what it
# does.
COUPLING, PAPERS_COUPLING = 0.01, 0.5
COUPLINGS = (0.0, 0.01, 0.1, 0.5, 1.0, 5.0, 10.0)
STEPS = (10, 30, 50, 100)
STEP_SIZES = (1e-3, 5e-3, 1e-2, 5e-2)
WIDTHS = (128, 256, 512)
SHIPPED_WIDTH = 128


@dataclass(frozen=True)
class Setting:
    """One configuration of SLAP.

    Attributes
    ----------
    alignment, width
        Which P, and the hidden width h of the learned one.
    """

    physics: Physics = field(default_factory=lambda: Physics(COUPLING))
    descent: Descent = field(default_factory=Descent)
    alignment: AlignmentKind = AlignmentKind.LEARNED
    width: int = SHIPPED_WIDTH

    @property
    def key(self) -> str:
        """Names it in files: two tables that need one configuration share its figures."""
        physics, descent = self.physics, self.descent
        width = f"{self.width}" if self.alignment is AlignmentKind.LEARNED else ""
        return (
            f"slap-{self.alignment}{width}-{physics.kinetic}-lambda{physics.coupling:g}-mu{physics.mass:g}"
            f"-K{descent.steps}-alpha{descent.step_size:g}"
        )


@dataclass(frozen=True)
class Line:
    """A line of a table: its label, and whose figures stand in it."""

    label: str
    key: str


FULL = Setting()
PAPERS = Setting(Physics(PAPERS_COUPLING))


def _with(**changes: object) -> Setting:
    return replace(PAPERS, physics=replace(PAPERS.physics, **changes))  # type: ignore[arg-type]


_COSINE = replace(FULL, alignment=AlignmentKind.COSINE)

SETTINGS: Mapping[str, tuple[tuple[str, Setting], ...]] = MappingProxyType(
    {
        "ablation": (
            ("Full model", PAPERS),
            ("No kinetic energy (μ = 0)", _with(mass=0.0)),
            ("No potential energy (λ = 0)", _with(coupling=0.0)),
            ("Static potential (cosine)", replace(PAPERS, alignment=AlignmentKind.COSINE)),
            ("Chord kinetic energy (L2)", _with(kinetic=Kinetic.CHORD)),
        ),
        "coupling": tuple((f"{value:g}", _with(coupling=value)) for value in COUPLINGS),
        "coupling, cosine": tuple(
            (f"{value:g}", replace(_COSINE, physics=Physics(value))) for value in COUPLINGS
        ),
        "steps": tuple((f"{value}", replace(PAPERS, descent=Descent(value))) for value in STEPS),
        "step size": tuple((f"{value:g}", replace(PAPERS, descent=Descent(step_size=value))) for value in STEP_SIZES),
        "hidden width": tuple((f"{value}", replace(PAPERS, width=value)) for value in WIDTHS),
    }
)  # fmt: skip


class Fields:
    """The alignments that settings ask for, each network read and folded once."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._learned: dict[int, _Learned] = {}

    def of(self, setting: Setting) -> Field:
        """Gives the alignment with any queries.

        Raises
        ------
        UnusableInput
            If the network's weights are missing or damaged.
        """
        if setting.alignment is AlignmentKind.COSINE:
            return Cosine
        if setting.width not in self._learned:
            self._learned[setting.width] = _Learned(weights_of(setting.width), self.device)
        return self._learned[setting.width]


class _Learned:
    """A folded network that remembers the level of every query: a test asks for the same few again and again."""

    def __init__(self, folder: Path, device: str) -> None:
        network = read_network(folder)
        products = products_for(device, torch.float32, network.shape)
        self._folded = Folded.of(network, device=device, products=products)
        self._levels: dict[bytes, Tensor] = {}

    def __call__(self, queries: Tensor) -> Alignment:
        levels = [self._level(query) for query in queries.reshape(-1, queries.shape[-1])]
        return self._folded.towards(queries, torch.stack(levels).reshape(queries.shape[:-1]))

    def _level(self, query: Tensor) -> Tensor:
        key = query.cpu().numpy().tobytes()
        if key not in self._levels:
            self._levels[key] = self._folded.level(query)
        return self._levels[key]


def weights_of(width: int) -> Path:
    """Folder of the network of a hidden width."""
    folder = tunnel_alignment()
    return folder if width == SHIPPED_WIDTH else folder / f"width-{width}"


def methods(
    device: str, own: Sequence[Method] = (), cancelled: Callable[[], bool] = never
) -> tuple[dict[str, Method], tuple[Line, ...]]:
    """All methods by their keys, and the lines of the table of methods, ours last."""
    fields = Fields(device)
    found: dict[str, Method] = {method.name: method for method in (*runnable(device=device), *own)}
    lines = [Line(name, name) for name in found]
    for settings in SETTINGS.values():
        for _, setting in settings:
            if setting.key not in found:
                found[setting.key] = Slap(
                    fields.of(setting), setting.physics, setting.descent, device=device, cancelled=cancelled
                )
    lines += [Line("SLAP, cosine", _COSINE.key), Line("SLAP", FULL.key)]
    return found, tuple(lines)
