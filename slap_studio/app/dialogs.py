"""What is asked for in a dialog of the system's or of Qt's."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog

from slap_studio.resources import sample_videos

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


def ask_for_file(controller: "Controller") -> None:
    """A video from the disk."""
    video = controller.session.video
    folder = str(video.parent if video else sample_videos())
    kinds = "Videos (*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.mpg *.mpeg *.ts *.gif);;All files (*)"
    name, _ = QFileDialog.getOpenFileName(controller.window, "Open a video", folder, kinds)
    if name:
        controller.open_file(Path(name))


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
        controller.choose_candidates(text)
