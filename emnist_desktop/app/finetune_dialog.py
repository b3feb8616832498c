"""Fine-tuning: the recogniser is trained on with the user's samples, and adopted on a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QWidget,
)

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import (
    caption,
    combo_box,
    form_rows,
    plain_label,
    prepare_table,
    push_button,
    refill,
    spin_box,
)
from emnist_desktop.ui.format import interval_text, local, percent
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN, SPACING, centre_labels
from emnist_desktop.ui.table import fill
from emnist_desktop.ui.task import Task
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.my_samples import NAME as MY_SAMPLES
from trainer.files.paths import Profile
from trainer.files.records import RecordError, Share, decode
from trainer.ink.alphabet import BYCLASS

_EPOCHS, _MOST_EPOCHS = 3, 30
_Measured = dict[str, dict[str, Any]]


class FineTuneDialog(QDialog):
    """Trains beside the window, and shows what that changed.

    Parameters
    ----------
    profile : Profile
    catalog : Catalog
    start_from : str
        Folder of the recogniser to begin with; empty for the bundled one.

    Signals
    -------
    bundle_chosen : str
        The folder of the new recogniser: it is to be used.
    """

    bundle_chosen = Signal(str)

    def __init__(
        self, profile: Profile, catalog: Catalog, start_from: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Fine-tune on my samples"))
        self.resize(620, 420)
        self._start_from, self._bundle = start_from, ""
        self._listing = Task(self, self._on_listed)
        self.command = Command(profile, self)
        self.rehearsal = combo_box(
            [(self.tr("Starter set"), STARTER)],
            tip=self.tr("Shown beside your samples, so that the other hands are not forgotten"),
        )
        self.epochs = spin_box(1, _MOST_EPOCHS, _EPOCHS, tip=self.tr("More adapts further"))
        self.start = push_button(self.tr("&Start"))
        self.stop = push_button(self.tr("&Cancel"))
        self.use = push_button(
            self.tr("&Use it for drawing"), self.tr("Let it read what you draw from now on")
        )
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.message = plain_label()
        self.table = QTableWidget(0, 5)
        self._lay_out()
        self._connect()
        self._show_state()
        self._listing.start(lambda _: catalog.entries())

    @override
    def done(self, result: int) -> None:
        shut_down(self)
        super().done(result)

    @Slot(object)
    def _on_listed(self, entries: Sequence[CatalogEntry]) -> None:
        usable = [e for e in entries if set(e.alphabet) == set(BYCLASS) and e.name != MY_SAMPLES]
        items = [(trainer_text(e.title), e.name) for e in usable if e.is_present]
        if items:
            refill(self.rehearsal, items, STARTER)

    @Slot()
    def _on_start_clicked(self) -> None:
        start = ["--start-from", self._start_from] if self._start_from else []
        options = ["--rehearsal", self.rehearsal.currentData(), "--epochs", self.epochs.text()]
        self._bundle = ""
        self.table.setRowCount(0)
        self.message.setText(self.tr("Loading …"))
        self.command.start(["finetune", *start, *options])
        self._show_state()

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, phase: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.message.setText(phase)

    @Slot(dict)
    def _on_succeeded(self, answer: dict[str, Any]) -> None:
        try:
            before = decode(_Measured, answer.get("before"))
            after = decode(_Measured, answer.get("after"))
            rows = [
                self._row(title, before[key], after[key])
                for key, title in (
                    ("own", self.tr("Your samples that were held out")),
                    ("validation", self.tr("Other hands: rehearsed data, held out")),
                )
            ]
            self._bundle = decode(str, answer.get("bundle"))
        except (RecordError, LookupError) as error:
            self._on_failed(str(error), "")
            return
        fill(self.table, rows, right=(1, 2, 3, 4))
        self.message.setText(self.tr("Nothing has changed yet: use it, or close this window."))
        self._show_state()

    @Slot(str, str)
    def _on_failed(self, message: str, hint: str) -> None:
        self.message.setText(f"{message} {hint}".strip())
        self._show_state()

    @Slot()
    def _on_cancelled(self) -> None:
        self.message.setText(self.tr("Cancelled"))
        self._show_state()

    @Slot()
    def _on_use_clicked(self) -> None:
        self.bundle_chosen.emit(self._bundle)
        self.accept()

    def _row(
        self, title: str, before: dict[str, Any], after: dict[str, Any]
    ) -> tuple[tuple[str, ...], str | None]:
        shares = [percent(decode(Share, each["accuracy"])) for each in (before, after)]
        interval = interval_text(decode(tuple[Share, Share], after["interval"]))
        return (title, local(decode(int, after["samples"])), *shares, interval), None

    def _show_state(self) -> None:
        is_running = self.command.is_running
        for widget in (self.rehearsal, self.epochs, self.start):
            widget.setEnabled(not is_running)
        self.bar.setVisible(is_running)
        self.stop.setVisible(is_running)
        self.use.setEnabled(bool(self._bundle) and not is_running)

    def _lay_out(self) -> None:
        about = caption(
            self.tr(
                "The slow way: the recogniser itself goes on learning, from three quarters of "
                "your samples and from other data. It takes minutes, and helps with a hundred "
                "samples and more; your hand is learned without it, at once. Nothing leaves this "
                "computer."
            )
        )
        form = form_rows(
            QFormLayout(),
            (self.tr("&Rehearse"), self.rehearsal),
            (self.tr("&Epochs"), self.epochs),
        )
        centre_labels(form)
        titles = (
            "",
            self.tr("Samples"),
            self.tr("Before"),
            self.tr("After"),
            self.tr("95 % interval"),
        )
        self.table.setHorizontalHeaderLabels(list(titles))
        prepare_table(self.table, self.tr("Read rightly before and after"))
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = hbox(self.start, self.stop, 1, self.use, close)
        parts = (about, form, self.bar, self.message, (self.table, 1), buttons)
        self.setLayout(vbox(*parts, spacing=SPACING, margins=MARGIN))

    def _connect(self) -> None:
        self.start.clicked.connect(self._on_start_clicked)
        self.stop.clicked.connect(self.command.cancel)
        self.use.clicked.connect(self._on_use_clicked)
        self.command.progressed.connect(self._on_progressed)
        self.command.succeeded.connect(self._on_succeeded)
        self.command.failed.connect(self._on_failed)
        self.command.cancelled.connect(self._on_cancelled)
