"""``python -m trainer matlab``: convert a MATLAB or HDF5 file to ``.npy`` files.

An import runs this command in a child process: SciPy's and h5py's readers may
crash on broken files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.datasets.formats.matlab import unpack_matlab


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="a .mat or .h5 file, such as emnist-mnist.mat")
    parser.add_argument("folder", type=Path, help="folder for the arrays")


def run(options: argparse.Namespace) -> int:
    """Convert; return 0."""
    unpack_matlab(options.file, options.folder)
    return 0
