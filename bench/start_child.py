"""Start the real program, measure when it is painted, and exit; prints JSON.

``painted`` is when the window's frame is, ``ready`` when the canvas is, with a recogniser loaded.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import emnist_desktop.__main__ as program


def _memory() -> float:
    """Return the resident memory in megabytes; NaN if it is unknown."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _watched(make_application: Any, painted: dict[str, float]) -> Any:
    """Return what makes an application that ends once its window is painted."""

    def make() -> Any:
        from PySide6.QtCore import QEvent, QObject, QTimer
        from PySide6.QtWidgets import QApplication

        class Watch(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint:
                    painted.setdefault("painted", time.time())
                    if watched.inherits("Canvas"):
                        QTimer.singleShot(0, self.finish)
                return False

            def finish(self) -> None:
                if "ready" not in painted:
                    painted.update(ready=time.time(), processor=time.process_time())
                    painted["memory"] = _memory()
                    QApplication.closeAllWindows()

        application = make_application()
        application.watch = Watch()
        application.installEventFilter(application.watch)
        return application

    return make


if __name__ == "__main__":
    painted: dict[str, float] = {}
    program.make_application = _watched(program.make_application, painted)
    with tempfile.TemporaryDirectory() as folder:
        program.main(["--profile-dir", folder])
    heavy = {"tensorflow", "keras", "sklearn", "matplotlib"} & set(sys.modules)
    print(json.dumps({**painted, "heavy": sorted(heavy)}))
