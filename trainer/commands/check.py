"""``python -m trainer check``: check whether LiteRT can run a network.

The window runs this command in a child process before it loads an unknown network: LiteRT crashes
on some broken files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.recognition.sandboxed_litert import try_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="a .tflite file")
    parser.add_argument(
        "--size",
        type=int,
        nargs=2,
        metavar=("HEIGHT", "WIDTH"),
        help="size of the input images (default: that of the file)",
    )


def run(options: argparse.Namespace) -> int:
    """Load the network and run it on blank images; return 0."""
    try_network(options.file, tuple(options.size) if options.size else None)
    return 0
