"""Options, requests and tables that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from trainer.errors import ConfigError
from trainer.evaluation.input_range import add_input_range_argument

WIDTHS: Final = (0.5, 12.0)
"""Range of plausible pen widths, in pixels of a 28×28 image."""

_MAX_LINE_LENGTH = 1 << 26
"""Bytes of a request."""


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--model``, ``--alphabet`` and ``--input-range``."""
    parser.add_argument(
        "--model",
        type=Path,
        help="folder of a bundle or a run, or a .keras or .tflite file (default: the bundled one)",
    )
    parser.add_argument(
        "--alphabet",
        default="",
        metavar="TEXT",
        help="the classes of a .keras or .tflite file: all, cased, digits, letters, uppercase, "
        "lowercase, the characters themselves, or a file with one per line",
    )
    add_input_range_argument(parser)


def add_hand_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--hand``."""
    parser.add_argument(
        "--hand",
        type=Path,
        metavar="FILE",
        help="what was learned of one person, as hand learn has written it",
    )


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


def percent(share: float | None, sd: float | None = None) -> str:
    """Return a share as a percentage, with its standard deviation if given; a dash for None."""
    text = "–" if share is None else f"{share:.2%}"
    return text if sd is None else f"{text} ± {sd:.2%}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def request_lines() -> Iterator[bytes]:
    """Yield the lines of standard input that are not blank."""
    for line in iter(lambda: sys.stdin.buffer.readline(_MAX_LINE_LENGTH), b""):
        if line.strip():
            yield line


def refuse_alphabet(*models: Path | None) -> None:
    """Raise a `ConfigError`, as ``--alphabet`` is given, if all models say what they read."""
    from trainer.evaluation.classifier import is_model_file

    if not any(model is not None and is_model_file(model) for model in models):
        raise ConfigError(
            "--alphabet is for the file of a network; a recogniser has its own.",
            "Leave it out.",
            field="alphabet",
        )


def refuse_for_lines(given: Mapping[str, object]) -> None:
    """Raise a `ConfigError` if an option, by its name, is given that lines do not have."""
    if names := [name for name, value in given.items() if value]:
        raise ConfigError(
            "{options} is for characters, not for lines.", "Leave it out.", field="lines"
        ).format(options=", ".join(names))
