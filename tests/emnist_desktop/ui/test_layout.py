"""Areas that scroll: they end where Qt's own would show and hide their bar without end."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.ui.grids.variant_grid import VariantRows
from emnist_desktop.ui.layout import scroll_area, vbox
from emnist_desktop.ui.style import wrapped_label


def test_pictures_that_grow_with_the_width_can_be_scrolled_at_every_size(qtbot: QtBot) -> None:
    rows = VariantRows(8)
    rows.show_rows(np.zeros((4, 28, 28), dtype=np.uint8), np.zeros((4, 8, 28, 28), dtype=np.uint8))
    inner = QWidget()
    inner.setLayout(vbox(wrapped_label("Left the sample, right its variants"), rows, QLabel("End")))
    area = scroll_area(inner)
    qtbot.addWidget(area)
    area.show()
    hidden = 0
    for width in range(200, 300, 4):
        for height in range(360, 660, 2):
            area.resize(width, height)
            QApplication.sendPostedEvents()
            below = inner.height() - area.viewport().height()
            assert below <= area.verticalScrollBar().maximum() + 1
            hidden += below > 0
    assert 0 < hidden < 25 * 150
