"""The cache's room on disk: what goes, in which order, and what stays whoever else is reading."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from slap_studio.cli import run
from slap_studio.diagnosis import diagnosis
from slap_studio.encoders import cache as caches
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.encoders.partial import Chunk, Partial
from slap_studio.encoders.room import DAY, clear, kept, make_room
from slap_studio.media.sampling import Mark, Sampling
from slap_studio.pipeline import load_clip
from tests.test_embedding import Plain

NAMES = ("first", "second", "third", "fourth")


def embedded(count: int = 40) -> Embedded:
    return Embedded(np.arange(count) / 10, np.full((count, 4), 0.5, np.float32), (b"\xff\xd8\xff" * 50,) * count, 4.0)


def aged(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


@pytest.fixture
def full(tmp_path: Path) -> Cache:
    """Four clips, the first of which was used longest ago."""
    cache = Cache(tmp_path / "clips")
    for index, name in enumerate(NAMES):
        cache.keep(cache.place(name), embedded())
        aged(cache.place(name), len(NAMES) - index)
    return cache


def there(cache: Cache) -> list[str]:
    return [name for name in NAMES if cache.place(name).exists()]


def test_what_was_used_least_recently_goes_first_and_no_more_than_it_takes(full: Cache) -> None:
    size = kept(full.folder)[0].size
    assert make_room(full.folder, (), limit=4 * size) == 0
    # The oldest is opened again: now another is the oldest.
    assert full.find(full.place("first")) is not None
    assert make_room(full.folder, (), limit=3 * size) == size
    assert there(full) == ["first", "third", "fourth"]
    assert make_room(full.folder, {full.place("third")}, limit=size) == 2 * size
    assert there(full) == ["third"]


def test_a_clip_that_is_opened_makes_room_for_itself_and_stays(small_clip: Path, full: Cache) -> None:
    small = Cache(full.folder, limit=1)
    clip = load_clip(small_clip, Plain(), sampling=Sampling(), cache=small)
    (left,) = kept(full.folder)
    assert left.size > 1
    assert there(full) == []
    again = load_clip(small_clip, Plain(), sampling=Sampling(), cache=small)
    assert np.array_equal(clip.latents, again.latents)


def test_unfinished_work_goes_after_a_month_and_not_before(full: Cache) -> None:
    chunk = Chunk(0, embedded(), Mark(3.9, 39, 4.0, 4.0, 0))
    parts = {days: Partial(full.place(f"part {days}")) for days in (0, 29, 31)}
    for days, part in parts.items():
        part.keep(chunk)
        aged(part.folder, days)
    make_room(full.folder, ())
    assert [days for days, part in parts.items() if part.folder.exists()] == [0, 29]
    # Whoever goes on with it keeps it for another month.
    aged(parts[29].folder, 31)
    again = Partial(full.place("part 29"))
    make_room(full.folder, ())
    assert again.find(0) is not None
    # What is too much takes the unfinished too, but not what somebody is at work on.
    aged(parts[29].folder, 1)
    clear(full.folder)
    assert [one.path for one in kept(full.folder)] == [parts[0].folder]


def test_nothing_that_the_cache_did_not_name_is_touched(full: Cache) -> None:
    others = [full.folder / name for name in ("work.npz", "notes.part", f"{'a' * 41}.npz", f".{'a' * 40}.npz")]
    for other in others:
        other.write_bytes(b"x")
        aged(other, 1000)
    half = [full.folder / f".{'a' * 40}.{letter * 8}.part.npz" for letter in "bc"]
    going = full.folder / f".{'a' * 40}.dddddddd.going"
    going.mkdir()
    for path, days in zip(half, (0, 2), strict=True):
        path.write_bytes(b"x")
        aged(path, days)
    clear(full.folder)
    assert all(other.exists() for other in others)
    assert [path.exists() for path in half] == [True, False]
    assert not going.exists()
    assert kept(full.folder) == ()


def test_a_clock_that_was_set_back_takes_nothing_away(full: Cache) -> None:
    for name in NAMES:
        aged(full.place(name), -1000)
    part = Partial(full.place("part"))
    part.keep(Chunk(0, embedded(), Mark(3.9, 39, 4.0, 4.0, 0)))
    aged(part.folder, -1000)
    assert make_room(full.folder, ()) == 0
    assert there(full) == list(NAMES)
    assert part.find(0) is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="on Windows what is open cannot be deleted in any case")
def test_what_another_program_reads_stays(full: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys; from pathlib import Path; from slap_studio.encoders import cache as caches\n"
        "caches.FEW_PICTURES = 0; cache = caches.Cache(Path(sys.argv[1]))\n"
        "found = cache.find(cache.place('second')); print(len(found.thumbnails[7]), flush=True)\n"
        "sys.stdin.read(1); print(len(found.thumbnails[39]), flush=True)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(full.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert int(reader.stdout.readline()) == 150
    clear(full.folder)
    assert there(full) == ["second"]
    # In this program too: its pictures lie in the file.
    monkeypatch.setattr(caches, "FEW_PICTURES", 0)
    mine = full.find(full.place("second"))
    assert reader.communicate("x")[0].strip() == "150"
    clear(full.folder)
    assert there(full) == ["second"]
    assert mine is not None
    del mine
    clear(full.folder)
    assert there(full) == []


def test_two_programs_that_read_and_make_room_at_once_lose_nothing_that_they_read(tmp_path: Path) -> None:
    """Each reads its own clip's pictures from the file, many times, and makes room for nothing else all the while."""
    script = (
        "import sys; from pathlib import Path; from slap_studio.encoders import cache as caches\n"
        "from tests.test_cache_room import embedded\n"
        "caches.FEW_PICTURES = 0\n"
        "cache = caches.Cache(Path(sys.argv[1]), limit=1); place = cache.place(sys.argv[2])\n"
        "for turn in range(200):\n"
        "    found = cache.find(place)\n"
        "    if found is None: cache.keep(place, embedded())\n"
        "    cache.make_room(place)\n"
        "    if found is not None: assert [len(picture) for picture in found.thumbnails] == [150] * 40\n"
    )
    programs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in NAMES[:2]]
    assert [program.wait() for program in programs] == [0, 0]
    # Each may have taken away the other's at the end, when nobody read it; but nothing is left over or half there.
    cache = Cache(tmp_path)
    left = {one.path for one in kept(tmp_path)}
    assert left == set(tmp_path.iterdir()) <= {cache.place(name) for name in NAMES[:2]}
    assert all(cache.find(place) is not None for place in left)


def test_the_diagnosis_says_how_much_there_is_and_may_be(full: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "cache_folder", lambda: full.folder)
    Partial(full.place("part")).keep(Chunk(0, embedded(), Mark(3.9, 39, 4.0, 4.0, 0)))
    page = diagnosis(lambda: "none")
    assert "4 embedded, 1 in part, " in page
    assert "MB of 5120 MB at the most" in page


def test_the_command_clears_all_that_is_not_open(
    full: Cache, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(caches, "cache_folder", lambda: full.folder)
    assert run(["--clear-cache"]) == 0
    assert "MB of embedded clips were cleared" in capsys.readouterr().out
    assert kept(full.folder) == ()
    assert run(["--clear-cache"]) == 0
    assert "nothing but what is open" in capsys.readouterr().out
