"""A page of errors with a report of the tests' own, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.models.errors.browser import ErrorsBrowser
from emnist_desktop.models.errors.gallery import Gallery
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.report_store import report_folder
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import TEST, DatasetWriter
from trainer.evaluation.report.report import make_report
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

CHARACTERS = ("0", "5", "O", "S", "X")
FIVE, CAPITAL_O, S, X = 1, 2, 3, 4
N = 40
LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
WRONG = {0: (CAPITAL_O, 0.8), 1: (S, 0.7), 6: (S, 0.9), 11: (X, 0.6), 13: (FIVE, 0.5), 4: (S, 0.95)}
"""Samples that the model of the tests misreads: as what, and how surely."""

SUREST = ["X → S 95 %", "5 → S 90 %", "0 → O 80 %", "5 → S 70 %", "5 → X 60 %", "S → 5 50 %"]

MakePage = Callable[[ModelContext | None], ErrorsPage]
"""Makes a page that is shown, with a subject or without."""


def write_dataset(
    folder: Path, splits: tuple[str, ...] = (TEST,), labels: npt.NDArray[np.int64] | None = None
) -> None:
    """Write images of which each is as grey as its number."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    labels = np.arange(N, dtype=np.int64) % len(CHARACTERS) if labels is None else labels
    images = np.zeros((len(labels), 28, 28), dtype=np.uint8)
    images += (5 * np.arange(len(labels), dtype=np.uint8))[:, None, None]
    with DatasetWriter(folder, title="Grey ones", alphabet=CHARACTERS, terms="Free.") as writer:
        for split in splits:
            writer.append(split, images, labels, labels + 100)


def write_report(
    profile: Profile, subject: ModelContext, wrong: dict[int, tuple[int, float]], n: int = N
) -> None:
    """Keep a report as ``evaluate --out`` does."""
    truth = np.arange(n, dtype=np.int64) % len(CHARACTERS)
    probabilities = np.full((n, len(CHARACTERS)), 0.02, dtype=np.float32)
    probabilities[np.arange(n), truth] = 0.92
    for row, (predicted, sure) in wrong.items():
        probabilities[row] = (1 - sure) / (len(CHARACTERS) - 1)
        probabilities[row, predicted] = sure
    inks = [Ink.from_points([[(0, 0), (place + 1, 9)]]) for place in range(n)]
    data = PenArchive.from_inks("some", CHARACTERS, inks, truth)
    report = make_report(CHARACTERS, probabilities, data)
    about = {"model": subject.title, "data": subject.data, "made": "2096-01-01T00:00:00+00:00"}
    replace(report, figures={**about, **report.figures}).save(report_folder(profile, subject))


def shown(page: ErrorsPage, qtbot: QtBot) -> ErrorsBrowser:
    qtbot.waitUntil(lambda: page.browser is not None and page.browser.isVisible())
    assert page.browser is not None
    return page.browser


def captions(gallery: Gallery) -> list[str]:
    model = gallery.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def said(page: ErrorsPage) -> str:
    assert page.stack.currentWidget() is page.notice
    return f"{page.notice.sentence.text()} {page.notice.hint.text()}"


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, LEFT)


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Go through a box with the keys until it says something."""
    box.setFocus()
    qtbot.keyClick(box, KEY.Key_Home)
    while not box.currentText().startswith(text):
        before = box.currentIndex()
        qtbot.keyClick(box, KEY.Key_Down)
        assert box.currentIndex() > before, f"{text} is not offered"


def grey_at(gallery: Gallery, place: int) -> int:
    """Return how bright a tile's image is, as painted."""
    area = gallery.visualRect(gallery.model().index(place, 0))
    picture: QImage = gallery.viewport().grab().toImage()
    return picture.pixelColor(area.center()).red()
