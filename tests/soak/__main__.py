"""Ten minutes of anything, in the real window: ``make soak``.

Fails for an exception, a warning of Qt, a thread that is left, or memory that grows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from types import TracebackType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QMessageLogContext, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.memory import share_arenas
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from emnist_desktop.ui.style import apply_theme
from tests.soak.monkey import Monkey
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile
from trainer.ink.alphabet import BALANCED

_LARGEST_GROWTH = 60 << 20
"""Bytes, from the end of the warm-up to the end."""

_DATASETS = {"small": 500, "medium": 10_000, "large": 300_000}
"""Datasets that are opened in turn, with their samples."""

_BLOCK = 10_000
"""Samples written at once."""

_WARM_UP_SHARE = 0.2
_SHOWN = 20
"""How often the memory is printed."""

_HARMLESS = "This plugin does not support"
"""What the platform without a screen says of itself."""


class Watch:
    """Notes what must not happen."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )
        qInstallMessageHandler(self._on_message)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        serious = kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if serious and not text.startswith(_HARMLESS):
            self.faults.append(f"Qt: {text}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    share_arenas()
    watch = Watch()
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        _write_datasets(profile.datasets)
        settings = Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))
        apply_theme(application, settings.theme())
        window = MainWindow(profile, settings)
        window.build(RecognizerChoice(profile))
        window.show()
        monkey = Monkey(window, options.seed)
        monkey.tour()
        print(f"after a look at everything: {_memory_text()}", flush=True)
        growth = _run(application, monkey, options.seconds)
        window.close()
    main_thread = threading.main_thread()
    left = [thread.name for thread in threading.enumerate() if thread is not main_thread]
    if left:
        watch.faults.append(f"Threads are left: {', '.join(left)}.")
    if growth > _LARGEST_GROWTH:
        watch.faults.append(f"Memory grew by {growth >> 20} MB after the warm-up.")
    for fault in watch.faults:
        print(fault)
    print(f"seed {options.seed}: {len(watch.faults)} faults, {growth / 2**20:+.1f} MB of memory")
    return 1 if watch.faults else 0


def _write_datasets(folder: Path) -> None:
    """Write datasets of several sizes, whose images are noise within a frame of paper."""
    generator = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for name, n in _DATASETS.items():
        with DatasetWriter(folder / name, title=name, alphabet=BALANCED) as writer:
            for split, n_split in (("train", n - n // 6), ("test", n // 6)):
                for low in range(0, n_split, _BLOCK):
                    labels = np.arange(low, min(low + _BLOCK, n_split)) % len(BALANCED)
                    images = np.zeros((len(labels), 28, 28), dtype=np.uint8)
                    shape = (len(labels), 20, 20)
                    images[:, 4:24, 4:24] = generator.integers(0, 256, shape, dtype=np.uint8)
                    writer.append(split, images, labels, labels % 5)


def _run(application: QApplication, monkey: Monkey, seconds: float) -> int:
    """Let the monkey act; return by how many bytes the memory grew after the warm-up."""
    before: list[int] = []
    QTimer.singleShot(round(1000 * seconds * _WARM_UP_SHARE), lambda: before.append(_memory()))
    # Not `quit`, which asks the window to close: beside a training, that asks the user.
    QTimer.singleShot(round(1000 * seconds), lambda: application.exit(0))
    clock = QTimer()
    clock.timeout.connect(lambda: print(_memory_text(), flush=True))
    clock.start(round(1000 * seconds / _SHOWN))
    monkey.start()
    application.exec()
    monkey.stop()
    print(", ".join(f"{name} {count}" for name, count in monkey.deeds.most_common()))
    return _memory() - before[0]


def _memory() -> int:
    """Return the resident memory of this process, in bytes."""
    return psutil.Process().memory_info().rss


def _memory_text() -> str:
    info = psutil.Process().memory_info()
    return f"{info.rss / 2**20:.0f} MB, {(info.rss - info.shared) / 2**20:.0f} MB of it its own"


if __name__ == "__main__":
    sys.exit(main())
