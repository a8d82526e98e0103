"""Pictures: the same bytes again, at any size, with the ground truth behind every occluder."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from slap_studio.tunnel.paint import Canvas, Linear, Radial, arc, rectangle
from slap_studio.tunnel.render import render
from slap_studio.tunnel.scene import (
    COLOURS,
    OCCLUDERS,
    SHAPES,
    Light,
    Motion,
    Scene,
    Setting,
    Thing,
    hidden_intervals,
    random_scene,
)
from slap_studio.tunnel.shapes import draw_thing
from slap_studio.tunnel.world import BACKDROPS, EXTENTS, TIMES_OF_DAY, TRACKS

SMALL = (128, 72)


@pytest.mark.parametrize("size", [(640, 360), (128, 72), (64, 64), (65, 37), (1280, 720)])
def test_a_picture_has_the_size_asked_for_and_the_same_bytes_again(size: tuple[int, int]) -> None:
    scene = random_scene(3)
    picture = render(scene, 2.5, size)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    np.random.default_rng(0).random(100)
    assert (render(random_scene(3), 2.5, size) == picture).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_small_picture_is_the_large_one_made_small(seed: int) -> None:
    scene = replace(random_scene(seed), noise=0.0)
    small = render(scene, 4.0, SMALL).astype(float)
    large = cv2.resize(render(scene, 4.0), SMALL, interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(small - large).mean() < 4.5


def test_noise_changes_from_frame_to_frame_and_is_as_strong_as_said() -> None:
    quiet = replace(random_scene(9, occluder=None), noise=0.0)
    noisy = replace(quiet, noise=3.0)
    differences = render(noisy, 1.0).astype(int) - render(quiet, 1.0)
    assert differences.std() == pytest.approx(3.0, rel=0.1)
    later = render(noisy, 1.1).astype(int) - render(quiet, 1.1)
    assert (later != differences).mean() > 0.5


@pytest.mark.parametrize("occluder", OCCLUDERS)
def test_the_ground_truth_shows_what_the_occluder_hides(occluder: str) -> None:
    scene = random_scene(31, occluder=occluder)
    start, end = hidden_intervals(scene)[0]
    time = (start + end) / 2
    red, blue = (replace(scene, thing=Thing(colour, scene.thing.shape)) for colour in ("red", "blue"))
    for moment in (start + 1e-3, time, end - 1e-3):
        assert (render(red, moment) == render(blue, moment)).all()
    gone = replace(scene, motion=Motion(9.0, 9.5))
    assert (render(scene, time) == render(gone, time)).all()
    bare = render(red, time, occluder=False)
    assert (bare != render(blue, time, occluder=False)).any(axis=2).sum() > 1500
    # What lies beside the occluder is the same picture, its noise included.
    assert (bare == render(red, time)).all(axis=2).mean() > 0.2


def test_without_an_occluder_the_picture_is_its_own_ground_truth() -> None:
    scene = random_scene(4, occluder=None)
    assert (render(scene, 3.0, SMALL) == render(scene, 3.0, SMALL, occluder=False)).all()


def silhouette(shape: str, width: int) -> NDArray[np.bool_]:
    """Silhouette of a shape, seen sharp and then averaged down to a width in pixels."""
    mask = np.zeros((640, 640), dtype=np.uint8)
    unit = 480 / EXTENTS[shape][0]
    draw_thing(Canvas(mask, (unit, unit), (320.0, 600.0)), Thing("red", shape))
    side = round(640 * width / 480)
    return cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA) > 127


def test_silhouettes_are_clearly_apart_twelve_pixels_wide() -> None:
    masks = {shape: silhouette(shape, 12) for shape in SHAPES}
    for first in SHAPES:
        for second in SHAPES:
            if first < second:
                common = (masks[first] & masks[second]).sum()
                either = (masks[first] | masks[second]).sum()
                assert common / either < 0.88, (first, second)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_fills_its_extent(shape: str) -> None:
    mask = np.zeros((400, 400), dtype=np.uint8)
    draw_thing(Canvas(mask, (200.0, 200.0), (200.0, 300.0)), Thing("red", shape))
    rows, columns = np.nonzero(mask)
    width, height = EXTENTS[shape]
    assert np.ptp(columns) / 200 == pytest.approx(width, abs=0.05)
    assert np.ptp(rows) / 200 == pytest.approx(height, abs=0.06)
    assert rows.max() == pytest.approx(300, abs=3)


@pytest.mark.parametrize("time_of_day", TIMES_OF_DAY)
def test_colours_are_told_apart_in_any_light(time_of_day: str) -> None:
    """By hue, which hardly depends on the light, or by greyness and brightness; on two different shapes."""
    plain = replace(random_scene(2, occluder=None), light=Light(), noise=0.0)
    known = {colour: hue(mean_colour(replace(plain, thing=Thing(colour, "ball")))) for colour in COLOURS[:6]}
    for brightness, warmth in ((0.84, -0.7), (1.1, 0.9), (0.84, 0.9), (1.1, -0.7)):
        lit = replace(plain, light=Light(time_of_day, brightness, warmth))
        for colour in COLOURS[:6]:
            seen = mean_colour(replace(lit, thing=Thing(colour, "cube")))
            assert np.ptp(seen) > 70
            away = {other: abs((hue(seen) - hue_of + 180) % 360 - 180) for other, hue_of in known.items()}
            nearest, second = sorted(away, key=lambda other: away[other])[:2]
            assert nearest == colour
            assert away[second] > 2 * away[nearest]
        white, black = (mean_colour(replace(lit, thing=Thing(colour, "cube"))) for colour in COLOURS[6:])
        assert max(np.ptp(white), np.ptp(black)) < 35
        assert white.min() > 170
        assert black.max() < 90


def hue(colour: NDArray[np.float64]) -> float:
    """Degrees around the colour circle."""
    red, green, blue = colour
    return float(np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)))


def mean_colour(scene: Scene) -> NDArray[np.float64]:
    """Mean colour of the thing's middle, halfway through."""
    time = scene.duration / 2
    x, y = scene.camera_at(time)
    column = int((scene.position(time) - x) * 360)
    row = int((scene.setting.track_y - y - 0.45 * scene.size) * 360)
    reach = int(0.18 * scene.size * 360)
    patch = render(scene, time)[row - reach : row + reach, column - reach : column + reach]
    return np.asarray(patch.reshape(-1, 3).mean(axis=0), dtype=np.float64)


@pytest.mark.parametrize("backdrop", BACKDROPS)
def test_places_and_occluders_are_muted(backdrop: str) -> None:
    """No place has as strong a colour as the least strong of the coloured things."""
    strongest = 0
    for number, time_of_day in enumerate(TIMES_OF_DAY):
        scene = random_scene(60 + number, occluder=(*OCCLUDERS, None)[number])
        setting = replace(scene.setting, backdrop=backdrop, track=TRACKS[number])
        empty = replace(
            scene,
            setting=setting,
            motion=Motion(9.0, 9.5),
            noise=0.0,
            light=replace(scene.light, time_of_day=time_of_day),
        )
        picture = render(empty, 3.0, SMALL).astype(int)
        strongest = max(strongest, int(np.percentile(np.ptp(picture, axis=2), 99.5)))
    weakest = min(np.ptp(mean_tone(colour)) for colour in COLOURS[:6])
    assert strongest < 0.9 * weakest


def mean_tone(colour: str) -> NDArray[np.float64]:
    """Mean colour of a ball in plain light, on nothing."""
    pixels = np.zeros((200, 200, 3), dtype=np.uint8)
    draw_thing(Canvas(pixels, (180.0, 180.0), (100.0, 190.0)), Thing(colour, "ball"))
    return np.asarray(pixels[60:150, 60:140].reshape(-1, 3).mean(axis=0), dtype=np.float64)


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize("track", TRACKS)
def test_every_place_covers_the_whole_picture(backdrop: str, track: str) -> None:
    """Nothing of the canvas's ground shows: no row or column is left black."""
    scene = replace(random_scene(1, occluder=None), setting=Setting(backdrop, 0.6, track, 0.78), noise=0.0)
    picture = render(replace(scene, motion=Motion(9.0, 9.5)), 1.0, SMALL)
    assert picture.max(axis=2).min() > 30


def test_a_wash_covers_parts_of_rows_in_proportion() -> None:
    pixels = np.zeros((10, 4, 3), dtype=np.uint8)
    Canvas(pixels, (10.0, 10.0)).wash(0.225, 0.55, ((200, 100, 40),))
    assert pixels[:, 0, 0].tolist() == [0, 0, 150, 200, 200, 100, 0, 0, 0, 0]
    thin = np.zeros((10, 4, 3), dtype=np.uint8)
    Canvas(thin, (10.0, 10.0)).wash(0.42, 0.47, ((200, 100, 40),))
    assert thin[4, 0].tolist() == [100, 50, 20]
    assert thin.sum() == 4 * 170


def test_a_fill_covers_parts_of_pixels_in_proportion() -> None:
    pixels = np.zeros((40, 40), dtype=np.uint8)
    picture = np.zeros((40, 40, 3), dtype=np.uint8)
    disc = arc((0.5, 0.5), (0.3, 0.3), count=72)
    for paint in ((255, 255, 255), Linear((0.0, 0.0), (1.0, 0.0), ((255, 255, 255), (255, 255, 255)))):
        picture[...] = 0
        Canvas(picture, (40.0, 40.0)).fill(disc, paint)
        grey = picture[..., 0]
        assert ((grey > 20) & (grey < 235)).any()
        # OpenCV counts a rim of about half a pixel to a contour's inside.
        assert np.pi * 12.0**2 < grey.sum() / 255 < np.pi * 12.8**2
    Canvas(pixels, (40.0, 40.0)).fill(disc, (255, 0, 0))
    assert set(np.unique(pixels)) == {0, 255}


def test_gradients_run_from_their_first_colour_to_their_last() -> None:
    picture = np.zeros((60, 60, 3), dtype=np.uint8)
    canvas = Canvas(picture, (60.0, 60.0))
    whole = rectangle(-0.1, -0.1, 1.1, 1.1)
    canvas.fill(whole, Linear((0.0, 0.0), (1.0, 0.0), ((0, 0, 0), (240, 240, 240))))
    assert np.abs(picture[30, :, 0] - (np.arange(60) + 0.5) * 4.0).max() <= 2
    canvas.fill(whole, Radial((0.5, 0.5), (0.5, 0.5), ((200, 0, 0), (0, 100, 0))))
    assert picture[30, 30].tolist() == pytest.approx([198, 1, 0], abs=5)
    assert picture[30, 0].tolist() == pytest.approx([2, 99, 0], abs=5)
    before = picture.copy()
    canvas.fill(whole, (255, 255, 255), 0.5)
    assert np.abs(picture - (before * 0.5 + 127.5)).max() <= 2


def test_a_shadow_darkens_its_middle_and_nothing_beyond_its_radii() -> None:
    picture = np.full((50, 50, 3), 200, dtype=np.uint8)
    Canvas(picture, (50.0, 50.0)).darken((0.5, 0.5), (0.3, 0.2), 0.5)
    assert picture[25, 25, 0] == pytest.approx(100, abs=3)
    assert (picture[:14] == 200).all()
    assert (picture[:, :9] == 200).all()
    assert (np.diff(picture[25, 25:, 0].astype(int)) >= 0).all()
