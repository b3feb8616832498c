"""Click the tabs of the real program for the first time; prints the milliseconds as JSON.

The argument is how long nobody does anything after the start, in seconds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from time import perf_counter
from typing import Any

import emnist_desktop.__main__ as program


def _clicking(open_window: Any, taken: list[float], seconds: float) -> Any:
    def make_application() -> Any:
        from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
        from PySide6.QtTest import QTest

        application = open_window()

        class Clicker(QObject):
            """Presses one tab after the other, each once the one before is painted."""

            began = 0.0
            awaited = None

            def start(self) -> None:
                self.window = next(
                    w for w in application.topLevelWidgets() if w.inherits("QMainWindow")
                )
                if self.window.centralWidget() is None:
                    QTimer.singleShot(1, self.start)
                    return
                application.installEventFilter(self)
                self.press()

            def press(self) -> None:
                if len(taken) == 3:
                    application.removeEventFilter(self)
                    application.closeAllWindows()
                    return
                tabs = self.window.tabs
                self.awaited = tabs.widget(len(taken) + 1)
                place = tabs.tabBar().tabRect(len(taken) + 1).center()
                self.began = perf_counter()
                QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=QPoint(place))

            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if watched is self.awaited and event.type() == QEvent.Type.Paint:
                    self.awaited = None
                    QTimer.singleShot(0, self.note)
                return False

            def note(self) -> None:
                taken.append(1000 * (perf_counter() - self.began))
                self.press()

        application.clicker = Clicker()
        QTimer.singleShot(round(1000 * seconds), application.clicker.start)
        return application

    return make_application


if __name__ == "__main__":
    taken: list[float] = []
    program.make_application = _clicking(program.make_application, taken, float(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        program.main(["--profile-dir", folder])
    print(json.dumps(taken))
