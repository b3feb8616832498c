"""One run: its buttons, its figures, its curves and its confusion matrix."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.history import History
from emnist_desktop.trainer_process.run_worker import RunWorker
from emnist_desktop.training.monitor.confusion_view import ConfusionView
from emnist_desktop.training.runs.export_menu import ExportMenu
from emnist_desktop.training.runs.run_actions import RunActions
from emnist_desktop.training.unavailable import NoCurves
from emnist_desktop.ui.controls import bold, caption, plain_label, push_button
from emnist_desktop.ui.format import (
    fill_in,
    growth_text,
    local,
    percent,
    preset_text,
    size_text,
    status_text,
    test_text,
    time_text,
    unbroken,
    unit_text,
)
from emnist_desktop.ui.layout import hbox, splitter, vbox
from emnist_desktop.ui.style import SPACING
from trainer.errors import TrainerError
from trainer.models.presets import PRESETS
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import RunSummary, Status, growth_of

if TYPE_CHECKING:
    from emnist_desktop.training.monitor.plots import Plots

_BAR_STEPS = 1000
_DOT = "  ·\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"
"""Between the parts of a line; none ends with it."""


@dataclass(frozen=True)
class Headline:
    """A run in a few words.

    Attributes
    ----------
    accuracy : str
        The best validation accuracy so far; empty before the first epoch.
    note : str
    share_done : float
        From 0 to 1.
    """

    accuracy: str
    note: str
    share_done: float


class RunView(QWidget):
    """Shows a run while it trains, and afterwards.

    Parameters
    ----------
    actions : RunActions
        What the buttons do.
    plots : Plots or NoCurves
        What draws its curves.
    can_train : bool
        Whether a run that has ended can be gone on with.

    Signals
    -------
    cell_chosen : int, int, int
        Epoch, true and predicted class of a cell of the matrix.
    refreshed
    """

    cell_chosen = Signal(int, int, int)
    refreshed = Signal()

    def __init__(
        self, actions: RunActions, plots: Plots | NoCurves, *, can_train: bool = True
    ) -> None:
        super().__init__()
        self.root: Path | None = None
        self._actions = actions
        self._worker: RunWorker | None = None
        self._history = History()
        self._preset = ""
        self._status = Status.WAITING
        self._summary: RunSummary | None = None
        self._can_train = can_train
        self.title = bold(QLabel())
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.info = plain_label()
        self.device = caption()
        self.bar = QProgressBar()
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(6)
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        self._make_buttons()
        self.plots = plots
        self.confusion = ConfusionView()
        self._lay_out()
        self._connect()

    def show_run(self, root: Path, title: str, history: History, status: Status) -> None:
        """Show another run."""
        self.root = root
        self._history = history
        self._preset = ""
        with suppress(TrainerError):
            self._preset = RunFolder(root).config().preset
        self.title.setText(title)
        self.plots.show_history(history)
        self.confusion.show_history(history)
        self.set_status(status)

    def follow(self, worker: RunWorker | None) -> None:
        """Refresh whenever the worker of the run reports something; None stops that."""
        if self._worker is not None:
            self._worker.changed.disconnect(self.refresh)
        self._worker = worker
        if worker is not None:
            worker.changed.connect(self.refresh)

    def set_status(self, status: Status, summary: RunSummary | None = None) -> None:
        """Show the actions that a status allows; `summary` is read from the run's folder."""
        self._status, self._summary = status, summary
        has_bundle = summary is not None and summary.has_bundle
        self.pause.setVisible(status is Status.RUNNING and self._reports_progress)
        can_go_on = self._can_train and status.is_resumable
        self.resume.setVisible(status is Status.PAUSED or can_go_on)
        self.cancel.setVisible(status.is_alive)
        self.use.setVisible(has_bundle and not status.is_alive)
        self.test.setVisible(summary is not None and summary.is_testable)
        has_epochs = summary is not None and summary.has_epochs
        self.export.setVisible((has_bundle or has_epochs) and not status.is_alive)
        if summary is not None:
            self.export_menu.offer(summary)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the run's latest events."""
        if self._status.is_alive:
            paused = self._history.is_paused
            self._status = Status.PAUSED if paused else Status.RUNNING
            shown, hidden = (self.resume, self.pause) if paused else (self.pause, self.resume)
            shown.setVisible(paused or self._reports_progress)
            if hidden.hasFocus():
                shown.setFocus()
            hidden.hide()
        self.stop.setVisible(self._status.is_alive and self._reports_progress)
        asked = self._end_asked
        for button in (self.pause, self.resume, self.stop):
            button.setEnabled(asked is None)
        self.cancel.setEnabled(asked is not Request.CANCEL)
        self.info.setText(_DOT.join(map(unbroken, self._info_parts())))
        self.device.setText(self._device_text().replace(" · ", " ·\N{NO-BREAK SPACE}"))
        self.bar.setValue(round(_BAR_STEPS * self._share_done()))
        has_begun = self._history.started is not None  # a forest's curves are not over epochs
        self.plots.setVisible(self._reports_progress if has_begun else not self._is_classic)
        self.plots.refresh()
        self.confusion.refresh()
        self.refreshed.emit()

    def headline(self) -> Headline:
        """Return what a whole room should see."""
        started, batch, best = self._history.started, self._history.last_batch, self._history.kept
        parts = [self._status_text()]
        if started is not None and not self._is_classic:
            epoch = batch.epoch if batch is not None else max(self._history.epochs, default=0)
            parts.append(self.tr("epoch {0} of {1}").format(epoch, started.epochs))
        accuracy = "" if best is None else percent(best.validation_accuracy)
        return Headline(accuracy, _DOT.join(parts), self._share_done())

    def _make_buttons(self) -> None:
        self.pause = push_button(
            self.tr("Pause"), self.tr("Wait after this batch; the trainer keeps its place")
        )
        self.resume = push_button(
            self.tr("Resume"), self.tr("Go on from where the run stands, or its last checkpoint")
        )
        self.stop = push_button(
            self.tr("Stop and keep the best"),
            self.tr("End now and make a recogniser of the best epoch"),
        )
        self.cancel = push_button(
            self.tr("Cancel and discard"), self.tr("End at once and throw the run away")
        )
        self.use = push_button(
            self.tr("Use for drawing"), self.tr("Let this run read what you draw in the Draw tab")
        )
        self.test = push_button(
            self.tr("Test"), self.tr("Measure the run once on data that nothing was chosen by")
        )
        self.export = push_button(
            self.tr("Export"), self.tr("Write the run's model, report or table as a file")
        )
        self.export_menu = ExportMenu(self)
        self.export.setMenu(self.export_menu)
        self.code = push_button(
            self.tr("Code…"), self.tr("Show a script that trains the same without this program")
        )
        self.code.setVisible(self._can_train)

    def _lay_out(self) -> None:
        buttons = hbox(
            (self.title, 1), self.use, self.test, self.export, self.code,
            self.pause, self.resume, self.stop, self.cancel,
        )  # fmt: skip
        halves = (self.plots, self.confusion)
        self.splitter = splitter(Qt.Orientation.Horizontal, *halves, sizes=(1000, 1000))
        parts = (buttons, self.bar, self.info, self.device, (self.splitter, 1))
        self.setLayout(vbox(*parts, spacing=SPACING // 2))

    def _connect(self) -> None:
        self.pause.clicked.connect(self._on_pause_clicked)
        self.resume.clicked.connect(self._on_resume_clicked)
        self.stop.clicked.connect(self._on_stop_clicked)
        self.cancel.clicked.connect(self._on_cancel_clicked)
        self.use.clicked.connect(self._on_use_clicked)
        self.test.clicked.connect(self._on_test_clicked)
        self.export_menu.form_chosen.connect(self._on_form_chosen)
        self.code.clicked.connect(self._on_code_clicked)
        self.confusion.cell_chosen.connect(self.cell_chosen)

    @Slot()
    def _on_pause_clicked(self) -> None:
        if self.root is not None:
            self._actions.ask(self.root, Request.PAUSE)

    @Slot()
    def _on_resume_clicked(self) -> None:
        if self.root is not None:
            self._actions.resume(self.root)

    @Slot()
    def _on_stop_clicked(self) -> None:
        if self.root is not None:
            self._actions.ask(self.root, Request.STOP)
            self.refresh()

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self.root is not None:
            self._actions.cancel(self.root)
            self.refresh()

    @Slot()
    def _on_use_clicked(self) -> None:
        if self.root is not None:
            self._actions.use(self.root)

    @Slot()
    def _on_test_clicked(self) -> None:
        if self._summary is not None:
            self._actions.test(self._summary)

    @Slot()
    def _on_code_clicked(self) -> None:
        if self.root is not None:
            self._actions.show_code(self.root)

    @Slot(str)
    def _on_form_chosen(self, form: str) -> None:
        if self._summary is not None:
            self._actions.export(self._summary, form)

    def _info_parts(self) -> list[str]:
        batch = self._history.last_batch
        parts = [self._status_text(), *self._extent_parts()]
        if batch is not None and self._status is Status.RUNNING:
            parts.append(self.tr("{0} images/s").format(local(batch.images_per_second)))
            if math.isfinite(batch.seconds_left):
                parts.append(self.tr("{0} left").format(time_text(batch.seconds_left)))
        parts += [*self._progress_parts(), *self._best_parts()]
        if self._summary is not None and self._summary.test_result is not None:
            parts.append(self.tr("test accuracy {0}").format(test_text(self._summary)))
        if self._history.epochs:
            rate = self._history.epochs[max(self._history.epochs)].learning_rate
            if rate:  # classic models have none
                parts.append(self.tr("learning rate {0}").format(local(rate, ".2g")))
        return [*parts, *self._resource_parts()]

    @property
    def _is_classic(self) -> bool:
        started = self._history.started
        preset = self._preset if started is None else started.preset
        return growth_of({"preset": preset}, 1) is not None

    @property
    def _reports_progress(self) -> bool:
        """Whether there are results before the end, so that a pause or a stop has a sense."""
        started, preset = self._history.started, PRESETS.get(self._preset)
        if started is not None:
            return started.reports_progress
        return preset is None or preset.reports_progress

    def _extent_parts(self) -> list[str]:
        """Return how far the run is: in epochs, or what a classic model consists of."""
        started, batch = self._history.started, self._history.last_batch
        if started is None:
            return []
        if self._is_classic:
            growth = None if self._summary is None else self._summary.growth
            return [] if growth is None else [growth_text(growth)]
        done = max(self._history.epochs, default=0)
        shown = batch.epoch if batch is not None and self._status.is_alive else done
        return [self.tr("epoch {0} of {1}").format(shown, started.epochs)]

    def _best_parts(self) -> list[str]:
        best = self._history.kept
        if best is None:
            return []
        accuracy = local(best.validation_accuracy, ".1%")
        if self._is_classic:
            parts = [self.tr("best validation accuracy {0}").format(accuracy)]
        else:
            text = self.tr("best validation accuracy {0} in epoch {1}")
            parts = [text.format(accuracy, best.epoch)]
        if best.merged_accuracy != best.validation_accuracy:
            merged = self.tr("{0} where case does not count")
            parts.append(merged.format(local(best.merged_accuracy, ".1%")))
        return parts

    def _progress_parts(self) -> list[str]:
        """Return the progress of a classic model."""
        started, progress, parts = self._history.started, self._history.last_progress, []
        is_running = self._status is Status.RUNNING and self._history.last_batch is None
        if progress is not None and is_running:
            parts.append(
                fill_in(
                    "{0}: {1:,} / {2:,}", unit_text(progress.unit), progress.done, progress.total
                )
            )
            if progress.done < progress.total:
                parts.append(self.tr("{0} left").format(time_text(progress.seconds_left)))
        if started is not None and not started.reports_progress:
            parts.append(self.tr("no intermediate results"))
        return parts

    def _resource_parts(self) -> list[str]:
        taken = self._history.resources
        if taken is None or self._status is not Status.RUNNING:
            return []
        parts = [self.tr("processor {0} %").format(round(100 * taken.processor_load))]
        if taken.memory_bytes:
            parts.append(self.tr("memory {0}").format(size_text(taken.memory_bytes)))
        if taken.device_memory_bytes is not None:
            texts = (
                size_text(n or 0) for n in (taken.device_memory_bytes, taken.device_peak_bytes)
            )
            parts.append(self.tr("graphics memory {0}, at most {1}").format(*texts))
        return parts

    @property
    def _end_asked(self) -> Request | None:
        return None if self._worker is None else self._worker.end_asked

    def _status_text(self) -> str:
        match self._end_asked:
            case Request.STOP:
                return self.tr("stopping: the best epoch becomes a recogniser")
            case Request.CANCEL:
                return self.tr("cancelling")
        if self._worker is not None and not self._worker.has_read:
            return self.tr("opening")
        if self._status is Status.RUNNING and self._history.started is None:
            return self.tr("starting: loading the libraries and the data")
        return status_text(self._status)

    def _device_text(self) -> str:
        started = self._history.started
        if started is None:
            return ""
        warned = self._history.warnings
        if warned:
            return error_text(warned[-1].message, warned[-1].hint)
        text = self.tr("{0} · {1} samples to train on, {2} for validation · {3}")
        parameters = (
            self.tr("{0} parameters").format(local(started.parameters))
            if started.parameters
            else preset_text(started.preset)
        )
        device = " – ".join(filter(None, (started.device, error_text(started.device_reason))))
        counts = local(started.n_train), local(started.n_validation)
        return text.format(parameters, *counts, device)

    def _share_done(self) -> float:
        started, batch = self._history.started, self._history.last_batch
        if started is None:
            return 0.0
        if not self._status.is_alive:
            return max(self._history.epochs, default=0) / max(started.epochs, 1)
        progress = self._history.last_progress
        if batch is None and progress is not None:
            return progress.done / max(progress.total, 1)
        if batch is None:
            return (started.first_epoch - 1) / max(started.epochs, 1)
        share = batch.epoch - 1 + batch.batch / max(batch.batches, 1)
        return share / max(started.epochs, 1)
