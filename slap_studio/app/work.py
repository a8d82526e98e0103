"""What runs on the lanes' threads: loading a clip, fitting its map, solving, fetching a frame."""

import math
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import QImage

from slap_studio.app.machine import Machine
from slap_studio.app.map_process import serve_maps
from slap_studio.app.pictures import Pictures
from slap_studio.core.times import nearest_index
from slap_studio.folds import Folds
from slap_studio.media.gap import Gap
from slap_studio.problems import Cancelled, UnusableInput
from slap_studio.session.file import is_session

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from slap_studio.compare import Comparer, Comparison, ComparisonRequest
    from slap_studio.core.globe import Globe
    from slap_studio.core.landscape import Ground
    from slap_studio.core.projection import Map
    from slap_studio.encoders.remembered import Remembered
    from slap_studio.live import LiveAnswer, LiveRequest, LiveSolver
    from slap_studio.pipeline import Clip
    from slap_studio.session.document import Document


_Result = TypeVar("_Result")
_MAPPER_ENDED = "The process that fits maps was ended, perhaps because memory ran out;"
_AGAIN = "close other programs and ask for the map again with View › Fit the map."
_IN_VIEW_AGAIN = 0.5  # seconds before and after a hidden stretch, so that the anchors show the object


@dataclass(frozen=True)
class ClipRequest:
    """Open a video with an encoder, or a session with its own.

    Attributes
    ----------
    video
        Where the session's video is, if somebody was asked for it.
    without_video
        Whether the session is to be drawn from what it holds alone.
    recovered
        Whether it is unsaved work.
    """

    path: Path
    encoder: str
    video: Path | None = None
    without_video: bool = False
    recovered: bool = False


@dataclass(frozen=True, eq=False)
class ClipLoaded:
    """An embedded clip, its stand-in map, and its pictures.

    Attributes
    ----------
    suggested_gaps, suggested_query
        From the sidecar of a sample, if there is one.
    document
        Of a session file, if one was opened.
    without_video
        Whether the clip's pictures are its thumbnails alone.
    """

    clip: "Clip"
    picture: "Map"
    ground: "Ground"
    thumbnails: Pictures
    suggested_gaps: tuple[Gap, ...]
    suggested_query: str
    document: "Document | None" = None
    without_video: bool = False

    def thumbnail(self, time: float) -> QImage:
        """The small picture of the sampled frame nearest to a time in seconds."""
        return self.thumbnails[nearest_index(self.clip.times, time)]


@dataclass(frozen=True, eq=False)
class VideoWanted:
    """A session whose video is not where it was."""

    document: "Document"


@dataclass(frozen=True, eq=False)
class MapRequest:
    """Fit the map of a clip."""

    clip: "Clip"


class Engine:
    """The encoder and the solver, loaded when first needed; the clip lane loads, the solve lane solves.

    Parameters
    ----------
    progress
        Told what is going on and the share done, from the clip lane's thread.
    show
        Given a request and its answer so far while a long solve runs, from the solve lane's thread.

    Attributes
    ----------
    folds
        The learned alignment, for all who work here.
    """

    def __init__(
        self, progress: Callable[[str, float | None], None], show: Callable[["LiveRequest", "LiveAnswer"], None]
    ) -> None:
        self._progress = progress
        self._show = show
        self.folds = Folds()
        self._encoders: dict[str, Remembered] = {}
        self._names: dict[str, str] = {}
        self._solver: LiveSolver | None = None
        self._comparer: Comparer | None = None
        self.machine = Machine()

    @property
    def device(self) -> str:
        """Where it computes; "" until something was."""
        return self.machine.device

    def load(self, request: ClipRequest, cancelled: Callable[[], bool]) -> "ClipLoaded | VideoWanted":
        """Sample, embed and lay out a clip."""
        return self.goes_on(lambda: self._load(request, cancelled))

    def _load(self, request: ClipRequest, cancelled: Callable[[], bool]) -> "ClipLoaded | VideoWanted":
        self._progress("Loading the encoder", None)
        if is_session(request.path):
            from slap_studio.app.reopening import reopened

            return reopened(self, request, cancelled)
        clip = self.embedded(request.path, request.encoder, cancelled)
        return laid_out(clip, *_suggested(request.path))

    def embedded(self, path: Path, encoder_name: str, cancelled: Callable[[], bool]) -> "Clip":
        """Sample and embed a video, or find it in the cache."""
        from slap_studio import pipeline
        from slap_studio.encoders.cache import Cache, cache_folder
        from slap_studio.media.sampling import Sampling

        clip = pipeline.load_clip(
            path,
            self.encoder(encoder_name),
            sampling=Sampling(),
            cache=Cache(cache_folder()),
            progress=lambda share: self._progress("Embedding frames", share),
            cancelled=cancelled,
        )
        if cancelled():
            raise Cancelled
        return clip

    def solve(self, request: "LiveRequest", cancelled: Callable[[], bool]) -> "LiveAnswer":
        """Answer a live request."""
        return self.goes_on(lambda: self._solve(request, cancelled))

    def _solve(self, request: "LiveRequest", cancelled: Callable[[], bool]) -> "LiveAnswer":
        from slap_studio.live import LiveSolver

        # On a device that failed since, what it remembers is lost.
        if self._solver is None or self._solver.device != self.device:
            self._solver = LiveSolver(self.device, self.folds)
        return self._solver.answer(
            request, self._known(request.clip.encoder), cancelled, lambda answer: self._show(request, answer)
        )

    def make_ready(self, label: str, cancelled: Callable[[], bool]) -> None:
        """Have an encoder's model loaded before a new query asks for it."""
        if not cancelled():
            self.goes_on(lambda: self._known(label).whole())

    def compare(self, request: "ComparisonRequest", cancelled: Callable[[], bool]) -> "Comparison":
        """Compare a drawn path with the truth and with other methods."""
        from slap_studio.compare import Comparer

        comparer = self._comparer = self._comparer or Comparer()
        label = request.answer.request.clip.encoder
        return self.goes_on(lambda: comparer.compare(request, self._known(label), cancelled))

    def goes_on(self, work: Callable[[], _Result]) -> _Result:
        """What the work gives, on the CPU where the device fails under it."""
        return self.machine.goes_on(work, self._forget)

    def encoder(self, name: str) -> "Remembered":
        """The encoder of that name; its model is loaded once something is asked that it was not asked before."""
        from slap_studio.encoders.cache import encoder_folder
        from slap_studio.encoders.remembered import recall

        device = self.machine.chosen()
        known = self._encoders.get(name)
        if known is None:
            known = recall(name, device, encoder_folder())
            self._names[known.label] = name
            self._encoders[name] = self._encoders[known.label] = known
        return known

    def _known(self, label: str) -> "Remembered":
        """The encoder of a label; loaded again where it lay on a device that failed."""
        return self._encoders.get(label) or self.encoder(self._names[label])

    def _forget(self) -> None:
        self._encoders = {}
        self.folds.forget()


class Mapper:
    """Fits maps in a process of its own: UMAP compiles for seconds, and would hold up every other thread.

    Attributes
    ----------
    gently
        Whether that process makes way for all else on the machine: as long as there is a hand that it may hold up.
    """

    def __init__(self) -> None:
        self.gently = True
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._asked = self._answered = 0
        self._closed = False
        # The process is started from a lane and ended from the window, perhaps in the same moment.
        self._starting = threading.Lock()
        # Two lanes share the process: what one asks is answered before the other asks.
        self._turn = threading.Lock()

    def warm_up(self) -> None:
        """Start the process: it compiles at once, before the first map is asked for."""
        self._started()

    def fit(self, request: MapRequest, cancelled: Callable[[], bool]) -> tuple["Map", "Ground"]:
        """The UMAP of a clip, and the grid over it."""
        from slap_studio.core.landscape import survey

        picture = self._fitted("map", request, cancelled)
        return picture, survey(picture)

    def fit_globe(self, request: MapRequest, cancelled: Callable[[], bool]) -> "Globe":
        """The UMAP of a clip on the sphere."""
        globe: Globe = self._fitted("globe", request, cancelled)
        return globe

    def _fitted(self, kind: str, request: MapRequest, cancelled: Callable[[], bool]) -> Any:
        from slap_studio.core.projection import sampled

        pipe = self._started()
        while not self._turn.acquire(timeout=0.1):
            if cancelled():
                raise Cancelled
        try:
            # What is still on its way was asked for by a request that has been overtaken.
            while self._asked > self._answered:
                self._receive(pipe, cancelled)
            latents, sample = sampled(request.clip.latents)
            pipe.send((kind, latents))
            self._asked += 1
            found = self._receive(pipe, cancelled)
        except (EOFError, OSError) as error:
            self._lose()
            raise UnusableInput(f"{_MAPPER_ENDED} {_AGAIN}") from error
        finally:
            self._turn.release()
        if isinstance(found, Exception):
            raise found
        return replace(found, sample=sample)

    def close(self) -> None:
        """End the process, whatever it does."""
        with self._starting:
            self._closed = True
        if self._process is None or self._pipe is None:
            return
        self._process.terminate()
        self._process.join(2)
        if self._process.is_alive():
            self._process.kill()
        self._pipe.close()

    def _lose(self) -> None:
        """The process ended by itself, or the system ended it; the next request starts another."""
        with self._starting:
            if self._closed:
                raise Cancelled
            self._pipe = self._process = None
            self._asked = self._answered = 0

    def _receive(self, pipe: "Connection", cancelled: Callable[[], bool]) -> Any:
        while not pipe.poll(0.1):
            if cancelled():
                raise Cancelled
        self._answered += 1
        return pipe.recv()

    def _started(self) -> "Connection":
        with self._starting:
            if self._closed:
                raise Cancelled
            if self._pipe is None:
                context = multiprocessing.get_context("spawn")
                ours, theirs = context.Pipe()
                process = context.Process(
                    target=serve_maps, args=(theirs,), kwargs={"gently": self.gently}, name="slap-map", daemon=True
                )
                process.start()
                theirs.close()
                self._pipe, self._process = ours, process
            return self._pipe


def laid_out(clip: "Clip", gaps: tuple[Gap, ...], query: str) -> ClipLoaded:
    """A clip with the map that stands in until UMAP is fitted."""
    from slap_studio.core.landscape import survey
    from slap_studio.core.projection import fit_pca

    picture = fit_pca(clip.latents)
    return ClipLoaded(clip, picture, survey(picture), Pictures.ready(clip.thumbnails), gaps, query)


def _suggested(path: Path) -> tuple[tuple[Gap, ...], str]:
    """Gaps and query that a sample's sidecar suggests: around every hidden stretch, and the object's name."""
    from slap_studio.tunnel.sidecar import suggestion_beside

    hidden, query = suggestion_beside(path)
    return _around(hidden), query


def _around(hidden: Sequence[tuple[float, float]]) -> tuple[Gap, ...]:
    """Gaps with the object in view at both ends; where two would overlap they meet halfway."""
    # Between two stretches each takes half of what is free at the most.
    halves = [(first[1] + second[0]) / 2 for first, second in pairwise(hidden)]
    starts = [max(low, start - _IN_VIEW_AGAIN) for (start, _), low in zip(hidden, [0.0, *halves], strict=False)]
    ends = [min(high, end + _IN_VIEW_AGAIN) for (_, end), high in zip(hidden, [*halves, math.inf], strict=False)]
    return tuple(Gap(start, end) for start, end in zip(starts, ends, strict=True))
