"""Small pictures of what a tab is for, shown while it has nothing to show yet."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.charts.axis import Axis
from emnist_desktop.ui.charts.plot import Line, Plot
from emnist_desktop.ui.colors import WRONG
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.style import RADIUS
from trainer.datasets.synthetic.skeletons import Skeleton, load_skeletons
from trainer.datasets.synthetic.writers import random_writer, write

WIDTH, HEIGHT = 320, 168
_CELL = 40.0
_CHARACTERS, _HANDS = "A7gBe2kR", 4
_ROLES = QPalette.ColorRole


class Illustration(QWidget):
    """A picture in the colours of the theme; it takes no focus and says nothing by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(WIDTH, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """Draw into WIDTH × HEIGHT."""
        raise NotImplementedError

    def _color(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _card(self, painter: QPainter, place: QRectF) -> None:
        painter.setPen(QPen(self._color(_ROLES.Mid), 1))
        painter.setBrush(self._color(_ROLES.Base))
        painter.drawRoundedRect(place, RADIUS, RADIUS)

    def _write(self, painter: QPainter, strokes: tuple[QPolygonF, ...], place: QRectF) -> None:
        pen = QPen(self._color(_ROLES.Text), 12)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.save()
        painter.setPen(pen)
        painter.translate(place.center())
        factor = place.width() / 160  # characters are about 100 units high
        painter.scale(factor, factor)
        for stroke in strokes:
            painter.drawPolyline(stroke)
        painter.restore()


class SamplesPicture(Illustration):
    """Datasets: a row of characters by each of some hands, one of them marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for row in range(_HANDS):
            _written(_CHARACTERS, row)  # takes too long for a first frame

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        self._card(painter, QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1))
        for row in range(_HANDS):
            for column, strokes in enumerate(_written(_CHARACTERS, row)):
                place = QRectF(column * _CELL, 4 + row * _CELL, _CELL, _CELL)
                if (row, column) == (1, 4):
                    color = self._color(_ROLES.Highlight)
                    painter.setPen(QPen(color, 2))
                    color.setAlpha(40)
                    painter.setBrush(color)
                    painter.drawRoundedRect(place.adjusted(3, 3, -3, -3), 4, 4)
                self._write(painter, strokes, place)


class LearningPicture(Illustration):
    """Training: accuracy that rises, in training and in validation, and a confusion matrix."""

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        self._card(painter, QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1))
        plot = Plot(QRectF(20, 20, 150, HEIGHT - 40), Axis(), Axis(), self.palette())
        Line([(1, 0), (0, 0), (0, 1)], _ROLES.Shadow, 1).paint(painter, plot)
        along = np.linspace(0, 1, 40)
        for height, pace, color in ((0.96, 0.09, _ROLES.Highlight), (0.86, 0.13, WRONG)):
            rising = height * (1 - np.exp(-along / pace / 2))
            Line(list(zip(along, rising, strict=True)), color, 2.4).paint(painter, plot)
        self._draw_matrix(painter, QRectF(190, 28, 112, 112), 7)

    def _draw_matrix(self, painter: QPainter, place: QRectF, n_classes: int) -> None:
        shares = np.random.default_rng(3).uniform(0.04, 0.12, (n_classes, n_classes))
        shares[np.diag_indices(n_classes)] = 0.9
        shares[4, 1] = 0.45
        side = place.width() / n_classes
        painter.setPen(Qt.PenStyle.NoPen)
        for row, line in enumerate(shares):
            for column, share in enumerate(line):
                is_right = row == column
                color = QColor(self._color(_ROLES.Highlight) if is_right else WRONG)
                color.setAlphaF(float(share))
                cell = QRectF(place.x() + column * side, place.y() + row * side, side, side)
                painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), color)


class AnswersPicture(Illustration):
    """Models: a character goes through the layers of a network and comes out as shares."""

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        middle = HEIGHT / 2
        sheet = QRectF(0.5, middle - 42, 84, 84)
        self._card(painter, sheet)
        self._write(painter, _written("5", 1)[0], sheet)
        for x, side, count in ((108, 60, 3), (156, 40, 4), (202, 22, 4)):
            for number in range(count):
                place = QRectF(x + 5 * number, middle - side / 2 - 5 * number + 6, side / 2, side)
                painter.setPen(QPen(self._color(_ROLES.Highlight), 1.4))
                painter.setBrush(self._color(_ROLES.Base))
                painter.drawRoundedRect(place, 3, 3)
        font = painter.font()
        font.setPixelSize(15)
        painter.setFont(font)
        answers = (("5", 0.86), ("S", 0.5), ("6", 0.16))
        for number, (character, share) in enumerate(answers):
            y = middle - 42 + 30 * number
            painter.setPen(self._color(_ROLES.WindowText))
            painter.drawText(QRectF(238, y, 16, 24), Qt.AlignmentFlag.AlignCenter, character)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._color(_ROLES.AlternateBase))
            painter.drawRoundedRect(QRectF(260, y + 8, 59, 8), 4, 4)
            painter.setBrush(self._color(_ROLES.Highlight))
            painter.drawRoundedRect(QRectF(260, y + 8, 59 * share, 8), 4, 4)


@cache
def _written(characters: str, seed: int) -> tuple[tuple[QPolygonF, ...], ...]:
    """Write characters by one hand; the same at every call."""
    skeletons = _skeletons(characters)
    generator = np.random.default_rng(seed)
    hand = random_writer(generator, skeletons)
    result = []
    for character in characters:
        points, lengths = write(character, hand, skeletons, generator)
        strokes = np.split(points, np.cumsum(lengths)[:-1])
        result.append(tuple(QPolygonF([QPointF(*point) for point in s]) for s in strokes))
    return tuple(result)


@cache
def _skeletons(characters: str) -> dict[str, tuple[Skeleton, ...]]:
    return load_skeletons(characters=characters)
