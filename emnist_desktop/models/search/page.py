"""Experiments of many trainings: search, cross-validation, learning curve."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.command_page import MakeCommand
from emnist_desktop.models.page import TabbedPage
from emnist_desktop.models.search.cross_validation import CrossValidationPanel, LearningCurvePanel
from emnist_desktop.models.search.study import SearchPanel
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.task import Task
from trainer.datasets.catalog import Catalog
from trainer.datasets.entry import CatalogEntry
from trainer.files.paths import Profile


class SearchPage(TabbedPage):
    """Search, cross-validation and learning curve, each in a tab.

    Parameters
    ----------
    make_command : callable, optional
        From the profile and a parent to what runs the trainer; each part has its own.
    """

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
        make_command: MakeCommand = Command,
    ) -> None:
        super().__init__(profile, settings, catalog, parent)
        self._make_command = make_command

    def build(self) -> None:
        """Make the parts, and what lists the datasets."""
        super().build()
        self._listing = Task(self)
        self._listing.succeeded.connect(self._on_entries_listed)
        self.study, self.folds, self.sizes = (
            part(self.profile, self.settings, self.catalog, make_command=self._make_command)
            for part in (SearchPanel, CrossValidationPanel, LearningCurvePanel)
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
            (entry.name, text.format(entry.title, f"{sum(entry.counts.values()):,}"))
            for entry in entries
            if entry.is_present and not entry.error
        ]
        for part in (self.study, self.folds, self.sizes):
            part.base.set_datasets(names)
