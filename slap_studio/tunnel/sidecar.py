"""The JSON beside a clip. Anybody may have written it, so that nothing in it is taken on trust."""

import json
import math
from pathlib import Path
from typing import Any

from slap_studio.problems import UnusableInput

LARGEST = 1 << 20  # bytes; the ones that are written have two thousand
LONGEST_TEXT = 400  # characters
MOST_STRETCHES = 200
_LARGEST = 1000.0  # of a scene's numbers but its seed: seconds, grey levels, and shares of the picture
_LARGEST_SEED = 2**53


def facts_beside(video: Path) -> dict[str, Any] | None:
    """What the sidecar of a video says; None where there is none, or where it is no object.

    Raises
    ------
    UnusableInput
        If it cannot be read, is no JSON, or is far longer than any.
    """
    file = video.with_suffix(".json")
    try:
        if not file.is_file():
            return None
        if file.stat().st_size > LARGEST:
            raise damaged(video)
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(video) from error
    return facts if isinstance(facts, dict) else None


def suggestion_beside(video: Path) -> tuple[tuple[tuple[float, float], ...], str]:
    """Stretches in seconds in which the object is hidden, ascending, and the object's name; nothing if in doubt."""
    try:
        facts = facts_beside(video) or {}
        query = str(facts["object"]["text"])[:LONGEST_TEXT]
        hidden = sorted((float(start), float(end)) for start, end in facts["hidden"][:MOST_STRETCHES])
    except (UnusableInput, LookupError, TypeError, ValueError, OverflowError):
        return (), ""
    if not all(math.isfinite(start) and 0 <= start < end < math.inf for start, end in hidden):
        return (), query
    return tuple(hidden), query


def bounded(scene: Any) -> Any:
    """A scene's values as they stand, unless one of its numbers is such that drawing would take for ever.

    Raises
    ------
    ValueError
        If one is.
    """
    for name, value in scene.items() if isinstance(scene, dict) else ((None, one) for one in scene):
        if isinstance(value, dict | list):
            bounded(value)
        elif isinstance(value, int | float) and not abs(value) <= (_LARGEST_SEED if name == "seed" else _LARGEST):
            raise ValueError(name)
    return scene


def damaged(video: Path) -> UnusableInput:
    """The sentence for a sidecar of which no scene can be made."""
    return UnusableInput(
        f"{video.with_suffix('.json').name} beside the clip is damaged, so the truth is what was filmed; "
        "write the clip again to have it without the tunnel."
    )
