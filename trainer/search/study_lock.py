"""Locks of a study: one process at a time creates it, or claims a trial."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0
_STALE_SECONDS = 30.0
"""Nobody needs longer: an older lock was left by a process that died."""

_SINCE = "since"

_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock file, which the system releases when its holder dies; waits for others.

    Some shared disks do not support such locks. There the existence of a file is the lock, and
    that of a killed process expires after half a minute.

    Raises
    ------
    RunError
        If others hold it for a minute, or it cannot be written.
    """
    from optuna.storages.journal import JournalFileOpenLock

    try:
        path.open("ab").close()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError("{path} cannot be written: {reason}.", "Choose another place.").format(
            path=path, reason=reason
        ) from error
    with contextlib.ExitStack() as stack:
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                stack.enter_context(
                    locked(path, Message("The study is used by another window or command."))
                )
                break
            except DatasetError as error:
                if getattr(error.__cause__, "errno", None) in _NO_LOCKS_HERE:
                    lock = JournalFileOpenLock(str(path), grace_period=int(_STALE_SECONDS))
                    lock.acquire()
                    stack.callback(lock.release)
                    break
                _wait(end, error)
        yield


@contextlib.contextmanager
def database_lock(storage: Any, name: str) -> Iterator[None]:
    """Hold a lock in a database: a marker study, which only one process can create.

    Parameters
    ----------
    storage : optuna.storages.BaseStorage
        A database that several machines share; a lock file would be on one of them.
    name : str
        Of the study.

    Raises
    ------
    RunError
        If others hold it for a minute.
    """
    from optuna.exceptions import DuplicatedStudyError
    from optuna.study import StudyDirection

    marker = f"{name} (in use)"
    start = time.monotonic()
    while True:
        try:
            study_id = storage.create_new_study([StudyDirection.MAXIMIZE], marker)
            break
        except DuplicatedStudyError as error:
            _drop_stale(storage, marker, time.monotonic() - start)
            _wait(start + _PATIENCE_SECONDS, error)
    try:
        storage.set_study_user_attr(study_id, _SINCE, time.time())
        yield
    finally:
        with contextlib.suppress(KeyError):
            storage.delete_study(study_id)


def _drop_stale(storage: Any, marker: str, waited: float) -> None:
    with contextlib.suppress(KeyError):
        study_id = storage.get_study_id_from_name(marker)
        since = storage.get_study_user_attrs(study_id).get(_SINCE)
        if (waited if since is None else time.time() - float(since)) > _STALE_SECONDS:
            storage.delete_study(study_id)


def _wait(end: float, reason: Exception) -> None:
    if time.monotonic() > end:
        raise RunError(
            "The study is in use by another process that does not let go.",
            "Try again in a minute.",
        ) from reason
    time.sleep(_POLL_SECONDS)
