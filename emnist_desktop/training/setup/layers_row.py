"""The layers of a network of one's own as a setting: what they are, and a button to edit them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.training.setup.field_row import FieldRow
from emnist_desktop.training.setup.network_dialog import NetworkDialog, network_text
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import caption, push_button
from trainer.config.fields import Field
from trainer.files.records import RecordError, decode, encode
from trainer.models.layer_shapes import Shape, network_sizes
from trainer.models.layers import LayerSpec
from trainer.models.preset_layers import layers_of_preset
from trainer.models.presets import OWN, PRESETS


class LayersRow(FieldRow):
    """Shows the size of a network, and opens the dialog in which its layers are edited.

    Its value is a list of records, as settings in JSON have it.

    Parameters
    ----------
    spec : Field
    """

    def __init__(self, spec: Field) -> None:
        self.layers = list(layers_of_preset(OWN))
        usual = PRESETS[OWN]
        self._data: tuple[Shape, int, int] = (usual.input_shape, usual.classes, 0)
        self.summary = caption()
        self.dialog: NetworkDialog | None = None
        super().__init__(spec, encode(self.layers))

    def show_data(self, input_shape: Shape, n_classes: int, image_size: int) -> None:
        """Take the shape of the images, the number of classes, and the side they are resized to."""
        if self._data != (input_shape, n_classes, image_size):
            self._data = (input_shape, n_classes, image_size)
            self._show_summary()

    @override
    def value(self) -> Any:
        return encode(self.layers)

    @override
    def set_value(self, value: Any) -> None:
        """Take layers; none stand for those that a network of one's own begins with."""
        try:
            given = decode(tuple[LayerSpec, ...], encode(value))
        except RecordError:
            return
        self.layers = list(given or layers_of_preset(OWN))
        self._show_summary()

    @override
    def set_default(self, default: Any) -> None:
        """Leave the layers as they are: another preset has none."""

    @override
    def problem(self) -> str:
        if self.isHidden():
            return ""
        problem = network_sizes(self.layers, *self._data).problem
        return "" if problem is None else error_text(problem.message, problem.hint)

    def _show_summary(self) -> None:
        sizes = network_sizes(self.layers, *self._data)
        self.summary.setText(network_text(self.layers, sizes))
        self._show_reset()

    @override
    def _make_editor(self) -> QWidget:
        button: QPushButton = push_button(self.tr("Edit the layers…"))
        button.clicked.connect(self._on_edit_clicked)
        return button

    @override
    def _lay_out(self) -> None:
        super()._lay_out()
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self.summary)

    @override
    def _shown(self, value: Any) -> str:
        return self.tr("the usual layers")

    @Slot()
    def _on_edit_clicked(self) -> None:
        self.dialog = NetworkDialog(self.layers, *self._data, self)
        self.dialog.accepted.connect(self._on_accepted)
        self.dialog.open()

    @Slot()
    def _on_accepted(self) -> None:
        if self.dialog is not None:
            self.set_value(self.dialog.layers)
            self._on_editor_changed()
