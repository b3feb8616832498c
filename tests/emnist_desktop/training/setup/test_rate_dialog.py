"""A sweep of the learning rate from the form, and its suggestion back in the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.training.setup.rate_dialog import RateDialog
from emnist_desktop.training.setup.setup_page import SetupPage
from emnist_desktop.ui.shutdown import shut_down
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile


@pytest.fixture
def page(profile: Profile, make_window: Callable[..., MainWindow]) -> SetupPage:
    images = np.zeros((64, 28, 28), dtype=np.uint8)
    labels = np.arange(64) % 2
    images[labels == 1, 10:20] = 255
    with DatasetWriter(profile.datasets / "tiny", title="Tiny", alphabet=("A", "B")) as writer:
        writer.append("train", images, labels)
    window = make_window()
    window.tabs.setCurrentWidget(window.training_tab)
    page = window.training_tab.setup
    page.form.rows["preset"].set_value("mlp-tiny")
    page.form.rows["data"].set_value("tiny")
    return page


@pytest.mark.slow
def test_a_suggestion_is_drawn_and_put_into_the_form(page: SetupPage, qtbot: QtBot) -> None:
    before = page.form.rows["learning_rate"].value()
    qtbot.mouseClick(page.find_rate, Qt.MouseButton.LeftButton)
    dialog = page.findChild(RateDialog)
    assert isinstance(dialog, RateDialog)
    assert not dialog.use.isEnabled()
    qtbot.waitUntil(lambda: not dialog.bar.isVisible(), timeout=60_000)
    assert dialog.message.text().startswith("Suggestion: ")
    curve, mark = dialog.chart.series
    assert dialog.chart.x_axis.low < mark.points[0][0] < dialog.chart.x_axis.high
    assert len(curve.points) >= 10
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    rate = page.form.rows["learning_rate"].value()
    assert rate != before
    assert rate == pytest.approx(mark.points[0][0])


def test_what_is_no_network_has_no_rate(page: SetupPage) -> None:
    assert not page.find_rate.isHidden()
    page.form.rows["preset"].set_value("knn")
    assert page.find_rate.isHidden()


@pytest.fixture
def dialog(qtbot: QtBot, profile: Profile) -> Iterator[RateDialog]:
    config = TrainingConfig.from_record({"preset": "mlp-tiny", "data": "nowhere"})
    dialog = RateDialog(config, profile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    shut_down(dialog)


def test_an_error_is_said(dialog: RateDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "nowhere" in dialog.message.text(), timeout=60_000)
    assert not dialog.use.isEnabled()
    assert not dialog.bar.isVisible()


def test_a_killed_sweep_is_said(dialog: RateDialog, qtbot: QtBot) -> None:
    process = dialog.command._process
    assert process is not None
    with qtbot.waitSignal(dialog.command.failed):
        process.kill()
    assert "ended unexpectedly" in dialog.message.text()
    assert not dialog.bar.isVisible()


def test_a_full_disk_is_said(
    qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    dialog = RateDialog(TrainingConfig.from_record({"preset": "mlp-tiny", "data": "x"}), profile)
    qtbot.addWidget(dialog)
    assert "No space left on device" in dialog.message.text()
    assert not dialog.command.is_running
    dialog.reject()
    assert not Path(dialog._folder.name).exists()


def test_a_close_ends_the_sweep(dialog: RateDialog) -> None:
    assert dialog.command.is_running
    dialog.close()
    assert not dialog.command.is_running


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"rates": "x"}, "Expected"),
        ({"rates": [1e-3, 1e-2], "losses": [1.0, 2.0], "suggestion": None}, "never falls"),
    ],
)
def test_an_answer_without_a_suggestion_changes_nothing(
    dialog: RateDialog, answer: dict[str, object], words: str
) -> None:
    dialog.command.cancel()
    dialog.command.succeeded.emit(answer)
    assert words in dialog.message.text()
    assert not dialog.use.isEnabled()
