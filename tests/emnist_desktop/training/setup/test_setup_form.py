"""The form in which a run is set up, with real keys."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.app.settings_dialog import SettingsDialog
from emnist_desktop.settings import DEVICE, Settings
from emnist_desktop.training.setup import estimator
from emnist_desktop.training.setup.augmentation_preview import N_SAMPLES, N_VARIANTS
from emnist_desktop.training.setup.setup_form import MY_SAMPLES, SetupForm
from emnist_desktop.training.setup.setup_page import SetupPage
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.task import Context
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import DatasetWriter
from trainer.errors import RunError
from trainer.files.paths import Profile
from trainer.models.presets import PRESETS

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
def page(qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> SetupPage:
    monkeypatch.setattr(estimator, "SETTLE_MILLISECONDS", 10**7)
    made = SetupPage(profile, Catalog(profile))
    qtbot.addWidget(made, before_close_func=shut_down)
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
        ("epochs", "1,5", "a whole number"),
        ("epochs", "1,000,0", "a whole number"),
        ("learning_rate", "2", "Received: 2"),
        ("dropout", "", "nothing"),
        ("validation_share", "nan", "2 to 50"),
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
    assert "from 0 to 6. Received: 50." in row.error.text()
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
    for name in ("device", "precision", "steps_per_call", "balance", "teacher", "start_from"):
        assert form.rows[name].isHidden()
    assert "settings for networks are left out" in form.summary.text()
    assert form.options
    assert form.rows["seed"].isVisible()
    has_more = {name: section.more.isVisible() for name, section in form._sections.items()}
    assert has_more["data"]  # the validation data
    assert not has_more["model"]
    assert has_more["run"]  # the experiment tracker
    form.rows["preset"].set_value("cnn-small")
    assert form.rows["learning_rate"].isVisible()
    assert form.rows["device"].isVisible()
    assert form.rows["precision"].isVisible()
    assert "left out" not in form.summary.text()
    form._sections["run"].more.setChecked(True)
    assert form.rows["steps_per_call"].isVisible()


def test_what_a_network_was_told_is_not_told_a_classic_model(form: SetupForm, qtbot: QtBot) -> None:
    form.rows["data"].set_value("small")
    qtbot.keyClicks(form.rows["device"].editor, "c")
    qtbot.keyClicks(form.rows["precision"].editor, "m")
    type_into(form, qtbot, "batch_size", "none")
    assert form.config() is None
    form.rows["preset"].set_value("knn")
    config = form.config()
    assert config is not None
    usual = TrainingConfig.from_record({"preset": "knn", "data": "small"})
    assert set(config.differences(usual)) <= {"preset_options"}
    form.rows["preset"].set_value("cnn-small")
    assert form.config() is None
    type_into(form, qtbot, "batch_size", "64")
    config = form.config()
    assert config is not None
    assert (config.device, config.precision) == ("cpu", "mixed_bfloat16")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def page_of_settings(
    qtbot: QtBot, profile: Profile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> SetupPage:
    monkeypatch.setattr(estimator, "SETTLE_MILLISECONDS", 10**7)
    settings.set(DEVICE, "cpu")
    made = SetupPage(profile, Catalog(profile), settings)
    qtbot.addWidget(made, before_close_func=shut_down)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_new_runs_compute_where_the_settings_say(
    page_of_settings: SetupPage, settings: Settings, profile: Profile, qtbot: QtBot
) -> None:
    page = page_of_settings
    row = page.form.rows["device"]
    assert row.value() == "cpu"
    assert not row.reset.isVisible()
    page.form.rows["preset"].set_value("lenet5")
    assert row.value() == "cpu"
    dialog = SettingsDialog(profile, settings, page)
    dialog.open()
    qtbot.keyClicks(dialog.device_box, "G")
    assert settings.get(DEVICE) == "gpu"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: row.value() == "gpu")
    qtbot.keyClicks(row.editor, "a")
    assert row.value() == "auto"
    qtbot.mouseClick(row.reset, LEFT)
    assert row.value() == "gpu"


def test_a_device_that_was_chosen_or_loaded_stays(
    page_of_settings: SetupPage, settings: Settings
) -> None:
    page = page_of_settings
    row = page.form.rows["device"]
    page.form.show_config(TrainingConfig.from_record({"data": "small", "device": "gpu"}))
    page.hide()
    settings.set(DEVICE, "auto")
    page.show()
    assert row.value() == "gpu"
    page.restore(TrainingConfig.from_record({"data": "small", "device": "gpu", "epochs": 9}))
    assert row.value() == "auto"
    assert page.form.rows["epochs"].value() == 9
    settings.set(DEVICE, "a toaster")
    page.hide()
    page.show()
    assert row.value() == "auto"


def test_settings_are_saved_and_loaded(
    page: SetupPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path)[:-5], ""))
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


def test_a_saved_form_is_what_the_command_line_takes(
    page: SetupPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.set_up_first()
    qtbot.mouseClick(page.save, LEFT)
    assert TrainingConfig.from_json(path.read_text()) == page.form.config()


# How drawings and images vary


def bars(folder: Path, *, name: str = "bars") -> None:
    images = np.zeros((60, 28, 28), dtype=np.uint8)
    images[:, 8:20, 12:16] = 255
    with DatasetWriter(folder / name, title="Bars", alphabet=("1", "7")) as writer:
        data = Dataset(name, ("1", "7"), images, np.arange(60) % 2)
        writer.append("train", data.images, data.labels)


def pictures_of(page: SetupPage) -> list[bytes]:
    return [bytes(image.constBits()) for row in page.preview.rows.variants for image in row]


def test_the_strength_of_both_augmentations_is_asked_for(form: SetupForm, qtbot: QtBot) -> None:
    form.rows["data"].set_value("small")
    form.rows["augmentation"].set_value(True)
    form.rows["image_augmentation"].set_value(True)
    form._sections["augmentation"].more.setChecked(True)
    type_into(form, qtbot, "augmentation.thickest", "2.5")
    type_into(form, qtbot, "image_augmentation.noise", "0.2")
    config = form.config()
    assert config is not None
    assert config.augmentation is not None
    assert config.augmentation.thickest == 2.5
    assert config.image_augmentation is not None
    assert config.image_augmentation.noise == 0.2
    type_into(form, qtbot, "augmentation.thickest", "9")
    assert "1 to 4" in form.rows["augmentation.thickest"].error.text()
    assert form.config() is None
    assert form.stroke_augmentation() is None


def test_the_preview_shows_what_the_training_will_see(
    page: SetupPage, qtbot: QtBot, profile: Profile
) -> None:
    bars(profile.datasets)
    page.choose_dataset("bars")
    qtbot.waitUntil(lambda: "stay as they are" in page.preview.text.text())
    assert not page.preview.rows.isVisible()
    switch = page.form.rows["image_augmentation"]
    qtbot.waitUntil(lambda: switch.editor.isEnabled() and switch.editor.isVisible())
    qtbot.keyClick(switch.editor, Qt.Key.Key_Space)
    assert switch.value()
    before = pictures_of(page)
    assert len(before) == N_SAMPLES * N_VARIANTS
    assert len(set(before)) > N_VARIANTS
    page.form.rows["image_augmentation.rotation"].set_value(40.0)
    page.form.rows["image_augmentation.rotation"].changed.emit()
    turned = pictures_of(page)
    assert turned != before
    qtbot.mouseClick(page.preview.again, LEFT)
    assert pictures_of(page) != turned


def test_the_preview_bends_the_drawings_of_a_set_that_is_not_made_yet(
    page: SetupPage, qtbot: QtBot, profile: Profile
) -> None:
    page.set_up_first()
    page.form.rows["augmentation"].set_value(True)
    page._show_preview()
    qtbot.waitUntil(lambda: len(pictures_of(page)) == N_SAMPLES * N_VARIANTS, timeout=20_000)
    assert len(set(pictures_of(page))) == N_SAMPLES * N_VARIANTS
    assert not (profile.datasets / STARTER).exists()


def test_the_preview_says_what_it_cannot_read(
    page: SetupPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.form.rows["data"].set_value(str(tmp_path / "gone"))
    page._show_preview()
    qtbot.waitUntil(lambda: "There is no" in page.preview.text.text())
    page.form.rows["data"].set_value(STARTER)
    page._show_preview()
    qtbot.waitUntil(lambda: "There is no" not in page.preview.text.text(), timeout=20_000)


# What a run will take


def test_a_form_that_is_left_alone_is_estimated(
    page: SetupPage, qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TrainingConfig] = []

    def ask(config: TrainingConfig, profile: Profile, context: Context) -> dict[str, object]:
        asked.append(config)
        return {"samples": 1500, "validation_samples": 300,
                "parameters": 1234567, "memory_bytes": 2e9, "seconds_per_epoch": 12.0,
                "available_bytes": 1e9}  # fmt: skip

    monkeypatch.setattr(estimator, "SETTLE_MILLISECONDS", 1)
    page.estimator._ask = ask
    bars(profile.datasets)
    page.set_training(True)
    page.choose_dataset("bars")
    qtbot.waitUntil(lambda: page.form.rows["data"].value() == "bars")
    page.set_training(False)
    page.form.rows["batch_size"].set_value(64)
    page.form.changed.emit()
    qtbot.waitUntil(lambda: "1,234,567 parameters" in page.info.text())
    assert "1,500 samples to train on, 300 to validate" in page.info.text()
    assert "2.0 GB memory" in page.info.text()
    assert "12 s an epoch" in page.info.text()
    assert "only 1.0 GB of memory are free" in page.info.text()
    n = len(asked)
    page.form.rows["seed"].set_value(99)
    page.form.changed.emit()
    assert page.info.text() == ""
    qtbot.waitUntil(lambda: "1,234,567 parameters" in page.info.text())
    assert len(asked) == n
    page.form.rows["epochs"].set_value("many")
    page.form.changed.emit()
    with qtbot.waitSignal(page.estimator.settled):
        pass
    assert page.info.text() == ""


def test_an_estimate_that_fails_is_a_notice_only_for_who_asked(
    page: SetupPage, qtbot: QtBot, profile: Profile
) -> None:
    def ask(*_: object) -> dict[str, object]:
        raise RunError("The images are too small.", "Take others.")

    page.estimator._ask = ask
    bars(profile.datasets)
    page.choose_dataset("bars")
    qtbot.waitUntil(lambda: page.form.rows["data"].value() == "bars")
    page._on_form_settled()
    qtbot.waitUntil(lambda: page.info.text() == "The images are too small.")
    with qtbot.waitSignal(page.notice_raised) as signal:
        qtbot.mouseClick(page.estimate, LEFT)
    assert signal.args == ["The images are too small.", "Take others."]
    assert page.start.isEnabled()


def test_a_real_trainer_is_asked(page: SetupPage, qtbot: QtBot, profile: Profile) -> None:
    bars(profile.datasets)
    page.choose_dataset("bars")
    qtbot.waitUntil(lambda: page.form.rows["data"].value() == "bars")
    page.form.rows["preset"].set_value("knn")
    page._on_form_settled()
    qtbot.waitUntil(lambda: not page.estimator.is_running, timeout=60_000)
    assert "memory" in page.info.text()


def test_an_estimate_that_takes_long_is_cancelled_or_ends_with_the_page(
    page: SetupPage, qtbot: QtBot, profile: Profile
) -> None:
    ended: list[bool] = []
    pause = threading.Event()

    def ask(config: TrainingConfig, profile: Profile, context: Context) -> dict[str, object]:
        try:
            while True:
                context.check()
                pause.wait(0.01)
        finally:
            ended.append(True)

    page.estimator._ask = ask
    bars(profile.datasets)
    page.choose_dataset("bars")
    qtbot.waitUntil(lambda: page.form.rows["data"].value() == "bars")
    for end in (lambda: qtbot.mouseClick(page.cancel, LEFT), page.hide):
        page.show()
        qtbot.mouseClick(page.estimate, LEFT)
        assert page.bar.isVisible()
        assert page.start.isEnabled()
        end()
        assert page.bar.isHidden()
        assert page.info.text() == ""
        assert not page.estimator.is_running
    qtbot.waitUntil(lambda: len(ended) == 2)


def test_strengths_are_asked_for_only_where_something_varies(form: SetupForm) -> None:
    form._sections["augmentation"].more.setChecked(True)
    row = form.rows["image_augmentation.shift"]
    assert form.no_strengths.isVisible()
    assert not row.isVisible()
    switch = form.rows["image_augmentation"].editor
    switch.click()
    assert row.isVisible()
    assert not form.no_strengths.isVisible()
    assert not form.rows["augmentation.tremor"].isVisible()
    form.rows["data"].set_value("small")
    row.set_value("wide")
    assert form.config() is None
    switch.click()
    config = form.config()
    assert config is not None
    assert config.image_augmentation is None


def test_nothing_is_a_word_and_a_share_is_in_per_cent(form: SetupForm, qtbot: QtBot) -> None:
    assert form.rows["limit"].text == "all"
    assert form.rows["limit"].value() == 0
    type_into(form, qtbot, "limit", "500")
    assert form.rows["limit"].value() == 500
    type_into(form, qtbot, "limit", "all")
    assert form.rows["limit"].value() == 0
    type_into(form, qtbot, "validation_share", "25")
    config = form.config()
    assert config is not None
    assert (config.limit, config.validation_share) == (0, 0.25)


def test_finished_runs_are_offered_to_start_from(form: SetupForm) -> None:
    form.rows["teacher"].set_value("/elsewhere/bundle")
    form.set_bundles([("/runs/first/bundle", "First run")])
    form.rows["start_from"].set_value("/runs/first/bundle")
    assert form.rows["start_from"].text == "First run"
    assert form.rows["teacher"].value() == "/elsewhere/bundle"
    form.set_bundles([])
    assert form.rows["start_from"].value() == "/runs/first/bundle"


def test_every_model_can_be_chosen_with_data(page: SetupPage) -> None:
    page.form.rows["data"].set_value("starter")
    for name in (*PRESETS, "pen"):
        page.form.rows["preset"].set_value(name)
        assert PRESETS[name].summary in page.form.summary.text()
    assert "828,950 parameters for 62 classes." in page.form.summary.text()


def test_parameters_are_counted_for_the_chosen_data(form: SetupForm) -> None:
    form.rows["preset"].set_value("pen")
    assert "828,950 parameters for 62 classes." in form.summary.text()
    form.show_data((28, 28), 10)
    assert "615,906 parameters for 10 classes." in form.summary.text()
    form.options["late_maps"].set_value(16)
    form.show_data((28, 28), 10)
    assert "78,306 parameters for 10 classes." in form.summary.text()
    form.rows["preset"].set_value("knn")
    form.show_data((28, 28), 10)
    assert "parameters for" not in form.summary.text()
