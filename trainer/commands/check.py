"""``python -m trainer check``: check whether a network from elsewhere can be used.

The window runs this command in a child process before it loads an unknown network: LiteRT crashes
on some broken files. An old Keras file is converted here, where it may do no harm.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.recognition.sandboxed_litert import try_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="a .tflite file, or an .h5 file with --keras")
    parser.add_argument("--keras", type=Path, metavar="FILE", help="write an .h5 file as .keras")
    parser.add_argument(
        "--size",
        type=int,
        nargs=3,
        metavar=("HEIGHT", "WIDTH", "PLANES"),
        help="size of the inputs (default: that of the file)",
    )


def run(options: argparse.Namespace) -> int:
    """Load the network and run it on blank images, or convert it; return 0."""
    if options.keras is not None:
        from trainer.evaluation.keras_classifier import convert_h5

        convert_h5(options.file, options.keras)
        return 0
    try_network(options.file, tuple(options.size) if options.size else None)
    return 0
