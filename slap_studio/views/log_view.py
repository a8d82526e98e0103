"""The log, to be read, copied, or looked up in its folder."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from slap_studio.views.controls import label
from slap_studio.views.theme import Theme

_EMPTY = "Nothing was written yet. What goes wrong in the window is written here."


class LogView(QDialog):
    """The end of the log, its last line in view."""

    def __init__(self, parent: QWidget, text: str, file: Path, shown_as: str, theme: Theme) -> None:
        super().__init__(parent)
        self.setWindowTitle("Log – SLAP Studio")
        self.setAccessibleName("The log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", "true")
        self._file = file
        self.text = QPlainTextEdit(text or _EMPTY)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("The end of the log, the newest line last")
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label("What was said and what went wrong", "title"))
        where = label(f"{shown_as}. It stays on this machine until you send it to somebody.", "secondary")
        where.setWordWrap(True)
        layout.addWidget(where)
        layout.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        for name, hint, run in (
            ("Copy all", "Copy what is shown, to paste it into a bug report.", self._copy),
            ("Open its folder", "Show the log's files in the file manager.", self._open_folder),
            ("Close", "Close the log (Esc).", self.close),
        ):
            button = QPushButton(name)
            button.setToolTip(hint)
            button.clicked.connect(run)
            row.addWidget(button)
        layout.addLayout(row)
        self.resize(min(parent.width() - 80, theme.size(940)), min(parent.height() - 80, theme.size(560)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))
