"""The one way to shut down: before the window closes, all jobs and children are ended.

Whoever starts jobs lets Qt own them (``Task(self)``, ``Command(profile, self)``,
``QTimer(self)``): `shut_down` finds them in Qt's tree, and no parent closes its children by hand.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer

from emnist_desktop.ui.task import MOST_MILLISECONDS, Task


@runtime_checkable
class Closable(Protocol):
    """A child process, or an object that has more to do at the end than end its own."""

    def shutdown(self) -> None:
        """End it and wait; may be called again; the jobs below it end afterwards."""


def shut_down(owner: QObject) -> None:
    """End all timers, jobs and children in an object and below it; it is not used afterwards.

    Jobs are waited for together, and only for a moment: see `Task.shutdown`.
    """
    tasks: list[Task] = []
    for each in (owner, *owner.findChildren(QObject)):
        if isinstance(each, QTimer):
            each.stop()
        elif isinstance(each, Task):
            each.drop()
            tasks.append(each)
        elif type(each).__module__.startswith("PySide6"):
            continue  # most are Qt's own and have no jobs; checking a protocol is slow
        elif isinstance(each, Closable):
            each.shutdown()
    deadline = QDeadlineTimer(MOST_MILLISECONDS)
    for task in tasks:
        task.wait(deadline)
