"""Jobs beside the window: a plain function in a thread, its outcome in the window's thread.

The function gets a `Context`. It calls ``context.check()`` where it can be cancelled and
``context.report(event)`` to report progress; it knows no widgets. The signals of a `Task`
arrive in the thread of the window. A new start cancels the job before it, whose late signals
are dropped.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import sys
from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QObject,
    QProcess,
    QRunnable,
    QThread,
    QThreadPool,
    Signal,
    SignalInstance,
    Slot,
)

from emnist_desktop.i18n.error_messages import error_text
from trainer.errors import TrainerError

logger = logging.getLogger(__name__)

_MOMENT_S = 0.03
"""Longer, a window does not wait for a read."""

_MOST_STALLED = 16
"""Jobs of one task beside one another."""

MOST_MILLISECONDS = 1000
"""Time that the jobs of a window get for their end, all together."""


class CancelledError(Exception):
    """The job was cancelled on request; no error."""


class Context:
    """The link from a job to its task."""

    def __init__(self, relay: SignalInstance) -> None:
        self._reported = relay
        self.is_cancelled = False

    def check(self) -> None:
        """Raise `CancelledError` if the job was cancelled."""
        if self.is_cancelled:
            raise CancelledError

    def report(self, event: Any) -> None:
        """Send an event to the window; it must not be changed afterwards."""
        if not self.is_cancelled:  # the window may be gone
            self._reported.emit(self, event)

    def part(self, low: float, high: float) -> Callable[[float], None]:
        """Return a function that reports shares of a part of the job as shares of the whole."""
        return lambda share: self.report(low + (high - low) * share)


Work = Callable[[Context], Any]


def failure_text(error: Exception) -> str:
    """Return why a task failed, and a hint in the next line, in the window's language."""
    if isinstance(error, TrainerError):
        return "\n".join(filter(None, map(error_text, (error.message, error.hint))))
    text = QCoreApplication.translate("Task", "Something went wrong: {0}.")
    return text.format(error)


class Task(QObject):
    """Runs one job at a time; usable again after each end.

    Parameters
    ----------
    parent : QObject, optional
    on_success, on_failure : callable, optional
        Slots that `succeeded` and `failed` are connected to.

    Signals
    -------
    succeeded : object
        What the function returned.
    failed : object
        The exception it raised.
    cancelled
        It was ended by `cancel`.
    reported : object
        What it reported.
    """

    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    reported = Signal(object)

    _ended = Signal(object, object, object)
    _relayed = Signal(object, object)

    def __init__(
        self,
        parent: QObject | None = None,
        on_success: Callable[..., object] | None = None,
        on_failure: Callable[..., object] | None = None,
    ) -> None:
        super().__init__(parent)
        if on_success is not None:
            self.succeeded.connect(on_success)
        if on_failure is not None:
            self.failed.connect(on_failure)
        self._context: Context | None = None
        self._pool = self._new_pool()
        self._ended.connect(self._on_work_ended)
        self._relayed.connect(self._on_work_relayed)

    @property
    def is_running(self) -> bool:
        """Whether a job is under way that was not cancelled."""
        return self._context is not None

    def start(self, work: Work) -> None:
        """Start a job; one under way is cancelled and emits nothing more."""
        self.drop()
        self._context = Context(self._relayed)
        self._pool.start(_Job(work, self._context, self._ended))

    def start_soon(self, work: Work) -> None:
        """Start a job that mostly takes no time, but may stall, such as a read from a disk.

        If it ends within a moment, its signals come before this returns. Those that stall do not
        hold up the next.
        """
        self._pool.setMaxThreadCount(min(_MOST_STALLED, self._pool.activeThreadCount() + 1))
        done = Event()
        outcome: list[tuple[object, Exception | None]] = []

        def noted(context: Context) -> object:
            try:
                outcome.append((work(context), None))
            except Exception as error:
                outcome.append((None, error))
                raise
            finally:
                done.set()
            return outcome[0][0]

        self.start(noted)
        context = self._context
        if done.wait(_MOMENT_S) and context is not None:
            self._on_work_ended(context, *outcome[0])

    def cancel(self) -> None:
        """Cancel the job under way, if any; `cancelled` follows at once."""
        if self._context is not None:
            self.drop()
            self.cancelled.emit()

    def shutdown(self) -> None:
        """Cancel the job and wait for its thread, for as long as an end may take.

        A read that does not end, of a pipe or a network disk, is left behind; see `lingers`.
        """
        self.drop()
        self.wait(QDeadlineTimer(MOST_MILLISECONDS))

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for the threads of cancelled jobs; those that go on belong to the application."""
        if not self._pool.waitForDone(deadline):
            logger.warning("A job goes on after its end")
            self._pool.setParent(QCoreApplication.instance())
            self._pool = self._new_pool()

    def _new_pool(self) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(2)
        return pool

    def drop(self) -> None:
        """Cancel the job without a word."""
        if self._context is not None:
            self._context.is_cancelled = True
            self._context = None

    @Slot(object, object, object)
    def _on_work_ended(self, context: Context, result: object, error: object) -> None:
        if context is not self._context:
            return
        self._context = None
        if error is None:
            self.succeeded.emit(result)
        else:
            self.failed.emit(error)

    @Slot(object, object)
    def _on_work_relayed(self, context: Context, event: object) -> None:
        if context is self._context:
            self.reported.emit(event)


class LatestTask(Task):
    """Runs one job at a time, and then the newest of those that were asked for meanwhile.

    `succeeded` and `failed` tell of the newest only.
    """

    _next: Work | None = None
    _is_wanted = True

    def ask(self, work: Work) -> None:
        """Start a job, or let it wait for the one under way; one that waits is dropped."""
        self._is_wanted = True
        if self.is_running:
            self._next = work
        else:
            self.start(work)

    def forget(self) -> None:
        """Drop the job that waits, and say nothing of the one under way."""
        self._next = None
        self._is_wanted = False

    def drop(self) -> None:
        """Cancel both without a word."""
        self._next = None
        super().drop()

    @Slot(object, object, object)
    def _on_work_ended(self, context: Context, result: object, error: object) -> None:
        work, self._next = self._next, None
        if context is not self._context or (work is None and self._is_wanted):
            super()._on_work_ended(context, result, error)
            return
        self._context = None
        if work is not None:
            self.start(work)


class _Job(QRunnable):
    def __init__(self, work: Work, context: Context, ended: SignalInstance) -> None:
        super().__init__()
        self._work: Work | None = work
        self._context = context
        self._ended = ended

    def run(self) -> None:
        work, self._work = self._work, None  # with its data: Qt may keep a job that has ended
        if work is None:
            return
        try:
            result = work(self._context)
        except CancelledError:
            return
        except Exception as error:
            if self._context.is_cancelled:  # the task may be gone
                return
            if isinstance(error, TrainerError):
                logger.info("A task failed: %s %s", error.message, error.hint)
            else:
                logger.error("A task failed", exc_info=error)
            self._ended.emit(self._context, None, error)
        else:
            if not self._context.is_cancelled:
                self._ended.emit(self._context, result, None)
        finally:
            del work  # with its data
            _give_back_memory()


def _give_back_memory() -> None:
    """Return to the system what a job has freed: glibc keeps it for each thread, 5 to 20 MB."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def lingers(application: QObject) -> bool:
    """Whether a job or a child goes on that was left behind: Qt would wait for it."""
    pools = application.findChildren(QThreadPool)
    threads = application.findChildren(QThread)
    ended = QProcess.ProcessState.NotRunning
    if any(process.state() is not ended for process in application.findChildren(QProcess)):
        return True
    return any(pool.activeThreadCount() for pool in pools) or any(
        thread.isRunning() for thread in threads
    )
