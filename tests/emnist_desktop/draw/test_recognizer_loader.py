"""Opening recognisers that take long, with real children of a real classic model."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_loader import RecognizerLoader
from emnist_desktop.draw.recognizer_source import (
    RecognizerChoice,
    ServedRecognizer,
    open_recognizer,
)
from emnist_desktop.settings import BUNDLE, Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fakes import FakeRecognizer, load_fake
from trainer.__main__ import main
from trainer.datasets.store import DatasetWriter
from trainer.errors import BundleError
from trainer.files.paths import Profile
from trainer.recognition.recognizer import Recognizer

PATIENCE = 30_000


@pytest.fixture(scope="module")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundle of a small k-nearest-neighbours run."""
    folder = tmp_path_factory.mktemp("classic")
    images = np.zeros((80, 28, 28), dtype=np.uint8)
    images[::2, 4:24, 12:16] = 255
    images[1::2, 12:16, 4:24] = 255
    with DatasetWriter(folder / "bars", title="Bars", alphabet=("1", "-")) as writer:
        writer.append("train", images, np.arange(80) % 2)
    options = ["--preset", "knn", "--data", str(folder / "bars"), "--run-dir", str(folder / "run")]
    assert main(["train", *options]) == 0
    return folder / "run" / "bundle"


class Heard:
    """What an opening said."""

    def __init__(self, opening: RecognizerLoader) -> None:
        self.opened: list[tuple[Recognizer, str]] = []
        self.failed: list[tuple[BundleError, bool]] = []
        self.waited: list[str] = []
        opening.opened.connect(self.open)
        opening.failed.connect(self.fail)
        opening.waiting.connect(self.waited.append)

    def open(self, recognizer: Recognizer, folder: str) -> None:
        self.opened.append((recognizer, folder))

    def fail(self, error: BundleError, is_restored: bool) -> None:
        self.failed.append((error, is_restored))


@pytest.fixture
def make(profile: Profile, qtbot: QtBot) -> Iterator[Callable[..., RecognizerLoader]]:
    made: list[RecognizerLoader] = []

    def make_one(*arguments: object) -> RecognizerLoader:
        opening = RecognizerLoader(RecognizerChoice(profile, *arguments))
        made.append(opening)
        return opening

    yield make_one
    for opening in made:
        shut_down(opening)


def test_the_bundled_one_reads_until_a_classic_model_is_ready(
    make, qtbot: QtBot, classic: Path
) -> None:
    opening = make()
    heard = Heard(opening)
    restored = opening.restore(str(classic))
    assert restored.folder == ""
    assert restored.problem is None
    assert restored.recognizer is not None
    assert not isinstance(restored.recognizer, ServedRecognizer)
    assert heard.waited == []
    qtbot.waitUntil(lambda: len(heard.opened) == 1, timeout=PATIENCE)
    assert heard.waited == [str(classic)]
    recognizer, folder = heard.opened[0]
    assert folder == str(classic)
    assert isinstance(recognizer, ServedRecognizer)
    image = np.zeros((28, 28), dtype=np.uint8)
    image[4:24, 12:16] = 255
    best = recognizer.recognize_image(image).best
    assert best is not None
    assert best.character == "1"
    opening.open("")
    assert len(heard.opened) == 2
    shut_down(opening)
    with pytest.raises((BundleError, ValueError)):
        recognizer.recognize_image(image)


def test_a_damaged_classic_model_is_told_and_the_bundled_one_stays(
    make, qtbot: QtBot, classic: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(classic, tmp_path / "bundle"))
    (broken / "model.skops").write_bytes(b"nonsense")
    opening = make()
    heard = Heard(opening)
    opening.restore(str(broken))
    qtbot.waitUntil(lambda: len(heard.failed) == 1, timeout=PATIENCE)
    error, was_restored = heard.failed[0]
    assert was_restored
    assert "damaged" in error.message
    opening.open(str(broken))
    qtbot.waitUntil(lambda: len(heard.failed) == 2, timeout=PATIENCE)
    assert not heard.failed[1][1]
    assert heard.opened == []


def test_closing_ends_a_child_that_still_loads(make, qtbot: QtBot, classic: Path) -> None:
    opening = make()
    heard = Heard(opening)
    opening.open(str(classic))
    qtbot.waitUntil(lambda: opening._child is not None, timeout=PATIENCE)
    process = opening._child._process
    shut_down(opening)
    assert process.poll() is not None
    assert heard.opened == heard.failed == []


def test_another_wish_takes_its_place(make, qtbot: QtBot, classic: Path) -> None:
    opening = make()
    heard = Heard(opening)
    opening.open(str(classic))
    qtbot.waitUntil(lambda: opening._child is not None, timeout=PATIENCE)
    process = opening._child._process
    opening.open("")
    assert [folder for _, folder in heard.opened] == [""]
    opening._opening.shutdown()
    process.wait()
    assert len(heard.opened) == 1
    assert heard.failed == []


def test_an_error_that_nobody_expected_is_told_as_one(make, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("bundled", "slow"):
        (tmp_path / name).mkdir()
    card = {"model": {"form": "skops"}}
    (tmp_path / "slow" / "bundle.json").write_text(json.dumps(card))
    callers: list[threading.Thread] = []

    def load(folder: Path) -> Recognizer:
        if folder.name == "slow":
            callers.append(threading.current_thread())
            raise OSError("Out of file handles")
        return load_fake(folder)

    opening = make(load, tmp_path / "bundled")
    heard = Heard(opening)
    restored = opening.restore(str(tmp_path / "slow"))
    assert isinstance(restored.recognizer, FakeRecognizer)
    qtbot.waitUntil(lambda: len(heard.failed) == 1, timeout=PATIENCE)
    assert "Out of file handles" in heard.failed[0][0].message
    assert callers[0] is not threading.main_thread()


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"model": 3}', '{"model": {"form": "float16"}}'])
def test_only_classic_models_take_long(card: str, profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text(card)
    choice = RecognizerChoice(profile)
    assert not choice.takes_long(str(tmp_path))
    assert not choice.takes_long("")
    with pytest.raises(BundleError):
        open_recognizer(tmp_path)


def test_the_window_says_that_a_classic_model_is_loaded(
    make_window: Callable[..., MainWindow], settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    slow = tmp_path / "knn-run" / "bundle"
    slow.mkdir(parents=True)
    (slow / "bundle.json").write_text(json.dumps({"model": {"form": "skops"}}))
    settings.set(BUNDLE, str(slow))
    window = make_window()
    tab = window.draw_tab
    assert tab.recognizer_title == "Bundled recogniser"
    qtbot.waitUntil(lambda: tab.recognizer_title == "knn-run", timeout=PATIENCE)
    assert tab.banner.text == ""
    assert settings.get(BUNDLE) == str(slow)
    tab.use_bundle("")
    tab._opening.waiting.emit(str(slow))
    assert "knn-run is being loaded." in tab.banner.text
    assert "Until it is ready, Bundled recogniser reads." in tab.banner.text
    tab.use_bundle("")
    assert tab.banner.text == ""
