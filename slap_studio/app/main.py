"""Start the application: a window first, everything heavy after it."""

import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.app.faults import watched_for_faults
from slap_studio.app.opening import Opening
from slap_studio.app.screen import has_screen, virtual_screen
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput
from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from slap_studio.app.controller import Controller

_SETTLED = 700  # milliseconds without anything new before a screenshot is taken
_LONGEST = 300_000  # milliseconds after which a screenshot is given up
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
        return write_screenshot(opening, or_screenshot, "1440x900", "dark", tell)
    application = make_application()
    controller = make_studio(application)
    if launch_report is not None:
        _report_launch(controller, *launch_report)
    controller.window.show()
    start(controller, opening)
    with watched_for_faults(lambda sentence: controller.window.tell(sentence, problem=True)):
        return application.exec()


def write_screenshot(opening: Opening, out: Path, size: str, theme: str, tell: Callable[[str], None]) -> int:
    """Open a window, wait for its path and its map, and write a picture of it.

    Raises
    ------
    UnusableInput
        If the size, the theme or the input cannot be used, or there is neither a screen nor Xvfb.
    """
    from slap_studio.views.theme import THEMES

    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", size)
    if match is None:
        raise UnusableInput(f"The size {size!r} is not WIDTHxHEIGHT; write for example 1440x900.")
    if theme not in THEMES:
        raise UnusableInput(f"There is no theme {theme!r}; use {' or '.join(THEMES)}.")
    if out.suffix.lower() != ".png":
        raise UnusableInput(f"A screenshot is written as .png, but the name is {out.name}; change its ending.")
    width, height = int(match[1]), int(match[2])
    if has_screen():
        return _screenshot(opening, out, (width, height), theme, tell)
    with virtual_screen(width, height):
        return _screenshot(opening, out, (width, height), theme, tell)


def make_application() -> "QApplication":
    """The Qt application, with the program's type and without other programs' plugins."""
    _keep_triton_out()
    # OpenCV points Qt at plugins of its own; it must not when it is imported later.
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from slap_studio.views import theme as themes

    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("SLAP Studio")
    application.setOrganizationName("SLAP Studio")
    application.setApplicationDisplayName("SLAP Studio")
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
    from slap_studio.app.controller import Controller
    from slap_studio.app.settings import Settings
    from slap_studio.app.wiring import join
    from slap_studio.views import theme as themes
    from slap_studio.views.welcome import Sample
    from slap_studio.views.window import Window

    settings = Settings()
    chosen = themes.THEMES[theme or settings.theme]
    themes.apply(application, chosen)
    folder = sample_videos()
    samples = [
        Sample(folder / f"{name}.mp4", title, text, folder / f"{name}.jpg") for name, (title, text) in _SAMPLES.items()
    ]
    window = Window(chosen, samples)
    window.set_theme(chosen)
    window.show_recent(settings.recent)
    controller = Controller(window, settings)
    join(controller)
    window.open_asked.connect(lambda: _ask_for_file(controller))
    window.other_encoder_asked.connect(lambda: _ask_for_encoder(controller))
    return controller


def start(controller: "Controller", opening: Opening) -> None:
    """Once the window has been painted, begin with what takes long."""
    from PySide6.QtCore import QTimer

    def begin() -> None:
        controller.warm_up()
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


def _ask_for_file(controller: "Controller") -> None:
    from PySide6.QtWidgets import QFileDialog

    video = controller.session.video
    folder = str(video.parent if video else sample_videos())
    kinds = "Videos (*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.mpg *.mpeg *.ts *.gif);;All files (*)"
    name, _ = QFileDialog.getOpenFileName(controller.window, "Open a video", folder, kinds)
    if name:
        controller.open_file(Path(name))


def _ask_for_encoder(controller: "Controller") -> None:
    from PySide6.QtWidgets import QInputDialog

    name, chosen = QInputDialog.getText(
        controller.window,
        "Another encoder",
        "An open_clip model as NAME/TAG, for example ViT-B-32/laion2b_s34b_b79k (downloaded once),\n"
        "NAME/FILE for a checkpoint of yours, or a folder in open_clip's layout:",
    )
    if chosen and name.strip():
        controller.choose_encoder(name.strip())


def _screenshot(opening: Opening, out: Path, size: tuple[int, int], theme: str, tell: Callable[[str], None]) -> int:
    from PySide6.QtCore import QTimer

    application = make_application()
    controller = make_studio(application, theme)
    window = controller.window
    problems: list[str] = []
    settled = QTimer(singleShot=True, interval=_SETTLED)

    def taken() -> None:
        picture = window.grab()
        try:
            with replacing(out) as beside:
                if not picture.save(str(beside), "PNG"):
                    problems.append(
                        f"{out} could not be written; check the folder's permissions and the space on its disk."
                    )
        except UnusableInput as problem:
            problems.append(str(problem))
        application.exit(2 if problems else 0)

    def refused(answer: object) -> None:
        if getattr(answer, "problem", None):
            problems.append(answer.problem)  # type: ignore[attr-defined]
            application.exit(2)

    def faulty(sentence: str) -> None:
        problems.append(sentence)
        application.exit(1)

    def late() -> None:
        problems.append("The window did not come to rest; run slap-studio solve on the same input to see why.")
        application.exit(2)

    settled.timeout.connect(taken)

    def mapped(_kind: str) -> None:
        # The path is drawn and measured again on the map: rest begins anew with each.
        controller.measuring.measured.connect(lambda _measured: settled.start())
        if not controller.session.query:
            settled.start()

    controller.map_shown.connect(mapped)
    for lane in controller.lanes.values():
        lane.answered.connect(refused)
    QTimer.singleShot(_LONGEST, late)
    window.resize(*size)
    window.show()
    start(controller, opening)
    with watched_for_faults(faulty):
        status = application.exec()
    controller.close()
    window.close()
    for problem in dict.fromkeys(problems):
        tell(problem)
    return status
