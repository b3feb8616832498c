"""The errors as tiles: the image, what it is, what it was taken for, and how surely."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from emnist_desktop.models.errors.source import ErrorSource
from emnist_desktop.ui.format import cut, fill_in, local
from emnist_desktop.ui.images import grey_image
from trainer.errors import DatasetError
from trainer.evaluation.errors import Rows

_IMAGE_SIDE = 62
_PADDING = 5
_WIDEST_CHARACTER = "W"
_LONGEST_NAME = 6
"""Characters of a class's name on a tile; longer ones are cut."""

_KEPT_IMAGES = 4000
"""Of 28×28 pixels: three megabytes."""

PARTS_ROLE = Qt.ItemDataRole.UserRole
"""The two parts of the line below a tile: what was taken for what, and how surely."""

_BATCH = 2000
"""Tiles that are put in place at once: some milliseconds; the next follow by themselves."""

_NO_ROWS = np.empty(0, dtype=np.int64)
_Index = QModelIndex | QPersistentModelIndex


def percent(share: float) -> str:
    """Return a probability as it is written: 87 %, and nothing is quite sure or impossible."""
    if share < 0.01:
        return "<1 %"
    return ">99 %" if share > 0.99 else local(share, ".0%")


class ErrorListModel(QAbstractListModel):
    """Rows of the predictions, in the order in which they are shown.

    Attributes
    ----------
    rows : ndarray of shape (n,), dtype=int64
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ErrorSource | None = None
        self.rows: Rows = _NO_ROWS
        self._images: OrderedDict[int, QImage] = OrderedDict()

    def show_rows(self, source: ErrorSource | None, rows: Rows) -> None:
        """Show other samples."""
        self.beginResetModel()
        if source is not self._source:
            self._images.clear()
        self._source, self.rows = source, rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the line below a tile, its image, or what is known of it."""
        if self._source is None or not 0 <= index.row() < len(self.rows):
            return None
        row = int(self.rows[index.row()])
        if role == PARTS_ROLE:
            return self._caption(self._source, row)
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(self._caption(self._source, row))
        if role == Qt.ItemDataRole.DecorationRole:
            return self._image(self._source, row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._sentence(self._source, row)
        return None

    def _caption(self, source: ErrorSource, row: int) -> tuple[str, str]:
        true, predicted = (cut(name, _LONGEST_NAME) for name in source.names(row))
        name = true if true == predicted else f"{true} → {predicted}"
        return name, percent(float(source.predictions.predicted_probability[row]))

    def _sentence(self, source: ErrorSource, row: int) -> str:
        predictions, (true, predicted) = source.predictions, source.names(row)
        sentence = (
            self.tr("{0}, read right, {2} sure · number {3:,}")
            if true == predicted
            else self.tr("{0}, taken for {1}, {2} sure · number {3:,}")
        )
        share = percent(float(predictions.predicted_probability[row]))
        return fill_in(sentence, true, predicted, share, int(predictions.indices[row]))

    def _image(self, source: ErrorSource, row: int) -> QImage:
        image = self._images.get(row)
        if image is None:
            try:
                image = self._images[row] = grey_image(source.image(row))
            except DatasetError:  # said beside the gallery, where a sample is shown large
                return QImage()
            if len(self._images) > _KEPT_IMAGES:
                self._images.popitem(last=False)
        return image


class TilePainter(QStyledItemDelegate):
    """Paints a tile: the image, and below it what it was taken for."""

    def tile_size(self, font: QFont) -> QSize:
        """Return the size of every tile."""
        metrics = QFontMetrics(font)
        line = f"{_WIDEST_CHARACTER} → {_WIDEST_CHARACTER} "
        width = max(_IMAGE_SIDE, metrics.horizontalAdvance(line + percent(1)))
        return QSize(width + 2 * _PADDING, _IMAGE_SIDE + metrics.height() + 2 * _PADDING + 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of every tile."""
        return self.tile_size(option.font)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one tile; a frame marks the chosen one, so that the image stays as it is."""
        area: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        image: QImage = index.data(Qt.ItemDataRole.DecorationRole)
        caption, share = index.data(PARTS_ROLE)
        painter.save()
        painter.setFont(option.font)
        side = QRectF(0, 0, _IMAGE_SIDE, _IMAGE_SIDE)
        side.moveTopLeft(area.topLeft().toPointF())
        side.translate((area.width() - _IMAGE_SIDE) / 2, _PADDING)
        paint_image(painter, side, image)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            is_selected = bool(state & QStyle.StateFlag.State_Selected)
            color = palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(color, 3.0 if is_selected else 1.5))
            painter.drawRoundedRect(QRectF(area).adjusted(2, 2, -2, -2), 5, 5)
        line = QRect(area.left(), round(side.bottom()), area.width(), 0)
        line.setBottom(area.bottom() - _PADDING + 2)
        self._write(painter, line, (caption, share), palette)
        painter.restore()

    def _write(
        self, painter: QPainter, line: QRect, texts: tuple[str, str], palette: QPalette
    ) -> None:
        caption, share = texts
        metrics = painter.fontMetrics()
        room = line.width() - metrics.horizontalAdvance(f" {share}") - 2 * _PADDING
        caption = metrics.elidedText(caption, Qt.TextElideMode.ElideMiddle, room)
        width = metrics.horizontalAdvance(f"{caption} {share}")
        left = line.adjusted((line.width() - width) // 2, 0, 0, 0)
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(left, where, caption)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        after = left.adjusted(metrics.horizontalAdvance(f"{caption} "), 0, 0, 0)
        painter.drawText(after, where, share)


def paint_image(painter: QPainter, area: QRectF, image: QImage) -> None:
    """Paint an image as large as fits, its pixels as they are, on black."""
    painter.fillRect(area, QColor(Qt.GlobalColor.black))
    if image.isNull():
        return
    size = image.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(area.center())
    painter.drawImage(target, image)


class Gallery(QListView):
    """Tiles from left to right; arrows go on, Enter opens.

    Signals
    -------
    current_changed : int
        Index of the tile that has become the current one.
    """

    current_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = TilePainter(self)
        self._list = ErrorListModel(self)
        self.setModel(self._list)
        self.setItemDelegate(self._painter)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Samples that were read"))
        self.setAccessibleDescription(self.tr("Arrow keys go from one to the next"))
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def rows(self) -> Rows:
        """The rows of the predictions that are shown, in their order."""
        return self._list.rows

    @property
    def current(self) -> int:
        """Index of the current tile; −1 for none."""
        return self.currentIndex().row()

    def show_rows(self, source: ErrorSource | None, rows: Rows) -> None:
        """Show other samples; none is the current one.

        Parameters
        ----------
        source : ErrorSource or None
        rows : ndarray of shape (n,), dtype=int64
        """
        self._list.show_rows(source, rows)
        self.scrollToTop()

    def go_to(self, index: int) -> None:
        """Make a tile the current one, if there is one of this index."""
        if 0 <= index < len(self.rows):
            self.setCurrentIndex(self._list.index(index))

    def sizeHint(self) -> QSize:
        """Return room for some tiles."""
        tile = self._painter.tile_size(self.font())
        return QSize(5 * tile.width(), 4 * tile.height())

    def minimumSizeHint(self) -> QSize:
        """Return room for two tiles."""
        tile = self._painter.tile_size(self.font())
        return QSize(2 * tile.width() + self.verticalScrollBar().sizeHint().width(), tile.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the tiles over the width."""
        self._divide()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take another font's height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._divide()

    def _divide(self) -> None:
        tile, width = self._painter.tile_size(self.font()), self.viewport().width()
        # One pixel less: a line as wide as the view is wrapped.
        columns = max(1, (width - 1) // tile.width())
        self.setGridSize(QSize(max(tile.width(), (width - 1) // columns), tile.height()))

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())
