"""Whether the trainer of a run is alive: its process, as noted in the run's folder.

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

from trainer.files.records import read_or, write_json

PROCESS_NAME = "process.json"

_QUIET_SECONDS = 120.0
"""A trainer on another computer counts as alive this long after its last event."""

_TOLERANCE = 200
"""Two readings of a start time differ by up to two seconds; in hundredths of a second."""


@dataclass(frozen=True)
class ProcessInfo:
    """The process that trains a run.

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
        """Whether it belongs to this computer."""
        return self.host == platform.node()

    @property
    def is_alive(self) -> bool:
        """Whether it runs on this computer; false for processes of other computers."""
        return self.is_here and _about_equal(_born(self.pid), self.born)

    def write(self, root: Path) -> None:
        """Write it into the folder of its run."""
        write_json(root / PROCESS_NAME, self)

    def kill(self) -> None:
        """Kill it, with its children but on Windows; a process that has ended is no error."""
        if not self.is_alive:
            return
        try:
            if sys.platform != "win32" and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, signal.SIGKILL)
            else:
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        except (ProcessLookupError, PermissionError):
            return


def read_process_info(root: Path) -> ProcessInfo | None:
    """Return the process that a run's folder names; None without a readable file."""
    return read_or(None, root / PROCESS_NAME, ProcessInfo)


def trainer_is_alive(root: Path, events_file: Path) -> bool:
    """Return whether a trainer is at work on a run.

    For another computer, and without a readable file, a run with an event within the last two
    minutes counts as alive.
    """
    process = read_process_info(root)
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
