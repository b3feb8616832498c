"""One sample: its pixels, label and writer, predictions, and nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from emnist_desktop.datasets.inspect.ink_replay import InkReplay
from emnist_desktop.datasets.inspect.pixel_view import PixelView
from emnist_desktop.datasets.jobs import Neighbour, Neighbours, find_neighbours
from emnist_desktop.ui.charts.share_bars import ShareBar, ShareBars
from emnist_desktop.ui.controls import caption, push_button
from emnist_desktop.ui.format import fill_in, split_text
from emnist_desktop.ui.grids.image_grid import Tile, TileGrid
from emnist_desktop.ui.layout import ScrollArea, hbox, sheet, vbox
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import Task, failure_text
from trainer.datasets.analysis.neighbours import NeighbourSearch
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import StoredDataset
from trainer.errors import TrainerError
from trainer.files.file_array import is_in_file
from trainer.ink.alphabet import BYCLASS, CharacterSet, class_names, merged
from trainer.ink.render import IMAGE_SIZE, Image, scan_to_image
from trainer.recognition.recognizer import Candidate, Recognition, Recognizer

_NEIGHBOUR_SIDE = 40
_PAUSE_MS = 150
"""Nobody looks for the neighbours of a sample that is passed over with the arrow keys."""


class NeighbourStrip(TileGrid):
    """Neighbours, the nearest first, in as many lines as they need.

    Signals
    -------
    clicked : int
        Index of the sample that was clicked, or chosen with Enter.
    """

    gap = 5
    clicked = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__(_NEIGHBOUR_SIDE, growth=1.0)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.neighbours: tuple[Neighbour, ...] = ()
        self.activated.connect(self._on_activated)

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """Show these."""
        self.neighbours = tuple(neighbours)
        self.cursor_item = 0
        self.set_tiles([Tile((each.image,), each.name, self._facts(each)) for each in neighbours])

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a neighbour, smoothly: it is small."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint_cell(painter, number, area)

    def _facts(self, neighbour: Neighbour) -> str:
        text = self.tr("{0} · number {1:,} · distance {2:,.0f}")
        return fill_in(text, neighbour.name, neighbour.index, neighbour.distance)

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self.clicked.emit(self.neighbours[number].index)


class Inspector(ScrollArea):
    """Everything about one sample.

    Signals
    -------
    sample_requested : int
        Index in the split of a neighbour that was clicked.
    neighbours_requested : object, str
        Indices of samples that the grid shall show, and what they are.
    """

    sample_requested = Signal(int)
    neighbours_requested = Signal(object, str)
    errors_requested = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("The sample"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stored: StoredDataset | None = None
        self._split = ""
        self.index = -1
        """The sample that is shown; -1 for none."""
        self._recognizer: Recognizer | None = None
        self._search: NeighbourSearch | None = None
        self._archive: PenArchive | None = None
        self._are_inks_requested = False
        self._image: Image | None = None
        self._reading = Task(self, self._on_image_read, self._show_problem)
        self._neighbours = Task(self)
        self._inks = Task(self)
        self._recognition = Task(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._show_sample()

    def set_recognizer(self, recognizer: Recognizer | None) -> None:
        """Recognise with this from now on."""
        self._recognizer = recognizer
        self.recognise.setEnabled(recognizer is not None and self.index >= 0)
        self._show_candidates(())

    def show_split(self, stored: StoredDataset | None, split: str) -> None:
        """Turn to a split of a dataset; no sample of it is shown yet."""
        self._neighbours.cancel()
        self._inks.cancel()
        self._reading.drop()
        self._stored, self._split = stored, split
        self._archive, self._are_inks_requested = None, False
        data = self._data()
        self._search = None if data is None else NeighbourSearch(data.images)
        self.show_sample(-1)

    def show_sample(self, index: int) -> None:
        """Show a sample of the split; -1 for none."""
        self.index = index
        self._show_sample()

    def _data(self) -> Dataset | None:
        return None if self._stored is None else self._stored.splits.get(self._split)

    def _show_sample(self) -> None:
        self._neighbours.cancel()
        self._pause.stop()
        data, index = self._data(), self.index
        self._image = None
        self._reading.drop()
        self._show_candidates(())
        self.problem.hide()
        self._show_neighbours(Neighbours((), ()))
        self.recognise.setEnabled(self._recognizer is not None and data is not None and index >= 0)
        known = (self.title, self.pixels, self.pixel, self.recognise, self.errors)
        for part in (*known, self._likeness):
            part.setVisible(data is not None and index >= 0)
        self.replay.hide()
        if data is None or index < 0:
            self.title.setText("")
            self.info.setText(self.tr("Select a sample to look at it closely."))
            self.pixels.show_image(None)
            return
        self.pixels.show_image(None)
        if is_in_file(data.images):
            self._reading.start_soon(lambda _: data.images[index].copy())
        else:
            self._on_image_read(data.images[index].copy())
        self.title.setText(self._character(data))
        self.info.setText(self._sample_info(data, index))
        self._show_ink()
        self._pause.start()

    @Slot(object)
    def _on_image_read(self, image: Image) -> None:
        self._image = image
        self.pixels.show_image(image)

    def _character(self, data: Dataset) -> str:
        return class_names(data.alphabet)[int(data.labels[self.index])]

    def _sample_info(self, data: Dataset, index: int) -> str:
        text = fill_in(
            self.tr("{0} · number {1:,} · class {2}"),
            split_text(self._split),
            index,
            int(data.labels[index]),
        )
        if data.writers is not None:
            text += self.tr(" · writer {0}").format(data.writer_name(int(data.writers[index])))
        return text

    @Slot()
    def _on_errors_clicked(self) -> None:
        data = self._data()
        if self._stored is not None and data is not None and self.index >= 0:
            name = data.alphabet[int(data.labels[self.index])]
            character = merged(name) if len(data.alphabet) == len(BYCLASS) else name
            self.errors_requested.emit(self._stored.card.name, self._split, character)

    # Recognising

    @Slot()
    def recognise_sample(self) -> None:
        """Ask the recogniser about the sample."""
        image = self._image
        if self._recognizer is None or image is None:
            return
        if image.shape != (IMAGE_SIZE, IMAGE_SIZE):
            image = scan_to_image(image)
        recognizer, index = self._recognizer, self.index
        if recognizer.bundle.is_classic:  # answers from a child, which may take a second
            self._recognition.start(
                lambda _: (index, recognizer.recognize_image(image, CharacterSet.ALL))
            )
            return
        try:
            self._show_answer((index, recognizer.recognize_image(image, CharacterSet.ALL)))
        except TrainerError as error:
            self._show_problem(error)

    @Slot(object)
    def _show_answer(self, answer: tuple[int, Recognition]) -> None:
        index, recognition = answer
        data = self._data()
        if data is None or index != self.index:
            return
        self._show_candidates(recognition.candidates, data.alphabet[int(data.labels[index])])
        if recognition.is_empty:
            self.info.setText(self.tr("There is no ink in this image."))

    def _show_candidates(self, candidates: tuple[Candidate, ...], true: str = "") -> None:
        self.predictions.show_bars(
            [
                ShareBar(c.title, c.probability, true in (c.character, *c.title.split()))
                for c in candidates
            ]
        )
        self.predictions.setVisible(bool(candidates))

    # Neighbours

    @Slot()
    def _on_pause_over(self) -> None:
        data = self._data()
        if self._search is not None and data is not None and self.index >= 0:
            self.same_caption.setText(self.tr("Looking for what is like it…"))
            self._neighbours.start(partial(find_neighbours, self._search, data, self.index))

    @Slot(object)
    def _show_neighbours(self, found: Neighbours) -> None:
        self.same.show_neighbours(found.same)
        self.other.show_neighbours(found.other)
        self.same_caption.setText(self.tr("Most like it, same character"))
        self.other_caption.setText(self.tr("Most like it, other characters"))
        self.show_in_grid.setEnabled(bool(found.same or found.other))

    @Slot()
    def _on_show_in_grid(self) -> None:
        data = self._data()
        if data is None:
            return
        shown = [*self.same.neighbours, *self.other.neighbours]
        shown.sort(key=lambda neighbour: neighbour.distance)
        indices = [self.index, *(neighbour.index for neighbour in shown)]
        title = fill_in(self.tr("like {0}, number {1:,}"), self._character(data), self.index)
        self.neighbours_requested.emit(indices, title)

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        self._show_neighbours(Neighbours(self.same.neighbours, self.other.neighbours))
        self._show_problem(error)

    def _show_problem(self, error: Exception) -> None:
        self.problem.setText(failure_text(error))
        self.problem.show()

    # Ink

    def _show_ink(self) -> None:
        if self._archive is not None:
            self.replay.show_ink(self._archive.ink(self.index))
            self.replay.show()
        elif not self._are_inks_requested and self._stored is not None:
            self._are_inks_requested = True
            stored, split = self._stored, self._split
            self._inks.start(lambda _: stored.inks(split))

    @Slot(object)
    def _on_inks_read(self, archive: Any) -> None:
        self._archive = archive
        if archive is not None and self.index >= 0:
            self._show_ink()

    # Building

    def _make_widgets(self) -> None:
        self.title = QLabel()
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self.title.setFont(font)
        self.title.setAccessibleName(self.tr("Character of the sample"))
        self.info = caption()
        self.info.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pixels = PixelView()
        self.pixel = caption(self.tr("Point at a pixel to read its value"))
        tip = self.tr("Ask the recogniser of the Draw tab (R)")
        self.recognise = push_button(self.tr("Recognise this"), tip)
        self.recognise.setShortcut("R")
        tip = self.tr("Which samples of this character a model misreads")
        self.errors = push_button(self.tr("Errors of models"), tip)
        self.predictions = ShareBars(self.tr("What the recogniser says"))
        self.replay = InkReplay()
        self.same_caption, self.other_caption = caption(), caption()
        self.same = NeighbourStrip(self.tr("Most like it, same character"))
        self.other = NeighbourStrip(self.tr("Most like it, other characters"))
        self.show_in_grid = QPushButton(self.tr("Show these in the grid"))
        self.problem = wrapped_label()
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)

    def _lay_out(self) -> None:
        gap = SPACING // 2
        same, other = (self.same_caption, self.same), (self.other_caption, self.other)
        margins = (0, SPACING, 0, 0)
        likeness = vbox(*same, *other, self.show_in_grid, spacing=gap, margins=margins)
        self._likeness = sheet(likeness)
        head = hbox(self.title, (self.info, 1))
        sample = (self.pixels, self.pixel, self.recognise, self.predictions, self.problem)
        below = (self.errors, self._likeness, self.replay, 1)
        self.setWidget(sheet(vbox(head, *sample, *below, spacing=gap, margins=(0, 0, SPACING, 0))))

    def _connect(self) -> None:
        self.pixels.pixel_changed.connect(self._on_pixel_changed)
        self.recognise.clicked.connect(self.recognise_sample)
        self.errors.clicked.connect(self._on_errors_clicked)
        self.same.clicked.connect(self.sample_requested)
        self.other.clicked.connect(self.sample_requested)
        self.show_in_grid.clicked.connect(self._on_show_in_grid)
        self._pause.timeout.connect(self._on_pause_over)
        self._neighbours.succeeded.connect(self._show_neighbours)
        self._neighbours.failed.connect(self._on_work_failed)
        self._inks.succeeded.connect(self._on_inks_read)
        self._inks.failed.connect(self._on_work_failed)
        self._recognition.succeeded.connect(self._show_answer)
        self._recognition.failed.connect(self._on_work_failed)

    @Slot(int, int, int)
    def _on_pixel_changed(self, row: int, column: int, value: int) -> None:
        if row < 0:
            self.pixel.setText(self.tr("Point at a pixel to read its value"))
        else:
            text = self.tr("row {0}, column {1}: {2}")
            self.pixel.setText(text.format(row, column, value))
