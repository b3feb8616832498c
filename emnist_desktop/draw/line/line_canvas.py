"""The ruled sheet: a canvas that scrolls, with the text under the ink of each line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QMargins,
    QMarginsF,
    QPoint,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from emnist_desktop.draw.canvas import Canvas, Tool
from emnist_desktop.draw.canvas_frame import paint_hint
from emnist_desktop.ui.compat import override
from trainer.errors import InkError
from trainer.files.records import RecordError, decode_or, parse
from trainer.ink.strokes import MAX_POINTS, Ink, Stroke
from trainer.writing.gestures import find_gesture
from trainer.writing.sheet_text import (
    SheetLine,
    SheetText,
    SheetWord,
    fixed_record,
    fixed_words,
)

FIRST_BASELINE, ROW_HEIGHT, X_HEIGHT = 88.0, 132.0, 38.0
"""Of the guide lines, in pixels of the sheet."""

_TEXT_BELOW = 52.0
"""From a baseline to that of the text under it: below the feet of a g."""

_OVERHANG = QMargins(4, 4, 4, 4)
"""How far a letter of the text may reach out of its area."""

_TEXT_SIZE = 1.35
"""Of the text, in sizes of the window's font."""

_DOUBTFUL = 0.5
"""A word less probable than this is marked."""

_FULL = MAX_POINTS - 2_000
"""Points of a sheet that takes no more strokes."""

_FADED = 0.3
_TAP = 6.0
"""How far the pen may move and still point at a word, in pixels."""

_NEAR_EDGE, _ADVANCE = 0.12, 0.45
"""Shares of the width: so near to the edge the sheet moves on, and so far."""

_PAUSE_MILLISECONDS = 600
_LEAST_ERASER = 9.0
_WHEEL_STEP = 60.0
MARGIN = 24.0
"""Round an ink that is put onto the sheet."""


@dataclass(frozen=True, eq=False)
class PlacedCharacter:
    """Where a character of the text stands under the ink."""

    area: QRectF
    word: SheetWord
    index: int

    @property
    def text(self) -> str:
        """The character itself."""
        return self.word.characters[self.index].text

    @property
    def is_doubtful(self) -> bool:
        """Whether it is marked: its word is improbable, and nobody has corrected it."""
        candidates = self.word.candidates
        is_improbable = bool(candidates) and candidates[0].probability < _DOUBTFUL
        return is_improbable and not self.word.is_fixed

    @property
    def look(self) -> tuple[object, ...]:
        """What it looks like, and where: equal if nothing has to be painted anew."""
        return self.text, self.is_doubtful, self.area.getRect()


class LineCanvas(Canvas):
    """A sheet for lines of text.

    Signals
    -------
    correction_requested : object, int, object
        A `SheetWord`, the index of a character, and a `QPoint` on the screen.
    removal_requested : object, int
        A `SheetWord`, and the index of a character.
    view_changed
        Another part of the sheet is shown, or the sheet has grown.
    filled
        There is no room for another stroke.
    gesture_made : object, object
        A `Gesture`, and the `Stroke` that is one; it has been drawn as ink.
    """

    correction_requested = Signal(object, int, object)
    removal_requested = Signal(object, int)
    view_changed = Signal()
    filled = Signal()
    gesture_made = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Sheet for lines of text"))
        self.setAccessibleDescription(
            self.tr(
                "Write with mouse, finger or pen. Arrow keys choose a letter, F2 shows its "
                "alternatives, Enter begins a new line."
            )
        )
        self.text = SheetText()
        """What is shown under the ink."""
        self.selected: tuple[SheetWord, int] | None = None
        self.has_guides = True
        self.row = 0
        """The row that is written on."""
        self.entry_id = ""
        """Of the sheet in the history; saved with it, so that a restored sheet is the same."""
        self.places: tuple[PlacedCharacter, ...] = ()
        """The characters under the ink."""
        self._faded: frozenset[Stroke] = frozenset()
        self._tapped: tuple[QPointF, float, PlacedCharacter] | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._advance)
        self.history_changed.connect(self._on_history_changed)

    # Text

    @property
    def fixed(self) -> tuple[SheetWord, ...]:
        """What the writer has corrected."""
        return self._drawing.notes

    def set_sheet(self, text: SheetText, *, is_step: bool = True) -> None:
        """Take the strokes and the corrections of a text; this can be undone."""
        self._drawing.replace(text.strokes, text.fixed, is_step=is_step)
        self.show_text(text)
        self._on_history_step()

    def show_text(self, text: SheetText) -> None:
        """Show a text under the ink."""
        before = {place.look: place for place in self.places}
        self.text = text
        self.places = tuple(self._placed(text))
        now = {place.look: place for place in self.places}
        for look in before.keys() ^ now.keys():
            place = before.get(look) or now[look]
            self.update(place.area.translated(-self.origin).toAlignedRect() + _OVERHANG)
        faded = frozenset(
            part.stroke
            for word in text.words
            for each in word.characters
            if not each.text
            for part in each.parts
        )
        if self.selected is not None and self.selected[0] not in text.words:
            self.selected = None
            self.update()
        if faded != self._faded:
            self._faded = faded
            self._repaint_all()

    def add(self, ink: Ink) -> None:
        """Put an ink of any size onto the sheet, in a line of its own."""
        points, _ = ink.flat()
        if not len(points):
            return
        low, high = points.min(axis=0), points.max(axis=0)
        factor = min(1.0, 2 * X_HEIGHT / max(float(high[1] - low[1]), 1.0))
        if not self._drawing.is_empty:
            self.new_line()
        corner = np.array([MARGIN, FIRST_BASELINE + self.row * ROW_HEIGHT], dtype=np.float32)
        origin = np.array([low[0], high[1]])
        strokes = tuple(
            replace(s, points=((s.points - origin) * factor + corner).astype(np.float32))
            for s in ink.strokes
        )
        self._drawing.replace((*self._drawing.strokes, *strokes), self.fixed)
        self._on_history_step()

    @override
    def to_json(self) -> str:
        fixed = fixed_record(SheetText(self._drawing.strokes, fixed=self.fixed))
        record = {**self.ink().to_record(), "fixed": fixed, "entry": self.entry_id}
        return json.dumps(record, separators=(",", ":"))

    @override
    def restore(self, text: str | bytes) -> bool:
        record = _record_in(text)
        ink = Ink.from_record(record)
        if not ink.is_empty:
            self.entry_id = decode_or("", str, record.get("entry"))
            fixed = fixed_words(ink.strokes, record.get("fixed", []))
            self.set_sheet(SheetText(ink.strokes, fixed=fixed))
        return not ink.is_empty

    def insert(self, text: str | bytes) -> None:
        """Put what `to_json` of a sheet returned below what is there; of a canvas, as `add`.

        Raises
        ------
        InkError
            If it is something else.
        """
        record = _record_in(text)
        ink = Ink.from_record(record)
        if self.ink().n_points + ink.n_points > MAX_POINTS:
            self.filled.emit()
        elif "fixed" not in record:
            self.add(ink)
        elif not ink.is_empty:
            strokes = self._below(ink)
            fixed = fixed_words(strokes, record["fixed"])
            self._drawing.replace((*self._drawing.strokes, *strokes), (*self.fixed, *fixed))
            self._on_history_step()
            bottom = FIRST_BASELINE + (self.row + 0.5) * ROW_HEIGHT
            self.scroll_to(0.0, max(self.origin.y(), bottom - self.height()))

    def _below(self, ink: Ink) -> tuple[Stroke, ...]:
        """Return the strokes of another sheet, moved by rows to be below what is there."""
        if self._drawing.is_empty:
            return ink.strokes
        points, _ = ink.flat()
        lowest = max(float(stroke.points[:, 1].max()) for stroke in self._drawing.strokes)
        rows = max(self.row, _row_at(lowest) + 1) - _row_at(float(points[:, 1].min()))
        down = np.array([0.0, rows * ROW_HEIGHT], dtype=np.float32)
        return tuple(replace(each, points=each.points + down) for each in ink.strokes)

    # View

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the sheet: as much as is written on, and room for more."""
        points, _ = Ink(self._drawing.strokes).flat()
        right, bottom = points.max(axis=0).tolist() if len(points) else (0.0, 0.0)
        row = max(self.row, int(max(0.0, bottom - FIRST_BASELINE) // ROW_HEIGHT) + 1)
        wide = right + self.width() / 2 if right > (1 - _NEAR_EDGE) * self.width() else 0.0
        return max(self.width(), wide), max(self.height(), (row + 1.5) * ROW_HEIGHT)

    def scroll_to(self, x: float, y: float) -> None:
        """Show another part of the sheet, as far as it reaches."""
        if self._drawing.is_busy:
            return
        width, height = self.extent
        origin = QPointF(
            round(max(0.0, min(x, width - self.width()))),
            round(max(0.0, min(y, height - self.height()))),
        )
        if origin != self.origin:
            self.origin = origin
            self._repaint_all()
        self.view_changed.emit()

    @Slot()
    def new_line(self) -> None:
        """Show where the next line is written."""
        rows = [self.row, *(_row_of(line) for line in self.text.lines if _has_ink(line))]
        has_ink = any(_row_of(line) >= self.row for line in self.text.lines if _has_ink(line))
        self.row = max(rows) + 1 if has_ink else self.row
        bottom = FIRST_BASELINE + self.row * ROW_HEIGHT + ROW_HEIGHT / 2
        self.scroll_to(0.0, max(self.origin.y(), bottom - self.height()))
        self.update()

    def set_guides(self, *, are_shown: bool) -> None:
        """Show or hide the guide lines."""
        self.has_guides = are_shown
        self.update()

    @Slot()
    def _advance(self) -> None:
        """Move on when the pen rests near the right edge."""
        strokes = self._drawing.strokes
        if not strokes or self._drawing.is_busy:
            return
        right = float(strokes[-1].points[:, 0].max()) - self.origin.x()
        if right > (1 - _NEAR_EDGE) * self.width():
            self.scroll_to(self.origin.x() + _ADVANCE * self.width(), self.origin.y())

    @Slot()
    def _on_history_changed(self) -> None:
        strokes, row = self._drawing.strokes, self.row
        self._pause.start()
        if strokes:
            middle = float(np.mean(strokes[-1].points[:, 1]))
            self.row = _row_at(middle)
        else:
            self.row = 0
        if self.row != row:
            self.update()  # another line is the current one
        self.scroll_to(self.origin.x(), self.origin.y())

    # Pen, mouse and keys

    @override
    def _press(self, position: QPointF, pressure: float, tool: Tool) -> None:
        self._pause.stop()
        self._tapped = None
        place = self._place_at(position)
        if place is not None and tool is Tool.PEN:
            self._tapped = (position, pressure, place)
        elif self._drawing.ink().n_points > _FULL and tool is Tool.PEN:
            self.filled.emit()
        else:
            if self.selected is not None:
                self.selected = None
                self.update()
            super()._press(position, pressure, tool)

    @override
    def _move(self, position: QPointF, pressure: float) -> None:
        if self._tapped is not None:
            start, first, _ = self._tapped
            if (position - start).manhattanLength() < _TAP:
                return
            self._tapped = None
            super()._press(start, first, self.tool)
        super()._move(position, pressure)

    @override
    def _release(self, position: QPointF, pressure: float) -> None:
        if self._tapped is None:
            super()._release(position, pressure)
            return
        _, _, place = self._tapped
        self._tapped = None
        self._select(place.word, place.index)
        self._ask_for_correction()

    @override
    def _abandon(self) -> None:
        self._tapped = None
        super()._abandon()

    @override
    def _lift(self) -> None:
        is_drawing = self.is_drawing
        super()._lift()
        if is_drawing:
            gesture = find_gesture(self._drawing.strokes, self.text)
            if gesture is not None:
                self.gesture_made.emit(gesture, self._drawing.strokes[-1])
                self._pause.stop()  # the pen is where it was

    @override
    def _eraser_radius(self) -> float:
        return max(_LEAST_ERASER, super()._eraser_radius())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() and self.tool is Tool.PEN:
            points = self._place_at(event.position()) is not None
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if points else Qt.CursorShape.CrossCursor
            )
        super().mouseMoveEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self._character_at(QPointF(event.pos()))
        if found is not None and event.reason() is QContextMenuEvent.Reason.Mouse:
            self._select(*found)
        if self.selected is None:
            self._choose(0)
        self._ask_for_correction()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        moved = event.pixelDelta()
        if moved.isNull():
            moved = event.angleDelta() / 120 * _WHEEL_STEP
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not moved.x():
            moved = moved.transposed()
        self.scroll_to(self.origin.x() - moved.x(), self.origin.y() - moved.y())
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape)
            and self.selected is not None
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        match event.key():
            case keys.Key_Return | keys.Key_Enter:
                self.new_line()
            case keys.Key_Left | keys.Key_Right:
                self._choose(1 if event.key() == keys.Key_Right else -1)
            case keys.Key_F2 | keys.Key_Space:
                self._choose(0)
                self._ask_for_correction()
            case keys.Key_Delete | keys.Key_Backspace if self.selected is not None:
                self.removal_requested.emit(*self.selected)
            case keys.Key_Escape if self.selected is not None:
                self.selected = None
                self.update()
            case keys.Key_PageDown | keys.Key_PageUp:
                step = self.height() if event.key() == keys.Key_PageDown else -self.height()
                self.scroll_to(self.origin.x(), self.origin.y() + step)
            case _:
                super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scroll_to(self.origin.x(), self.origin.y())

    def _choose(self, step: int) -> None:
        """Select another character; the last one if none is selected."""
        if not self.places:
            return
        here = [
            i
            for i, place in enumerate(self.places)
            if self.selected is not None
            and place.word is self.selected[0]
            and place.index == self.selected[1]
        ]
        index = here[0] + step if here else len(self.places) - 1
        place = self.places[max(0, min(index, len(self.places) - 1))]
        self._select(place.word, place.index)
        view = QRectF(self.origin, self.size())
        if not view.contains(place.area):
            x, y = place.area.center().toTuple()
            self.scroll_to(x - self.width() / 2, y - self.height() / 2)

    def _select(self, word: SheetWord, index: int) -> None:
        self.selected = (word, index)
        self.update()

    def _ask_for_correction(self) -> None:
        if self.selected is None:
            return
        word, index = self.selected
        area = next((p.area for p in self.places if p.word is word and p.index == index), QRectF())
        corner = (area.bottomLeft() - self.origin).toPoint() + QPoint(0, 4)
        self.correction_requested.emit(word, index, self.mapToGlobal(corner))

    def _place_at(self, position: QPointF) -> PlacedCharacter | None:
        point = position + self.origin
        return next((place for place in self.places if place.area.contains(point)), None)

    def _character_at(self, position: QPointF) -> tuple[SheetWord, int] | None:
        """Return the character whose ink is there, or whose text."""
        place = self._place_at(position)
        if place is not None:
            return place.word, place.index
        x, y = self._on_sheet(position)
        margin = self._eraser_radius()
        for word in self.text.words:
            for index, each in enumerate(word.characters):
                left, top, width, height = each.box
                across = left - margin <= x <= left + width + margin
                if each.parts and across and top - margin <= y <= top + height + margin:
                    return word, index
        return None

    # Painting

    @override
    def stroke_color(self, stroke: Stroke) -> QColor:
        color = super().stroke_color(stroke)
        if stroke in self._faded:
            color.setAlphaF(_FADED)
        return color

    @override
    def paint_empty(self, painter: QPainter) -> None:
        paint_hint(
            painter,
            self,
            self.tr("Write on the line"),
            self.tr("the text appears under it; click a letter there to correct it"),
        )

    @override
    def paint_ground(self, painter: QPainter, area: QRectF) -> None:
        if not self.has_guides:
            return
        palette = self.palette()
        line = palette.color(QPalette.ColorRole.Mid)
        top, left = self.origin.y(), self.origin.x()
        first = max(0, int((area.top() + top - FIRST_BASELINE) // ROW_HEIGHT))
        last = int((area.bottom() + top - FIRST_BASELINE) // ROW_HEIGHT) + 1
        for row in (self.row,) if self.is_empty else range(first, last + 1):
            y = FIRST_BASELINE + row * ROW_HEIGHT - top
            is_current = row == self.row
            color = palette.color(QPalette.ColorRole.Highlight) if is_current else line
            painter.setPen(QPen(color, 1.0))
            painter.drawLine(QPointF(area.left(), y + 0.5), QPointF(area.right(), y + 0.5))
            pen = QPen(line, 1.0, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4.0, 4.0])
            pen.setDashOffset(area.left() + left)
            painter.setPen(pen)
            y -= X_HEIGHT
            painter.drawLine(QPointF(area.left(), y + 0.5), QPointF(area.right(), y + 0.5))

    @override
    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        palette = self.palette()
        painter.save()
        painter.translate(-self.origin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._text_font())
        view = area.translated(self.origin) + QMarginsF(_OVERHANG)
        if self.selected is not None:
            self._paint_selected(painter, *self.selected)
        plain = palette.color(QPalette.ColorRole.Link)
        doubtful = palette.color(QPalette.ColorRole.BrightText)
        for place in self.places:
            if place.area.intersects(view):
                painter.setPen(doubtful if place.is_doubtful else plain)
                painter.drawText(place.area, Qt.AlignmentFlag.AlignCenter, place.text)
        painter.restore()

    def _paint_selected(self, painter: QPainter, word: SheetWord, index: int) -> None:
        color = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(color, 1.5))
        color.setAlphaF(0.12)
        painter.setBrush(color)
        for area in [p.area for p in self.places if p.word is word and p.index == index]:
            painter.drawRoundedRect(area, 3, 3)
        each = word.characters[index]
        if each.parts:
            ink = QRectF(*each.box).adjusted(-6, -6, 6, 6)
            painter.drawRoundedRect(ink, 6, 6)

    def _text_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _TEXT_SIZE)
        return font

    def _placed(self, text: SheetText) -> Iterator[PlacedCharacter]:
        """Yield where the characters stand: under their words, each line in one row."""
        metrics = QFontMetricsF(self._text_font())
        for line, y in zip(text.lines, _heights(text.lines), strict=True):
            reached = -1e9
            for word in line.words:
                if not word.strokes:
                    continue
                start = max(word.box[0], reached)
                shown = word.text.replace("\n", "↵")
                ends = [metrics.horizontalAdvance(shown[:n]) for n in range(len(shown) + 1)]
                indices = [i for i, each in enumerate(word.characters) if each.text]
                for index, (low, high) in zip(indices, pairwise(ends), strict=True):
                    area = QRectF(start + low, y - metrics.ascent(), high - low, metrics.height())
                    yield PlacedCharacter(area, word, index)
                reached = start + ends[-1] + metrics.horizontalAdvance(" ")


def _record_in(text: str | bytes) -> dict[str, Any]:
    try:
        record = parse(text)
    except RecordError as error:
        raise InkError(error.message) from error
    return record if isinstance(record, dict) else {}


def _heights(lines: Sequence[SheetLine]) -> list[float]:
    """Return the baselines of the text under lines: those of their rows, so that they stay."""
    rows = [_row_of(line) for line in lines]
    if len(set(rows)) == len(rows):
        return [FIRST_BASELINE + row * ROW_HEIGHT + _TEXT_BELOW for row in rows]
    return [_foot(line) + max(line.x_height, X_HEIGHT / 2) + 16.0 for line in lines]


def _foot(line: SheetLine) -> float:
    """Return y of the baseline in the middle of a line."""
    boxes = [word.box for word in line.words if word.strokes]
    middle = float(np.mean([left + width / 2 for left, _, width, _ in boxes])) if boxes else 0.0
    return line.baseline + line.slope * middle


def _row_at(y: float) -> int:
    """Return the row in which a height is, between ascenders and feet."""
    return max(0, round((y - FIRST_BASELINE + X_HEIGHT / 2) / ROW_HEIGHT))


def _row_of(line: SheetLine) -> int:
    return max(0, round((_foot(line) - FIRST_BASELINE) / ROW_HEIGHT))


def _has_ink(line: SheetLine) -> bool:
    return any(word.strokes for word in line.words)
