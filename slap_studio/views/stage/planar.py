"""The map of the clip's frames in the plane, with landscape, path, query and cursor."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from vispy.scene import PanZoomCamera
from vispy.scene.visuals import Markers

from slap_studio.core.thinning import thinned
from slap_studio.core.types import Array
from slap_studio.session.look import Colouring
from slap_studio.views.landscape_picture import landscape_picture
from slap_studio.views.lines import FADE, Line, Lines
from slap_studio.views.offscreen import OffscreenScene
from slap_studio.views.ribbon import moving, ribbon, smooth
from slap_studio.views.stage.colours import ramp
from slap_studio.views.stage.frame_pictures import HEIGHT, WIDTH, FramePictures, tile
from slap_studio.views.stage.further import FurtherPaths
from slap_studio.views.stage.ground import Ground
from slap_studio.views.stage.marks import Marks
from slap_studio.views.stage.picking import Picking
from slap_studio.views.stage.pictures import DASHES, FurtherPath, Landscape, MapPicture, PathPicture
from slap_studio.views.theme import Theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOVE = 0.1  # of the stage's shorter side, by a key
PATH_WIDTH, GEODESIC_WIDTH, MINIMUM_WIDTH, GHOST_WIDTH, OTHER_WIDTH = 3.2, 1.6, 2.2, 1.2, 1.5


class Stage(QWidget):
    """Draws the map; emits which frame of the clip or latent of the path was clicked."""

    frame_clicked = Signal(int)
    latent_clicked = Signal(int)
    hovered = Signal(object)
    moved = Signal()
    pictured = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._map: MapPicture | None = None
        self._ground: Landscape | None = None
        self._path: PathPicture | None = None
        self._images: Sequence[QImage] = ()
        self._tiles: dict[int, NDArray[np.uint8]] = {}
        self._thinned_at = 0.0
        self._overlaid = 0, 0
        self._fitted: tuple[float, ...] = ()
        self._ringed: Array | None = None
        # What is made anew before the scene is painted, which it may not be: another view may be seen.
        self._stale: dict[Callable[[], None], None] = {}
        self._least: Array | None = None
        self._truth: tuple[Array, Array] | None = None
        self._others: tuple[Array, ...] = ()
        self.picture = OffscreenScene()
        self.picture.setAccessibleName("Map of the clip's latents")
        self.picture.setAccessibleDescription("A drag or the arrow keys move it, + and − zoom, Home shows all.")
        self.canvas = self.picture.canvas
        self._view = self.picture.add_view(PanZoomCamera(aspect=1))
        self._build()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        self.picking = Picking(self.canvas, self._to_pixels)
        self.picking.frame_clicked.connect(self.frame_clicked)
        self.picking.latent_clicked.connect(self.latent_clicked)
        self.picking.hovered.connect(self.hovered)
        self._view.scene.transform.changed.connect(self._camera_moved)
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
        self.picture.focus_colour = theme.colour("observed")
        self.canvas.bgcolor = theme.ground if theme.dark else theme.panel
        self._draw_frames()
        self.further.set_theme(theme)
        self._outdate(self._draw_ground, self._draw_marks, *self._lines)

    def show_map(self, picture: MapPicture | None, *, refit: bool) -> None:
        """Show the observed frames; `refit` also brings all of them into view."""
        self._map = self.picking.frames = picture
        self._draw_frames()
        if picture is not None and refit:
            self.fit()

    def show_thumbnails(self, images: Sequence[QImage]) -> None:
        """Show the clip's frames as pictures where they have room, or as points if there are none."""
        self._images = images
        self._tiles.clear()
        self._draw_thumbnails()

    def show_ground(self, ground: Landscape | None) -> None:
        """Show the landscape of a query, or none."""
        self._ground = ground
        self._outdate(self._draw_ground)

    def show_path(self, picture: PathPicture | None) -> None:
        """Show a path with what belongs to it, or none."""
        self._path = self.picking.path = picture
        self._outdate(self._draw_lines, self._draw_marks)

    def show_minimum(self, places: Array | None) -> None:
        """Show where the true least-action path lies [N + 2, 2], or nothing."""
        self._least = places
        self._outdate(self._draw_minimum)

    def show_beside(self, truth: tuple[Array, Array] | None, others: tuple[Array, ...]) -> None:
        """Show the truth's places [N + 2, 2] and line, and other methods' lines, or nothing."""
        if truth is self._truth is None and not others and not self._others:
            # Most answers have nothing beside them: the scene is not drawn once more for it.
            return
        self._truth, self._others = truth, others
        self._outdate(self._draw_beside)

    def show_further(self, paths: tuple[FurtherPath, ...]) -> None:
        """Show paths of other gaps and pinned ones, or none."""
        self.picking.elsewhere = tuple(path.places for path in paths if path.style is None)
        if paths or self.further.paths:
            self.further.show(paths)
            self._outdate(self.further.draw)

    def show_cursor(self, place: Array | None) -> None:
        """Ring the place that the cursor points at."""
        self._ringed = place
        self._outdate(self._draw_marks)

    def fit(self) -> None:
        """Bring the whole map into view, clear of what is laid over the stage above and below."""
        if self._map is None:
            return
        left, right, bottom, top = self._map.extent
        above, below = self._overlaid
        free = max(self.picture.height() - above - below, 60)
        pixel = (top - bottom) / free
        height = top - bottom + (above + below) * pixel
        self._view.camera.rect = (left, bottom - below * pixel, right - left, height)
        self._fitted = self.camera

    def show_overlaid(self, above: int, below: int) -> None:
        """So many pixels above and below are covered; unless a hand has moved it, the map keeps clear of them."""
        self._overlaid = above, below
        if self._fitted == self.camera:
            self.fit()

    def turn(self, right: int, up: int) -> None:
        """Look at what lies further right and further up, by some steps."""
        step = MOVE * self._pixel() * min(self.picture.width(), self.picture.height())
        self._view.camera.pan((step * right, step * up))

    @property
    def camera(self) -> tuple[float, ...]:
        """Left, bottom, width and height of what is in view, on the map."""
        rect = self._view.camera.rect
        return float(rect.left), float(rect.bottom), float(rect.width), float(rect.height)

    def show_camera(self, camera: tuple[float, ...]) -> None:
        """Bring this left, bottom, width and height of the map into view."""
        self._view.camera.rect = camera

    def to_screen(self, place: Array) -> QPointF:
        """Pixel of this widget at a place [2] on the map."""
        x, y = self._to_pixels(place[None])[0]
        return QPointF(float(x), float(y))

    def _to_pixels(self, places: Array) -> Array:
        pixels: Array = self._view.scene.transform.map(places.astype(np.float64))[:, :2]
        return pixels

    # ---- drawing --------------------------------------------------------------------------

    def _build(self) -> None:
        scene_root = self._view.scene
        self._coloured_ground = Ground(parent=scene_root)
        # Below the frames what the path is compared with, above them the path itself.
        self._beside, self._compared, self._dotted, self._ribbon = (Lines(parent=scene_root) for _ in range(4))
        self._pictures = FramePictures(parent=scene_root)
        self._frames, self._diamonds, self._marks = (Markers(parent=scene_root, antialias=1) for _ in range(3))
        order = (
            self._coloured_ground,
            self._beside,
            self._compared,
            self._dotted,
            self._frames,
            self._pictures,
            self._diamonds,
            self._ribbon,
            self._marks,
        )
        for index, visual in enumerate(order):
            visual.order = index
            visual.visible = False
            visual.set_gl_state("translucent", depth_test=False, cull_face=False)
        self.further = FurtherPaths(scene_root, self._line)

    def _draw_ground(self) -> None:
        self._coloured_ground.visible = self._ground is not None
        if self._ground is not None:
            picture = landscape_picture(self._ground.potential, self._ground.support, self._theme)
            self._coloured_ground.set_picture(picture, self._ground.extent)

    def _draw_frames(self) -> None:
        self._frames.visible = self._map is not None and len(self._map.places) > 0
        if self._map is not None and len(self._map.places):
            self._frames.set_data(
                self._map.places.astype(np.float32),
                size=self._theme.line_width(7),
                face_color=self._theme.observed,
                edge_width=0,
            )
        self._tiles.clear()
        self._draw_thumbnails()
        self.canvas.update()

    def _draw_thumbnails(self) -> None:
        """Pictures of as many frames as have room at this zoom; it says how many."""
        shown = bool(self._images) and self._map is not None and len(self._map.places) > 0
        self._pictures.visible = shown
        if not shown or self._map is None:
            return
        pixel = self._thinned_at = self._pixel()
        chosen = thinned(self._map.places, (WIDTH + 3) * pixel, (HEIGHT + 3) * pixel)
        for frame in self._map.indices[chosen]:
            if frame not in self._tiles:
                self._tiles[frame] = tile(self._images[frame], self._theme)
        self._pictures.set_size(self.width(), self.height())
        self._pictures.set_pictures(
            self._map.places[chosen], [self._tiles[frame] for frame in self._map.indices[chosen]]
        )
        self.pictured.emit(len(chosen))
        self.canvas.update()

    @property
    def _lines(self) -> tuple[Callable[[], None], ...]:
        """What draws lines: they keep their width in pixels, so they are made again when the camera zooms."""
        return self._draw_lines, self.further.draw, self._draw_minimum, self._draw_beside

    def _outdate(self, *parts: Callable[[], None]) -> None:
        """Draw these anew, once for everything that changes before the scene is painted."""
        self._stale |= dict.fromkeys(parts)
        self.canvas.update()

    def _draw_if_stale(self, event: object) -> None:
        stale, self._stale = self._stale, {}
        for draw in stale:
            draw()

    def _draw_marks(self) -> None:
        marks = Marks(self._theme.line_scale)
        marks.add_path(self._path, self._ringed, self._theme)
        marks.into(self._marks)

    def _draw_lines(self) -> None:
        for lines in (self._ribbon, self._beside):
            lines.visible = self._path is not None
        if self._path is None:
            return
        theme = self._theme
        ghosts = [self._line(ghost, GHOST_WIDTH, theme.inferred, 0.28) for ghost in self._path.ghosts]
        geodesic = self._line(self._path.geodesic, GEODESIC_WIDTH, theme.secondary, 0.9, (7, 5))
        self._beside.set_lines([*ghosts, geodesic])
        self._ribbon.set_lines([self._coloured(smooth(self._path.line))])

    def _coloured(self, points: Array) -> Line:
        """The path's line, plain or in the colours of what is told along it."""
        assert self._path is not None
        if self._path.colouring is Colouring.PLAIN:
            return self._line(points, PATH_WIDTH, self._theme.inferred, 1.0)
        colours = ramp(self._path.colouring, self._path.shares_along(len(points)), self._theme)
        return self._line(points, 1.4 * PATH_WIDTH, colours[moving(points)], 1.0)

    def _draw_minimum(self) -> None:
        self._dotted.visible = self._least is not None
        if self._least is not None:
            self._dotted.set_lines([self._line(self._least, MINIMUM_WIDTH, self._theme.text, 0.85, (3, 4))])

    def _draw_beside(self) -> None:
        """Other methods dashed and grey, each in its own way; the truth thin and blue through hollow diamonds."""
        theme = self._theme
        lines = [
            self._line(places, OTHER_WIDTH, theme.secondary, 0.95, DASHES[index % len(DASHES)])
            for index, places in enumerate(self._others)
        ]
        self._diamonds.visible = self._truth is not None and len(self._truth[0]) > 2
        if self._truth is not None:
            marks, line = self._truth
            lines.append(self._line(line, GHOST_WIDTH, theme.observed, 0.8))
            if len(marks) > 2:
                self._diamonds.set_data(
                    marks[1:-1].astype(np.float32), size=theme.line_width(9), symbol="diamond",
                    face_color=theme.ground if theme.dark else theme.panel, edge_width=theme.line_width(1.4),
                    edge_color=theme.observed,
                )  # fmt: skip
        self._compared.visible = bool(lines)
        self._compared.set_lines(lines)

    def _line(
        self, points: Array, width: float, colour: str | Array, opacity: float, dash: tuple[float, float] | None = None
    ) -> Line:
        """A line through points of the map; its width, its dashes and the spaces between them in pixels."""
        pixel, width = self._pixel(), self._theme.line_width(width) + FADE
        dash = None if dash is None else (self._theme.line_width(dash[0]), self._theme.line_width(dash[1]))
        return Line(*ribbon(points, width * pixel), width, pixel, colour, opacity, dash)

    def _pixel(self) -> float:
        """Size of a pixel on the map."""
        # From what is drawn: the camera's own rectangle is fitted into the stage, with room left at its sides.
        left, right = self._to_pixels(np.array([[0.0, 0.0], [1.0, 0.0]]))[:, 0]
        return 1 / max(abs(float(right - left)), 1e-9)

    # ---- hands ----------------------------------------------------------------------------

    def _camera_moved(self, event: object = None) -> None:
        self._outdate(*self._lines)
        # Moving the map aside takes no picture's room; the width of a pixel tells a zoom.
        if self._images and abs(self._pixel() / max(self._thinned_at, 1e-12) - 1) > 1e-6:
            self._draw_thumbnails()
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the map in view."""
        super().resizeEvent(event)
        self._draw_thumbnails()
        self.moved.emit()
