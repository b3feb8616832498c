"""One part of the search page: asks a question of many trainings, follows them, shows answers.

The trainings run in a child process, a command of the trainer, which keeps a record of what is
known in a folder of the profile. The part reads that record: it shows earlier questions at once,
and those that are worked on elsewhere.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.search.bar import SearchBar
from emnist_desktop.models.search.record import WAITS
from emnist_desktop.models.search.settings import BaseSettings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.store import name_from
from trainer.errors import ConfigError
from trainer.files.paths import Profile, replacing
from trainer.runs.folder import Request, RunFolder
from trainer.runs.process import trainer_is_alive
from trainer.search.experiment_folder import (
    RECORD_NAME,
    experiment_folder,
    list_records,
    read_record,
)

_MS_PER_LOOK = 700
_SETTINGS_NAME = "settings.json"
_LONGEST_NAME = 50
_FAILURE = "failure"


class SearchPart(QWidget):
    """What the search, the cross-validation and the learning curve have in common.

    Parameters
    ----------
    profile : Profile
    command : Command
        What runs the trainer.

    Signals
    -------
    run_asked : object
        The `TrainingConfig` of a run to start.
    form_asked : dict
        Settings that the training form shall take over.
    status_changed : str
    """

    kind = ""
    """Of the experiments, as `trainer.search.places` names it."""

    run_asked = Signal(object)
    form_asked = Signal(dict)
    status_changed = Signal(str)

    def __init__(self, profile: Profile, command: Command, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.profile = profile
        self.command = command
        self.record: dict[str, Any] | None = None
        self._under_way = ""
        self._seen: tuple[str, int] = ("", 0)
        self._listing = Task(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_MS_PER_LOOK)
        self.base = BaseSettings()
        self._build()
        self._lay_out()
        self._connect()

    def make_form(self) -> QWidget:
        """Return what is asked besides the settings of every training."""
        raise NotImplementedError

    def make_results(self) -> QWidget:
        """Return what shows the answers."""
        raise NotImplementedError

    def question(self) -> list[str] | None:
        """Return a command whose last option takes a name; None if something is wrong.

        What is wrong is said beside it.
        """
        raise NotImplementedError

    def going_on(self, record: dict[str, Any], settings: Path) -> list[str]:
        """Return the command that goes on with a question."""
        raise NotImplementedError

    def show_answers(self, record: dict[str, Any]) -> None:
        """Show what is known."""
        raise NotImplementedError

    def describe(self, record: dict[str, Any]) -> str:
        """Return the question, and the answer so far, in a sentence or two."""
        raise NotImplementedError

    def words(self) -> str:
        """Return what a new question is named after."""
        return self.base.words()

    def new_title(self) -> str:
        """Return what the list calls a question that is not asked yet."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Look again which questions were asked before."""
        profile, kind = self.profile, self.kind

        def names(context: Context) -> list[str]:
            context.check()
            return [_name_of(record) for record in list_records(profile, kind)]

        self._listing.start(names)
        self._timer.start()

    def show_subject(self, subject: ModelContext | None) -> None:
        """Take over the model and the dataset that the tab speaks of."""
        self.base.show_subject(subject)

    def close_part(self) -> None:
        """End what is under way; it can go on later."""
        self._timer.stop()
        self._listing.close()
        self.bar.close_bar()
        self.command.close()

    def chosen_folder(self) -> Path | None:
        """Return the folder of the question that is shown; None for a new one."""
        name = self.bar.name
        return experiment_folder(self.profile, self.kind, name) if name else None

    def _build(self) -> None:
        self.bar = SearchBar(self.new_title())
        self.choice, self.start, self.stop = self.bar.choice, self.bar.start, self.bar.stop
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.progress.setAccessibleName(self.tr("How much is done"))
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.waiting = QLabel(self.tr("The first results come in a moment…"))
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setObjectName("caption")
        self.waiting.setWordWrap(True)
        self.banner = Banner()
        self.form = self.make_form()
        self.results = self.make_results()

    def _lay_out(self) -> None:
        asked = QWidget()
        column = QVBoxLayout(asked)
        column.setContentsMargins(0, 0, SPACING, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.base)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.tr("What is asked"))
        scroll.setWidget(asked)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.stack = QStackedWidget()
        self.stack.addWidget(scroll)
        self.stack.addWidget(self.results)
        self.stack.addWidget(self.waiting)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.bar)
        layout.addWidget(self.banner)
        layout.addWidget(self.progress)
        layout.addWidget(self.summary)
        layout.addWidget(self.stack, 1)
        self._show_state()

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        self.start.clicked.connect(self._on_start_clicked)
        self.stop.clicked.connect(self._on_stop_clicked)
        self.base.changed.connect(self._on_form_changed)
        self.command.progressed.connect(self._on_command_progressed)
        self.command.succeeded.connect(self._on_command_succeeded)
        self.command.failed.connect(self._on_command_failed)
        self._listing.succeeded.connect(self._on_names_listed)
        self.bar.delete.clicked.connect(self._on_delete_clicked)
        self.bar.deleted.connect(self._on_deleted)
        self.bar.delete_failed.connect(self._on_delete_failed)
        self._timer.timeout.connect(self._on_timer_timeout)

    @Slot(object)
    def _on_names_listed(self, names: Sequence[str]) -> None:
        self.bar.set_names(names, self._under_way)
        self._look()

    @Slot()
    def _on_form_changed(self) -> None:
        self.banner.withdraw(_FAILURE)

    @Slot()
    def _on_choice_changed(self) -> None:
        self.record = None
        self._seen = ("", 0)
        self.banner.withdraw(_FAILURE)
        self._look()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._look()

    @Slot()
    def _on_start_clicked(self) -> None:
        self.banner.withdraw(_FAILURE)
        folder = self.chosen_folder()
        if folder is not None and self.record is not None:
            self._begin(folder, self.going_on(self.record, folder / _SETTINGS_NAME))
            return
        try:
            settings = self.base.record()
        except ConfigError as error:
            self.banner.show_notice(error.message, error.hint, topic=_FAILURE)
            return
        asked = self.question()
        if asked is None:
            return
        name = self._free_name()
        folder = experiment_folder(self.profile, self.kind, name)
        try:
            with replacing(folder / _SETTINGS_NAME) as temporary:
                temporary.write_text(json.dumps(settings, indent=2), encoding="utf-8")
        except OSError as error:
            text = self.tr("The profile cannot be written to: {0}.")
            self.banner.show_notice(text.format(error.strerror or error), "", topic=_FAILURE)
            return
        self.bar.add_name(name)
        self._begin(folder, [*asked, name, "--config", str(folder / _SETTINGS_NAME)])

    def _begin(self, folder: Path, arguments: list[str]) -> None:
        self._under_way = folder.name
        position = RunFolder(folder).control_size()
        self.progress.setRange(0, 0)
        self.command.start([*arguments, "--requests-from", str(position)])
        self.status_changed.emit(self.tr("Trainings have begun"))
        self._look()

    @Slot()
    def _on_stop_clicked(self) -> None:
        folder = experiment_folder(self.profile, self.kind, self._under_way)
        RunFolder(folder).ask(Request.STOP)
        self.stop.setEnabled(False)
        self.stop.setText(self.tr("Stopping…"))

    @Slot(int, int, str)
    def _on_command_progressed(self, done: int, total: int, phase: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    @Slot(dict)
    def _on_command_succeeded(self, record: dict[str, Any]) -> None:
        self._under_way = ""
        text = self.tr("Stopped") if record.get("stopped") else self.tr("All trainings are done")
        self.status_changed.emit(text)
        self._look()

    @Slot(str, str)
    def _on_command_failed(self, message: str, hint: str) -> None:
        folder = experiment_folder(self.profile, self.kind, self._under_way)
        self._under_way = ""
        if not (folder / RECORD_NAME).exists():
            shutil.rmtree(folder, ignore_errors=True)
            self.bar.drop_name(folder.name)
        self.banner.show_notice(message, hint, topic=_FAILURE)
        self._look()

    @Slot()
    def _on_delete_clicked(self) -> None:
        folder = self.chosen_folder()
        if folder is not None:
            self.bar.delete_after_asking(folder)

    @Slot(str)
    def _on_deleted(self, name: str) -> None:
        self._look()

    @Slot(object)
    def _on_delete_failed(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=_FAILURE)
        self.bar.delete.setEnabled(True)

    def _look(self) -> None:
        """Read the record of what is shown, if it has changed."""
        folder = self.chosen_folder()
        if folder is not None and (stamp := _stamp(folder)) != self._seen:
            self._seen = stamp
            record = read_record(folder)
            if record is not None:
                self.record = record
                if self._under_way != folder.name:
                    _settle(record)
                self.show_answers(record)
        self._show_state()

    def _show_state(self) -> None:
        folder, is_running = self.chosen_folder(), self.command.is_running
        is_shown = folder is not None and folder.name == self._under_way and is_running
        record = self.record if folder is not None else None
        self.stack.setCurrentIndex(0 if folder is None else 2 if record is None else 1)
        self.bar.delete.setVisible(folder is not None and not is_shown)
        left = 0 if record is None else len([t for t in trainings(record) if t["state"] in WAITS])
        more = "" if left or record is None else self.more_text(record)
        self.start.setText(self.tr("Start") if folder is None else more or self.tr("Continue"))
        self.start.setVisible(folder is None or (bool(left or more) and not is_shown))
        self.start.setEnabled(not is_running)
        self.start.setToolTip(
            self.tr("Another one is under way; stop it first") if is_running else self.start_tip()
        )
        self.stop.setVisible(is_shown)
        if not is_running:
            self.stop.setEnabled(True)
            self.stop.setText(self.tr("Stop"))
        self.progress.setVisible(is_shown)
        self.summary.setText("" if record is None else self.describe(record))
        self.summary.setVisible(bool(self.summary.text()))

    def more_text(self, record: dict[str, Any]) -> str:
        """Return what a button says that adds to a question that is answered; empty for none."""
        return ""

    def start_tip(self) -> str:
        """Return what the start does."""
        return self.tr("Train again and again, beside what you do")

    def _free_name(self) -> str:
        first = name = name_from(self.words())[:_LONGEST_NAME].strip("-")
        number = 2
        while experiment_folder(self.profile, self.kind, name).exists():
            name, number = f"{first}-{number}", number + 1
        return name


def trainings(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the records of the trainings of an experiment."""
    return list(record.get("trials") or record.get("runs") or [])


def _settle(record: dict[str, Any]) -> None:
    """Call those trainings interrupted whose process is gone."""
    for each in trainings(record):
        root = Path(str(each.get("run", "")))
        if each["state"] == "running" and not trainer_is_alive(root, root / "events.jsonl"):
            each["state"] = "interrupted"


def _stamp(folder: Path) -> tuple[str, int]:
    try:
        return folder.name, (folder / RECORD_NAME).stat().st_mtime_ns
    except OSError:
        return "", 0


def _name_of(record: dict[str, Any]) -> str:
    return str(record.get("study") or record.get("name") or "")
