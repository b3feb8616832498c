"""A class in the window: pupils export, the teacher merges, and the report is by writer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.transfer.class_dialog import ClassDialog
from emnist_desktop.draw.samples_dialog import SamplesDialog
from emnist_desktop.models.report.writers import WriterTable
from tests.trainer.handwriting import digit_inks
from trainer.datasets.catalog import Catalog
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.load import load_data
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile

INKS = digit_inks(30)


def pupil(folder: Path, name: str, rows: range) -> Path:
    samples = MySamples(folder / name / "samples.jsonl")
    for row in rows:
        samples.append(INKS[row], str(row % 10))
    path = folder / f"{name}.npz"
    samples.export_archive(path, name)
    return path


@pytest.fixture
def dialog(tmp_path: Path, own_profile: Path, qtbot: QtBot) -> ClassDialog:
    pupil(tmp_path, "Anna", range(10))
    pupil(tmp_path, "Ben", range(10, 30))
    (tmp_path / "half.npz").write_bytes(b"PK")
    made = ClassDialog((tmp_path,), Catalog(Profile(own_profile)))
    made.show()
    qtbot.waitUntil(lambda: made.table.rowCount() == 2)
    return made


def test_merged_and_named_anew(dialog: ClassDialog, qtbot: QtBot) -> None:
    assert dialog.names == ("Anna", "Ben")
    assert "half.npz" in dialog.message.text()
    dialog.table.item(0, 0).setText("Zoe")
    with qtbot.waitSignal(dialog.imported) as done:
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    data = load_data(done.args[0])
    assert data.writer_names == ("Zoe", "Ben")
    assert len(data) == 30


def test_numbers_instead_of_names(dialog: ClassDialog, qtbot: QtBot) -> None:
    dialog.numbers.click()
    assert sorted(dialog.names) == ["1", "2"]
    dialog.test_share.setValue(30)
    with qtbot.waitSignal(dialog.imported) as done:
        qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert len(load_data(done.args[0], "train")) + len(load_data(done.args[0], "test")) == 30


def test_nothing_to_import_is_said(tmp_path: Path, own_profile: Path, qtbot: QtBot) -> None:
    dialog = ClassDialog((tmp_path,), Catalog(Profile(own_profile)))
    dialog.show()
    qtbot.waitUntil(lambda: "no file of a pupil" in dialog.message.text())
    assert not dialog.import_button.isEnabled()
    dialog.close()


def test_a_pupil_exports(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = MySamples(tmp_path / "samples.jsonl")
    samples.append(INKS[3], "3")
    dialog = SamplesDialog(samples)
    qtbot.addWidget(dialog)
    file = tmp_path / "out.npz"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (" Cem ", True))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    qtbot.mouseClick(dialog.for_class, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(file.exists)
    assert read_pen_archive(file).writer_names == ("Cem",)


def test_the_hardest_hand_comes_first(qtbot: QtBot) -> None:
    table = WriterTable()
    qtbot.addWidget(table)
    row = {
        "writer": "<b>Anna",
        "samples": 10,
        "correct": 7,
        "accuracy": 0.7,
        "interval": [0.4, 0.9],
        "most_confused": [{"true": "r", "predicted": "V", "count": 3}],
    }
    assert table.show_figures({"by_writer": [row]})
    assert table.item(0, 0).text() == "<b>Anna"
    assert table.item(0, 4).text() == "r as V (3)"
    assert not table.show_figures({})
    assert not table.show_figures({"by_writer": [{"writer": 3}]})
