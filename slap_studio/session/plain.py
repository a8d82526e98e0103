"""Frozen values as plain JSON and back, by their own types; arrays go into members of their own.

Nothing is taken on trust: what comes back has every field's type, or is refused in a sentence.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from slap_studio.problems import UnusableInput
from slap_studio.session.arrays import packed, unpacked

LONGEST_TEXT = 20_000  # characters
LARGEST_WHOLE = 2**53  # up to here JSON's numbers are exact everywhere
_ARRAY = "array"


def plain(value: Any, members: dict[str, bytes], name: str = "") -> Any:
    """A frozen value as JSON's types; its arrays are put among the members, named by where they stand."""
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, StrEnum | Path):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, np.ndarray):
        member = f"{name}.npy"
        members[member] = packed(value)
        return {_ARRAY: member}
    if isinstance(value, tuple):
        return [plain(one, members, _below(name, str(index))) for index, one in enumerate(value)]
    if isinstance(value, Mapping):
        return {str(key): plain(one, members, _below(name, str(key))) for key, one in value.items()}
    return {field.name: plain(getattr(value, field.name), members, _below(name, field.name)) for field in fields(value)}


def read(kind: Any, data: Any, members: Mapping[str, bytes], name: str = "") -> Any:
    """The value of a type that JSON's types stand for.

    Parameters
    ----------
    name
        Where it stands, as a sentence names it.

    Raises
    ------
    UnusableInput
        If the data are not of the type, or a member is missing or is no array.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if data is None and NoneType in arguments:
            return None
        return read(next(one for one in arguments if one is not NoneType), data, members, name)
    if origin is tuple:
        return _tuple(arguments, data, members, name)
    if origin is dict or origin is Mapping:
        _require(isinstance(data, dict), name)
        return {key: read(arguments[1], one, members, _below(name, key)) for key, one in data.items()}
    if origin is np.ndarray:
        _require(isinstance(data, dict) and list(data) == [_ARRAY] and isinstance(data[_ARRAY], str), name)
        _require(data[_ARRAY] in members, name)
        return unpacked(members[data[_ARRAY]], name)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, data, members, name)
    return _single(kind, data, name)


def _single(kind: Any, data: Any, name: str) -> Any:
    """A number, a text or what a text stands for."""
    if kind is bool:
        _require(isinstance(data, bool), name)
        return data
    if kind is int:
        _require(type(data) is int and abs(data) <= LARGEST_WHOLE, name)
        return data
    if kind is float:
        _require(type(data) in (int, float) and abs(data) < 1e300 and math.isfinite(data), name)
        return float(data)
    _require(isinstance(data, str), name)
    if kind is bytes:
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise _refusal(name) from None
    _require(len(data) <= LONGEST_TEXT and "\0" not in data, name)
    try:
        return kind(data)
    except ValueError:
        raise _refusal(name) from None


def _tuple(kinds: tuple[Any, ...], data: Any, members: Mapping[str, bytes], name: str) -> tuple[Any, ...]:
    _require(isinstance(data, list), name)
    each = [kinds[0]] * len(data) if kinds[-1] is Ellipsis else list(kinds)
    _require(len(each) == len(data), name)
    return tuple(
        read(kind, one, members, _below(name, str(index)))
        for index, (kind, one) in enumerate(zip(each, data, strict=True))
    )


def _dataclass(kind: type, data: Any, members: Mapping[str, bytes], name: str) -> Any:
    _require(isinstance(data, dict), name)
    known = {field.name: field for field in fields(kind)}
    _require(set(data) <= set(known), name)
    _require(all(field in data for field, about in known.items() if _needed(about)), name)
    hints = _hints(kind)
    values = {field: read(hints[field], one, members, _below(name, field)) for field, one in data.items()}
    try:
        return kind(**values)
    except UnusableInput:
        raise
    except (TypeError, ValueError, IndexError):
        # A class may look into its values, an array's second axis say, before it says what is wrong with them.
        raise _refusal(name) from None


def _needed(field: "Field[Any]") -> bool:
    """Whether a field has no default: what an older program did not write takes its default."""
    return field.default is MISSING and field.default_factory is MISSING


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _below(name: str, part: str) -> str:
    return f"{name}/{part}" if name else part


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise _refusal(name)


def _refusal(name: str) -> UnusableInput:
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    return UnusableInput(f"its entry {shown!r} is not what it should be")
