"""Paths: the only place that knows the folders of this machine.

A *profile* is the folder of all user data: settings, runs, datasets, the log. The window takes
``--profile-dir``; the environment variable ``EMNIST_DESKTOP_PROFILE`` does the same, and passes it
to child processes. Further profiles lie in the first one and share its datasets
(`trainer.files.profiles`).
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from trainer.files.lock import folder_lock

APPLICATION_NAME = "emnist-desktop"
PROFILE_VARIABLE = "EMNIST_DESKTOP_PROFILE"

_OWNER_ONLY = 0o700

PROFILES_NAME = "profiles"
"""Folder of the further profiles, in the first one."""

PROFILE_CARD = "profile.json"
"""Name and colour of a further profile; where it lies is one."""

TEMPORARY_NAME = ".temporary"
"""Folder within a run, for the temporary files of libraries while it is trained."""


class Below:
    """A path below the folder that an attribute of its owner names."""

    def __init__(self, *names: str, of: str = "root") -> None:
        self._names, self._of = names, of

    def __get__(self, owner: Any, _: type) -> Path:
        folder: Path = getattr(owner, self._of)
        return folder.joinpath(*self._names)


@dataclass(frozen=True)
class Profile:
    """The folders of a user; those within are created when something is written."""

    root: Path

    @classmethod
    def locate(cls, folder: str | os.PathLike[str] | None = None) -> Profile:
        """Return the profile in `folder`, by default that of the environment or the user's own."""
        if root := folder or os.environ.get(PROFILE_VARIABLE):
            return cls(Path(root).expanduser().absolute())
        return cls(Path(platformdirs.user_data_dir(APPLICATION_NAME, appauthor=False)))

    @property
    def home(self) -> Path:
        """Folder of the first profile."""
        parent = self.root.parent
        is_further = parent.name == PROFILES_NAME and (self.root / PROFILE_CARD).is_file()
        return parent.parent if is_further else self.root

    @property
    def variables(self) -> dict[str, str]:
        """Environment variables that pass the profile to a child process."""
        return {PROFILE_VARIABLE: str(self.root)}

    def keep_private(self, *, make: bool = True) -> None:
        """Let only the owner enter the profile, which shows the user's own handwriting.

        With `make` it is made if it is not there.

        That is the one rule: what is saved elsewhere has the rights that the user's umask gives.
        A folder in which everybody may write, such as the system's temporary one, stays as it is.
        """
        with suppress(OSError):
            if make:
                self.root.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            mode = stat.S_IMODE(self.root.stat().st_mode)
            if mode & ~_OWNER_ONLY and not mode & stat.S_IWOTH:
                self.root.chmod(mode & _OWNER_ONLY)

    settings_file = Below("settings.ini")
    """The window's settings (INI)."""
    log_file = Below("logs", "emnist-desktop.log")
    """The window's log."""
    crash_file = Below("logs", "crash.txt")
    """The interpreter's traceback when it dies of a signal."""
    runs = Below("runs")
    """One folder per training run."""
    reports = Below("reports")
    """Evaluation results of models, which can be recomputed."""
    datasets = Below("datasets", of="home")
    """Downloaded, imported and generated datasets, for all profiles."""
    downloads = Below("downloads", of="home")
    """Partial downloads, which can be resumed."""
    samples_file = Below("samples", "samples.jsonl")
    """The samples that the user confirmed in the Draw tab."""
    hand_file = Below("samples", "hand.npz")
    """What the recogniser in use has learned of them."""
    autosave_file = Below("drawing.json")
    """The autosaved drawing."""
    history_file = Below("history", "lines.jsonl")
    """The lines that were written."""
    sheet_file = Below("sheet.json")
    """The autosaved sheet of lines."""


def resources() -> Path:
    """Return the folder of the program's resources.

    In an installed wheel it is inside the package `trainer`; in a checkout at the top.
    """
    package = Path(__file__).parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for this process alone; after a kill, `leftovers` finds it by its name."""
    return tempfile.TemporaryDirectory(
        prefix=f"{APPLICATION_NAME}.", suffix=f".{os.getpid()}.tmp", ignore_cleanup_errors=True
    )


def default_bundle() -> Path:
    """Return the folder of the bundled recogniser."""
    return resources() / "models" / "default"


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Write a file atomically: yields a temporary path beside `path`, then renames it.

    The old file remains until the new one is complete and, if `durable`, synced. On an error the
    temporary file is removed and `path` is unchanged. Each thread has a file of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = f"{threading.get_native_id()}.{os.getpid()}"  # `leftovers` looks for the process
    temporary = path.with_name(f".{path.name}.{writer}.tmp")
    try:
        yield temporary
        if durable:
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Sync every file of a folder to disk, and their names, before the folder is renamed."""
    for path in folder.iterdir():
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    flush_names(folder)


def flush_names(folder: Path) -> None:
    """Sync the names in a folder to disk, where the system does that on request."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def put_in_place(writing: Path, folder: Path) -> None:
    """Replace a folder by a complete new one.

    A kill leaves one of the two in place, or neither: then `put_back` restores the older one.
    """
    flush_folder(writing)
    old = _backup(folder)
    with folder_lock(folder.parent):
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.replace(old)
        writing.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def put_back(folder: Path) -> None:
    """Restore a folder after a kill; wait for a process that is just replacing it."""
    if folder.exists() or not _backup(folder).exists():
        return
    with suppress(OSError), folder_lock(folder.parent):
        if not folder.exists():
            _backup(folder).replace(folder)


def _backup(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})


def plain_words(text: str) -> str:
    """Convert a text to small letters, digits and hyphens: ``Über 7b`` → ``ueber-7b``.

    A text of other letters alone becomes an empty one.
    """
    composed = unicodedata.normalize("NFC", text).lower().translate(_SPELLED_OUT)
    bare = unicodedata.normalize("NFKD", composed)
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def with_ending(path: Path, suffix: str) -> Path:
    """Return a chosen path, which ends with a suffix even if none was typed."""
    has_one = path.name.lower().endswith(suffix)
    return path if has_one else path.with_name(f"{path.name}{suffix}")
