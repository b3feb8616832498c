"""The layers of a network in a table: what each gives and costs; rows are moved by dragging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, Signal

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import local, percent
from emnist_desktop.ui.table import RIGHT, Index, RecordModel
from trainer.models.layer_shapes import LayerSize, NetworkSizes
from trainer.models.layers import LAYER_KINDS, LayerSpec

_ALWAYS_SHOWN = 2
"""So many options of a layer are shown; of the others those that are not as usual."""


@dataclass(frozen=True)
class LayerRow:
    """A layer as the table shows it.

    Attributes
    ----------
    layer : LayerSpec or None
        None for the output.
    size : LayerSize or None
        None after a mistake.
    share : float
        Of all multiplications, from 0 to 1.
    """

    layer: LayerSpec | None
    size: LayerSize | None
    share: float


def layer_rows(layers: Sequence[LayerSpec], sizes: NetworkSizes) -> list[LayerRow]:
    """Return a row for each layer, and one for the output."""
    total = max(1, sizes.multiplications)
    known: list[LayerSize | None] = [*sizes.layers]
    known += [None] * (len(layers) - len(known)) + [sizes.output]
    return [
        LayerRow(each, size, 0.0 if size is None else size.multiplications / total)
        for each, size in zip([*layers, None], known, strict=True)
    ]


class LayerModel(RecordModel[LayerRow]):
    """The layers and the output.

    Signals
    -------
    moved : int, int
        A layer was dropped before another: their rows.
    """

    moved = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._dragged = -1
        self.columns = (
            (self.tr("Layer"), ""),
            (self.tr("Settings"), ""),
            (self.tr("Output"), self.tr("Height × width × maps, or the number of values")),
            (self.tr("Parameters"), self.tr("Numbers that the layer learns or keeps")),
            (self.tr("Work"), self.tr("Share of the multiplications for an image")),
        )

    def show_layers(self, layers: Sequence[LayerSpec], sizes: NetworkSizes) -> bool:
        """Show layers and their sizes; return whether there are more or fewer rows than before."""
        rows = layer_rows(layers, sizes)
        if len(rows) != len(self.rows):
            self.show_rows(rows)
            return True
        self.rows = rows
        self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
        return False

    @override
    def texts(self, row: LayerRow) -> Sequence[str]:
        name = self.tr("Output: the classes")
        settings = ""
        if row.layer is not None:
            name = trainer_text(LAYER_KINDS[row.layer.kind].title)
            settings = settings_text(row.layer)
        if row.size is None:
            return name, settings, "–", "–", "–"
        costs = row.size.multiplications
        return (
            name,
            settings,
            "×".join(map(str, row.size.shape)),
            local(row.size.parameters) if row.size.parameters else "",
            percent(row.share) if costs else "",
        )

    @override
    def tip(self, row: LayerRow, column: int) -> str:
        if column == 4 and row.size is not None:
            return self.tr("{0} multiplications").format(local(row.size.multiplications))
        return "" if row.layer is None else trainer_text(LAYER_KINDS[row.layer.kind].help)

    @override
    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        return RIGHT if column >= 2 else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_layer = self.rows[index.row()].layer is not None
        return flags | Qt.ItemFlag.ItemIsDragEnabled if is_layer else flags

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        self._dragged = indexes[0].row()
        return super().mimeData(indexes)

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Tell of the move; the view hears that nothing was dropped, so that it keeps the row."""
        if self._dragged >= 0 and row >= 0:
            self.moved.emit(self._dragged, row)
        self._dragged = -1
        return False


def settings_text(layer: LayerSpec) -> str:
    """Return the settings of a layer in few words."""
    shown = []
    for number, option in enumerate(LAYER_KINDS[layer.kind].options):
        value = layer.options[option.name]
        if number >= _ALWAYS_SHOWN and value == option.default:
            continue
        match value:
            case bool():
                shown.append(f"{trainer_text(option.title)} {'✓' if value else '–'}")
            case str():
                shown.append(value)
            case _ if value or option.kind == "float":
                shown.append(f"{trainer_text(option.title)} {local(value, 'g')}")
    return " · ".join(shown)
