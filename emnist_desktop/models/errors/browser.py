"""The errors of one report: filtered, as tiles and one by one, or two classes compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from emnist_desktop.models.errors.detail import SampleView
from emnist_desktop.models.errors.filter import ErrorFilterBar
from emnist_desktop.models.errors.gallery import Gallery
from emnist_desktop.models.errors.source import ErrorSource
from emnist_desktop.ui.controls import bold, centred_caption, push_button, tool_button
from emnist_desktop.ui.dialogs.export_dialog import WritingDialog, unused
from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.format import fill_in, percent
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.evaluation.errors import (
    TABLE_NAME,
    ErrorQuery,
    Rows,
    export_errors,
    folder_name,
    select,
    typical,
    wrong,
)

_GALLERY_SHARE, _LARGE_SHARE = 3, 2
"""Of the width."""

_TYPICAL = 60
"""Right ones of a character: some screens of this size."""


class ErrorsBrowser(QWidget):
    """Shows one report's errors.

    Signals
    -------
    cell_requested : str, str
        The true and the predicted character of the sample that is looked at.
    samples_requested : str, str, object, str
        Dataset, split, indices of samples (int64), title.
    status_changed : str
        A word for the status bar.
    measure_requested
        Measure the model again.
    """

    samples_requested = Signal(str, str, object, str)
    cell_requested = Signal(str, str)
    status_changed = Signal(str)
    measure_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: ErrorSource | None = None
        self._title = ""
        self.filters = ErrorFilterBar()
        self.gallery = Gallery()
        self.large = SampleView()
        self.sides = PairComparison()
        self.empty = centred_caption()
        self.outdated = self._make_outdated()
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setAccessibleName(self.tr("How many errors"))
        self.compare = tool_button(
            self.tr("Side by side"),
            self.tr("Right ones of both characters beside those that were mistaken"),
            checkable=True,
        )
        self.browse = push_button(self.tr("Show in Datasets"))
        self.cell = push_button(
            self.tr("In the matrix"), self.tr("Show the cell of this sample in the report")
        )
        self.export = push_button(
            self.tr("Export…"), self.tr("Write those shown as pictures, with a table")
        )
        self._lay_out()
        self._connect()

    def _make_outdated(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("banner")
        again = QPushButton(self.tr("Look again"))
        again.clicked.connect(self.measure_requested)
        text = wrapped_label()
        text.setText(self.tr("The model has changed since it read these samples."))
        margins = (SPACING, SPACING // 2, SPACING, SPACING // 2)
        frame.setLayout(hbox((text, 1), again, margins=margins))
        frame.hide()
        return frame

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.gallery)
        self.splitter.addWidget(self.large)
        self.splitter.setStretchFactor(0, _GALLERY_SHARE)
        self.splitter.setStretchFactor(1, _LARGE_SHARE)
        self.splitter.setChildrenCollapsible(False)
        self.stack = QStackedWidget()
        for widget in (self.splitter, self.sides, self.empty):
            self.stack.addWidget(widget)
        below = FlowLayout()
        for part in (self.summary, self.compare, self.cell, self.browse, self.export):
            below.addWidget(part)
        self.setLayout(vbox(self.outdated, self.filters, (self.stack, 1), below))

    def _connect(self) -> None:
        self.filters.query_changed.connect(self._on_query_changed)
        self.gallery.current_changed.connect(self._on_current_changed)
        self.gallery.activated.connect(self._on_gallery_activated)
        self.large.step_requested.connect(self._on_step_requested)
        self.sides.row_chosen.connect(self._on_row_chosen)
        self.compare.toggled.connect(self._show_page)
        self.cell.clicked.connect(self._on_cell_clicked)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.export.clicked.connect(self._on_export_clicked)

    def show_source(
        self,
        source: ErrorSource,
        title: str,
        pair: tuple[str | None, str | None],
        *,
        is_outdated: bool,
    ) -> None:
        """Show another report.

        Parameters
        ----------
        source : ErrorSource
        title : str
            Of the model.
        pair : tuple of str or None
            What was taken for what; None for any.
        is_outdated : bool
            Whether the model has changed since.
        """
        self._source, self._title = source, title
        self.outdated.setVisible(is_outdated)
        self.compare.setChecked(False)
        self.filters.show_predictions(source.predictions, *pair)

    def show_pair(self, true: str | None, predicted: str | None) -> None:
        """Show what was taken for what, as tiles; None for any."""
        self.compare.setChecked(False)
        self.filters.ask_for_pair(true, predicted)

    def shutdown(self) -> None:
        """End an export that is under way, and put its dialog away."""
        for dialog in self.findChildren(ErrorsExport):
            dialog.reject()

    @Slot(object)
    def _on_query_changed(self, query: ErrorQuery) -> None:
        if self._source is None:
            return
        rows = select(self._source.predictions, query)
        self.gallery.show_rows(self._source, rows)
        self.gallery.go_to(0)
        self._show_summary(self._source, query, len(rows))
        self._show_page()

    def _show_summary(self, source: ErrorSource, query: ErrorQuery, n: int) -> None:
        n_wrong, n_all = int(wrong(source.predictions).sum()), len(source.predictions)
        share = percent(n_wrong / max(n_all, 1))
        if query.true is not None and query.true == query.predicted:
            text = fill_in(self.tr("{0:,} read right"), n)
        elif n == n_wrong:
            text = fill_in(self.tr("{0:,} errors in {1:,} samples ({2})"), n, n_all, share)
        else:
            text = fill_in(self.tr("{0:,} of {1:,} errors"), n, n_wrong)
        self.summary.setText(text)
        everything = self.tr("No error at all: each of the {0:,} samples was read right.")
        nothing = self.tr("No error is of this kind. “Show all” shows the others.")
        self.empty.setText(nothing if n_wrong else fill_in(everything, n_all))
        is_listed = bool(source.samples.name)
        self.browse.setEnabled(n > 0 and is_listed)
        self.browse.setToolTip(
            self.tr("Show these samples in the Datasets tab")
            if is_listed
            else self.tr("Only datasets of the Datasets tab can be shown there: import these data")
        )
        self.export.setEnabled(n > 0)
        self.cell.setEnabled(n > 0)

    @Slot()
    def _show_page(self) -> None:
        """Show the tiles, the comparison, or the message that there are none."""
        pair = self._pair()
        self.compare.setEnabled(pair is not None)
        if self.compare.isChecked() and pair is not None and self._source is not None:
            self.sides.show_pair(self._source, *pair)
            self.stack.setCurrentWidget(self.sides)
        else:
            has_tiles = len(self.gallery.rows) > 0
            self.stack.setCurrentWidget(self.splitter if has_tiles else self.empty)

    def _pair(self) -> tuple[int, int] | None:
        """Return the classes to compare: of the query, else of the current sample."""
        query, index = self.filters.query, self.gallery.current
        if query.true is not None and query.predicted not in (None, query.true):
            return query.true, int(query.predicted or 0)
        if self._source is None or index < 0:
            return None
        predictions, row = self._source.predictions, int(self.gallery.rows[index])
        true, predicted = int(predictions.truth[row]), int(predictions.predicted[row])
        other = int(predictions.second[row]) if true == predicted else predicted
        return None if other == true else (true, other)

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        if self._source is not None:
            rows = self.gallery.rows
            self.large.show_sample(self._source, int(rows[index]), index, len(rows))

    @Slot(QModelIndex)
    def _on_gallery_activated(self, index: QModelIndex) -> None:
        self.large.setFocus()

    @Slot(int)
    def _on_step_requested(self, step: int) -> None:
        self.gallery.go_to(self.gallery.current + step)

    @Slot(int)
    def _on_row_chosen(self, row: int) -> None:
        """Show a sample of the comparison among its like."""
        if self._source is None:
            return
        self.show_pair(*self._source.names(row))
        self.gallery.go_to(int(np.flatnonzero(self.gallery.rows == row)[0]))
        self.gallery.setFocus()

    @Slot()
    def _on_cell_clicked(self) -> None:
        if self._source is None or self.gallery.current < 0:
            return
        row = int(self.gallery.rows[self.gallery.current])
        self.cell_requested.emit(*self._source.names(row))

    @Slot()
    def _on_browse_clicked(self) -> None:
        if self._source is None:
            return
        samples, query = self._source.samples, self.filters.query
        split, indices = samples.in_one_split(self._source.predictions.indices[self.gallery.rows])
        names = self._source.predictions.characters
        title = self.tr("Errors of {0}").format(self._title)
        if query.true is not None and query.predicted is not None:
            title = self.tr("{0} taken for {1}").format(names[query.true], names[query.predicted])
        self.samples_requested.emit(samples.name, split, indices, title)

    @Slot()
    def _on_export_clicked(self) -> None:
        if self._source is None:
            return
        folder = Path.home() / folder_name(self._source.predictions, self.filters.query)
        dialog = ErrorsExport(self._source, self.gallery.rows, folder, self).opened()
        dialog.exported.connect(self._on_exported)

    @Slot(str)
    def _on_exported(self, folder: str) -> None:
        self.status_changed.emit(self.tr("Written: {0}").format(folder))


class ErrorsExport(WritingDialog):
    """Asks for a folder, and writes the errors that are shown into it.

    Parameters
    ----------
    source : ErrorSource
    rows : ndarray of shape (n,), dtype=int64
        What to write, in this order.
    destination : Path
        The folder to suggest.
    """

    def __init__(self, source: ErrorSource, rows: Rows, destination: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self._rows = rows
        self.explanation.setText(
            fill_in(
                self.tr(
                    "{0:,} pictures, numbered as they are shown, in a new folder; a table, {1}, "
                    "says what each is, what it was taken for, and how surely."
                ),
                len(rows),
                TABLE_NAME,
            )
        )
        self.destination.setText(str(unused(destination.parent, destination.name)))
        self.destination.setAccessibleName(self.tr("Folder"))
        label, where = self._where()
        where.insertWidget(0, label)
        self._lay_out(self.explanation, where)

    @Slot()
    def _on_browse_clicked(self) -> None:
        given = Path(self.destination.text())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Export to"), str(given.parent))
        if folder:
            chosen = Path(folder)
            is_empty = not any(chosen.iterdir())
            self.destination.setText(str(chosen if is_empty else unused(chosen, given.name)))

    def _missing(self) -> str:
        return self.tr("Choose where to put the pictures.")

    def _writing(self, destination: Path) -> Work:
        source, rows = self._source, self._rows

        def write(context: Context) -> str:
            reporting = context.report, context.check
            about = source.samples.about
            export_errors(
                source.predictions, rows, source.samples.image, destination, about, reporting
            )
            return str(destination)

        return write


class TitledGallery(QWidget):
    """Tiles under a line that says what they are.

    Signals
    -------
    row_chosen : int
        Row of the predictions that was double-clicked, or chosen with Enter.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = bold(QLabel())
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.gallery = Gallery()
        self.setLayout(vbox(self.title, (self.gallery, 1), spacing=SPACING // 2))
        self.gallery.activated.connect(self._on_gallery_activated)

    def show_rows(self, title: str, source: ErrorSource | None, rows: Rows) -> None:
        """Show samples under a title."""
        self.title.setText(title)
        self.gallery.setAccessibleName(title)
        self.gallery.show_rows(source, rows)

    @Slot(QModelIndex)
    def _on_gallery_activated(self, index: QModelIndex) -> None:
        self.row_chosen.emit(int(self.gallery.rows[index.row()]))


class PairComparison(QWidget):
    """Four galleries: correct samples above, confused ones below.

    Signals
    -------
    row_chosen : int
        Row of the predictions that shall be looked at.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first_right, self.second_right = TitledGallery(), TitledGallery()
        self.first_wrong, self.second_wrong = TitledGallery(), TitledGallery()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.first_right, 0, 0)
        layout.addWidget(self.second_right, 0, 1)
        layout.addWidget(self.first_wrong, 1, 0)
        layout.addWidget(self.second_wrong, 1, 1)
        for side in (self.first_right, self.second_right, self.first_wrong, self.second_wrong):
            side.row_chosen.connect(self.row_chosen)

    def show_pair(self, source: ErrorSource, first: int, second: int) -> None:
        """Compare two characters."""
        predictions, names = source.predictions, source.predictions.characters
        for right, confused, one, other in (
            (self.first_right, self.first_wrong, first, second),
            (self.second_right, self.second_wrong, second, first),
        ):
            rows = typical(predictions, one, _TYPICAL)
            right.show_rows(self.tr("These are {0}").format(names[one]), source, rows)
            rows = select(predictions, ErrorQuery(true=one, predicted=other))
            title = fill_in(
                self.tr("{0}, taken for {1}: {2:,}"), names[one], names[other], len(rows)
            )
            confused.show_rows(title, source, rows)
