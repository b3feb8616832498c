"""The Layers page: start and responses of its child, live feature maps, t-SNE."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from bench.table import Row, seconds
from emnist_desktop.models.layers.page import LayersPage
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.trainer.explain.layer_server import LayerServer
from trainer.datasets.catalog import Catalog
from trainer.explain.client import coded
from trainer.files.paths import PROFILE_VARIABLE, Profile, default_bundle
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink

SAMPLES = 2000
LOOKS = 100
STEPS_BEFORE_CANCEL = 200
PATIENCE_SECONDS = 300.0
TRAINING = ("--preset", "vanilla-cnn", "--data", "starter", "--limit", "2000", "--epochs", "1")


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        os.environ[PROFILE_VARIABLE] = str(profile.root)
        _trainer("datasets", "fetch", "starter")
        run = profile.runs / "vanilla"
        _trainer("train", *TRAINING, "--run-dir", str(run))
        rows = _child_rows(run)
        rows += _page_rows(profile, run / "bundle", "vanilla-cnn")
        return rows + _page_rows(profile, default_bundle(), "the bundled recogniser, LiteRT")


def _trainer(*arguments: str) -> None:
    command = [sys.executable, "-m", "trainer", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def _child_rows(run: Path) -> list[Row]:
    began = perf_counter()
    with LayerServer(["--model", str(run)]) as server:
        start = perf_counter() - began
        server.ask({"open": {"data": "starter"}})
        one = {"layers": ["conv2d"]}
        rows = [
            Row("vanilla-cnn, layers child: start → ready", (start,), "s"),
            Row("– maps of the first convolution", _looks(server, one), "ms", "≤ 150"),
            Row("– maps of all layers", _looks(server, {"layers": "all"}), "ms", "≤ 150"),
            Row("– occlusion map", _looks(server, {"occlusion": True}), "ms"),
            Row("– gradient map", _looks(server, {"gradient": True}), "ms"),
        ]
        pca = seconds(lambda: server.ask({"map": {"method": "pca", "samples": SAMPLES}}))
        tsne = seconds(lambda: server.ask({"map": {"method": "tsne", "samples": SAMPLES}}))
        return [
            *rows,
            Row(f"– {SAMPLES:,} samples embedded, PCA", (pca,), "s"),
            Row("– t-SNE of them", (tsne,), "s"),
            Row("– t-SNE: cancel → ended", (_cancel(server),), "s"),
        ]


def _looks(server: LayerServer, request: Mapping[str, object]) -> tuple[float, ...]:
    def look(number: int) -> object:
        image = coded(ink_to_image(_ink(number)))
        return server.ask({"look": {"image": image, **request}})

    look(0)
    return tuple(1000 * seconds(partial(look, number)) for number in range(LOOKS))


def _cancel(server: LayerServer) -> float:
    """Return the time from a cancel to the end of t-SNE."""
    began = [0.0]
    number = server.send({"map": {"method": "tsne", "samples": SAMPLES, "seed": 0}})
    for record in server.records():
        if record.get("id") != number:
            continue
        if record.get("phase") == "t-SNE" and record["done"] == STEPS_BEFORE_CANCEL:
            began[0] = perf_counter()
            server.send({"cancel": number})
        if "cancelled" in record:
            break
    return perf_counter() - began[0]


def _page_rows(profile: Profile, bundle: Path, name: str) -> list[Row]:
    application = QApplication.instance() or QApplication([])
    store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
    page = LayersPage(PageServices(profile, Settings(store), Catalog(profile)))
    page.resize(900, 640)
    page.set_drawing(_ink(0))
    page.show_subject(ModelContext(bundle, name, data="starter"))
    page.show()
    _wait(application, lambda: page.features.pictures is not None and page.source.count > 0)
    live = tuple(_shown_after(application, page, _ink(number)) for number in range(LOOKS))
    shut_down(page)
    page.close()
    return [Row(f"drawing → first convolution's maps painted, {name}", live, "ms", "≤ 150")]


def _shown_after(application: QCoreApplication, page: LayersPage, ink: Ink) -> float:
    before = page.features.pictures
    began = perf_counter()
    page.set_drawing(ink)
    _wait(application, lambda: page.features.pictures is not before)
    page.repaint()
    return 1000 * (perf_counter() - began)


def _wait(application: QCoreApplication, is_so: Callable[[], bool]) -> None:
    end = perf_counter() + PATIENCE_SECONDS
    while not is_so():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if perf_counter() > end:
            raise TimeoutError


def _ink(number: int) -> Ink:
    """Return a drawing, each another one: a loop above a stroke."""
    turn = np.linspace(0, 2 * np.pi, 30)
    loop = np.stack([(20 + number % 9) * np.sin(turn), 20 - 20 * np.cos(turn)], axis=1)
    return Ink.from_points([loop, [(0, 40), (number % 7, 90 + number % 11)]])
