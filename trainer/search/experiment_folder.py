"""The folders of searches, cross-validations and learning curves in a profile."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from trainer.datasets.store import check_name
from trainer.errors import RunError
from trainer.files.paths import Profile
from trainer.files.records import read_or, write_json

RECORD_NAME = "record.json"
"""The state of an experiment, for its readers."""

SEARCH, CROSS_VALIDATION, LEARNING_CURVE = "searches", "cross-validations", "learning-curves"


def experiment_folder(profile: Profile, kind: str, name: str) -> Path:
    """Return the folder of an experiment.

    Raises
    ------
    DatasetError
        If the name is not allowed.
    """
    return profile.root / kind / check_name(name)


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write the record of an experiment."""
    write_json(folder / RECORD_NAME, record)


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of an experiment; None if it cannot be read."""
    return read_or(None, folder / RECORD_NAME, dict[str, Any])


def list_records(profile: Profile, kind: str) -> list[dict[str, Any]]:
    """Return the records of all experiments of a kind, newest first."""
    try:
        paths = list((profile.root / kind).iterdir())
    except OSError:
        return []
    folders = [path for path in paths if not path.name.startswith(".")]
    records = [record for folder in folders if (record := read_record(folder)) is not None]
    return sorted(records, key=lambda record: str(record.get("updated", "")), reverse=True)


def remove_experiment(folder: Path) -> None:
    """Delete an experiment with all its runs.

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
