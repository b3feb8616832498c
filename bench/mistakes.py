"""Time from a click on the confusion matrix of 18,800 samples to its gallery."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from bench.table import Row
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.report_store import report_folder
from emnist_desktop.settings import Settings
from trainer.datasets.catalog import Catalog
from trainer.datasets.store import TEST, DatasetWriter, open_dataset
from trainer.evaluation.report.report import make_report
from trainer.files.paths import Profile, default_bundle
from trainer.ink.alphabet import BALANCED
from trainer.recognition.recognizer import Probabilities

SAMPLES = 18_800
WRONG_SHARE = 0.13
FIRST_CLICKS, CLICKS = 7, 100
WINDOW = (1080, 720)
NAME = "balanced-size"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        subject = ModelContext(default_bundle(), "Bench", data=NAME, split=TEST)
        probabilities = _prepare(profile, subject)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        pairs = _confusions(probabilities)
        first = [
            Clicking(profile, subject, application).click(*pairs[0]) for _ in range(FIRST_CLICKS)
        ]
        clicking = Clicking(profile, subject, application)
        clicking.click(*pairs[0])
        later = [clicking.click(*pairs[index % len(pairs)]) for index in range(CLICKS)]
        every = [clicking.click(None, None) for _ in range(FIRST_CLICKS)]
        return [
            Row("first click on a confusion → gallery painted", tuple(first), "ms", "≤ 200"),
            Row("every later one", tuple(later), "ms", "≤ 200"),
            Row("all 2,400 mistakes", tuple(every), "ms", "≤ 200"),
        ]


class Clicking(QObject):
    """Switches from another page to the errors, as the tab does after a click on the matrix."""

    def __init__(self, profile: Profile, subject: ModelContext, application: QApplication) -> None:
        super().__init__()
        self._application = application
        settings = Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))
        self._page = ErrorsPage(PageServices(profile, settings, Catalog(profile)))
        self._page.show_subject(subject)
        self._elsewhere = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._elsewhere)
        self._stack.addWidget(self._page)
        self._stack.resize(*WINDOW)
        self._stack.show()
        application.processEvents()
        self._is_painted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        browser = self._page.browser
        if event.type() == QEvent.Type.Paint and browser is not None:
            self._is_painted = self._is_painted or watched is browser.gallery.viewport()
        return False

    def click(self, true: str | None, predicted: str | None) -> float:
        """Return milliseconds."""
        self._stack.setCurrentWidget(self._elsewhere)
        self._application.processEvents()
        self._is_painted = False
        began = perf_counter()
        self._stack.setCurrentWidget(self._page)
        self._page.show_pair(true, predicted)
        self._application.installEventFilter(self)
        while not self._is_painted:
            self._application.processEvents()
        self._application.removeEventFilter(self)
        return 1000 * (perf_counter() - began)


def _prepare(profile: Profile, subject: ModelContext) -> Probabilities:
    """Write a dataset, and the report of a model with some errors on it."""
    generator = np.random.default_rng(1)
    labels = np.arange(SAMPLES) % len(BALANCED)
    profile.datasets.mkdir(parents=True)
    with DatasetWriter(profile.datasets / NAME, title="18,800", alphabet=BALANCED) as writer:
        images = generator.integers(0, 256, (SAMPLES, 28, 28), dtype=np.uint8)
        writer.append(TEST, images, labels)
    answers = labels.copy()
    wrong = generator.random(SAMPLES) < WRONG_SHARE
    answers[wrong] = (labels[wrong] + generator.integers(1, 4, wrong.sum())) % len(BALANCED)
    probabilities: Probabilities = generator.random((SAMPLES, len(BALANCED)), np.float32)
    probabilities *= np.float32(0.01)
    probabilities[np.arange(SAMPLES), answers] += generator.random(SAMPLES, np.float32)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    data = open_dataset(profile.datasets / NAME).splits[TEST]
    report = make_report(BALANCED, probabilities, data)
    about = {"model": subject.title, "data": NAME, "made": datetime.now(UTC).isoformat()}
    replace(report, figures={**about, **report.figures}).save(report_folder(profile, subject))
    return probabilities


def _confusions(probabilities: Probabilities) -> list[tuple[str, str]]:
    truth = np.arange(SAMPLES) % len(BALANCED)
    answers = probabilities.argmax(axis=1)
    wrong = answers != truth
    codes = np.unique(truth[wrong] * len(BALANCED) + answers[wrong]).tolist()
    return [(BALANCED[code // len(BALANCED)], BALANCED[code % len(BALANCED)]) for code in codes]
