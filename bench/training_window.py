"""The window during a training: event loop, plots, throughput, start, end, memory."""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from bench.data import data_folder
from bench.table import Row
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.history import History
from emnist_desktop.trainer_process.run_worker import train_launch
from emnist_desktop.training.monitor.plots import Plots
from emnist_desktop.training.training_tab import TrainingTab
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.datasets.load import load_data
from trainer.datasets.samples import as_images
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile
from trainer.processes.memory import memory_of
from trainer.runs import events
from trainer.runs.folder import Request, RunFolder
from trainer.runs.process import read_process_info

TICK_MILLISECONDS = 10
POLL_MILLISECONDS = 10
SECONDS = 20.0
UPDATES = 300
CANCELS = 5
STARTS = 3
PAIRS = 5
RUNS = 10
PATIENCE_SECONDS = 300.0
TRAIN, VALIDATION = 12_800, 2_000
"""Samples of the runs for the comparison of throughput."""

_QUIET_SECONDS = 1.5
"""A trainer without CPU use for so long has loaded everything and waits."""


def measure(data: str = "") -> list[Row]:
    """Return the rows; `data` is MNIST: a folder of IDX images, or a name."""
    data = data or str(data_folder("mnist"))
    application = QApplication.instance() or QApplication([])
    gc.disable()  # widgets are collected in the window's thread only, as the program does
    rows = []
    for row in _rows(application, data):
        print(f"{row.question}: {', '.join(f'{v:.3g}' for v in row.values[:5])}", file=sys.stderr)
        rows.append(row)
    gc.enable()
    return rows


def _rows(application: QApplication, data: str) -> Iterator[Row]:
    bare, training = _delays(data)
    yield Row("event-loop delay while vanilla-cnn trains", training, "ms", "p99 ≤ 16")
    yield Row("– the longest of them", (max(training),), "ms")
    yield Row("– a bare window while it trains", bare, "ms")
    yield Row("– the longest of those", (max(bare),), "ms")
    yield Row("one live update of the plots, blitted", _updates(application), "ms", "≤ 5")
    yield Row("updates drawn while the tab is hidden", _hidden_updates(application), "", "0")
    yield Row("Start → first batch, cold", _starts(data, is_warm=False), "s")
    yield Row("– with a trainer kept ready", _starts(data, is_warm=True), "s", "≤ 1.5")
    yield Row("cancel → child gone", _cancels(application, data), "s", "≤ 1")
    yield Row("memory after ten runs, above before", _growth(data), "MB", "≤ 30")
    yield from _throughput(data)


def _delays(data: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        tab, root = _start(Path(folder), data)
        _wait(lambda: _has_batches(tab, root))
        training = _ticks(SECONDS)
        tab.hide()
        bare_window = QLabel("nothing")
        bare_window.show()
        bare = _ticks(SECONDS)
        bare_window.close()
        tab.queue.ask(root, Request.CANCEL)
        _wait(lambda: not tab.queue.running)
        _close(tab)
    return bare, training


def _ticks(seconds: float) -> tuple[float, ...]:
    """Return the delay of each tick of a timer, in milliseconds."""
    delays: list[float] = []
    last = [perf_counter()]

    def tick() -> None:
        now = perf_counter()
        delays.append(max(0.0, 1000 * (now - last[0]) - TICK_MILLISECONDS))
        last[0] = now

    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(TICK_MILLISECONDS)
    timer.timeout.connect(tick)
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    timer.start()
    loop.exec()
    timer.stop()
    return tuple(delays[1:])


def _updates(application: QApplication) -> tuple[float, ...]:
    history = History()
    history.add([events.Started("x", 1, 1, 1, ("A",), 50, 100, 1, "CPU")])
    for number in range(1, 2000):
        history.add([events.Batch(1 + number // 100, number % 100, 100, 1.0, 0.5, 1.0, 1.0)])
    plots = Plots()
    plots.resize(640, 560)
    plots.show()
    plots.show_history(history)
    _wait(lambda: plots.full_draws > 0)
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


def _hidden_updates(application: QApplication) -> tuple[float, ...]:
    history = History()
    history.add([events.Started("x", 1, 1, 1, ("A",), 50, 100, 1, "CPU")])
    plots = Plots()
    plots.show_history(history)
    application.processEvents()
    before = plots.full_draws + plots.updates
    for number in range(UPDATES):
        history.add([events.Batch(1, number % 100, 100, 1.0, 0.5, 1.0, 1.0)])
        plots.refresh()
        application.processEvents()
    return (float(plots.full_draws + plots.updates - before),)


def _cancels(application: QApplication, data: str) -> tuple[float, ...]:
    result = []
    for _ in range(CANCELS):
        with tempfile.TemporaryDirectory() as folder:
            tab, root = _start(Path(folder), data)
            _wait(lambda tab=tab, root=root: _has_batches(tab, root))
            process = read_process_info(root)
            assert process is not None
            began = perf_counter()
            tab.queue.ask(root, Request.CANCEL)
            while process.is_alive:
                application.processEvents()
            result.append(perf_counter() - began)
            _wait(lambda tab=tab: not tab.queue.running)
            _close(tab)
    return tuple(result)


def _starts(data: str, *, is_warm: bool) -> tuple[float, ...]:
    result = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            tab = _tab(Path(folder), is_warm=is_warm)
            if is_warm:
                tab._warm.warm()
                _wait_for_quiet(tab)
            began = perf_counter()
            root = _add(tab, data)
            _wait(lambda tab=tab, root=root: _has_batches(tab, root))
            result.append(perf_counter() - began)
            tab.queue.ask(root, Request.CANCEL)
            _wait(lambda tab=tab: not tab.queue.running)
            _close(tab)
    return tuple(result)


def _wait_for_quiet(tab: TrainingTab) -> None:
    """Wait until the standby trainer has loaded its libraries."""
    seen = [(-1, perf_counter())]

    def is_quiet() -> bool:
        ticks = _ticks_of(tab._warm.child.pid)
        if ticks != seen[-1][0]:
            seen.append((ticks, perf_counter()))
        return ticks > 100 and perf_counter() - seen[-1][1] > _QUIET_SECONDS

    _wait(is_quiet)
    print(f"standby trainer: {memory_of(tab._warm.child.pid) / 1e6:.0f} MB", file=sys.stderr)


def _ticks_of(pid: int) -> int:
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(values[11]) + int(values[12])


def _growth(data: str) -> tuple[float, ...]:
    """Return the growth of the window's memory over ten runs, in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        tab = _tab(Path(folder))
        tab._show(tab.monitor)
        _wait(lambda: tab.monitor._is_ready)
        before = memory_of(os.getpid())
        for seed in range(RUNS):
            root = _add(tab, data, preset="mlp-relu", epochs=2, limit=2000, seed=seed)
            _wait(lambda: not tab.queue.running)
            if not RunFolder(root).report_file.exists():
                raise RuntimeError((root / "log.txt").read_text())
        growth = (memory_of(os.getpid()) - before) / 1e6
        _close(tab)
    return (growth,)


def _throughput(data: str) -> Iterator[Row]:
    """Compare runs in the window with a plain script: same network, batch size, samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_arrays(folder, data)
        equal = {"steps_per_call": 1, "average_epochs": 0.0}
        yield from _compared(folder, "vanilla-cnn", "window ÷ script", equal, "≥ 0.97")
        yield _augmented(folder)
        yield from _compared(folder, "lenet5", "our defaults ÷ script", {}, "")
        if _has_bfloat16():
            short = {"precision": "mixed_bfloat16"}
            yield from _compared(folder, "vanilla-cnn", "bfloat16 ÷ script", short, "")


def _augmented(folder: Path) -> Row:
    """Return the throughput with the usual augmentation of images, relative to none."""
    shares = []
    for _ in range(PAIRS):
        plain = _window(folder, "vanilla-cnn", {})
        varied = _window(folder, "vanilla-cnn", {"image_augmentation": {}})
        shares.append(varied[0] / plain[0])
    return Row("images/s, vanilla-cnn: augmented ÷ not", tuple(shares), "", "≥ 0.9")


def _compared(
    folder: Path,
    preset: str,
    what: str,
    changed: dict[str, Any],
    goal: str,
) -> list[Row]:
    shares, ours, theirs = [], [], []
    for _ in range(PAIRS):
        script = _script(folder, preset)
        window = _window(folder, preset, changed)
        shares.append(window[0] / script[0])
        ours.append(100 * window[1])
        theirs.append(100 * script[1])
    return [
        Row(f"images/s, {preset}: {what}", tuple(shares), "", goal),
        Row("– validation accuracy of ours", tuple(ours), "%"),
        Row("– of the script", tuple(theirs), "%"),
    ]


def _script(folder: Path, preset: str) -> tuple[float, float]:
    config = _config(folder, preset, {})
    arguments = [str(folder), preset, str(config.batch_size), str(config.learning_rate)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.plain_keras", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["rate"], found["accuracy"]


def _window(folder: Path, preset: str, changed: dict[str, Any]) -> tuple[float, float]:
    """Return images per second and accuracy of the second epoch, with the run displayed."""
    with tempfile.TemporaryDirectory() as profile:
        tab = _tab(Path(profile))
        runs = Profile(Path(profile)).runs
        root = RunFolder.create(runs, _config(folder, preset, changed)).root
        tab.queue.add(root)
        _wait(lambda: root not in tab.queue.running)
        history = list(RunFolder(root).events())
        _close(tab)
    batches = [e for e in history if isinstance(e, events.Batch) and e.epoch == 2]
    (epoch,) = [e for e in history if isinstance(e, events.Epoch) and e.epoch == 2]
    return batches[-1].images_per_second, epoch.validation_accuracy


def _config(folder: Path, preset: str, changed: dict[str, Any]) -> TrainingConfig:
    record = {
        "preset": preset,
        "data": str(folder / "train"),
        "validation": str(folder / "validation"),
        "epochs": 2,
        "batch_size": 128,
        "schedule": "constant",
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "weight_decay": 0.0,
        "clip_norm": 0.0,
        "label_smoothing": 0.0,
        "dropout": 0.5,
        "balance": 0.0,
    }
    return TrainingConfig.from_record({**record, **changed})


def _write_arrays(folder: Path, data: str) -> None:
    dataset = as_images(load_data(data, "train"))
    indices = np.random.default_rng(1).permutation(len(dataset))[: TRAIN + VALIDATION]
    for name, chosen in (("train", indices[:TRAIN]), ("validation", indices[TRAIN:])):
        part = dataset.take(np.sort(chosen))
        prefix = "" if name == "train" else "validation_"
        np.save(folder / f"{prefix}images.npy", part.images)
        np.save(folder / f"{prefix}labels.npy", part.labels)
        with DatasetWriter(folder / name, title=name, alphabet=part.alphabet) as writer:
            writer.append("train", np.asarray(part.images), part.labels)


def _has_bfloat16() -> bool:
    if platform.system() != "Linux":
        return False
    return "bf16" in Path("/proc/cpuinfo").read_text()


def _start(folder: Path, data: str) -> tuple[TrainingTab, Path]:
    tab = _tab(folder)
    return tab, _add(tab, data)


def _tab(folder: Path, *, is_warm: bool = False) -> TrainingTab:
    profile = Profile(folder)
    store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
    launch = None if is_warm else train_launch
    tab = TrainingTab(profile, Settings(store), Catalog(profile), launch=launch)
    tab.resize(1080, 720)
    tab.show()
    _wait(lambda: bool(tab.setup.form.rows["data"].text))
    tab.setup.estimator.shutdown()
    return tab


def _close(tab: TrainingTab) -> None:
    tab.shutdown()
    tab.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)


def _add(tab: TrainingTab, data: str, **settings: Any) -> Path:
    record = {"preset": "vanilla-cnn", "data": data, "epochs": 50, **settings}
    root = RunFolder.create(tab._profile.runs, TrainingConfig.from_record(record)).root
    tab.queue.add(root)
    return root


def _has_batches(tab: TrainingTab, root: Path) -> bool:
    worker = tab.queue.worker_of(root)
    if worker is None:
        log = root / "log.txt"
        raise RuntimeError(log.read_text() if log.exists() else "The run has ended.")
    return worker.history.last_batch is not None


def _wait(is_done) -> None:
    """Process events until a condition holds, without busy waiting."""
    began = perf_counter()
    while not is_done():
        loop = QEventLoop()
        QTimer.singleShot(POLL_MILLISECONDS, loop.quit)
        loop.exec()
        if perf_counter() - began > PATIENCE_SECONDS:
            raise subprocess.TimeoutExpired("waiting", PATIENCE_SECONDS)
