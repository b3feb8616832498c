"""Opening recognisers without making the window wait: what takes long is opened beside it.

A classic model loads scikit-learn in a child process, a second and more. Until it is ready the
recogniser before it goes on reading; at the start of the program that is the bundled one.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, Slot

from emnist_desktop.draw.recognizer_source import (
    Child,
    RecognizerChoice,
    RestoredRecognizer,
    ServedRecognizer,
    release,
)
from emnist_desktop.ui.task import CancelledError, Context, Task
from trainer.errors import BundleError
from trainer.recognition.recognizer import Recognizer

logger = logging.getLogger(__name__)


class RecognizerLoader(QObject):
    """Opens one recogniser at a time; a new request replaces one under way.

    Signals
    -------
    opened : object, str
        A `Recognizer` that reads from now on, and its folder.
    failed : object, bool
        A `BundleError`, and whether it was to be restored, so that the bundled one stays.
    waiting : str
        Folder of the recogniser that is being opened beside the window.
    """

    opened = Signal(object, str)
    failed = Signal(object, bool)
    waiting = Signal(str)

    def __init__(self, choice: RecognizerChoice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._folder = ""
        self._is_restoring = False
        self._current: Recognizer | None = None
        self._child: Child | None = None
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._begin)
        self._opening = Task(self)
        self._releasing = Task(self)
        self._opening.succeeded.connect(self._on_opened)
        self._opening.failed.connect(self._on_failed)

    def restore(self, folder: str) -> RestoredRecognizer:
        """Return the recogniser to begin with; one that takes long follows by `opened`."""
        if not self._choice.takes_long(folder):
            restored = self._choice.restore(folder)
            if restored.problem is not None:
                logger.warning("Recogniser: %s", restored.problem.message)
            self._current = restored.recognizer
            return restored
        restored = self._choice.restore("")
        self._current = restored.recognizer
        self._folder, self._is_restoring = folder, True
        self._later.start()
        return restored

    def open(self, folder: str) -> None:
        """Open another recogniser; empty for the bundled one."""
        self._cancel()
        self._later.stop()
        self._folder, self._is_restoring = folder, False
        if self._choice.takes_long(folder):
            self._begin()
            return
        try:
            recognizer = self._choice.opener(folder)()
        except BundleError as error:
            self._on_failed(error)
            return
        self._on_opened(recognizer)

    def drop(self) -> None:
        """Kill a child that still loads, and that of the recogniser in use."""
        self._cancel()
        if isinstance(self._current, ServedRecognizer):
            self._current.kill()

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for the child of the recogniser in use."""
        if isinstance(self._current, ServedRecognizer):
            self._current.close(max(0, deadline.remainingTime()) / 1000)
        self._current = None

    @Slot()
    def _begin(self) -> None:
        folder = self._folder

        def load(context: Context) -> Recognizer:
            def watch(child: Child) -> None:
                self._child = child
                if context.is_cancelled:
                    child.kill()

            try:
                recognizer = self._choice.opener(folder, watch)()
            except BundleError as error:
                context.check()  # a child that was killed is no error
                raise error
            if context.is_cancelled:
                release(recognizer)
                raise CancelledError
            return recognizer

        self._opening.start(load)
        self.waiting.emit(folder)

    def _cancel(self) -> None:
        """Cancel opening; kill a child that still loads, so that its thread need not wait."""
        is_loading = self._opening.is_running
        self._opening.cancel()
        if self._child is not None and is_loading:
            self._child.kill()
        self._child = None

    @Slot(object)
    def _on_opened(self, recognizer: Recognizer) -> None:
        self._child = None
        before, self._current = self._current, recognizer
        self._releasing.start(lambda _: release(before))
        self.opened.emit(recognizer, self._folder)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._child = None
        if not isinstance(error, BundleError):
            error = BundleError(
                "The recogniser cannot be opened: {reason}.", "Choose another."
            ).format(reason=error)
        logger.warning("Recogniser: %s", error.message)
        self.failed.emit(error, self._is_restoring)
