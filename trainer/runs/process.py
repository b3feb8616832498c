"""Whether the trainer of a run is there: a note of its process in the run's folder.

A process number alone is used again by the system, so the note also holds when the process was
started, and on which computer: a folder may lie on a shared disk.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.files.paths import replacing

NOTE_NAME = "process.json"

_QUIET_SECONDS = 120.0
"""A trainer that cannot be asked is taken for alive while its run said something so lately."""


@dataclass(frozen=True)
class ProcessInfo:
    """The process that fills a run's folder.

    Attributes
    ----------
    pid : int
    born : str
        When the system started it, in the system's words; empty if it is gone.
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
        return self.is_here and bool(self.born) and _born(self.pid) == self.born

    def write(self, root: Path) -> None:
        """Note it in the folder of its run."""
        with replacing(root / NOTE_NAME) as temporary:
            temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")

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
        record = json.loads((root / NOTE_NAME).read_text(encoding="utf-8"))
        return ProcessInfo(int(record["pid"]), str(record["born"]), str(record["host"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
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


if sys.platform == "linux":

    def _born(pid: int) -> str:
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        values = text.rpartition(")")[2].split()  # the name before may hold anything
        return "" if values[0] in ("Z", "X") else values[19]

elif sys.platform == "win32":
    import ctypes

    _QUERY, _STILL_ACTIVE = 0x1000, 259  # PROCESS_QUERY_LIMITED_INFORMATION

    def _born(pid: int) -> str:
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_QUERY, False, pid)
        if not handle:
            return ""
        times = (ctypes.c_ulonglong * 4)()
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.GetProcessTimes(handle, *(ctypes.byref(times, 8 * i) for i in range(4)))
        kernel.CloseHandle(handle)
        return str(times[0]) if code.value == _STILL_ACTIVE else ""

else:

    def _born(pid: int) -> str:
        command = ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        state, _, born = done.stdout.strip().partition(" ")
        return "" if state.startswith("Z") else born.strip()
