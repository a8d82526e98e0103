"""How the window stands, to be kept with the work and put back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from slap_studio.session.document import Desk
from slap_studio.views.stage.eyes import Eye, as_numbers, from_numbers

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.core.projection import Map
    from slap_studio.live import LiveAnswer

_CAMERA = ("map/left", "map/bottom", "map/width", "map/height")
_TIME = ("time/first", "time/last")
_SHORT = 1 / 40  # of the clip: a gap below that would be a few pixels wide
SCENES = ("map relief", "globe", "slice", "slice relief")  # as the presenter of the stage calls its surfaces


class Standing(QObject):
    """Panels and cameras. A picture is made anew with every clip, so its camera waits until that is drawn."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._mapped = False
        self._picture: Map | None = None
        self._camera: tuple[float, ...] | None = None
        self._eyes: dict[str, Eye] | None = None
        controller.map_shown.connect(self._map_shown)
        controller.path_shown.connect(self._path_shown)

    def now(self) -> Desk:
        """As the window stands."""
        space = self._controller.window.workspace
        if space is None:
            return Desk()
        if self._mapped and self._camera is None:
            camera = dict(zip(_CAMERA, space.stage.stage.camera, strict=True))
        else:
            camera = dict(zip(_CAMERA, self._camera or (), strict=False))
        eyes = self._eyes
        if eyes is None:
            eyes = {} if space.stage.spatial is None else space.stage.spatial.eyes
        axis = space.time.rows.axis
        stretch = {} if axis.whole else dict(zip(_TIME, (axis.first, axis.last), strict=True))
        return Desk(camera | as_numbers(eyes) | stretch, space.layout_state())

    def begin(self, desk: Desk | None) -> None:
        """Another clip is open, and its window stood like this, if anybody knows; what cannot be is passed over."""
        self._mapped, self._camera, self._eyes = False, None, {}
        space = self._controller.window.workspace
        if space is not None and space.stage.spatial is not None:
            space.stage.spatial.show_eyes({})
        self._show_stretch(desk)
        if desk is None or space is None:
            return
        if desk.layout:
            space.restore_layout(desk.layout)
        if set(_CAMERA) <= set(desk.camera) and desk.camera["map/width"] > 0 and desk.camera["map/height"] > 0:
            self._camera = tuple(desk.camera[name] for name in _CAMERA)
        self._eyes = from_numbers(desk.camera, SCENES)

    def _show_stretch(self, desk: Desk | None) -> None:
        """What was in sight of the clip; where nobody knows, a gap that would be too narrow to be seen in all of it."""
        space, gap = self._controller.window.workspace, self._controller.session.gap
        if space is None:
            return
        rows = space.time.rows
        kept = [] if desk is None else [desk.camera[name] for name in _TIME if name in desk.camera]
        if len(kept) == len(_TIME) and 0 <= kept[0] < kept[1]:
            rows.show_axis(rows.axis.showing(kept[0], kept[1]))
        elif gap is not None and gap.end - gap.start < _SHORT * rows.axis.duration:
            rows.show_axis(rows.axis.around(gap.start, gap.end))

    def _map_shown(self, _kind: str) -> None:
        self._mapped = True
        self._picture = self._controller.picture

    def _path_shown(self, answer: "LiveAnswer") -> None:
        space, loaded = self._controller.window.workspace, self._controller.loaded
        if space is None or loaded is None or answer.request.clip is not loaded.clip:
            return
        if self._eyes is not None and space.stage.spatial is not None and answer.stand.surface is not None:
            space.stage.spatial.show_eyes(self._eyes)
            self._eyes = None
        # A late answer on the map before: the one on the new map would bring all of that into view.
        on_its_map = self._mapped and answer.request.picture is self._picture
        if self._camera is not None and on_its_map:
            space.stage.stage.show_camera(self._camera)
            self._camera = None
