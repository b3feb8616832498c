"""Values that several commands take, checked as they are read."""

from __future__ import annotations

import argparse
from typing import Final

WIDTHS: Final = (0.5, 12.0)
"""Pen widths in pixels of a 28×28 image that are still writing."""


def positive(text: str) -> int:
    """Read a whole number from 1."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, received {text!r}")
    return value


def pen_width(text: str) -> float:
    """Read the width of a pen in pixels."""
    low, high = WIDTHS
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(
            f"expected a width from {low} to {high:g} pixels, received {text!r}"
        )
    return value
