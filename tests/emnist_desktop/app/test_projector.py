"""The projector view: F11 shows a sheet and its answer, or a run; Esc ends it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.projector import DrawProjector
from emnist_desktop.training.monitor.projector import RunProjector
from tests.emnist_desktop.fakes import draw


def test_what_is_drawn_is_answered_in_large_type(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F11)
    (projector,) = window.findChildren(DrawProjector)
    assert projector.isFullScreen()
    assert projector.hint.isVisible()
    assert projector.rect().contains(projector.hint.geometry())
    draw(projector.canvas, (100, 100), (150, 200), (80, 240))
    assert projector.answer.text == "C c"
    assert projector.sure.text == "90 %"
    assert projector.others.text.startswith("G ")
    assert window.draw_tab.canvas.is_empty
    QTest.keyClick(projector, Qt.Key.Key_Escape)
    assert not projector.isVisible()


def test_a_dot_is_not_answered(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F11)
    (projector,) = window.findChildren(DrawProjector)
    draw(projector.canvas, (100, 100))
    assert not projector.answer.text
    assert projector.others.text == "A dot: draw the character larger"


def test_without_a_run_it_says_so(window: MainWindow) -> None:
    window.tabs.setCurrentWidget(window.training_tab)
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.statusBar().currentMessage().startswith("Choose a run first")
    assert not window.findChildren(DrawProjector)
    assert not window.findChildren(RunProjector)
