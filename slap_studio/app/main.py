"""Start the application: a window first, everything heavy after it."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.app.allocation import keep_less
from slap_studio.app.faults import watched_for_faults
from slap_studio.app.opening import Opening
from slap_studio.app.screen import has_screen
from slap_studio.problems import UnusableInput
from slap_studio.processors import leave_one_to_the_window
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from slap_studio.app.controller import Controller
    from slap_studio.views.welcome import Offer

_SAMPLES = {
    "tunnel": ("Tunnel", "A red cube goes in, a red cube comes out."),
    "swap": ("Swap", "A red cube goes in, a blue ball comes out."),
    "pillars": ("Pillars", "Hidden three times, for half a second each."),
    "open_track": ("Open track", "Never hidden: the control."),
}


def open_studio(
    opening: Opening, or_screenshot: Path | None, launch_report: tuple[Path, float] | None, tell: Callable[[str], None]
) -> int:
    """Open the window and run until it is closed.

    Raises
    ------
    UnusableInput
        If there is no screen, and no picture was asked for instead.
    """
    if not has_screen():
        if or_screenshot is None or opening.video is None:
            raise UnusableInput(
                "No screen was found; run this on a desktop, or take a picture with slap-studio screenshot."
            )
        tell(f"No screen was found, so a picture of the window is written to {or_screenshot} instead.")
        from slap_studio.app.screenshot import write_screenshot

        return write_screenshot(opening, or_screenshot, "1440x900", "dark", tell)
    from slap_studio.app.asked_by_system import AskedBySystem
    from slap_studio.app.ending import ended
    from slap_studio.app.journal import keep_journal

    keep_journal()
    application = make_application()
    controller = make_studio(application)
    controller.looks.remember_place()
    if sys.platform == "darwin":
        # Elsewhere nobody sends such an event, and a filter in Python costs every other one.
        application.installEventFilter(AskedBySystem(application, controller.window.file_asked.emit))
    if launch_report is None:
        controller.keeping.attend()
    else:
        _report_launch(controller, *launch_report)
    controller.window.show()
    start(controller, opening)
    with watched_for_faults(lambda sentence: controller.window.tell(sentence, problem=True)):
        status = application.exec()
    # Qt writes them when they are let go, and that may not come.
    controller.settings.write()
    return ended(controller.lanes.values(), status)


def make_application() -> "QApplication":
    """The Qt application, with the program's type and without other programs' plugins."""
    _keep_triton_out()
    keep_less()
    leave_one_to_the_window()
    # OpenCV points Qt at plugins of its own; it must not when it is imported later.
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]
    from PySide6.QtWidgets import QApplication

    from slap_studio.app.garbage import GarbageCollector
    from slap_studio.views import theme as themes

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("SLAP Studio")
    application.setOrganizationName("SLAP Studio")
    application.setApplicationDisplayName("SLAP Studio")
    # By this name a Linux desktop joins the window with its entry (assets/desktop).
    application.setDesktopFileName("slap-studio")
    application.setWindowIcon(themes.program_icon())
    if application.findChild(GarbageCollector) is None:
        GarbageCollector(application)
    themes.load_fonts()
    return application


def _keep_triton_out() -> None:
    """Let `import triton` fail in the window's process.

    torch imports triton where it is installed, and triton brings an LLVM of its own. Mesa's OpenGL drivers
    load the system's LLVM into the same process, and the second of the two to arrive crashes it. triton only
    serves torch.compile, which is not used here.
    """
    if "triton" not in sys.modules:
        sys.modules["triton"] = None  # type: ignore[assignment]


def make_studio(application: "QApplication", theme: str | None = None) -> "Controller":
    """A window with its controller, not shown yet."""
    from slap_studio.app.actions import actions
    from slap_studio.app.controller import Controller
    from slap_studio.app.garbage import GarbageCollector
    from slap_studio.app.settings import Settings
    from slap_studio.app.wiring import join
    from slap_studio.views import theme as themes
    from slap_studio.views.welcome import Sample
    from slap_studio.views.window import Window

    settings = Settings()
    chosen = themes.chosen(theme or settings.theme, settings.font_size)
    themes.apply(application, chosen)
    folder = sample_videos()
    samples = [
        Sample(folder / f"{name}.mp4", title, text, folder / f"{name}.jpg") for name, (title, text) in _SAMPLES.items()
    ]
    window = Window(chosen, samples, _lessons())
    window.set_theme(chosen)
    controller = Controller(window, settings)
    controller.looks.begin(theme or settings.theme)
    join(controller)
    collector = application.findChild(GarbageCollector)
    if collector is not None:
        collector.pass_over_libraries(controller.lanes.values())
    window.set_actions(actions(controller, samples))
    window.show_recent(settings.recent)
    return controller


def _lessons() -> "list[Offer]":
    """The lessons as the welcome page offers them."""
    from slap_studio.lessons.shipped import lesson_path, shipped_lessons
    from slap_studio.views.welcome import Offer

    return [
        Offer(lesson_path(name), lesson.title, lesson.about, f"{lesson.minutes} minutes")
        for name, lesson in shipped_lessons().items()
    ]


def start(controller: "Controller", opening: Opening) -> None:
    """Once the window has been painted, begin with what takes long."""
    from PySide6.QtCore import QTimer

    def begin() -> None:
        if opening.video is None:
            # The time in which somebody reads the welcome page. Beside a clip that is asked for it would cost time.
            controller.warm_up()
        if opening.lesson is not None:
            controller.teaching.start(opening.lesson)
        else:
            controller.open(opening)

    def painted() -> None:
        controller.window.painted.disconnect(painted)
        QTimer.singleShot(0, begin)

    controller.window.painted.connect(painted)


def _report_launch(controller: "Controller", file: Path, began: float) -> None:
    """Write the seconds from `began` (since the epoch) to the first picture and to the first path, then close."""
    times: dict[str, float] = {}

    def painted() -> None:
        times.setdefault("window_s", time.time() - began)

    def drawn(_answer: object) -> None:
        times.setdefault("path_s", time.time() - began)
        file.write_text(json.dumps(times), encoding="utf-8")
        controller.window.close()

    controller.window.painted.connect(painted)
    controller.path_shown.connect(drawn)
