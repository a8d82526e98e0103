"""Arrays as the bytes of a .npy file; read without pickle, and only as many bytes as are there."""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.media.zipped import DAMAGED
from slap_studio.problems import UnusableInput

KINDS = ("<f4", "<f8", "<i8", "|u1")
MOST_AXES = 3


def packed(array: NDArray[Any]) -> bytes:
    """The array as a .npy file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return file.getvalue()


def unpacked(data: bytes, name: str) -> NDArray[Any]:
    """The array of a .npy file.

    Raises
    ------
    UnusableInput
        If it is none, is of another kind than is ever written, has more or fewer bytes than it says, or holds numbers
        that are not finite.
    """
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, columns_first, dtype = reader(file, max_header_size=4096)
    except DAMAGED as error:
        raise UnusableInput(f"its array {name!r} is damaged") from error
    held = len(data) - file.tell()
    count = math.prod(shape)
    if (
        dtype.str not in KINDS
        or columns_first
        or len(shape) > MOST_AXES
        or any(length < 0 for length in shape)
        or count * dtype.itemsize != held
    ):
        raise UnusableInput(f"its array {name!r} has a kind or a shape that no session has")
    # A copy can be written: torch shares no memory with one that cannot.
    array = np.frombuffer(data, dtype, count, file.tell()).reshape(shape).copy()
    if not np.isfinite(array).all():
        raise UnusableInput(f"its array {name!r} holds numbers that are not finite")
    return array
