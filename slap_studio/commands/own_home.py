"""A home for the length of a bench: what a bench opens and chooses must not end up among the user's own."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_PLACES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


@contextmanager
def own_home(*, cache: bool) -> Iterator[None]:
    """Keep settings, recent files and unsaved work away from the user's; elsewhere than on Linux they are shared.

    Parameters
    ----------
    cache
        Whether the cache is a fresh one as well.
    """
    names = (*_PLACES, "XDG_CACHE_HOME") if cache else _PLACES
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= dict.fromkeys(names, folder) if sys.platform.startswith("linux") else {}
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
