"""Experiments of many trainings: search, cross-validation, learning curve."""

from __future__ import annotations

from PySide6.QtCore import Slot

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.page import TabbedPage
from emnist_desktop.models.search.cross_validation import CrossValidationPanel, LearningCurvePanel
from emnist_desktop.models.search.study import SearchPanel
from emnist_desktop.ui.format import local
from emnist_desktop.ui.task import Task
from trainer.datasets.entry import CatalogEntry


class SearchPage(TabbedPage):
    """Search, cross-validation and learning curve, each in a tab, with a command of its own.

    Each has a form with a model and a dataset, which begins with those that are chosen.
    """

    has_subject = False

    def build(self) -> None:
        """Make the parts, and what lists the datasets."""
        super().build()
        self._listing = Task(self, self._on_entries_listed)
        self.study, self.folds, self.sizes = (
            part(self.services) for part in (SearchPanel, CrossValidationPanel, LearningCurvePanel)
        )
        self.add_part(self.study, self.tr("Search"), self.tr("Which settings read best?"))
        self.add_part(self.folds, self.tr("Cross-validation"), self.tr("How sure is the accuracy?"))
        self.add_part(self.sizes, self.tr("Learning curve"), self.tr("Would more samples help?"))

    def look(self) -> None:
        """List the datasets again."""
        catalog = self.catalog
        self._listing.start(lambda _: catalog.entries())

    @Slot(object)
    def _on_entries_listed(self, entries: tuple[CatalogEntry, ...]) -> None:
        text = self.tr("{0} · {1} samples")
        names = [
            (entry.name, text.format(trainer_text(entry.title), local(sum(entry.counts.values()))))
            for entry in entries
            if entry.is_present and not entry.error
        ]
        for part in (self.study, self.folds, self.sizes):
            part.base.set_datasets(names)
