"""The row below the canvas: keep the drawing as a sample, with the right label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from emnist_desktop.draw.actions import DrawActions
from emnist_desktop.draw.canvas import Canvas
from emnist_desktop.draw.drawing import Strokes
from emnist_desktop.draw.samples_dialog import SamplesDialog
from emnist_desktop.draw.toolbar import action_button
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.layout import hbox, sheet
from emnist_desktop.ui.task import Task
from trainer.datasets.my_samples import MySamples, check_character
from trainer.errors import DatasetError
from trainer.recognition.recognizer import Candidate

_TOPIC = "samples"


class LabelBar(QWidget):
    """Saves what the user confirms; nothing else is ever stored. Its question stands at the answer.

    A saved drawing leaves the canvas for the next one. Undo brings it back and removes the
    sample; redo does both again.

    Parameters
    ----------
    canvas : Canvas
    actions : DrawActions
        Their undo and redo must already drive the canvas.
    banner : Banner
        Shows errors.
    samples : MySamples

    Signals
    -------
    asking_changed
        The question for another character appeared or went.
    samples_changed
        A sample was kept, removed, restored or labelled anew.
    """

    asking_changed = Signal()
    samples_changed = Signal()

    def __init__(
        self, canvas: Canvas, actions: DrawActions, banner: Banner, samples: MySamples
    ) -> None:
        super().__init__()
        self._canvas, self._actions, self._banner = canvas, actions, banner
        self._samples = samples
        self._best = ""
        self._either = ""
        self._last = ""
        self._saved: dict[tuple[int, ...], tuple[str, Strokes]] = {}
        self._withdrawn: set[str] = set()
        self._shown: tuple[int, ...] = ()
        self._task = Task(self)
        self.question = QLabel()
        self.edit = QLineEdit()
        self.edit.setFixedWidth(48)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.edit.setAccessibleName(self.tr("The right character"))
        self.edit.setToolTip(self.tr("Type the right character (Esc gives up)"))
        self.notice = QLabel()
        tip = self.tr("Bring the drawing back and forget the sample")
        self.take_back = tool_button(self.tr("Undo"), tip)
        self.counter = tool_button("", self.tr("Look through my samples"))
        self.counter.setAutoRaise(True)
        self._lay_out()
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._on_given_up)
        self._connect()
        self.counter.hide()
        self._ask(None)
        self._show_message("")
        QTimer.singleShot(0, self, self.recount)

    @property
    def can_keep(self) -> bool:
        """Whether there is a drawing to keep, and no question open."""
        return not self._canvas.is_empty and self.question_row.isHidden()

    @property
    def can_keep_best(self) -> bool:
        """Whether there is also something that was recognised."""
        return self.can_keep and bool(self._best)

    def show_best(self, candidates: Sequence[Candidate]) -> None:
        """Show what was recognised; it may stand for two characters, as "C c" does."""
        self._best = candidates[0].character if candidates else ""
        self._either = candidates[0].name if candidates and " " in candidates[0].name else ""
        if not self._canvas.is_empty:
            self._show_message("")
        elif not self.question_row.isHidden():
            self._ask(None)

    @Slot()
    def keep(self) -> None:
        """Keep the drawing as what was recognised; ask where that is two characters or none."""
        if self._either:
            upper, lower = self._either.split()
            self._ask(self.tr("{0} or {1}? Type it:").format(upper, lower))
        elif self._best:
            self._keep_as(self._best)
        else:
            self.ask()

    @Slot()
    def ask(self) -> None:
        """Ask which character was drawn."""
        self._ask(self.tr("That was a…"))

    def _ask(self, question: str | None) -> None:
        asking = question is not None
        self.question.setText(question or "")
        self.edit.clear()
        self.question_row.setVisible(asking)
        self._escape.setEnabled(asking)
        if asking:
            self._show_message("")
            self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.asking_changed.emit()

    @Slot()
    def _on_given_up(self) -> None:
        self._ask(None)
        self._canvas.setFocus()

    @Slot()
    def _on_drawing_changed(self) -> None:
        """Drop the question: the drawing is another one."""
        if not self.question_row.isHidden():
            self._ask(None)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        try:
            character = check_character(text)
        except DatasetError:
            self.edit.clear()
            return
        self._ask(None)
        self._canvas.setFocus()
        self._keep_as(character)

    def _keep_as(self, character: str) -> None:
        ink = self._canvas.ink()
        if ink.is_empty:
            return
        try:
            sample_id = self._samples.append(ink, character)
        except DatasetError as error:
            self._show_error(error)
            return
        self._banner.withdraw(_TOPIC)
        self._canvas.clear()
        key = tuple(map(id, ink.strokes))
        self._saved[key] = (sample_id, ink.strokes)
        self._last = character
        self._show_message(self.tr("Kept as {0}").format(character), can_undo=True)
        self.recount()

    @Slot()
    def _on_undone(self) -> None:
        self._shown = tuple(map(id, self._canvas.ink().strokes))
        sample_id, _ = self._saved.get(self._shown, ("", ()))
        if not sample_id or sample_id in self._withdrawn:
            return
        if self._try(self._samples.remove, sample_id):
            self._withdrawn.add(sample_id)
            self._on_samples_changed()

    @Slot()
    def _on_redone(self) -> None:
        sample_id, _ = self._saved.get(self._shown, ("", ()))
        self._shown = tuple(map(id, self._canvas.ink().strokes))
        if sample_id not in self._withdrawn or self._shown:
            return
        if self._try(self._samples.restore, sample_id):
            self._withdrawn.discard(sample_id)
            self._on_samples_changed()

    def _try(self, change: Callable[[str], None], sample_id: str) -> bool:
        """Change a sample; return whether that worked, after showing the error if not."""
        try:
            change(sample_id)
        except DatasetError as error:
            self._show_error(error)
            return False
        return True

    @Slot()
    def _on_cleared(self) -> None:
        """Forget what was taken back: no redo leads to it any more."""
        self._saved = {k: v for k, v in self._saved.items() if v[0] not in self._withdrawn}
        self._show_message("")

    @Slot()
    def _on_samples_changed(self) -> None:
        self._show_message("")
        self.recount()

    def _show_error(self, error: DatasetError) -> None:
        self._banner.show_notice(error.message, error.hint, topic=_TOPIC)

    def _show_message(self, text: str, *, can_undo: bool = False) -> None:
        self.notice.setText(text)
        self.take_back.setVisible(can_undo)

    # The counter

    @Slot()
    def recount(self) -> None:
        """Count the samples anew, after they were changed here or elsewhere."""
        samples = self._samples
        self._task.start(lambda _: samples.counts)
        self.samples_changed.emit()

    @Slot(object)
    def _on_counted(self, counts: Counter[str]) -> None:
        total = counts.total()
        text = self.tr("1 sample") if total == 1 else fill_in(self.tr("{0:,} samples"), total)
        if counts[self._last]:
            text += fill_in(self.tr(", {0:,} of them “{1}”"), counts[self._last], self._last)
        self.counter.setText(text)
        self.counter.setVisible(total > 0)

    @Slot()
    def show_samples(self) -> None:
        """Open the list of the samples."""
        dialog = SamplesDialog(self._samples, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.samples_changed.connect(self._on_samples_changed)
        dialog.open()

    @Slot(object)
    def _on_count_failed(self, error: Exception) -> None:
        if isinstance(error, DatasetError):
            self._show_error(error)

    # Building

    def _lay_out(self) -> None:
        actions = (action_button(self._actions.keep), action_button(self._actions.keep_other))
        self.question_row = sheet(hbox((self.question, 1), self.edit))
        self.setLayout(hbox(*actions, self.notice, self.take_back, 1, self.counter))

    def _connect(self) -> None:
        self._canvas.addActions([self._actions.keep, self._actions.keep_other])
        self._actions.keep.triggered.connect(self.keep)
        self._actions.keep_other.triggered.connect(self.ask)
        self._actions.undo.triggered.connect(self._on_undone)
        self._actions.redo.triggered.connect(self._on_redone)
        self._actions.clear.triggered.connect(self._on_cleared)
        self.counter.clicked.connect(self.show_samples)
        self.take_back.clicked.connect(self._actions.undo.trigger)
        self.edit.textEdited.connect(self._on_text_edited)
        self._canvas.drawing_changed.connect(self._on_drawing_changed)
        self._task.succeeded.connect(self._on_counted)
        self._task.failed.connect(self._on_count_failed)
