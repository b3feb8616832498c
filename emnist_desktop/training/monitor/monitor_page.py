"""The page that shows a run, or several beside one another; matplotlib is loaded for it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from emnist_desktop.trainer_process.run_worker import Outcome
from emnist_desktop.training.runs.history import History, read_history
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.training.unavailable import NoCurves, no_curves_text
from emnist_desktop.ui.task import Context, Task
from trainer.processes.launch import has_package
from trainer.runs.folder import Request
from trainer.runs.list_runs import RunSummary, Status
from trainer.runs.predictions import samples_of_cell

if TYPE_CHECKING:
    from emnist_desktop.training.monitor.comparison import Comparison
    from emnist_desktop.training.monitor.plots import Plots
    from emnist_desktop.training.monitor.run_view import RunView


class Watching(QWidget):
    """Holds the view of one run and the comparison; both are built when they are needed.

    Parameters
    ----------
    queue : RunQueue
        Whose runs are followed.
    can_train : bool
        Whether a run that has ended can be gone on with.

    Signals
    -------
    resume_requested, use_requested, discard_requested, test_requested : object
        Folder of the run.
    export_requested : object, str
        Folder, and the form.
    cell_chosen : object, str
        Samples of a cell of the matrix, `Found`, and a title.
    notice_raised : str, str
        A sentence and a hint.
    """

    resume_requested = Signal(object)
    use_requested = Signal(object)
    discard_requested = Signal(object)
    test_requested = Signal(object)
    export_requested = Signal(object, str)
    cell_chosen = Signal(object, str)
    notice_raised = Signal(str, str)

    def __init__(
        self, queue: RunQueue, *, can_train: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._can_train = can_train
        self._queue = queue
        self._runs: Mapping[Path, RunSummary] = {}
        self._root: Path | None = None
        self._discarded: Path | None = None
        self._compared: list[RunSummary] = []
        self._is_comparing = False
        self._no_curves = "" if has_package("matplotlib") else no_curves_text()
        self._is_ready = bool(self._no_curves)
        self.view: RunView | None = None
        self.comparison: Comparison | None = None
        self._loading = Task(self)
        self._reading = Task(self)
        self._comparing = Task(self)
        self.nothing = QLabel(self._invitation())
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setObjectName("caption")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self._loading.succeeded.connect(self._on_plots_loaded)
        self._loading.failed.connect(self._on_plots_failed)
        self._reading.succeeded.connect(self._on_history_read)
        self._reading.failed.connect(self._on_reading_failed)
        self._comparing.succeeded.connect(self._on_histories_read)
        self._comparing.failed.connect(self._on_reading_failed)
        queue.run_changed.connect(self._on_run_changed)
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
        """Show a run, as it goes on if it is being trained."""
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

    def close_page(self) -> None:
        """End what is under way."""
        for task in (self._loading, self._reading, self._comparing):
            task.close()

    def _show(self) -> None:
        if not self._is_ready:
            self.nothing.setText(self.tr("Loading …"))
            return
        if self._is_comparing:
            roots = [run.root for run in self._compared]
            self._comparing.start(lambda context: _read_all(roots, context))
        elif self._root is not None:
            history = self._queue.history_of(self._root)
            if history is not None and self._root in self._queue.running:
                self._show_history(self._root, history)
            else:
                root = self._root
                self._reading.start(lambda context: (root, *_read_all([root], context)))

    def _show_history(self, root: Path, history: History) -> None:
        view = self._built_view()
        title = self._runs[root].title if root in self._runs else root.name
        view.show_run(root, title, history, Status.RUNNING)
        self._show_status(root)
        self.stack.setCurrentWidget(view)

    def _show_status(self, root: Path) -> None:
        if self.view is None or self.view.root != root:
            return
        if root in self._queue.running:
            self.view.set_status(Status.RUNNING)
        elif root in self._runs:
            run = self._runs[root]
            self.view.set_status(run.status, run)

    def _built_view(self) -> RunView:
        if self.view is None:
            from emnist_desktop.training.monitor.run_view import RunView

            self.view = view = RunView(self._make_plots(), can_train=self._can_train)
            view.pause_requested.connect(self._on_pause_requested)
            view.resume_requested.connect(self._on_resume_requested)
            view.stop_requested.connect(self._on_stop_requested)
            view.cancel_requested.connect(self._on_cancel_requested)
            view.use_requested.connect(self._on_use_requested)
            view.test_requested.connect(self._on_test_requested)
            view.export_requested.connect(self._on_export_requested)
            view.cell_chosen.connect(self._on_cell_chosen)
            self.stack.addWidget(view)
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

    @Slot(object)
    def _on_run_changed(self, root: Path) -> None:
        if self.view is not None and self.view.root == root and not self._is_comparing:
            self.view.refresh()

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        if self._discarded == root:
            self._discarded = None
            self.discard_requested.emit(root)

    @Slot()
    def _on_pause_requested(self) -> None:
        self._ask(Request.PAUSE)

    @Slot()
    def _on_stop_requested(self) -> None:
        self._ask(Request.STOP)

    @Slot()
    def _on_resume_requested(self) -> None:
        if self.view is not None:
            self.resume_requested.emit(self.view.root)

    @Slot()
    def _on_use_requested(self) -> None:
        if self.view is not None:
            self.use_requested.emit(self.view.root)

    @Slot()
    def _on_test_requested(self) -> None:
        if self.view is not None:
            self.test_requested.emit(self.view.root)

    @Slot(str)
    def _on_export_requested(self, form: str) -> None:
        if self.view is not None:
            self.export_requested.emit(self.view.root, form)

    @Slot()
    def _on_cancel_requested(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Cancel and discard"))
        box.setText(self.tr("End the training and throw the run away?"))
        box.setInformativeText(
            self.tr("Stop and keep the best makes a recogniser of what it has learned so far.")
        )
        discard = box.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        go_on = box.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.exec()
        if box.clickedButton() is discard and self.view is not None:
            self._discarded = self.view.root
            self._ask(Request.CANCEL)

    @Slot(int, int, int)
    def _on_cell_chosen(self, epoch: int, true: int, predicted: int) -> None:
        if self.view is None or self.view.root is None:
            return
        try:
            found = samples_of_cell(self.view.root, epoch, true, predicted)
        except LookupError:
            self.notice_raised.emit(
                self.tr("This run did not note which image was read how."),
                self.tr("Runs that are started from now on do."),
            )
            return
        alphabet = self.view.confusion.matrix
        title = alphabet.text_of(true, predicted)
        self.cell_chosen.emit(found, title)

    def _ask(self, request: Request) -> None:
        if self.view is not None and self.view.root is not None:
            self._queue.ask(self.view.root, request)


def _load_plots(context: Context) -> None:
    context.check()
    importlib.import_module("emnist_desktop.training.monitor.plots")


def _read_all(roots: Sequence[Path], context: Context) -> list[History]:
    histories = []
    for root in roots:
        context.check()
        histories.append(read_history(root))
    return histories
