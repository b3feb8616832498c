"""``python -m trainer check``: see whether LiteRT can read with a network, and lives.

It is how the window looks at a recogniser that it does not know: LiteRT dies of some broken ones.
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
        help="of the images that it is given (default: as the file says)",
    )


def run(options: argparse.Namespace) -> int:
    """Load the network and let it read blank images; return 0."""
    try_network(options.file, tuple(options.size) if options.size else None)
    return 0
