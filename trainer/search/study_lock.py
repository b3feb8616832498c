"""One process at a time: for the moments in which a study is made or a trial is taken."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked

_SECONDS_BETWEEN_TRIES = 0.05
_SECONDS_TO_WAIT = 60.0
_SECONDS_A_TURN = 30.0
"""Nobody needs longer; a turn that is older was left by a process that died in it."""

_SINCE = "since"

_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


@contextlib.contextmanager
def turn_by_file(path: Path) -> Iterator[None]:
    """Hold a lock file, which the system lifts when its holder dies; waits for others.

    Some shared disks know no such locks; there a file that exists is the lock, and one that a
    killed process has left counts for half a minute.

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
        end = time.monotonic() + _SECONDS_TO_WAIT
        while True:
            try:
                stack.enter_context(
                    locked(path, Message("The study is used by another window or command."))
                )
                break
            except DatasetError as error:
                if getattr(error.__cause__, "errno", None) in _NO_LOCKS_HERE:
                    lock = JournalFileOpenLock(str(path), grace_period=int(_SECONDS_A_TURN))
                    lock.acquire()
                    stack.callback(lock.release)
                    break
                _wait(end, error)
        yield


@contextlib.contextmanager
def turn_by_storage(storage: Any, name: str) -> Iterator[None]:
    """Hold a study of another name in the storage: only one process can make it.

    Parameters
    ----------
    storage : optuna.storages.BaseStorage
        Of a database that several machines reach; a lock file would lie on one of them.
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
    began = time.monotonic()
    while True:
        try:
            number = storage.create_new_study([StudyDirection.MAXIMIZE], marker)
            break
        except DuplicatedStudyError as error:
            _drop_stale(storage, marker, time.monotonic() - began)
            _wait(began + _SECONDS_TO_WAIT, error)
    try:
        storage.set_study_user_attr(number, _SINCE, time.time())
        yield
    finally:
        with contextlib.suppress(KeyError):
            storage.delete_study(number)


def _drop_stale(storage: Any, marker: str, waited: float) -> None:
    with contextlib.suppress(KeyError):
        number = storage.get_study_id_from_name(marker)
        since = storage.get_study_user_attrs(number).get(_SINCE)
        if (waited if since is None else time.time() - float(since)) > _SECONDS_A_TURN:
            storage.delete_study(number)


def _wait(end: float, reason: Exception) -> None:
    if time.monotonic() > end:
        raise RunError(
            "The study is in use by another process that does not let go.",
            "Try again in a minute.",
        ) from reason
    time.sleep(_SECONDS_BETWEEN_TRIES)
