"""Turns what came back into what the stage shows: the picture of the hypersphere that is looked at."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.core.types import AlignmentKind, Array
from slap_studio.session.look import Colouring, Look, View
from slap_studio.views.controls import spoken
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from slap_studio.core.landscape import Ground
    from slap_studio.core.projection import Map
    from slap_studio.live import LiveAnswer
    from slap_studio.stands import Stand
    from slap_studio.views.stage.pictures import MapPicture
    from slap_studio.views.workspace import Workspace

MAP_NOTES = {
    True: "UMAP of {frames}, the hidden ones too; fitted once, seed 0",
    False: "PCA stands in while UMAP is fitted",
}
GLOBE_NOTES = {
    "UMAP": "UMAP on the sphere of {frames}, the hidden ones too; seed 0",
    "PCA": "Three principal components stand in while UMAP is fitted",
}
FEW = "Three principal components: the clip has too few frames for UMAP"
FIDELITY_HINT = (
    "For each latent, how many of the ten frames nearest to it in this picture are among the ten nearest in the "
    "original space, and the mean of it; in the slice, the same among the latents of the path. The larger a ring, the "
    "more it has kept. What lies outside of the slice is a share of a latent's squared length."
)
NEARLY_NONE = 1e-6  # of a squared length, in float32


class StagePresenter:
    """Shows answers on the stage."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._map_note = ""
        self._look = Look()
        self._thumbnails: Sequence[QImage] = ()
        self._pictured = 0
        self._answer: LiveAnswer | None = None

    def show_clip(self, thumbnails: "Sequence[QImage]") -> None:
        """Another clip, with a picture of every frame."""
        self._answer, self._thumbnails = None, thumbnails
        self._space.stage.stage.show_thumbnails(thumbnails if self._look.thumbnails else ())

    def show_look(self, look: Look) -> None:
        """Mark what is looked at, and draw what is drawn otherwise; another picture follows with its answer."""
        if look == self._look:
            return
        before, self._look = self._look, look
        stage = self._space.stage
        with stage.changing():
            stage.show_view(look.view.value)
            stage.look.show_look(look)
            if look.thumbnails != before.thumbnails:
                stage.stage.show_thumbnails(self._thumbnails if look.thumbnails else ())
            if look.colouring is not before.colouring and self._answer is not None:
                self._show_path(self._answer)
            self._show_note()

    def show_pictured(self, count: int) -> None:
        """How many frames have room as pictures."""
        if count != self._pictured:
            self._pictured = count
            self._show_note()

    def show_map(self, picture: "Map", *, final: bool) -> None:
        """Say how the map was made."""
        kind = picture.kind.value
        note = MAP_NOTES[final] if kind == "UMAP" or not final else "PCA: the clip has too few frames for UMAP"
        self._map_note = note.format(frames=_frames(len(picture.places), len(self._thumbnails)))
        self._space.stage.show_map_note(self._map_note)

    def show_frames_alone(self, picture: "Map", ground: "Ground", observed: "NDArray[np.intp]") -> None:
        """The flat map of a clip without a query."""
        from slap_studio.stands import map_stand

        self._space.stage.show_space(False)
        self._space.stage.stage.show_map(_observed(map_stand(picture), observed, ground), refit=True)

    def show_answer(self, answer: "LiveAnswer", before: "LiveAnswer | None") -> None:
        """The path in the picture that was asked for, and what it lies on where that has changed."""
        stage = self._space.stage
        self._answer = answer
        turned = before is None or before.stand is not answer.stand
        stage.show_space(answer.stand.surface is not None)
        if turned:
            stage.seen.show_minimum(None)
            stage.seen.show_further(())
            stage.seen.show_beside(None, ())
        stage.show_hint("")
        self._show_path(answer)
        if turned or before is None or not np.array_equal(before.posed.observed, answer.posed.observed):
            self._show_what_it_lies_on(answer, before, turned=turned)
        elif before.potential is not answer.potential:
            self._show_ground(answer)
        self._show_note()

    def _show_path(self, answer: "LiveAnswer") -> None:
        from slap_studio.views.stage.pictures import PathPicture

        colouring, times, potential = self._look.colouring, answer.posed.times, answer.energies.potential
        told = times if colouring is Colouring.TIME else potential
        low, high = float(told.min()), float(told.max())
        self._space.stage.show_path(
            PathPicture(
                answer.places, answer.line, answer.geodesic, answer.ghosts, answer.query_place, answer.alarm.raised,
                answer.fidelity[1:-1], colouring, (told - low) / max(high - low, 1e-9),
            ),
            answer.request.query,
        )  # fmt: skip
        if colouring is Colouring.TIME:
            self._space.stage.show_key(colouring, f"{low:.2f} s", f"{high:.2f} s")
        else:
            self._space.stage.show_key(colouring, f"V {spoken(low)}", spoken(high))

    def _show_what_it_lies_on(self, answer: "LiveAnswer", before: "LiveAnswer | None", *, turned: bool) -> None:

        stage, stand = self._space.stage, answer.stand
        observed = answer.posed.observed
        frames = None
        if stand.frames is not None:
            frames = _observed(stand, observed, answer.request.ground)
        request = answer.request
        new = before is None or (before.request.clip, before.request.globe) != (request.clip, request.globe)
        if stand.surface is not None:
            assert stage.spatial is not None
            stage.spatial.show_map(frames)
            if turned:
                name = f"{stand.view.value}{' relief' if stand.relief else ''}"
                stage.spatial.show_surface(name, stand.surface, refit=new)
            return
        # The flat map comes into view when it is another one, not when it is looked at again.
        stage.stage.show_map(frames, refit=before is None or before.request.picture is not answer.request.picture)
        self._show_ground(answer)

    def _show_ground(self, answer: "LiveAnswer") -> None:
        from slap_studio.views.stage.pictures import Landscape

        ground = answer.request.ground
        self._space.stage.stage.show_ground(Landscape(_extent(ground), answer.potential, ground.support))

    def _show_note(self) -> None:
        """What the picture is, and how far it may be believed."""
        answer = self._answer
        if answer is None:
            return
        words = [f"Neighbours kept: {answer.fidelity.mean():.0%}".replace("%", " %")]
        if self._look.thumbnails and answer.stand.surface is None:
            places = len(answer.stand.shown(answer.posed.observed))
            words.append(f"{self._pictured} of {places} frames as pictures, none over another")
        self._space.stage.show_map_note(f"{self._note(answer)}\n{' · '.join(words)}", FIDELITY_HINT)

    def _note(self, answer: "LiveAnswer") -> str:
        """What the picture is."""
        if answer.stand.view is View.GLOBE:
            globe = answer.request.globe
            if globe is not None and globe.kind.value == "PCA":
                return FEW
            total = len(answer.request.clip.times)
            fitted = total if globe is None else len(globe.places)
            return GLOBE_NOTES["PCA" if globe is None else "UMAP"].format(frames=_frames(fitted, total))
        if answer.outside is None:
            return self._map_note
        largest = float(answer.outside.max())
        exact = answer.request.alignment is AlignmentKind.COSINE and largest <= NEARLY_NONE
        return "Through start, end and query; " + (
            "the path never leaves it: no projection"
            if exact
            else f"up to {spoken(100 * largest, 2)} % of a latent lies outside of it"
        )

    @property
    def _space(self) -> "Workspace":
        assert self._window.workspace is not None
        return self._window.workspace


def place_of_frame(answer: "LiveAnswer", frame: int) -> Array | None:
    """Where a frame of the clip lies in the picture of an answer; in the slice only the anchors lie."""
    if answer.stand.frames is not None:
        place: Array = (
            answer.stand.frames[frame]
            if answer.stand.sample is None
            else answer.stand.place(answer.request.clip.latents[frame][None])[0]
        )
        return place
    ends = {answer.posed.gap.before: 0, answer.posed.gap.after: -1}
    return answer.places[ends[frame]] if frame in ends else None


def told_of(answer: "LiveAnswer", index: int) -> tuple[str, str, str]:
    """How far a latent's place in the picture may be believed, as a row of the inspector."""
    hint = FIDELITY_HINT
    if answer.outside is not None and answer.outside[index] > NEARLY_NONE:
        hint = f"{spoken(100 * float(answer.outside[index]), 2)} % of this latent lies outside of the slice. {hint}"
    return "Neighbours", f"{answer.fidelity[index]:.0%}".replace("%", " %"), hint


def _frames(fitted: int, total: int) -> str:
    """What a picture was fitted on, in words."""
    return f"all {total:,} frames" if fitted >= total else f"{fitted:,} of {total:,} frames, taken evenly"


def _observed(stand: "Stand", observed: "NDArray[np.intp]", ground: "Ground") -> "MapPicture":
    """The observed frames among those that a picture was fitted on."""
    from slap_studio.views.stage.pictures import MapPicture

    assert stand.frames is not None
    shown = stand.shown(observed)
    frames = shown if stand.sample is None else stand.sample[shown]
    return MapPicture(stand.frames[shown], frames, _extent(ground))


def _extent(ground: "Ground") -> tuple[float, float, float, float]:
    return ground.left, ground.right, ground.bottom, ground.top
