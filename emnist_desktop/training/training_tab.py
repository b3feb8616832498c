"""The tab where networks are trained: set a run up, watch it, keep it, compare it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.banner import Banner
from emnist_desktop.settings import Entry, Settings
from emnist_desktop.style import MARGIN, SPACING
from emnist_desktop.task import Context, Task
from emnist_desktop.training.closing import Closing, ask_about_run
from emnist_desktop.training.facts import status_text
from emnist_desktop.training.first_run import FirstRun
from emnist_desktop.training.run_list import RunList
from emnist_desktop.training.run_queue import MakeLaunch, RunQueue, new_run
from emnist_desktop.training.run_worker import End, Outcome, train_launch
from emnist_desktop.training.setup_page import SetupPage
from emnist_desktop.training.watching import Watching
from trainer.config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.errors import TrainerError
from trainer.paths import Profile
from trainer.runs.folder import Request, RunFolder
from trainer.runs.listing import RunSummary, Status, list_runs, recycle, restore, set_label

FORM = Entry("training/form", "")
"""The settings of the run that was started last, as JSON."""


class TrainingTab(QWidget):
    """Shows the runs of a profile; built when it is first shown.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    catalog : Catalog
    launch : callable
        How the trainer of a run is started.

    Signals
    -------
    status_changed : str
        A word for the status bar.
    bundle_chosen : str
        Folder of the recogniser that shall read what is drawn.
    samples_requested : str, str, object, str
        Dataset, split, indices of samples (int64), title: a cell of a confusion matrix was clicked.
    """

    status_changed = Signal(str)
    bundle_chosen = Signal(str)
    samples_requested = Signal(str, str, object, str)

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
        launch: MakeLaunch = train_launch,
    ) -> None:
        super().__init__(parent)
        self._launch = launch
        self._profile = profile
        self._settings = settings
        self._catalog = catalog
        self._runs: dict[Path, RunSummary] = {}
        self._is_built = False
        self._has_looked = False
        self._undo: list[tuple[Path, Path]] = []
        self._notice_root: Path | None = None

    @Slot(bool)
    def set_current(self, is_current: bool) -> None:
        """Build the tab when it is first turned to; look again at each later time."""
        if is_current:
            self._build()
            self.setup.refresh_datasets()
            self._list_runs()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the tab if nobody has said that it is turned to."""
        super().showEvent(event)
        if not self._is_built:
            self.set_current(True)

    @property
    def is_training(self) -> bool:
        """Whether a run of this window is under way."""
        return self._is_built and bool(self.queue.running)

    def ask_before_close(self) -> bool:
        """Ask what becomes of a run under way; return whether the window may close."""
        if not self.is_training:
            return True
        closing = ask_about_run(self)
        if closing is Closing.PAUSE:
            for root in self.queue.running:
                RunFolder(root).ask(Request.PAUSE)
        return closing is not Closing.STAY

    def close_tab(self) -> None:
        """Let go of the runs, which go on, and end everything else."""
        if self._is_built:
            self.queue.close()
            self.setup.close_page()
            self.watching.close_page()
            for task in (self._listing, self._working):
                task.close()

    def set_up_with(self, dataset: str) -> None:
        """Show the form with a dataset chosen."""
        self._build()
        self._show(self.setup)
        self.setup.choose_dataset(dataset)

    def _build(self) -> None:
        if self._is_built:
            return
        self._is_built = True
        self.queue = RunQueue(self._profile, self._launch, self)
        self._listing = Task(self)
        self._working = Task(self)
        self.banner = Banner()
        self.first_run = FirstRun()
        self.setup = SetupPage(self._profile, self._catalog)
        self.watching = Watching(self.queue)
        self.list = RunList()
        self.stack = QStackedWidget()
        for page in (self.first_run, self.setup, self.watching, self.list):
            self.stack.addWidget(page)
        self._build_choice()
        self._lay_out()
        self._connect()
        self._remember_form()

    def _remember_form(self) -> None:
        """Fill the form as it was at the last start; what this version cannot read is forgotten."""
        remembered = self._settings.get(FORM)
        if remembered:
            with contextlib.suppress(TrainerError):
                self.setup.form.show_config(TrainingConfig.from_json(remembered))

    def _build_choice(self) -> None:
        self.choice = QButtonGroup(self)
        self.new_button, self.watch_button, self.runs_button = (
            self._choice_button(text, tip)
            for text, tip in (
                (self.tr("New run"), self.tr("Choose the data and the model, and start")),
                (self.tr("Watch"), self.tr("See how the run learns")),
                (self.tr("Runs"), self.tr("All runs: compare them, use one, delete one")),
            )
        )
        self.queue_text = QLabel()
        self.queue_text.setObjectName("caption")

    def _choice_button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        self.choice.addButton(button)
        button.clicked.connect(self._on_page_chosen)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING // 2)
        for button in (self.new_button, self.watch_button, self.runs_button):
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self.queue_text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.first_run.quick_requested.connect(self._on_quick_requested)
        self.first_run.form_requested.connect(self._on_form_requested)
        self.setup.start_requested.connect(self._on_start_requested)
        self.setup.notice_raised.connect(self._on_notice_raised)
        self.watching.notice_raised.connect(self._on_notice_raised)
        self.watching.resume_requested.connect(self._resume)
        self.watching.use_requested.connect(self._on_use_requested)
        self.watching.discard_requested.connect(self._on_discard_requested)
        self.watching.samples_requested.connect(self.samples_requested)
        self.queue.run_started.connect(self._on_run_started)
        self.queue.run_ended.connect(self._on_run_ended)
        self.list.open_requested.connect(self._on_open_requested)
        self.list.resume_requested.connect(self._resume)
        self.list.use_requested.connect(self._on_use_requested)
        self.list.folder_requested.connect(self._on_folder_requested)
        self.list.delete_requested.connect(self._on_delete_requested)
        self.list.compare_requested.connect(self._on_compare_requested)
        self.list.label_edited.connect(self._on_label_edited)
        self.banner.action_requested.connect(self._on_banner_action)
        self._listing.succeeded.connect(self._on_runs_listed)

    def _show(self, page: QWidget) -> None:
        buttons = {
            self.setup: self.new_button,
            self.watching: self.watch_button,
            self.list: self.runs_button,
        }
        if page in buttons:
            buttons[page].setChecked(True)
        self.stack.setCurrentWidget(page)

    @Slot()
    def _on_page_chosen(self) -> None:
        pages = {
            self.new_button: self.setup,
            self.watch_button: self.watching,
            self.runs_button: self.list,
        }
        chosen = self.choice.checkedButton()
        self._show(next(page for button, page in pages.items() if button is chosen))
        if chosen is self.runs_button:
            self._list_runs()
        elif chosen is self.watch_button:
            self.watching.show_last()

    def _list_runs(self) -> None:
        folder = self._profile.runs

        def list_all(context: Context) -> list[RunSummary]:
            context.check()
            return list_runs(folder)

        self._listing.start(list_all)

    @Slot(object)
    def _on_runs_listed(self, runs: list[RunSummary]) -> None:
        self._runs = {run.root: run for run in runs}
        self.list.show_runs(runs)
        self.watching.set_summaries(self._runs)
        if self._has_looked:
            return
        self._has_looked = True
        alive = [run for run in runs if run.status.is_alive]
        for run in alive:
            self.queue.attach(run.root)
        for run in reversed(runs):
            if run.status is Status.WAITING:
                self.queue.add(run.root)
        if not self.queue.running and self.stack.currentWidget() is self.first_run and runs:
            self._show(self.list)
        self._show_queue()

    @Slot()
    def _on_quick_requested(self) -> None:
        self._show(self.setup)
        self.setup.set_up_first()

    @Slot()
    def _on_form_requested(self) -> None:
        self._show(self.setup)

    @Slot(object)
    def _on_start_requested(self, config: TrainingConfig) -> None:
        try:
            root = new_run(self._profile.runs, config)
        except (TrainerError, OSError) as error:
            self._on_notice_raised(str(error), getattr(error, "hint", ""))
            return
        self._settings.set(FORM, config.to_json())
        is_first = not self.queue.running
        self.banner.hide_notice()
        self.queue.add(root)
        if not is_first:
            self._show(self.list)
            self.status_changed.emit(self.tr("The run waits for its turn"))
        self._show_queue()
        self._list_runs()

    @Slot(object)
    def _on_run_started(self, root: Path) -> None:
        self.watching.show_run(root)
        self._show(self.watching)
        self._show_queue()
        self.status_changed.emit(self.tr("Training {0}").format(self._title_of(root)))

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        self._show_queue()
        self._list_runs()
        match outcome.end:
            case End.FINISHED:
                self.status_changed.emit(self.tr("{0} is finished").format(self._title_of(root)))
            case End.FAILED | End.INTERRUPTED:
                self._notice_root = root
                sentence = f"{self._title_of(root)}: {outcome.message}"
                action = self.tr("Resume")
                self.banner.show_notice(sentence, outcome.hint, action=action, topic="run")

    @Slot()
    def _on_banner_action(self) -> None:
        if self._undo:
            undo, self._undo = self._undo, []
            self.banner.hide_notice()
            try:
                for recycled, root in undo:
                    restore(recycled, root)
            except TrainerError as error:
                self._on_notice_raised(error.message, error.hint)
            self._list_runs()
        elif self._notice_root is not None:
            self._resume(self._notice_root)

    @Slot(object)
    def _resume(self, root: Path) -> None:
        self.banner.withdraw("run")
        if root in self.queue.running:
            self.queue.ask(root, Request.RESUME)
        else:
            self.queue.add(root)
            self._show_queue()

    @Slot(object)
    def _on_use_requested(self, root: Path) -> None:
        self.bundle_chosen.emit(str(RunFolder(root).bundle))
        self.status_changed.emit(self.tr("{0} reads what you draw").format(self._title_of(root)))

    @Slot(object)
    def _on_open_requested(self, root: Path) -> None:
        self.watching.show_run(root)
        self._show(self.watching)

    @Slot(object)
    def _on_compare_requested(self, roots: tuple[Path, ...]) -> None:
        self.watching.compare([self._runs[root] for root in roots if root in self._runs])
        self._show(self.watching)

    @Slot(object)
    def _on_folder_requested(self, root: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(root))):
            self.status_changed.emit(self.tr("The run is in {0}").format(root))

    @Slot(object, str, str)
    def _on_label_edited(self, root: Path, title: str, note: str) -> None:
        try:
            set_label(root, title, note)
        except TrainerError as error:
            self._on_notice_raised(error.message, error.hint)
        self._list_runs()

    @Slot(object)
    def _on_discard_requested(self, root: Path) -> None:
        self._on_delete_requested((root,))

    @Slot(object)
    def _on_delete_requested(self, roots: tuple[Path, ...]) -> None:
        self._undo = []
        try:
            for root in roots:
                self.queue.remove(root)
                self._undo.append((recycle(root), root))
        except TrainerError as error:
            self._on_notice_raised(error.message, error.hint)
            return
        self.watching.forget(roots)
        sentence = self.tr("{0} deleted.").format(", ".join(self._title_of(r) for r in roots))
        self.banner.show_notice(sentence, action=self.tr("Undo"), topic="deleted")
        self._list_runs()

    @Slot(str, str)
    def _on_notice_raised(self, sentence: str, hint: str) -> None:
        self._notice_root = None
        self._undo = []
        self.banner.show_notice(sentence, hint, topic="notice")

    def _title_of(self, root: Path) -> str:
        return self._runs[root].title if root in self._runs else root.name

    def _show_queue(self) -> None:
        waiting = len(self.queue.waiting)
        text = self.tr("{0} waiting").format(waiting) if waiting else ""
        if self.queue.running:
            training = ", ".join(self._title_of(root) for root in self.queue.running)
            text = " · ".join(filter(None, (f"{training}: {status_text(Status.RUNNING)}", text)))
        self.queue_text.setText(text)
