"""The import dialog, with a mouse and a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.transfer import import_dialog
from emnist_desktop.datasets.transfer.import_dialog import ImportDialog
from tests.trainer.handwriting import digits, write_csv
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError
from trainer.files.profiles import Profiles

Open = Callable[[Path], ImportDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Return what opens a dialog and waits for its look at the data."""
    made: list[ImportDialog] = []

    def make(path: Path) -> ImportDialog:
        dialog = ImportDialog(path, tmp_path / "sets")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        settle(qtbot, dialog)
        made.append(dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.close()


def settle(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=20_000)


def click(qtbot: QtBot, button: QPushButton | QCheckBox) -> None:
    place = QPoint(12, button.height() // 2)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    images, labels = digits(40)
    return write_csv(tmp_path / "My Digits.csv", images.swapaxes(1, 2), labels)


def warnings_of(dialog: ImportDialog) -> list[str]:
    assert dialog.preview is not None
    return [finding.kind for finding in dialog.preview.warnings]


def test_a_turned_table_is_shown_upright_and_stored(
    qtbot: QtBot, open_dialog: Open, turned: Path, tmp_path: Path
) -> None:
    dialog = open_dialog(turned)
    assert warnings_of(dialog) == ["transposed"]
    assert dialog.transposed_box.isChecked()
    assert dialog.title_field.text() == "My Digits"
    assert "40" in dialog.format_label.text()
    assert dialog.samples.accessibleName().startswith("Samples: 0")
    with qtbot.waitSignal(dialog.imported, timeout=20_000) as told:
        click(qtbot, dialog.import_button)
    assert told.args == ["my-digits"]
    stored = open_dataset(tmp_path / "sets" / "my-digits").splits["train"]
    np.testing.assert_array_equal(stored.images, digits(40)[0])
    assert not dialog.isVisible()


def test_the_wrong_choice_is_warned_about_and_mended_by_a_click(
    qtbot: QtBot, open_dialog: Open, turned: Path
) -> None:
    dialog = open_dialog(turned)
    click(qtbot, dialog.transposed_box)
    settle(qtbot, dialog)
    assert not dialog.transposed_box.isChecked()
    fix = dialog.findChild(QPushButton, "fix-transposed")
    assert isinstance(fix, QPushButton)
    click(qtbot, fix)
    settle(qtbot, dialog)
    assert dialog.transposed_box.isChecked()
    assert warnings_of(dialog) == []


def test_images_upside_down_are_turned_by_the_finding_and_by_the_box(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path
) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "down.npz", images=images[:, ::-1, ::-1], labels=labels)
    dialog = open_dialog(tmp_path / "down.npz")
    assert (dialog.turn_box.currentData(), warnings_of(dialog)) == (180, ["transposed"])
    dialog.turn_box.setFocus()
    qtbot.keyClick(dialog.turn_box, Qt.Key.Key_Home)
    settle(qtbot, dialog)
    assert dialog.preview is not None
    assert dialog.preview.options.turn == 0
    fix = dialog.findChild(QPushButton, "fix-transposed")
    assert isinstance(fix, QPushButton)
    assert fix.text() == "Bring upright"
    click(qtbot, fix)
    settle(qtbot, dialog)
    assert (dialog.turn_box.currentData(), warnings_of(dialog)) == (180, [])


def test_nothing_can_be_filled_in_for_what_is_refused(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path
) -> None:
    profiles = Profiles(tmp_path / "home")
    profiles.export(profiles.make("Anna", "blue"), tmp_path / "anna.zip")
    dialog = open_dialog(tmp_path / "anna.zip")
    assert dialog.message.text().startswith("anna.zip is an exported profile.")
    fields = (dialog.title_field, dialog.classes_field, dialog.size_box)
    for widget in (*fields, dialog.transposed_box, dialog.turn_box, dialog.ink_box):
        assert not widget.isVisible()
    assert not dialog.import_button.isEnabled()
    images, labels = digits(30)
    np.save(tmp_path / "images.npy", images)
    (tmp_path / "elsewhere").mkdir()
    np.save(tmp_path / "elsewhere" / "labels.npy", labels)
    dialog = open_dialog(tmp_path / "images.npy")
    assert not dialog.title_field.isVisible()
    assert dialog.labels_button.isVisible()
    dialog.use_labels(tmp_path / "elsewhere" / "labels.npy")
    settle(qtbot, dialog)
    assert dialog.title_field.isVisible()
    assert dialog.import_button.isEnabled()


def test_the_other_choices_change_what_is_shown(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path
) -> None:
    images, labels = digits(30)
    np.savez(tmp_path / "small.npz", images=images[:, 2:26, 2:26], labels=labels)
    dialog = open_dialog(tmp_path / "small.npz")
    dialog.ink_box.setFocus()
    assert dialog.ink_box.currentText() == "as found: light on dark paper"
    qtbot.keyClick(dialog.ink_box, Qt.Key.Key_End)
    settle(qtbot, dialog)
    assert "inverted" in warnings_of(dialog)
    qtbot.keyClick(dialog.ink_box, Qt.Key.Key_Home)
    settle(qtbot, dialog)
    assert dialog.ink_box.currentText() == "as found: light on dark paper"
    assert "inverted" not in warnings_of(dialog)
    dialog.size_box.setFocus()
    qtbot.keyClick(dialog.size_box, Qt.Key.Key_Down)
    settle(qtbot, dialog)
    assert dialog.preview is not None
    assert dialog.preview.image_shape == (28, 28)
    dialog.classes_field.setFocus()
    dialog.classes_field.selectAll()
    qtbot.keyClicks(dialog.classes_field, "a b c")
    qtbot.keyClick(dialog.classes_field, Qt.Key.Key_Tab)
    settle(qtbot, dialog)
    assert "Expected 10 different names" in dialog.message.text()
    assert not dialog.import_button.isEnabled()
    dialog.classes_field.setFocus()
    dialog.classes_field.selectAll()
    qtbot.keyClicks(dialog.classes_field, "a b c d e f g h i j")
    qtbot.keyClick(dialog.classes_field, Qt.Key.Key_Tab)
    settle(qtbot, dialog)
    assert dialog.preview is not None
    assert dialog.preview.alphabet == tuple("abcdefghij")
    assert dialog.import_button.isEnabled()


def test_a_broken_file_says_what_is_wrong(open_dialog: Open, tmp_path: Path) -> None:
    (tmp_path / "page.csv").write_text("<!doctype html>")
    dialog = open_dialog(tmp_path / "page.csv")
    assert "a web page" in dialog.message.text()
    assert not dialog.import_button.isEnabled()


def test_labels_of_their_own_can_be_chosen(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    images, labels = digits(30)
    np.save(tmp_path / "pictures.npy", images)
    np.save(tmp_path / "answers.npy", labels)
    dialog = open_dialog(tmp_path / "pictures.npy")
    assert "no labels" in dialog.message.text()
    assert dialog.labels_button.isVisible()
    dialog.use_labels(tmp_path / "answers.npy")
    settle(qtbot, dialog)
    assert dialog.import_button.isEnabled()


def test_a_name_that_is_taken_is_not_overwritten(
    qtbot: QtBot, open_dialog: Open, turned: Path, tmp_path: Path
) -> None:
    (tmp_path / "sets" / "my-digits").mkdir(parents=True)
    dialog = open_dialog(turned)
    assert dialog.title_field.text() == "My Digits 2"
    assert dialog.import_button.isEnabled()
    dialog.title_field.setFocus()
    for taken in ("My Digits", "EMNIST digits", "starter"):
        dialog.title_field.selectAll()
        qtbot.keyClicks(dialog.title_field, taken)
        assert "already" in dialog.message.text()
        assert not dialog.import_button.isEnabled()


def test_cancel_ends_the_import_and_leaves_nothing(
    qtbot: QtBot, open_dialog: Open, turned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(
        *_arguments: object,
        report: Callable[[int, int], None],
        check: Callable[[], None],
        title: str,
    ) -> None:
        report(1, 60)
        while True:
            check()

    monkeypatch.setattr(import_dialog, "import_dataset", slow)
    dialog = open_dialog(turned)
    click(qtbot, dialog.import_button)
    qtbot.waitUntil(lambda: dialog.bar.maximum() == 60)
    assert not dialog.title_field.isEnabled()
    click(qtbot, dialog.cancel_button)
    assert "Cancelled" in dialog.message.text()
    assert dialog.import_button.isEnabled()
    assert dialog.isVisible()
    click(qtbot, dialog.cancel_button)
    assert not dialog.isVisible()
    assert not (tmp_path / "sets").exists()


def test_a_failure_to_store_is_said(
    qtbot: QtBot, open_dialog: Open, turned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _options: ImportOptions, *_folder: Path, **_more: object) -> None:
        raise DatasetError("The disk is full.", "Make room.")

    monkeypatch.setattr(import_dialog, "import_dataset", full)
    dialog = open_dialog(turned)
    click(qtbot, dialog.import_button)
    settle(qtbot, dialog)
    assert dialog.message.text() == "The disk is full.\nMake room."
    assert dialog.import_button.isEnabled()
