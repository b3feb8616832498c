"""A window that is looked at by a test, in a process that lacks what training needs.

Prints what can be read on each page as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from emnist_desktop.__main__ import make_application
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from trainer.files.paths import Profile

PATIENCE_MILLISECONDS = 20_000


def wait_until(is_so) -> None:
    loop, often, late = QEventLoop(), QTimer(interval=20), QTimer(singleShot=True)
    often.timeout.connect(lambda: is_so() and loop.quit())
    late.timeout.connect(lambda: loop.exit(1))
    often.start()
    late.start(PATIENCE_MILLISECONDS)
    if loop.exec():
        raise TimeoutError("What was waited for did not come")


def texts(part: QWidget) -> list[str]:
    """Return what a user can read there, tooltips among it."""
    shown = [w for w in part.findChildren(QWidget) if w.isVisible()]
    named = [w.text() for w in shown if isinstance(w, QLabel | QAbstractButton)]
    return [text for text in [*named, *(w.toolTip() for w in shown)] if text]


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def look(profile: Profile) -> dict[str, list[str]]:
    settings = Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))
    window = MainWindow(profile, settings)
    window.build(RecognizerChoice(profile))
    window.resize(1100, 760)
    window.show()
    tab, seen = window.training_tab, {}
    window.tabs.setCurrentWidget(tab)
    wait_until(lambda: bool(tab.list.model.rows))
    wait_until(lambda: tab.stack.currentWidget() is tab.list)
    tab.list.table.selectRow(0)
    seen["runs"] = texts(tab)
    seen["titles"] = [run.title for run in tab.list.model.rows]
    click(tab.list.show_run)
    wait_until(lambda: tab.monitor.view is not None)
    wait_until(lambda: tab.monitor.view.isVisible() and tab.monitor.view.confusion.isVisible())
    seen["watch"] = texts(tab)
    tab.set_up_with("starter")
    seen["asked for the form"] = texts(tab)
    window.tabs.setCurrentWidget(window.models_tab)
    seen["models"] = texts(window.models_tab)
    for button in window.models_tab.choice.buttons():
        click(button)
        seen[f"models: {button.text()}"] = texts(window.models_tab)
    window.end()
    return seen


if __name__ == "__main__":
    application = make_application()
    print(json.dumps(look(Profile(Path(sys.argv[1])))))
