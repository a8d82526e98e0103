"""Anti-aliased drawing on a canvas with its own coordinates: flat fills, gradients and soft shadows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

_Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two excluded
_Source = Pixels | tuple[int, int, int, int]  # what is blended in: a picture, or one colour as OpenCV takes it

_SHIFT = 4  # OpenCV takes points in sixteenths of a pixel
_UNIT = 1 << _SHIFT
_TINY = 13.0  # pixels; a gradient over less than this is drawn as one colour


@dataclass(frozen=True)
class Linear:
    """Colours, evenly spaced from one point to another, each with an opacity of 0..1."""

    start: tuple[float, float]
    end: tuple[float, float]
    colours: Sequence[Colour]
    opacities: Sequence[float] | None = None


@dataclass(frozen=True)
class Radial:
    """Colours, evenly spaced from a centre out to the ellipse of the given radii."""

    centre: tuple[float, float]
    radii: tuple[float, float]
    colours: Sequence[Colour]
    opacities: Sequence[float] | None = None


Paint = Colour | Linear | Radial


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Colour between two: the first at 0, the second at 1."""
    (r, g, b), (red, green, blue) = first, second
    return int(r + (red - r) * share + 0.5), int(g + (green - g) * share + 0.5), int(b + (blue - b) * share + 0.5)


def lighter(colour: Colour, share: float) -> Colour:
    """Return the colour brought towards white."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: Colour, share: float) -> Colour:
    """Return the colour brought towards black."""
    return mix(colour, (0, 0, 0), share)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """Corners of a rectangle, [4, 2]."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)


def rectangles(left: ArrayLike, top: ArrayLike, right: ArrayLike, bottom: ArrayLike) -> Points:
    """Corners of many rectangles, [k, 4, 2]; the arguments are broadcast against each other."""
    x0, y0, x1, y1 = (np.asarray(side, dtype=np.float64) for side in (left, top, right, bottom))
    corners = np.empty((*np.broadcast_shapes(x0.shape, y0.shape, x1.shape, y1.shape), 4, 2))
    corners[..., 0, 0] = corners[..., 3, 0] = x0
    corners[..., 1, 0] = corners[..., 2, 0] = x1
    corners[..., 0, 1] = corners[..., 1, 1] = y0
    corners[..., 2, 1] = corners[..., 3, 1] = y1
    return corners.reshape(-1, 4, 2)


def arc(
    centre: tuple[float, float],
    radii: tuple[float, float],
    start: float = 0.0,
    end: float = 360.0,
    count: int = 48,
) -> Points:
    """Points on an ellipse between two angles in degrees, counted from +x towards +y, [count, 2]."""
    steps = count - 1 if abs(end - start) < 360.0 else count
    angles = np.arange(count) * (math.radians(end - start) / steps) + math.radians(start)
    points = np.empty((count, 2))
    points[:, 0] = np.cos(angles) * radii[0] + centre[0]
    points[:, 1] = np.sin(angles) * radii[1] + centre[1]
    return points


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Points:
    """Outline of a rectangle with round corners, [20, 2]."""
    corners = (
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, 90.0),
        (left + radius, top + radius, 180.0),
        (right - radius, top + radius, 270.0),
    )
    return np.concatenate([arc((x, y), (radius, radius), angle, angle + 90.0, 5) for x, y, angle in corners])


def copies(outline: Points, x: ArrayLike, y: ArrayLike, size: ArrayLike = 1.0) -> Points:
    """Copies of an outline [n, 2] at places (x, y) and in sizes that are broadcast together, [k, n, 2]."""
    places = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in (x, y, size)))
    made: Points = outline * places[2][:, None, None] + np.stack(places[:2], -1)[:, None, :]
    return made


def turned(points: Points, angle: float, about: tuple[float, float] = (0.0, 0.0)) -> Points:
    """Points turned by an angle in radians (clockwise on the screen)."""
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = points[:, 0] - about[0], points[:, 1] - about[1]
    return np.stack([cos * x - sin * y + about[0], sin * x + cos * y + about[1]], -1)


def _weights(stops: int) -> NDArray[np.float32]:
    """Share of each of some evenly spaced stops in 256 levels between the first and the last."""
    place = np.linspace(0.0, stops - 1.0, 256)
    return np.maximum(1.0 - np.abs(place[:, None] - np.arange(stops)), 0.0).astype(np.float32)


_MOST_STOPS = 12
_WEIGHTS = (np.empty((256, 0), np.float32), *(_weights(stops) for stops in range(1, _MOST_STOPS + 1)))


def _ramp(stops: Sequence[Colour] | Sequence[float]) -> Pixels:
    """256 levels between evenly spaced stops, [256] or [256, 3]."""
    return (_WEIGHTS[len(stops)] @ np.array(stops, dtype=np.float32) + np.float32(0.5)).astype(np.uint8)


class Canvas:
    """Pixels with an origin and a scale; `at` gives the same pixels with other coordinates.

    A canvas of one channel takes silhouettes: every fill writes 255 and soft things leave no trace.
    """

    __slots__ = ("origin", "pixels", "scale")

    def __init__(self, pixels: Pixels, scale: tuple[float, float], origin: tuple[float, float] = (0.0, 0.0)) -> None:
        self.pixels = pixels
        self.scale = scale
        self.origin = origin

    def at(self, x: float, y: float, unit: float = 1.0, *, mirrored: bool = False) -> "Canvas":
        """Return a canvas whose origin lies at (x, y), with another unit of length, perhaps mirrored in x."""
        sx, sy = self.scale
        origin = (self.origin[0] + x * sx, self.origin[1] + y * sy)
        return Canvas(self.pixels, (-sx * unit if mirrored else sx * unit, sy * unit), origin)

    @property
    def silhouette(self) -> bool:
        """Whether this canvas only takes silhouettes."""
        return self.pixels.ndim == 2

    @property
    def pixel(self) -> float:
        """Height of a pixel in this canvas's unit."""
        return 1.0 / self.scale[1]

    def span(self) -> tuple[float, float]:
        """Return the x of the left and right edges of the picture in this canvas's coordinates."""
        left, right = ((edge - self.origin[0]) / self.scale[0] for edge in (0.0, float(self.pixels.shape[1])))
        return min(left, right), max(left, right)

    def fill(self, contours: Points | Sequence[Points], paint: Paint, opacity: float = 1.0) -> None:
        """Fill a contour [n, 2], or several ([k, n, 2], or a list) by the even-odd rule."""
        rings = self._place(contours)
        if not rings:
            return
        if self.silhouette:
            cv2.fillPoly(self.pixels, rings, 255, cv2.LINE_8, _SHIFT)
        elif opacity == 1.0 and isinstance(paint, tuple):
            cv2.fillPoly(self.pixels, rings, paint, cv2.LINE_AA, _SHIFT)
        else:
            self._fill_softly(rings, paint, opacity)

    def wash(self, top: float, bottom: float, colours: Sequence[Colour]) -> None:
        """Fill the whole width between two heights with colours from the top down."""
        sy, y = self.scale[1], self.origin[1]
        first, last = top * sy + y, bottom * sy + y
        start, end = max(int(first), 0), min(math.ceil(last), self.pixels.shape[0])
        if self.silhouette or start >= end:
            return
        rows = np.arange(start, end, dtype=np.float32)
        level = np.clip((rows + np.float32(0.5 - first)) * np.float32(255.0 / (last - first)), 0.0, 255.0)
        table = _ramp(colours)[level.astype(np.uint8)]
        region = self.pixels[start:end]
        edges = [(0, last - first)] if end == start + 1 else [(0, start + 1.0 - first), (-1, last - end + 1.0)]
        partly = [
            (row, region[row] + (table[row] - region[row].astype(np.float32)) * share)
            for row, share in edges
            if share < 1.0
        ]
        region[...] = cv2.repeat(table[:, None, :], 1, region.shape[1])
        for row, blended in partly:
            region[row] = blended

    def darken(self, centre: tuple[float, float], radii: tuple[float, float], strength: float) -> None:
        """Lay a soft elliptical shadow that fades to nothing at the given radii."""
        if self.silhouette:
            return
        (x, y), (sx, sy) = centre, self.scale
        across, down = abs(radii[0] * sx), abs(radii[1] * sy)
        middle = x * sx + self.origin[0], y * sy + self.origin[1]
        box = self._clipped(middle[0] - across, middle[1] - down, middle[0] + across, middle[1] + down)
        if box is None:
            return
        shade = np.maximum(np.float32(1.0) - self._radial(centre, radii, box), np.float32(0.0))
        keep = (255.5 - np.float32(255.0 * strength) * shade * shade * (3.0 - 2.0 * shade)).astype(np.uint8)
        region = self.pixels[box[1] : box[3], box[0] : box[2]]
        region[...] = cv2.multiply(region, cv2.merge([keep, keep, keep]), scale=1 / 255)

    def _place(self, contours: Points | Sequence[Points]) -> list[NDArray[np.int32]]:
        """Contours in OpenCV's fixed-point pixels, whose whole numbers are the centres of pixels."""
        (sx, sy), (x, y) = self.scale, self.origin
        factor = np.array((sx * _UNIT, sy * _UNIT))
        shift = np.array(((x - 0.5) * _UNIT + 0.5, (y - 0.5) * _UNIT + 0.5))
        if isinstance(contours, np.ndarray):
            placed = np.floor(contours * factor + shift).astype(np.int32)
            return [placed] if placed.ndim == 2 else list(placed)
        return [np.floor(points * factor + shift).astype(np.int32) for points in contours]

    def _clipped(self, left: float, top: float, right: float, bottom: float) -> _Box | None:
        """Whole pixels around a rectangle in pixels, as far as they lie in the picture."""
        height, width = self.pixels.shape[:2]
        box = max(int(left) - 1, 0), max(int(top) - 1, 0), min(int(right) + 3, width), min(int(bottom) + 3, height)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _fill_softly(self, rings: list[NDArray[np.int32]], paint: Paint, opacity: float) -> None:
        every = rings[0] if len(rings) == 1 else np.concatenate(rings)
        left, top, width, height = cv2.boundingRect(every)
        box = self._clipped(left / _UNIT, top / _UNIT, (left + width) / _UNIT, (top + height) / _UNIT)
        if box is None:
            return
        if not isinstance(paint, tuple) and self._extent(paint) < _TINY:
            opacity *= _mean(paint.opacities)
            paint = _middle(paint)
            if opacity == 1.0:
                cv2.fillPoly(self.pixels, rings, paint, cv2.LINE_AA, _SHIFT)
                return
        mask = np.zeros((box[3] - box[1], box[2] - box[0]), dtype=np.uint8)
        corner = (-box[0] * _UNIT, -box[1] * _UNIT)
        cv2.fillPoly(mask, rings, int(255 * opacity), cv2.LINE_AA, _SHIFT, corner)
        region = self.pixels[box[1] : box[3], box[0] : box[2]]
        if isinstance(paint, tuple):
            _blend(region, (*paint, 0), mask)
        else:
            _blend(region, *self._gradient(paint, box, mask))

    def _gradient(self, paint: Linear | Radial, box: _Box, mask: Pixels) -> tuple[_Source, Pixels]:
        """Colours of a gradient over a box, and the mask thinned by its opacities."""
        if isinstance(paint, Linear):
            level = self._linear(paint.start, paint.end, box)
        else:
            level = np.sqrt(self._radial(paint.centre, paint.radii, box))
        index = (np.minimum(np.maximum(level, 0.0), 1.0) * np.float32(255.0)).astype(np.uint8)
        if paint.opacities is not None:
            faded = _spread(_ramp([255.0 * opacity for opacity in paint.opacities])[index], mask.shape)
            mask = cv2.multiply(mask, faded, scale=1 / 255)
        if len(paint.colours) == 1:
            return (*paint.colours[0], 0), mask
        return _spread(_ramp(paint.colours)[index], mask.shape), mask

    def _extent(self, paint: Linear | Radial) -> float:
        """How many pixels a gradient takes from its first colour to its last, and back if it is round."""
        (sx, sy) = self.scale
        if isinstance(paint, Radial):
            return 2 * max(abs(paint.radii[0] * sx), abs(paint.radii[1] * sy))
        return math.hypot((paint.end[0] - paint.start[0]) * sx, (paint.end[1] - paint.start[1]) * sy)

    def _axes(self, box: _Box) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        (sx, sy), (x, y) = self.scale, self.origin
        across = (np.arange(box[0], box[2], dtype=np.float32) + np.float32(0.5 - x)) * np.float32(1 / sx)
        down = (np.arange(box[1], box[3], dtype=np.float32) + np.float32(0.5 - y)) * np.float32(1 / sy)
        return across[None, :], down[:, None]

    def _linear(self, start: tuple[float, float], end: tuple[float, float], box: _Box) -> NDArray[np.float32]:
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = dx * dx + dy * dy
        x, y = self._axes(box)
        if dx == 0.0:
            return (y - np.float32(start[1])) * np.float32(dy / length)
        if dy == 0.0:
            return (x - np.float32(start[0])) * np.float32(dx / length)
        return (x - np.float32(start[0])) * np.float32(dx / length) + (y - np.float32(start[1])) * np.float32(
            dy / length
        )

    def _radial(self, centre: tuple[float, float], radii: tuple[float, float], box: _Box) -> NDArray[np.float32]:
        x, y = self._axes(box)
        across = (x - np.float32(centre[0])) * np.float32(1 / radii[0])
        down = (y - np.float32(centre[1])) * np.float32(1 / radii[1])
        return across * across + down * down


def _spread(levels: Pixels, shape: tuple[int, ...]) -> Pixels:
    """Repeat a single row or column of levels over a whole shape."""
    down, across = shape[0] // levels.shape[0], shape[1] // levels.shape[1]
    return levels if down == across == 1 else cv2.repeat(levels, down, across)


def _middle(paint: Linear | Radial) -> Colour:
    """Colour that stands for a gradient where it is too small to be seen."""
    red, green, blue = np.mean(paint.colours, axis=0)
    return int(red), int(green), int(blue)


def _mean(opacities: Sequence[float] | None) -> float:
    return 1.0 if opacities is None else sum(opacities) / len(opacities)


def _blend(region: Pixels, source: _Source, mask: Pixels) -> None:
    opacity = cv2.merge((mask, mask, mask))
    kept = cv2.multiply(region, cv2.bitwise_not(opacity), scale=1 / 255)
    region[...] = cv2.add(kept, cv2.multiply(opacity, source, scale=1 / 255))
