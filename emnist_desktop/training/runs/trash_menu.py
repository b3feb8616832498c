"""The runs that were deleted and not thrown away yet: choosing one puts it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from trainer.runs.trash import Recycled

_MOST = 30
"""The runs deleted last that are offered."""


class DeletedMenu(QMenu):
    """Filled whenever it opens.

    Parameters
    ----------
    deleted : callable
        Returns the deleted runs, the one that was deleted last first.

    Signals
    -------
    chosen : object
        A `Recycled` that shall come back.
    """

    chosen = Signal(object)

    def __init__(
        self, deleted: Callable[[], Sequence[Recycled]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._deleted = deleted
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._on_about_to_show)
        self.triggered.connect(self._on_triggered)

    @Slot()
    def _on_about_to_show(self) -> None:
        self.clear()
        runs = self._deleted()[:_MOST]
        for run in runs:
            moment = time.strftime("%x %H:%M", time.localtime(run.deleted))
            text = self.tr("{0} (deleted {1})").format(run.title, moment)
            action = self.addAction(text.replace("&", "&&"))
            action.setToolTip(run.root.name)
            action.setData(run)
        if not runs:
            self.addAction(self.tr("No run was deleted")).setEnabled(False)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
