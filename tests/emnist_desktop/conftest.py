"""A window with a recogniser that answers at once and as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.choice import RecognizerChoice
from emnist_desktop.main_window import MainWindow
from emnist_desktop.settings import Settings
from trainer.alphabet import Reading
from trainer.errors import BundleError
from trainer.ink import Ink
from trainer.paths import Profile
from trainer.preprocess import ink_to_image
from trainer.recognizer import Candidate, Recognition, Recognizer


class FakeRecognizer:
    """Answers with `candidates` to any ink; counts how often it is asked."""

    def __init__(self, *candidates: tuple[str, float]) -> None:
        self.candidates = tuple(Candidate(*c) for c in candidates or (("A", 0.9), ("H", 0.1)))
        self.bundle = SimpleNamespace(name="fake")
        self.asked: list[tuple[Ink, Reading]] = []

    def recognize(self, ink: Ink, reading: Reading = Reading.ALL, top: int = 5) -> Recognition:
        self.asked.append((ink, reading))
        return Recognition(() if ink.is_empty else self.candidates[:top], ink_to_image(ink))


@pytest.fixture
def recognizer() -> FakeRecognizer:
    return FakeRecognizer()


@pytest.fixture
def profile(own_profile: Path) -> Profile:
    return Profile(own_profile)


@pytest.fixture
def make_window(
    qtbot: QtBot, profile: Profile, recognizer: FakeRecognizer
) -> Iterator[Callable[..., MainWindow]]:
    """Build windows on one profile; with the fake recogniser unless told otherwise."""
    windows: list[MainWindow] = []

    def load(folder: Path) -> Any:
        if folder.name == "gone":
            raise BundleError(f"There is no recogniser in {folder}.", "Choose another.")
        return recognizer

    def make(load: Callable[[Path], Recognizer] = load, **options: Any) -> MainWindow:
        store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
        window = MainWindow(profile, Settings(store), RecognizerChoice(profile, load), **options)
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.close()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window()
