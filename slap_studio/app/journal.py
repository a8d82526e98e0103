"""Lets everything that goes wrong in the window's process reach the log: Qt's words, threads, what nobody caught."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from slap_studio.log import begin_log, log, note_fault

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def keep_journal() -> None:
    """From now to the end of the process; what is printed today is printed still."""
    begin_log()
    qInstallMessageHandler(_qt_said)
    before_process, before_thread = sys.excepthook, threading.excepthook

    def process(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        note_fault("Nobody caught this", fault)
        before_process(kind, fault, trace)

    def thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            note_fault(f"The thread {caught.thread.name if caught.thread else ''} ended", caught.exc_value)
        before_thread(caught)

    sys.excepthook, threading.excepthook = process, thread


def _qt_said(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
    if sys.stderr is not None and kind != QtMsgType.QtDebugMsg:
        print(text, file=sys.stderr)
