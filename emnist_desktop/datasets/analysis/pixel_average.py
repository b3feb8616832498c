"""The average value of each pixel: as it is, and after two ways of scaling it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, DatasetView
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.grids.value_map import ValueMap
from emnist_desktop.ui.images import colored, warm_table
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, vbox
from emnist_desktop.ui.task import Context, Work

_SMALLEST_FONT = 5.0
"""Points."""

_TITLE_HEIGHT, _LEGEND_HEIGHT = 36, 36

_LARGEST_SIDE = 260


class HeatMap(ValueMap):
    """Values in colours below their title; as wide as there is room, and square."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.title = title
        self._decimals = 2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit_height()

    def show_values(
        self,
        values: npt.NDArray[np.float64] | None,
        limits: tuple[float, float] = (0.0, 1.0),
        decimals: int = 2,
    ) -> None:
        """Show values of shape (height, width), or nothing; `limits` get the end colours."""
        self._decimals = decimals
        if values is None:
            self.clear()
            return
        low, high = limits
        shares = np.clip((values - low) / max(high - low, 1e-12), 0, 1)
        picture = colored(np.rint(255 * shares).astype(np.uint8), warm_table())
        ends = [self.number(end) for end in (low, (low + high) / 2, high)]
        self.show_map(values, picture, warm_table(), ends)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay square."""
        self._fit_height()
        super().resizeEvent(event)

    def _fit_height(self) -> None:
        self.setFixedHeight(self._side() + _TITLE_HEIGHT + _LEGEND_HEIGHT)

    def _side(self) -> int:
        return max(60, min(self.width(), _LARGEST_SIDE))

    def map_area(self) -> QRectF:
        """Return where the map is."""
        return QRectF(0, _TITLE_HEIGHT, self._side(), self._side())

    def number(self, value: float) -> str:
        """Return a value with its decimals."""
        # An average of 1e-17 is no average of "-0.00".
        text = local(value, f".{self._decimals}f")
        return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")

    def title_font(self) -> QFont:
        """Return a font in which the longest word of this title, and of those beside, fits."""
        font, parent = QFont(self.font()), self.parentWidget()
        maps = [self] if parent is None else parent.findChildren(HeatMap)
        words = [word for each in maps for word in each.title.split()]
        widest = max(map(QFontMetricsF(font).horizontalAdvance, words))
        if widest > self.width():
            font.setPointSizeF(max(_SMALLEST_FONT, font.pointSizeF() * self.width() / widest))
        return font

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.title_font())
        title = QRectF(0, 0, self.width(), _TITLE_HEIGHT)
        wrapped = Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        painter.drawText(title.adjusted(0, 0, 0, -4), wrapped, self.title)
        painter.setFont(self.font())
        if self.values is None:
            ground = self.palette().color(QPalette.ColorRole.AlternateBase)
            painter.fillRect(self.map_area(), ground)
        else:
            painter.drawImage(self.map_area(), self.picture)
            self.paint_scale(painter, 0.0)
        painter.end()


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
        maps = hbox(self.raw, self.standard, self.min_max)
        self.body.addWidget(scroll_area(sheet(vbox(self.sentence, maps, 1))), 1)

    def work(self, shown: DatasetSelection) -> Work:
        """Average and scale."""

        def average(context: Context) -> _Averages:
            found = shown.statistics(context)
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
        super().clear_result()
        for heat_map in (self.raw, self.standard, self.min_max):
            heat_map.show_values(None)

    def show_result(self, shown: DatasetSelection, result: _Averages) -> None:
        """Show the maps."""
        self.raw.show_values(result.raw, (0.0, max(1.0, float(result.raw.max()))), 0)
        self.standard.show_values(result.standard, (-1.0, 1.0))
        most = max(0.01, float(result.min_max.max()))
        self.min_max.show_values(result.min_max, (0.0, most))
        text = fill_in(
            self.tr(
                "MinMaxScaler suits pictures: paper stays 0, full ink becomes 1, and the picture "
                "keeps its shape; StandardScaler makes every pixel average 0, also at the edge, "
                "where a rare drop of ink then counts as much as {0:.0f} standard deviations."
            ),
            result.extreme,
        )
        if result.n_constant:
            never = self.tr("{0} pixels never change; both scalers divide those by 1.")
            text += " " + never.format(result.n_constant)
        self.sentence.setText(text)
