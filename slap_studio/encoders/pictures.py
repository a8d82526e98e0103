"""The thumbnails of a long clip: they stay in the cache's file, and each is read when it is looked at."""

import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from slap_studio.encoders.room import claim


class KeptPictures(Sequence[bytes]):
    """JPEG bytes that lie on end in a file; empty where it cannot be read any more.

    The file stays open, so that it may be replaced or removed meanwhile. Used from any thread.

    Parameters
    ----------
    offset
        Where in the file they begin.
    ends
        Where each one's end, counted from there [M].
    """

    def __init__(self, path: Path, offset: int, ends: NDArray[np.int64]) -> None:
        self._offset = offset
        self._ends = ends
        self._turn = threading.Lock()
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        claim(self._file)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[bytes, ...]: ...
    def __getitem__(self, index: int | slice) -> bytes | tuple[bytes, ...]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        begin, end = int(self._ends[index - 1]) if index else 0, int(self._ends[index])
        try:
            with self._turn:
                os.lseek(self._file, self._offset + begin, os.SEEK_SET)
                return os.read(self._file, end - begin)
        except OSError:
            return b""
