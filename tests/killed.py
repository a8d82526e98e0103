"""Writes a file while it is killed at one moment after another: `python -m tests.killed KIND FOLDER`.

A first version is written in peace. Then, for the lines of Python that writing a second one runs, one child after the
other is killed with signal 9 as it comes to such a line. After each death whoever opens the file must find the first
version or the second, whole. Printed are how many died and how often the second was found.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

DEATHS = 70  # at the most; the moments are spread evenly


def session(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    from slap_studio.session.file import read_session, write_session
    from slap_studio.session.state import Session
    from tests.test_session_file import document

    file = folder / "work.slap"

    def write(version: int) -> None:
        write_session(file, document(Session(video=Path("/videos/a.mp4"), query="ab"[version] * 9)))

    return write, lambda: "ab".index(read_session(file).session.query[0])


def unsaved(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    from slap_studio.session.file import read_session
    from slap_studio.session.shelf import Shelf
    from slap_studio.session.state import Session
    from tests.test_session_file import document

    shelf = Shelf(folder)

    def write(version: int) -> None:
        shelf.keep(document(Session(video=Path("/videos/a.mp4"), query="ab"[version] * 9), clip=None))

    return write, lambda: "ab".index(read_session(shelf.file).session.query[0])


def cache(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    from slap_studio.encoders.cache import Cache, Embedded

    kept = Cache(folder)
    place = kept.place("a clip")

    def clip(version: int) -> Embedded:
        frames = 40 + version
        latents = np.full((frames, 4), 0.5, np.float32)
        return Embedded(np.arange(frames) / 10, latents, (b"\xff\xd8\xff" * 50,) * frames, frames / 10)

    def read() -> int:
        found = kept.find(place)
        assert found is not None
        return len(found.times) - 40

    return lambda version: kept.keep(place, clip(version)), read


def room(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    """A cache in which room is made each time a clip was kept."""
    from slap_studio.encoders.cache import Cache, Embedded

    kept = Cache(folder, limit=3000)
    write_clip, read_clip = cache(folder)
    latents = np.full((40, 4), 0.5, np.float32)
    other = Embedded(np.arange(40) / 10, latents, (b"\xff\xd8\xff" * 50,) * 40, 4.0)

    def write(version: int) -> None:
        write_clip(version)
        kept.make_room(kept.place("a clip"))

    def read() -> int:
        for name in ("one", "two"):
            place = kept.place(name)
            assert not place.exists() or kept.find(place) is not None
            # For the next death.
            kept.keep(place, other)
            os.utime(place, (1, 1))
            part = place.with_suffix(".part")
            part.mkdir(exist_ok=True)
            (part / "000000000.npz").write_bytes(b"x")
            os.utime(part, (1, 1))
        return read_clip()

    return write, read


def export(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    from slap_studio.media.files import replacing

    file = folder / "path.csv"
    rows = 500

    def write(version: int) -> None:
        with replacing(file) as beside, beside.open("w", encoding="utf-8") as text:
            for row in range(rows):
                text.write(f"{row},{version}\n")

    def read() -> int:
        lines = file.read_text().splitlines()
        versions = {line.split(",")[1] for line in lines}
        assert len(lines) == rows
        assert len(versions) == 1
        return int(versions.pop())

    return write, read


def training(folder: Path) -> tuple[Callable[[int], object], Callable[[], int]]:
    import torch

    from slap_studio.training.runs import CHECKPOINT_FILE, resume, save_checkpoint

    model = torch.nn.Linear(3, 3)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    file = folder / CHECKPOINT_FILE
    return (
        lambda version: save_checkpoint(file, model, optimizer, 10 + version),
        lambda: resume(file, model, optimizer) - 10,
    )


KINDS = {"session": session, "unsaved": unsaved, "cache": cache, "room": room, "export": export, "training": training}


def lines_of(work: Callable[[], object], die_at: int = 0) -> int:
    """How many lines of Python some work runs; with `die_at`, the process ends there."""
    count = 0

    def traced(_frame: object, event: str, _argument: object) -> Callable:
        nonlocal count
        if event == "line":
            count += 1
            if count == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return traced

    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


def main(kind: str, folder: Path) -> None:
    write, read = KINDS[kind](folder)
    write(0)
    # Once in peace: what is loaded at the first use is no part of a save.
    lines = lines_of(lambda: write(0))
    died = second = 0
    for moment in sorted(set(np.linspace(1, lines, DEATHS).astype(int).tolist())):
        child = os.fork()
        if child == 0:
            lines_of(lambda: write(1), moment)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died += os.WIFSIGNALED(status)
        if read() == 1:
            second += 1
            write(0)
    write(1)
    assert read() == 1, "what was left behind is in the way"
    print(died, second)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
