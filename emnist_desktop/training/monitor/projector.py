"""A run on a projector: its accuracy, large."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar

from emnist_desktop.training.monitor.run_view import RunView
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.projector import BigText, Projector
from emnist_desktop.ui.style import MARGIN

_STEPS = 1000
_BAR_PIXELS = 24


class RunProjector(Projector):
    """Follows a run: title, validation accuracy, epoch, progress."""

    def __init__(self, view: RunView) -> None:
        super().__init__("", view)
        self.setWindowTitle(self.tr("Projector: run"))
        self._view = view
        self.title, self.accuracy, self.note = BigText(), BigText(), BigText()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_PIXELS)
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        parts = ((self.title, 1), (self.accuracy, 5), (self.note, 1), self.bar)
        self.setLayout(vbox(*parts, margins=4 * MARGIN))
        view.refreshed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show where the run is."""
        headline = self._view.headline()
        self.title.set_text(self._view.title.text())
        self.accuracy.set_text(headline.accuracy)
        self.note.set_text(headline.note)
        self.bar.setValue(round(_STEPS * headline.share_done))
