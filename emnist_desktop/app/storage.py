"""Disk usage of the profile, and cleaning it. No widgets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path

from emnist_desktop.ui.task import Context
from trainer.errors import DatasetError
from trainer.files.disk import discard
from trainer.files.leftovers import leftovers
from trainer.files.lock import locked
from trainer.files.paths import Profile
from trainer.files.profiles import Profiles
from trainer.runs.list_runs import TRASH_NAME
from trainer.runs.trash import empty_trash, trash_files


class ProfilePart(Enum):
    """The parts of a profile, in the order in which they are shown."""

    DATASETS = auto()
    SAMPLES = auto()
    HISTORY = auto()
    RUNS = auto()
    RECYCLED = auto()
    DELETED_PROFILES = auto()
    DOWNLOADS = auto()
    LOGS = auto()
    LEFTOVERS = auto()


CLEANABLE = (
    ProfilePart.HISTORY,
    ProfilePart.RECYCLED,
    ProfilePart.DELETED_PROFILES,
    ProfilePart.DOWNLOADS,
    ProfilePart.LOGS,
    ProfilePart.LEFTOVERS,
)
"""What was written, was deleted before, can be downloaded again, or is not needed."""


_LOCK = ".lock"
"""Ending of what a fetch holds beside the folder of its download; removing it would release it."""


def folder_of(part: ProfilePart, profile: Profile) -> Path:
    """Return where a part lies; it need not exist."""
    return {
        ProfilePart.DATASETS: profile.datasets,
        ProfilePart.SAMPLES: profile.samples_file.parent,
        ProfilePart.HISTORY: profile.history_file.parent,
        ProfilePart.RUNS: profile.runs,
        ProfilePart.RECYCLED: profile.runs / TRASH_NAME,
        ProfilePart.DELETED_PROFILES: Profiles(profile.home).bin,
        ProfilePart.DOWNLOADS: profile.downloads,
        ProfilePart.LOGS: profile.log_file.parent,
        ProfilePart.LEFTOVERS: profile.root,
    }[part]


def measure(profile: Profile, context: Context) -> dict[ProfilePart, int | None]:
    """Return the bytes of every part, None where it has no file; a job for a task."""
    sizes: dict[ProfilePart, int | None] = dict.fromkeys(ProfilePart)
    for part in ProfilePart:
        for path in _files_of(part, profile):
            context.check()
            with suppress(FileNotFoundError):  # a trainer renames files while they are counted
                sizes[part] = (sizes[part] or 0) + path.lstat().st_size
    return sizes


def clean(part: ProfilePart, profile: Profile, context: Context) -> None:
    """Delete the contents of a cleanable part, but files in use; a job for a task.

    Raises
    ------
    ValueError
        If the part is none of `CLEANABLE`.
    """
    if part not in CLEANABLE:
        raise ValueError(f"{part} is not cleaned.")
    folder = folder_of(part, profile)
    if part is ProfilePart.RECYCLED:
        empty_trash(profile.runs, context.check)
        return
    if part in (ProfilePart.DELETED_PROFILES, ProfilePart.HISTORY):
        discard(folder)
        return
    if part is ProfilePart.DOWNLOADS:
        _clean_downloads(folder, context)
        return
    if part is ProfilePart.LEFTOVERS:
        for path in leftovers(profile):
            context.check()
            discard(path)
        return
    for path in _files(folder):
        if path == profile.log_file:
            os.truncate(path, 0)  # the log that is being written
        elif path != profile.crash_file:
            discard(path)


def _clean_downloads(folder: Path, context: Context) -> None:
    for path in _without_locks(folder.glob("*")):
        context.check()
        with suppress(DatasetError), locked(folder / f"{path.name}{_LOCK}", "is being fetched"):
            discard(path)


def _files_of(part: ProfilePart, profile: Profile) -> Iterator[Path]:
    match part:
        case ProfilePart.RUNS:
            recycled = folder_of(ProfilePart.RECYCLED, profile)
            files = _files(profile.runs)
            return (path for path in files if not path.is_relative_to(recycled))
        case ProfilePart.RECYCLED:
            return trash_files(profile.runs)
        case ProfilePart.DOWNLOADS:
            return _without_locks(_files(profile.downloads))
        case ProfilePart.LEFTOVERS:
            found = leftovers(profile)
            return (file for path in found for file in ([path] if path.is_file() else _files(path)))
    return _files(folder_of(part, profile))


def _without_locks(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.suffix != _LOCK)


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield Path(root) / name
