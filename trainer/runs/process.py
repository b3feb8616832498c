"""Whether the trainer of a run is there: a note of its process in the run's folder.

A process number alone is used again by the system, so the note also holds when the process was
started, and on which computer: a folder may lie on a shared disk.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from trainer.files.records import RecordError, read_record, write_json

NOTE_NAME = "process.json"

_QUIET_SECONDS = 120.0
"""A trainer that cannot be asked is taken for alive while its run said something so lately."""

_TOLERANCE = 200
"""Two looks at when a process was started differ by up to two seconds, in hundredths of one."""


@dataclass(frozen=True)
class ProcessInfo:
    """The process that fills a run's folder.

    Attributes
    ----------
    pid : int
    born : str
        When the system started it, in hundredths of a second; empty if it is gone.
    host : str
    """

    pid: int
    born: str
    host: str

    @classmethod
    def of(cls, pid: int) -> ProcessInfo:
        """Describe a process of this computer."""
        return cls(pid, _born(pid), platform.node())

    @property
    def is_here(self) -> bool:
        """Whether it runs, or ran, on this computer."""
        return self.host == platform.node()

    @property
    def is_alive(self) -> bool:
        """Whether it runs; of another computer that cannot be known, and the answer is no."""
        return self.is_here and _about_equal(_born(self.pid), self.born)

    def write(self, root: Path) -> None:
        """Note it in the folder of its run."""
        write_json(root / NOTE_NAME, self)

    def kill(self) -> None:
        """End it at once, with what it has started; a process that is gone is no error."""
        if not self.is_alive:
            return
        try:
            if sys.platform != "win32" and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, signal.SIGKILL)
            else:
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        except (ProcessLookupError, PermissionError):
            return


def noted_process(root: Path) -> ProcessInfo | None:
    """Return the process noted in a run's folder; None without a readable note."""
    try:
        return read_record(root / NOTE_NAME, ProcessInfo)
    except RecordError:
        return None


def trainer_is_alive(root: Path, events_file: Path) -> bool:
    """Tell whether somebody fills the folder of a run now.

    Without a note (a run of an older trainer), and for another computer, a run that said
    something within two minutes counts as alive.
    """
    process = noted_process(root)
    if process is not None and process.is_here:
        return process.is_alive
    try:
        return time.time() - events_file.stat().st_mtime < _QUIET_SECONDS
    except OSError:
        return False


def _born(pid: int) -> str:
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return ""
        born = process.create_time()
        # Linux counts from its own start, and the clock may have been set since.
        since = psutil.boot_time() if psutil.LINUX else 0.0
    except (psutil.Error, ValueError):
        return ""
    return f"{(born - since) * 100:.0f}"


def _about_equal(born: str, other: str) -> bool:
    try:
        return abs(int(born) - int(other)) <= _TOLERANCE
    except ValueError:
        return False
