"""Faults of ours inside a slot: Qt goes on after them, so they must be seen by other means."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType


@contextmanager
def watched_for_faults(seen: Callable[[str], None]) -> Iterator[None]:
    """While inside, an exception that no slot caught is printed as ever and told in a sentence."""
    before = sys.excepthook

    def caught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        before(kind, fault, trace)
        seen(f"Something went wrong in the window ({kind.__name__}: {fault}); what is open stays open.")

    sys.excepthook = caught
    try:
        yield
    finally:
        sys.excepthook = before
