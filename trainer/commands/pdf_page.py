"""``python -m trainer pdf-page``: draw a page of a PDF.

Reading a PDF runs this command in a child process: PDFium may crash on broken files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.commands.options.arguments import positive
from trainer.recognition.pdf_page import draw_page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="a PDF")
    parser.add_argument("target", type=Path, help="an .npz for the picture")
    parser.add_argument("--page", type=positive, default=1, metavar="N", help="default: 1")


def run(options: argparse.Namespace) -> int:
    """Draw; return 0."""
    draw_page(options.file, options.page, options.target)
    return 0
