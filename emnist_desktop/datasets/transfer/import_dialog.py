"""Import: sixteen samples as they would be stored, what looks wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.controls import caption, push_button
from emnist_desktop.ui.format import split_text
from emnist_desktop.ui.grids.image_grid import Tile, TileGrid
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN, SPACING, centre_labels
from emnist_desktop.ui.task import Context, Task, failure_text
from trainer.datasets.catalog import STARTER
from trainer.datasets.download.sources import published
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.formats.options import Finding, ImportChoice, ImportOptions, ImportPreview
from trainer.datasets.my_samples import NAME as SAMPLES
from trainer.datasets.store import name_from
from trainer.ink.render import IMAGE_SIZE, Image

_LEAST_SIDE = 84
_INK_CHOICES = (ImportChoice.AUTO, ImportChoice.NO, ImportChoice.YES)
"""Of the box for the ink, in its order."""

_CHANGES = ("transposed", "turn", "inverted", "classes", "resize")


class ImportDialog(QDialog):
    """Shows what an import would store, and stores it.

    Parameters
    ----------
    path : Path
        What to import: a file or a folder.
    datasets : Path
        The folder that holds the datasets.

    Signals
    -------
    imported : str
        The name of the new dataset.
    """

    imported = Signal(str)

    def __init__(self, path: Path, datasets: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import {0}").format(path.name))
        self.resize(860, 560)
        self._path = path
        self._datasets = datasets
        self._options = ImportOptions()
        self.preview: ImportPreview | None = None
        """What was last found; None while looking or after an error."""
        self._is_refused = False
        self._name = ""
        self._inspection = Task(self)
        self._inspection.succeeded.connect(self._on_inspection_succeeded)
        self._inspection.failed.connect(self._on_inspection_failed)
        self._import = Task(self)
        self._import.succeeded.connect(self._on_import_succeeded)
        self._import.failed.connect(self._on_import_failed)
        self._import.cancelled.connect(self._on_import_cancelled)
        self._import.reported.connect(self._on_import_reported)
        self._make_fields()
        self._lay_out()
        self._inspect()

    @property
    def is_busy(self) -> bool:
        """Whether it looks or stores."""
        return self._inspection.is_running or self._import.is_running

    def done(self, result: int) -> None:
        """Cancel what is under way."""
        shut_down(self)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel what is under way."""
        shut_down(self)
        super().closeEvent(event)

    def reject(self) -> None:
        """Cancel an import under way; else close."""
        if self._import.is_running:
            self._import.cancel()
        else:
            super().reject()

    def _make_fields(self) -> None:
        self.samples = TileGrid(_LEAST_SIDE)
        self.format_label = caption()
        self.title_field = QLineEdit()
        self.title_field.setToolTip(self.tr("What the dataset is called in the list"))
        self.title_field.setMaxLength(60)
        self.title_field.textChanged.connect(self._update_buttons)
        self.transposed_box = QCheckBox(self.tr("&Transposed: swap rows and columns"))
        self.transposed_box.clicked.connect(self._on_transposed_clicked)
        self.turn_box = QComboBox()
        self.turn_box.addItem(self.tr("not turned"), 0)
        self.turn_box.addItem(self.tr("90° to the right"), 90)
        self.turn_box.addItem(self.tr("180°"), 180)
        self.turn_box.addItem(self.tr("90° to the left"), 270)
        self.turn_box.activated.connect(self._on_turn_activated)
        self.ink_box = QComboBox()
        self.ink_box.setToolTip(self.tr("Stored images have light ink, as EMNIST's"))
        self.ink_box.addItem(self.tr("as found"))
        self.ink_box.addItem(self.tr("light on dark paper"))
        self.ink_box.addItem(self.tr("dark on light paper"))
        self.ink_box.activated.connect(self._on_ink_activated)
        self.size_box = QComboBox()
        self.size_box.setToolTip(self.tr("Networks of another size cannot read your drawings"))
        self.size_box.addItem(self.tr("as in the file"), None)
        self.size_box.addItem(self.tr("28×28, aspect kept"), IMAGE_SIZE)
        self.size_box.activated.connect(self._on_size_activated)
        self.classes_field = QLineEdit()
        self.classes_field.setToolTip(self.tr("Names, with spaces or commas between"))
        self.classes_field.editingFinished.connect(self._on_classes_edited)
        tip = self.tr("If the labels lie in a file of their own")
        self.labels_button = push_button(self.tr("Choose &labels…"), tip)
        self.labels_button.setVisible(self._path.is_file())
        self.labels_button.clicked.connect(self._on_labels_clicked)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.import_button = buttons.addButton(
            self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.cancel_button = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_import_clicked)
        buttons.rejected.connect(self.reject)
        self._buttons = buttons

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        form.setVerticalSpacing(SPACING)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("&Name"), self.title_field)
        form.addRow(self.tr("&Classes"), self.classes_field)
        form.addRow(self.tr("&Size"), self.size_box)
        form.addRow("", self.transposed_box)
        form.addRow(self.tr("T&urn"), self.turn_box)
        form.addRow(self.tr("In&k"), self.ink_box)
        form.addRow("", self.labels_button)
        centre_labels(form)
        self._warnings = QVBoxLayout()
        self._warnings.setSpacing(SPACING)
        layout = vbox(self.format_label, form, self._warnings, 1, spacing=2 * SPACING)
        layout.setContentsMargins(0, 0, MARGIN, 0)
        fields = sheet(layout)
        columns = hbox((scroll_area(self.samples), 1), (scroll_area(fields), 1), spacing=2 * MARGIN)
        self.setLayout(vbox((columns, 1), self.message, self.bar, self._buttons, margins=MARGIN))

    def _inspect(self) -> None:
        self.preview = None
        self.message.setText(self.tr("Looking at the data…"))
        path, options = self._path, self._options
        self._inspection.start(lambda _: inspect_import(path, options))
        self._update_buttons()

    @Slot(object)
    def _on_inspection_succeeded(self, preview: ImportPreview) -> None:
        self.preview = preview
        self._is_refused = False
        self._show_samples(preview.images, preview.labels)
        counts = ", ".join(
            f"{split_text(split)} {QLocale().toString(n)}" for split, n in preview.counts.items()
        )
        height, width = preview.image_shape
        self.format_label.setText(
            self.tr("{0} · {1} · {2}×{3} pixels · {4} classes").format(
                error_text(preview.format), counts, height, width, len(preview.alphabet)
            )
        )
        if not self.title_field.text():
            self.title_field.setText(self._free_title(preview.title))
        self.classes_field.setText(names_text(preview.alphabet))
        self.classes_field.setCursorPosition(0)
        self.transposed_box.setChecked(preview.options.transposed == ImportChoice.YES)
        self.turn_box.setCurrentIndex(self.turn_box.findData(preview.options.turn or 0))
        self._show_ink(ImportChoice(preview.options.inverted))
        self.size_box.setCurrentIndex(0 if preview.options.resize is None else 1)
        self._show_warnings(preview.warnings)
        self.message.clear()
        self._update_buttons()

    @Slot(object)
    def _on_inspection_failed(self, error: Exception) -> None:
        self._is_refused = not self.format_label.text()
        self._show_samples((), ())
        self._show_warnings(())
        self.message.setText(failure_text(error))
        self._update_buttons()

    def _show_ink(self, used: ImportChoice) -> None:
        """Show what was chosen for the ink; of what is found, what that is."""
        chosen = ImportChoice(self._options.inverted)
        self.ink_box.setCurrentIndex(_INK_CHOICES.index(chosen))
        if chosen == ImportChoice.AUTO:
            number = _INK_CHOICES.index(used)
            found = self.ink_box.itemText(number) if number else self.tr("each by its border")
            self.ink_box.setItemText(0, self.tr("as found: {0}").format(found))

    def _show_samples(self, images: Iterable[Image], labels: Sequence[str]) -> None:
        pairs = zip(images, labels, strict=True)
        self.samples.set_tiles([Tile((image,), label, label) for image, label in pairs])
        name = self.tr("Samples: {0}").format(", ".join(labels)) if labels else ""
        self.samples.setAccessibleName(name or self.tr("No samples"))

    def _show_warnings(self, findings: tuple[Finding, ...]) -> None:
        while (item := self._warnings.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in findings:
            self._warnings.addWidget(self._banner(finding))

    def _banner(self, finding: Finding) -> QFrame:
        frame = QFrame()
        frame.setObjectName("banner")
        text = QLabel(error_text(finding.sentence, finding.hint))
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(frame)
        layout.addWidget(text)
        if finding.fix is not None:
            button = QPushButton(self._fix_text(finding, finding.fix))
            button.setObjectName(f"fix-{finding.kind}")
            button.clicked.connect(partial(self._apply, finding.fix))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _fix_text(self, finding: Finding, fix: ImportOptions) -> str:
        if finding.kind == "mapping":
            names = " ".join(fix.classes or ())
            shown = names if len(names) <= 24 else names[:23] + "…"
            return self.tr("Call the classes {0}").format(shown)
        if finding.kind == "transposed":
            is_turned = fix.transposed == ImportChoice.YES
            if fix.turn or (self.preview is not None and self.preview.options.turn):
                return self.tr("Bring upright")
            return self.tr("Transpose") if is_turned else self.tr("Do not transpose")
        if finding.kind == "inverted":
            is_dark = fix.inverted == ImportChoice.YES
            return self.tr("Invert") if is_dark else self.tr("Do not invert")
        return self.tr("Bring to 28×28")

    def _apply(self, fix: ImportOptions) -> None:
        """Change what a fix changes; what was left open stays open."""
        if self.preview is None:
            return
        used = self.preview.options
        values = {name: getattr(fix, name) for name in _CHANGES}
        self._change(**{k: value for k, value in values.items() if value != getattr(used, k)})

    def _change(self, **changes: Any) -> None:
        self._options = replace(self._options, **changes)
        self._inspect()

    @Slot(bool)
    def _on_transposed_clicked(self, _checked: bool) -> None:
        self._change_orientation()

    @Slot()
    def _on_turn_activated(self) -> None:
        self._change_orientation()

    def _change_orientation(self) -> None:
        transposed = ImportChoice.YES if self.transposed_box.isChecked() else ImportChoice.NO
        self._change(transposed=transposed, turn=self.turn_box.currentData())

    @Slot(int)
    def _on_ink_activated(self, number: int) -> None:
        self._change(inverted=_INK_CHOICES[number])

    @Slot()
    def _on_size_activated(self) -> None:
        self._change(resize=self.size_box.currentData())

    @Slot()
    def _on_classes_edited(self) -> None:
        text = self.classes_field.text()
        names = tuple(n.strip() for n in text.split(",")) if "," in text else tuple(text.split())
        shown = None if self.preview is None else names_text(self.preview.alphabet)
        if text == shown or names == self._options.classes:
            return
        self._change(classes=names or None)

    @Slot()
    def _on_labels_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose the file with the labels"), str(self._path.parent)
        )
        if name:
            self.use_labels(Path(name))

    def use_labels(self, path: Path) -> None:
        """Take the labels from a file of their own."""
        self._change(labels=path)

    def _is_taken(self, name: str) -> bool:
        reserved = {STARTER, SAMPLES, *(facts.name for facts in published())}
        return name in reserved or (self._datasets / name).exists()

    def _free_title(self, title: str) -> str:
        numbered = (f"{title} {number}" for number in count(2))
        return next(t for t in chain([title], numbered) if not self._is_taken(name_from(t)))

    @Slot()
    def _update_buttons(self) -> None:
        is_storing = self._import.is_running
        name = name_from(self.title_field.text()) if self.title_field.text().strip() else ""
        is_taken = bool(name) and self._is_taken(name)
        if self.preview is not None and not is_storing:
            taken = self.tr("There is a dataset {0} already; choose another name.").format(name)
            self.message.setText(taken if is_taken else "")
        self.import_button.setEnabled(
            self.preview is not None and bool(name) and not is_taken and not is_storing
        )
        fields = (self.title_field, self.classes_field, self.size_box)
        for widget in (*fields, self.transposed_box, self.turn_box, self.ink_box):
            widget.setEnabled(not is_storing)
            self._form.setRowVisible(widget, not self._is_refused)
        self.labels_button.setEnabled(not is_storing)  # shown: they may be what is missing
        for button in self.findChildren(QPushButton):
            if button.objectName().startswith("fix-"):
                button.setEnabled(not is_storing and self.preview is not None)

    @Slot()
    def _on_import_clicked(self) -> None:
        if self.preview is None:
            return
        title = self.title_field.text().strip()
        self._name = name_from(title)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.message.setText(self.tr("Importing…"))
        folder = self._datasets / self._name
        self._import.start(partial(store_data, self._path, self.preview.options, folder, title))
        self._update_buttons()

    @Slot(object)
    def _on_import_reported(self, progress: tuple[int, int]) -> None:
        done, total = progress
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot(object)
    def _on_import_succeeded(self, _result: object) -> None:
        self.imported.emit(self._name)
        self.accept()

    @Slot(object)
    def _on_import_failed(self, error: Exception) -> None:
        self.bar.hide()
        self._update_buttons()
        self.message.setText(failure_text(error))

    @Slot()
    def _on_import_cancelled(self) -> None:
        self.bar.hide()
        self._update_buttons()
        self.message.setText(self.tr("Cancelled; nothing was stored."))


def names_text(alphabet: tuple[str, ...]) -> str:
    """Return names as they are shown and edited: commas between them where one has a space."""
    return (", " if any(" " in name for name in alphabet) else " ").join(alphabet)


def store_data(
    path: Path, options: ImportOptions, folder: Path, title: str, context: Context
) -> None:
    """Store data, in a task; report how many samples are done, and of how many."""

    def report(done: int, total: int) -> None:
        context.report((done, total))

    import_dataset(path, options, folder, title=title, report=report, check=context.check)
