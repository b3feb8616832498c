"""Colours of the robustness page: told apart without red and green, in both themes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from emnist_desktop.models.robustness.result import Cell

BLUE, ORANGE = ("#2f6fde", "#5b93f5"), ("#c2570c", "#f0a050")
"""Of the first and the second model, in the light and in the dark theme."""

_BETTER, _WORSE = QColor("#2f6fde"), QColor("#e0701a")
_STRONGEST = 0.75
"""A cell is filled at most so much, so that its figure stays readable."""

_LARGE_DIFFERENCE = 0.2
"""From here on a difference of accuracies has the full colour."""


def model_colors(palette: QPalette) -> tuple[QColor, QColor]:
    """Return the colours of the first and the second model."""
    theme = int(palette.color(QPalette.ColorRole.Base).lightness() < 128)
    return QColor(BLUE[theme]), QColor(ORANGE[theme])


def lost_color(lost: float, palette: QPalette) -> QColor:
    """Return the ground of an accuracy of which a part from 0 to 1 is lost: more, more orange."""
    return _mixed(palette, _WORSE, lost)


def difference_color(difference: Cell, palette: QPalette) -> QColor:
    """Return the ground of a difference: blue for better, orange for worse, none within noise."""
    low, high = difference.interval
    if low <= 0 <= high:
        return palette.color(QPalette.ColorRole.Base)
    share = abs(difference.value) / _LARGE_DIFFERENCE
    return _mixed(palette, _BETTER if difference.value > 0 else _WORSE, share)


def text_on(ground: QColor) -> QColor:
    """Return black or white, whichever is read better on a colour (WCAG 2.2, luminance)."""
    red, green, blue = (_linear(part / 255) for part in _parts(ground))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#000000") if luminance > 0.179 else QColor("#ffffff")


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(palette: QPalette, target: QColor, share: float) -> QColor:
    base = _parts(palette.color(QPalette.ColorRole.Base))
    part = _STRONGEST * min(max(share, 0.0), 1.0)
    mixed = [round(a + part * (b - a)) for a, b in zip(base, _parts(target), strict=True)]
    return QColor(*mixed)


def _parts(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
