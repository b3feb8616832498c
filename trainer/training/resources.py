"""What a training takes of the computer while it goes on: memory, processor, device."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from trainer.runs import events

_SECONDS_BETWEEN = 1.0

DeviceMemory = Callable[[], tuple[int, int] | None]
"""Bytes in use and their peak on the device; None where it has no memory of its own."""


class ResourceMeter:
    """Measures at most once a second.

    Parameters
    ----------
    device_memory : callable, optional
    """

    def __init__(self, device_memory: DeviceMemory | None = None) -> None:
        self._device_memory = device_memory
        self._next = time.monotonic() + _SECONDS_BETWEEN
        self._before = _processor_times()

    def read(self) -> events.Resources | None:
        """Return what is taken; None if that was asked for a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return None
        self._next = now + _SECONDS_BETWEEN
        before, self._before = self._before, _processor_times()
        busy, total = (b - a for a, b in zip(before, self._before, strict=True))
        device = None if self._device_memory is None else self._device_memory()
        used, peak = device or (None, None)
        return events.Resources(
            memory_bytes=_memory_of_all(),
            processor_load=min(1.0, max(0.0, busy / total)) if total > 0 else 0.0,
            device_memory_bytes=used,
            device_peak_bytes=peak,
        )


def _memory_of_all() -> int:
    """Return the bytes that this process and its workers have in memory."""
    workers = (child.pid for child in multiprocessing.active_children())
    pids = [os.getpid(), *(pid for pid in workers if pid is not None)]
    return sum(map(memory_of, pids))


if sys.platform == "linux":

    def memory_of(pid: int) -> int:
        """Return the bytes that a process has in memory."""
        try:
            resident = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0  # it has just ended
        return int(resident) * os.sysconf("SC_PAGE_SIZE")

    def _processor_times() -> tuple[float, float]:
        """Return busy and all time of all cores since the start of the system."""
        try:
            line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
        except OSError:
            return _own_times()
        values = [float(value) for value in line.split()[1:9]]
        total = sum(values)
        return total - values[3] - values[4], total  # less idle and waiting for a disk

elif sys.platform == "win32":
    import ctypes

    class _Counters(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_ulong),
            ("faults", ctypes.c_ulong),
            *((name, ctypes.c_size_t) for name in ("peak", "resident", *"abcdef")),
        )

    def memory_of(pid: int) -> int:
        """Return the bytes that a process has in memory."""
        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(0x0410, False, pid)  # may be asked, its memory read
        if not handle:
            return 0
        counters = _Counters()
        counters.size = ctypes.sizeof(_Counters)
        ask = ctypes.windll.psapi.GetProcessMemoryInfo
        done = ask(ctypes.c_void_p(handle), ctypes.byref(counters), counters.size)
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return int(counters.resident) if done else 0

    def _processor_times() -> tuple[float, float]:
        times = (ctypes.c_ulonglong * 3)()
        done = ctypes.windll.kernel32.GetSystemTimes(
            *(ctypes.byref(times, 8 * place) for place in range(3))
        )
        if not done:
            return _own_times()
        idle, kernel, user = (float(value) for value in times)  # the kernel's holds the idle
        return kernel + user - idle, kernel + user

else:
    import resource

    def memory_of(pid: int) -> int:
        """Return the greatest that it was; of workers the system does not tell."""
        if pid != os.getpid():
            return 0
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def _processor_times() -> tuple[float, float]:
        return _own_times()


def _own_times() -> tuple[float, float]:
    """Return the time that this process computed, and what it could have."""
    return time.process_time(), time.monotonic() * (os.cpu_count() or 1)
