"""The code of a training: a script that does the same without this program, to read and to keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QRegularExpression, Qt, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFontDatabase,
    QGuiApplication,
    QPalette,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from emnist_desktop.settings import Settings
from emnist_desktop.ui.colors import Pair, themed
from emnist_desktop.ui.controls import check_box, plain_label, push_button
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.task import Context, Task, failure_text
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile, replacing
from trainer.processes.trainer_process import ask_trainer

NOTEBOOK, SCRIPT = ".ipynb", ".py"

Ask = Callable[[TrainingConfig, Profile, Context, tuple[str, ...]], dict[str, Any]]


class CodeDialog(QDialog):
    """Shows the script; it can be copied, and saved as a script or a notebook.

    Parameters
    ----------
    config : TrainingConfig
        What the script does.
    title : str
        What it is the code of.
    profile : Profile
    settings : Settings or None
        Remember the folder.
    ask : callable, optional
        Asks the trainer for the code.
    """

    def __init__(
        self,
        config: TrainingConfig,
        title: str,
        profile: Profile,
        settings: Settings | None,
        parent: QWidget | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(parent)
        self._config, self._profile, self._settings = config, profile, settings
        self._ask = ask or ask_for_code
        self._answer: dict[str, Any] = {}
        self._saved: Path | None = None
        self._reading = Task(self, self._on_read, self._on_failed)
        self._writing = Task(self, self._on_written, self._on_failed)
        self.setWindowTitle(self.tr("Code: {0}").format(title))
        self.resize(860, 640)
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setTabChangesFocus(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setAccessibleName(self.tr("Code"))
        self.code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._highlighter = PythonHighlighter(self.code.document(), self.palette())
        self.explanation = plain_label(
            self.tr(
                "A script for Python that trains the same without this program: read it, change "
                "it, run it anywhere."
            )
        )
        self.message = plain_label(self.tr("Reading the network …"), selectable=True)
        self.with_data = check_box(self.tr("Save the data beside it"), "", checked=True)
        self.with_data.hide()
        self._lay_out()
        self._show_ready(False)
        self._reading.start(lambda context: self._ask(config, profile, context, ()))

    def done(self, result: int) -> None:
        """End what is under way."""
        shut_down(self)
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Colour the code anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._highlighter.set_palette(self.palette())

    def _lay_out(self) -> None:
        self.copy = push_button(self.tr("&Copy"), self.tr("Copy the whole script"))
        self.save = push_button(self.tr("&Save…"), self.tr("Save it as a script for Python"))
        self.save_notebook = push_button(
            self.tr("Save as &notebook…"), self.tr("Save it as a notebook for Jupyter")
        )
        self.show_folder = push_button(
            self.tr("&Open folder"), self.tr("Open the folder in which it was saved")
        )
        self.copy.clicked.connect(self._on_copy_clicked)
        self.save.clicked.connect(self._on_save_clicked)
        self.save_notebook.clicked.connect(self._on_save_notebook_clicked)
        self.show_folder.clicked.connect(self._on_show_folder_clicked)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        for button in (self.copy, self.save, self.save_notebook, self.show_folder):
            button.setAutoDefault(False)
        buttons = (self.copy, self.save, self.save_notebook, self.show_folder)
        row = hbox(*buttons, self.with_data, 1, close)
        rows = (self.explanation, (self.code, 1), self.message, row)
        self.setLayout(vbox(*rows, margins=MARGIN))

    def _show_ready(self, is_ready: bool) -> None:
        for widget in (self.copy, self.save, self.save_notebook, self.with_data):
            widget.setEnabled(is_ready)
        self.show_folder.setEnabled(self._saved is not None)

    @Slot(object)
    def _on_read(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.code.setPlainText(str(answer["script"]))
        files = ", ".join(answer["data"])
        self.with_data.setVisible(bool(files))
        self.with_data.setToolTip(self.tr("The script reads {0}.").format(files))
        self.message.setText("")
        self._show_ready(True)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.message.setText(failure_text(error))
        self._show_ready(bool(self._answer))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.message.setText(self.tr("Copied."))

    @Slot()
    def _on_save_clicked(self) -> None:
        self._save(SCRIPT, self.tr("Python script (*.py)"), "script")

    @Slot()
    def _on_save_notebook_clicked(self) -> None:
        self._save(NOTEBOOK, self.tr("Jupyter notebook (*.ipynb)"), "notebook")

    def _save(self, suffix: str, filters: str, key: str) -> None:
        """Ask for a file and write it; with the data the trainer does, which has them."""
        name = f"{self._config.preset}{suffix}"
        chosen, _ = ask_save(self, self.tr("Save the code"), name, filters)
        if chosen is None:
            return
        file = chosen if chosen.suffix else chosen.with_suffix(suffix)
        ask, config, profile = self._ask, self._config, self._profile
        text, has_data = str(self._answer[key]), self.with_data.isVisible()
        kind = ("--notebook",) if suffix == NOTEBOOK else ()
        more = ("--to", str(file), "--with-data", *kind)
        self._show_ready(False)
        if has_data and self.with_data.isChecked():
            self.message.setText(self.tr("Writing the data …"))
            self._writing.start(lambda context: ask(config, profile, context, more)["files"])
        else:
            self._writing.start(lambda _: _written(text, file))

    @Slot(object)
    def _on_written(self, files: list[str]) -> None:
        self._saved = Path(files[0])
        self.message.setText(self.tr("Saved: {0}").format(", ".join(files)))
        self._show_ready(True)

    @Slot()
    def _on_show_folder_clicked(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))


def _written(text: str, file: Path) -> list[str]:
    with replacing(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return [str(file)]


def ask_for_code(
    config: TrainingConfig, profile: Profile, context: Context, more: tuple[str, ...]
) -> dict[str, Any]:
    """Return the answer of ``python -m trainer script`` for settings; it blocks.

    Raises
    ------
    RunError
        If the trainer cannot say.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.json"
        file.write_text(config.to_json(), encoding="utf-8")
        arguments = ("script", "--config", str(file), *more)
        return ask_trainer(arguments, profile.variables, context.check)


_COLORS: dict[str, Pair] = {
    "comment": ("#5f6b76", "#9aa7b4"),
    "string": ("#1d7044", "#7fc99b"),
    "keyword": ("#7a3e9d", "#c69be6"),
    "number": ("#a84300", "#f0a050"),
}
"""Of the parts of Python, in the light and in the dark theme; each legible on its paper."""

_PATTERNS = {
    "keyword": r"\b(and|as|class|def|else|for|from|if|import|in|is|lambda|None|not|or|return|"
    r"True|False|with|yield)\b",
    "number": r"\b\d[\d_.]*(e-?\d+)?\b",
    "string": r"""f?"[^"]*"|'[^']*'""",
    "comment": r"(?<![\"'\w])#[^\"]*$",
}
_TRIPLE = '"""'


class PythonHighlighter(QSyntaxHighlighter):
    """Colours comments, strings, keywords and numbers."""

    def __init__(self, document: QTextDocument, palette: QPalette) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._patterns = {name: QRegularExpression(text) for name, text in _PATTERNS.items()}
        self.set_palette(palette)

    def set_palette(self, palette: QPalette) -> None:
        """Take the colours of a theme."""
        self._formats = {name: _colored(themed(pair, palette)) for name, pair in _COLORS.items()}
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour a line; inside a text of several lines all of it."""
        marks = text.count(_TRIPLE)
        inside = self.previousBlockState() == 1
        self.setCurrentBlockState(int(inside != (marks % 2 == 1)))
        if inside or marks:
            self.setFormat(0, len(text), self._formats["string"])
            return
        for name, pattern in self._patterns.items():
            matches = pattern.globalMatch(text)
            while matches.hasNext():
                match = matches.next()
                self.setFormat(match.capturedStart(), match.capturedLength(), self._formats[name])


def _colored(color: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(color)
    return made


def show_code(
    config: TrainingConfig, title: str, profile: Profile, settings: Settings | None, parent: QWidget
) -> CodeDialog:
    """Open the dialog, which goes when it is closed."""
    dialog = CodeDialog(config, title, profile, settings, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
