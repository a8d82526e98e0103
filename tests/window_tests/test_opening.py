"""How the real window begins: the welcome page, a drop, a clip without a query, a fault."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QToolButton, QTreeView

from slap_studio.app.main import make_studio, start
from slap_studio.app.opening import Opening
from slap_studio.app.screenshot import write_screenshot
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def test_the_welcome_page_offers_four_samples_that_open_by_a_click_and_by_a_key(studio: Studio) -> None:
    cards = studio.window.welcome.cards
    assert len(cards) == 4
    assert all(card.isVisible() for card in cards)
    QTest.mouseClick(cards[0], Qt.MouseButton.LeftButton)
    studio.wait(lambda: len(studio.answers) > 0)
    assert studio.session.video.name == "tunnel.mp4"
    assert studio.session.query == "a red cube"
    assert studio.session.gap.start == pytest.approx(3.1, abs=0.15)
    assert studio.session.gap.end == pytest.approx(5.9, abs=0.15)
    studio.controller.go_home()
    cards[3].setFocus()
    QTest.keyClick(cards[3], Qt.Key.Key_Return)
    studio.wait(lambda: studio.session.video.name == "open_track.mp4")
    assert studio.settle().request.clip.info.path.name == "open_track.mp4"


def test_a_dropped_video_opens_and_what_is_no_video_leaves_the_session_as_it_was(
    opened: Studio, tmp_path: Path
) -> None:
    before = opened.session
    wrong = tmp_path / "kein Vidéo.mp4"
    wrong.write_text("only text")
    assert opened.drop(wrong)
    opened.wait(lambda: opened.window.message.text != "")
    assert "kein Vidéo.mp4" in opened.window.message.text
    assert opened.session == before
    opened.drop(tmp_path)
    opened.wait(lambda: "folder" in opened.window.message.text)
    assert opened.session == before
    right = tmp_path / "ein Tünnel für alle.mp4"
    right.write_bytes(before.video.read_bytes())
    assert opened.drop(right)
    opened.wait(lambda: opened.session.video == right)
    assert opened.settle().request.clip.info.path == right


def test_where_the_system_has_no_dialog_for_files_qts_own_can_be_read(studio: Studio, small_clip: Path) -> None:
    looked: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            return
        looked.clear()
        files, text = dialog.findChild(QTreeView), dialog.palette().windowText().color().lightness()
        header = files.header()
        # Each column but the names', which take what is left, is as wide as what it says.
        looked.extend(
            f"column {column}" for column in range(1, 4) if header.sectionSize(column) < files.sizeHintForColumn(column)
        )
        for name in ("backButton", "forwardButton", "toParentButton"):
            button = dialog.findChild(QToolButton, name)
            drawn = button.icon().pixmap(button.iconSize()).toImage()
            colour = drawn.pixelColor(drawn.width() // 2, drawn.height() // 2)
            room = button.contentsRect().adjusted(2, 2, -2, -2).width()
            if room < button.iconSize().width() or abs(colour.lightness() - text) > 60 or colour.alpha() < 100:
                looked.append(f"{name} {room} {colour.name()}")
        # Files come in one after the other, and columns are widened a little after each.
        nonlocal left
        left -= 1
        if looked and left:
            return
        looks.stop()
        looked.append("looked")
        field = dialog.findChild(QLineEdit)
        field.setText(str(small_clip))
        QTest.keyClick(field, Qt.Key.Key_Return)

    left = 100  # looks
    looks = QTimer(interval=20)
    looks.timeout.connect(look)
    looks.start()
    (entry,) = (action for action in studio.window.menus.actions if action.name == "file.open")
    studio.window.menus.run(entry)
    studio.wait(lambda: studio.session.video == small_clip)
    assert looked == ["looked"]


def test_a_clip_without_a_query_says_what_to_do_and_a_query_brings_the_path(studio: Studio, small_clip: Path) -> None:
    studio.controller.open(Opening(small_clip))
    studio.wait(lambda: studio.controller.session.video == small_clip)
    assert studio.space.stage.hint.isVisible()
    assert "what to look for" in studio.space.stage.hint.text()
    assert studio.answers == []
    assert studio.window.message.text == ""
    # Without a window manager no window is active; this is what will have the focus once it is.
    assert studio.window.focusWidget() is studio.window.top.query
    QTest.keyClicks(studio.window.top.query, "a red cube")
    studio.wait(lambda: len(studio.answers) > 0)
    assert not studio.space.stage.hint.isVisible()
    assert studio.settle().request.query == "a red cube"


def test_a_fault_in_a_slot_ends_a_screenshot_with_1_and_writes_nothing(
    qapp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("slap_studio.app.controller.Controller.warm_up", broken)
    told: list[str] = []
    out = tmp_path / "window.png"
    # pytest-qt would catch the exception before the program sees it.
    monkeypatch.setattr("sys.excepthook", sys.__excepthook__)
    assert write_screenshot(Opening(), out, "800x600", "dark", told.append) == 1
    assert not out.exists()
    assert "ZeroDivisionError: on purpose" in told[0]
    assert "on purpose" in capfd.readouterr().err


@pytest.mark.parametrize(("video", "first"), [(None, "warm up"), ("small clip", "open")])
def test_the_heavy_part_begins_only_after_the_window_was_painted(
    qapp, qtbot, small_clip: Path, video: str | None, first: str
) -> None:
    controller = make_studio(qapp, "dark")
    qtbot.addWidget(controller.window)
    order: list[str] = []
    controller.window.painted.connect(lambda: order.append("painted"))
    controller.warm_up = lambda: order.append("warm up")
    controller.open = lambda opening: order.append("open")
    start(controller, Opening(small_clip if video else None))
    assert order == []
    controller.window.show()
    qtbot.waitUntil(lambda: "open" in order, timeout=10_000)
    assert order.index("painted") < order.index(first)
    # The map's libraries would take the processor from a clip that is asked for.
    assert ("warm up" in order) == (video is None)
    controller.close()


def test_calls_into_qt_take_no_reference_from_none(qapp) -> None:
    """PySide6 6.12.0 does under Python 3.11, and ends the process after some ten thousand calls."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("thing")
    assert sys.getrefcount(None) - before > -100
