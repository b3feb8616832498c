"""Deleted runs: kept beside the others until somebody throws them away."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import RunError
from trainer.runs.labels import LABEL_NAME
from trainer.runs.list_runs import RECYCLED, folder_title
from trainer.runs.process import noted_process
from trainer.runs.test_result import PLAN_NAME, TESTED_NAME

_KEPT = {TESTED_NAME, PLAN_NAME, LABEL_NAME, "config.json"}
"""What stays of a run whose test was seen, when it is thrown away: what was seen stays seen."""


@dataclass(frozen=True)
class Recycled:
    """A deleted run.

    Attributes
    ----------
    folder : Path
        Where it lies.
    root : Path
        Where it was, and goes when it is restored.
    title : str
    deleted : float
        Seconds since 1970.
    """

    folder: Path
    root: Path
    title: str
    deleted: float


def recycle(root: Path) -> Path:
    """Move a run to the recycle folder beside it; return where it lies.

    Raises
    ------
    RunError
        If its trainer is at work, or it cannot be moved.
    """
    process = noted_process(root)
    if process is not None and process.is_alive:
        raise RunError("{root} is being trained.", "Cancel it first.").format(root=root.name)
    target = root.parent / RECYCLED / f"{time.time_ns()}-{root.name}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root, target)
    except OSError as error:
        raise RunError(
            "{folder} cannot be deleted: {reason}.", "Close what uses it, then delete it again."
        ).format(folder=root.name, reason=error.strerror or error) from error
    return target


def restore(recycled: Path, root: Path) -> None:
    """Put a deleted run back.

    Raises
    ------
    RunError
        If there is another in its place, or it is gone.
    """
    if root.exists() or not recycled.is_dir():
        raise RunError("{root} cannot be put back.", "Look for it in {parent}.").format(
            root=root.name, parent=recycled.parent
        )
    shutil.move(recycled, root)


def recycled_runs(runs: Path) -> list[Recycled]:
    """Return the runs that can be put back, the one that was deleted last first."""
    found = []
    for folder in _folders(runs):
        moment, _, name = folder.name.partition("-")
        if moment.isdecimal() and name and not _is_note(folder):
            title = folder_title(folder, name)
            found.append(Recycled(folder, runs / name, title, int(moment) / 1e9))
    return sorted(found, key=lambda run: run.deleted, reverse=True)


def recycled_files(runs: Path) -> Iterator[Path]:
    """Yield the files that `empty_recycled` would remove."""
    for folder in _folders(runs):
        if not _is_note(folder):
            for root, _, names in os.walk(folder):
                yield from (Path(root) / name for name in names)


def empty_recycled(runs: Path, check: Callable[[], None] | None = None) -> None:
    """Throw all deleted runs away for good; files that are in use stay.

    Of a run whose test was seen a note is kept, so that runs which were set up after it stay
    marked. `check` is called before each run, and may raise to end it.
    """
    for folder in _folders(runs):
        if check is not None:
            check()
        if not (folder / TESTED_NAME).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in _KEPT:
                path.unlink(missing_ok=True)


def _folders(runs: Path) -> list[Path]:
    try:
        return [path for path in (runs / RECYCLED).iterdir() if path.is_dir()]
    except OSError:
        return []


def _is_note(folder: Path) -> bool:
    """Whether nothing is left of a run but what says that its test was seen."""
    names = {path.name for path in folder.iterdir()}
    return TESTED_NAME in names and names <= _KEPT
