"""The tab where models are understood: report, errors, comparison, robustness, layers, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from emnist_desktop.models.page import ModelContext, Page, PageServices
from emnist_desktop.settings import Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.lazy import load_modules
from emnist_desktop.ui.style import MARGIN, SPACING
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink
from trainer.processes.launch import can_train

_PAGES = ("report", "errors", "comparison", "robustness", "layers", "search")


class ModelsTab(Page):
    """Evaluates and inspects models, on a page for each question.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    catalog : Catalog
    make_canvas : callable, optional
        Makes a canvas to draw in while the layers are looked at; called when the tab is built.
    """

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        make_canvas: Callable[[], QWidget] | None = None,
    ) -> None:
        super().__init__(PageServices(profile, settings, catalog))
        self._make_canvas = make_canvas
        self._drawing: Ink | None = None

    def look(self) -> None:
        """List the models and datasets again."""
        self.panel.refresh()

    @Slot()
    def refresh(self) -> None:
        """List the models again, while somebody sees them: a run has ended, or has changed."""
        if self.is_watched:
            self.look()
            if self.comparison.is_watched:
                self.comparison.runs.refresh()

    def set_drawing(self, ink: Ink) -> None:
        """Handle a new drawing of the Draw tab."""
        self._drawing = ink
        if self.is_built:
            for page in self.pages:
                page.set_drawing(ink)

    def draw(self, ink: Ink) -> None:
        """Handle a new drawing of this tab's canvas."""
        self._drawing = ink
        self.layers.draw(ink)

    def choose(self, model: Path) -> None:
        """Choose a model by its folder or file."""
        self.ensure_built()
        self.panel.choose(model)

    def open_file(self, path: Path) -> None:
        """Choose a network in a file, whose classes are asked for."""
        self.ensure_built()
        self.panel.open_file(path)

    def show_errors(self, data: str, split: str, character: str) -> None:
        """Show how the chosen model misreads a character of a dataset."""
        self.ensure_built()
        self.panel.choose_data(data, split)
        self.stack.setCurrentWidget(self.errors)
        self.errors.show_pair(character, None)

    def build(self) -> Iterator[None]:
        """Make the panel and the pages."""
        yield from load_modules(*(f"emnist_desktop.models.{name}.page" for name in _PAGES))
        from emnist_desktop.models.subject_panel import ModelContextPanel

        self.banner = Banner()
        self.panel = ModelContextPanel(self.profile, self.settings, self.catalog)
        self.stack = QStackedWidget()
        self.choice = QButtonGroup(self)
        self.pages: list[Page] = []
        self._build_pages()
        top = hbox(*self.choice.buttons(), 1, spacing=SPACING // 2)
        pages = (vbox(self.banner, (self.stack, 1)), 1)
        below = hbox(self.panel, pages, spacing=MARGIN)
        self.setLayout(vbox(top, (below, 1), margins=MARGIN))
        self.panel.subject_changed.connect(self.show_subject)
        self.panel.notice_raised.connect(self._on_notice_raised)
        self.choice.idClicked.connect(self.stack.setCurrentIndex)
        self.choice.button(0).setChecked(True)
        self.stack.currentChanged.connect(self._on_page_changed)

    def _build_pages(self) -> None:
        from emnist_desktop.models.comparison.page import ComparisonPage
        from emnist_desktop.models.errors.page import ErrorsPage
        from emnist_desktop.models.layers.page import LayersPage
        from emnist_desktop.models.report.page import ReportPage
        from emnist_desktop.models.robustness.page import RobustnessPage
        from emnist_desktop.models.search.page import SearchPage

        services = self.services
        self.report = ReportPage(services)
        self.errors = ErrorsPage(services)
        self.layers = LayersPage(services)
        self.comparison = ComparisonPage(services)
        robustness = RobustnessPage(services)
        self._add(self.report, self.tr("Report"), self.tr("How well it reads, class by class"))
        self._add(self.errors, self.tr("Errors"), self.tr("The samples that it misreads"))
        self._add(self.comparison, self.tr("Compare"), self.tr("Which model is better, and is it?"))
        self._add(robustness, self.tr("Robustness"), self.tr("What worse pictures do to it"))
        self._add(self.layers, self.tr("Layers"), self.tr("What its layers see in your drawing"))
        if can_train():
            self._add(
                SearchPage(services),
                self.tr("Search"),
                self.tr("Better settings, cross-validation, more samples"),
            )
        if self._make_canvas is not None:
            self.layers.set_canvas(self._make_canvas())
        self.report.errors_requested.connect(self._on_errors_requested)
        self.errors.cell_requested.connect(self._on_cell_requested)

    def _add(self, page: Page, title: str, tip: str) -> None:
        self.choice.addButton(tool_button(title, tip, checkable=True), len(self.pages))
        self.pages.append(page)
        self.stack.addWidget(page)
        self.relay(page)
        if self._drawing is not None:
            page.set_drawing(self._drawing)

    @Slot(object)
    def show_subject(self, subject: ModelContext | None) -> None:
        """Set the model and dataset of all pages."""
        for page in self.pages:
            page.show_subject(subject)
        self._show_panel()

    @Slot(int)
    def _on_page_changed(self, index: int) -> None:
        self.choice.button(index).setChecked(True)
        self._show_panel()

    @Slot()
    def _show_panel(self) -> None:
        """Hide the panel where it has no effect; without a dataset one can be made there."""
        page = self.pages[self.stack.currentIndex()]
        self.panel.setVisible(page.has_subject or not self.panel.has_data)

    @Slot(object)
    def _on_errors_requested(self, pair: tuple[str, str] | None) -> None:
        self.stack.setCurrentWidget(self.errors)
        self.errors.show_pair(*(pair or (None, None)))

    @Slot(str, str)
    def _on_cell_requested(self, true: str, predicted: str) -> None:
        self.stack.setCurrentWidget(self.report)
        self.report.point_at(true, predicted)

    @Slot(str, str)
    def _on_notice_raised(self, sentence: str, hint: str) -> None:
        self.banner.show_notice(sentence, hint, topic="notice")
