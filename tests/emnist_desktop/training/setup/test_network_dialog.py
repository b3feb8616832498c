"""My network: layers are added, moved, copied, edited and removed; the form has them as data."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from emnist_desktop.training.setup.layers_row import LayersRow
from emnist_desktop.training.setup.network_dialog import NetworkDialog
from emnist_desktop.training.setup.setup_form import SetupForm
from trainer.models.layers import layer
from trainer.models.preset_layers import layers_of_preset

LAYERS = (layer("convolution", filters=8), layer("max_pooling"), layer("flatten"))


@pytest.fixture
def dialog(qtbot: QtBot) -> NetworkDialog:
    dialog = NetworkDialog(LAYERS, (28, 28, 1), 10)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def _kinds(dialog: NetworkDialog) -> list[str]:
    return [each.kind for each in dialog.layers]


def _cell(dialog: NetworkDialog, row: int, column: int) -> str:
    return str(dialog.model.data(dialog.model.index(row, column)))


def _ok(dialog: NetworkDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_each_layer_shows_what_it_gives_and_costs(dialog: NetworkDialog) -> None:
    assert [_cell(dialog, row, 2) for row in range(4)] == ["28×28×8", "14×14×8", "1568", "10"]
    assert [_cell(dialog, row, 3) for row in range(4)] == ["80", "", "", "15,690"]
    assert _cell(dialog, 0, 4) == "78.3\N{NO-BREAK SPACE}%"
    assert "15,770" in dialog.total.text()
    assert dialog.problem.isHidden()


def test_layers_are_moved_copied_and_removed_with_keys(dialog: NetworkDialog, qtbot: QtBot) -> None:
    dialog.table.setFocus()
    dialog.table.selectRow(1)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert _kinds(dialog) == ["max_pooling", "convolution", "flatten"]
    assert dialog.row == 0
    qtbot.keyClick(dialog.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert _kinds(dialog) == ["max_pooling", "max_pooling", "convolution", "flatten"]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    qtbot.mouseClick(dialog.down, Qt.MouseButton.LeftButton)
    assert _kinds(dialog) == ["max_pooling", "flatten", "convolution"]
    assert dialog.problem.text().startswith("Layer 3 (Convolution): It needs a map")
    assert not _ok(dialog)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert _ok(dialog)


def test_a_layer_is_dropped_between_two_others(dialog: NetworkDialog) -> None:
    model = dialog.model
    data = model.mimeData([model.index(0, 0)])
    keeps_the_row = model.dropMimeData(data, Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert not keeps_the_row
    assert _kinds(dialog) == ["max_pooling", "convolution", "flatten"]
    assert dialog.row == 1
    assert not model.flags(model.index(3, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_an_option_is_edited_and_a_wrong_one_marked(dialog: NetworkDialog, qtbot: QtBot) -> None:
    filters = dialog.rows["filters"].editor
    assert isinstance(filters, QLineEdit)
    filters.selectAll()
    qtbot.keyClicks(filters, "16")
    assert dialog.layers[0].options["filters"] == 16
    assert _cell(dialog, 0, 2) == "28×28×16"
    assert dialog.rows["filters"].editor is filters
    filters.selectAll()
    qtbot.keyClicks(filters, "0")
    assert dialog.layers[0].options["filters"] == 16
    assert "Expected 1 to 2048" in dialog.rows["filters"].error.text()
    dialog.table.selectRow(3)
    assert dialog.rows == {}
    assert not dialog.remove.isEnabled()


def test_layers_are_added_and_taken_from_a_preset(dialog: NetworkDialog) -> None:
    next(a for a in dialog.add.menu().actions() if a.text() == "Dropout").trigger()
    assert _kinds(dialog) == ["convolution", "dropout", "max_pooling", "flatten"]
    next(a for a in dialog.start.menu().actions() if a.text() == "LeNet-5").trigger()
    assert tuple(dialog.layers) == layers_of_preset("lenet5")
    assert _ok(dialog)


def test_the_form_has_the_layers_as_a_setting(qtbot: QtBot) -> None:
    form = SetupForm()
    qtbot.addWidget(form)
    form.set_datasets([("mnist", "MNIST")], has_samples=False)
    row = form.rows["layers"]
    assert isinstance(row, LayersRow)
    assert row.isHidden()
    form.rows["preset"].set_value("own")
    assert not row.isHidden()
    form.show_data((28, 28), 10)
    assert "421,642" in row.summary.text()
    qtbot.mouseClick(row.editor, Qt.MouseButton.LeftButton)
    assert row.dialog is not None
    row.dialog.table.selectRow(0)
    qtbot.mouseClick(row.dialog.remove, Qt.MouseButton.LeftButton)
    row.dialog.accept()
    config = form.config()
    assert config is not None
    assert [each.kind for each in config.layers][:2] == ["max_pooling", "convolution"]
    other = SetupForm()
    qtbot.addWidget(other)
    other.show_config(config)
    assert other.config() == config
    form.rows["preset"].set_value("lenet5")
    lenet = form.config()
    assert lenet is not None
    assert lenet.layers == ()
