"""Axis ticks and limits for shares from 0 to 1, for the window and the HTML report."""

from __future__ import annotations

import math

_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Between two ticks."""

_MOST_TICKS = 6
_LEAST_SPAN = 0.01
_WHOLE_PERCENT = 0.01
_TOLERANCE = 1e-6

Limits = tuple[float, float]


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return round shares between two limits, each with its text in per cent."""
    step = _step_of(low, high)
    digits = 0 if step >= _WHOLE_PERCENT else 1
    first, last = math.ceil(low / step - _TOLERANCE), math.floor(high / step + _TOLERANCE)
    return [(n * step, f"{100 * n * step:.{digits}f}") for n in range(first, last + 1)]


def round_limits(low: float, high: float) -> Limits:
    """Return round limits around two shares, with a minimum span."""
    low, high = max(min(low, high - _LEAST_SPAN), 0.0), min(max(high, low + _LEAST_SPAN), 1.0)
    step = _step_of(low, high)
    return (
        math.floor(low / step + _TOLERANCE) * step,
        math.ceil(high / step - _TOLERANCE) * step,
    )


def _step_of(low: float, high: float) -> float:
    return next((step for step in _STEPS if (high - low) / step <= _MOST_TICKS), _STEPS[-1])
