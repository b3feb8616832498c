"""Widgets that are part of a cycle are destroyed in the window's thread only."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.gc_timer import GarbageCollector

destroyed_in: list[threading.Thread] = []


class Knot(QWidget):
    """Refers to itself, so that only the collector can destroy it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self

    def __del__(self) -> None:
        destroyed_in.append(threading.current_thread())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    destroyed_in.clear()
    collector = GarbageCollector()
    collector.start()
    yield collector
    collector.close()


def allocate() -> None:
    """Make far more objects than Python waits for before it collects."""
    for _ in range(20):
        _ = [[] for _ in range(5000)]


def test_a_thread_that_allocates_destroys_no_widget(
    collector: GarbageCollector, qtbot: QtBot
) -> None:
    Knot()
    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
    assert destroyed_in == []
    kept = [[] for _ in range(5000)]
    qtbot.waitUntil(lambda: destroyed_in != [], timeout=20_000)
    assert destroyed_in == [threading.main_thread()]
    assert len(kept) == 5000


def test_python_collects_again_afterwards(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()
