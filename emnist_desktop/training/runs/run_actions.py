"""The actions on existing runs: resume, cancel, use, delete, rename, test, export."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from emnist_desktop.i18n.error_messages import error_texts
from emnist_desktop.settings import BUNDLE, Settings
from emnist_desktop.trainer_process.run_worker import Outcome
from emnist_desktop.training.code_dialog import show_code
from emnist_desktop.training.runs.export_menu import ENDINGS, form_title
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.ui.dialogs.confirm_test import wants_test
from emnist_desktop.ui.dialogs.file_dialog import ask_open, ask_save
from emnist_desktop.ui.format import local, run_title, title_text
from emnist_desktop.ui.task import Task
from trainer.errors import TrainerError
from trainer.files.paths import Profile
from trainer.processes.trainer_process import ask_trainer
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import RunSummary, folder_title
from trainer.runs.titles import set_label
from trainer.runs.trash import DeletedRun, deleted_runs, move_to_trash, restore


class RunActions(QObject):
    """Acts on runs, for the list and for the view of one; what takes long happens in a child.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    queue : RunQueue
        From which a deleted run is taken.
    window : QWidget
        Before which questions are asked.

    Signals
    -------
    runs_changed
        The list is to be read anew.
    runs_deleted : object, str
        Folders, and a sentence; `undo` puts them back.
    notice_raised : str, str
        A sentence and a hint.
    status_changed : str
        A word for the status bar.
    resumed : object
        Folder of a run that goes on, or waits for its turn to.
    bundle_chosen : str
        Folder of the recogniser that shall read what is drawn.
    """

    runs_changed = Signal()
    runs_deleted = Signal(object, str)
    notice_raised = Signal(str, str)
    status_changed = Signal(str)
    resumed = Signal(object)
    bundle_chosen = Signal(str)

    def __init__(
        self, profile: Profile, settings: Settings, queue: RunQueue, window: QWidget
    ) -> None:
        super().__init__(window)
        self._profile = profile
        self._settings = settings
        self._queue = queue
        self._window = window
        self._undo: list[tuple[Path, Path]] = []
        self._done = ""
        self._discarded: Path | None = None
        self.work = Task(self, self._on_work_done, self._on_work_failed)
        queue.run_ended.connect(self._on_run_ended)

    # Of a run that trains or can be trained

    def ask(self, root: Path, request: Request) -> None:
        """Send a request to the trainer of a run."""
        self._queue.ask(root, request)

    @Slot(object)
    def resume(self, root: Path) -> None:
        """Resume a paused run, or queue it."""
        if root in self._queue.running:
            self._queue.ask(root, Request.RESUME)
        else:
            self._queue.add(root)
        self.resumed.emit(root)

    def cancel(self, root: Path) -> None:
        """End a training at once and delete the run, after confirmation."""
        box = QMessageBox(self._window)
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
        if box.clickedButton() is discard:
            self._discarded = root
            self._queue.ask(root, Request.CANCEL)

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        if self._discarded == root:
            self._discarded = None
            self.delete((root,))

    # Without a child

    def use(self, root: Path) -> None:
        """Let a run read what is drawn."""
        self.bundle_chosen.emit(str(RunFolder(root).bundle))

    def delete(self, roots: Sequence[Path]) -> None:
        """Move runs to the trash; confirm first if one of them is used for drawing."""
        runs = {root: folder_title(root, translate=title_text) for root in roots}
        reading = self._settings.get(BUNDLE)
        read = [title for root, title in runs.items() if str(RunFolder(root).bundle) == reading]
        if read and not self._wants_to_lose(read[0]):
            return
        self._undo = []
        try:
            for root in runs:
                self._queue.remove(root)
                self._undo.append((move_to_trash(root), root))
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
            return
        sentence = self.tr("{0} deleted.").format(", ".join(runs.values()))
        if read:
            sentence += " " + self.tr("The bundled recogniser reads what you draw now.")
        self.runs_deleted.emit(tuple(runs), sentence)
        self.runs_changed.emit()

    @Slot()
    def undo(self) -> bool:
        """Put back what was deleted last; return whether there was anything."""
        undo, self._undo = self._undo, []
        try:
            for deleted, root in undo:
                restore(deleted, root)
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
        if undo:
            self.runs_changed.emit()
        return bool(undo)

    def _wants_to_lose(self, title: str) -> bool:
        """Confirm the deletion of a run that is in use."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Delete run"))
        box.setText(self.tr("{0} reads what you draw. Delete it all the same?").format(title))
        box.setInformativeText(
            self.tr("The bundled recogniser reads from then on, until you choose another.")
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is delete

    def deleted(self) -> list[DeletedRun]:
        """Return the runs that can be put back, the one that was deleted last first."""
        return deleted_runs(self._profile.runs)

    @Slot(object)
    def restore(self, run: DeletedRun) -> None:
        """Put a deleted run back among the others."""
        self._undo = [(folder, root) for folder, root in self._undo if folder != run.folder]
        try:
            restore(run.folder, run.root)
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
        else:
            self.status_changed.emit(self.tr("{0} is back").format(run.title))
        self.runs_changed.emit()

    @Slot(object, str, str)
    def set_label(self, root: Path, title: str, note: str) -> None:
        """Name a run, or write a note beside it."""
        try:
            set_label(root, title, note)
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
        self.runs_changed.emit()

    @Slot(object)
    def open_folder(self, root: Path) -> None:
        """Show the run's files."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(root))):
            self.status_changed.emit(self.tr("The run is in {0}").format(root))

    # With a child

    def show_code(self, root: Path) -> None:
        """Show a script that trains as a run does."""
        try:
            config = RunFolder(root).config()
        except TrainerError as error:
            self.notice_raised.emit(*error_texts(error))
            return
        title = folder_title(root, translate=title_text)
        show_code(config, title, self._profile, self._settings, self._window)

    def test(self, run: RunSummary) -> None:
        """Measure a run on its test data, after an explanation and confirmation."""
        if wants_test(self._window, [run_title(run)], title_text(run.dataset)):
            arguments = ("train", "--test", "--run-dir", str(run.root))
            self._start(arguments, self.tr("Measuring {0}…").format(run_title(run)), run_title(run))

    def export(self, run: RunSummary, form: str) -> None:
        """Ask for a file and export a run to it."""
        words = re.sub(r"[^\w.-]+", "-", run_title(run)).strip("-.") or run.root.name
        title, ending = self.tr("Export {0}").format(run_title(run)), ENDINGS[form]
        kinds = f"{form_title(form)} (*{ending})"
        chosen, _ = ask_save(self._window, title, f"{words}{ending}", kinds)
        if chosen is None:
            return
        file = chosen if chosen.suffix else chosen.with_suffix(ending)
        arguments = ("export", "--from", str(run.root), "--to", str(file), "--form", form)
        done = self.tr("Exported to {0}").format(file)
        self._start(arguments, self.tr("Exporting {0}…").format(run_title(run)), done)

    @Slot()
    def import_bundle(self) -> None:
        """Ask for a bundle exported as one file, and import it as a run."""
        kinds = self.tr("Bundle in one file (*.zip)")
        chosen = ask_open(self._window, self.tr("Import a bundle"), kinds)
        if chosen is not None:
            self.import_file(chosen)

    def import_file(self, file: Path) -> None:
        """Import a bundle exported as one file as a run."""
        self._start(("export", "--import", str(file)), self.tr("Importing…"), self.tr("Imported"))

    def _start(self, arguments: tuple[str, ...], doing: str, done: str) -> None:
        if self.work.is_running:
            self.status_changed.emit(self.tr("Wait until the other export or test is done"))
            return
        self._done = done
        self.status_changed.emit(doing)
        variables = self._profile.variables
        self.work.start(lambda context: ask_trainer(arguments, variables, context.check))

    @Slot(object)
    def _on_work_done(self, record: dict[str, Any]) -> None:
        accuracy, text = record.get("accuracy"), self._done
        if isinstance(accuracy, float):
            share = local(accuracy, ".1%")
            text = self.tr("{0} reads {1} of its test data rightly").format(self._done, share)
        self.status_changed.emit(text)
        self.runs_changed.emit()

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        self.status_changed.emit("")
        self.notice_raised.emit(*error_texts(error))
