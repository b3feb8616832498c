"""Which model is better, and is it? The runs beside one another, and the course projects."""

from __future__ import annotations

from emnist_desktop.models.comparison.course_projects import CourseProjectsView
from emnist_desktop.models.comparison.runs import LeaderboardView
from emnist_desktop.models.page import TabbedPage
from trainer.processes.launch import can_train


class ComparisonPage(TabbedPage):
    """Two views: one's own runs, and what others found with theirs."""

    def build(self) -> None:
        """Make the views."""
        super().build()
        self.runs, self.projects = LeaderboardView(self.services), CourseProjectsView(self.services)
        self.add_part(self.runs, self.tr("Runs"), self.tr("Your runs beside one another"))
        self.add_part(
            self.projects,
            self.tr("Course projects"),
            self.tr("Repeat what others have found, and compare"),
        )
        self.tabs.setTabVisible(1, can_train())
