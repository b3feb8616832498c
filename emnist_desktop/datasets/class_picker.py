"""A keyboard of the classes: click characters to see them alone; each key shows its count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from trainer.ink.alphabet import class_names

_ROWS = (
    "1234567890",
    "QWERTYUIOP",
    "ASDFGHJKL",
    "ZXCVBNM",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)
_COLUMNS = 10
_KEY_HEIGHT = 26
_GAP = 3
_LEAST_KEY_WIDTH = 18


def key_rows(alphabet: Sequence[str]) -> list[list[int]]:
    """Return the classes in rows as on a keyboard; what is on none follows in its own order."""
    place = {name: number for number, name in reversed(list(enumerate(alphabet)))}
    rows = [[place[c] for c in row if c in place] for row in _ROWS]
    placed = {number for row in rows for number in row}
    rest = [number for number in range(len(alphabet)) if number not in placed]
    rows += [rest[low : low + _COLUMNS] for low in range(0, len(rest), _COLUMNS)]
    return [row for row in rows if row]


def short_count(count: int) -> str:
    """Return a count in at most four signs: 950, 2.4k, 38k, 1.2M."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size:
            value = count / size
            return f"{value:.1f}{unit}" if value < 9.95 else f"{value:.0f}{unit}"
    return str(count)


class ClassPicker(QWidget):
    """Keys that can be on or off; arrows move, Space switches.

    Signals
    -------
    classes_changed : object
        The classes that are on, a frozenset of int.
    """

    classes_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Characters to show"))
        self._alphabet: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._rows: list[list[int]] = []
        self._chosen: frozenset[int] = frozenset()
        self._current = 0

    @property
    def classes(self) -> frozenset[int]:
        """The classes that are on."""
        return self._chosen

    def show_classes(self, alphabet: Sequence[str], counts: Sequence[int]) -> None:
        """Show a key for every class, all off.

        Parameters
        ----------
        alphabet : sequence of str
        counts : sequence of int
            Samples of each class.
        """
        if tuple(alphabet) != self._alphabet:
            self._alphabet = tuple(alphabet)
            self._names = class_names(alphabet)
            self._rows = key_rows(alphabet)
            self._current = self._rows[0][0] if self._rows else 0
            self._chosen = frozenset()
        self._counts = tuple(counts)
        self.updateGeometry()
        self.update()
        self._describe()

    def set_classes(self, classes: frozenset[int]) -> None:
        """Switch exactly these on, and say nothing."""
        self._chosen = classes
        self.update()
        self._describe()

    def key_area(self, label: int) -> QRectF:
        """Return where the key of a class is."""
        for row_number, row in enumerate(self._rows):
            if label in row:
                return self._area(row_number, row.index(label), len(row))
        return QRectF()

    def sizeHint(self) -> QSize:
        """Return the size of all keys."""
        height = max(1, len(self._rows)) * (_KEY_HEIGHT + _GAP)
        return QSize(_COLUMNS * (_LEAST_KEY_WIDTH + _GAP), height)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return self.sizeHint()

    def _area(self, row: int, column: int, n: int) -> QRectF:
        width = (self.width() - (_COLUMNS - 1) * _GAP) / _COLUMNS
        indent = (_COLUMNS - n) * (width + _GAP) / 2 if n >= 7 else 0.0
        left = indent + column * (width + _GAP)
        return QRectF(left, row * (_KEY_HEIGHT + _GAP), width, _KEY_HEIGHT)

    def _key_at(self, point: QPoint) -> int:
        for row_number, row in enumerate(self._rows):
            for column, label in enumerate(row):
                if self._area(row_number, column, len(row)).contains(point):
                    return label
        return -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name_font, count_font = QFont(self.font()), QFont(self.font())
        name_font.setBold(True)
        count_font.setPixelSize(9)
        for row_number, row in enumerate(self._rows):
            for column, label in enumerate(row):
                area = self._area(row_number, column, len(row)).adjusted(0.5, 0.5, -0.5, -0.5)
                self._paint_key(painter, area, label, (name_font, count_font))
        painter.end()

    def _paint_key(
        self, painter: QPainter, area: QRectF, label: int, fonts: tuple[QFont, QFont]
    ) -> None:
        palette, roles = self.palette(), QPalette.ColorRole
        is_on = label in self._chosen
        is_current = label == self._current and self.hasFocus()
        ground = roles.Highlight if is_on else roles.Button
        painter.setBrush(palette.color(ground))
        edge = roles.Text if is_current else roles.Mid
        painter.setPen(QPen(palette.color(edge), 2.0 if is_current else 1.0))
        painter.drawRoundedRect(area, 4, 4)
        count = self._counts[label]
        faint = roles.HighlightedText if is_on else roles.PlaceholderText
        painter.setPen(palette.color(faint if is_on or not count else roles.ButtonText))
        if not count and not is_on:
            painter.setPen(palette.color(roles.Shadow))
        name = self._names[label].replace(" ", "")
        painter.setFont(fonts[0])
        room = QFontMetricsF(fonts[0])
        shown = room.elidedText(name, Qt.TextElideMode.ElideRight, area.width() - 2)
        top = area.adjusted(0, 0, 0, -9)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, shown)
        painter.setFont(fonts[1])
        painter.setPen(palette.color(faint))
        low = area.adjusted(0, area.height() - 11, 0, 0)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, short_count(count))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Switch the key under the mouse."""
        label = self._key_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and label >= 0:
            self._current = label
            self._switch(label)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the release that belongs to a press."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, switch with Space or Enter."""
        row, column = self._current_place()
        key = event.key()
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._rows:
            self._switch(self._current)
            return
        step = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(key))
        if step is None or not self._rows:
            super().keyPressEvent(event)
            return
        row = min(len(self._rows) - 1, max(0, row + step[0]))
        column = min(len(self._rows[row]) - 1, max(0, column + step[1]))
        self._current = self._rows[row][column]
        self.update()
        self._describe()

    def event(self, event: QEvent) -> bool:
        """Tell of the key under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            label = self._key_at(event.pos())
            if label >= 0:
                QToolTip.showText(event.globalPos(), self._facts(label), self)
            return True
        return super().event(event)

    def _current_place(self) -> tuple[int, int]:
        for number, row in enumerate(self._rows):
            if self._current in row:
                return number, row.index(self._current)
        return 0, 0

    def _facts(self, label: int) -> str:
        name = self._names[label]
        return self.tr("{0}: {1:,} samples").format(name, self._counts[label])

    def _switch(self, label: int) -> None:
        self._chosen = self._chosen ^ {label}
        self.update()
        self._describe()
        self.classes_changed.emit(self._chosen)

    def _describe(self) -> None:
        names = " ".join(self._names[label] for label in sorted(self._chosen))
        text = self.tr("Shown: {0}").format(names or self.tr("all"))
        if self._counts:
            text += f"; {self._facts(self._current)}"
        self.setAccessibleDescription(text)
