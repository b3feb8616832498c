"""What many trainings tell: better settings, what to expect, whether more samples would help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from emnist_desktop.models.page import ModelContext, Page
from emnist_desktop.models.search.cross_validation import FoldsPart, SizesPart
from emnist_desktop.models.search.experiment_panel import SearchPart
from emnist_desktop.models.search.study import StudyPart
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import Catalog
from trainer.datasets.entry import CatalogEntry
from trainer.files.paths import Profile

MakeCommand = Callable[[Profile, QWidget], Command]


class SearchPage(Page):
    """Search, cross-validation and learning curve, each in a tab; built when first shown.

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
        self.parts: list[SearchPart] = []
        self._listing = Task(self)
        self._listing.succeeded.connect(self._on_entries_listed)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Take over the model and the dataset."""
        super().show_subject(subject)
        for part in self.parts:
            part.show_subject(subject)

    def close_page(self) -> None:
        """End what is under way; it can go on later."""
        self._listing.close()
        for part in self.parts:
            part.close_part()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the parts when the page is first looked at; look again what there is."""
        super().showEvent(event)
        if not self.parts:
            self._build()
        catalog = self.catalog

        def entries(context: Context) -> tuple[CatalogEntry, ...]:
            context.check()
            return catalog.entries()

        self._listing.start(entries)
        for part in self.parts:
            part.refresh()

    def _build(self) -> None:
        self.study = StudyPart(self.profile, self._make_command(self.profile, self))
        self.folds = FoldsPart(self.profile, self._make_command(self.profile, self))
        self.sizes = SizesPart(self.profile, self._make_command(self.profile, self))
        self.parts = [self.study, self.folds, self.sizes]
        self.tabs = QTabWidget()
        for part, title, tip in (
            (self.study, self.tr("Search"), self.tr("Which settings read best?")),
            (
                self.folds,
                self.tr("Cross-validation"),
                self.tr("How sure is the accuracy?"),
            ),
            (self.sizes, self.tr("Learning curve"), self.tr("Would more samples help?")),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(part, title), tip)
            part.run_asked.connect(self.run_asked)
            part.form_asked.connect(self.form_asked)
            part.status_changed.connect(self.status_changed)
            part.show_subject(self.subject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    @Slot(object)
    def _on_entries_listed(self, entries: tuple[CatalogEntry, ...]) -> None:
        present = [entry for entry in entries if entry.is_present and not entry.error]
        names = [
            (
                entry.name,
                self.tr("{0} · {1} samples").format(entry.title, f"{sum(entry.counts.values()):,}"),
            )
            for entry in present
        ]
        for part in self.parts:
            part.base.set_datasets(names)
