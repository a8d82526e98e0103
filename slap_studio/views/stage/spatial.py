"""The hypersphere in space: a ball or a hilly country that turns with the hand, and everything that lies on it."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from vispy.scene import Node, TurntableCamera
from vispy.scene.visuals import Markers
from vispy.visuals.transforms import STTransform

from slap_studio.core.surface import Surface
from slap_studio.core.types import Array
from slap_studio.session.look import Colouring
from slap_studio.views.offscreen import OffscreenScene
from slap_studio.views.stage.colours import ramp
from slap_studio.views.stage.eyes import Eye
from slap_studio.views.stage.marks import Marks
from slap_studio.views.stage.picking import Picking
from slap_studio.views.stage.pictures import DASHES, FurtherPath, MapPicture, PathPicture
from slap_studio.views.stage.standing import Standing
from slap_studio.views.stage.surface import SurfaceNode
from slap_studio.views.stage.tubes import Tube, TubeMesh, Tubes
from slap_studio.views.theme import Theme

LEAST = 60  # pixels of height that what is shown has, even where more is covered
PATH_WIDTH, GEODESIC_WIDTH, MINIMUM_WIDTH, GHOST_WIDTH, OTHER_WIDTH = 5.0, 1.8, 2.4, 1.3, 1.6
BEHIND = 0.22  # opacity of what is seen through the ball
NEARER = 0.06  # by which marks are drawn before the surface that they lie on
TURN = 6.0  # degrees of a key
_PIXEL = 0.006  # of a dash, in the scene's unit


class _Camera(TurntableCamera):
    """Looks without perspective at a point that lies as much below the middle as more is laid over the scene above."""

    overlaid = 0, 0  # pixels above and below

    def _update_projection_transform(self, fx: float, fy: float) -> None:
        raised = fy * (self.overlaid[0] - self.overlaid[1]) / 2 / max(self.viewbox.size[1], 1)
        self._projection.set_ortho(
            -fx / 2, fx / 2, raised - fy / 2, raised + fy / 2, -self.depth_value, self.depth_value
        )
        self._update_camera_pos()


class SpatialView(QWidget):
    """Draws a surface and what lies on it; emits which frame of the clip or latent of the path was clicked."""

    frame_clicked = Signal(int)
    latent_clicked = Signal(int)
    hovered = Signal(object)
    moved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._surface: Surface | None = None
        self._map: MapPicture | None = None
        self._path: PathPicture | None = None
        self._least: Array | None = None
        self._truth: tuple[Array, Array] | None = None
        self._others: tuple[Array, ...] = ()
        self._further: tuple[FurtherPath, ...] = ()
        self._ringed: Array | None = None
        self._name = ""
        self._eyes: dict[str, Eye] = {}
        self._kept: dict[str, Eye] = {}
        self._fitted: dict[str, float] = {}  # heights of view that no hand has changed, by the surface's name
        self.picture = OffscreenScene()
        self.picture.setAccessibleName("The hypersphere in space")
        self.picture.setAccessibleDescription("A drag or the arrow keys turn it, + and − zoom, Home shows all.")
        self.canvas = self.picture.canvas
        self.camera = _Camera(fov=0, elevation=25, azimuth=90, scale_factor=2.6, center=(0, 0, 0))
        # vispy's own is a million: of that the depth of a unit ball would be a few grains.
        self.camera.depth_value = 20
        self._view = self.picture.add_view(self.camera)
        self._build()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        self.picking = Picking(self.canvas, self._to_pixels)
        self.picking.frame_clicked.connect(self.frame_clicked)
        self.picking.latent_clicked.connect(self.latent_clicked)
        self.picking.hovered.connect(self.hovered)
        self._view.scene.transform.changed.connect(self._camera_moved)
        self._stale = True
        self.canvas.events.draw.connect(self._draw_if_stale, position="first")
        self._dress()

    # ---- what is shown --------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Recolour; the size of type is no matter of the scene's."""
        before, self._theme = self._theme, theme
        if replace(before, scale=theme.scale) != theme:
            self._dress()

    def _dress(self) -> None:
        theme = self._theme
        self.canvas.bgcolor = theme.ground if theme.dark else theme.panel
        self.picture.focus_colour = theme.colour("observed")
        self._solid.set_theme(theme)
        self._draw_rim()
        self._draw()

    def show_surface(self, name: str, surface: Surface, *, refit: bool) -> None:
        """Stand on another surface; each name keeps its own camera, and `refit` brings all of it into view."""
        self._eyes = self._eyes | self._own_eye()
        turned, self._name, self._surface = self._name != name, name, surface
        self._solid.visible = True
        self._solid.set_surface(surface)
        self._solid.set_theme(self._theme)
        if name in self._eyes and not refit:
            if turned:
                self._look(self._eyes[name])
        elif name in self._kept:
            self._look(self._kept[name])
        else:
            self.fit()
        self._keep_clear()
        self._draw_rim()

    def show_map(self, picture: MapPicture | None, *, refit: bool = False) -> None:
        """Show the observed frames [C, 3], or none."""
        self._map = self.picking.frames = picture
        self._draw()

    def show_path(self, picture: PathPicture | None) -> None:
        """Show a path with what belongs to it, or none."""
        self._path = self.picking.path = picture
        self._draw()

    def show_minimum(self, line: Array | None) -> None:
        """Show the line of the true least-action path [P, 3], or nothing."""
        self._least = line
        self._draw()

    def show_beside(self, truth: tuple[Array, Array] | None, others: tuple[Array, ...]) -> None:
        """Show the truth's places [N + 2, 3] and line, and other methods' lines, or nothing."""
        if truth is self._truth is None and not others and not self._others:
            return
        self._truth, self._others = truth, others
        self._draw()

    def show_further(self, paths: tuple[FurtherPath, ...]) -> None:
        """Show other gaps' paths thin, and pinned ones dashed."""
        if paths or self._further:
            self._further = paths
            self._draw()

    def show_cursor(self, place: Array | None) -> None:
        """Ring the place that the cursor points at."""
        self._ringed = place
        self._draw()

    def fit(self) -> None:
        """Turn what is shown to the eye and bring all of it into view."""
        if self._surface is None:
            return
        places = self._surface.vertices[self._surface.support > 0.05]
        height = self._fitted[self._name] = self._height(places)
        if not self._surface.closed:
            self._look(Eye(-20.0, 38.0, height, *(places.mean(0).tolist() if len(places) else ())))
            return
        towards = self._middle()
        azimuth = np.degrees(np.arctan2(towards[0], -towards[1]))
        # In relief the valley is seen from the side.
        above = 12 if np.ptp(np.linalg.norm(places, axis=1)) < 1e-3 else -25
        elevation = np.clip(np.degrees(np.arcsin(towards[2])) + above, -60, 60)
        self._look(Eye(float(azimuth), float(elevation), height))

    def show_overlaid(self, above: int, below: int) -> None:
        """So many pixels above and below are covered; unless a hand came nearer, what is shown keeps clear of them."""
        self.camera.overlaid = above, below
        self.camera.view_changed()
        self._keep_clear()

    def _keep_clear(self) -> None:
        if self._surface is not None and self.camera.scale_factor == self._fitted.get(self._name):
            height = self._height(self._surface.vertices[self._surface.support > 0.05])
            self.camera.scale_factor = self._fitted[self._name] = height

    def _height(self, places: Array) -> float:
        """Of what is in view, in the scene's unit, so that all of these places [P, 3] can be seen."""
        wide, high = max(self.width(), 1), max(self.height(), 1)
        free = max(high - sum(self.camera.overlaid), LEAST) / high
        if self._surface is not None and self._surface.closed:
            return 2.12 / free
        if not len(places):
            return 2.6
        return float(max(1.3, 0.82 / free) * max(np.ptp(places[:, 0]) * high / wide, 0.8 * np.ptp(places[:, 1])))

    def turn(self, right: int, up: int) -> None:
        """Look at it from further right and further up, by some steps."""
        self.camera.orbit(TURN * right, TURN * up)

    def to_screen(self, place: Array) -> QPointF:
        """Pixel of this widget at a place [3]; far outside where it is turned away."""
        x, y = np.nan_to_num(self._to_pixels(place[None])[0], posinf=-1e5)
        return QPointF(float(x), float(y))

    # ---- drawing --------------------------------------------------------------------------

    def _build(self) -> None:
        root = self._view.scene
        self._solid = SurfaceNode(parent=root)
        self._solid.visible = False
        self._solid.standing = self._standing = Standing(self.canvas)
        self._outline, self._mesh = TubeMesh(), TubeMesh()
        self._rim = Tubes(self._outline, parent=root)
        # In a picture without perspective, what moves towards the eye stays where it is seen.
        self._near = Node(parent=root)
        self._near.transform = STTransform()
        # Everything twice: faintly through the surface, and plainly where nothing is before it.
        self._lines = [Tubes(self._mesh, parent=self._near) for _ in range(2)]
        self._marks = [Markers(parent=self._near, antialias=1) for _ in range(2)]
        self._lines[0].set_opacity(BEHIND)
        order = (self._solid, self._rim, self._lines[0], self._marks[0], self._lines[1], self._marks[1])
        for index, visual in enumerate(order):
            visual.order = index
        for faint in (self._lines[0], self._marks[0]):
            faint.set_gl_state("translucent", depth_test=False, cull_face=False)
        self._marks[1].set_gl_state("translucent", depth_test=True, cull_face=False)
        for marks in self._marks:
            marks.visible = False

    def _draw(self) -> None:
        """Lines and marks anew, once for everything that changes before the scene is painted."""
        self._stale = True
        self.canvas.update()

    def _draw_if_stale(self, event: object) -> None:
        if not self._stale:
            return
        self._stale = False
        self._mesh.set_tubes([replace(tube, width=self._theme.line_width(tube.width)) for tube in self._tubes()])
        self._draw_marks()

    def _tubes(self) -> list[Tube]:
        theme = self._theme
        tubes = [
            Tube(line, OTHER_WIDTH, theme.secondary, 0.95, _dashes(*DASHES[index % len(DASHES)]))
            for index, line in enumerate(self._others)
        ]
        for further in self._further:
            dash = None if further.style is None else _dashes(*further.style.dash)
            colour = theme.inferred if further.style is None else theme.text
            tubes.append(Tube(further.places, GEODESIC_WIDTH, colour, 0.9, dash))
        if self._truth is not None:
            tubes.append(Tube(self._truth[1], GHOST_WIDTH, theme.observed, 0.8))
        if self._path is not None:
            tubes += [Tube(ghost, GHOST_WIDTH, theme.inferred, 0.35) for ghost in self._path.ghosts]
            tubes.append(Tube(self._path.geodesic, GEODESIC_WIDTH, theme.secondary, 1.0, _dashes(7, 5)))
        if self._least is not None:
            tubes.append(Tube(self._least, MINIMUM_WIDTH, theme.text, 0.9, _dashes(3, 4)))
        if self._path is not None:
            line = self._path.line
            colours: str | Array = theme.inferred
            if self._path.colouring is not Colouring.PLAIN:
                colours = ramp(self._path.colouring, self._path.shares_along(len(line)), theme)
            tubes.append(Tube(line, PATH_WIDTH, colours, 1.0, round=True))
        return tubes

    def _draw_marks(self) -> None:
        marks = Marks(self._theme.line_scale)
        theme = self._theme
        ground = theme.ground if theme.dark else theme.panel
        if self._map is not None:
            marks.add(self._map.places, 7.0, "disc", theme.observed, theme.observed, 0.0)
        if self._truth is not None:
            marks.add(self._truth[0][1:-1], 9.0, "diamond", ground, theme.observed, 1.4)
        marks.add_path(self._path, self._ringed, theme)
        marks.into(self._marks[0], BEHIND)
        marks.into(self._marks[1], 1.0)

    def _draw_rim(self) -> None:
        """The unit ball's outline: it softens its edge, and shows how far one in relief falls short of it."""
        self._rim.visible = self._surface is not None and self._surface.closed
        right, up, _ = self._axes()
        turn = np.linspace(0, 2 * np.pi, 121)[:, None]
        self._outline.set_tubes([Tube(np.cos(turn) * right + np.sin(turn) * up, 1.6, self._theme.secondary, 0.9)])

    # ---- the eye --------------------------------------------------------------------------

    @property
    def eyes(self) -> dict[str, Eye]:
        """From where each surface was looked at last."""
        return self._kept | self._eyes | self._own_eye()

    def show_eyes(self, eyes: dict[str, Eye]) -> None:
        """Look at surfaces of these names from here, of this clip, and forget what was before."""
        self._kept, self._eyes = dict(eyes), {}
        if self._name in eyes:
            self._look(eyes[self._name])

    def _own_eye(self) -> dict[str, Eye]:
        """From where the present surface is looked at, by its name."""
        camera = self.camera
        eye = Eye(camera.azimuth, camera.elevation, camera.scale_factor, *(float(axis) for axis in camera.center))
        return {self._name: eye} if self._name else {}

    def _look(self, eye: Eye) -> None:
        self._eyes[self._name] = eye
        self.camera.azimuth, self.camera.elevation = eye.azimuth, eye.elevation
        self.camera.scale_factor, self.camera.center = eye.height, (eye.x, eye.y, eye.z)

    def _middle(self) -> Array:
        """Unit vector to the middle of what is shown."""
        shown = self._path.path if self._path is not None else np.array([[1.0, 0.0, 0.0]])
        middle = shown.mean(0)
        length = np.linalg.norm(middle)
        return middle / length if length > 1e-6 else np.array([1.0, 0.0, 0.0])

    def _axes(self) -> tuple[Array, Array, Array]:
        """Unit vectors to the right, up, and towards the eye."""
        around, up = np.radians(self.camera.azimuth), np.radians(self.camera.elevation)
        right = np.array([np.cos(around), np.sin(around), 0.0])
        towards = np.array([np.sin(around) * np.cos(up), -np.cos(around) * np.cos(up), np.sin(up)])
        return right, np.cross(towards, right), towards

    def _camera_moved(self, event: object = None) -> None:
        right, up, towards = self._axes()
        self._near.transform.translate = NEARER * towards
        self._solid.set_light(towards + 0.5 * up - 0.4 * right)
        self._draw_rim()
        self.moved.emit()

    def _to_pixels(self, places: Array) -> Array:
        mapped: Array = self._view.scene.transform.map(places.astype(np.float64))
        pixels: Array = mapped[:, :2] / mapped[:, 3:4]
        if self._surface is not None and self._surface.closed:
            _, _, towards = self._axes()
            pixels = np.where((places @ towards < -NEARER)[:, None], np.inf, pixels)
        return pixels

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not kept."""
        super().hideEvent(event)
        self._standing.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are measured in the scene's pixels."""
        super().resizeEvent(event)
        for lines in (*self._lines, self._rim):
            lines.set_size(self.width(), self.height())
        self._keep_clear()
        self.moved.emit()


def _dashes(dash: float, space: float) -> tuple[float, float]:
    return dash * _PIXEL, space * _PIXEL
