"""The form in which a run is set up, with real keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.training.setup_form import MY_SAMPLES, SetupForm
from emnist_desktop.training.setup_page import SetupPage
from trainer.config import TrainingConfig
from trainer.config_fields import FIELDS
from trainer.datasets.catalog import STARTER, Catalog
from trainer.models.presets import PRESETS
from trainer.paths import Profile

LEFT = Qt.MouseButton.LeftButton
NAMES = [("small", "Small"), ("other", "Other")]


@pytest.fixture
def form(qtbot: QtBot) -> SetupForm:
    made = SetupForm()
    qtbot.addWidget(made)
    made.resize(760, 900)
    made.set_datasets(NAMES, has_samples=True)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def page(qtbot: QtBot, profile: Profile) -> SetupPage:
    made = SetupPage(profile, Catalog(profile))
    qtbot.addWidget(made, before_close_func=SetupPage.close_page)
    with qtbot.waitExposed(made):
        made.show()
    made.refresh_datasets()
    qtbot.waitUntil(lambda: STARTER in made._entries)
    return made


def type_into(form: SetupForm, qtbot: QtBot, name: str, text: str) -> None:
    editor = form.rows[name].editor
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor, text)


def test_every_setting_is_asked_for(form: SetupForm) -> None:
    asked = {name for name in form.rows if "." not in name}
    assert asked | {"extra", "preset_options"} == set(FIELDS)
    for row in form.rows.values():
        assert row.editor.toolTip()
        assert row.editor.accessibleName()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_comes_with_its_own_settings(form: SetupForm, name: str) -> None:
    form.rows["preset"].set_value(name)
    form.rows["data"].set_value("small")
    expected = TrainingConfig.from_record({"preset": name, "data": "small"})
    config = form.config()
    assert config is not None
    different = config.differences(expected)
    assert set(different) <= {"preset_options"}
    assert PRESETS[name].summary in form.summary.text()
    assert PRESETS[name].source in form.summary.text()


def test_what_the_user_set_stays_when_the_model_changes(form: SetupForm, qtbot: QtBot) -> None:
    type_into(form, qtbot, "seed", "77")
    form.rows["preset"].set_value("lenet5")
    assert form.rows["seed"].value() == 77
    assert form.rows["epochs"].value() == PRESETS["lenet5"].defaults["epochs"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("epochs", "0", "1 to 1000"),
        ("epochs", "many", "a whole number"),
        ("learning_rate", "2", "Received: 2"),
        ("dropout", "", "nothing"),
        ("validation_share", "nan", "0.02 to 0.5"),
    ],
)
def test_a_bad_value_is_marked(
    form: SetupForm, qtbot: QtBot, name: str, text: str, said: str
) -> None:
    editor = form.rows[name].editor
    qtbot.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClicks(editor, text)
    assert form.config() is None
    assert said in form.rows[name].error.text()
    qtbot.mouseClick(form.rows[name].reset, LEFT)
    assert not form.rows[name].error.isVisible()
    assert form.config() is not None


def test_settings_that_contradict_are_marked_and_unfolded(form: SetupForm, qtbot: QtBot) -> None:
    type_into(form, qtbot, "warmup_epochs", "50")
    assert form.config() is None
    row = form.rows["warmup_epochs"]
    assert "warmup epochs" in row.error.text()
    assert row.isVisible()


def test_what_it_shows_is_what_it_gives(form: SetupForm) -> None:
    given = TrainingConfig.from_record(
        {
            "preset": "mlp-relu",
            "preset_options": {"units": 64},
            "data": "other",
            "extra": [MY_SAMPLES, "small"],
            "epochs": 3,
            "learning_rate": 0.0005,
            "image_augmentation": {"shift": 3.0, "rotation": 5.0},
            "augmentation": {"rotation": 2.5},
        }
    )
    form.show_config(given)
    config = form.config()
    assert config is not None
    assert set(config.differences(given)) <= {"preset_options", "extra"}
    assert config.preset_options["units"] == 64
    assert set(config.extra) == {MY_SAMPLES, "small"}


def test_a_classic_model_hides_what_means_nothing_to_it(form: SetupForm) -> None:
    form.rows["preset"].set_value("knn")
    assert not form.rows["learning_rate"].isVisible()
    assert form.options
    form.rows["preset"].set_value("cnn-small")
    assert form.rows["learning_rate"].isVisible()


def test_settings_are_saved_and_loaded(
    page: SetupPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page.set_up_first()
    page.form.rows["epochs"].set_value(4)
    qtbot.mouseClick(page.save, LEFT)
    assert json.loads(path.read_text())["epochs"] == 4
    page.form.rows["epochs"].set_value(9)
    qtbot.mouseClick(page.load, LEFT)
    assert page.form.rows["epochs"].value() == 4
    path.write_text('{"epochs": "four"}')
    with qtbot.waitSignal(page.notice_raised) as signal:
        qtbot.mouseClick(page.load, LEFT)
    assert "epochs" in str(signal.args)


def test_the_starter_set_is_made_at_the_start(
    page: SetupPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(page._catalog, "obtain", lambda name, *_: asked.append(name))
    page.set_up_first()
    with qtbot.waitSignal(page.start_requested) as signal:
        qtbot.mouseClick(page.start, LEFT)
    assert asked == [STARTER]
    assert signal.args is not None
    assert signal.args[0].preset == "cnn-small"
    assert page.start.isEnabled()


def test_a_start_that_fails_leaves_the_page_usable(
    page: SetupPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: object, report: object, check: object) -> None:
        raise OSError("The disk is full")

    monkeypatch.setattr(page._catalog, "obtain", fail)
    page.set_up_first()
    with qtbot.waitSignal(page.notice_raised) as signal:
        qtbot.mouseClick(page.start, LEFT)
    assert "disk is full" in str(signal.args)
    assert page.start.isEnabled()
