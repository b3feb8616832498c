"""A few samples at each strength of a corruption, and how the models read every picture."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.robustness.result import NO_RESULT, RobustnessResult
from emnist_desktop.ui.colors import first_and_second
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.images import picture_image
from emnist_desktop.ui.item_view import GridView
from trainer.evaluation.corruptions import N_STRENGTHS

_COLUMNS = 1 + N_STRENGTHS
_GAP = 8
_LARGEST_SIDE = 112
_LEAST_SIDE = 28


class RobustnessExamples(GridView):
    """A row a sample: what it is, its untouched picture, and five that were made worse.

    Signals
    -------
    sample_chosen : int
        Number of the sample that was clicked, in its split.
    """

    gap = 4
    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = NO_RESULT
        self._corruption = ""
        self._strength = 0
        self._strips: tuple[QImage, ...] = ()
        self.setAccessibleName(self.tr("Samples at each strength, and how they are read"))
        self.activated.connect(self._on_activated)

    @property
    def count(self) -> int:
        """How many samples are shown."""
        return len(self._result.examples)

    def show_result(self, result: RobustnessResult) -> None:
        """Show another measurement."""
        self._result = result
        self._strips = tuple(picture_image(example.picture) for example in result.examples)
        self.cursor_item = 0
        self._corruption = result.corruptions[0].name
        self.items_changed()

    def choose(self, name: str, strength: int) -> None:
        """Show a corruption, and mark one of its strengths; 0 for none."""
        self._corruption, self._strength = name, strength
        self.describe()
        self.update()

    def picture_rect(self, row: int, column: int) -> QRect:
        """Return where a picture is, in this widget; column 0 is untouched."""
        side = self._side()
        left = self._label_width() + column * (side + _GAP)
        return QRect(left, self.cell_rect(row).top() + 2, side, side)

    def sizeHint(self) -> QSize:
        """Return the size of readable rows."""
        return QSize(self._label_width() + _COLUMNS * (56 + _GAP), self.minimumHeight())

    def _line(self) -> int:
        return QFontMetrics(self.font()).height()

    def _label_width(self) -> int:
        return 2 * self._line() + _GAP

    def header_height(self) -> int:
        """Return room for what each column is."""
        return 2 * self._line() + 4

    def cell_size(self) -> QSize:
        """Return the size of a row."""
        models = len(self._result.models)
        return QSize(self.width(), self._side() + models * self._line() + 8)

    def _side(self) -> int:
        room = self.width() - self._label_width() - _COLUMNS * _GAP
        return max(_LEAST_SIDE, min(_LARGEST_SIDE, room // _COLUMNS))

    def _condition(self, column: int) -> int:
        first = self._result.first_condition(self._corruption)
        return first + column - 1 if column else 0

    def paint_ground(self, painter: QPainter) -> None:
        """Paint what each column is."""
        (corruption,) = (c for c in self._result.corruptions if c.name == self._corruption)
        texts = [self.tr("untouched"), *(local(strength, "g") for strength in corruption.strengths)]
        for column, text in enumerate(texts):
            area = self.picture_rect(0, column)
            room = QRect(
                area.left() - _GAP // 2, self._line() + 2, area.width() + _GAP, self._line()
            )
            font = QFont(self.font())
            font.setBold(column > 0 and column == self._strength)
            painter.setFont(font)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        left = self.picture_rect(0, 1).left()
        room = QRect(left, 0, self.width() - left, self._line())
        title = f"{corruption.title}, {corruption.unit}"
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, title)

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a row: the character, its pictures, and how they are read."""
        palette = self.palette()
        if self.has_cursor(number):
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.0))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 0, -1, 0), 4, 4)
        font = QFont(self.font())
        font.setPixelSize(int(1.5 * self._line()))
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        side = self.picture_rect(number, 0)
        room = QRect(4, side.top(), self._label_width() - _GAP, side.height())
        text = painter.fontMetrics().elidedText(
            self._result.examples[number].truth, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.font())
        for column in range(_COLUMNS):
            self._paint_picture(painter, number, column)

    def _paint_picture(self, painter: QPainter, row: int, column: int) -> None:
        example, condition = self._result.examples[row], self._condition(column)
        area, strip = self.picture_rect(row, column), self._strips[row]
        conditions = 1 + N_STRENGTHS * len(self._result.corruptions)
        width = strip.width() // conditions
        painter.drawImage(area, strip, QRect(condition * width, 0, width, strip.height()))
        line = self._line()
        for model, readings in enumerate(example.readings):
            character, share = readings[condition]
            is_right = character == example.truth
            room = QRect(area.left() - _GAP // 2, 0, area.width() + _GAP, line)
            room.moveTop(area.bottom() + 2 + model * line)
            color = self.palette().color(QPalette.ColorRole.WindowText)
            if len(example.readings) == 2:
                color = first_and_second(self.palette())[model]
            font = QFont(self.font())
            font.setBold(not is_right)
            painter.setFont(font)
            painter.setPen(color)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignCenter, _reading(character, share, is_right)
            )
        painter.setFont(self.font())
        if any(readings[condition][0] != example.truth for readings in example.readings):
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.BrightText), 2.0))
            painter.drawRect(QRectF(area).adjusted(0, 0, -1, -1))

    def steps(self) -> dict[Qt.Key, int]:
        """Go up and down."""
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

    def item_text(self, number: int) -> str:
        """Describe a row: the sample, and each model's recognitions at each strength."""
        example = self._result.examples[number]
        lines = [fill_in(self.tr("Sample {0:,}: {1}"), example.number, example.truth)]
        for figures, readings in zip(self._result.models, example.readings, strict=True):
            shown = [readings[self._condition(column)] for column in range(_COLUMNS)]
            texts = ", ".join(f"{character} {local(share, '.0%')}" for character, share in shown)
            lines.append(f"{figures.name}: {texts}")
        return "\n".join(lines)

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self.sample_chosen.emit(self._result.examples[number].number)


def _reading(character: str, share: float, is_right: bool) -> str:
    text = f"{character} {local(share, '.0%')}"
    return text if is_right else f"→ {text}"
