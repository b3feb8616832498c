"""A grid of as many images as there are: paints what is in sight, straight from the data."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from emnist_desktop.datasets.query import Indices
from emnist_desktop.datasets.row_painter import Geometry, RowPainter
from emnist_desktop.datasets.selection_model import SelectionModel
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.task import Task
from trainer.datasets.dataset import Dataset
from trainer.files.file_array import is_in_file
from trainer.ink.alphabet import class_names
from trainer.ink.render import Images

SMALLEST, LARGEST = 20, 140
"""Long side of an image, in pixels of the window."""

DEFAULT_SIZE = 56
MOST_SELECTED = 10_000
"""Samples that can be selected at once: more than anybody looks at."""

_GAP = 6
_WHEEL_STEP = 8
_LEAST_FOR_NAMES = 24
_GREATEST_RANGE = 2**30
"""Of the scroll bar, whose positions are 32-bit numbers; beyond, a position is several pixels."""


_Row = tuple[int, Images, list[int]]
"""The number of a row, its images and their labels."""


class ImageGrid(QAbstractScrollArea):
    """Images with their characters; one is current, some are selected.

    Signals
    -------
    current_changed : int
        Index in the split of the current sample; -1 for none.
    selection_changed
        Other samples are selected.
    activated : int
        Index of the sample that was double-clicked or chosen with Enter.
    size_changed : int
        The images are of another size, by Ctrl and the wheel.
    notice : str
        Something to say in the status bar.
    failed : object
        The `DatasetError` of images that cannot be read; once for what is shown.
    """

    current_changed = Signal(int)
    selection_changed = Signal()
    activated = Signal(int)
    size_changed = Signal(int)
    notice = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Samples"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._data: Dataset | None = None
        self._names: tuple[str, ...] = ()
        self.indices: Indices = np.empty(0, dtype=np.int64)
        """The samples in their order."""
        self.image_size = DEFAULT_SIZE
        """Pixels of the long side."""
        self.division = Geometry(1, 1, 1, 0, 0)
        self._rows = RowPainter()
        self._reading = Task(self, self._on_rows_read, self._on_reading_failed)
        self._has_failed = False
        self._unit = 1
        self.selection = SelectionModel(0)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)

    # What is shown

    @property
    def current(self) -> int:
        """Index in the split of the current sample; -1 for none."""
        position = self.selection.current
        return int(self.indices[position]) if 0 <= position < len(self.indices) else -1

    def selected(self) -> Indices:
        """Return the indices in the split of the selected samples."""
        return self.indices[self.selection.selected()]

    def show_samples(self, data: Dataset | None, indices: Indices) -> None:
        """Show samples of a split, indices of shape (n,), dtype=int64, from the first on."""
        self._reading.drop()
        self._data, self._has_failed = data, False
        self._names = () if data is None else class_names(data.alphabet)
        self.indices = indices
        self.selection = SelectionModel(len(indices))
        self._divide()
        self.verticalScrollBar().setValue(0)
        self.selection_changed.emit()
        self._describe()

    def set_image_size(self, size: int) -> None:
        """Enlarge images so that their long side has so many pixels."""
        size = min(LARGEST, max(SMALLEST, size))
        if size != self.image_size:
            first = self._first_position()
            self.image_size = size
            self._divide()
            self._scroll_to(first // self.division.columns * self.division.cell_height)

    def go_to(self, position: int) -> None:
        """Make the sample at a position of the grid the current and only selected one."""
        if 0 <= position < len(self.indices):
            self._select(position, Qt.KeyboardModifier.NoModifier)

    def cell(self, position: int) -> QRect:
        """Return where the sample at a position is, in the viewport."""
        geometry = self.division
        return QRect(
            self._left() + position % geometry.columns * geometry.cell_width,
            min(_GREATEST_RANGE, max(-_GREATEST_RANGE, self._top(position) - self._offset())),
            geometry.image_width,
            geometry.image_height + geometry.label_height,
        )

    def position_at(self, point: QPoint) -> int:
        """Return the position of the sample under a point of the viewport; -1 for none."""
        geometry = self.division
        column, within = divmod(point.x() - self._left(), geometry.cell_width)
        row = (point.y() + self._offset() - _GAP) // geometry.cell_height
        if not (0 <= column < geometry.columns and row >= 0 and within < geometry.image_width):
            return -1
        position = int(row * geometry.columns + column)
        return position if position < len(self.indices) else -1

    # Division and scrolling

    def _divide(self) -> None:
        height, width = (28, 28) if self._data is None else self._data.images.shape[1:]
        factor = self.image_size / max(height, width, 1)
        image_width, image_height = (max(8, round(side * factor)) for side in (width, height))
        named = self.image_size >= _LEAST_FOR_NAMES
        self.division = Geometry(
            max(1, (self.viewport().width() - _GAP) // (image_width + _GAP)),
            image_width,
            image_height,
            _GAP,
            self.fontMetrics().height() + 2 if named else 0,
            self.devicePixelRatioF(),
        )
        look = self.palette(), self.font()
        self._reading.drop()
        self._rows.set_look(self.division, (height, width), self._names, *look)
        bar = self.verticalScrollBar()
        page = self.viewport().height()
        span = max(0, self._n_rows() * self.division.cell_height + 2 * _GAP - page)
        self._unit = 1 + span // _GREATEST_RANGE
        bar.setRange(0, -(-span // self._unit))
        bar.setPageStep(max(1, page // self._unit))
        bar.setSingleStep(max(1, self.division.cell_height // 2 // self._unit))
        self.viewport().update()

    def _n_rows(self) -> int:
        return -(-len(self.indices) // self.division.columns)

    def _offset(self) -> int:
        return self.verticalScrollBar().value() * self._unit

    def _scroll_to(self, offset: int) -> None:
        self.verticalScrollBar().setValue(offset // self._unit)

    def _first_position(self) -> int:
        return self._offset() // self.division.cell_height * self.division.columns

    def _left(self) -> int:
        geometry = self.division
        used = geometry.columns * geometry.cell_width - _GAP
        return max(0, (self.viewport().width() - used) // 2)

    def _top(self, position: int) -> int:
        """Return where a sample begins, from the top of all: beyond what Qt can count."""
        return position // self.division.columns * self.division.cell_height + _GAP

    def _scroll_to_position(self, position: int) -> None:
        top, offset = self._top(position) - _GAP, self._offset()
        lowest = top + self.division.cell_height + _GAP - self.viewport().height()
        if top < offset:
            self._scroll_to(top)
        elif lowest > offset:
            self._scroll_to(lowest + self._unit - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide anew; what stood first stays in sight."""
        first = self._first_position()
        self._divide()
        self._scroll_to(first // self.division.columns * self.division.cell_height)
        super().resizeEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._divide()
        super().changeEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 480)

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        data, geometry = self._data, self.division
        if data is None or not len(self.indices):
            painter.end()
            return
        if geometry.scale != self.devicePixelRatioF():
            self._divide()
            geometry = self.division
        offset = self._offset() - _GAP
        first = max(0, offset // geometry.cell_height)
        last = min(self._n_rows() - 1, (offset + self.viewport().height()) // geometry.cell_height)
        rows = range(int(first), int(last) + 1)
        self._read([row for row in rows if self._rows.at_hand(row) is None], data)
        for row in rows:
            picture = self._rows.at_hand(row)
            if picture is not None:
                painter.drawImage(self._left(), row * geometry.cell_height - offset, picture)
        self._paint_selection(painter, int(first), int(last))
        painter.end()

    def _read(self, rows: list[int], data: Dataset) -> None:
        """Read rows beside the window; mostly they are here at once."""
        if not rows or self._reading.is_running:
            return
        columns, indices = self.division.columns, self.indices

        def read(_: object) -> list[_Row]:
            chosen = [(row, indices[row * columns : (row + 1) * columns]) for row in rows]
            return [(row, data.images[some], data.labels[some].tolist()) for row, some in chosen]

        if is_in_file(data.images):
            self._reading.start_soon(read)
        else:
            self._on_rows_read(read(None))

    @Slot(object)
    def _on_rows_read(self, rows: list[_Row]) -> None:
        for row in rows:
            self._rows.row(*row)
        if not self.viewport().paintingActive():
            self.viewport().update()

    @Slot(object)
    def _on_reading_failed(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)

    def _paint_selection(self, painter: QPainter, first: int, last: int) -> None:
        """Frame what is selected; the current one stronger while the keyboard is here."""
        columns = self.division.columns
        low, high = first * columns, min(len(self.indices), (last + 1) * columns)
        highlight = self.palette().highlight().color()
        veil = QColor(highlight)
        veil.setAlpha(70)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for position in self.selection.selected_between(low, high):
            area = QRectF(self.cell(position)).adjusted(-2, -2, 2, 2)
            painter.setPen(QPen(highlight, 2.0))
            painter.setBrush(veil)
            painter.drawRoundedRect(area, 4, 4)
        current = self.selection.current
        if low <= current < high and self.hasFocus():
            painter.setPen(QPen(self.palette().text().color(), 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.cell(current)).adjusted(-2, -2, 2, 2), 4, 4)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what is clicked: Shift takes all between, Ctrl adds or takes away."""
        position = self.position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position >= 0:
            self._select(position, event.modifiers())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is double-clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self.current >= 0:
            self.activated.emit(self.current)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = _WHEEL_STEP if event.angleDelta().y() > 0 else -_WHEEL_STEP
            self.set_image_size(self.image_size + step)
            self.size_changed.emit(self.image_size)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, pages, Home and End; Enter opens; Ctrl+A selects."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        n, current = len(self.indices), self.selection.current
        columns = self.division.columns
        page = max(1, self.viewport().height() // self.division.cell_height) * columns
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -n,
            Qt.Key.Key_End: n,
        }
        if key == Qt.Key.Key_A and control:
            self._select_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current >= 0:
            self.activated.emit(self.current)
        elif key == Qt.Key.Key_Space and current >= 0:
            self._select(current, Qt.KeyboardModifier.ControlModifier)
        elif key in moves and n:
            is_end = key in (Qt.Key.Key_Home, Qt.Key.Key_End)
            start = max(0, current) if current >= 0 or is_end else self._first_position()
            start += moves[Qt.Key(key)] if current >= 0 or is_end else 0
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._select(min(n - 1, max(0, start)), shift)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell of the sample under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = self.position_at(event.pos())
            if position >= 0:
                QToolTip.showText(
                    event.globalPos(), self.sample_info(position), self, self.cell(position)
                )
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def sample_info(self, position: int) -> str:
        """Return what is known of the sample at a position, in a line."""
        if self._data is None:
            return ""
        index = int(self.indices[position])
        character = self._names[int(self._data.labels[index])]
        text = fill_in(self.tr("{0} · number {1:,}"), character, index)
        if self._data.writers is not None:
            writer = self._data.writer_name(int(self._data.writers[index]))
            text += self.tr(" · writer {0}").format(writer)
        return text

    def _select(self, position: int, modifiers: Qt.KeyboardModifier) -> None:
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self.selection.select(position, extend=shift, toggle=control, most=MOST_SELECTED)
        self._scroll_to_position(position)
        self._on_selection_changed()
        self.current_changed.emit(self.current)

    def _select_all(self) -> None:
        self.selection.select_all(MOST_SELECTED)
        if len(self.indices) > MOST_SELECTED:
            self.notice.emit(fill_in(self.tr("The first {0:,} are selected"), MOST_SELECTED))
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        self.viewport().update()
        self._describe()
        self.selection_changed.emit()

    def _describe(self) -> None:
        text = fill_in(
            self.tr("{0:,} samples, {1:,} selected"), len(self.indices), self.selection.count
        )
        if self.selection.current >= 0:
            text = f"{self.sample_info(self.selection.current)}; {text}"
        self.setAccessibleDescription(text)
