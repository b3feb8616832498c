"""What the training of all models has in common: its events, and the files of a finished run."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import fields
from typing import Any

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.files.paths import replacing
from trainer.files.records import write_json
from trainer.runs import events
from trainer.runs.control import Report, RunControl
from trainer.runs.folder import RunFolder
from trainer.runs.predictions import save_predictions, save_samples
from trainer.training.data import TrainingData
from trainer.training.resources import DeviceMemory, ResourceMeter
from trainer.training.validation import ValidationResult
from trainer.training.warnings import setup_warning

_SECONDS_PER_EVENT = 0.1

_COLUMNS = tuple(field.name for field in fields(events.Epoch))


class TrainingRun:
    """One run, from its settings to its bundle.

    Parameters
    ----------
    folder : RunFolder
        Opened for this run (`RunFolder.open`).
    config : TrainingConfig
    report : callable
        Called with every event, after it is written to the folder.
    requests_from : int, optional
        As in `ControlReader`.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainingConfig,
        report: Report,
        requests_from: int | None = None,
    ) -> None:
        self._folder = folder
        self._control = RunControl(folder, report, requests_from)
        self._config = config
        self._meter = ResourceMeter()
        self._last_event = 0.0

    def run(self) -> None:
        """Train until the end, a stop or a cancel, and write the bundle.

        Raises
        ------
        RunCancelledError
            If the run was cancelled.
        TrainerError
            If the data or the settings are not usable, or the loss is no number.
        """
        raise NotImplementedError

    def _begin(
        self,
        data: TrainingData,
        device_memory: DeviceMemory | None = None,
        settling: int = 0,
        **more: Any,
    ) -> None:
        """Emit the start with `more` fields of `events.Started`, and a `setup_warning`."""
        config, validation = self._config, data.validation
        self._meter = ResourceMeter(device_memory)
        known: dict[str, Any] = {"n_train": len(data), "n_validation": len(validation)}
        known |= {"preset": config.preset, "alphabet": data.alphabet, **more}
        self._control.emit(events.Started(**known))
        # So that a reader can show the validation images.
        save_samples(
            self._folder.root,
            config.validation or config.data,
            data.validation_split,
            data.validation_indices,
            validation.labels,
            validation.images,
        )
        batches = more["epochs"] * more["batches"]
        self._control.warn_once(setup_warning(config, data, settling, batches))

    def _may_report(self, *, is_last: bool) -> bool:
        """Return whether the next progress event is due; emits resources, too."""
        now = time.monotonic()
        if now - self._last_event < _SECONDS_PER_EVENT and not is_last:
            return False
        self._last_event = now
        resources = self._meter.read()
        if resources is not None:
            self._control.emit(resources)
        return True

    def _finish_epoch(self, epoch: int, result: ValidationResult, **more: Any) -> None:
        """Emit and save the validation of an epoch, with `more` fields of `events.Epoch`."""
        self._control.emit(
            events.Epoch(
                epoch=epoch,
                validation_loss=result.loss,
                validation_accuracy=result.accuracy,
                merged_accuracy=result.merged_accuracy,
                **more,
            )
        )
        save_predictions(self._folder.root, epoch, result.predicted)
        matrix = tuple(tuple(row) for row in result.confusion.tolist())
        self._control.emit(events.Confusion(epoch, matrix))
        _write_history(self._folder)

    def _end(
        self, card: dict[str, Any], epoch: int, best_epoch: int, *, early: bool = False
    ) -> None:
        """Write the files of a finished run, and emit its end."""
        history = events.RunHistory.of(self._folder.events())
        _write_confusion(self._folder, history)
        _write_report(self._folder, card, history)
        best = history.epochs.get(best_epoch)
        self._control.emit(
            events.Finished(
                epoch=epoch,
                best_epoch=best_epoch,
                validation_accuracy=best.validation_accuracy if best else 0.0,
                merged_accuracy=best.merged_accuracy if best else 0.0,
                stopped=self._control.stopped,
                early=early,
            )
        )
        self._folder.stop_file.unlink(missing_ok=True)


def _write_history(folder: RunFolder) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for _, epoch in sorted(events.RunHistory.of(folder.events()).epochs.items()):
        table.writerow([getattr(epoch, name) for name in _COLUMNS])
    with replacing(folder.history_file) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def _write_confusion(folder: RunFolder, history: events.RunHistory) -> None:
    """Write ``confusion.npz``: ``epochs`` (n,), ``matrices`` (n, c, c) and ``alphabet`` (c,)."""
    matrices = dict(sorted(history.matrices.items()))
    with replacing(folder.confusion_file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            epochs=np.array(list(matrices), dtype=np.int64),
            matrices=np.array(list(matrices.values()), dtype=np.int64),
            alphabet=np.array(history.started.alphabet if history.started else ()),
        )


def _write_report(folder: RunFolder, card: dict[str, Any], history: events.RunHistory) -> None:
    """Write ``report.json``: the card of the bundle, the device, the epochs, the time."""
    last = history.started
    report = {
        "name": card["name"],
        "network": card["network"],
        "training": card["training"],
        "validation": card["validation"],
        "model": card["model"],
        "epochs": len(history.epochs),
        "seconds": history.seconds,
        "starts": sum(isinstance(e, events.Started) for e in folder.events()),
        "device": last.device if last else "",
        "device_reason": last.device_reason if last else "",
        "samples_to_train_on": last.n_train if last else 0,
    }
    write_json(folder.report_file, report, indent=2)
