"""What fills the form: settings saved and loaded as JSON, and those that others hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from emnist_desktop.i18n.error_messages import error_texts
from trainer.config.training_config import TrainingConfig
from trainer.errors import TrainerError
from trainer.files.paths import replacing

_FILTER = "JSON (*.json)"


class FormFiles(QObject):
    """Asks for files, writes settings and reads them.

    Parameters
    ----------
    window : QWidget
        Before which questions are asked.

    Signals
    -------
    loaded : object
        The `TrainingConfig` of a file.
    notice_raised : str, str
        A sentence and a hint.
    """

    loaded = Signal(object)
    notice_raised = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def save(self, config: TrainingConfig) -> None:
        """Ask where to, and write settings."""
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the settings"), f"{config.preset}.json", _FILTER
        )
        if chosen:
            try:
                with replacing(Path(chosen)) as temporary:
                    temporary.write_text(config.to_json(), encoding="utf-8")
            except OSError as error:
                self.notice_raised.emit(
                    self.tr("The settings cannot be saved: {0}.").format(error.strerror or error),
                    self.tr("Choose another folder."),
                )

    def load(self) -> None:
        """Ask which file, and read settings."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Load settings"), "", _FILTER)
        if not chosen:
            return
        try:
            config = TrainingConfig.from_json(Path(chosen).read_text(encoding="utf-8"))
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
        except (OSError, UnicodeDecodeError) as error:
            self.notice_raised.emit(self.tr("The file cannot be read: {0}.").format(error), "")
        else:
            self.loaded.emit(config)


def merged(before: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return settings with some taken over; of an augmentation only the named strengths."""
    record = {**before, **fields}
    for name in ("augmentation", "image_augmentation"):
        if isinstance(before.get(name), dict) and isinstance(fields.get(name), dict):
            record[name] = {**before[name], **fields[name]}
    return record
