"""A keyboard of the classes: click characters to see them alone; each key shows its count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.item_view import ItemView
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
            return f"{local(value, '.1f' if value < 9.95 else '.0f')}{unit}"
    return str(count)


class ClassPicker(ItemView):
    """Keys that can be on or off; arrows move, Space switches.

    Signals
    -------
    classes_changed : object
        The classes that are on, a frozenset of int.
    """

    classes_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Characters to show"))
        self._alphabet: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._rows: list[list[int]] = []
        self.classes: frozenset[int] = frozenset()
        self.activated.connect(self._on_activated)

    def show_classes(self, alphabet: Sequence[str], counts: Sequence[int]) -> None:
        """Show a key for every class with how many samples it has, all off."""
        if tuple(alphabet) != self._alphabet:
            self._alphabet = tuple(alphabet)
            self._names = class_names(alphabet)
            self._rows = key_rows(alphabet)
            self.cursor_item = self._rows[0][0] if self._rows else 0
            self.classes = frozenset()
        self.updateGeometry()
        self.show_counts(counts)

    def show_counts(self, counts: Sequence[int]) -> None:
        """Show how many samples each class has."""
        self._counts = tuple(counts)
        self.update()
        self.describe()

    def set_classes(self, classes: frozenset[int]) -> None:
        """Switch exactly these on, and say nothing."""
        self.classes = classes
        self.update()
        self.describe()

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self._names)

    def item_rect(self, number: int) -> QRect:
        """Return where the key of a class is."""
        return self.key_area(number).toRect()

    def item_at(self, place: QPointF) -> int:
        """Return the class whose key is at a place."""
        for row_number, row in enumerate(self._rows):
            for column, label in enumerate(row):
                if self._area(row_number, column, len(row)).contains(place):
                    return label
        return -1

    def key_area(self, label: int) -> QRectF:
        """Return where the key of a class is."""
        for row_number, row in enumerate(self._rows):
            if label in row:
                return self._area(row_number, row.index(label), len(row))
        return QRectF()

    @override
    def sizeHint(self) -> QSize:
        height = max(1, len(self._rows)) * (_KEY_HEIGHT + _GAP)
        return QSize(_COLUMNS * (_LEAST_KEY_WIDTH + _GAP), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _area(self, row: int, column: int, n: int) -> QRectF:
        width = (self.width() - (_COLUMNS - 1) * _GAP) / _COLUMNS
        indent = (_COLUMNS - n) * (width + _GAP) / 2 if n >= 7 else 0.0
        left = indent + column * (width + _GAP)
        return QRectF(left, row * (_KEY_HEIGHT + _GAP), width, _KEY_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
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
        is_on = label in self.classes
        is_current = self.has_cursor(label)
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

    def steps(self) -> dict[Qt.Key, int]:
        """Go along the rows; at their ends the cursor stays."""
        if not self._rows:
            return {}
        row, column = self._current_place()
        targets = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
        }
        return {key: self._nearest(*target) - self.cursor_item for key, target in targets.items()}

    def _nearest(self, row: int, column: int) -> int:
        keys = self._rows[min(len(self._rows) - 1, max(0, row))]
        return keys[min(len(keys) - 1, max(0, column))]

    def _current_place(self) -> tuple[int, int]:
        for number, row in enumerate(self._rows):
            if self.cursor_item in row:
                return number, row.index(self.cursor_item)
        return 0, 0

    def item_text(self, number: int) -> str:
        """Say how many samples a class has."""
        return fill_in(self.tr("{0}: {1:,} samples"), self._names[number], self._counts[number])

    @Slot(int)
    def _on_activated(self, label: int) -> None:
        self.classes = self.classes ^ {label}
        self.update()
        self.describe()
        self.classes_changed.emit(self.classes)

    def describe(self) -> None:
        """Tell what is shown, and the key at the cursor."""
        names = " ".join(self._names[label] for label in sorted(self.classes))
        text = self.tr("Shown: {0}").format(names or self.tr("all"))
        if self._counts:
            text += f"; {self.item_text(self.cursor_item)}"
        self.setAccessibleDescription(text)
