"""Fine-tuning in the window: progress, before and after, and adopted on a click only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.finetune_dialog import FineTuneDialog
from emnist_desktop.app.main_window import MainWindow
from trainer.__main__ import main
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

FAKE = """
import json, sys
print(json.dumps({"done": 1, "total": 2, "phase": "Training"}), file=sys.stderr)
if "finetune" not in sys.argv: sys.exit("Unexpected.")
print(sys.argv[-1] and RESULT)
"""


def measured(own: float, other: float) -> dict[str, object]:
    return {
        "own": {"samples": 40, "accuracy": own, "interval": [own - 0.1, own]},
        "validation": {"samples": 900, "accuracy": other, "interval": [other - 0.1, other]},
    }


def answering(result: object, folder: Path) -> list[str]:
    """Return a program that answers as the trainer does."""
    script = folder / "fake.py"
    script.write_text(FAKE.replace("RESULT", repr(json.dumps(result))))
    return [sys.executable, str(script)]


@pytest.fixture
def dialog(window: MainWindow) -> FineTuneDialog:
    window.show_finetuning()
    found = window.findChild(FineTuneDialog)
    assert isinstance(found, FineTuneDialog)
    return found


def test_it_is_adopted_on_a_click_only(
    dialog: FineTuneDialog, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    tuned = tmp_path / "run" / "bundle"
    tuned.mkdir(parents=True)
    result = {"before": measured(0.7, 0.9), "after": measured(0.9, 0.89), "bundle": str(tuned)}
    dialog.command._program = answering(result, tmp_path)
    assert not dialog.use.isEnabled()
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    assert not dialog.start_button.isEnabled()
    qtbot.waitUntil(dialog.use.isEnabled)
    shown = [dialog.table.item(0, column).text() for column in (2, 3)]
    assert [text[:4] for text in shown] == ["70.0", "90.0"]
    assert window.draw_tab.recognizer_title == "Bundled recogniser"
    with qtbot.waitSignal(dialog.bundle_chosen) as chosen:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert chosen.args == [str(tuned)]
    assert window.draw_tab.recognizer_title != "Bundled recogniser"


@pytest.mark.parametrize("result", [{"before": {}, "after": {}}, {"bundle": 3}])
def test_an_answer_that_makes_no_sense_changes_nothing(
    dialog: FineTuneDialog, tmp_path: Path, qtbot: QtBot, result: object
) -> None:
    dialog.command._program = answering(result, tmp_path)
    qtbot.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.start_button.isEnabled)
    assert not dialog.use.isEnabled()


def test_few_samples_are_refused_before_the_work(
    own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    MySamples(Profile(own_profile).samples_file).append(
        Ink.from_points([[(0, 0), (20, 0), (8, 40)]]), "7"
    )
    assert main(["finetune"]) == 1
    assert "Expected 20 own samples or more. Received: 1." in capsys.readouterr().err
