"""A confusion matrix, painted: one cell a pair of classes, its words under the mouse."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from emnist_desktop.ui.colors import WRONG, channels
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import local
from emnist_desktop.ui.images import rgb_image
from emnist_desktop.ui.item_view import SquaresView

Counts = npt.NDArray[np.int64]
"""Array of shape (n_classes, n_classes): rows true, columns predicted."""

_FIGURES_FROM = 26.0
"""Side of a cell, in pixels, from which its figure is written in it."""

_LABELS_FROM = 12.0
"""Pixels that a name needs; where cells are smaller, only some are named."""
_EDGE = 22
_CAPTION = 16
"""Room for the names of the classes, and for those of the sides."""


class Unit(StrEnum):
    """What the cells say."""

    COUNTS = "counts"
    OF_TRUE = "of true"
    OF_PREDICTED = "of predicted"


def shares(counts: Counts, unit: Unit) -> npt.NDArray[np.float64]:
    """Return the cells from 0 to 1: of the largest, of the true, or of the predicted class."""
    if unit is Unit.COUNTS:
        return np.asarray(counts / max(int(counts.max(initial=0)), 1), dtype=np.float64)
    totals = counts.sum(axis=1 if unit is Unit.OF_TRUE else 0, keepdims=True)
    return np.asarray(counts / np.maximum(totals, 1), dtype=np.float64)


def order_by_confusion(counts: Counts) -> npt.NDArray[np.int64]:
    """Return the classes so that those that are taken for one another stand side by side.

    A chain: it begins with the worst pair, and the next is who is confused most with the last.
    """
    n = len(counts)
    mutual = (counts + counts.T).astype(np.float64)
    np.fill_diagonal(mutual, -1)
    if n < 2:
        return np.arange(n)
    first = int(np.argmax(mutual.max(axis=1)))
    order = [first]
    is_free = np.ones(n, dtype=bool)
    is_free[first] = False
    errors = mutual.sum(axis=1)
    while is_free.any():
        row = np.where(is_free, mutual[order[-1]], -2)
        following = int(row.argmax())
        if row[following] <= 0:
            following = int(np.where(is_free, errors, -np.inf).argmax())
        order.append(following)
        is_free[following] = False
    return np.array(order, dtype=np.int64)


def worst_pairs(counts: Counts, n: int = 5) -> list[tuple[int, int]]:
    """Return the pairs (true, predicted) with the most errors, the worst first."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    places = np.argsort(-wrong, axis=None, kind="stable")[:n]
    pairs = [divmod(int(place), len(counts)) for place in places]
    return [pair for pair in pairs if wrong[pair] > 0]


class ConfusionMatrix(SquaresView):
    """The cells. Rows are true classes, columns what was read.

    Signals
    -------
    cell_hovered : int, int
        True and predicted class; -1, -1 when the mouse has left.
    cell_clicked : int, int
    """

    cell_hovered = Signal(int, int)
    cell_clicked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts = np.zeros((0, 0), dtype=np.int64)
        self._alphabet: tuple[str, ...] = ()
        self._order: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._unit = Unit.OF_TRUE
        self._image: QImage | None = None
        self.activated.connect(self._on_activated)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(200, 200))
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setAccessibleDescription(
            self.tr("Rows are true classes, columns what was read. Arrow keys move, Enter opens.")
        )

    def show_counts(
        self, counts: Counts, alphabet: tuple[str, ...], unit: Unit, *, by_confusion: bool
    ) -> None:
        """Show a matrix."""
        if len(counts) != len(self._counts):
            self.cursor_item = -1
        self._counts, self._alphabet, self._unit = counts, alphabet, unit
        self._order = order_by_confusion(counts) if by_confusion else np.arange(len(counts))
        self._image = None
        self.update()

    def text_of(self, true: int, predicted: int) -> str:
        """Say a cell in words: 5 taken for S: 80 of 400."""
        n, total = int(self._counts[true, predicted]), int(self._counts[true].sum())
        sentence = (
            self.tr("{0} read right: {2} of {3}")
            if true == predicted
            else self.tr("{0} taken for {1}: {2} of {3}")
        )
        return sentence.format(
            self._alphabet[true], self._alphabet[predicted], local(n), local(total)
        )

    def point_at(self, true: int, predicted: int) -> None:
        """Choose a cell, as the mouse over it does."""
        if max(true, predicted) < len(self._counts):
            self.hold(self.number_of(true, predicted))

    def number_of(self, true: int, predicted: int) -> int:
        """Return the number of the cell of two classes."""
        (row,), (column,) = (np.flatnonzero(self._order == i) for i in (true, predicted))
        return int(row) * len(self._order) + int(column)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells as one enlarged picture, the characters around them, the chosen one."""
        painter = QPainter(self)
        if len(self._counts):
            area = self.field()
            side = area.width() / len(self._counts)
            if self._image is None:
                self._image = self._make_image()
            painter.drawImage(area, self._image)
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRect(area)
            self._paint_captions(painter, area)
            self._paint_labels(painter, area, side)
            if side >= _FIGURES_FROM:
                self._paint_figures(painter, area, side)
            if self.cursor_item >= 0:
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2))
                painter.drawRect(self.cell_area(self.cursor_item).adjusted(-1, -1, 1, 1))
        painter.end()

    def lines(self) -> tuple[int, int]:
        """Return the number of classes, twice."""
        return len(self._counts), len(self._counts)

    def field(self) -> QRectF:
        """Return where the cells are: below and beside the names of the classes."""
        edge = _EDGE + _CAPTION
        size = max(min(self.width(), self.height()) - edge - 2.0, float(len(self._counts)))
        return QRectF((self.width() - size + edge) / 2, edge, size, size)

    def item_text(self, number: int) -> str:
        """Say a cell in words."""
        return self.text_of(*self._classes(number))

    def is_active(self, number: int) -> bool:
        """Tell that cells can be opened."""
        return 0 <= number < self.count

    def describe(self) -> None:
        """Tell the cell at the cursor."""
        is_one = self.cursor_item >= 0
        self.cell_hovered.emit(*(self._classes(self.cursor_item) if is_one else (-1, -1)))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        text = self.item_text(self.cursor_item) if self.cursor_item >= 0 else ""
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def tip_at(self, place: QPointF) -> str:
        """Say a cell where the mouse rests."""
        number = self.item_at(place)
        return self.item_text(number) if number >= 0 else ""

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self.cell_clicked.emit(*self._classes(number))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._image = None
        super().changeEvent(event)

    def _classes(self, number: int) -> tuple[int, int]:
        row, column = divmod(number, len(self._counts))
        return int(self._order[row]), int(self._order[column])

    def _make_image(self) -> QImage:
        """Colour the cells: blue on the diagonal, orange off it, by the root of their share."""
        strength = np.sqrt(shares(self._counts, self._unit))[np.ix_(self._order, self._order)]
        palette, roles = self.palette(), QPalette.ColorRole
        colors = (palette.color(roles.Base), palette.color(roles.Highlight), WRONG)
        ground, right, wrong = (np.array(channels(color), dtype=np.float64) for color in colors)
        target = np.where(np.eye(len(strength), dtype=bool)[..., None], right, wrong)
        return rgb_image(ground + strength[..., None] * (target - ground))

    def _paint_captions(self, painter: QPainter, area: QRectF) -> None:
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        top = QRectF(area.x(), area.y() - _EDGE - _CAPTION, area.width(), _CAPTION)
        painter.drawText(top, middle, self.tr("read as"))
        painter.save()
        painter.translate(area.x() - _EDGE - _CAPTION, area.bottom())
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, area.height(), _CAPTION), middle, self.tr("true"))
        painter.restore()

    def _paint_labels(self, painter: QPainter, area: QRectF, side: float) -> None:
        step = max(1, math.ceil(_LABELS_FROM / side))
        room = side * step
        font = QFont(self.font())
        font.setPixelSize(int(min(max(room - 1, 8), 14)))
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        metrics = painter.fontMetrics()
        middle, end = Qt.AlignmentFlag.AlignCenter, Qt.TextElideMode.ElideRight
        for place in range(0, len(self._order), step):
            text = self._alphabet[self._order[place]]
            # A name may stand beside the cells that go without one.
            offset = (place + 0.5) * side - room / 2
            above = QRectF(area.x() + offset, area.y() - _EDGE, room, _EDGE)
            painter.drawText(above, middle, metrics.elidedText(text, end, max(8, int(room))))
            left = QRectF(area.x() - _EDGE, area.y() + offset, _EDGE, room)
            painter.drawText(left, middle, metrics.elidedText(text, end, _EDGE - 2))

    def _paint_figures(self, painter: QPainter, area: QRectF, side: float) -> None:
        of_one = shares(self._counts, self._unit)
        font = QFont(self.font())
        font.setPixelSize(int(min(side / 3, 13)))
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for row, true in enumerate(self._order):
            for column, predicted in enumerate(self._order):
                count = self._counts[true, predicted]
                if count:
                    share = local(100 * of_one[true, predicted], ".0f")
                    text = f"{count}" if self._unit is Unit.COUNTS else share
                    x, y = area.x() + column * side, area.y() + row * side
                    painter.drawText(QRectF(x, y, side, side), Qt.AlignmentFlag.AlignCenter, text)
