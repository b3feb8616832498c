"""Filters of the grid: split, order, writer and characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from emnist_desktop.datasets.class_picker import ClassPicker
from emnist_desktop.datasets.query import NO_CLASS, SampleOrder, SampleQuery, classes_of_text
from emnist_desktop.ui.controls import caption_form, combo_box
from emnist_desktop.ui.format import fill_in, local, split_text
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING
from trainer.datasets.dataset import Dataset
from trainer.ink.alphabet import class_names

_CAPTION_WIDTH = 62
_COMBO_WIDTH = 6


class FilterBar(QWidget):
    """Edits a `SampleQuery`.

    Signals
    -------
    split_changed : str
    query_changed
        See `query`.
    """

    split_changed = Signal(str)
    query_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.query = SampleQuery()
        self._alphabet: tuple[str, ...] = ()
        self.split = combo_box(name=self.tr("Split"), width=_COMBO_WIDTH)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("type characters: A g 7"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Search characters"))
        self.search.setToolTip(self.tr("Show these characters only (Ctrl+F)"))
        self.writer = combo_box(name=self.tr("Writer"), width=_COMBO_WIDTH)
        self.order = combo_box(
            (
                (self.tr("Number"), SampleOrder.INDEX.value),
                (self.tr("Character"), SampleOrder.CLASS.value),
                (self.tr("Untypical first"), SampleOrder.FARTHEST.value),
                (self.tr("Typical first"), SampleOrder.NEAREST.value),
                (self.tr("Like another first"), SampleOrder.CONFUSED.value),
                (self.tr("Shuffled"), SampleOrder.SHUFFLED.value),
            ),
            tip=self.tr("Typical: near the mean image of its class; measured when first asked for"),
            name=self.tr("Order"),
            width=_COMBO_WIDTH,
        )
        tip = self.tr(
            "Samples to which, of all other classes, this one's mean image is the nearest"
        )
        self.like = combo_box(tip=tip, name=self.tr("Looks like"), width=_COMBO_WIDTH)
        self.picker = ClassPicker()
        self._lay_out()
        self.split.currentIndexChanged.connect(self._on_split_changed)
        self.search.textChanged.connect(self._on_search_changed)
        self.writer.currentIndexChanged.connect(self._on_writer_changed)
        self.order.currentIndexChanged.connect(self._on_order_changed)
        self.like.currentIndexChanged.connect(self._on_like_changed)
        self.picker.classes_changed.connect(self._on_classes_changed)

    @property
    def split_name(self) -> str:
        """The split that is chosen; empty for none."""
        return str(self.split.currentData() or "")

    def show_splits(self, counts: Mapping[str, int], chosen: str) -> None:
        """Offer splits, one of them chosen; say nothing."""
        with QSignalBlocker(self.split):
            self.split.clear()
            for name, count in counts.items():
                self.split.addItem(f"{split_text(name)} ({local(count)})", name)
            self.split.setCurrentIndex(max(0, self.split.findData(chosen)))

    def show_classes(self, alphabet: Sequence[str], counts: Sequence[int]) -> None:
        """Offer the characters of a split; those that were chosen stay if it knows them."""
        if tuple(alphabet) != self._alphabet:
            self._alphabet = tuple(alphabet)
            self.query = replace(self.query, classes=frozenset(), like=None)
            self._clear_search()
            with QSignalBlocker(self.like):
                self.like.clear()
                self.like.addItem(self.tr("anything"), None)
                for label, name in enumerate(class_names(alphabet)):
                    self.like.addItem(name, label)
        self.query = replace(self.query, among=None, title="")
        self.picker.show_classes(alphabet, counts)
        self.picker.set_classes(self.query.classes - NO_CLASS)

    def show_writers(self, writers: Sequence[tuple[int, int]], data: Dataset) -> None:
        """Offer writers, each with how many samples are theirs; all of them are shown."""
        with QSignalBlocker(self.writer):
            self.writer.clear()
            self.writer.addItem(fill_in(self.tr("everybody ({0:,})"), len(writers)), None)
            for number, count in writers:
                self.writer.addItem(f"{data.writer_name(number)} ({local(count)})", number)
        self.query = replace(self.query, writer=None)
        self._form.setRowVisible(self.writer, len(writers) > 1)

    @Slot()
    def show_all(self) -> None:
        """Drop every filter, and an order that came with one."""
        order = SampleOrder.INDEX if self.query.order is SampleOrder.CONFUSED else self.query.order
        self.restrict(SampleQuery(order=order, seed=self.query.seed))

    def forget_order(self) -> None:
        """Show samples as they are numbered; say nothing."""
        with QSignalBlocker(self.order), QSignalBlocker(self.like):
            self.order.setCurrentIndex(self.order.findData(SampleOrder.INDEX.value))
            self.like.setCurrentIndex(0)
        self.query = replace(self.query, order=SampleOrder.INDEX, like=None)

    @Slot()
    def shuffle(self) -> None:
        """Show the samples in another random order; the same seed gives the same order."""
        seed = self.query.seed + (self.query.order is SampleOrder.SHUFFLED)
        self.restrict(replace(self.query, order=SampleOrder.SHUFFLED, seed=seed))

    def restrict(self, query: SampleQuery) -> None:
        """Show a query, such as one from elsewhere."""
        with (
            QSignalBlocker(self.writer),
            QSignalBlocker(self.order),
            QSignalBlocker(self.like),
        ):
            if query.classes != self._searched(self.search.text()):
                self._clear_search()
            self.writer.setCurrentIndex(max(0, self.writer.findData(query.writer)))
            self.order.setCurrentIndex(self.order.findData(query.order.value))
            self.like.setCurrentIndex(max(0, self.like.findData(query.like)))
        self.picker.set_classes(query.classes - NO_CLASS)
        self._set(query)

    def _set(self, query: SampleQuery) -> None:
        self.query = query
        self.query_changed.emit()

    def _clear_search(self) -> None:
        """Empty the field; say nothing. Blocked signals would leave its button to clear it."""
        self.search.textChanged.disconnect(self._on_search_changed)
        self.search.clear()
        self.search.textChanged.connect(self._on_search_changed)

    @Slot(int)
    def _on_split_changed(self, index: int) -> None:
        self.split_changed.emit(self.split_name)

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        classes = self._searched(text)
        self.picker.set_classes(classes - NO_CLASS)
        self._set(replace(self.query, classes=classes))

    def _searched(self, text: str) -> frozenset[int]:
        found = classes_of_text(text, self._alphabet)
        return found if found or not text.strip() else NO_CLASS

    @Slot(int)
    def _on_writer_changed(self, index: int) -> None:
        self._set(replace(self.query, writer=self.writer.currentData()))

    @Slot(int)
    def _on_order_changed(self, index: int) -> None:
        self._set(replace(self.query, order=SampleOrder(self.order.currentData())))

    @Slot(int)
    def _on_like_changed(self, index: int) -> None:
        like = self.like.currentData()
        order = self.query.order if like is None else SampleOrder.CONFUSED
        self.restrict(replace(self.query, like=like, order=order))

    @Slot(object)
    def _on_classes_changed(self, classes: frozenset[int]) -> None:
        self._clear_search()
        self._set(replace(self.query, classes=classes))

    def _lay_out(self) -> None:
        fields = (
            (self.tr("Split"), self.split),
            (self.tr("Order"), self.order),
            (self.tr("Looks like"), self.like),
            (self.tr("Writer"), self.writer),
            (self.tr("Search"), self.search),
        )
        self._form = caption_form(*fields, width=_CAPTION_WIDTH, spacing=SPACING // 2)
        self.setLayout(vbox(self._form, self.picker, 1))
