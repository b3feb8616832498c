"""A tab of the search page: starts an experiment of many trainings, follows it, shows results.

The trainings run in a child process, a command of the trainer, which keeps a record of its results
in a folder of the profile. The panel reads that record: it shows earlier experiments at once, and
those that run elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QStackedWidget, QWidget

from emnist_desktop.models.command_page import FAILURE, CommandPage, FileStamp, file_stamp
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.search.record import WAITS
from emnist_desktop.models.search.settings import BaseSettings
from emnist_desktop.ui.controls import centred_caption, combo_box, plain_label, push_button, refill
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, vbox
from emnist_desktop.ui.style import SPACING, align_forms
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.store import name_from
from trainer.errors import ConfigError
from trainer.files.records import write_json
from trainer.runs.folder import Request, RunFolder
from trainer.runs.process import trainer_is_alive
from trainer.search.experiment_folder import (
    RECORD_NAME,
    experiment_folder,
    list_records,
    read_record,
    remove_experiment,
)

_MS_PER_LOOK = 700
_SETTINGS_NAME = "settings.json"
_LONGEST_NAME = 50


class ExperimentPanel(CommandPage):
    """What the search, the cross-validation and the learning curve have in common.

    The command is ended through the control file of its folder, and can go on later.
    """

    kind = ""
    """Of the experiments, as `trainer.search.experiment_folder` names it."""

    def __init__(self, services: PageServices) -> None:
        super().__init__(services)
        self.base = BaseSettings(self)
        self._under_way = ""
        self._shown_file: FileStamp | None = None

    def make_form(self) -> QWidget:
        """Return the form of the experiment, below the settings of every training."""
        raise NotImplementedError

    def make_results(self) -> QWidget:
        """Return what shows the results."""
        raise NotImplementedError

    def start_arguments(self) -> list[str] | None:
        """Return a command whose last option takes a name; None if something is wrong.

        What is wrong is said beside it.
        """
        raise NotImplementedError

    def resume_arguments(self, record: dict[str, Any], settings: Path) -> list[str]:
        """Return the command that continues an experiment."""
        raise NotImplementedError

    def show_record(self, record: dict[str, Any]) -> None:
        """Show what is known."""
        raise NotImplementedError

    def describe(self, record: dict[str, Any]) -> str:
        """Return the experiment, and its result so far, in a sentence or two."""
        raise NotImplementedError

    def words(self) -> str:
        """Return the words that a new experiment is named after."""
        return self.base.words()

    def new_words(self) -> tuple[str, str]:
        """Return what the list calls a new experiment, and what its start does."""
        raise NotImplementedError

    def look(self) -> None:
        """List the earlier experiments again."""
        profile, kind = self.profile, self.kind
        self._listing.start(lambda _: [_name_of(each) for each in list_records(profile, kind)])
        self._timer.start()

    def show_subject(self, subject: ModelContext | None) -> None:
        """Apply the model and dataset chosen in the tab."""
        self.subject = subject
        self.base.show_subject(subject)

    def chosen_folder(self) -> Path | None:
        """Return the folder of the chosen experiment; None for a new one."""
        name = str(self.choice.currentData() or "")
        return experiment_folder(self.profile, self.kind, name) if name else None

    def build(self) -> None:
        """Make the bar, the form and the results."""
        super().build()
        self._listing = Task(self, self._on_names_listed)
        self.deleting = Task(self, self._on_deleted, self._on_delete_failed)
        self._timer = QTimer(self, interval=_MS_PER_LOOK)
        self._make_bar()
        self.progress.setMaximumHeight(6)
        self.progress.setAccessibleName(self.tr("How much is done"))
        self.cancel.hide()
        self.phase.hide()
        self.summary = plain_label(selectable=True)
        self.waiting = centred_caption(self.tr("The first results come in a moment…"))
        self.form = self.make_form()
        self.results = self.make_results()
        asked = vbox(self.base, self.form, 1)
        asked.setContentsMargins(0, 0, SPACING, 0)
        whole = sheet(asked)
        align_forms(whole)
        scroll = scroll_area(whole, self.tr("What is asked"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.stack = QStackedWidget()
        for face in (scroll, self.results, self.waiting):
            self.stack.addWidget(face)
        self.setLayout(
            vbox(
                hbox((self.choice, 1), self.start, self.stop, self.delete),
                self.banner,
                self.running,
                self.summary,
                (self.stack, 1),
                margins=(0, SPACING, 0, 0),
            )
        )
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        self.stop.clicked.connect(self._on_stop_clicked)
        self.base.changed.connect(self._on_form_changed)
        self.delete.clicked.connect(self._on_delete_clicked)
        self._timer.timeout.connect(self._refresh)
        self.show_state()

    def _make_bar(self) -> None:
        self.choice = combo_box(
            [(self.new_words()[0], "")],
            name=self.tr("Earlier ones"),
            tip=self.tr("Begin anew, or look at what was tried before"),
            width=16,
        )
        self.start.setDefault(True)
        self.stop = push_button(
            self.tr("Stop"),
            self.tr("End it for now; what is done stays, and it can go on later"),
        )
        self.delete = push_button(
            self.tr("Delete…"), self.tr("Remove it with all its trainings from this computer")
        )

    @Slot(object)
    def _on_names_listed(self, names: Sequence[str]) -> None:
        """Offer the earlier experiments; what is under way may have no record yet."""
        known = dict.fromkeys([*filter(None, [self._under_way]), *names])
        refill(self.choice, [(self.new_words()[0], ""), *((name, name) for name in known)])
        self._refresh()

    def _drop_name(self, name: str) -> None:
        index = self.choice.findData(name)
        if index > 0:
            self.choice.removeItem(index)

    @Slot()
    def _on_form_changed(self) -> None:
        self.banner.withdraw(FAILURE)

    @Slot()
    def _on_choice_changed(self) -> None:
        self.result = None
        self._shown_file = None
        self.banner.withdraw(FAILURE)
        self._refresh()

    def arguments(self) -> list[str] | None:
        """Return the command that starts a new experiment, or continues the chosen one."""
        folder = self.chosen_folder()
        if folder is not None and self.result is not None:
            return self._command(
                folder, self.resume_arguments(self.result, folder / _SETTINGS_NAME)
            )
        try:
            settings = self.base.record()
        except ConfigError as error:
            self.banner.show_notice(error.message, error.hint, topic=FAILURE)
            return None
        asked = self.start_arguments()
        if asked is None:
            return None
        name = self._free_name()
        folder = experiment_folder(self.profile, self.kind, name)
        try:
            write_json(folder / _SETTINGS_NAME, settings, indent=2)
        except OSError as error:
            text = self.tr("The profile cannot be written to: {0}.")
            self.banner.show_notice(text.format(error.strerror or error), "", topic=FAILURE)
            return None
        self.choice.insertItem(1, name, name)
        self.choice.setCurrentIndex(1)
        return self._command(folder, [*asked, name, "--config", str(folder / _SETTINGS_NAME)])

    def _command(self, folder: Path, arguments: list[str]) -> list[str]:
        self._under_way = folder.name
        position = RunFolder(folder).control_size()
        self.status_changed.emit(self.tr("Trainings have begun"))
        return [*arguments, "--requests-from", str(position)]

    @Slot()
    def _on_stop_clicked(self) -> None:
        folder = experiment_folder(self.profile, self.kind, self._under_way)
        RunFolder(folder).ask(Request.STOP)
        self.stop.setEnabled(False)
        self.stop.setText(self.tr("Stopping…"))

    def handle_answer(self, answer: dict[str, Any]) -> None:
        """Show the last state of the record."""
        self._under_way = ""
        text = self.tr("Stopped") if answer.get("stopped") else self.tr("All trainings are done")
        self.status_changed.emit(text)
        self._refresh()

    def show_failure(self, message: str, hint: str) -> None:
        """Show what went wrong; remove an experiment without a record."""
        folder = experiment_folder(self.profile, self.kind, self._under_way)
        self._under_way = ""
        if not (folder / RECORD_NAME).exists():
            shutil.rmtree(folder, ignore_errors=True)
            self._drop_name(folder.name)
        super().show_failure(message, hint)
        self._refresh()

    @Slot()
    def _on_delete_clicked(self) -> None:
        """Delete the experiment with all its trainings, if the user confirms."""
        folder = self.chosen_folder()
        if folder is None:
            return
        answer = QMessageBox.question(
            self,
            self.tr("Delete"),
            self.tr("Delete {0} with all its trainings?").format(folder.name),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Yes:
            self.delete.setEnabled(False)
            self.deleting.start(partial(_remove, folder))

    @Slot(object)
    def _on_deleted(self, name: str) -> None:
        self._drop_name(name)
        self.delete.setEnabled(True)
        self._refresh()

    @Slot(object)
    def _on_delete_failed(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=FAILURE)
        self.delete.setEnabled(True)

    @Slot()
    def _refresh(self) -> None:
        """Read the record of what is shown, if it has changed."""
        folder = self.chosen_folder()
        if folder is not None and (stamp := file_stamp(folder / RECORD_NAME)) != self._shown_file:
            self._shown_file = stamp
            record = read_record(folder)
            if record is not None:
                self.result = record
                if self._under_way != folder.name:
                    _settle(record)
                self.show_record(record)
        self.show_state()

    def missing(self) -> str:
        """Return nothing: what is missing is said at the start."""
        return ""

    @Slot()
    def show_state(self) -> None:
        """Show the form or the results, and what can be done."""
        folder, is_running = self.chosen_folder(), self.command.is_running
        is_shown = folder is not None and folder.name == self._under_way and is_running
        record = self.result if folder is not None else None
        self.stack.setCurrentIndex(0 if folder is None else 2 if record is None else 1)
        self.delete.setVisible(folder is not None and not is_shown)
        left = 0 if record is None else len([t for t in trainings(record) if t["state"] in WAITS])
        more = "" if left or record is None else self.more_text(record)
        new, (_, tip) = self.tr("Start"), self.new_words()
        self.start.setText(new if folder is None else more or self.tr("Continue"))
        self.start.setVisible(folder is None or (bool(left or more) and not is_shown))
        self.start.setEnabled(not is_running)
        self.start.setToolTip(
            self.tr("Another one is under way; stop it first") if is_running else tip
        )
        self.stop.setVisible(is_shown)
        if not is_running:
            self.stop.setEnabled(True)
            self.stop.setText(self.tr("Stop"))
        self.running.setVisible(is_shown)
        self.summary.setText("" if record is None else self.describe(record))
        self.summary.setVisible(bool(self.summary.text()))

    def more_text(self, record: dict[str, Any]) -> str:
        """Return the text of the button that adds trainings to a finished one; empty for none."""
        return ""

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


def _remove(folder: Path, context: Context) -> str:
    context.check()
    remove_experiment(folder)
    return folder.name


def _name_of(record: dict[str, Any]) -> str:
    return str(record.get("study") or record.get("name") or "")
