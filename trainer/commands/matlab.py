"""``python -m trainer matlab``: take EMNIST's arrays out of a MATLAB file, into ``.npy`` files.

It is how an import reads such a file: SciPy's reader dies of some broken ones.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.datasets.formats.matlab import unpack_matlab


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="a file of EMNIST's form, such as emnist-mnist.mat")
    parser.add_argument("folder", type=Path, help="where the arrays go")


def run(options: argparse.Namespace) -> int:
    """Unpack; return 0."""
    unpack_matlab(options.file, options.folder)
    return 0
