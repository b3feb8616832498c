"""What the user calls a run, and notes beside it."""

from __future__ import annotations

from pathlib import Path

from trainer.errors import RunError
from trainer.files.records import write_json
from trainer.runs.folder import RunFolder

LABEL_NAME = "label.json"
"""What the user has called a run, and noted beside it."""

_LONGEST_TITLE = 80


def set_label(root: Path, title: str, note: str) -> None:
    """Give a run a title and a note of the user's.

    Raises
    ------
    RunError
        If they cannot be written, or the run is of a newer version.
    """
    RunFolder(root).check_version()
    record = {"title": title.strip()[:_LONGEST_TITLE], "note": note}
    try:
        write_json(root / LABEL_NAME, record)
    except OSError as error:
        raise RunError("The name cannot be kept: {reason}.").format(
            reason=error.strerror or error
        ) from error
