"""Issues of the data: duplicate samples, and doubtful labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, TilesView
from emnist_desktop.ui.controls import push_button, spin_box
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.grids.image_grid import Tile
from emnist_desktop.ui.style import wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.duplicates import (
    NEAR,
    DuplicatePairs,
    Duplicates,
    SamplePosition,
    find_duplicates,
)
from trainer.datasets.analysis.neighbours import N_NEIGHBOURS, LabelIssues, find_label_issues
from trainer.datasets.analysis.statistics import Indices, pixel_statistics
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import TEST, VALIDATION
from trainer.ink.alphabet import AMBIGUOUS_GROUPS
from trainer.ink.render import Images

MOST_TILES = 400
"""Findings that are shown; the grid can show all."""

_LARGEST_NEAR = 20
_DOUBTED = 0.5
"""A label is in doubt when more than this share of the neighbours have another."""

_STATISTICS_SHARE = 0.1
"""Of the time that the search for doubtful labels takes."""


@dataclass(frozen=True, eq=False)
class _LabelPair:
    """Two places, their images and labels."""

    places: tuple[SamplePosition, SamplePosition]
    images: tuple[Images, Images]
    labels: tuple[int, int]
    distance: float
    crosses: bool


@dataclass(frozen=True, eq=False)
class _Copies:
    found: Duplicates
    pairs: tuple[_LabelPair, ...]


class Copies(TilesView):
    """Pairs of equal and nearly equal samples of all splits; leaks come first."""

    def __init__(self) -> None:
        super().__init__(images_per_tile=2)
        self.tiles.setAccessibleName(self.tr("Pairs of samples that are alike"))
        tip = self.tr("How much two images may differ, in grey levels a pixel; 0 finds equal ones")
        self.near = spin_box(0, _LARGEST_NEAR, round(NEAR), tip=tip)
        self.near.setKeyboardTracking(False)
        self.near.setAccessibleName(self.tr("Greatest difference in grey levels"))
        self.near.valueChanged.connect(self._on_near_changed)
        caption = QLabel(self.tr("Differ up to"))
        caption.setBuddy(self.near)
        self.show_all = QPushButton(self.tr("Show in grid"))
        self.show_all.clicked.connect(self._on_show_all_clicked)
        self.leak = wrapped_label()
        for widget in (caption, self.near, self.show_all):
            self.controls.addWidget(widget)
        self.body.insertWidget(0, self.leak)

    def key(self, shown: DatasetSelection) -> object:
        """Return what the pairs depend on: not on the split, since all are searched."""
        return shown.stored, self.near.value()

    def work(self, shown: DatasetSelection) -> Work:
        """Search."""
        splits, near = shown.stored.splits, float(self.near.value())

        def search(context: Context) -> _Copies:
            found = find_duplicates(splits, near, context.report, context.check)
            pairs = (*_pairs(found.exact, splits), *_pairs(found.near, splits))
            ranked = sorted(pairs, key=lambda p: (not p.crosses, p.labels[0] == p.labels[1]))
            return _Copies(found, tuple(ranked[:MOST_TILES]))

        return search

    def clear_result(self) -> None:
        """Show no pairs."""
        super().clear_result()
        self.leak.hide()
        self.show_all.setEnabled(False)

    def show_result(self, shown: DatasetSelection, result: _Copies) -> None:
        """Show the pairs."""
        found = result.found
        self._show_leak(shown, found)
        self.sentence.setText(self._summary(found))
        self.tiles.set_tiles([self._tile(shown, pair) for pair in result.pairs])
        count = len(self._copies_in(shown.split, found))
        self.show_all.setEnabled(count > 0)
        self.show_all.setToolTip(
            fill_in(self.tr("Show {0:,} samples of {1} that have a double"), count, shown.split)
        )

    def _show_leak(self, shown: DatasetSelection, found: Duplicates) -> None:
        exact, near = found.exact.n_leaked(), found.near.n_leaked()
        validation = found.exact.n_leaked(VALIDATION)
        sizes = {split: len(data) for split, data in shown.stored.splits.items()}
        n_test = sizes.get(TEST, 0)
        parts = []
        if exact:
            parts.append(
                fill_in(
                    self.tr(
                        "A leak from training to test: {0:,} of {1:,} test samples. What is "
                        "measured on them says nothing about new handwriting."
                    ),
                    exact,
                    n_test,
                )
            )
        if near:
            parts.append(
                fill_in(
                    self.tr(
                        "A possible leak: {0:,} of {1:,} test samples with a near double in the "
                        "training data; look whether they are copies, or just simple shapes."
                    ),
                    near,
                    n_test,
                )
            )
        if validation:
            parts.append(
                fill_in(
                    self.tr(
                        "{0:,} of {1:,} validation samples are in the training data, too: the "
                        "validation accuracy is too high."
                    ),
                    validation,
                    sizes[VALIDATION],
                )
            )
        palette = QPalette(self.palette())
        doubt = palette.color(QPalette.ColorRole.BrightText)
        palette.setColor(QPalette.ColorRole.WindowText, doubt)
        self.leak.setPalette(palette)
        self.leak.setText(" ".join(parts))
        self.leak.setVisible(bool(parts))

    def _summary(self, found: Duplicates) -> str:
        exact, near = found.exact, found.near
        if not len(exact) and not len(near):
            return self.tr("No two samples of the dataset are alike.")
        sentence = fill_in(
            self.tr("Exact copies in the whole dataset: {0:,}."), exact.n_superfluous
        )
        pairs = self.tr("Nearly equal pairs: {0:,}.")
        if not near.is_complete:
            pairs = self.tr("Nearly equal pairs: more than {0:,}.")
        sentence += " " + fill_in(pairs, len(near))
        disagreeing = int(exact.disagree.sum() + near.disagree.sum())
        if disagreeing:
            labels = fill_in(self.tr("Pairs whose labels differ: {0:,}."), disagreeing)
            sentence += " " + labels
        if len(exact) + len(near) > MOST_TILES:
            sentence += " " + self.tr("The first {0} are below.").format(MOST_TILES)
        return sentence

    def _tile(self, shown: DatasetSelection, pair: _LabelPair) -> Tile:
        one, other = (shown.names[label] for label in pair.labels)
        differs = pair.labels[0] != pair.labels[1]
        caption = f"{one} ≠ {other}" if differs else one
        if pair.crosses:
            caption += " · " + self.tr("leak")
        places = [f"{place.split} {local(place.index)}" for place in pair.places]
        name = self.tr("{0} ({1}) and {2} ({3}), {4:.1f} grey levels apart. Click to see one.")
        described = fill_in(name, one, places[0], other, places[1], pair.distance)
        return Tile(pair.images, caption, described, differs or pair.crosses)

    def _copies_in(self, split: str, found: Duplicates) -> Indices:
        """Return the samples of a split that have a double anywhere."""
        positions = np.concatenate(
            [found.exact.first, found.exact.second, found.near.first, found.near.second]
        )
        pairs = found.exact
        start = pairs.starts[pairs.splits.index(split)]
        later = [s for s in pairs.starts if s > start]
        own = positions[(positions >= start) & (positions < min(later, default=2**62))]
        copies: Indices = np.unique(own - start)
        return copies

    @Slot()
    def _on_near_changed(self) -> None:
        self.clear_result()
        self.refresh()

    @Slot()
    def _on_show_all_clicked(self) -> None:
        if self.shown is not None and self.result is not None:
            copies = self._copies_in(self.shown.split, self.result.found)
            self.filter_requested.emit(copies, self.tr("Copies"))

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        if self.result is not None:
            pair, part = divmod(number, 2)
            place = self.result.pairs[pair].places[part]
            self.sample_requested.emit(place.split, place.index)


def _pairs(found: DuplicatePairs, splits: Mapping[str, Dataset]) -> Iterator[_LabelPair]:
    """Return the pairs to show: first those across splits, then those whose labels differ."""
    crossing = found.crossing
    order = np.lexsort((found.distances, ~found.disagree, ~crossing))[:MOST_TILES]
    for number in order.tolist():
        places = found.place(found.first[number]), found.place(found.second[number])
        samples = [(splits[place.split], place.index) for place in places]
        one, other = (np.asarray(data.images[index]) for data, index in samples)
        first, second = (int(data.labels[index]) for data, index in samples)
        distance = float(found.distances[number])
        yield _LabelPair(places, (one, other), (first, second), distance, bool(crossing[number]))


@dataclass(frozen=True, eq=False)
class _Issues:
    """Samples in doubt, those of characters that look alike last.

    Attributes
    ----------
    indices, suggested : ndarrays of shape (n,), dtype=int64
    votes : ndarray of shape (n,), dtype=float32
    images : ndarray of shape (m, height, width), dtype=uint8
        Of the first ones.
    n_alike : int
    """

    indices: Indices
    suggested: Indices
    votes: npt.NDArray[np.float32]
    images: Images
    n_alike: int


def _issues(found: LabelIssues, data: Dataset) -> _Issues:
    n = int((found.votes > _DOUBTED).sum())
    own = [data.alphabet[label] for label in data.labels[found.indices[:n]].tolist()]
    other = [data.alphabet[label] for label in found.suggested[:n].tolist()]
    alike = np.array([_look_alike(*pair) for pair in zip(own, other, strict=True)], dtype=bool)
    order = np.argsort(alike, kind="stable")
    indices = found.indices[:n][order]
    images = np.asarray(data.images[indices[:MOST_TILES]])
    votes = found.votes[:n][order]
    return _Issues(indices, found.suggested[:n][order], votes, images, int(alike.sum()))


def _look_alike(one: str, other: str) -> bool:
    """Return whether one drawing can often mean both characters."""
    if one.lower() == other.lower():
        return True
    pair = {one.upper(), other.upper()}
    return any(pair <= {c.upper() for c in group} for group in AMBIGUOUS_GROUPS)


class LabelIssuesView(TilesView):
    """Samples far from their class whose neighbours have other labels, the oddest first."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles.setAccessibleName(self.tr("Samples whose label is in doubt"))
        self.show_all = push_button(
            self.tr("Show in grid"), self.tr("Show the samples in doubt, the oddest first")
        )
        self.show_all.clicked.connect(self._on_show_all_clicked)
        self.controls.addWidget(self.show_all)

    def work(self, shown: DatasetSelection) -> Work:
        """Search."""
        data, indices, n_classes = shown.data, shown.indices, len(shown.alphabet)

        def search(context: Context) -> _Issues:
            first, rest = context.part(0.0, _STATISTICS_SHARE), context.part(_STATISTICS_SHARE, 1.0)
            images, labels, check = data.images, data.labels, context.check
            statistics = pixel_statistics(images, labels, n_classes, first, check)
            return _issues(
                find_label_issues(images, labels, statistics, rest, check, indices), data
            )

        return search

    def clear_result(self) -> None:
        """Show no samples."""
        super().clear_result()
        self.show_all.setEnabled(False)

    def show_result(self, shown: DatasetSelection, result: _Issues) -> None:
        """Show the samples in doubt."""
        count = len(result.indices)
        self.show_all.setEnabled(count > 0)
        if count:
            sentence = fill_in(
                self.tr(
                    "Labels in doubt: {0:,}. The sample is far from the mean of its class, and "
                    "most of its {1} nearest neighbours have another label. Some are only unusual "
                    "hands."
                ),
                count,
                N_NEIGHBOURS,
            )
            if result.n_alike:
                sentence += " " + fill_in(
                    self.tr("The last {0:,} are of characters that look alike, such as 0 and O."),
                    result.n_alike,
                )
        else:
            sentence = self.tr("No label is in doubt.")
        self.sentence.setText(sentence)
        tiles = []
        for number, image in enumerate(result.images):
            index = int(result.indices[number])
            own = shown.names[int(shown.data.labels[index])]
            other = shown.names[int(result.suggested[number])]
            name = fill_in(
                self.tr(
                    "Sample {0:,} is labelled {1}; {2:.0%} of its neighbours have another label, "
                    "most of them {3}. Click to see it."
                ),
                index,
                own,
                float(result.votes[number]),
                other,
            )
            tiles.append(Tile((image,), f"{own} → {other}?", name))
        self.tiles.set_tiles(tiles)

    @Slot()
    def _on_show_all_clicked(self) -> None:
        if self.result is not None:
            self.filter_requested.emit(self.result.indices, self.tr("Labels in doubt"))

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        if self.shown is not None and self.result is not None:
            index = int(self.result.indices[number])
            self.sample_requested.emit(self.shown.split, index)
