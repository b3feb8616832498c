"""Fine-tuning: the recogniser is trained on with the user's samples, and adopted on a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QTableWidget,
    QWidget,
)

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.trainer_process.command_dialog import CommandDialog
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import (
    caption,
    combo_box,
    form_rows,
    prepare_table,
    push_button,
    refill,
    spin_box,
)
from emnist_desktop.ui.format import interval_text, local, percent
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN, SPACING, centre_labels
from emnist_desktop.ui.table import fill
from emnist_desktop.ui.task import Task
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.my_samples import NAME as MY_SAMPLES
from trainer.files.paths import Profile
from trainer.files.records import Share, decode
from trainer.ink.alphabet import BYCLASS

_EPOCHS, _MOST_EPOCHS = 3, 30
_Measured = dict[str, dict[str, Any]]


class FineTuneDialog(CommandDialog):
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
        super().__init__(profile, parent)
        self.setWindowTitle(self.tr("Fine-tune on my samples"))
        self.resize(620, 420)
        self._start_from, self._bundle = start_from, ""
        self._listing = Task(self, self._on_listed)
        self.rehearsal = combo_box(
            [(self.tr("Starter set"), STARTER)],
            tip=self.tr("Shown beside your samples, so that the other hands are not forgotten"),
        )
        self.epochs = spin_box(1, _MOST_EPOCHS, _EPOCHS, tip=self.tr("More adapts further"))
        self.start_button = push_button(self.tr("&Start"))
        self.stop = push_button(self.tr("&Cancel"))
        self.use = push_button(
            self.tr("&Use it for drawing"), self.tr("Let it read what you draw from now on")
        )
        self.table = QTableWidget(0, 5)
        self._lay_out()
        self._connect()
        self.show_state()
        self._listing.start(lambda _: catalog.entries())

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
        self.start(["finetune", *start, *options])

    @override
    def show_answer(self, answer: dict[str, Any]) -> None:
        before = decode(_Measured, answer.get("before"))
        after = decode(_Measured, answer.get("after"))
        rows = [
            self._row(title, before[key], after[key])
            for key, title in (
                ("own", self.tr("Your samples that were held out")),
                ("validation", self.tr("Other hands: rehearsed data, not learned this time")),
            )
        ]
        self._bundle = decode(str, answer.get("bundle"))
        fill(self.table, rows, right=(1, 2, 3, 4))
        self.message.setText(self.tr("Nothing has changed yet: use it, or close this window."))

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

    @override
    def show_state(self) -> None:
        super().show_state()
        is_running = self.command.is_running
        for widget in (self.rehearsal, self.epochs, self.start_button):
            widget.setEnabled(not is_running)
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
        buttons = hbox(self.start_button, self.stop, 1, self.use, close)
        parts = (about, form, self.bar, self.message, (self.table, 1), buttons)
        self.setLayout(vbox(*parts, spacing=SPACING, margins=MARGIN))

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._on_start_clicked)
        self.stop.clicked.connect(self.command.cancel)
        self.use.clicked.connect(self._on_use_clicked)
