"""What a training takes of the computer while it goes on: memory, processor, device."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable

import psutil

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
        psutil.cpu_percent()  # the next answer is for the time from here on

    def read(self) -> events.Resources | None:
        """Return what is taken; None if that was asked for a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return None
        self._next = now + _SECONDS_BETWEEN
        device = None if self._device_memory is None else self._device_memory()
        used, peak = device or (None, None)
        return events.Resources(
            memory_bytes=_memory_of_all(),
            processor_load=psutil.cpu_percent() / 100,
            device_memory_bytes=used,
            device_peak_bytes=peak,
        )


def _memory_of_all() -> int:
    """Return the bytes that this process and its workers have in memory."""
    workers = (child.pid for child in multiprocessing.active_children())
    pids = [os.getpid(), *(pid for pid in workers if pid is not None)]
    return sum(map(memory_of, pids))


def memory_of(pid: int) -> int:
    """Return the bytes that a process has in memory."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0  # it has just ended
