"""How the window stands, to be kept with the work and put back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from slap_studio.session.document import Desk
from slap_studio.session.look import View

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.core.projection import Map
    from slap_studio.live import LiveAnswer

VIEWS = tuple(view.value for view in View)
_CAMERA = ("map/left", "map/bottom", "map/width", "map/height")


class Standing(QObject):
    """View, panels and camera. The map is fitted anew with every clip, so its camera waits until that is drawn."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._mapped = False
        self._picture: Map | None = None
        self._camera: tuple[float, ...] | None = None
        controller.map_shown.connect(self._map_shown)
        controller.path_shown.connect(self._path_shown)

    def now(self) -> Desk:
        """As the window stands."""
        space = self._controller.window.workspace
        if space is None:
            return Desk()
        camera = dict(zip(_CAMERA, space.stage.stage.camera, strict=True)) if self._mapped else {}
        return Desk(space.stage.view, camera, space.layout_state())

    def begin(self, desk: Desk | None) -> None:
        """Another clip is open, and its window stood like this, if anybody knows; what cannot be is passed over."""
        self._mapped, self._camera = False, None
        space = self._controller.window.workspace
        if desk is None or space is None:
            return
        if desk.view in VIEWS and desk.view != space.stage.view:
            self._controller.choose_view(desk.view)
        if desk.layout:
            space.restore_layout(desk.layout)
        if set(_CAMERA) <= set(desk.camera) and desk.camera["map/width"] > 0 and desk.camera["map/height"] > 0:
            self._camera = tuple(desk.camera[name] for name in _CAMERA)

    def _map_shown(self, _kind: str) -> None:
        self._mapped = True
        self._picture = self._controller.picture

    def _path_shown(self, answer: "LiveAnswer") -> None:
        space = self._controller.window.workspace
        if not self._mapped or answer.request.picture is not self._picture:
            # A late answer on the map before: the one on the new map would bring all of that into view.
            return
        if self._camera is not None and space is not None:
            space.stage.stage.show_camera(self._camera)
            self._camera = None
