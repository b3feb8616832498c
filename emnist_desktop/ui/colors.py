"""The colours of what is painted, told apart without red and green, in both themes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

Pair = tuple[str, str]
"""A colour in the light and in the dark theme."""

BLUE: Pair = ("#2f6fde", "#5b93f5")
ORANGE: Pair = ("#c2570c", "#f0a050")
"""Of the first and the second of two; blue is the highlight of the themes as well."""

WRONG = QColor("#e0701a")
"""Beside the highlight, in both themes: orange and blue differ for everybody."""

FOR: Pair = ("#c2570c", "#f08a3c")
AGAINST: Pair = ("#2166ac", "#62a5f0")
"""For a class and against it."""

_CLASSES = (
    ("#0068a8", "#a84300", "#006b55", "#8f3571", "#4d4d4d", "#6e5400"),
    ("#62b8ec", "#e69f00", "#35cb9e", "#e596c4", "#d0d0d0", "#f0e442"),
)
"""After Okabe and Ito 2008, darker for the light theme; a class has its letter as well."""


def is_dark(palette: QPalette) -> bool:
    """Tell whether a palette is that of the dark theme."""
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def themed(pair: Pair, palette: QPalette) -> QColor:
    """Return a colour as the theme of a palette has it."""
    return QColor(pair[is_dark(palette)])


def first_and_second(palette: QPalette) -> tuple[QColor, QColor]:
    """Return the colours of the first and the second of two that are compared."""
    return themed(BLUE, palette), themed(ORANGE, palette)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Return a colour between two; `share` of the second."""
    pairs = zip(channels(first), channels(second), strict=True)
    return QColor(*(round(a + share * (b - a)) for a, b in pairs))


def text_on(ground: QColor) -> QColor:
    """Return black or white, whichever is read better on a colour (WCAG 2.2, luminance)."""
    red, green, blue = (_linear(part / 255) for part in channels(ground))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#000000") if luminance > 0.179 else QColor("#ffffff")


def class_colors(palette: QPalette) -> tuple[QColor, ...]:
    """Return the colours that classes take in turn."""
    return tuple(QColor(name) for name in _CLASSES[is_dark(palette)])


def for_and_against(palette: QPalette) -> tuple[QColor, QColor]:
    """Return the colours of what speaks for a class and of what speaks against it."""
    return themed(FOR, palette), themed(AGAINST, palette)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def channels(color: QColor) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return color.red(), color.green(), color.blue()
