"""Makes every picture of docs/guide from the real window: `make guide`, or with names of scenes only those.

A scene is a few lines that do what a hand does. What it returns is cut out of the window, perhaps with numbers on
parts that the text speaks of. The line with the machine's timings is left out: the same window gives the same file.
All scenes share one window, so that the map is fitted once; each begins as if its clip had just been opened.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
IMAGES = REPOSITORY / "docs" / "guide" / "images"
SIZE = (1280, 800)
COLOURS = 255  # of a picture's palette
LARGEST = 200_000  # bytes of a picture; a larger one gets fewer colours
QUIET = 900  # milliseconds without any work before a picture is taken
LONGEST = 600_000  # milliseconds after which a scene is given up: the first fit of the map compiles for long


@dataclass(frozen=True)
class Picture:
    """What is cut out of the window.

    Attributes
    ----------
    part
        A widget, or None for the whole window.
    numbers
        Widgets that get the numbers 1, 2, 3 …
    focused
        Whether what has the keyboard keeps it.
    """

    part: Any = None
    numbers: tuple[Any, ...] = ()
    focused: bool = False


@dataclass
class Scenes:
    """All scenes by their names, which are those of the files."""

    found: dict[str, Callable[["Hand"], Picture]] = field(default_factory=dict)

    def __call__(self, act: Callable[["Hand"], Picture]) -> Callable[["Hand"], Picture]:
        """Add a scene under its function's name."""
        self.found[act.__name__.replace("_", "-")] = act
        return act


scene = Scenes()

# ---- first five minutes ------------------------------------------------------------------------


@scene
def first_welcome(hand: "Hand") -> Picture:
    hand.controller.go_home()
    hand.rest()
    return Picture()


@scene
def first_window(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    return Picture(numbers=(
        hand.window.top.query, space.stage, space.time, space.physics, space.steps, space.inspector
    ))  # fmt: skip


@scene
def first_gap(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.gaps.move(2.5, 6.5)
    hand.rest()
    return Picture(space.time)


@scene
def first_query(hand: "Hand") -> Picture:
    hand.open("tunnel", query="a crimson cube")
    return Picture(hand.window.top)


@scene
def first_cursor(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.move_cursor(4.0)
    hand.rest()
    return Picture(space.inspector)


@scene
def first_reveal(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.choosing.toggle_reveal()
    hand.rest()
    return Picture(space.stage)


# ---- the three regimes -------------------------------------------------------------------------


@scene
def regimes_ballistic(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.set(coupling=0.0)
    return Picture(space.stage)


@scene
def regimes_resonant(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.set(coupling=0.5)
    return Picture(space.stage)


@scene
def regimes_strong(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.set(coupling=5.0)
    return Picture(space.stage)


@scene
def regimes_early(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.set(coupling=0.5, mass=10.0)
    hand.controller.choosing.step_size(0.04)
    hand.controller.choosing.steps(40)
    hand.rest()
    return Picture(space.time)


@scene
def regimes_flat(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.experimenting.show("flat-energy")
    hand.rest()
    return Picture(space.time)


@scene
def regimes_twins(hand: "Hand") -> Picture:
    hand.open("tunnel")
    hand.controller.experimenting.show("twins")
    hand.rest()
    return Picture()


@scene
def regimes_bifurcation(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.experimenting.show("bifurcation")
    hand.rest()
    return Picture(space.stage)


# ---- debugging a tunnel ------------------------------------------------------------------------


@scene
def debug_gaps(hand: "Hand") -> Picture:
    space = hand.open("pillars", hide=None)
    return Picture(space.time)


@scene
def debug_alarm(hand: "Hand") -> Picture:
    space = hand.open("swap")
    space.time.rows.curves.show_curve("readout")
    hand.controller.alarms.next()
    hand.rest()
    return Picture(space.time)


@scene
def debug_inspector(hand: "Hand") -> Picture:
    space = hand.open("swap")
    hand.window.resize(SIZE[0], 1150)  # all of it can be seen
    hand.controller.move_cursor(4.2)
    hand.rest()
    return Picture(space.inspector)


@scene
def debug_pins(hand: "Hand") -> Picture:
    hand.open("tunnel")
    hand.controller.pinning.pin()
    hand.set(coupling=5.0)
    return Picture()


@scene
def debug_slice(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.choosing.view("slice")
    hand.rest()
    return Picture(space.stage)


@scene
def debug_globe(hand: "Hand") -> Picture:
    space = hand.open("tunnel")
    hand.controller.choosing.view("globe")
    hand.rest()
    return Picture(space.stage)


# ---- sessions and exports ----------------------------------------------------------------------


@scene
def keep_palette(hand: "Hand") -> Picture:
    hand.open("tunnel")
    hand.window.open_palette()
    return Picture(hand.type("export").window(), focused=True)


# ---- lessons -----------------------------------------------------------------------------------


@scene
def lessons_predict(hand: "Hand") -> Picture:
    hand.begin_lesson("resonant", stage=1)
    return Picture()


@scene
def lessons_reveal(hand: "Hand") -> Picture:
    hand.begin_lesson("resonant", stage=1)
    hand.set(coupling=0.4)
    hand.controller.teaching.predict("slider")
    hand.controller.teaching.reveal()
    hand.rest()
    return Picture()


@scene
def lessons_task(hand: "Hand") -> Picture:
    hand.begin_lesson("resonant", stage=5)
    hand.controller.choosing.steps(40)
    hand.rest()
    return Picture(hand.side)


# ---- how a picture is made ---------------------------------------------------------------------


class Hand:
    """Does in one window what a scene asks, and waits until the window has come to rest."""

    def __init__(self, controller: Any) -> None:
        self.controller = controller
        self.window = controller.window
        self._mapped = False
        self._opened: dict[str, Any] = {}
        controller.map_shown.connect(lambda _kind: setattr(self, "_mapped", True))
        controller.clip_shown.connect(lambda: setattr(self, "_mapped", False))

    @property
    def side(self) -> Any:
        """The column of a lesson or an experiment."""
        return self.window.side

    def open(self, sample: str, query: str = "a red cube", hide: str | None = "30%:60%") -> Any:
        """A sample as it is just after opening, on its own map; gives the workspace.

        Hidden is what is said, or with None what the sample suggests.
        """
        from slap_studio.app.moving import move_to
        from slap_studio.app.opening import Opening
        from slap_studio.lessons.lesson import Settings
        from slap_studio.resources import sample_videos

        path = sample_videos() / f"{sample}.mp4"
        self.window.resize(*SIZE)
        self.controller.teaching.leave()
        if self.controller.session.video != path:
            self._mapped = False  # the map of the clip before is not waited for
            self.controller.open(Opening(path, "a red cube", hide))
            self.wait(lambda: self._mapped)
            self._opened[sample] = self.controller.session
        as_opened = self._opened[sample]
        self.window.show_workspace(path)
        move_to(self.controller, Settings(query=query, view="map", curve="energy"), lambda _now: as_opened)
        self.rest()
        return self.window.workspace

    def begin_lesson(self, name: str, stage: int) -> None:
        """Open a shipped lesson at a stage, from 0."""
        from slap_studio.lessons.shipped import shipped_lessons

        teaching, lesson = self.controller.teaching, shipped_lessons()[name]
        if not teaching.running or teaching.progress.lesson is not lesson:
            teaching.start(lesson)
            self.wait(lambda: teaching.running and self._mapped)
        self.controller.teaching.go_to(stage)
        self.rest()

    def type(self, text: str) -> Any:
        """Into whatever has the keyboard; gives that."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        field = QApplication.focusWidget()
        QTest.keyClicks(field, text)
        return field

    def leave(self) -> None:
        """Out of an experiment and of the palette, for the next scene."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Escape)
        self.controller.experimenting.leave()

    def set(self, **physics: float) -> None:
        """Another λ or μ."""
        self.controller.choosing.physics(**physics)
        self.rest()

    def rest(self) -> None:
        """Wait until no lane has worked for a while."""
        from PySide6.QtCore import QElapsedTimer

        quiet = QElapsedTimer()
        quiet.start()

        def rested() -> bool:
            if not all(lane.idle for lane in self.controller.lanes.values()):
                quiet.restart()
            return quiet.elapsed() > QUIET

        self.wait(rested)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the window live until a condition holds."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, look, late = QEventLoop(), QTimer(interval=25), QTimer(singleShot=True, interval=LONGEST)
        look.timeout.connect(lambda: loop.quit() if condition() else None)
        late.timeout.connect(lambda: loop.exit(1))
        look.start()
        late.start()
        if loop.exec():
            raise SystemExit("The window did not come to rest; run the same by hand to see why.")


def take(hand: Hand, picture: Picture) -> Any:
    """The picture's part of the window, with its numbers, as an image."""
    from PySide6.QtCore import QPoint, QPointF, QRect, Qt
    from PySide6.QtGui import QColor, QPainter

    window = hand.window
    if not picture.focused:
        window.setFocus()
    pixels = window.grab()
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(window.font())
    for number, part in enumerate(picture.numbers, start=1):
        corner = part.mapTo(window, QPoint(part.width() // 2, 0))
        where = QPointF(corner.x(), corner.y() + 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(window.theme.inferred))
        painter.drawEllipse(where, 12, 12)
        painter.setPen(QColor(window.theme.on_accent))
        painter.drawText(
            QRect(int(where.x()) - 12, int(where.y()) - 12, 24, 24), Qt.AlignmentFlag.AlignCenter, str(number)
        )
    painter.end()
    part = picture.part
    if part is not None and part.isWindow():
        return part.grab()
    if part is None:
        # Without the line below, which tells this machine's timings.
        return pixels.copy(0, 0, window.width(), window.statusBar().y())
    return pixels.copy(QRect(part.mapTo(window, QPoint(0, 0)), part.size()))


def write(pixels: Any, path: Path) -> None:
    """Write an image with a palette, as small as it must be."""
    import io

    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixels.toImage().save(buffer, "PNG")
    image = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    for colours in (COLOURS, 128, 64):
        made = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() < LARGEST:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.getvalue())


def main(names: list[str]) -> None:
    """Make the pictures of these scenes, or of all."""
    unknown = set(names) - set(scene.found)
    if unknown:
        raise SystemExit(f"There is no scene {', '.join(sorted(unknown))}; there are {', '.join(scene.found)}.")
    from slap_studio.app.jobs import wait_for
    from slap_studio.app.main import make_application, make_studio

    application = make_application()
    application.setCursorFlashTime(0)
    controller = make_studio(application, "light")
    controller.window.resize(*SIZE)
    controller.window.show()
    hand = Hand(controller)
    hand.rest()
    for name in names or scene.found:
        picture = scene.found[name](hand)
        write(take(hand, picture), IMAGES / f"{name}.png")
        hand.leave()
        print(f"docs/guide/images/{name}.png", flush=True)
    controller.close()
    wait_for(controller.lanes.values())
    controller.window.close()


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    # Neither the user's theme nor the files that were opened before belong into a picture.
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = home
        main(sys.argv[1:])
