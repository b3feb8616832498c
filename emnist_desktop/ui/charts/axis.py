"""Axes of charts: their ends, their marks, and round numbers in between; without Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Mark = tuple[float, str]

_MOST_MARKS = 6
_LEAST_SPAN = 0.01
_ROOM = 0.06
"""Beside the outermost accuracies, as a part of the axis; an axis spans at least a hundredth."""


@dataclass(frozen=True)
class Axis:
    """What stands along one side of a chart.

    Attributes
    ----------
    title : str
    low, high : float
        Its ends.
    marks : tuple of (float, str)
        Values that are named, ascending.
    is_log : bool
        Whether equal distances are equal ratios; the ends are above 0 then.
    are_words : bool
        Whether the marks are words, which are cut where numbers are left out.
    has_lines : bool
        Whether a line crosses the chart at each mark.
    margin : float
        Pixels that stay free inside both ends.
    """

    title: str = ""
    low: float = 0.0
    high: float = 1.0
    marks: tuple[Mark, ...] = ()
    is_log: bool = False
    are_words: bool = False
    has_lines: bool = True
    margin: float = 0.0

    def share(self, value: float) -> float:
        """Return where a value is: 0 at the beginning, 1 at the end."""
        low, high = self.low, self.high
        if self.is_log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        return (value - low) / (high - low) if high > low else 0.5


def accuracy_axis(values: Iterable[float]) -> Axis:
    """Return an axis of accuracies, 0 to 1, on which all of `values` have room."""
    shown = list(values) or [0.0, 1.0]
    low, high = min(shown), max(shown)
    room = max(_LEAST_SPAN / 2, _ROOM * (high - low))
    low, high = low - room, high + room
    marks = round_ticks(100 * low, min(100.0, 100 * high), _MOST_MARKS)
    return Axis("", low, high, tuple((mark / 100, f"{mark:.4g} %") for mark in marks))


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from `low` to `high`, about `most`."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]
