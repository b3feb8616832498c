"""The Datasets tab with a dataset of the size of EMNIST ByClass: open, scroll, filter."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from bench.table import Row, seconds
from emnist_desktop.datasets.image_grid import ImageGrid
from emnist_desktop.datasets.query import SampleOrder, SampleQuery
from emnist_desktop.ui.shutdown import shut_down
from trainer.datasets.store import TRAIN, DatasetWriter, open_dataset
from trainer.ink.alphabet import BYCLASS

SAMPLES = 814_255
CHUNK = 20_000
OPENINGS = 7
FRAMES = 600
LEAPS = 200
FILTERS = 20
WINDOW = (1080, 720)

_OPEN = """
import json, sys
from pathlib import Path
from time import perf_counter
from bench.browsing import memory
from emnist_desktop.datasets.query import SampleQuery, select
from trainer.datasets.store import open_dataset
before, began = memory(), perf_counter()
data = open_dataset(Path(sys.argv[1])).splits["train"]
shown = select(data, SampleQuery())
first = data.images[shown[:500]].sum()
print(json.dumps({"seconds": perf_counter() - began, "memory": memory() - before}))
"""


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "datasets" / "byclass-size"
        write_dataset(folder)
        return [*_opening(folder), *_scrolling(folder), *_filtering(folder)]


def write_dataset(folder: Path, samples: int = SAMPLES) -> None:
    """Write a dataset of random blots."""
    generator = np.random.default_rng(1)
    blots = generator.integers(0, 256, (CHUNK, 28, 28), dtype=np.uint8)
    blots[:, :4] = blots[:, -4:] = blots[:, :, :4] = blots[:, :, -4:] = 0
    folder.parent.mkdir(parents=True)
    with DatasetWriter(folder, title="Of the size of ByClass", alphabet=BYCLASS) as writer:
        for low in range(0, samples, CHUNK):
            n = min(CHUNK, samples - low)
            labels = generator.integers(0, len(BYCLASS), n)
            writer.append(TRAIN, np.roll(blots, low, axis=0)[:n], labels)


def memory() -> float:
    """Return the resident memory in megabytes; NaN if it is unknown."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _opening(folder: Path) -> list[Row]:
    times, megabytes = [], []
    for _ in range(OPENINGS):
        command = [sys.executable, "-c", _OPEN, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        report = json.loads(done.stdout.splitlines()[-1])
        times.append(report["seconds"])
        megabytes.append(report["memory"])
    return [
        Row("open 814,255 images and read the first 500", tuple(times), "s", "≤ 0.5"),
        Row("resident memory that takes", tuple(megabytes), "MB", "≤ 100"),
    ]


def _scrolling(folder: Path) -> list[Row]:
    application = QApplication.instance() or QApplication([])
    data = open_dataset(folder).splits[TRAIN]
    grid = ImageGrid()
    grid.resize(*WINDOW)
    grid.show_samples(data, np.arange(len(data)))
    grid.show()
    application.processEvents()
    bar = grid.verticalScrollBar()
    step = grid.division.cell_height

    def frame(value: int) -> float:
        began = perf_counter()
        bar.setValue(value)
        application.processEvents()
        return 1000 * (perf_counter() - began)

    rows = tuple(frame(number * step) for number in range(FRAMES))
    positions = np.random.default_rng(2).integers(0, bar.maximum(), LEAPS).tolist()
    leaps = tuple(frame(position) for position in positions)
    grid.close()
    return [
        Row("a frame, scrolling a row of 814,255 images", rows, "ms", "p99 ≤ 16"),
        Row("a frame, leaping anywhere among them", leaps, "ms", "p99 ≤ 16"),
    ]


def _filtering(folder: Path) -> list[Row]:
    """Filter by one character, and show all again, in the real tab."""
    from emnist_desktop.datasets.browser import Browser
    from emnist_desktop.settings import Settings
    from trainer.datasets.catalog import Catalog
    from trainer.files.paths import Profile

    application = QApplication.instance() or QApplication([])
    profile = Profile(folder.parent.parent)
    store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
    browser = Browser(Catalog(profile), Settings(store))
    browser.resize(*WINDOW)
    browser.show()
    browser.catalog.refresh()
    while browser.data is None:
        application.processEvents()
    one = SampleQuery(classes=frozenset({5}))

    def ask(query: SampleQuery) -> None:
        browser.filters.restrict(query)
        application.processEvents()

    def both() -> None:
        ask(one)
        ask(SampleQuery())

    there_and_back = tuple(1000 * seconds(both) for _ in range(FILTERS))
    by_class = tuple(
        1000 * seconds(lambda: ask(SampleQuery(order=SampleOrder.CLASS))) for _ in range(FILTERS)
    )
    shut_down(browser)
    return [
        Row("filter 814,255 images to one class and back", there_and_back, "ms", "≤ 100"),
        Row("sort 814,255 images by class", by_class, "ms"),
    ]
