"""What the desktop sees of the program: its icon, its name, and the files that it asks it to open."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from slap_studio.app.asked_by_system import AskedBySystem
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def test_the_window_has_the_programs_icon_in_every_size(studio: Studio) -> None:
    icon = studio.window.windowIcon()
    assert {size.width() for size in icon.availableSizes()} >= {16, 24, 32, 48, 64, 128, 256}
    for size in (16, 32, 48, 256):
        image = icon.pixmap(size, size).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert "#56b4e9" in colours  # the observed latents
    # Where the icon's corners are round, what is behind them shows.
    assert icon.pixmap(256, 256).toImage().pixelColor(0, 0).alpha() == 0
    assert QGuiApplication.desktopFileName() == "slap-studio"


def test_a_file_that_the_system_asks_for_is_opened(studio: Studio, tmp_path: Path, small_clip: Path) -> None:
    application = QApplication.instance()
    assert application is not None
    watcher = AskedBySystem(studio.controller, studio.window.file_asked.emit)
    application.installEventFilter(watcher)
    clip = tmp_path / "ein Clíp.mp4"
    clip.write_bytes(small_clip.read_bytes())
    QApplication.sendEvent(application, QFileOpenEvent(str(clip)))
    studio.wait(lambda: studio.session.video == clip)
    application.removeEventFilter(watcher)
