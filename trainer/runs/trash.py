"""The trash: deleted runs, beside the others until the trash is emptied."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import RunError
from trainer.files.disk import discard
from trainer.runs.list_runs import TRASH_NAME, folder_title
from trainer.runs.process import read_process_info
from trainer.runs.test_result import PLAN_NAME, TEST_RESULT_NAME
from trainer.runs.titles import LABEL_NAME

_PRESERVED = {TEST_RESULT_NAME, PLAN_NAME, LABEL_NAME, "config.json"}
"""What stays of a run whose test result is known when the trash is emptied."""


@dataclass(frozen=True)
class DeletedRun:
    """A run in the trash.

    Attributes
    ----------
    folder : Path
        In the trash.
    root : Path
        Before it was deleted, and after it is restored.
    title : str
    deleted : float
        Seconds since 1970.
    """

    folder: Path
    root: Path
    title: str
    deleted: float


def move_to_trash(root: Path) -> Path:
    """Move a run to the trash; return its folder there.

    Raises
    ------
    RunError
        If it is being trained, or cannot be moved.
    """
    process = read_process_info(root)
    if process is not None and process.is_alive:
        raise RunError("{root} is being trained.", "Cancel it first.").format(root=root.name)
    target = root.parent / TRASH_NAME / f"{time.time_ns()}-{root.name}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root, target)
    except OSError as error:
        raise RunError(
            "{folder} cannot be deleted: {reason}.", "Close what uses it, then delete it again."
        ).format(folder=root.name, reason=error.strerror or error) from error
    return target


def restore(deleted: Path, root: Path) -> None:
    """Restore a deleted run.

    Raises
    ------
    RunError
        If another run has taken its place, it is gone, or cannot be moved.
    """
    if root.exists() or not deleted.is_dir():
        raise RunError("{root} cannot be put back.", "Look for it in {parent}.").format(
            root=root.name, parent=deleted.parent
        )
    try:
        shutil.move(deleted, root)
    except OSError as error:
        raise RunError("{root} cannot be put back: {reason}.", "Look for it in {parent}.").format(
            root=root.name, reason=error.strerror or error, parent=deleted.parent
        ) from error


def deleted_runs(runs: Path) -> list[DeletedRun]:
    """Return the runs that can be restored, the last deleted first."""
    found = []
    for folder in _folders(runs):
        moment, _, name = folder.name.partition("-")
        if moment.isdecimal() and name and not _is_remnant(folder):
            title = folder_title(folder, name)
            found.append(DeletedRun(folder, runs / name, title, int(moment) / 1e9))
    return sorted(found, key=lambda run: run.deleted, reverse=True)


def trash_files(runs: Path) -> Iterator[Path]:
    """Yield the files that `empty_trash` would remove."""
    for folder in _folders(runs):
        if not _is_remnant(folder):
            for root, _, names in os.walk(folder):
                yield from (Path(root) / name for name in names)


def empty_trash(runs: Path, check: Callable[[], None] | None = None) -> None:
    """Delete all runs in the trash for good; files in use stay.

    Of a run whose test result is known some files stay, so that runs which were set up later stay
    marked. `check` is called before each run, and may raise to stop.
    """
    for folder in _folders(runs):
        if check is not None:
            check()
        if not (folder / TEST_RESULT_NAME).is_file():
            discard(folder)
            continue
        for path in folder.iterdir():
            if path.is_dir() or path.name not in _PRESERVED:
                discard(path)


def _folders(runs: Path) -> list[Path]:
    try:
        return [path for path in (runs / TRASH_NAME).iterdir() if path.is_dir()]
    except OSError:
        return []


def _is_remnant(folder: Path) -> bool:
    """Return whether nothing is left of a run but the record of its test."""
    names = {path.name for path in folder.iterdir()}
    return TEST_RESULT_NAME in names and names <= _PRESERVED
