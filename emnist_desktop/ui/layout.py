"""Layouts in one expression: widgets beside and below one another."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.style import SPACING

_MOST_NESTED = 4
"""Changes of size of a scrolled widget, each within the other."""

L = TypeVar("L", bound=QBoxLayout)

Part = (
    QWidget
    | QLayout
    | int
    | tuple[QWidget | QLayout, int]
    | tuple[QWidget | QLayout, int, Qt.AlignmentFlag]
)
"""A widget or a layout, one with its stretch and alignment, or free space with a stretch."""

Margins = int | tuple[int, int, int, int]
"""The same on all sides, or left, top, right and bottom."""


def hbox(*parts: Part, spacing: int = SPACING, margins: Margins = 0) -> QHBoxLayout:
    """Return a layout of parts from left to right."""
    return filled(QHBoxLayout(), *parts, spacing=spacing, margins=margins)


def vbox(*parts: Part, spacing: int = SPACING, margins: Margins = 0) -> QVBoxLayout:
    """Return a layout of parts from top to bottom."""
    return filled(QVBoxLayout(), *parts, spacing=spacing, margins=margins)


def filled(layout: L, *parts: Part, spacing: int = SPACING, margins: Margins = 0) -> L:
    """Return a layout with parts put at its end."""
    layout.setContentsMargins(*((margins,) * 4 if isinstance(margins, int) else margins))
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
            continue
        item, stretch, *where = part if isinstance(part, tuple) else (part, 0)
        if isinstance(item, QWidget):
            layout.addWidget(item, stretch, *where)
        else:
            layout.addLayout(item, stretch)
    return layout


def turn(layout: QBoxLayout, *, is_wide: bool) -> None:
    """Put the parts of a layout beside one another where there is room, else below."""
    directions = QBoxLayout.Direction
    layout.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)


def sheet(layout: QLayout) -> QWidget:
    """Return a widget that holds a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def splitter(orientation: Qt.Orientation, *parts: QWidget, sizes: tuple[int, ...]) -> QSplitter:
    """Return widgets with handles between them, none of which can be made to vanish."""
    split = QSplitter(orientation)
    for part in parts:
        split.addWidget(part)
    split.setChildrenCollapsible(False)
    split.setHandleWidth(SPACING)
    split.setSizes(sizes)
    return split


class ScrollArea(QScrollArea):
    """An area that stays alive when its widget is too high only where the bar leaves it no room.

    Such as pictures that grow with the width: without the bar they are too high, with it they are
    not. Qt shows and hides the bar in turn, each within the other, until the stack is full.
    """

    _depth = 0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._depth >= _MOST_NESTED:
            return False
        self._depth += 1
        try:
            return super().eventFilter(watched, event)
        finally:
            self._depth -= 1


def scroll_area(widget: QWidget, name: str = "") -> QScrollArea:
    """Return a frameless area that scrolls a widget up and down; without a name, no tab stop."""
    area = ScrollArea()
    if name:
        area.setAccessibleName(name)
    else:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
