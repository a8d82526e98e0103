"""What somebody needs to write a bug report: the log, and a page about program and machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from slap_studio.app.clearing import clear_action
from slap_studio.app.jobs import Answer, Lane
from slap_studio.log import last_of_log, log_file, without_home
from slap_studio.views.action import Action

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller


@dataclass(frozen=True)
class DiagnosisRequest:
    """Tell about program and machine."""


class Helping(QObject):
    """Shows the log and copies the diagnosis; its lane is made when it is first asked."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__(controller)
        self._controller = controller
        self._lane: Lane | None = None

    def show_log(self) -> None:
        """Open the log over the window."""
        from slap_studio.views.log_view import LogView

        window, file = self._controller.window, log_file()
        LogView(window, last_of_log(), file, without_home(str(file)), window.theme).open()

    def copy_diagnosis(self) -> None:
        """Put the page on the clipboard, once it is written: it asks the machine for a second or two."""
        if self._lane is None:
            self._lane = Lane("looking at the machine", _diagnosed, patience=float("inf"))
            self._lane.answered.connect(self._answered)
            self._controller.lanes["diagnosis"] = self._lane
        self._controller.window.tell("Looking at the machine; the page is on the clipboard in a moment.", problem=False)
        self._lane.ask(DiagnosisRequest())

    def _answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self._controller.window.tell(answer.problem, problem=True)
            return
        QGuiApplication.clipboard().setText(answer.value)
        self._controller.window.tell(
            "The diagnosis is on the clipboard; paste it into a bug report. No name and no home path is in it.",
            problem=False,
        )


def help_actions(controller: "Controller") -> tuple[Action, ...]:
    """The end of the Help menu."""
    helping = Helping(controller)
    return (
        Action("help.log", "Help", "Show log", helping.show_log, line_above=True,
               hint="Read what was said and what went wrong, the newest last."),
        Action("help.diagnosis", "Help", "Copy diagnosis", helping.copy_diagnosis,
               hint="Copy a page about program, machine and graphics for a bug report; nothing private is in it."),
        clear_action(controller),
    )  # fmt: skip


def _diagnosed(_request: DiagnosisRequest, _cancelled: Callable[[], bool]) -> str:
    from slap_studio.app.opengl import opengl
    from slap_studio.diagnosis import diagnosis

    return diagnosis(opengl)
