"""Changes to a file that keep it what it is: one entry of a JSON, one part of a zip with its check sum made right."""

import copy
import io
import json
import random
import struct
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Bytes = Callable[[bytes, int], bytes]
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 10**400, -0.0, 1e-320, 1e308, float("nan"), float("inf"), "", "\0",
    "../../x", "/dev/zero", "\ud800", "x" * 3000, "NaN", [], [[]], {}, {"array": "clip/times.npy"}, {"": {}},
)  # fmt: skip
_HEADERS = (
    b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 8), }",
    b"{'descr': '<f8', 'fortran_order': True, 'shape': (8, 8), }",
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    b"{'descr': '<c16', 'fortran_order': False, 'shape': (), }",
    b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (8,), }",
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 8), }",
    b"{'descr': '<U4', 'fortran_order': False, 'shape': (8,), }",
    b"[" * 300,
)
_NAMES = ("../evil.npy", "/etc/x", "a\\b", "", "session.json", "start.npy", "x" * 70_000, "ü.npy", "a/../b")


def mutated(data: bytes, most: int, seed: int, anyhow: Bytes) -> bytes:
    """The bytes, changed: a third of them anywhere, the others where a file of their kind means something."""
    draw = random.Random(seed)  # noqa: S311 (it hides nothing)
    changed = anyhow(data, most)
    if draw.random() < 0.35:
        return changed
    if data.startswith(b"PK"):
        return _zip(data, draw, anyhow)[:most] or changed
    if len(data) > 8 and data[8:9] == b"{" and not data.lstrip().startswith(b"{"):
        return _safetensors(data, draw, anyhow)[:most]
    return _json(data, draw)[:most] or changed


def _json(data: bytes, draw: random.Random) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return b""
    for _ in range(draw.choice((1, 1, 2, 4))):
        value = _edited(value, draw)
    try:
        return json.dumps(value, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return b"[" * 5000


def _edited(value: Any, draw: random.Random) -> Any:
    """The value with one of its entries, of whatever depth, replaced, doubled, moved or taken away."""
    places: list[tuple[Any, Any]] = []
    _gather(value, places)
    if not places:
        return copy.deepcopy(draw.choice(_ODD))
    holder, key = draw.choice(places)
    how = draw.random()
    if how < 0.5:
        holder[key] = copy.deepcopy(draw.choice(_ODD))
    elif how < 0.65 and isinstance(holder[key], int | float):
        with suppress(OverflowError):
            holder[key] = holder[key] * draw.choice((-1, 0.5, 2, 1e6, 1e-6)) + draw.choice((0, 1, -1))
    elif how < 0.75:
        del holder[key]
    elif how < 0.9:
        other, name = draw.choice(places)
        if name in other if isinstance(other, dict) else name < len(other):
            holder[key] = copy.deepcopy(other[name])
    elif isinstance(holder, dict):
        holder[draw.choice(("more", "", "version", "x" * 200))] = 1
    else:
        holder.extend(copy.deepcopy(holder[:50]))
    return value


def _gather(value: Any, places: list[tuple[Any, Any]]) -> None:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in entries:
        places.append((value, key))
        _gather(one, places)


def _zip(data: bytes, draw: random.Random, anyhow: Bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()[:40]]
    except Exception:  # whatever it is, it is no zip any more
        return b""
    if not members:
        return b""
    place, how = draw.randrange(len(members)), draw.random()
    name, inside = members[place]
    if how < 0.8:
        members[place] = name, _member(name, inside, draw, anyhow)
    elif how < 0.88:
        members[place] = draw.choice((*_NAMES, draw.choice(members)[0])), inside
    elif how < 0.94:
        del members[place]
    else:
        members.append((draw.choice(_NAMES), draw.choice(members)[1]))
    file = io.BytesIO()
    packing = draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    try:
        with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", packing) as archive:
            for name, inside in members:
                archive.writestr(zipfile.ZipInfo(name[:65000]), inside)
    except (ValueError, UnicodeError, IndexError):
        return b""
    return file.getvalue()


def _member(name: str, inside: bytes, draw: random.Random, anyhow: Bytes) -> bytes:
    if name.endswith(".json"):
        return _json(inside, draw) or anyhow(inside, len(inside) + 100)
    if not inside.startswith(b"\x93NUMPY") or draw.random() < 0.2:
        return anyhow(inside, len(inside) + 100)
    start = 10 + int.from_bytes(inside[8:10], "little")
    header, numbers = inside[10:start], bytearray(inside[start:])
    if draw.random() < 0.4:
        header = draw.choice((*_HEADERS, anyhow(header, 400)))
    elif len(numbers) >= 8:
        at = draw.randrange(0, len(numbers) // 4) * 4
        value = draw.choice((float("nan"), float("inf"), -1.0, 0.0, 1e30, 1e-30, draw.random()))
        numbers[at : at + 4] = struct.pack("<f", value)
    return b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + bytes(numbers)


def _safetensors(data: bytes, draw: random.Random, anyhow: Bytes) -> bytes:
    length = int.from_bytes(data[:8], "little")
    if length > len(data):
        return anyhow(data, len(data))
    header = _json(_reshaped(data[8 : 8 + length], draw), draw) or anyhow(data[8 : 8 + length], length + 50)
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


def _reshaped(header: bytes, draw: random.Random) -> bytes:
    """Now and then a network's sizes are changed: they are a text of JSON inside the JSON."""
    try:
        value = json.loads(header)
        about = value["__metadata__"]
        name = draw.choice(sorted(about))
        if draw.random() < 0.5:
            about[name] = json.dumps(_edited(json.loads(about[name]), draw))
        return json.dumps(value).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return header
