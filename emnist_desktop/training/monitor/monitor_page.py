"""The page that shows one run or compares several; loads matplotlib in the background."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from emnist_desktop.trainer_process.history import History, read_history
from emnist_desktop.trainer_process.run_worker import Outcome
from emnist_desktop.training.runs.run_actions import RunActions
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.training.unavailable import NoCurves, no_curves_text
from emnist_desktop.ui.controls import centred_caption
from emnist_desktop.ui.format import run_title
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import Catalog
from trainer.errors import TrainerError
from trainer.processes.launch import has_package
from trainer.runs.list_runs import RunSummary, Status
from trainer.runs.predictions import confusion_samples

if TYPE_CHECKING:
    from emnist_desktop.training.monitor.comparison import Comparison
    from emnist_desktop.training.monitor.plots import Plots
    from emnist_desktop.training.monitor.run_view import RunView


class MonitorPage(QWidget):
    """Holds the view of one run and the comparison; both are built when they are needed.

    Parameters
    ----------
    queue : RunQueue
        Whose runs are followed.
    actions : RunActions
        What can be done with a run.
    catalog : Catalog
        Has the samples that a confusion matrix counts.
    can_train : bool
        Whether a run that has ended can be gone on with.

    Signals
    -------
    samples_requested : str, str, object, str
        Dataset, split, indices (int64) and title of the samples of a cell that was clicked.
    notice_raised : str, str
        A sentence and a hint.
    """

    samples_requested = Signal(str, str, object, str)
    notice_raised = Signal(str, str)

    def __init__(
        self, queue: RunQueue, actions: RunActions, catalog: Catalog, *, can_train: bool = True
    ) -> None:
        super().__init__()
        self._can_train = can_train
        self._queue = queue
        self._actions = actions
        self._catalog = catalog
        self._runs: Mapping[Path, RunSummary] = {}
        self._root: Path | None = None
        self._compared: list[RunSummary] = []
        self._is_comparing = False
        self._no_curves = "" if has_package("matplotlib") else no_curves_text()
        self._is_ready = bool(self._no_curves)
        self.view: RunView | None = None
        self.comparison: Comparison | None = None
        self._loading = Task(self, self._on_plots_loaded, self._on_plots_failed)
        self._reading = Task(self, self._on_history_read, self._on_reading_failed)
        self._comparing = Task(self, self._on_histories_read, self._on_reading_failed)
        self.nothing = centred_caption(self._invitation())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.setLayout(vbox(self.stack))
        queue.run_ended.connect(self._on_run_ended)

    def showEvent(self, event: QShowEvent) -> None:
        """Load what draws curves, beside the window's thread."""
        super().showEvent(event)
        if not self._is_ready and not self._loading.is_running:
            self._loading.start(_load_plots)

    def set_summaries(self, runs: Mapping[Path, RunSummary]) -> None:
        """Take what is known of all runs."""
        self._runs = runs
        if self._root is not None and self._root in runs:
            self._show_status(self._root)

    def show_run(self, root: Path) -> None:
        """Show a run, live if it is being trained."""
        self._root = root
        self._is_comparing = False
        self._show()

    def show_last(self) -> None:
        """Show one run again: the last one shown, else one that trains, else the newest."""
        if self._root is None:
            trained = [root for root, run in self._runs.items() if not run.is_imported]
            self._root = next(iter([*self._queue.running, *trained]), None)
        self._is_comparing = False
        self._show()

    def compare(self, runs: Sequence[RunSummary]) -> None:
        """Show several runs beside one another."""
        self._compared = list(runs)
        self._is_comparing = True
        self._show()

    def forget(self, roots: Sequence[Path]) -> None:
        """Show nothing if what is shown was deleted."""
        if self._root in roots:
            self._root = None
            self._reading.cancel()
            self.stack.setCurrentWidget(self.nothing)

    def _show(self) -> None:
        if not self._is_ready:
            self.nothing.setText(self.tr("Loading …"))
            return
        if self._is_comparing:
            roots = [run.root for run in self._compared]
            self._comparing.start(lambda context: _read_all(roots, context))
        elif self._root is not None:
            worker = self._queue.worker_of(self._root)
            if worker is not None:
                self._show_history(self._root, worker.history)
            else:
                root = self._root
                self._reading.start(lambda context: (root, *_read_all([root], context)))

    def _show_history(self, root: Path, history: History) -> None:
        view = self._built_view()
        title = run_title(self._runs[root]) if root in self._runs else root.name
        worker, run = self._queue.worker_of(root), self._runs.get(root)
        status = Status.RUNNING if worker is not None or run is None else run.status
        view.follow(worker)
        view.show_run(root, title, history, status)
        self._show_status(root)
        self.stack.setCurrentWidget(view)

    def _show_status(self, root: Path) -> None:
        if self.view is None or self.view.root != root:
            return
        if root in self._runs:
            self.view.title.setText(run_title(self._runs[root]))
        if root in self._queue.running:
            self.view.set_status(Status.RUNNING)
        elif root in self._runs:
            run = self._runs[root]
            self.view.set_status(run.status, run)

    def _built_view(self) -> RunView:
        if self.view is None:
            from emnist_desktop.training.monitor.run_view import RunView

            plots = self._make_plots()
            self.view = RunView(self._actions, plots, can_train=self._can_train)
            self.view.cell_chosen.connect(self._on_cell_chosen)
            self.stack.addWidget(self.view)
        return self.view

    def _make_plots(self) -> Plots | NoCurves:
        if self._no_curves:
            return NoCurves(self._no_curves)
        from emnist_desktop.training.monitor.plots import Plots

        return Plots()

    def _invitation(self) -> str:
        if self._can_train:
            return self.tr("Start a run, or open one from the list, to see it here.")
        return self.tr("Open a run from the list to see it here.")

    @Slot()
    def _on_plots_loaded(self) -> None:
        self._is_ready = True
        self.nothing.setText(self._invitation())
        self._show()

    @Slot(object)
    def _on_plots_failed(self, error: Exception) -> None:
        self._no_curves = self.tr("Curves cannot be drawn: {0}.").format(error)
        self._on_plots_loaded()

    @Slot(object)
    def _on_history_read(self, read: tuple[Path, History]) -> None:
        root, history = read
        if root == self._root and not self._is_comparing:
            self._show_history(root, history)

    @Slot(object)
    def _on_histories_read(self, histories: list[History]) -> None:
        if not self._is_comparing:
            return
        if self._no_curves:
            self.nothing.setText(self._no_curves)
            self.stack.setCurrentWidget(self.nothing)
            return
        if self.comparison is None:
            from emnist_desktop.training.monitor.comparison import Comparison

            self.comparison = Comparison()
            self.stack.addWidget(self.comparison)
        self.comparison.show_runs(self._compared, histories)
        self.stack.setCurrentWidget(self.comparison)

    @Slot(object)
    def _on_reading_failed(self, error: Exception) -> None:
        self.notice_raised.emit(self.tr("The run cannot be read: {0}.").format(error), "")

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        if self.view is not None and self.view.root == root:
            self.view.follow(None)

    @Slot(int, int, int)
    def _on_cell_chosen(self, epoch: int, true: int, predicted: int) -> None:
        if self.view is None or self.view.root is None:
            return
        try:
            found = confusion_samples(self.view.root, epoch, true, predicted)
        except LookupError:
            self.notice_raised.emit(
                self.tr("This run did not note which image was read how."),
                self.tr("Runs that are started from now on do."),
            )
            return
        try:
            split = self._catalog.open(found.data).splits.get(found.split)
        except TrainerError:
            split = None  # the Datasets tab says why it cannot be opened
        if split is not None and not found.match(split.images):
            self.notice_raised.emit(
                self.tr("{0} has changed since this run: its images are others.").format(
                    found.data
                ),
                self.tr("Put the old data back to see what was misread."),
            )
            return
        title = self.view.confusion.matrix.text_of(true, predicted)
        self.samples_requested.emit(found.data, found.split, found.indices, title)


def _load_plots(context: Context) -> None:
    context.check()
    importlib.import_module("emnist_desktop.training.monitor.plots")


def _read_all(roots: Sequence[Path], context: Context) -> list[History]:
    histories = []
    for root in roots:
        context.check()
        histories.append(read_history(root))
    return histories
