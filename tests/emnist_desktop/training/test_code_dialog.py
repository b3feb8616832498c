"""Show the code: the dialog with a trainer that answers at once, and one with a real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Settings
from emnist_desktop.training.code_dialog import CodeDialog
from emnist_desktop.training.setup.setup_form import SetupForm
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.task import Context
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter
from trainer.errors import RunError
from trainer.files.paths import Profile

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 60_000
SCRIPT = '"""Title."""\n\n# A comment\nx = "text" + str(1.5)\n'
Asked = list[tuple[str, ...]]


@pytest.fixture
def open_dialog(
    qtbot: QtBot, profile: Profile, settings: Settings
) -> Callable[..., tuple[CodeDialog, Asked]]:
    def opened(ask: Any = None, *files: str, data: str = "mnist") -> tuple[CodeDialog, Asked]:
        asked: Asked = []

        def answer(
            config: TrainingConfig, at: Profile, context: Context, more: tuple[str, ...]
        ) -> dict[str, Any]:
            asked.append(more)
            return {"script": SCRIPT, "notebook": "{}", "data": files, "files": more[1:2]}

        config = TrainingConfig.from_record({"preset": "knn", "data": data})
        made = CodeDialog(config, "k-NN", profile, settings, ask=ask or answer)
        qtbot.addWidget(made, before_close_func=shut_down)
        with qtbot.waitExposed(made):
            made.show()
        return made, asked

    return opened


@pytest.fixture
def save_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    def choose(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    return choose


def test_the_code_is_shown_coloured_and_copied(
    qtbot: QtBot, open_dialog: Callable[..., tuple[CodeDialog, Asked]]
) -> None:
    dialog, _ = open_dialog()
    qtbot.waitUntil(dialog.copy.isEnabled)
    assert dialog.code.toPlainText() == SCRIPT
    assert dialog.with_data.isHidden()
    block = dialog.code.document().findBlockByNumber(3)
    colours = {form.format.foreground().color().name() for form in block.layout().formats()}
    assert len(colours) == 2  # a string and a number
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == SCRIPT


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_the_code_is_saved(
    qtbot: QtBot,
    tmp_path: Path,
    open_dialog: Callable[..., tuple[CodeDialog, Asked]],
    save_to: Callable[[Path], None],
    suffix: str,
) -> None:
    dialog, _ = open_dialog()
    qtbot.waitUntil(dialog.copy.isEnabled)
    assert not dialog.show_folder.isEnabled()
    save_to(tmp_path / "code")
    button = dialog.save if suffix == ".py" else dialog.save_notebook
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(dialog.show_folder.isEnabled)
    text = SCRIPT if suffix == ".py" else "{}"
    assert (tmp_path / f"code{suffix}").read_text() == text


def test_data_without_a_place_of_their_own_are_saved_beside_it(
    qtbot: QtBot,
    tmp_path: Path,
    open_dialog: Callable[..., tuple[CodeDialog, Asked]],
    save_to: Callable[[Path], None],
) -> None:
    dialog, asked = open_dialog(None, "starter-data.npz")
    qtbot.waitUntil(dialog.copy.isEnabled)
    assert dialog.with_data.isVisible()
    assert "starter-data.npz" in dialog.with_data.toolTip()
    save_to(tmp_path / "code.ipynb")
    qtbot.mouseClick(dialog.save_notebook, LEFT)
    qtbot.waitUntil(dialog.show_folder.isEnabled)
    assert asked[-1] == ("--to", str(tmp_path / "code.ipynb"), "--with-data", "--notebook")
    dialog.with_data.setChecked(False)
    save_to(tmp_path / "code.py")
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil((tmp_path / "code.py").exists)
    assert len(asked) == 2


def test_what_cannot_be_said_is_told(
    qtbot: QtBot, open_dialog: Callable[..., tuple[CodeDialog, Asked]]
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise RunError("There is no dataset {name}.", "Fetch it.").format(name="moon")

    dialog, _ = open_dialog(fail)
    qtbot.waitUntil(lambda: "moon" in dialog.message.text())
    assert not dialog.save.isEnabled()


def test_the_trainer_is_asked(
    qtbot: QtBot, profile: Profile, settings: Settings, tmp_path: Path
) -> None:
    folder = profile.datasets / "tiny"
    with DatasetWriter(folder, title="Tiny", alphabet=("A", "B")) as writer:
        writer.append("train", np.zeros((12, 28, 28), dtype=np.uint8), np.arange(12) % 2)
    config = TrainingConfig.from_record({"preset": "knn", "data": "tiny"})
    dialog = CodeDialog(config, "k-NN", profile, settings)
    qtbot.addWidget(dialog, before_close_func=shut_down)
    qtbot.waitUntil(dialog.copy.isEnabled, timeout=PATIENCE)
    assert "KNeighborsClassifier(20" in dialog.code.toPlainText()
    assert "tiny-data.npz" in dialog.with_data.toolTip()


def test_the_form_says_what_a_setting_is_in_code(qtbot: QtBot) -> None:
    form = SetupForm()
    qtbot.addWidget(form)
    form.rows["preset"].set_value("lenet5")
    form._on_preset_changed()
    rate = form.rows["learning_rate"]
    assert "In code: Adam(learning_rate=0.001)" in rate.editor.toolTip()
    rate.editor.setText("")
    qtbot.keyClicks(rate.editor, "0.1")
    assert rate.title.toolTip().endswith("In code: Adam(learning_rate=0.1)")
    assert "In code" not in form.rows["early_stopping"].editor.toolTip()
