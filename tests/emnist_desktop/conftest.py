"""A window with a recogniser that answers what a test wants."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.ui import task
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.fakes import FakeRecognizer, load_fake
from trainer.files.paths import Profile

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Qt's platform without a screen says so whenever a window has a smallest size or pops up.
    ignored = pytest.mark.qt_log_ignore(
        "does not support propagateSizeHints",
        "does not support raise",
        "does not support grabbing the keyboard",
        extend=True,
    )
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(ignored)


@pytest.fixture(scope="session", autouse=True)
def fusion(qapp: QApplication) -> None:
    """Let every test be drawn alike, as `main` does."""
    qapp.setStyle("Fusion")


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication, fusion: None) -> None:
    """Give every test the same colours."""
    apply_theme(qapp, Theme.LIGHT)


@pytest.fixture(autouse=True)
def garbage() -> None:
    """Collect cycles with widgets in the window's thread, as the program does.

    The window of the test before is let go after that test's end, and is young only until the next
    collection: one that came sooner would keep it until the end of all tests.
    """
    gc.disable()
    gc.collect(1)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reads from a disk be here at once, however busy the computer is."""
    monkeypatch.setattr(task, "_MOMENT_S", 60.0)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def settings(profile: Profile) -> Settings:
    return Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """Return a folder that the fake loader takes for a bundle."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    return folder


@pytest.fixture
def make_window(
    qtbot: QtBot, profile: Profile, settings: Settings, bundled: Path
) -> Iterator[Callable[..., MainWindow]]:
    """Return what makes a shown window whose recognisers are fakes."""
    made: list[MainWindow] = []

    def make(*, as_remembered: bool = False, **options: str) -> MainWindow:
        choice = RecognizerChoice(profile, load_fake, bundled)
        window = MainWindow(profile, settings)
        window.build(choice, **options)
        qtbot.addWidget(window)
        if not as_remembered:
            window.resize(1024, 640)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window()


@pytest.fixture
def recognizer(window: MainWindow) -> FakeRecognizer:
    """Return what reads in `window`."""
    fake = window.draw_tab.recognizer
    assert isinstance(fake, FakeRecognizer)
    return fake
