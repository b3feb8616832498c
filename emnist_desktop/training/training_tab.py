"""The tab where networks are trained: set a run up, watch it, keep it, compare it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from emnist_desktop.settings import SettingEntry, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.controls import caption, plain_label, tool_button
from emnist_desktop.ui.format import run_title, status_text, title_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.lazy import LazyWidget, load_modules
from emnist_desktop.ui.projector import Projector
from emnist_desktop.ui.style import MARGIN, SPACING
from emnist_desktop.ui.task import Context, Task
from trainer.errors import TrainerError
from trainer.files.paths import Profile
from trainer.processes.launch import can_train

if TYPE_CHECKING:
    from emnist_desktop.trainer_process.run_worker import Outcome
    from emnist_desktop.trainer_process.standby import StandbyTrainer
    from emnist_desktop.training.notices import TrainingNotices
    from emnist_desktop.training.runs.run_queue import MakeLaunch, RunQueue
    from trainer.config.training_config import TrainingConfig
    from trainer.datasets.catalog import Catalog
    from trainer.runs.list_runs import RunSummary, Status

FORM = SettingEntry("training/form", "")
"""The settings of the run that was started last, as JSON."""

_FIRST_LISTING_MILLISECONDS = 700
"""Waiting runs are looked for so long after the window's start, which comes first."""

_MODULES = (
    *("trainer.config.training_config", "emnist_desktop.training.runs.run_queue"),
    *("emnist_desktop.trainer_process.standby", "emnist_desktop.training.setup.setup_page"),
    *("emnist_desktop.training.runs.run_list", "emnist_desktop.training.monitor.monitor_page"),
    *("emnist_desktop.training.monitor.run_view", "emnist_desktop.ui.empty_state"),
)
"""What the pages are made of, each of which takes a moment to load."""

_SENTENCE_WIDTH = 460
"""Of what is said while there is no run, in pixels."""


class TrainingTab(LazyWidget):
    """Shows the runs of a profile.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    catalog : Catalog
    launch : callable, optional
        How the trainer of a run is started; by default one is kept ready while the tab is shown.

    Signals
    -------
    status_changed : str
        A word for the status bar.
    bundle_chosen : str
        Folder of the recogniser that shall read what is drawn.
    samples_requested : str, str, object, str
        Dataset, split, indices of samples (int64), title: a cell of a confusion matrix was clicked.
    dataset_requested : str
        A dataset that is not on this computer yet, and shall be fetched.
    runs_deleted : object
        Folders, a tuple.
    runs_changed
        A run has ended, or was renamed, imported, restored or deleted.
    """

    status_changed = Signal(str)
    bundle_chosen = Signal(str)
    samples_requested = Signal(str, str, object, str)
    dataset_requested = Signal(str)
    runs_deleted = Signal(object)
    runs_changed = Signal()

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        launch: MakeLaunch | None = None,
    ) -> None:
        super().__init__()
        self._profile = profile
        self._settings = settings
        self._catalog = catalog
        self._runs: dict[Path, RunSummary] = {}
        self._has_attached = False
        self._can_train = can_train()
        self._launch = launch
        self._listing = Task(self, self._on_runs_listed)
        self._first_listing = QTimer(self, singleShot=True, interval=_FIRST_LISTING_MILLISECONDS)
        self._first_listing.timeout.connect(self._list_runs)
        self._first_listing.start()

    @cached_property
    def queue(self) -> RunQueue:
        """The runs of this window."""
        from emnist_desktop.training.runs.run_queue import RunQueue

        queue = RunQueue(self._profile, self._launch or self._warm.launch, self)
        queue.run_started.connect(self._on_run_started)
        queue.run_ended.connect(self._on_run_ended)
        return queue

    @cached_property
    def _notices(self) -> TrainingNotices:
        from emnist_desktop.training.notices import TrainingNotices

        notices = TrainingNotices(can_resume=self._can_train, parent=self)
        notices.status_changed.connect(self.status_changed)
        return notices

    @cached_property
    def _warm(self) -> StandbyTrainer:
        from emnist_desktop.trainer_process.standby import StandbyTrainer

        return StandbyTrainer(self._profile, self, is_wanted=self._launch is None)

    def look(self) -> None:
        """List the datasets and the runs again."""
        self.setup.refresh_datasets()
        self._list_runs()

    @property
    def is_training(self) -> bool:
        """Whether a run of this window is under way."""
        return "queue" in vars(self) and bool(self.queue.running)

    def projector(self) -> Projector | None:
        """Return the run that is shown, for a full screen; None if none is."""
        view = self.monitor.view if self.is_built else None
        if view is None or self.monitor.stack.currentWidget() is not view:
            return None
        from emnist_desktop.training.monitor.projector import RunProjector

        return RunProjector(view)

    def ask_before_close(self) -> bool:
        """Ask what happens to a running run; return whether the window may close."""
        if not self.is_training:
            return True
        from emnist_desktop.training.notices import Closing, ask_about_run
        from trainer.runs.folder import Request, RunFolder

        closing = ask_about_run(self)
        if closing is Closing.PAUSE:
            for root in self.queue.running:
                RunFolder(root).ask(Request.PAUSE)
        return closing is not Closing.STAY

    def set_up_with(self, dataset: str) -> None:
        """Show the form with a dataset chosen."""
        self.ensure_built()
        self._show_form()
        self.setup.choose_dataset(dataset)

    def start_run(self, config: TrainingConfig) -> None:
        """Put a run into the queue, with settings that another tab has made."""
        self.ensure_built()
        self._start(config)

    def set_fields(self, fields: Mapping[str, Any]) -> None:
        """Take fields of the settings over into the form, and show it."""
        self.ensure_built()
        self._show_form()
        self.setup.apply_fields(fields)

    @Slot(object)
    def show_run(self, root: Path) -> None:
        """Show the curves of a run."""
        self.ensure_built()
        self.monitor.show_run(root)
        self._show(self.monitor)

    def import_bundle(self, file: Path) -> None:
        """Import a bundle that was exported as one file, and show the list of runs."""
        self.ensure_built()
        self._show(self.list)
        self.run_actions.import_file(file)

    def _show_children(self) -> None:
        """Let Qt show them later: now it would give the focus to a button of the bar."""

    def build(self) -> Iterator[None]:
        """Make the bar and the pages."""
        yield from load_modules(*_MODULES)
        from emnist_desktop.training.monitor.monitor_page import MonitorPage
        from emnist_desktop.training.runs.run_actions import RunActions
        from emnist_desktop.training.runs.run_list import RunList
        from emnist_desktop.training.setup.setup_page import SetupPage
        from emnist_desktop.training.unavailable import no_training_text

        self.run_actions = RunActions(self._profile, self._settings, self.queue, self)
        self.banner = Banner()
        self.bar = PageBar("" if self._can_train else no_training_text())
        self.first_run = TrainingEmptyState(can_train=self._can_train)
        yield
        self.setup = SetupPage(self._profile, self._catalog, self._settings)
        yield
        self.monitor = MonitorPage(
            self.queue, self.run_actions, self._catalog, can_train=self._can_train
        )
        self.list = RunList(self.run_actions, can_train=self._can_train)
        self.stack = QStackedWidget()
        for page in (self.first_run, self.setup, self.monitor, self.list):
            self.stack.addWidget(page)
            yield
        self.is_built = True
        self.setLayout(vbox(self.bar, self.banner, (self.stack, 1), margins=MARGIN))
        self._connect()
        self._remember_form()
        self.list.show_runs(list(self._runs.values()))
        self.monitor.set_summaries(self._runs)
        self._show_queue()
        self._notices.show_in(self.banner)

    def _remember_form(self) -> None:
        """Fill the form as it was at the last start; what this version cannot read is forgotten."""
        from trainer.config.training_config import TrainingConfig

        remembered = self._settings.get(FORM)
        if remembered:
            with contextlib.suppress(TrainerError):
                self.setup.restore(TrainingConfig.from_json(remembered))

    def _connect(self) -> None:
        self.bar.chosen.connect(self._on_page_chosen)
        self.first_run.quick_requested.connect(self._on_quick_requested)
        self.first_run.form_requested.connect(self._show_form)
        self.setup.start_requested.connect(self._on_start_requested)
        self.setup.dataset_requested.connect(self.dataset_requested)
        for part in (self.setup, self.monitor, self.run_actions):
            part.notice_raised.connect(self._notices.show_message)
        self.monitor.samples_requested.connect(self.samples_requested)
        self.first_run.import_requested.connect(self.run_actions.import_bundle)
        self.list.open_requested.connect(self.show_run)
        self.list.compare_requested.connect(self._on_compare_requested)
        self.run_actions.bundle_chosen.connect(self.bundle_chosen)
        self.run_actions.resumed.connect(self._notices.withdraw_run)
        self.run_actions.resumed.connect(self._show_queue)
        self._notices.resume_requested.connect(self.run_actions.resume)
        self._notices.undo_requested.connect(self.run_actions.undo)
        self.run_actions.runs_changed.connect(self._list_runs)
        self.run_actions.runs_changed.connect(self.runs_changed)
        self.run_actions.runs_deleted.connect(self._on_runs_deleted)
        self.run_actions.status_changed.connect(self.status_changed)

    def _show(self, page: QWidget) -> None:
        bar = self.bar
        buttons = {self.setup: bar.new_run, self.monitor: bar.watch, self.list: bar.runs}
        if page in buttons:
            buttons[page].setChecked(True)
        self.stack.setCurrentWidget(page)

    @Slot()
    def _on_page_chosen(self) -> None:
        if self.bar.new_run.isChecked():
            self._show(self.setup)
        elif self.bar.watch.isChecked():
            self._show(self.monitor)
            self.monitor.show_last()
        else:
            self._show(self.list)
            self._list_runs()

    @Slot()
    def _list_runs(self) -> None:
        self._first_listing.stop()
        folder = self._profile.runs
        self._listing.start(lambda context: _list_runs(folder, context))

    @Slot(object)
    def _on_runs_listed(self, runs: list[RunSummary]) -> None:
        self._runs = {run.root: run for run in runs}
        if self.is_built:
            self.list.show_runs(runs)
            self.monitor.set_summaries(self._runs)
            self._offer_bundles(runs)
        if not self._has_attached:
            self._has_attached = True
            self._attach_runs(runs)
        if self.is_built and runs and self.stack.currentWidget() is self.first_run:
            self._show(self.monitor if self.queue.running else self.list)
            self.monitor.show_last()
        self._show_queue()

    def _offer_bundles(self, runs: list[RunSummary]) -> None:
        networks = [run for run in runs if run.has_bundle and run.growth is None]
        self.setup.form.set_bundles(
            [(str(run.root / "bundle"), run_title(run)) for run in networks]
        )

    def _attach_runs(self, runs: list[RunSummary]) -> None:
        """Attach to runs that train already and queue waiting ones, whichever tab is shown."""
        from trainer.runs.list_runs import Status

        for run in runs:
            if run.status.is_alive:
                self.queue.attach(run.root)
        for run in reversed(runs):
            if run.status is Status.WAITING and self._can_train:
                self.queue.add(run.root)

    @Slot()
    def _on_quick_requested(self) -> None:
        self._show(self.setup)
        self.setup.set_up_first()

    @Slot()
    def _show_form(self) -> None:
        self._show(self.setup if self._can_train else self.first_run)

    @Slot(object)
    def _on_start_requested(self, config: TrainingConfig) -> None:
        self._settings.set(FORM, config.to_json())
        self._start(config)

    def _start(self, config: TrainingConfig) -> None:
        from emnist_desktop.training.unavailable import no_training_text
        from trainer.runs.folder import RunFolder

        if not self._can_train:
            self._notices.show_message(no_training_text())
            return
        try:
            root = RunFolder.create(self._profile.runs, config).root
        except TrainerError as error:
            self._notices.show_message(error.message, error.hint)
            return
        is_first = not self.queue.running
        self._notices.hide()
        self.queue.add(root)
        if not is_first:
            self._show(self.list)
            self.status_changed.emit(self.tr("The run waits for its turn"))
        self._show_queue()
        self._list_runs()

    @Slot(object)
    def _on_run_started(self, root: Path) -> None:
        if self.is_built:
            self.monitor.show_run(root)
            self._show(self.monitor)
        worker = self.queue.worker_of(root)
        if worker is not None:
            worker.changed.connect(self._show_progress)
        self._show_queue()
        self.status_changed.emit(self.tr("Training {0}").format(self._title_of(root)))

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        self._show_queue()
        self._list_runs()
        self._notices.show_outcome(root, self._title_of(root), outcome)
        self.runs_changed.emit()

    @Slot(object)
    def _on_compare_requested(self, roots: tuple[Path, ...]) -> None:
        self.monitor.compare([self._runs[root] for root in roots if root in self._runs])
        self._show(self.monitor)

    @Slot(object, str)
    def _on_runs_deleted(self, roots: tuple[Path, ...], sentence: str) -> None:
        self.monitor.forget(roots)
        self.runs_deleted.emit(roots)
        self._notices.offer_undo(sentence)

    def _title_of(self, root: Path) -> str:
        if root in self._runs:
            return run_title(self._runs[root])
        from trainer.runs.list_runs import folder_title

        return folder_title(root, translate=title_text)

    @Slot()
    def _show_queue(self) -> None:
        if self.is_built or self.is_training:
            self._warm.set_training(self.is_training)
        if self.is_built:
            self._show_progress()
            self.setup.set_training(self.is_training)

    @Slot()
    def _show_progress(self) -> None:
        if self.is_built:
            training = [
                (self._title_of(root), self._status_of(root)) for root in self.queue.running
            ]
            self.bar.show_queue(training, len(self.queue.waiting))

    def _status_of(self, root: Path) -> Status:
        from trainer.runs.list_runs import Status

        worker = self.queue.worker_of(root)
        is_paused = worker is not None and worker.history.is_paused
        return Status.PAUSED if is_paused else Status.RUNNING


def _list_runs(folder: Path, context: Context) -> list[RunSummary]:
    from trainer.runs.list_runs import list_runs

    context.check()
    return list_runs(folder, title_text)


class PageBar(QWidget):
    """Three exclusive buttons, and the state of the queue.

    Parameters
    ----------
    instead : str
        What is said below the buttons by a program that cannot train, which has no New run.

    Signals
    -------
    chosen
        Another button is down.
    """

    chosen = Signal()

    def __init__(self, instead: str) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.new_run = self._button(
            self.tr("New run"), self.tr("Choose the data and the model, and start")
        )
        self.watch = self._button(self.tr("Watch"), self.tr("See how the run learns"))
        self.runs = self._button(
            self.tr("Runs"), self.tr("All runs: compare them, use one, delete one")
        )
        self.queue_text = caption()
        self.queue_text.setWordWrap(False)
        self.instead = plain_label(instead, selectable=True)
        (self.new_run if instead else self.instead).hide()
        row = hbox(*self._group.buttons(), 1, self.queue_text, spacing=SPACING // 2)
        self.setLayout(vbox(row, self.instead))
        self._group.buttonClicked.connect(self.chosen)

    def show_queue(self, training: Sequence[tuple[str, Status]], waiting: int) -> None:
        """Show the titles and states of the runs that are followed, and how many wait."""
        texts = [f"{title}: {status_text(status)}" for title, status in training]
        if waiting:
            texts.append(self.tr("{0} waiting").format(waiting))
        self.queue_text.setText(" · ".join(texts))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = tool_button(text, tip, checkable=True)
        self._group.addButton(button)
        return button


class TrainingEmptyState(QWidget):
    """Explains how to begin or, in a program that cannot train, what to do instead.

    Signals
    -------
    quick_requested
        Set up the small network on the starter set.
    form_requested
        Show the form as it is.
    import_requested
        Add a recogniser that was trained elsewhere.
    """

    quick_requested = Signal()
    form_requested = Signal()
    import_requested = Signal()

    def __init__(self, *, can_train: bool) -> None:
        super().__init__()
        self.sentence = QLabel(
            self.tr(
                "Train a network of your own and watch it learn to read: the small one takes "
                "a minute or two on the starter set, which needs no network connection."
            )
            if can_train
            else self.tr("A recogniser that was trained elsewhere can be imported and drawn with.")
        )
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(_SENTENCE_WIDTH)
        self.quick = QPushButton(self.tr("Set up a small network on the starter set"))
        self.other = QPushButton(self.tr("Choose the model and the data"))
        self.quick.clicked.connect(self.quick_requested)
        self.import_file = QPushButton(self.tr("Import a recogniser…"))
        self.other.clicked.connect(self.form_requested)
        self.import_file.clicked.connect(self.import_requested)
        for button in (self.import_file,) if can_train else (self.quick, self.other):
            button.hide()
        middle = hbox(1, self.sentence, 1)  # an aligned label would not get its lines' height
        buttons = hbox(1, self.quick, self.other, self.import_file, 1)
        from emnist_desktop.ui.empty_state import LearningPicture

        picture = hbox(1, LearningPicture(), 1)
        self.setLayout(vbox(1, picture, middle, buttons, 2, spacing=2 * SPACING, margins=MARGIN))
