"""Which model is better, and is it? The runs beside one another, and the course projects."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from emnist_desktop.models.comparison.course_projects import ProjectsView
from emnist_desktop.models.comparison.runs import RunsView
from emnist_desktop.models.page import ModelContext, Page
from emnist_desktop.settings import Settings
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile
from trainer.processes.launch import can_train


class ComparePage(Page):
    """Two views: one's own runs, and what others found with theirs."""

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(profile, settings, catalog, parent)
        self._is_built = False

    def show_subject(self, subject: ModelContext | None) -> None:
        """Offer another dataset to compare on."""
        super().show_subject(subject)
        if self._is_built:
            self.runs.show_subject(subject)
            self.projects.show_subject(subject)

    def close_page(self) -> None:
        """End what is under way."""
        if self._is_built:
            self.runs.close_view()
            self.projects.close_view()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the page when it is first looked at."""
        super().showEvent(event)
        if not self._is_built:
            self._is_built = True
            self._build()

    def _build(self) -> None:
        self.runs = RunsView(self.profile)
        self.projects = ProjectsView(self.profile)
        self.views = QTabWidget()
        self.views.addTab(self.runs, self.tr("Runs"))
        self.views.addTab(self.projects, self.tr("Course projects"))
        self.views.setTabToolTip(0, self.tr("Your runs beside one another"))
        self.views.setTabToolTip(1, self.tr("Repeat what others have found, and compare"))
        self.views.setTabVisible(1, can_train())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.views)
        self.runs.status_changed.connect(self.status_changed)
        self.runs.samples_asked.connect(self.samples_asked)
        self.runs.show_subject(self.subject)
        self.projects.show_subject(self.subject)
