"""What a lesson keeps as it is, whoever asks for something else."""

from collections.abc import Mapping
from dataclasses import replace

from slap_studio.lessons.lesson import CONTROLS, Access
from slap_studio.session.state import Session

_PHYSICS = ("coupling", "mass", "kinetic")
_DESCENT = ("steps", "step_size")
_BESIDE = ("revealed", "compared", "as_filmed")
WORDS = {
    "coupling": "the coupling λ", "mass": "the mass μ", "kinetic": "the kinetic energy", "steps": "the number of steps",
    "step_size": "the step size α", "alignment": "the alignment", "query": "the query", "gap": "the gap",
    "candidates": "the candidates", "beside": "what is compared and revealed",
}  # fmt: skip


def locked_fields(controls: Mapping[str, Access]) -> frozenset[str]:
    """Fields of the session that stay as they are: of every control that is locked or hidden."""
    return frozenset(
        CONTROLS[name] for name, access in controls.items() if access is not Access.SHOWN and CONTROLS[name]
    )


def held(locked: frozenset[str], old: Session, new: Session) -> tuple[Session, tuple[str, ...]]:
    """A session with what is locked as it was, and which fields that concerned."""
    kept = {name: value for name, value in _values(old).items() if name in locked and value != _values(new)[name]}
    back = new.with_physics(**{name: kept[name] for name in _PHYSICS if name in kept})
    back = back.with_descent(**{name: kept[name] for name in _DESCENT if name in kept})
    if "beside" in kept:
        back = replace(back, **{name: getattr(old, name) for name in _BESIDE})
    if "gap" in kept:
        back = replace(back, gap=old.gap, elsewhere=old.elsewhere)
    own = ("alignment", "query", "candidates")
    return replace(back, **{name: kept[name] for name in own if name in kept}), tuple(kept)  # type: ignore[arg-type]


def _values(session: Session) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(session.physics, name) for name in _PHYSICS}
    found |= {name: getattr(session.descent, name) for name in _DESCENT}
    found |= {name: getattr(session, name) for name in ("alignment", "query", "candidates")}
    found["gap"] = session.gap, session.elsewhere
    return found | {"beside": tuple(getattr(session, name) for name in _BESIDE)}
