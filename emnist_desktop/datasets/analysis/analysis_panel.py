"""Analyses of a dataset beside the grid: classes, means, pixels and more."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QToolButton, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, DatasetView
from emnist_desktop.datasets.analysis.augmentation_preview import AugmentationPreview
from emnist_desktop.datasets.analysis.class_distribution import ClassDistribution
from emnist_desktop.datasets.analysis.class_tiles import ClassMeans, ClassSamples
from emnist_desktop.datasets.analysis.label_issues import Copies, LabelIssuesView
from emnist_desktop.datasets.analysis.pixel_average import PixelAverage
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.format import fill_in, split_text
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import MARGIN, wrapped_label
from trainer.datasets.analysis.statistics import Indices
from trainer.datasets.store import StoredDataset

_REMEMBERED = 4
"""Selections of a dataset that were looked at last; their pictures need not be made again."""

_BUTTON_GAP = 4


class AnalysisPanel(QWidget):
    """Pictures of a dataset, each made when it is first looked at.

    Signals
    -------
    sample_requested : str, int
        Split and index of a sample that was clicked.
    filter_requested : object, str
        The grid shall show these samples of the split (an array of indices, int64); a title.
    """

    sample_requested = Signal(str, int)
    filter_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: DatasetSelection | None = None
        self._recent: list[DatasetSelection] = []
        self._requested: Indices | None = None
        self.distribution = ClassDistribution()
        self.means = ClassMeans()
        self.pixels = PixelAverage()
        self.class_samples = ClassSamples()
        self.augmentation = AugmentationPreview()
        self.copies = Copies()
        self.label_issues = LabelIssuesView()
        self.nothing = wrapped_label()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption = wrapped_label()
        self.caption.setObjectName("caption")
        self.stack = QStackedWidget()
        views: dict[DatasetView, tuple[str, str]] = {
            self.distribution: (self.tr("Classes"), self.tr("How many samples each class has")),
            self.means: (self.tr("Means"), self.tr("The mean image of each class")),
            self.pixels: (self.tr("Pixels"), self.tr("The average of each pixel, and scaling")),
            self.class_samples: (self.tr("One of each"), self.tr("One sample of every class")),
            self.augmentation: (
                self.tr("Augmentation"),
                self.tr("What augmentation does to samples"),
            ),
            self.copies: (self.tr("Copies"), self.tr("Samples that occur twice, and leaks")),
            self.label_issues: (self.tr("Odd labels"), self.tr("Samples far from their class")),
        }
        self.views = tuple(views)
        self.choice = _Choice(views.values())
        self.choice.chosen.connect(self._on_choice_chosen)
        for view in self.views:
            view.sample_requested.connect(self.sample_requested)
            view.filter_requested.connect(self._on_filter_requested)
            self.stack.addWidget(view)
        self.setLayout(
            vbox(self.choice, self.caption, (self.stack, 1), (self.nothing, 1), margins=MARGIN)
        )
        self._show_or_hide()

    def show_dataset(
        self, stored: StoredDataset, split: str, indices: npt.NDArray[Any] | None = None
    ) -> None:
        """Turn to a split of a dataset, or to some of its samples.

        Samples that the panel itself asked the grid to show leave it as it is: who clicks one
        class after another wants to keep the overview.

        Parameters
        ----------
        stored : StoredDataset
        split : str
        indices : ndarray of shape (n,), dtype=int64, or None
            None for the whole split.
        """
        chosen = None if indices is None else np.sort(np.asarray(indices, dtype=np.int64))
        before = self.shown
        is_same = before is not None and before.stored is stored and before.split == split
        if is_same and chosen is not None and _equal(chosen, self._requested):
            return
        if before is not None and before.stored is not stored:
            self._let_go()
        self._requested = None
        self.shown = self._selection_of(stored, split, chosen)
        if not is_same:
            self.augmentation.show_selection(np.empty(0, dtype=np.int64))
        self._show_or_hide()
        self._present()

    def show_nothing(self) -> None:
        """Let go of all data, so that a dataset can be removed from the disk."""
        self._let_go()
        for view in self.views:
            view.task.shutdown()
        self.augmentation.show_selection(np.empty(0, dtype=np.int64))
        self._show_or_hide()

    def _let_go(self) -> None:
        self.shown = self._requested = None
        self._recent = []
        for view in self.views:
            view.forget()

    def show_selection(self, indices: npt.NDArray[Any]) -> None:
        """Turn to the samples that are chosen in the grid: the augmentation varies them."""
        self.augmentation.show_selection(np.asarray(indices, dtype=np.int64))
        if self.isVisible() and self.stack.currentWidget() is self.augmentation:
            self.augmentation.refresh()

    def choose(self, view: DatasetView) -> None:
        """Turn to one of the views."""
        self.choice.choose(self.views.index(view))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin what waited for somebody to look."""
        super().showEvent(event)
        self._present()

    def _selection_of(
        self, stored: StoredDataset, split: str, indices: Indices | None
    ) -> DatasetSelection:
        """Return the same object for the same data, by which the views know their results."""
        for shown in self._recent:
            same = shown.stored is stored and shown.split == split
            if same and _equal(shown.indices, indices):
                return shown
        shown = DatasetSelection(stored, split, indices)
        self._recent = [*self._recent[1 - _REMEMBERED :], shown]
        return shown

    def _present(self) -> None:
        view = self.stack.currentWidget()
        if self.shown is None or not self.isVisible() or not isinstance(view, DatasetView):
            return
        if view.shown is self.shown:
            if view is self.augmentation:
                view.refresh()
        else:
            view.present(self.shown)

    def _show_or_hide(self) -> None:
        has_samples = self.shown is not None and self.shown.n > 0
        self.choice.setEnabled(has_samples)
        self.stack.setVisible(has_samples)
        self.nothing.setVisible(not has_samples)
        self.caption.setVisible(has_samples)
        shown = self.shown
        if shown is None:
            self.nothing.setText(self.tr("Open a dataset to see what it is like."))
        elif not has_samples:
            self.nothing.setText(self.tr("There are no samples here."))
        else:
            whole = self.tr("{0}, {1}: all {2:,} samples")
            part = self.tr("{0}, {1}: the {2:,} samples that the grid shows")
            text = whole if shown.indices is None else part
            facts = (trainer_text(shown.stored.card.title), split_text(shown.split), shown.n)
            self.caption.setText(fill_in(text, *facts))

    @Slot(object, str)
    def _on_filter_requested(self, indices: object, title: str) -> None:
        self._requested = np.sort(np.asarray(indices, dtype=np.int64))
        self.filter_requested.emit(indices, title)

    @Slot(int)
    def _on_choice_chosen(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self._present()


def _equal(one: Indices | None, other: Indices | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


class _Choice(QWidget):
    """A button for each view, in as few lines as the width allows; one is down.

    Signals
    -------
    chosen : int
        The number of the button.
    """

    chosen = Signal(int)

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.setStyleSheet("QToolButton, QToolButton:focus { padding: 2px 5px; }")
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: list[QToolButton] = []
        for number, (name, tooltip) in enumerate(names):
            button = tool_button(name, tooltip, checkable=True)
            button.setParent(self)
            self._group.addButton(button, number)
            self.buttons.append(button)
        self.buttons[0].setChecked(True)
        self._group.idClicked.connect(self.chosen)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def choose(self, number: int) -> None:
        """Press a button."""
        self.buttons[number].click()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons into lines of about a length, each as wide as its text asks for."""
        super().resizeEvent(event)
        width = event.size().width()
        numbers = range(1, len(self.buttons) + 1)
        lines = next(
            (found for n in numbers if _longest(found := self._lines(n)) <= width),
            self._lines(len(self.buttons)),
        )
        height = self.buttons[0].sizeHint().height()
        for row, line in enumerate(lines):
            spare = max(0, width - _line_width(line)) // len(line)
            left = 0
            for button in line:
                wide = button.sizeHint().width() + spare
                button.setGeometry(left, row * (height + _BUTTON_GAP), wide, height)
                left += wide + _BUTTON_GAP
        self.setFixedHeight(len(lines) * (height + _BUTTON_GAP) - _BUTTON_GAP)

    def _lines(self, n: int) -> list[list[QToolButton]]:
        """Return the division into `n` lines whose longest line is shortest."""
        count = len(self.buttons)
        divisions = (
            [self.buttons[low:high] for low, high in itertools.pairwise((0, *inner, count))]
            for inner in itertools.combinations(range(1, count), n - 1)
        )
        return min(divisions, key=_longest)


def _line_width(line: list[QToolButton]) -> int:
    return sum(button.sizeHint().width() for button in line) + _BUTTON_GAP * (len(line) - 1)


def _longest(lines: list[list[QToolButton]]) -> int:
    return max(map(_line_width, lines))
