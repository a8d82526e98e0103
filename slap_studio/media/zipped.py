"""Zips of numpy arrays from anywhere: what they raise when they are damaged, and how to see that they are whole."""

import struct
import tokenize
import zipfile
import zlib
from typing import BinaryIO

# All that zipfile, zlib and numpy were seen to raise at bytes that somebody changed. A header of numpy's is read by
# Python's own parser, with that one's ways to fail.
DAMAGED = (
    OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError, RuntimeError,
    SyntaxError, AssertionError, zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError,
)  # fmt: skip
# `RuntimeError` holds what an encrypted member, an unknown way to pack and too deep a nesting raise.


def require_whole(file: BinaryIO, most: int) -> None:
    """See that every member of a zip is as it was when its check sum was taken; the file is left at its start.

    Parameters
    ----------
    most
        Bytes that all members may have once they are unpacked: a small file may hold a thousand times its size.

    Raises
    ------
    ValueError
        If a member is not whole, or they are too large; others of `DAMAGED` if it is no zip.
    """
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        if sum(member.file_size for member in archive.infolist()) > most:
            raise ValueError("it unpacks to more than any")
        if archive.testzip() is not None:
            raise ValueError("a part of it is not whole")
    file.seek(0)
