"""The controls of forms."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from emnist_desktop.ui.controls import combo_box


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
@pytest.mark.parametrize("n_items", [2, 3, 6])
def test_a_list_shows_its_last_entry(qtbot: QtBot, n_items: int) -> None:
    box = combo_box([(f"Entry {number}", number) for number in range(n_items)], name="Entries")
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    view = box.view()
    last = view.visualRect(box.model().index(n_items - 1, 0))
    assert view.verticalScrollBar().maximum() == 0
    assert last.bottom() < view.viewport().height()
    assert view.window().geometry().top() >= box.geometry().bottom()  # no value is covered
    box.hidePopup()
