"""What is asked for in a dialog of the system's or of Qt's."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QToolButton,
    QTreeView,
    QWidget,
)

from slap_studio.resources import lessons, sample_videos
from slap_studio.session.file import SUFFIX
from slap_studio.views.icons import icon

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


_QTS_OWN = 820, 520  # pixels of Qt's own dialog for files
_ARROWS = {"backButton": "back", "forwardButton": "forward", "toParentButton": "up"}
_VIDEOS = "*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.mpg *.mpeg *.ts *.gif"


class Leaving(Enum):
    """What is to become of unsaved work."""

    SAVE = QMessageBox.StandardButton.Save
    DISCARD = QMessageBox.StandardButton.Discard
    CANCEL = QMessageBox.StandardButton.Cancel


def ask_for_file(controller: "Controller") -> None:
    """A video or a session from the disk."""
    here = controller.keeping.file or controller.session.video
    folder = str(here.parent if here else sample_videos())
    kinds = f"Videos and sessions ({_VIDEOS} *{SUFFIX});;Sessions (*{SUFFIX});;All files (*)"
    file = _ask_for_one(controller.window, "Open a video or a session", folder, kinds)
    if file is not None:
        controller.open_file(file)


def ask_where_to_save(window: QWidget, suggested: Path) -> Path | None:
    """A session file to write."""
    dialog = QFileDialog(window, "Save the session", str(suggested.parent), f"Sessions (*{SUFFIX})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX.lstrip("."))
    dialog.selectFile(suggested.name)
    return _chosen(dialog)


def ask_for_moved_video(window: QWidget, video: Path, folder: Path) -> Path | None:
    """Where a session's video is now."""
    title = f"Where is {video.name}? It is no longer in {video.parent}"
    return _ask_for_one(window, title, str(folder), f"Videos ({_VIDEOS});;All files (*)")


def ask_to_save(window: QWidget, name: str) -> Leaving:
    """Whether unsaved work is to be saved before it is left."""
    buttons = QMessageBox.StandardButton.Save | QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
    box = QMessageBox(QMessageBox.Icon.NoIcon, "SLAP Studio", f"Save the changes to {name}?", buttons, window)
    for button in box.buttons():
        button.setIcon(QIcon())  # Qt's own are of another age, and of no theme of ours
    box.setInformativeText("Without saving, what was changed since is lost.")
    box.setDefaultButton(QMessageBox.StandardButton.Save)
    box.exec()
    answer = box.standardButton(box.clickedButton()) if box.clickedButton() else QMessageBox.StandardButton.Cancel
    box.deleteLater()
    return Leaving(answer)


def ask_for_lesson(controller: "Controller") -> None:
    """A lesson from the disk."""
    file = _ask_for_one(controller.window, "Open a lesson", str(lessons()), "Lessons (*.json);;All files (*)")
    if file is not None:
        controller.teaching.open_file(file)


def ask_for_encoder(controller: "Controller") -> None:
    """Another model of open_clip."""
    name, chosen = QInputDialog.getText(
        controller.window,
        "Another encoder",
        "An open_clip model as NAME/TAG, for example ViT-B-32/laion2b_s34b_b79k (downloaded once),\n"
        "NAME/FILE for a checkpoint of yours, or a folder in open_clip's layout:",
    )
    if chosen and name.strip():
        controller.choose_encoder(name.strip())


def ask_for_candidates(controller: "Controller") -> None:
    """Other texts for the readout."""
    text, chosen = QInputDialog.getMultiLineText(
        controller.window,
        "Readout candidates",
        "What the latents are read as, one text a line; leave it empty for the usual ones:",
        "\n".join(controller.session.candidates),
    )
    if chosen:
        controller.candidates.choose(text)


def ask_where(window: QWidget, title: str, suggested: Path, endings: Sequence[str]) -> Path | None:
    """A file to write that has one of some endings; None if nobody wants it after all."""
    dialog = QFileDialog(window, title, str(suggested.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    kinds = {f"{ending[1:].upper()} (*{ending})": ending for ending in endings}
    dialog.setNameFilters(list(kinds))
    dialog.setDefaultSuffix(endings[0])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(kinds[chosen]))
    dialog.selectFile(suggested.name)
    return _chosen(dialog)


def ask_for_folder(window: QWidget, title: str, suggested: Path) -> Path | None:
    """A folder to write into; None if nobody wants it after all."""
    dialog = QFileDialog(window, title, str(suggested))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _chosen(dialog)


def _ask_for_one(window: QWidget, title: str, folder: str, kinds: str) -> Path | None:
    """A file that is there."""
    dialog = QFileDialog(window, title, folder, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _chosen(dialog)


def _chosen(dialog: QFileDialog) -> Path | None:
    """What is chosen in it; None if nobody wants anything after all."""
    files = dialog.findChild(QTreeView)
    # Where the system has no dialog of its own Qt's is used, whose columns are too narrow for what they say.
    if files is not None:
        dialog.resize(*_QTS_OWN)
        columns = files.header()
        columns.setStretchLastSection(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for button in dialog.findChildren(QPushButton):
            button.setIcon(QIcon())
        # Nor do its arrows know of a dark theme.
        for arrow in dialog.findChildren(QToolButton):
            if arrow.objectName() in _ARROWS:
                arrow.setIcon(icon(_ARROWS[arrow.objectName()], arrow.palette().buttonText().color()))
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
