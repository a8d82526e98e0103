"""What is fuzzed: for each kind of file a few good ones to begin with, and what the program does with such a file."""

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from slap_studio.commands.solve import read_problem
from slap_studio.compare import drawn_again, scene_beside
from slap_studio.core.network import NetworkShape, ResidualAlignment
from slap_studio.core.network_file import NETWORK_FILE, read_network, read_trained_for
from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders.cache import Cache, Embedded
from slap_studio.lessons.reading import read_lesson
from slap_studio.media.gap import Gap
from slap_studio.problems import UnusableInput
from slap_studio.resources import lessons, sample_videos
from slap_studio.session.document import Desk, Document, Picture, Source, kept_clip
from slap_studio.session.file import find_video, read_session, write_session
from slap_studio.session.pins import PathFigures, Pin, Settings
from slap_studio.session.state import Session
from slap_studio.training.captioned import _caption
from slap_studio.tunnel.sidecar import suggestion_beside

_JPEG = b"\xff\xd8\xff\0"


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    seeds
        Makes the files to begin with.
    name
        Of the file that is written and then used.
    use
        What the program does with it; raises nothing but UnusableInput.
    """

    seeds: Callable[[], list[bytes]]
    name: str
    use: Callable[[Path], object]


def _latents(count: int, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(count, 8))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def _embedded() -> Embedded:
    return Embedded(np.arange(8) / 10, _latents(8), tuple(_JPEG + bytes([index]) for index in range(8)), 0.8)


def _sessions() -> list[bytes]:
    gap = Gap(0.1, 0.5)
    pin = Pin(
        1, Settings("a red cube", gap, Physics(), Descent(), AlignmentKind.COSINE), PathFigures(1, 2, 3, 4, None, 5),
        _latents(5), np.arange(5) / 10, np.ones(4), np.ones(5), np.ones(4),
    )  # fmt: skip
    session = Session(video=Path("/videos/tunnel.mp4"), query="a red cube", gap=gap)
    clip = kept_clip(_embedded(), Picture(160, 90, 0.8, 10.0, "h264", 1, 0), "an encoder", "an identity")
    whole = Document(session, Source("0" * 64, "tunnel.mp4"), clip, desk=Desk("map", {"map/left": 1.0}, b"layout"))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.slap"
        for document in (whole, replace(whole, clip=None), replace(whole, session=replace(session, pins=(pin,)))):
            write_session(path, document)
            found.append(path.read_bytes())
    return found


def _use_session(path: Path) -> None:
    find_video(read_session(path), path)


def _use_sidecar(path: Path) -> None:
    video = path.with_suffix(".mp4")
    suggestion_beside(video)
    scene = scene_beside(video)
    if scene is not None:
        drawn_again(scene, video, 1.0, (64, 36))


def _use_caption(path: Path) -> None:
    data = path.read_bytes()
    _caption({"json": data})
    _caption({"txt": data})


def _problems() -> list[bytes]:
    start, end, query = _latents(3)
    found = []
    for more in ({}, {"hidden": np.array(12)}):
        file = io.BytesIO()
        np.savez(file, start=start, end=end, query=query, **more)
        found.append(file.getvalue())
    return found


def _weights() -> list[bytes]:
    shape = NetworkShape(4, 8, 1)
    state = {name: value.detach().numpy() for name, value in ResidualAlignment(shape).state_dict().items()}
    about = {"shape": json.dumps(shape.__dict__), "encoder": '{"label": "one", "identity": "two"}'}
    return [save(state, about)]


def _use_weights(path: Path) -> None:
    read_trained_for(path.parent)
    read_network(path.parent)


def _caches() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        place = cache.place("a clip")
        cache.keep(place, _embedded())
        return [place.read_bytes()]


def _use_cache(path: Path) -> None:
    Cache(path.parent).find(path)


def _files(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.glob("*.json"))]


KINDS = {
    "session": Kind(_sessions, "work.slap", _use_session),
    "lesson": Kind(lambda: _files(lessons()), "lesson.json", read_lesson),
    "sidecar": Kind(lambda: _files(sample_videos()), "clip.json", _use_sidecar),
    "caption": Kind(lambda: [b'{"caption": "a red cube"}', b"a red cube\n"], "caption.json", _use_caption),
    "latents": Kind(_problems, "problem.npz", lambda path: read_problem(path, None, lambda sentence: None)),
    "weights": Kind(_weights, NETWORK_FILE, _use_weights),
    "cache": Kind(_caches, "kept.npz", _use_cache),
}


def attempt(kind: Kind, folder: Path, data: bytes) -> bool:
    """Use a file with these bytes; whether it could be used. Anything raised is a fault of the program."""
    path = folder / kind.name
    path.write_bytes(data)
    try:
        kind.use(path)
    except UnusableInput as problem:
        sentence = str(problem)
        if not 0 < len(sentence) < 1000 or "\n" in sentence:
            raise AssertionError(f"that is no sentence for people: {sentence!r}") from problem
        return False
    return True
