"""The window while a network trains: its event loop, its plots, the end of the child."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from bench.table import Row
from emnist_desktop.settings import Settings
from emnist_desktop.training.history import History
from emnist_desktop.training.plots import Plots
from emnist_desktop.training.run_queue import new_run
from emnist_desktop.training.training_tab import TrainingTab
from trainer.config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.paths import Profile
from trainer.runs import events
from trainer.runs.folder import Request
from trainer.runs.liveness import noted_process

TICK_MILLISECONDS = 10
SECONDS = 20.0
UPDATES = 300
CANCELS = 5
PATIENCE_SECONDS = 120.0


def measure(data: str) -> list[Row]:
    """Return the rows; `data` is what to train on: a folder of IDX images, or a name."""
    application = QApplication.instance() or QApplication([])
    bare, training = _delays(application, data)
    return [
        Row("event-loop delay while vanilla-cnn trains", training, "ms", "p99 ≤ 16"),
        Row("– the longest of them", (max(training),), "ms"),
        Row("– a bare window while it trains", bare, "ms"),
        Row("one live update of the plots, blitted", _updates(application), "ms", "≤ 5"),
        Row("cancel → child gone", _cancels(application, data), "s", "≤ 1"),
    ]


def _delays(application: QApplication, data: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        tab, root = _start(application, Path(folder), data)
        _wait(application, lambda: _has_batches(tab, root))
        training = _ticks(SECONDS)
        tab.hide()
        bare_window = QLabel("nothing")
        bare_window.show()
        bare = _ticks(SECONDS)
        bare_window.close()
        tab.queue.ask(root, Request.CANCEL)
        _wait(application, lambda: not tab.queue.running)
        tab.close_tab()
    return bare, training


def _ticks(seconds: float) -> tuple[float, ...]:
    """Return how much later than asked for each tick of a timer came, in milliseconds."""
    late: list[float] = []
    last = [perf_counter()]

    def tick() -> None:
        now = perf_counter()
        late.append(max(0.0, 1000 * (now - last[0]) - TICK_MILLISECONDS))
        last[0] = now

    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(TICK_MILLISECONDS)
    timer.timeout.connect(tick)
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    timer.start()
    loop.exec()
    timer.stop()
    return tuple(late[1:])


def _updates(application: QApplication) -> tuple[float, ...]:
    history = History()
    history.add([events.Started("x", 1, 1, 1, ("A",), 50, 100, 1, "CPU")])
    for number in range(1, 2000):
        history.add([events.Batch(1 + number // 100, number % 100, 100, 1.0, 0.5, 1.0, 1.0)])
    plots = Plots()
    plots.resize(640, 560)
    plots.show()
    plots.show_history(history)
    _wait(application, lambda: plots.full_draws > 0)
    plots.refresh()
    result = []
    for number in range(UPDATES):
        loss = 0.5 + 0.4 * float(np.cos(number / 20))
        history.add([events.Batch(20, number % 100, 100, loss, 0.5, 1.0, 1.0)])
        before = plots.full_draws
        began = perf_counter()
        plots.refresh()
        if plots.full_draws == before:
            result.append(1000 * (perf_counter() - began))
        application.processEvents()
    plots.close()
    return tuple(result)


def _cancels(application: QApplication, data: str) -> tuple[float, ...]:
    result = []
    for _ in range(CANCELS):
        with tempfile.TemporaryDirectory() as folder:
            tab, root = _start(application, Path(folder), data)
            _wait(application, lambda tab=tab, root=root: _has_batches(tab, root))
            process = noted_process(root)
            assert process is not None
            began = perf_counter()
            tab.queue.ask(root, Request.CANCEL)
            while process.is_alive:
                application.processEvents()
            result.append(perf_counter() - began)
            _wait(application, lambda tab=tab: not tab.queue.running)
            tab.close_tab()
    return tuple(result)


def _start(application: QApplication, folder: Path, data: str) -> tuple[TrainingTab, Path]:
    profile = Profile(folder)
    store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
    tab = TrainingTab(profile, Settings(store), Catalog(profile))
    tab.resize(1080, 720)
    tab.show()
    _wait(application, lambda: bool(tab.setup.form.rows["data"].text))
    config = TrainingConfig.from_record({"preset": "vanilla-cnn", "data": data, "epochs": 50})
    root = new_run(profile.runs, config)
    tab.queue.add(root)
    return tab, root


def _has_batches(tab: TrainingTab, root: Path) -> bool:
    history = tab.queue.history_of(root)
    if root not in tab.queue.running:
        log = root / "log.txt"
        raise RuntimeError(log.read_text() if log.exists() else "The run has ended.")
    return history is not None and history.last_batch is not None


def _wait(application: QApplication, is_done) -> None:
    began = perf_counter()
    while not is_done():
        application.processEvents()
        if perf_counter() - began > PATIENCE_SECONDS:
            raise subprocess.TimeoutExpired("waiting", PATIENCE_SECONDS)
