"""A cache in which a bit flipped is found out, or says the very same; it never gives other numbers."""

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slap_studio.commands.solve import read_problem
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.problems import UnusableInput


def clip() -> Embedded:
    latents = np.random.default_rng(3).normal(size=(12, 256)).astype(np.float32)
    latents /= np.linalg.norm(latents, axis=1, keepdims=True)
    return Embedded(np.arange(12) / 10, latents, tuple(b"\xff\xd8\xff" + bytes([index]) for index in range(12)), 1.2)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Cache, Path]:
    cache = Cache(tmp_path)
    place = cache.place("a clip")
    cache.keep(place, clip())
    return cache, place


def said(found: Embedded) -> tuple[object, ...]:
    return found.times.tobytes(), found.latents.tobytes(), tuple(found.thumbnails), found.duration


@settings(max_examples=250)
@given(data=st.data())
def test_a_flipped_bit_is_found_out_or_changes_nothing(kept: tuple[Cache, Path], data: st.DataObject) -> None:
    cache, place = kept
    cache.keep(place, clip())
    whole = bytearray(place.read_bytes())
    # Half of them where it says what is in it: before each array, and at the end.
    low = data.draw(st.sampled_from([0, max(len(whole) - 700, 0)]))
    bit = data.draw(st.integers(8 * low, 8 * len(whole) - 1))
    whole[bit // 8] ^= 1 << bit % 8
    place.write_bytes(whole)
    found = cache.find(place)
    assert found is None or said(found) == said(clip())


def test_no_bit_of_an_arrays_header_passes(kept: tuple[Cache, Path]) -> None:
    cache, place = kept
    whole = place.read_bytes()
    start = whole.index(b"latents.npy")
    for bit in range(8 * start, 8 * (start + 140)):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        place.write_bytes(spoilt)
        found = cache.find(place)
        assert found is None or said(found) == said(clip()), f"bit {bit - 8 * start} after the name"


def test_a_shorter_array_with_a_header_that_says_so_was_the_hole(kept: tuple[Cache, Path]) -> None:
    """256 and 216 differ in two bits; numpy reads 216 numbers of each row and never comes to the check sum."""
    cache, place = kept
    place.write_bytes(place.read_bytes().replace(b"(12, 256)", b"(12, 216)"))
    with np.load(place) as stored:
        assert stored["latents"].shape == (12, 216)
    assert cache.find(place) is None


def test_a_problem_that_unpacks_to_far_more_than_it_has_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.npz"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("start.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(member, {"descr": "<f8", "fortran_order": False, "shape": (40 << 20,)})
        for _ in range(320):
            member.write(bytes(1 << 20))
    assert bomb.stat().st_size < 4 << 20
    with pytest.raises(UnusableInput, match="could not be read"):
        read_problem(bomb, None, print)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("start", b"no array at all"),
        ("start", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'shape': (3,"),
        ("hidden", float("nan")),
        ("hidden", float("inf")),
    ],
)
def test_problems_that_the_fuzzer_found_are_one_sentence(name: str, inside: object, tmp_path: Path) -> None:
    unit = np.array([1.0, 0.0])
    arrays = {"start": unit, "end": np.array([0.0, 1.0]), "query": unit}
    path = tmp_path / "problem.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for one, array in (arrays | ({name: inside} if not isinstance(inside, bytes) else {})).items():
            file = io.BytesIO()
            np.lib.format.write_array(file, np.asarray(array))
            archive.writestr(f"{one}.npy", inside if isinstance(inside, bytes) and one == name else file.getvalue())
    with pytest.raises(UnusableInput) as refused:
        read_problem(path, None, print)
    assert os.linesep not in str(refused.value)
