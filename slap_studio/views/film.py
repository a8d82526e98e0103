"""Pictures on the time band: the clip's thumbnails, the nearest frame of every latent, the gap and the ruler."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from slap_studio.core.types import Array
from slap_studio.views.theme import Theme
from slap_studio.views.tiles import Tiles, paint_cropped, rounded
from slap_studio.views.time_axis import TimeAxis

HANDLE = 9  # pixels, width of a gap handle
NARROW = 26  # pixels between a gap's handles at the least, so that both and what lies between can be taken
BAR = 5  # pixels, height of a full similarity bar


@dataclass(frozen=True, eq=False)
class Strip:
    """The clip's frames as pictures, with their times [M] in seconds, and as they were painted last."""

    times: NDArray[np.float64]
    pictures: Sequence[QImage]
    tiles: Tiles = field(default_factory=Tiles)

    def at(self, time: float) -> int:
        """Index of the frame on screen at a time."""
        return max(0, int(np.searchsorted(self.times, time + 1e-9, side="right")) - 1)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Nearest observed frame of each hidden latent: times of the path [N + 2], frame indices and similarities [N].

    Of those that are alarming [N] no frame is near.
    """

    times: NDArray[np.float64]
    frames: NDArray[np.intp]
    similarity: Array
    alarming: NDArray[np.bool_]


def paint_names(painter: QPainter, axis: TimeAxis, left: float, nearest: float, clip: float, theme: Theme) -> None:
    """What the rows are called, and a line between them and the curves."""
    painter.setPen(theme.colour("line"))
    painter.drawLine(QPointF(axis.left, nearest - 7), QPointF(axis.left + axis.width, nearest - 7))
    painter.setPen(theme.colour("secondary"))
    for index, line in enumerate(("Nearest", "frames")):
        painter.drawText(QPointF(left, nearest + 21 + theme.size(15) * index), line)
    painter.drawText(QPointF(left, clip), "Clip")


def paint_clip(painter: QPainter, axis: TimeAxis, top: float, height: float, strip: Strip, theme: Theme) -> None:
    """What is in sight of the clip, tile by tile; each shows the frame at its middle, or one where there are few."""
    painter.save()
    painter.setClipPath(rounded(QRectF(axis.left, top, axis.width, height), 5))
    tile = height * _aspect(strip)
    count = max(1, round(axis.width / max(tile, 1)))
    first, last = strip.at(axis.first), strip.at(axis.last)
    if last - first + 1 <= count:
        _paint_each(painter, axis, QRectF(0, top, tile, height), strip, range(first, last + 1), theme)
    else:
        # Tiles belong to times, so that they move with them when the stretch is scrolled.
        step = axis.shown / count
        for index in range(int(axis.first / step), int(axis.last / step - 1e-9) + 1):
            box = QRectF(axis.x(index * step), top, axis.width / count - 1, height)
            paint_cropped(painter, strip.pictures[strip.at((index + 0.5) * step)], box)
    painter.restore()


def _paint_each(painter: QPainter, axis: TimeAxis, tile: QRectF, strip: Strip, frames: range, theme: Theme) -> None:
    """Each sampled frame once, from its time on, and a plain ground up to the next: there is no picture between."""
    ends = [*strip.times[1:].tolist(), axis.duration]
    for frame in frames:
        begin = axis.x(float(strip.times[frame])) if frame else axis.x(0.0)
        slot = QRectF(begin, tile.top(), max(axis.x(ends[frame]) - begin - 1, 1), tile.height())
        painter.fillRect(slot, theme.colour("raised"))
        picture = QRectF(slot.left(), tile.top(), min(tile.width(), slot.width()), tile.height())
        paint_cropped(painter, strip.pictures[frame], picture)


def paint_neighbours(
    painter: QPainter, axis: TimeAxis, top: float, height: float, strip: Strip, nearest: Neighbours, theme: Theme
) -> None:
    """The nearest frame of as many latents as have room, and a similarity bar for every latent."""
    picture_height = height - BAR - 5
    first, last = axis.x(nearest.times[0]), axis.x(nearest.times[-1])
    tile = picture_height * _aspect(strip) * 0.72
    count = min(max(1, int((last - first) / max(tile, 1))), len(nearest.frames))
    wide = (last - first) / count
    for index in range(count):
        box = QRectF(first + index * wide, top, wide, picture_height)
        if not axis.meets(box.left(), box.right()):
            continue
        latent = nearest_latent(nearest, axis.time(box.center().x()))
        if nearest.frames[latent] >= 0:
            # Of few latents that are far apart each picture is seen whole, in the middle of its room.
            spare = max((wide - picture_height * _aspect(strip)) / 2, 1)
            box.adjust(spare, 0, -spare, 0)
            strip.tiles.paint(painter, strip.pictures, int(nearest.frames[latent]), box, corner=4)
    painter.setPen(Qt.PenStyle.NoPen)
    bars: list[QRectF] = []
    painter.setBrush(theme.colour("alarm"))
    for latent in np.flatnonzero(nearest.frames >= 0).tolist():
        begin, end = (axis.x(time) for time in _span(nearest.times, latent))
        if not axis.meets(begin, end):
            continue
        if nearest.alarming[latent]:
            painter.drawPolygon(_triangle((begin + end) / 2, top + height, min(end - begin, 2 * BAR)))
        else:
            tall = BAR * float(np.clip(nearest.similarity[latent], 0.08, 1))
            margin = 0.5 if end - begin > 3 else 0
            bars.append(QRectF(begin + margin, top + height - tall, max(end - begin - 2 * margin, 1), tall))
    painter.setBrush(theme.colour("inferred"))
    painter.drawRects(bars)


def _triangle(middle: float, bottom: float, width: float, height: float = BAR) -> QPolygonF:
    half = max(width / 2, 2.0)
    return QPolygonF([QPointF(middle - half, bottom), QPointF(middle + half, bottom), QPointF(middle, bottom - height)])


def nearest_latent(nearest: Neighbours, time: float) -> int:
    """Index 0..N-1 of the hidden latent closest in time."""
    return int(np.abs(nearest.times[1:-1] - time).argmin())


def neighbour_words(strip: Strip, near: Neighbours, latent: int) -> str:
    """Which observed frame is nearest to a latent; empty where none is."""
    if near.frames[latent] < 0:
        return ""
    return (
        f"Latent {latent + 1} of {len(near.frames)}: its nearest observed frame is at "
        f"{strip.times[near.frames[latent]]:.2f} s, similarity {near.similarity[latent]:.2f}"
    )


def handles(axis: TimeAxis, gap: tuple[float, float]) -> tuple[float, float]:
    """Pixels of a gap's handles: at its ends, or apart enough for a hand where it is narrower than that."""
    start, end = axis.x(gap[0]), axis.x(gap[1])
    aside = max(NARROW - (end - start), 0.0) / 2
    return start - aside, end + aside


def seen_ends(axis: TimeAxis, gap: tuple[float, float]) -> tuple[float, float]:
    """Pixels between which a gap that is not worked on is drawn, wide enough to be clicked on."""
    start, end = axis.x(gap[0]), axis.x(gap[1])
    aside = max(HANDLE - (end - start), 0.0) / 2
    return start - aside, end + aside


def overhang(axis: TimeAxis, gap: tuple[float, float]) -> tuple[int, int]:
    """Pixels that a gap's handles may take beside the axis: those of one that is out of sight none."""
    left, right = (HANDLE if axis.meets(x, x) else 0 for x in handles(axis, gap))
    return left, right


def paint_gap(
    painter: QPainter, axis: TimeAxis, top: float, height: float, gap: tuple[float, float], theme: Theme
) -> None:
    """The hidden stretch of the clip: veiled, framed, with a handle at each end."""
    left, right = handles(axis, gap)
    box = QRectF(left, top, right - left, height)
    veil = QColor(theme.panel)
    veil.setAlphaF(0.55)
    painter.fillRect(box, veil)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("inferred"), theme.line_width(2)))
    painter.drawRoundedRect(box, 4, 4)
    if right - left > axis.x(gap[1]) - axis.x(gap[0]):
        # What is hidden is narrower than what a hand can take.
        hidden = QRectF(axis.x(gap[0]), top, max(axis.x(gap[1]) - axis.x(gap[0]), 1), height)
        painter.fillRect(hidden, theme.colour("inferred", 0.7))
    painter.setPen(Qt.PenStyle.NoPen)
    for x in (box.left(), box.right()):
        handle = QRectF(x - HANDLE / 2, top + height / 2 - 15, HANDLE, 30)
        painter.setBrush(theme.colour("inferred"))
        painter.drawRoundedRect(handle, 3, 3)
        painter.setPen(QPen(theme.colour("on_accent"), 1))
        for offset in (-1.5, 1.5):
            painter.drawLine(QPointF(x + offset, handle.center().y() - 5), QPointF(x + offset, handle.center().y() + 5))
        painter.setPen(Qt.PenStyle.NoPen)


def paint_gap_elsewhere(
    painter: QPainter, axis: TimeAxis, top: float, height: float, gap: tuple[float, float], theme: Theme
) -> None:
    """A gap that is not worked on: veiled, framed thinly, without handles."""
    begin, finish = seen_ends(axis, gap)
    box = QRectF(begin, top, finish - begin, height)
    painter.fillRect(box, theme.colour("panel", 0.45))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("inferred", 0.6), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def paint_cuts(
    painter: QPainter,
    axis: TimeAxis,
    top: float,
    height: float,
    cuts: tuple[float, ...],
    gaps: tuple[tuple[float, float], ...],
    theme: Theme,
) -> None:
    """A line where the clip is cut; inside a gap in the alarm's colour and with its triangle."""
    for cut in cuts:
        inside, x = any(start < cut <= end for start, end in gaps), axis.x(cut)
        painter.setPen(QPen(theme.colour("alarm" if inside else "text"), theme.line_width(2), Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, top), QPointF(x, top + height))
        if inside:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("alarm"))
            painter.drawPolygon(_triangle(x, top + 2 * BAR, 2.4 * BAR, 2 * BAR))


def paint_ruler(painter: QPainter, axis: TimeAxis, top: float, theme: Theme) -> None:
    """Ticks with times in seconds, of what is in sight."""
    painter.setPen(theme.colour("secondary"))
    for time in axis.ticks(theme.size(72)):
        x = axis.x(time)
        painter.drawLine(QPointF(x, top), QPointF(x, top + 4))
        text = f"{time:.10g} s"
        width = painter.fontMetrics().horizontalAdvance(text)
        # The first and the last stay within the axis.
        left = min(max(x - width / 2, axis.left - 2), axis.left + axis.width - width)
        painter.drawText(QPointF(left, top + 4 + painter.fontMetrics().ascent()), text)


def _span(times: NDArray[np.float64], latent: int) -> tuple[float, float]:
    """Stretch of time that hidden latent 0..N-1 stands for: halfway to its neighbours."""
    before, here, after = times[latent : latent + 3]
    return float((before + here) / 2), float((here + after) / 2)


def _aspect(strip: Strip) -> float:
    return strip.pictures[0].width() / max(strip.pictures[0].height(), 1)
