"""A few samples at each strength of a corruption, and how the models read every picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from emnist_desktop.models.robustness.colors import model_colors
from emnist_desktop.models.robustness.result import Example, Result
from trainer.evaluation.corruptions import N_STRENGTHS

_COLUMNS = 1 + N_STRENGTHS
_GAP = 8
_LARGEST_SIDE = 112
_LEAST_SIDE = 28


class RobustnessExamples(QWidget):
    """A row a sample: what it is, its untouched picture, and five that were made worse.

    Signals
    -------
    sample_chosen : int
        Number of the sample that was clicked, in its split.
    """

    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Result | None = None
        self._corruption = ""
        self._strength = 0
        self._strips: tuple[QImage, ...] = ()
        self._cursor = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("Samples at each strength, and how they are read"))

    def show_result(self, result: Result | None) -> None:
        """Show another measurement."""
        self._result = result
        examples = () if result is None else result.examples
        self._strips = tuple(QImage.fromData(example.picture) for example in examples)
        self._cursor = 0
        self._corruption = "" if result is None else result.corruptions[0].name
        self._describe()
        self._fit_height()
        self.update()

    def choose(self, name: str, strength: int) -> None:
        """Show a corruption, and mark one of its strengths; 0 for none."""
        self._corruption, self._strength = name, strength
        self._describe()
        self.update()

    def cell_rect(self, row: int, column: int) -> QRect:
        """Return where a picture is, in this widget; column 0 is untouched."""
        side = self._side()
        left = self._label_width() + column * (side + _GAP)
        top = self._header_height() + row * self._row_height()
        return QRect(left, top + 2, side, side)

    def sizeHint(self) -> QSize:
        """Return the size of readable rows."""
        return QSize(self._label_width() + _COLUMNS * (56 + _GAP), self.minimumHeight())

    @property
    def _examples(self) -> tuple[Example, ...]:
        return () if self._result is None else self._result.examples

    def _line(self) -> int:
        return QFontMetrics(self.font()).height()

    def _label_width(self) -> int:
        return 2 * self._line() + _GAP

    def _header_height(self) -> int:
        return 2 * self._line() + 4

    def _row_height(self) -> int:
        models = 1 if self._result is None else len(self._result.models)
        return self._side() + models * self._line() + 12

    def _side(self) -> int:
        room = self.width() - self._label_width() - _COLUMNS * _GAP
        return max(_LEAST_SIDE, min(_LARGEST_SIDE, room // _COLUMNS))

    def _fit_height(self) -> None:
        rows = len(self._examples)
        self.setMinimumHeight(self._header_height() + rows * self._row_height() if rows else 0)

    def _condition(self, column: int) -> int:
        if self._result is None or not column:
            return 0
        return self._result.place(self._corruption) + column - 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in sight."""
        if self._result is None:
            return
        painter = QPainter(self)
        self._paint_header(painter)
        for row in range(len(self._examples)):
            area = self._row_rect(row)
            if area.intersects(event.rect()):
                self._paint_row(painter, row)
        painter.end()

    def _row_rect(self, row: int) -> QRect:
        first = self.cell_rect(row, 0)
        return QRect(0, first.top() - 2, self.width(), self._row_height() - 4)

    def _paint_header(self, painter: QPainter) -> None:
        if self._result is None:
            return
        corruption = self._result.corruptions[(self._result.place(self._corruption) - 1) // 5]
        texts = [self.tr("untouched"), *(f"{strength:g}" for strength in corruption.strengths)]
        for column, text in enumerate(texts):
            area = self.cell_rect(0, column)
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
        left = self.cell_rect(0, 1).left()
        room = QRect(left, 0, self.width() - left, self._line())
        title = f"{corruption.title}, {corruption.unit}"
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, title)

    def _paint_row(self, painter: QPainter, row: int) -> None:
        example, palette = self._examples[row], self.palette()
        if row == self._cursor and self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.0))
            painter.drawRoundedRect(QRectF(self._row_rect(row)).adjusted(1, 0, -1, 0), 4, 4)
        font = QFont(self.font())
        font.setPixelSize(int(1.5 * self._line()))
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        side = self.cell_rect(row, 0)
        room = QRect(4, side.top(), self._label_width() - _GAP, side.height())
        text = painter.fontMetrics().elidedText(
            example.truth, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.font())
        for column in range(_COLUMNS):
            self._paint_cell(painter, row, column)

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        if self._result is None:
            return
        example, condition = self._examples[row], self._condition(column)
        area, strip = self.cell_rect(row, column), self._strips[row]
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
                color = model_colors(self.palette())[model]
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the rows need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the sample below the mouse."""
        row = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._move_to(row)
            self.sample_chosen.emit(self._examples[row].number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows, choose with Enter or Space."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self._move_to(self._cursor + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._examples:
            self.sample_chosen.emit(self._examples[self._cursor].number)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say in words what is below the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._sentence(row) if row >= 0 else "", self)
            return True
        return super().event(event)

    def _at(self, place: QPoint) -> int:
        for row in range(len(self._examples)):
            if self._row_rect(row).contains(place):
                return row
        return -1

    def _move_to(self, row: int) -> None:
        if 0 <= row < len(self._examples):
            self._cursor = row
            self._describe()
            self.update()
            viewport = self.parentWidget()
            area = viewport.parentWidget() if viewport is not None else None
            if isinstance(area, QScrollArea):
                middle = self._row_rect(row).center()
                area.ensureVisible(middle.x(), middle.y(), 0, self._row_height() // 2)

    def _describe(self) -> None:
        self.setAccessibleDescription(self._sentence(self._cursor) if self._examples else "")

    def _sentence(self, row: int) -> str:
        """Say a row in words: the sample, and what each model read at each strength."""
        if self._result is None:
            return ""
        example = self._examples[row]
        lines = [self.tr("Sample {0:,}: {1}").format(example.number, example.truth)]
        for figures, readings in zip(self._result.models, example.readings, strict=True):
            shown = [readings[self._condition(column)] for column in range(_COLUMNS)]
            texts = ", ".join(f"{character} {100 * share:.0f} %" for character, share in shown)
            lines.append(f"{figures.name}: {texts}")
        return "\n".join(lines)


def _reading(character: str, share: float, is_right: bool) -> str:
    text = f"{character} {100 * share:.0f} %"
    return text if is_right else f"→ {text}"
