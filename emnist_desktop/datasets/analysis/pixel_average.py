"""The average value of each pixel: as it is, and after two ways of scaling it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetView, Shown
from emnist_desktop.ui.image_grid import scrolled
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import pixel_statistics

_SMALLEST_FONT = 5.0
"""Points."""

_TITLE_HEIGHT, _LEGEND_HEIGHT, _BAR_HEIGHT = 36, 36, 10
_ROOMY = 130
"""From this width on a legend has three numbers, in pixels."""

_LARGEST_SIDE = 260

_ANCHORS = np.array(
    [
        (13, 8, 50),
        (74, 12, 107),
        (137, 34, 106),
        (191, 57, 82),
        (236, 105, 38),
        (249, 164, 20),
        (252, 252, 176),
    ],
    dtype=np.float64,
)
"""Colours from low to high, each lighter than the one before: told apart without colour too."""


def heat_colors(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return the colour of each value.

    Parameters
    ----------
    shares : ndarray of any shape
        0 to 1; what lies beyond is cut.

    Returns
    -------
    ndarray of shape (…, 3), dtype=uint8
        Red, green, blue.
    """
    places = np.linspace(0.0, 1.0, len(_ANCHORS))
    channels = [np.interp(shares, places, _ANCHORS[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


class HeatMap(QWidget):
    """Values in colours, with a legend; the value below the mouse is said."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._values: npt.NDArray[np.float64] | None = None
        self._range = (0.0, 1.0)
        self._decimals = 2
        self._picture = QImage()
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._fit_height()

    @property
    def values(self) -> npt.NDArray[np.float64] | None:
        """What is shown."""
        return self._values

    def show_values(
        self,
        values: npt.NDArray[np.float64] | None,
        limits: tuple[float, float] = (0.0, 1.0),
        decimals: int = 2,
    ) -> None:
        """Show values of shape (height, width), or nothing; `limits` get the end colours."""
        self._values, self._range, self._decimals = values, limits, decimals
        if values is None:
            self._picture = QImage()
        else:
            low, high = limits
            colors = heat_colors((values - low) / max(high - low, 1e-12))
            height, width = values.shape
            shared = QImage(colors.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            self._picture = shared.copy()
            self.setAccessibleDescription(
                self.tr("from {0} to {1}").format(
                    self._number(float(values.min())), self._number(float(values.max()))
                )
            )
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a readable map."""
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay square."""
        self._fit_height()
        super().resizeEvent(event)

    def _fit_height(self) -> None:
        self.setFixedHeight(self._side() + _TITLE_HEIGHT + _LEGEND_HEIGHT)

    def _side(self) -> int:
        return max(60, min(self.width(), _LARGEST_SIDE))

    def _map_area(self) -> QRectF:
        return QRectF(0, _TITLE_HEIGHT, self._side(), self._side())

    def _title_font(self) -> QFont:
        """Return a font in which the longest word of the title fits into a line."""
        font = QFont(self.font())
        longest = max(self._title.split(), key=len)
        needed = QFontMetricsF(font).horizontalAdvance(longest)
        if needed > self.width():
            font.setPointSizeF(max(_SMALLEST_FONT, font.pointSizeF() * self.width() / needed))
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, map and legend."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self._title_font())
        title = QRectF(0, 0, self.width(), _TITLE_HEIGHT)
        wrapped = Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        painter.drawText(title.adjusted(0, 0, 0, -4), wrapped, self._title)
        painter.setFont(self.font())
        area = self._map_area()
        if self._picture.isNull():
            painter.fillRect(area, self.palette().color(QPalette.ColorRole.AlternateBase))
        else:
            painter.drawImage(area, self._picture)
            self._paint_legend(painter, area)
        painter.end()

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        steps = heat_colors(np.linspace(0.0, 1.0, 128))
        strip = QImage(steps.tobytes(), 128, 1, 384, QImage.Format.Format_RGB888)
        bar = QRectF(area.left(), area.bottom() + 6, area.width(), _BAR_HEIGHT)
        painter.drawImage(bar, strip)
        numbers = QRectF(bar.left(), bar.bottom() + 1, bar.width(), 18)
        low, high = self._range
        painter.drawText(numbers, Qt.AlignmentFlag.AlignLeft, self._number(low))
        if bar.width() >= _ROOMY:
            middle = self._number((low + high) / 2)
            painter.drawText(numbers, Qt.AlignmentFlag.AlignHCenter, middle)
        painter.drawText(numbers, Qt.AlignmentFlag.AlignRight, self._number(high))

    def _number(self, value: float) -> str:
        # An average of 1e-17 is no average of "-0.00".
        text = f"{value:.{self._decimals}f}"
        return text.lstrip("-") if not text.strip("-0.") else text.replace("-", "−")

    def event(self, event: QEvent) -> bool:
        """Say the value below the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._said_at(event), self)
            return True
        return super().event(event)

    def _said_at(self, event: QHelpEvent) -> str:
        area = self._map_area()
        if self._values is None or not area.contains(event.pos()):
            return ""
        height, width = self._values.shape
        row = min(height - 1, int((event.pos().y() - area.top()) / area.height() * height))
        column = min(width - 1, int((event.pos().x() - area.left()) / area.width() * width))
        value = self._number(float(self._values[row, column]))
        return self.tr("row {0}, column {1}: {2}").format(row, column, value)


@dataclass(frozen=True, eq=False)
class _Averages:
    """The three maps, and the figures for the sentence."""

    raw: npt.NDArray[np.float64]
    standard: npt.NDArray[np.float64]
    min_max: npt.NDArray[np.float64]
    extreme: float
    n_constant: int


class PixelAverage(DatasetView):
    """Three maps and the sentence that says which scaling suits pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.raw = HeatMap(self.tr("Average grey level"))
        self.standard = HeatMap(self.tr("After StandardScaler"))
        self.min_max = HeatMap(self.tr("After MinMaxScaler"))
        self.sentence = wrapped_label()
        maps = QWidget()
        column = QVBoxLayout(maps)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        for heat_map in (self.raw, self.standard, self.min_max):
            row.addWidget(heat_map)
        column.addLayout(row)
        column.addStretch(1)
        self.body.addWidget(scrolled(maps), 1)

    def work(self, shown: Shown) -> Work:
        """Average and scale."""

        def average(context: Context) -> _Averages:
            data = shown.data
            found = pixel_statistics(
                data.images,
                data.labels,
                len(shown.alphabet),
                context.report,
                context.check,
                shown.indices,
            )
            return _Averages(
                found.mean,
                found.after_standard_scaler(found.mean),
                found.after_min_max_scaler(found.mean),
                float(found.after_standard_scaler(found.greatest).max()),
                int((found.deviation == 0).sum()),
            )

        return average

    def clear_result(self) -> None:
        """Show no maps."""
        self.sentence.setText("")
        for heat_map in (self.raw, self.standard, self.min_max):
            heat_map.show_values(None)

    def show_result(self, shown: Shown, result: Any) -> None:
        """Show the maps."""
        averages: _Averages = result
        self.raw.show_values(averages.raw, (0.0, max(1.0, float(averages.raw.max()))), 0)
        self.standard.show_values(averages.standard, (-1.0, 1.0))
        most = max(0.01, float(averages.min_max.max()))
        self.min_max.show_values(averages.min_max, (0.0, most))
        text = self.tr(
            "MinMaxScaler suits pictures: paper stays 0, full ink becomes 1, and the picture keeps "
            "its shape; StandardScaler makes every pixel average 0, also at the edge, where a rare "
            "drop of ink then counts as much as {0:.0f} standard deviations."
        ).format(averages.extreme)
        if averages.n_constant:
            never = self.tr("{0} pixels never change; both scalers divide those by 1.")
            text += " " + never.format(averages.n_constant)
        self.sentence.setText(text)
