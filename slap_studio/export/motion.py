"""The path in motion, as MP4 or GIF: a marble that runs along it in time, or the path itself as it descends.

What stands still is drawn once; a frame adds only what moves.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slap_studio.core.alarm import tunnel_alarm
from slap_studio.core.types import Array
from slap_studio.export import energy_figure, map_figure, steps_figure, style
from slap_studio.export.subject import Subject
from slap_studio.media.files import replacing
from slap_studio.problems import Cancelled, UnusableInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Frame = NDArray[np.uint8]
INCHES = (12.8, 7.2)
FILM_DOTS, GIF_DOTS = 100, 75  # per inch: 1280 × 720, and 960 × 540
RATE = 25.0  # frames per second of a motion in time
FEWEST, MOST = 50, 500  # frames: a short gap is slowed down, a long one sped up
MOST_STEPS = 250  # frames of a descent; of a longer one every so many steps are shown
ENDINGS = (".mp4", ".gif")


@dataclass(frozen=True)
class Motion:
    """What moves.

    Attributes
    ----------
    moments
        Times in seconds, or steps, one for each frame.
    rate
        Frames per second.
    paint
        Draws what stands still into a figure; gives what moves, and what lets it show a moment.
    """

    moments: Array
    rate: float
    paint: Callable[["Figure", Subject], "Moving"]


@dataclass(frozen=True)
class Moving:
    """What is drawn anew for every frame, from below upwards, and how it is told the moment."""

    artists: tuple[Any, ...]
    show: Callable[[float], None]


def over_time(subject: Subject) -> Motion:
    """From one anchor to the other, in real time where that is between two seconds and twenty."""
    times = subject.answer.posed.times
    count = int(np.clip(round(RATE * float(times[-1] - times[0])), FEWEST, MOST))
    return Motion(np.linspace(times[0], times[-1], count), RATE, _marble)


def over_steps(subject: Subject) -> Motion:
    """From the geodesic to the drawn path, which is shown for one second more."""
    last = min(subject.answer.request.descent.steps, len(subject.answer.along.action) - 1)
    steps = np.unique(np.linspace(0, last, min(last + 1, MOST_STEPS)).round())
    rate = float(np.clip(len(steps) / 5, 5, RATE))
    return Motion(np.concatenate([steps, np.full(round(rate), last)]), rate, _descending)


MOTIONS = {"time": over_time, "steps": over_steps}


def write(
    path: Path, name: str, subject: Subject, cancelled: Callable[[], bool], progress: Callable[[float], None]
) -> None:
    """Write a motion as MP4 or GIF, as its name ends; it appears only when it is whole.

    Parameters
    ----------
    progress
        Called with the share done, 0 to 1.

    Raises
    ------
    UnusableInput
        If the ending is neither, or the file cannot be written.
    Cancelled
        When `cancelled` says so.
    """
    motion, ending = MOTIONS[name](subject), path.suffix.lower()
    if ending == ".mp4":
        from slap_studio.media.write import write_video

        write_video(path, frames(motion, subject, FILM_DOTS, cancelled, progress), rate=motion.rate)
    elif ending == ".gif":
        _write_gif(path, frames(motion, subject, GIF_DOTS, cancelled, progress), motion.rate)
    else:
        raise UnusableInput(f"A motion is written as .mp4 or .gif, not as {ending or 'a name without an ending'}.")


def frames(
    motion: Motion, subject: Subject, dots: int, cancelled: Callable[[], bool], progress: Callable[[float], None]
) -> Iterator[Frame]:
    """The frames of a motion, RGB [H, W, 3].

    Raises
    ------
    Cancelled
        When `cancelled` says so, before the next frame.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.dressed():
        figure = style.empty(*INCHES)
        figure.set_dpi(dots)
        canvas = FigureCanvasAgg(figure)
        moving = motion.paint(figure, subject)
        style.caption_below(figure, subject)
        moving.show(float(motion.moments[0]))
        for artist in moving.artists:
            artist.set_animated(True)
        canvas.draw()
        still = canvas.copy_from_bbox(figure.bbox)
        for index, moment in enumerate(motion.moments):
            if cancelled():
                raise Cancelled
            canvas.restore_region(still)
            moving.show(float(moment))
            for artist in moving.artists:
                figure.draw_artist(artist)
            yield np.asarray(canvas.buffer_rgba())[..., :3].copy()
            progress((index + 1) / len(motion.moments))


def _write_gif(path: Path, images: Iterator[Frame], rate: float) -> None:
    from PIL import Image

    # Delays of a GIF are hundredths of a second.
    delay = 10 * round(100 / rate)
    with replacing(path) as beside, beside.open("wb") as file:
        first, rest = Image.fromarray(next(images)), (Image.fromarray(image) for image in images)
        first.save(file, format="GIF", save_all=True, append_images=rest, duration=delay, loop=0)


def _marble(figure: "Figure", subject: Subject) -> Moving:
    """The path at rest, a marble on it, the cursor in the energies, and the frame that is nearest to the latent."""
    answer = subject.answer
    stage, side = _stage(figure, subject, 4)
    map_figure.trail(stage, subject)
    map_figure.ends(stage, subject)
    figure.legend(loc="outside upper center", ncols=6, frameon=False, fontsize=9)
    (marble,) = stage.plot([], [], "o", color=style.INFERRED, markersize=13, markeredgecolor=style.TEXT, zorder=12)
    title = stage.set_title("", loc="left", fontsize=13)
    energy_figure.panels(side[1:], subject)
    cursors = [axes.axvline(answer.posed.times[0], color=style.TEXT, linewidth=1.2) for axes in side[1:]]
    picture, seen = side[0].imshow(_nearest(subject, 0)), side[0].set_title("", fontsize=9)
    side[0].set_axis_off()
    times = answer.posed.times

    def show(time: float) -> None:
        marble.set_data(*([np.interp(time, times, column)] for column in answer.places.T))
        for cursor in cursors:
            cursor.set_xdata([time, time])
        index = int(np.abs(times - time).argmin())
        picture.set_data(_nearest(subject, index))
        title.set_text(f"t = {time:.2f} s")
        seen.set_text(f"nearest observed frame, {_frame_time(subject, index):.2f} s")

    return Moving((picture, seen, *cursors, marble, title), show)


def _descending(figure: "Figure", subject: Subject) -> Moving:
    """The path after each step, and the cursor in S, S_kin, E_pot and the largest gradient."""
    answer = subject.answer
    stage, side = _stage(figure, subject, 4)
    trail = map_figure.trail(stage, subject)
    above = map_figure.ends(stage, subject)
    figure.legend(loc="outside upper center", ncols=6, frameon=False, fontsize=9)
    title = stage.set_title("", loc="left", fontsize=13)
    steps_figure.panels(side, subject, drawn=False)
    cursors = [axes.axvline(0, color=style.TEXT, linewidth=1.2) for axes in side]
    observed = answer.request.clip.latents[answer.posed.observed]

    def show(step: float) -> None:
        index = round(step)
        latents = subject.path_after(index)
        raised = tunnel_alarm(latents[1:-1], observed, answer.alarm.limit).raised
        trail.show(answer.request.picture.place(latents), raised)
        for cursor in cursors:
            cursor.set_xdata([index, index])
        title.set_text(f"step {index} · S = {answer.along.action[index]:.4g}")

    return Moving((*trail.artists, *above, *cursors, title), show)


def _stage(figure: "Figure", subject: Subject, panels: int) -> tuple[Any, Any]:
    """Axes with the landscape, and so many panels above one another right of them."""
    grid = figure.add_gridspec(panels, 2, width_ratios=(2.1, 1))
    stage = figure.add_subplot(grid[:, 0])
    map_figure.ground(stage, figure, subject)
    side = [figure.add_subplot(grid[row, 1]) for row in range(panels)]
    return stage, side


def _nearest(subject: Subject, index: int) -> Frame:
    """Picture of the observed frame that is nearest to a latent of the path; an anchor's own."""
    from PIL import Image

    data = subject.answer.request.clip.thumbnails[_frame(subject, index)]
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _frame(subject: Subject, index: int) -> int:
    answer = subject.answer
    if index in (0, len(answer.latents) - 1):
        return answer.posed.gap.after if index else answer.posed.gap.before
    return int(answer.nearest[index - 1, 0])


def _frame_time(subject: Subject, index: int) -> float:
    return float(subject.answer.request.clip.times[_frame(subject, index)])
