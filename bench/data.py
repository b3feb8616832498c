"""The folder of real handwriting, which the bench measures with and the tools train on."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "EMNIST_DESKTOP_DATA"


def data_folder(part: str = "") -> Path:
    """Return the folder, or a part of it; end the program where nothing names it."""
    if not (named := os.environ.get(VARIABLE)):
        raise SystemExit(
            f"Set {VARIABLE} to the folder of real handwriting, with emnist, mnist, nist and pen; "
            "CONTRIBUTING.md says what they hold."
        )
    return Path(named).absolute() / part
