"""The data that a form names: not here yet, to be made first, drawings or images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from emnist_desktop.training.setup import estimator
from emnist_desktop.training.setup.setup_form import SetupForm
from emnist_desktop.training.setup.setup_page import SetupPage
from emnist_desktop.ui.shutdown import shut_down
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> SetupPage:
    monkeypatch.setattr(estimator, "SETTLE_MILLISECONDS", 10**7)
    made = SetupPage(profile, Catalog(profile))
    qtbot.addWidget(made, before_close_func=shut_down)
    made.resize(1024, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh_datasets()
    qtbot.waitUntil(lambda: STARTER in made._entries)
    return made


@pytest.fixture
def load(page: SetupPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return what loads a form from a file, with clicks."""

    def load(**fields: Any) -> None:
        path = tmp_path / "form.json"
        record = {"preset": "cnn-small", "data": STARTER, **fields}
        path.write_text(TrainingConfig.from_record(record).to_json(), encoding="utf-8")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        qtbot.mouseClick(page.load, LEFT)

    return load


def images_in(profile: Profile, name: str) -> None:
    """Put images without drawings into the catalogue."""
    folder = profile.datasets / name
    images = np.full((40, 28, 28), 90, dtype=np.uint8)
    alphabet = ("A", "B", "5", "S")
    with DatasetWriter(folder, title="Small", alphabet=alphabet, image_shape=(28, 28)) as writer:
        data = Dataset(name, alphabet, images, np.arange(40) % 4)
        writer.append("train", data.images, data.labels)


@pytest.mark.parametrize(
    ("fields", "said", "wanted"),
    [
        ({"data": "mnist"}, "MNIST is not on this computer yet. Fetch it in the Dat", "mnist"),
        ({"validation": "mnist"}, "Fetch it in the Datasets tab.", "mnist"),
        ({"extra": ["mnist"]}, "Fetch it in the Datasets tab.", "mnist"),
        ({"data": "mnits"}, "There is no dataset 'mnits'. Like it: mnist", ""),
        ({"data": "./nowhere/a.npz"}, "There is no file or folder nowhere", ""),
    ],
    ids=["dataset", "validation", "extra", "misspelt", "path"],
)
def test_data_that_are_not_here_start_nothing(
    page: SetupPage, qtbot: QtBot, load, fields: dict[str, Any], said: str, wanted: str
) -> None:
    load(**fields)
    for button in (page.start, page.estimate):
        with qtbot.assertNotEmitted(page.start_requested):
            qtbot.mouseClick(button, LEFT)
        row = "validation" if "validation" in fields else "data"
        problem = page.form.rows[row].error
        assert problem.isVisible()
        assert said in problem.text()
        assert "python -m" not in problem.text()
        assert not page.estimator.is_running
    with qtbot.waitSignal(page.dataset_requested) as signal:
        qtbot.mouseClick(page.find_data, LEFT)
    assert signal.args == [wanted]
    qtbot.keyClicks(page.form.rows["epochs"].editor, "1")
    assert not page.find_data.isVisible()


def test_a_dataset_that_is_not_here_stays_chosen(page: SetupPage, qtbot: QtBot, load) -> None:
    load(data="mnist")
    page.refresh_datasets()
    qtbot.waitUntil(lambda: "not on this computer" in page.form.rows["data"].text)
    assert page.form.rows["data"].value() == "mnist"
    assert page.form.rows["data"].text.startswith("MNIST")


def test_an_estimate_makes_the_starter_set_first(
    page: SetupPage, qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def answer(arguments: tuple[str, ...], *_: object) -> dict[str, Any]:
        asked.append(arguments)
        if arguments[0] == "datasets":
            Catalog(profile).make_starter(lambda _: None, lambda: None, samples=372)
        return {"parameters": 1234}

    monkeypatch.setattr(estimator, "ask_trainer", answer)
    page.set_up_first()
    with qtbot.waitSignal(page.estimator.estimated, timeout=30_000):
        qtbot.mouseClick(page.estimate, LEFT)
        assert page.info.text() == "Making the starter set, then estimating …"
        assert not page.start.isEnabled(), "it would be made twice at once"
    assert asked[0] == ("datasets", "fetch", "starter")
    assert "--estimate" in asked[1]
    assert page.info.text() == "1,234 parameters"
    assert page.start.isEnabled()
    qtbot.waitUntil(lambda: "372 samples" in page.form.rows["data"].text)
    qtbot.mouseClick(page.estimate, LEFT)
    assert len(asked) == 2, "it is there, and what it takes is known"


def test_a_starter_set_to_choose_by_is_made_at_the_start(
    page: SetupPage, qtbot: QtBot, profile: Profile, load, monkeypatch: pytest.MonkeyPatch
) -> None:
    images_in(profile, "small")
    page.refresh_datasets()
    qtbot.waitUntil(lambda: "small" in page._entries)
    made: list[str] = []
    monkeypatch.setattr(page._catalog, "obtain", lambda name, *_: made.append(name))
    load(data="small", validation=STARTER)
    with qtbot.waitSignal(page.start_requested):
        qtbot.mouseClick(page.start, LEFT)
    assert made == [STARTER]


def test_what_has_no_effect_on_the_data_cannot_be_chosen(
    page: SetupPage, qtbot: QtBot, profile: Profile
) -> None:
    images, drawings = (page.form.rows[n] for n in ("image_augmentation", "augmentation"))
    page.form.rows["data"].set_value(STARTER)
    qtbot.waitUntil(lambda: not images.editor.isEnabled())
    assert "drawings" in images.editor.toolTip()
    assert drawings.editor.isEnabled()
    images_in(profile, "small")
    page.choose_dataset("small")
    qtbot.waitUntil(lambda: not drawings.editor.isEnabled())
    assert "images" in drawings.editor.toolTip()
    assert images.editor.isEnabled()
    assert "No effect" not in images.editor.toolTip()


def test_own_drawings_beside_images_can_be_varied(qtbot: QtBot) -> None:
    form = SetupForm()
    qtbot.addWidget(form)
    form.set_datasets([("small", "Small")], has_samples=True)
    form.show_kind("images")
    assert not form.rows["augmentation"].editor.isEnabled()
    form.plus_samples.click()
    assert form.rows["augmentation"].editor.isEnabled()


def test_a_choice_has_room_for_its_text(page: SetupPage, qtbot: QtBot) -> None:
    page.form.set_datasets(
        [("a", "Startsatz · 12.000 Beispiele"), ("b", "Startsatz (wird zu Beginn erzeugt)")],
        has_samples=False,
    )
    for name in ("data", "preset", "optimizer", "schedule"):
        choice = page.form.rows[name].editor
        assert isinstance(choice, QComboBox)
        for place in range(choice.count()):
            choice.setCurrentIndex(place)
            option = QStyleOptionComboBox()
            choice.initStyleOption(option)
            field = QStyle.SubControl.SC_ComboBoxEditField
            box = QStyle.ComplexControl.CC_ComboBox
            room = choice.style().subControlRect(box, option, field, choice).width()
            assert choice.fontMetrics().horizontalAdvance(choice.currentText()) <= room


def test_no_help_sends_a_learner_to_a_shell() -> None:
    for field in FIELDS.values():
        assert "python" not in field.help
        assert "the same for" not in field.help.lower(), "a help stands alone"
