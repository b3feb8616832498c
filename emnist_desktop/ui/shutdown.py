"""The one way to shut down: before the window closes, all jobs and children are ended.

Whoever starts jobs lets Qt own them (``Task(self)``, ``Command(profile, self)``,
``QTimer(self)``): `shut_down` finds them in Qt's tree, and no parent closes its children by hand.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer

from emnist_desktop.ui.task import MOST_MILLISECONDS


@runtime_checkable
class Closable(Protocol):
    """An object that has more to do at the end than end its own."""

    def shutdown(self) -> None:
        """Do that; may be called again; the jobs below it end afterwards."""


@runtime_checkable
class Droppable(Protocol):
    """What ends in two steps, so that several are waited for together: jobs and children."""

    def drop(self) -> None:
        """End it without waiting."""

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for the end, at most until then; whatever goes on is left behind."""


def shut_down(owner: QObject) -> None:
    """End all timers, jobs and children in an object and below it; it is not used afterwards.

    Jobs and children are all told first, then waited for together, and only for a moment: one that
    is stuck, or ten, do not keep the window open.
    """
    ending: list[Droppable] = []
    for each in (owner, *owner.findChildren(QObject)):
        if isinstance(each, QTimer):
            each.stop()
        elif type(each).__module__.startswith("PySide6"):
            continue  # most are Qt's own and have no jobs; checking a protocol is slow
        elif isinstance(each, Droppable):
            each.drop()
            ending.append(each)
        elif isinstance(each, Closable):
            each.shutdown()
    deadline = QDeadlineTimer(MOST_MILLISECONDS)
    for dropped in ending:
        dropped.wait(deadline)
