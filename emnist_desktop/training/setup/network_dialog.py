"""My network: a list of layers to add, move, copy and edit, and what they give and cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.training.setup.field_row import FieldRow, translated
from emnist_desktop.training.setup.layer_table import LayerModel
from emnist_desktop.ui.controls import (
    bold,
    caption,
    plain_label,
    prepare_table,
    push_button,
)
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import hbox, sheet, splitter, vbox
from emnist_desktop.ui.style import MARGIN
from trainer.errors import ConfigError
from trainer.models.layer_shapes import NetworkSizes, Shape, network_sizes
from trainer.models.layers import LAYER_KINDS, MOST_LAYERS, LayerSpec
from trainer.models.preset_layers import layers_of_preset
from trainer.models.presets import OWN, PRESETS, PresetKind


class NetworkDialog(QDialog):
    """Edits the layers of a network.

    Parameters
    ----------
    layers : sequence of LayerSpec
    input_shape : tuple of int
        Height, width and planes of the images.
    n_classes : int
    image_size : int
        Side to which images are first resized; 0 to leave them as they are.

    Attributes
    ----------
    layers : list of LayerSpec
    sizes : NetworkSizes
    """

    def __init__(
        self,
        layers: Sequence[LayerSpec],
        input_shape: Shape,
        n_classes: int,
        image_size: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.layers = list(layers)
        self._data = (input_shape, n_classes, image_size)
        self.sizes: NetworkSizes = network_sizes(self.layers, *self._data)
        self.setWindowTitle(self.tr("My network"))
        self.resize(1000, 600)
        self.rows: dict[str, FieldRow] = {}
        self._shown: LayerSpec | None = None
        self.model = LayerModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        prepare_table(self.table, self.tr("Layers"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.table.setDragDropOverwriteMode(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show(0)

    @property
    def row(self) -> int:
        """The chosen row; that of the output is the number of layers."""
        return max(0, self.table.currentIndex().row())

    def _make_buttons(self) -> None:
        self.add = push_button(self.tr("&Add"), self.tr("Add a layer below the chosen one"))
        self.add.setMenu(self._menu(LAYER_KINDS.values(), self._on_kind_chosen))
        self.start = push_button(
            self.tr("&Start from"), self.tr("Replace all layers by those of a preset")
        )
        presets = [each for each in PRESETS.values() if each.kind is PresetKind.NETWORK]
        self.start.setMenu(
            self._menu([p for p in presets if p.name != OWN], self._on_preset_chosen)
        )
        self.duplicate = push_button(self.tr("&Duplicate"), self.tr("Copy the layer (Ctrl+D)"))
        self.remove = push_button(self.tr("&Remove"), self.tr("Remove the layer (Delete)"))
        self.up = push_button("↑", self.tr("Move the layer up (Alt+Up); it can be dragged, too"))
        self.up.setAccessibleName(self.tr("Move up"))
        self.down = push_button("↓", self.tr("Move the layer down (Alt+Down)"))
        self.down.setAccessibleName(self.tr("Move down"))
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)

    def _menu(self, entries: Any, chosen: Callable[[str], None]) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for each in entries:
            action = menu.addAction(trainer_text(each.title))
            action.setToolTip(trainer_text(getattr(each, "help", "") or each.summary))
            action.triggered.connect(partial(chosen, each.name))
        return menu

    def _lay_out(self) -> None:
        self.heading = bold(plain_label())
        self.help = caption()
        self._options = QVBoxLayout()
        self.problem = plain_label(selectable=True)
        self.problem.setObjectName("field-error")
        self.problem.setStyleSheet("color: palette(bright-text);")
        self.total = plain_label(selectable=True)
        edit = vbox(self.heading, self.help, self._options, 1, margins=(MARGIN, 0, 0, 0))
        around = splitter(Qt.Orientation.Horizontal, self.table, sheet(edit), sizes=(590, 390))
        tools = (self.add, self.duplicate, self.remove, self.up, self.down, 1, self.start)
        below = hbox((vbox(self.problem, self.total), 1), self.buttons)
        self.setLayout(vbox(hbox(*tools), (around, 1), below, margins=MARGIN))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.duplicate.clicked.connect(self._on_duplicate_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.up.clicked.connect(self._on_up_clicked)
        self.down.clicked.connect(self._on_down_clicked)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.model.moved.connect(self._on_moved)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        for keys, slot in (
            ("Ctrl+D", self._on_duplicate_clicked),
            ("Alt+Up", self._on_up_clicked),
            ("Alt+Down", self._on_down_clicked),
            (QKeySequence.StandardKey.Delete, self._on_remove_clicked),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def _show(self, row: int) -> None:
        """Compute all shapes and show them; choose a row."""
        self.sizes = sizes = network_sizes(self.layers, *self._data)
        if self.model.show_layers(self.layers, sizes):
            self.table.resizeColumnsToContents()
        self.table.selectRow(min(row, len(self.layers)))
        self._on_row_changed()
        problem = sizes.problem
        self.problem.setText("" if problem is None else error_text(problem.message, problem.hint))
        self.problem.setVisible(problem is not None)
        self.total.setText(network_text(self.layers, sizes))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(problem is None)

    def _show_buttons(self) -> None:
        row, n = self.row, len(self.layers)
        for button in (self.duplicate, self.remove):
            button.setEnabled(row < n)
        self.up.setEnabled(0 < row < n)
        self.down.setEnabled(row < n - 1)
        self.add.setEnabled(n < MOST_LAYERS)

    @Slot()
    def _on_row_changed(self) -> None:
        """Show the options of the chosen layer."""
        self._show_buttons()
        row = self.row
        chosen = self.layers[row] if row < len(self.layers) else None
        if chosen is not None and chosen is self._shown:
            return
        is_kind_new = None in (chosen, self._shown) or chosen.kind != self._shown.kind  # type: ignore[union-attr]
        self._shown = chosen
        if is_kind_new:
            self._show_kind(chosen)
        elif chosen is not None:
            for name, field in self.rows.items():
                field.set_value(chosen.options[name])
                field.show_problem("")

    def _show_kind(self, chosen: LayerSpec | None) -> None:
        for field in self.rows.values():
            field.setParent(None)
            field.deleteLater()
        self.rows = {}
        if chosen is None:
            self.heading.setText(self.tr("Output: the classes"))
            self.help.setText(
                self.tr("A dense layer with one output for each class; it is always there.")
            )
            return
        kind = LAYER_KINDS[chosen.kind]
        self.heading.setText(trainer_text(kind.title))
        self.help.setText(trainer_text(kind.help))
        for option in kind.options:
            field = self.rows[option.name] = FieldRow(translated(option), option.default)
            field.set_value(chosen.options[option.name])
            field.changed.connect(self._on_option_changed)
            self._options.addWidget(field)

    @Slot()
    def _on_option_changed(self) -> None:
        row = self.row
        if row >= len(self.layers):
            return
        values = {name: field.value() for name, field in self.rows.items()}
        try:
            self._shown = self.layers[row] = LayerSpec(self.layers[row].kind, values)
        except ConfigError:
            return  # the field itself says what is wrong
        self._show(row)

    def _on_kind_chosen(self, kind: str) -> None:
        row = min(self.row + 1, len(self.layers)) if self.layers else 0
        self.layers.insert(row, LayerSpec(kind))
        self._show(row)

    def _on_preset_chosen(self, name: str) -> None:
        self.layers = list(layers_of_preset(name))
        self._show(0)

    @Slot()
    def _on_duplicate_clicked(self) -> None:
        row = self.row
        if row < len(self.layers) < MOST_LAYERS:
            self.layers.insert(row, self.layers[row])
            self._show(row + 1)

    @Slot()
    def _on_remove_clicked(self) -> None:
        row = self.row
        if row < len(self.layers):
            del self.layers[row]
            self._show(row)

    @Slot()
    def _on_up_clicked(self) -> None:
        self._on_moved(self.row, self.row - 1)

    @Slot()
    def _on_down_clicked(self) -> None:
        self._on_moved(self.row, self.row + 2)

    @Slot(int, int)
    def _on_moved(self, row: int, before: int) -> None:
        """Move a layer before another row."""
        if not (0 <= row < len(self.layers) and 0 <= before <= len(self.layers)):
            return
        moved = self.layers.pop(row)
        target = before - (before > row)
        self.layers.insert(target, moved)
        self._show(target)


def network_text(layers: Sequence[LayerSpec], sizes: NetworkSizes) -> str:
    """Return the size of a network in a line; only the number of layers after a mistake."""
    count = tr("Layers: {0}").format(len(layers))
    if sizes.problem is not None:
        return count
    costs = tr("parameters: {0} · multiplications for an image: {1} million")
    millions = local(sizes.multiplications / 1e6, ".3g")
    return f"{count} · {costs.format(local(sizes.parameters), millions)}"


def tr(text: str) -> str:
    """Return a text in the language; lupdate collects what is given to a function of this name."""
    return QCoreApplication.translate("NetworkDialog", text)
