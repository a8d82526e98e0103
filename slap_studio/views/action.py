"""What can be asked for: one value from which menus, shortcuts, the sheet of keys and the palette are made."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_WITH_MODIFIER = ("Ctrl+", "Alt+", "Meta+")
_FUNCTION_KEY = re.compile(r"F\d+$")


def _always() -> str:
    return ""


@dataclass(frozen=True)
class Action:
    """One thing that a hand can ask for.

    Attributes
    ----------
    name
        Such as "time.play"; unique.
    menu
        Where it stands, such as "File" or "File/Export".
    text
        What it is called there, such as "Play or pause".
    run
        Does it.
    keys, also
        Its shortcut as Qt spells it, and further ones. One without Ctrl, Alt or Meta is heard only where the control
        with the focus has no use for it.
    on_stage
        Keys that ask for it while the stage's picture has the focus, where they may mean something else elsewhere.
    hint
        What it does, in a sentence.
    checked
        For a switch: whether it is on.
    unavailable
        Why it cannot be done now, in a sentence; empty if it can.
    line_above
        Whether a line parts it from what stands above it in its menu.
    text_now
        What it is called at the moment, where that changes, as in "Undo coupling λ".
    """

    name: str
    menu: str
    text: str
    run: Callable[[], object]
    keys: str = ""
    also: tuple[str, ...] = ()
    on_stage: tuple[str, ...] = ()
    hint: str = ""
    checked: Callable[[], bool] | None = None
    unavailable: Callable[[], str] = _always
    line_above: bool = False
    text_now: Callable[[], str] | None = None

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Every shortcut, the one that is shown first."""
        return ((self.keys,) if self.keys else ()) + self.also


def is_plain(key: str) -> bool:
    """Whether a control may need a key for itself, as a text field needs letters and a slider arrows."""
    return not any(modifier in key for modifier in _WITH_MODIFIER) and not (
        len(key) > 1 and key[-2:].strip("F").isdigit()
    )
