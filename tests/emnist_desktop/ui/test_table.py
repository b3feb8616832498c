"""Tables of records and of texts, and combo boxes that are filled again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.ui.controls import combo_box, refill
from emnist_desktop.ui.table import RIGHT, RecordModel, fill, sorted_by_amounts

ROLES = Qt.ItemDataRole


class Lengths(RecordModel[str]):
    """Words and their lengths."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns = [("Word", ""), ("Length", "In letters")]

    def texts(self, row: str) -> Sequence[str]:
        return row, f"{len(row)} letters"

    def keys(self, row: str) -> Sequence[str | float]:
        return row, float(len(row))

    def tip(self, row: str, column: int) -> str:
        return f"{row} in column {column}"

    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        return RIGHT if column else None


def test_records_are_shown_as_texts_and_sorted_by_amounts(qtbot: QtBot) -> None:
    owner = QObject()
    model = Lengths(owner)
    model.show_rows(["twelve letters", "six", "a"])
    assert (model.rowCount(), model.columnCount()) == (3, 2)
    assert model.rowCount(model.index(0, 0)) == 0
    cell = model.index(0, 1)
    assert cell.data() == "14 letters"
    assert cell.data(ROLES.ToolTipRole) == "twelve letters in column 1"
    assert cell.data(ROLES.TextAlignmentRole) == RIGHT
    assert model.index(0, 0).data(ROLES.TextAlignmentRole) is None
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(2)]
    assert titles == ["Word", "Length"]
    tip = model.headerData(1, Qt.Orientation.Horizontal, ROLES.ToolTipRole)
    assert tip == "In letters"
    proxy = sorted_by_amounts(model)
    proxy.sort(1, Qt.SortOrder.AscendingOrder)
    assert [proxy.index(row, 0).data() for row in range(3)] == ["a", "six", "twelve letters"]


def test_rows_of_texts_replace_those_before(qtbot: QtBot) -> None:
    table = QTableWidget(0, 2)
    qtbot.addWidget(table)
    fill(table, [(("a", "1"), None), (("b", "2"), ""), (("c", "3"), "why")], (1,))
    tips = [table.item(row, 0).toolTip() for row in range(3)]
    assert tips == ["a", "", "why"]
    assert table.item(2, 1).textAlignment() == RIGHT
    fill(table, [(("d", "4"), None)])
    assert table.rowCount() == 1
    assert table.item(0, 0).text() == "d"


def test_a_box_is_filled_again_without_a_signal(qtbot: QtBot) -> None:
    box = combo_box([("One", 1), ("Two", 2)])
    qtbot.addWidget(box)
    box.setCurrentIndex(1)
    heard: list[int] = []
    box.currentIndexChanged.connect(heard.append)
    refill(box, [("Zero", 0), ("One", 1), ("Two", 2)])
    assert box.currentData() == 2
    refill(box, [("Zero", 0), ("One", 1)])
    assert box.currentData() == 0
    refill(box, [("Zero", 0), ("One", 1)], 1)
    assert box.currentData() == 1
    assert heard == []
