"""Unexpected errors: log them, show them, keep the window alive."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import MARGIN, wrapped_label

logger = logging.getLogger(__name__)

_MOMENT = "%Y-%m-%d %H:%M:%S"
_NO_REPORT = "No report was left: the program was killed, or the computer went off."
_LOG_BYTES = 60_000
"""Of the end of a log that are shown: some hundred lines."""


def versions() -> str:
    """Return the versions of the program, Python, Qt and the main packages, a line each."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and rarely needed

    lines = [f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"]
    for package in ("emnist-desktop", "PySide6-Essentials", "ai-edge-litert", "numpy", "pillow"):
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"{package} (version unknown)")
    return "\n".join(lines)


class CrashReporter(QObject):
    """Catches uncaught exceptions of any thread, and shows them in the window's.

    Parameters
    ----------
    crash_file : Path
        Where the interpreter writes when it dies of a signal. It exists, if empty, as long as
        the program runs: one that is found at the start means a crash.

    Attributes
    ----------
    previous_report : str
        How the program ended last time; empty if in order.
    """

    caught = Signal(str)

    def __init__(self, crash_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crash_file = crash_file
        self._stream: TextIO | None = None
        self.dialog: CrashDialog | None = None
        self._hooks_before = sys.excepthook, threading.excepthook
        self.previous_report = _take_previous(crash_file)
        self.caught.connect(self._on_exception_caught)

    def install(self) -> None:
        """Start catching."""
        self._hooks_before = sys.excepthook, threading.excepthook
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        try:
            self._crash_file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._crash_file.open("w", encoding="utf-8")
            faulthandler.enable(self._stream)
        except OSError as error:
            logger.warning("No crash file: %s", error)

    @property
    def stream(self) -> TextIO | None:
        """The crash file, while it can be written."""
        return self._stream

    def close(self) -> None:
        """Stop catching; called at an orderly end, which leaves no crash file."""
        sys.excepthook, threading.excepthook = self._hooks_before
        faulthandler.disable()
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._crash_file.unlink(missing_ok=True)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        logger.error("Unexpected error\n%s", text)
        self.caught.emit(f"{time.strftime(_MOMENT)}\n{versions()}\n\n{text}")

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._hook(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    @Slot(str)
    def _on_exception_caught(self, report: str) -> None:
        # One dialog at a time: an error in a paint event comes back at every repaint.
        if self.dialog is None or not self.dialog.isVisible():
            sentence = self.tr(
                "An unexpected error has happened. Your drawing is still there and the program "
                "goes on. The report below helps to mend it."
            )
            self.dialog = CrashDialog(report, sentence)
            self.dialog.open()


class CrashDialog(QDialog):
    """Shows a report that can be copied whole."""

    def __init__(self, report: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.resize(700, 440)
        self.report = report
        box = QPlainTextEdit(report)
        box.setReadOnly(True)
        box.setAccessibleName(self.tr("Report"))
        box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._on_copy_clicked)
        buttons.rejected.connect(self.reject)
        self.setLayout(vbox(wrapped_label(sentence), (box, 1), buttons, margins=MARGIN))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.report)


def dump_stacks_later(log_file: Path, seconds: float = 5.0) -> TextIO | None:
    """Write what all threads do into the log, unless the program has ended by then.

    Returns
    -------
    stream or None
        The log, which stays open until then; None if it cannot be written.
    """
    try:
        stream = log_file.open("a", encoding="utf-8")
    except OSError as error:
        logger.warning("No stacks will be written: %s", error)
        return None
    faulthandler.dump_traceback_later(seconds, file=stream)
    return stream


def _take_previous(crash_file: Path) -> str:
    """Return how the program ended last time if it left its crash file; empty if it did not."""
    try:
        report = crash_file.read_text(encoding="utf-8", errors="replace").strip()
        moment = time.localtime(crash_file.stat().st_mtime)
    except OSError:
        return ""
    return f"{time.strftime(_MOMENT, moment)}\n{report or _NO_REPORT}"


def log_end(log_file: Path) -> str:
    """Return the end of the log, from the beginning of a line."""
    try:
        with log_file.open("rb") as stream:
            begin = max(0, log_file.stat().st_size - _LOG_BYTES)
            stream.seek(begin)
            text = stream.read().decode(errors="replace")
    except OSError as error:
        return f"The log cannot be read: {error}."
    return text.partition("\n")[2] if begin else text
