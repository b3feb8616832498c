"""Where searches, cross-validations and learning curves lie in a profile."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from trainer.datasets.store import check_name
from trainer.errors import RunError
from trainer.files.paths import Profile
from trainer.files.records import RecordError, read_object, write_json

RECORD_NAME = "record.json"
"""What is known of one, as its readers see it."""

SEARCH, CROSS_VALIDATION, LEARNING_CURVE = "searches", "cross-validations", "learning-curves"


def experiment_folder(profile: Profile, kind: str, name: str) -> Path:
    """Return the folder of an experiment.

    Raises
    ------
    DatasetError
        If it may not be called so.
    """
    return profile.root / kind / check_name(name)


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write what readers see."""
    write_json(folder / RECORD_NAME, record)


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return what is known of an experiment; None if nothing can be read."""
    try:
        return read_object(folder / RECORD_NAME)
    except RecordError:
        return None


def list_records(profile: Profile, kind: str) -> list[dict[str, Any]]:
    """Return the records of all experiments of a kind, the newest first."""
    try:
        paths = list((profile.root / kind).iterdir())
    except OSError:
        return []
    folders = [path for path in paths if not path.name.startswith(".")]
    found = [record for folder in folders if (record := read_record(folder)) is not None]
    return sorted(found, key=lambda record: str(record.get("updated", "")), reverse=True)


def remove_experiment(folder: Path) -> None:
    """Delete an experiment with all its trainings.

    Raises
    ------
    RunError
        If it cannot be deleted.
    """
    aside = folder.with_name(f".{folder.name}.{time.time_ns()}")
    try:
        folder.rename(aside)  # all or nothing: half an experiment would be listed
    except OSError as error:
        raise RunError(
            "{folder} cannot be deleted: {reason}.", "Close what uses it, then delete it again."
        ).format(folder=folder.name, reason=error.strerror or error) from error
    shutil.rmtree(aside, ignore_errors=True)
