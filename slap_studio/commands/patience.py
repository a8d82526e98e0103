"""What a command says while a long clip is embedded: how far it is, and how long it will take."""

import math
import time
from collections.abc import Callable

FIRST, EVERY = 20.0, 30.0  # seconds before the first word, and between two
SETTLED = 5.0  # seconds after which what an earlier run left has been read, which says nothing of the pace


class Patience:
    """Called with the share done, 0 to 1; tells people now and then.

    Parameters
    ----------
    tell
        Takes a sentence.
    clock
        Seconds, that only go on.
    """

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._began = clock()
        self._next = self._began + FIRST
        self._since: tuple[float, float] | None = None

    def __call__(self, share: float) -> None:
        """So much is done."""
        now = self._clock()
        if self._since is None and now - self._began >= SETTLED:
            self._since = now, share
        if self._since is None or now < self._next:
            return
        (began, done), self._since, self._next = self._since, (now, share), now + EVERY
        rest = f", {_words((1 - share) * (now - began) / (share - done))}" if share > done else ""
        self._tell(f"Embedding frames: {100 * share:.0f} %{rest}; Ctrl+C stops, and the next run goes on from here.")


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(10 * math.ceil(seconds / 10), 10)} seconds left"
    return f"about {math.ceil(seconds / 60)} minutes left"
