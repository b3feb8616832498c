"""The resources of a training: memory, processor load, device memory."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable

from trainer.processes.memory import memory_of
from trainer.runs import events

_SECONDS_BETWEEN = 1.0

DeviceMemory = Callable[[], tuple[int, int] | None]
"""Bytes in use and their peak on the device; None where it has no memory of its own."""


class ResourceMeter:
    """Measures at most once per second."""

    def __init__(self, device_memory: DeviceMemory | None = None) -> None:
        self._device_memory = device_memory
        self._next = time.monotonic() + _SECONDS_BETWEEN
        _processor_load()  # the next one is for the time from here on

    def read(self) -> events.Resources | None:
        """Return the resources in use; None if they were measured within the last second."""
        now = time.monotonic()
        if now < self._next:
            return None
        self._next = now + _SECONDS_BETWEEN
        device = None if self._device_memory is None else self._device_memory()
        used, peak = device or (None, None)
        return events.Resources(
            memory_bytes=_memory_of_all(),
            processor_load=_processor_load(),
            device_memory_bytes=used,
            device_peak_bytes=peak,
        )


def _memory_of_all() -> int:
    workers = (child.pid for child in multiprocessing.active_children())
    pids = [os.getpid(), *(pid for pid in workers if pid is not None)]
    return sum(map(memory_of, pids))


def _processor_load() -> float:
    import psutil

    return psutil.cpu_percent() / 100
