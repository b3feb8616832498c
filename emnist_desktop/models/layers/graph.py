"""The model as a table: its layers with shapes and parameters, and the total."""

from __future__ import annotations

from PySide6.QtWidgets import QTableWidget, QWidget

from emnist_desktop.models.layers.feature_maps import shape_text
from emnist_desktop.models.layers.view import LayersView
from emnist_desktop.ui.controls import plain_label, prepare_table
from emnist_desktop.ui.format import local
from emnist_desktop.ui.table import fill
from trainer.explain.base import Layer
from trainer.explain.client import OpenedModel

_AMOUNTS = (2, 3)
"""Columns of figures."""


class GraphView(LayersView):
    """A row a layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.total = plain_label()
        self.table = QTableWidget(0, 5)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Layer"),
                self.tr("Kind"),
                self.tr("Shape"),
                self.tr("Parameters"),
                self.tr("Takes from"),
            ]
        )
        prepare_table(self.table, self.tr("Layers of the model"))
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.body.addWidget(self.total)
        self.body.addWidget(self.table, 1)

    def show_model(self, model: OpenedModel | None) -> None:
        """List the layers of another model."""
        super().show_model(model)
        rows = model.layers if model is not None else ()
        fill(self.table, ((_texts(row), None) for row in rows), _AMOUNTS)
        self.total.setText(self._total_text(model) if model is not None else "")

    def _total_text(self, model: OpenedModel) -> str:
        how = {
            "keras": self.tr("opened with Keras"),
            "litert": self.tr(
                "opened with LiteRT: normalisation and activations are part of the layers before"
            ),
            "classic": self.tr("a classic model"),
        }
        text = self.tr("{0}: {1} parameters in {2} layers, {3}.")
        return text.format(
            model.name, local(model.parameters), len(model.layers) - 1, how.get(model.kind, "")
        )


def _texts(row: Layer) -> tuple[str, ...]:
    shape, parameters = shape_text(row.shape), local(row.parameters)
    return row.name, row.kind, shape, parameters, ", ".join(row.inputs)
