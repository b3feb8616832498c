"""The one way in which things end: before the window goes, all that it has under way is ended.

Whatever owns work lets Qt own it in turn (``Task(self)``, ``Command(profile, self)``,
``QTimer(self)``), so that nobody has to hand a list of it upwards: `shut_down` finds it.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QTimer


@runtime_checkable
class Work(Protocol):
    """What may be under way: a `Task`, or a child process of the trainer."""

    @property
    def is_running(self) -> bool:
        """Whether there is something to end."""

    def close(self) -> None:
        """End it and wait for that; nothing more is heard of it."""


@runtime_checkable
class Closable(Protocol):
    """What has more to do at the end than to stop its timers and its work."""

    def shutdown(self) -> None:
        """Do that; called once or more often, before the work below it is ended."""


def shut_down(owner: QObject) -> None:
    """End all that is under way in an object and below it; it is not used after that."""
    for each in (owner, *owner.findChildren(QObject)):
        if isinstance(each, QTimer):
            each.stop()
        elif type(each).__module__.startswith("PySide6"):
            continue  # most are Qt's own and have no work; to ask a protocol takes its time
        elif isinstance(each, Closable):
            each.shutdown()
        elif isinstance(each, Work):
            each.close()
