"""One window a profile: a second start brings the first window to the front, with its files.

A lock file tells who is there (a stale one, of a process that has died, is taken over), and a
file that the first one watches wakes it; which files it shall open lies in a folder. Qt's local
sockets would need its network library for the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal, Slot

from trainer.errors import TrainerError
from trainer.files.paths import Profile
from trainer.files.records import decode, read_json, write_json

logger = logging.getLogger(__name__)


_FOLDER = "instance"


def is_open(profile: Profile) -> bool:
    """Return whether a profile has a window, in this process or another."""
    lock = _lock_in(profile.root / _FOLDER)
    if lock.tryLock(0):
        lock.unlock()
        return False
    return lock.error() is QLockFile.LockError.LockFailedError


def _lock_in(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / "lock"))
    lock.setStaleLockTime(0)  # however old, it holds while its process lives
    return lock


class Instance(QObject):
    """The claim of this process on its profile.

    Signals
    -------
    raise_requested
        A second start asks for this window.
    files_requested : object
        Paths that it was given, absolute.
    """

    raise_requested = Signal()
    files_requested = Signal(object)

    def __init__(self, profile: Profile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = profile.root / _FOLDER
        self._request = self._folder / "raise"
        self._files = self._folder / "open"
        self._lock: QLockFile | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)

    def claim(self, files: Sequence[Path] = ()) -> bool:
        """Return whether this process may open the window; else ask the one that has it.

        That one gets the files.

        A profile in a folder that is read-only is free.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._request.touch()
        except OSError as error:
            logger.info("The profile cannot be claimed: %s", error)
            return True
        lock = _lock_in(self._folder)
        if not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError:
            self._ask_to_raise(files)
            return False
        self._lock = lock
        self._take_files()  # of a window that was gone before it could open them
        self._watcher.addPath(str(self._request))
        return True

    def release(self) -> None:
        """Give the profile up."""
        if self._lock is not None:
            self._watcher.removePath(str(self._request))
            self._lock.unlock()
            self._lock = None

    def _ask_to_raise(self, files: Sequence[Path]) -> None:
        try:
            if files:
                names = [str(path.absolute()) for path in files]
                write_json(self._files / f"{time.time_ns()}.json", names)
            self._request.write_text(f"{time.time_ns()}\n", encoding="utf-8")
        except OSError as error:
            logger.warning("The other window cannot be asked: %s", error)

    @Slot(str)
    def _on_file_changed(self, path: str) -> None:
        self._watcher.addPath(path)  # some editors' way of writing would end the watch
        self.raise_requested.emit()
        if files := self._take_files():
            self.files_requested.emit(files)

    def _take_files(self) -> list[Path]:
        """Return the files that were asked for since the last time."""
        files: list[Path] = []
        for request in sorted(self._files.glob("*.json")):
            try:
                files += map(Path, decode(list[str], read_json(request)))
                request.unlink()
            except (OSError, TrainerError) as error:
                logger.warning("A request cannot be read: %s", error)
        return files
