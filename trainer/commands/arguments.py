"""Types of options, and the format of figures, that several commands share."""

from __future__ import annotations

import argparse
from typing import Final

WIDTHS: Final = (0.5, 12.0)
"""Range of plausible pen widths, in pixels of a 28×28 image."""


def positive(text: str) -> int:
    """Parse a whole number from 1."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, received {text!r}")
    return value


def pen_width(text: str) -> float:
    """Parse a pen width in pixels."""
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


def percent(share: float | None) -> str:
    """Return a share as a percentage; a dash for None."""
    return "–" if share is None else f"{share:.2%}"
