"""The left side: the open dataset, the catalogue, and the filters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.layout import scroll_area, vbox

_ROOM_FOR_BOTH = 720
"""Height from which catalogue and filters have room together, in pixels."""

_LEAST_WIDTH = 244


class Sidebar(QWidget):
    """A button with the dataset's title folds the catalogue; the filters stand below it."""

    def __init__(self, catalog: QWidget, filters: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_LEAST_WIDTH)
        scroll = scroll_area(filters, self.tr("Catalogue and filters"))
        self._catalog, self._filters = catalog, scroll
        self._with_filters = False
        self._title = ""
        self.fold = QPushButton()
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.fold.setToolTip(self.tr("Show or hide the list of datasets"))
        self.fold.toggled.connect(self._arrange)
        self.setLayout(vbox(self.fold, (catalog, 1), (scroll, 2)))
        self._arrange()

    def show_title(self, title: str) -> None:
        """Name the dataset that is open; where there is little room, its filters are shown."""
        self._title = title
        if title and self.height() < _ROOM_FOR_BOTH:
            self.fold.setChecked(False)
        self._arrange()

    def show_filters(self, is_wanted: bool) -> None:
        """Show the filters, or the catalogue alone."""
        self._with_filters = is_wanted
        if not is_wanted:
            self.fold.setChecked(True)
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        is_unfolded = self.fold.isChecked()
        both = self.height() >= _ROOM_FOR_BOTH
        self._catalog.setVisible(is_unfolded)
        self._filters.setVisible(self._with_filters and (both or not is_unfolded))
        name = self._title or self.tr("Datasets")
        room = self.fold.width() - 48
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, max(60, room))
        self.fold.setText(f"{shown}  {'▾' if is_unfolded else '▸'}")
        self.fold.setAccessibleName(self.tr("Datasets; open: {0}").format(self._title))
        self.fold.setEnabled(self._with_filters)
