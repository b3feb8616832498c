"""Where things live: the one place that knows a folder of this machine.

A *profile* is the folder with everything a user makes: settings, runs, datasets, the log.
Both programs take ``--profile-dir``; the environment variable ``EMNIST_DESKTOP_PROFILE`` does
the same, and is how a child process is told.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import platformdirs

APPLICATION_NAME = "emnist-desktop"
PROFILE_VARIABLE = "EMNIST_DESKTOP_PROFILE"


@dataclass(frozen=True)
class Profile:
    """The folders of one user; nothing is created until something is written."""

    root: Path

    @classmethod
    def locate(cls, folder: str | os.PathLike[str] | None = None) -> Profile:
        """Return the profile in `folder`, else of the environment, else the user's own."""
        chosen = folder or os.environ.get(PROFILE_VARIABLE)
        if chosen:
            return cls(Path(chosen).expanduser().absolute())
        return cls(Path(platformdirs.user_data_dir(APPLICATION_NAME, appauthor=False)))

    @property
    def variables(self) -> dict[str, str]:
        """What a child process is told of the profile, in its environment."""
        return {PROFILE_VARIABLE: str(self.root)}

    @property
    def settings_file(self) -> Path:
        """The window's settings (INI)."""
        return self.root / "settings.ini"

    @property
    def log_file(self) -> Path:
        """The window's log."""
        return self.root / "logs" / "emnist-desktop.log"

    @property
    def crash_file(self) -> Path:
        """What the interpreter writes when it dies of a signal."""
        return self.root / "logs" / "crash.txt"

    @property
    def runs(self) -> Path:
        """One folder a training run."""
        return self.root / "runs"

    @property
    def reports(self) -> Path:
        """What was measured of models, and can be measured again."""
        return self.root / "reports"

    @property
    def datasets(self) -> Path:
        """Datasets that were fetched, imported or made."""
        return self.root / "datasets"

    @property
    def downloads(self) -> Path:
        """Archives that are being fetched; a cut-off one is gone on with."""
        return self.root / "downloads"

    @property
    def samples_file(self) -> Path:
        """What the user confirmed in the Draw tab."""
        return self.root / "samples" / "samples.jsonl"

    @property
    def journal_file(self) -> Path:
        """The drawing under way."""
        return self.root / "drawing.json"


def resources() -> Path:
    """Return the folder of the files that travel with the program.

    In an installed wheel it lies inside the package `trainer`; in a checkout at the top.
    """
    installed = Path(str(files("trainer"))) / "resources"
    return installed if installed.is_dir() else Path(str(files("trainer"))).parent / "resources"


def default_bundle() -> Path:
    """Return the folder of the recogniser that travels with the program."""
    return resources() / "models" / "default"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file all or nothing: yields a temporary path beside `path`, then renames it.

    The old file stays until the new one is complete and on the disk. On an error the
    temporary file is removed and `path` is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Bring every file of a folder onto the disk, before the folder is renamed into place."""
    for path in folder.iterdir():
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def put_in_place(writing: Path, folder: Path) -> None:
    """Let a folder that is complete take the place of an older one.

    A kill leaves one of the two, or both aside: then `put_back` brings the older one back.
    """
    flush_folder(writing)
    old = _aside(folder)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    writing.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def put_back(folder: Path) -> None:
    """Bring back what a kill has left aside; nobody may be writing it."""
    if not folder.exists():
        with suppress(OSError):
            _aside(folder).replace(folder)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")
