"""Start the real program, measure when its window is painted, and exit; prints JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from emnist_desktop.__main__ import main


class _Painted(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.at and event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.finish)
        return False

    def finish(self) -> None:
        if not self.at:
            self.at = time.time()
            QApplication.closeAllWindows()


class _Application(QApplication):
    """Watches itself from its creation."""

    painted = _Painted()

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.installEventFilter(self.painted)


def _memory() -> float:
    """Return the resident memory in megabytes; NaN if it is unknown."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    import PySide6.QtWidgets

    PySide6.QtWidgets.QApplication = _Application
    with tempfile.TemporaryDirectory() as folder:
        status = main(["--profile-dir", folder])
        heavy = {"tensorflow", "keras", "sklearn"} & set(sys.modules)
    print(
        json.dumps({"painted": _Application.painted.at, "memory": _memory(), "heavy": list(heavy)})
    )
