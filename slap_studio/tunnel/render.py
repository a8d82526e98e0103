"""From a scene and a time to a picture, with the occluder or without it (the ground truth)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from slap_studio.tunnel.backdrops import draw_backdrop
from slap_studio.tunnel.occluders import draw_before, draw_behind
from slap_studio.tunnel.paint import Canvas
from slap_studio.tunnel.shapes import draw_thing
from slap_studio.tunnel.tracks import draw_track
from slap_studio.tunnel.world import ASPECT, Scene

_TALL = 400  # pixels; a picture no higher than this is drawn at twice its size and averaged
_SMALL = 200  # pixels; above this the backdrop is drawn at the picture's own size: far things are softer


def render(
    scene: Scene, time: float, size: tuple[int, int] = (640, 360), *, occluder: bool = True
) -> NDArray[np.uint8]:
    """Draw a frame.

    Parameters
    ----------
    scene
        What to draw.
    time
        Seconds since the clip's start.
    size
        Width and height in pixels. The picture is always 16:9 of the world, squashed to this size.
    occluder
        False leaves the occluder out: the same light, drift and noise, with the thing in full view.

    Returns
    -------
    uint8 array [height, width, 3], RGB
        The same bytes for the same arguments.
    """
    width, height = size
    finer = 2 if height <= _TALL else 1
    fine = (width * finer, height * finer)
    pixels = _backdrop(scene, time, size if height > _SMALL else fine)
    if pixels.shape[0] != fine[1]:
        pixels = cv2.resize(pixels, fine, interpolation=cv2.INTER_LINEAR)
    canvas = _canvas(pixels)
    draw_track(canvas, scene, time)
    world = world_canvas(canvas, scene, time)
    if occluder:
        draw_behind(world, scene)
    place_thing(world, scene, time)
    if occluder:
        draw_before(world, scene)
    if finer > 1:
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return _exposed(pixels, scene, time)


def _canvas(pixels: NDArray[np.uint8]) -> Canvas:
    height, width = pixels.shape[:2]
    return Canvas(pixels, (width / ASPECT, float(height)))


def _backdrop(scene: Scene, time: float, size: tuple[int, int]) -> NDArray[np.uint8]:
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    draw_backdrop(_canvas(pixels), scene, time)
    return pixels


def world_canvas(canvas: Canvas, scene: Scene, time: float) -> Canvas:
    """Return the picture's canvas in coordinates of the world, as the camera sees it at a time."""
    x, y = scene.camera_at(time)
    return canvas.at(-x, -y)


def place_thing(world: Canvas, scene: Scene, time: float) -> None:
    """Draw the thing where it is at a time, with its shadow."""
    thing = scene.thing_at(time)
    width, _ = scene.extent_at(time)
    x = scene.position(time)
    foot = scene.setting.track_y
    world.darken((x + 0.02 * width, foot + 0.004), (0.56 * width, 0.035), 0.62)
    rolled = (x - scene.motion.start) / scene.size
    draw_thing(world.at(x, foot, scene.size), thing, rolled, leftwards=scene.leftwards)


def _exposed(pixels: NDArray[np.uint8], scene: Scene, time: float) -> NDArray[np.uint8]:
    """Apply the light's brightness and warmth, a slight darkening of the corners, and the camera's noise."""
    light = scene.light
    gains = light.brightness * np.array([1.0 + 0.06 * light.warmth, 1.0, 1.0 - 0.06 * light.warmth])
    table = np.clip(np.arange(256)[:, None] * gains + 0.5, 0, 255).astype(np.uint8)
    pixels = cv2.LUT(pixels, table.reshape(1, 256, 3))
    height, width = pixels.shape[:2]
    across = np.linspace(-1.0, 1.0, width, dtype=np.float32) ** 2
    down = np.linspace(-1.0, 1.0, height, dtype=np.float32) ** 2
    vignette = np.rint(255.0 - 13.0 * (across[None, :] + down[:, None])).astype(np.uint8)
    pixels = cv2.multiply(pixels, cv2.merge([vignette] * 3), scale=1 / 255)
    if scene.noise > 0.0:
        dice = np.random.default_rng((scene.seed, 4, int(round(time * 1e6)) & 0xFFFFFFFF))
        specks = dice.standard_normal((height, width), dtype=np.float32) * np.float32(scene.noise)
        grain = np.rint(specks).astype(np.int16)
        pixels = np.clip(pixels.astype(np.int16) + grain[:, :, None], 0, 255).astype(np.uint8)
    return np.asarray(pixels, dtype=np.uint8)
