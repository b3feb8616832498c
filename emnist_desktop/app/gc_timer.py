"""Garbage is collected in the window's thread, and nowhere else.

Python collects cycles in whatever thread happens to allocate. A widget that is part of a cycle
would be destroyed there, and Qt dies of widgets that are destroyed outside the window's thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_PAUSE_MILLISECONDS = 1000


class GarbageCollector(QObject):
    """Replaces Python's automatic collection until it is closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Start; objects that exist already are frozen, so that collecting stays quick."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def close(self) -> None:
        """Restore automatic collection."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect the generations whose time has come, by Python's own thresholds."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
                gc.collect(generation)
                return
