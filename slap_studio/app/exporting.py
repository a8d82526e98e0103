"""Has what the window shows written to files, on a lane of its own, one export after the other."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage

from slap_studio.app import dialogs
from slap_studio.app.jobs import Answer, Lane
from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.export.subject import Subject

FIGURE, TABLE, ARCHIVE, FILM, PICTURE = (".svg", ".png"), (".csv",), (".npz",), (".mp4", ".gif"), (".png",)
NOTHING_DRAWN = "There is no path to export yet; open a video and write what to look for."


@dataclass(frozen=True)
class Kind:
    """One kind of export: its name, what the menu calls it, how its files end, and a sentence on what it is."""

    name: str
    text: str
    endings: tuple[str, ...]
    hint: str
    line_above: bool = False


KINDS = (
    Kind("map", "Map…", FIGURE, "Frames, landscape, path, geodesic and query, as a figure with its legend."),
    Kind("energy", "Energies over time…", FIGURE, "T, V and H over the gap, as a figure."),
    Kind("steps", "Action over steps…", FIGURE, "S, S_kin, E_pot and the largest gradient, as a figure."),
    Kind("readout", "Readout over time…", FIGURE, "What the latents read as, as stacked areas."),
    Kind("drift", "Drift over time…", FIGURE, "How far the path and other methods' paths stray from the truth."),
    Kind("bifurcation", "Bifurcation…", FIGURE, "Where long descents end for every coupling λ, as a figure."),
    Kind("sweep", "Regime map of the sweep…", FIGURE, "The cells of the sweep that are done, as a figure."),
    Kind("window", "Whole window…", PICTURE, "A picture of the window as it is."),
    Kind("latents", "Path as a table…", TABLE, "One row per latent: time, energies, nearest frames, numbers.", True),
    Kind("curves", "Steps as a table…", TABLE, "One row per step: S, S_kin, E_pot and the largest gradient."),
    Kind("archive", "Path and curves as arrays…", ARCHIVE, "What solve writes, with curves and settings, for NumPy."),
    Kind("motion.time", "Motion over time…", FILM, "A marble that runs along the path through the gap.", True),
    Kind("motion.steps", "Motion over steps…", FILM, "The path as it descends from the geodesic, step by step."),
    Kind("all", "Everything into a folder…", (), "All figures that can be drawn, SVG and PNG, and all tables.", True),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """What is written where; a picture of the window, or the subject of everything else."""

    kind: Kind
    path: Path
    subject: "Subject"
    picture: QImage | None = None


class Exporting(QObject):
    """Knows the newest drawn path and what was found beside it; asks where, writes, and says so.

    Attributes
    ----------
    task
        What is being written, as the window lists it.
    """

    written = Signal(object)

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._window = controller.window
        self.lane = Lane("exporting", self._write, patience=0.0)
        self.lane.answered.connect(self._answered)
        self.task = controller.tasks.task("Exporting", self.cancel)
        self._present: ExportRequest | None = None
        self._waiting: deque[ExportRequest] = deque()
        self._folder: Path | None = None
        self._drawn = controller.presenter.drawn

    # ---- what hands ask --------------------------------------------------------------------

    def lacking(self, kind: Kind) -> str:
        """Why a kind cannot be exported now, in a sentence; empty if it can."""
        if self._drawn.answer is None:
            return NOTHING_DRAWN
        from slap_studio.export.everything import lacking

        return lacking(kind.name, self.subject())

    def ask(self, kind: Kind) -> None:
        """Ask for a file or a folder, and export into it."""
        suggested = self._suggested(kind)
        title = f"Export: {kind.text.rstrip('…')}"
        if kind.endings:
            path = dialogs.ask_where(self._window, title, suggested, kind.endings)
        else:
            path = dialogs.ask_for_folder(self._window, title, suggested.parent)
        if path is not None:
            self.export(kind, path)

    def export(self, kind: Kind, path: Path) -> None:
        """Write what is shown now, after what is being written."""
        self._folder = path.parent if kind.endings else path
        picture = self._window.grab().toImage() if kind.name == "window" else None
        self._waiting.append(ExportRequest(kind, path, self.subject(), picture))
        self._go_on()

    def cancel(self) -> None:
        """Write nothing more; what is half written goes away."""
        self._waiting.clear()
        self._present = None
        self.lane.drop()
        self.task.end()

    @property
    def idle(self) -> bool:
        """Whether nothing is being written."""
        return self._present is None

    def copy_command(self) -> None:
        """Put the command line that gives the present path into the clipboard."""
        from slap_studio.export.command_line import command

        assert self._drawn.answer is not None
        line = command(self._controller.session, self._drawn.answer.solution.device)
        QGuiApplication.clipboard().setText(line)
        self._window.tell("Copied: run in a terminal, this line solves for the path that is drawn.", problem=False)

    def lacking_command(self) -> str:
        """Why there is no command line now, in a sentence; empty if there is."""
        return "" if self._drawn.answer is not None else NOTHING_DRAWN

    def subject(self) -> "Subject":
        """What an export is made of now."""
        from slap_studio.export.subject import Subject

        answer, session = self._drawn.answer, self._controller.session
        assert answer is not None
        measured, found = self._drawn.measured, self._drawn.comparison
        return Subject(
            answer=answer.on_map(),
            encoder=session.encoder,
            minimum_places=(
                answer.request.picture.place(measured.minimum.latents)
                if measured is not None and measured.answer is answer
                else None
            ),
            comparison=found.on_map() if found is not None else None,
            revealed=session.revealed,
            compared=session.compared,
            branches=self._drawn.branched,
            swept=self._controller.sweeping.swept,
        )

    # ---- what came back --------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._present is None and self._waiting:
            self._present = self._waiting.popleft()
            self.task.begin(f"Exporting {self._present.path.name}")
            self.lane.ask(self._present)

    def _answered(self, answer: Answer) -> None:
        if answer.request is not self._present:
            return
        self._present = None
        self.task.end()
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
        else:
            files: list[Path] = answer.value
            what = f"{len(files)} files are" if len(files) > 1 else f"{files[0].name} is"
            self._window.tell(f"{what} written in {files[0].parent}.", problem=False)
            self.written.emit(files)
        self._go_on()

    def _write(self, request: ExportRequest, cancelled: Callable[[], bool]) -> list[Path]:
        """On the lane's thread."""
        from slap_studio.export import everything

        def progress(share: float) -> None:
            # What was cancelled may still be at its last frame.
            if request is self._present:
                self.task.progress(share)

        if request.picture is not None:
            return _write_picture(request.path, request.picture, request.subject)
        return everything.write(request.kind.name, request.path, request.subject, cancelled, progress)

    def _suggested(self, kind: Kind) -> Path:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = self._folder or Path(documents or Path.home())
        assert self._drawn.answer is not None
        stem = self._drawn.answer.request.clip.info.path.stem
        name = {"latents": "path", "curves": "steps", "archive": "path"}.get(kind.name, kind.name.replace(".", "-"))
        return folder / f"{stem}-{name}{kind.endings[0] if kind.endings else ''}"


def _write_picture(path: Path, picture: QImage, subject: "Subject") -> list[Path]:
    from slap_studio.export.subject import settings

    if path.suffix.lower() != ".png":
        raise UnusableInput(f"A picture of the window is written as .png, but the name is {path.name}.")
    picture.setText("Description", json.dumps(settings(subject), ensure_ascii=False))
    with replacing(path) as beside:
        if not picture.save(str(beside)):
            raise UnusableInput(f"{path} could not be written; check the folder's permissions and its disk's space.")
    return [path]
