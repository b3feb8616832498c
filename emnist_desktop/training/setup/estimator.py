"""Estimate what a run takes: on request, and when the form has settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.training.setup.missing_data import makes_starter
from emnist_desktop.ui.format import local, size_text, time_text
from emnist_desktop.ui.task import Context, Task
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog
from trainer.errors import TrainerError
from trainer.files.paths import Profile
from trainer.processes.trainer_process import ask_trainer

SETTLE_MILLISECONDS = 1200
"""A form that has not changed for so long is estimated."""

_FREE = ("seed", "epochs", "learning_rate", "label_smoothing", "early_stopping", "schedule")
"""Settings on which an estimate does not depend."""

Ask = Callable[[TrainingConfig, Profile, Context], dict[str, Any]]


class Estimator(QObject):
    """Runs one estimate at a time and caches the results.

    Parameters
    ----------
    profile : Profile

    Signals
    -------
    settled
        The form was left alone for a while: `estimate` may be called.
    estimated : str
        Samples, parameters, memory, time an epoch; empty when there is nothing to say.
    failed : object
        The error, when it was the user who asked.
    """

    settled = Signal()
    estimated = Signal(str)
    failed = Signal(object)

    def __init__(self, profile: Profile, parent: QObject) -> None:
        super().__init__(parent)
        self._profile = profile
        self._ask: Ask = estimate
        self._cache: dict[str, dict[str, Any]] = {}
        self._key = ""
        self._is_requested = False
        self._task = Task(self, self._on_estimated, self._on_failed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.settled)

    @property
    def is_running(self) -> bool:
        """Whether a trainer is being asked."""
        return self._task.is_running

    def touch(self) -> None:
        """Forget what is under way, and wait until the form has settled again."""
        self._task.cancel()
        self._timer.start(SETTLE_MILLISECONDS)

    def cancel(self) -> None:
        """Cancel the estimate until the form changes."""
        self._timer.stop()
        self._task.cancel()

    def estimate(self, config: TrainingConfig, *, is_requested: bool) -> None:
        """Estimate a run; report errors only if the user has requested it."""
        self._timer.stop()
        self._is_requested = is_requested
        self._key = _key(config)
        if self._key in self._cache:
            self._task.cancel()
            self.estimated.emit(self._text(self._cache[self._key]))
            return
        ask, profile = self._ask, self._profile  # it blocks until the estimate is there
        self._task.start(lambda context: ask(config, profile, context))

    @Slot(object)
    def _on_estimated(self, record: dict[str, Any]) -> None:
        self._cache[self._key] = record
        self.estimated.emit(self._text(record))

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self._is_requested:
            self.failed.emit(error)
        else:
            message = error_text(error.message) if isinstance(error, TrainerError) else ""
            self.estimated.emit(message)

    def _text(self, record: dict[str, Any]) -> str:
        parts = []
        n_train, n_validation = record.get("samples"), record.get("validation_samples")
        if n_train and n_validation:
            text = self.tr("{0} samples to train on, {1} to validate")
            parts.append(text.format(local(n_train), local(n_validation)))
        if record.get("parameters"):
            parts.append(self.tr("{0} parameters").format(local(record["parameters"])))
        if record.get("memory_bytes"):
            parts.append(self.tr("{0} memory").format(size_text(record["memory_bytes"])))
        if record.get("seconds_per_epoch"):
            seconds = time_text(record["seconds_per_epoch"])
            parts.append(self.tr("about {0} an epoch").format(seconds))
        available = record.get("available_bytes")
        if available and record.get("memory_bytes", 0) > available:
            parts.append(self.tr("only {0} of memory are free").format(size_text(available)))
        return " · ".join(parts)


def estimate(config: TrainingConfig, profile: Profile, context: Context) -> dict[str, Any]:
    """Estimate a run in a trainer process that ends with the task.

    A starter set that the run would make is made first, in such a process, too.

    Raises
    ------
    RunError
        If it cannot say.
    """
    variables = profile.variables
    if makes_starter(Catalog(profile), config):
        ask_trainer(("datasets", "fetch", STARTER), variables, context.check)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.json"
        file.write_text(config.to_json(), encoding="utf-8")
        arguments = ("train", "--config", str(file), "--estimate")
        return ask_trainer(arguments, variables, context.check)


def _key(config: TrainingConfig) -> str:
    usual = {name: getattr(TrainingConfig(data="-"), name) for name in _FREE}
    return str(sorted((k, str(v)) for k, v in {**vars(config), **usual}.items()))
