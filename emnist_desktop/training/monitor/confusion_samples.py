"""From a cell of a run's confusion matrix to the very images."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from trainer.datasets.catalog import Catalog
from trainer.errors import TrainerError
from trainer.runs.predictions import Found


class CellOpening(QObject):
    """Asks for the samples of a cell, if the dataset still has them.

    Signals
    -------
    samples_requested : str, str, object, str
        Dataset, split, indices (int64), title.
    notice_raised : str, str
        A sentence and a hint.
    """

    samples_requested = Signal(str, str, object, str)
    notice_raised = Signal(str, str)

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog

    @Slot(object, str)
    def open(self, found: Found, title: str) -> None:
        """Ask for samples, or say that others have taken their place."""
        try:
            split = self._catalog.open(found.data).splits.get(found.split)
        except TrainerError:
            split = None  # the Datasets tab says why it cannot be opened
        if split is not None and not found.are_in(split.images):
            self.notice_raised.emit(
                self.tr("{0} has changed since this run: its images are others.").format(
                    found.data
                ),
                self.tr("Put the old data back to see what was misread."),
            )
            return
        self.samples_requested.emit(found.data, found.split, found.indices, title)
