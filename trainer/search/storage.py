"""Storages of studies, a database file, a journal file or a shared database, and their locks."""

from __future__ import annotations

import contextlib
import errno
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked
from trainer.processes.launch import missing_hint

DATABASE_NAME = "study.db"
_SQLITE = "sqlite:///"
_SECONDS_TO_WAIT = 60
"""For a database file that another process writes to."""

_SECONDS_TO_CREATE = 10.0
"""The tables in the database of a server."""

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0
_STALE_SECONDS = 30.0
"""Nobody needs longer: an older lock was left by a process that died."""

_SINCE = "since"

_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)

_HINT = (
    "Give a path for a journal file, which several machines can share, or the address of a "
    "database, such as postgresql://user:password@host/name."
)


@dataclass(frozen=True)
class Storage:
    """An open storage.

    Attributes
    ----------
    backend : optuna.storages.BaseStorage
    address : str
        As given to `open_storage`, without a password.
    is_complete : bool
        Whether `address` is enough to open it again.
    lock : callable
        Returns the lock of a study, by its name: a context manager that one process enters.
    """

    backend: Any
    address: str
    is_complete: bool
    lock: Callable[[str], AbstractContextManager[None]]


def open_storage(address: str, folder: Path) -> Storage:
    """Open a storage.

    Parameters
    ----------
    address : str
        The URL of a database, or the path of a journal file; empty for a database file in
        `folder`.
    folder : Path
        Of the study.

    Raises
    ------
    RunError
        If it cannot be opened, or a package for it is not installed.
    """
    try:
        if address and "://" not in address:
            return _journal(Path(address).expanduser().absolute())
        if not address:
            folder.mkdir(parents=True, exist_ok=True)
            return _database(f"{_SQLITE}{folder / DATABASE_NAME}", "")
        return _database(address, address)
    except ImportError as error:
        raise RunError(
            "The storage needs a package that is not installed: {package}.",
            missing_hint("train") if error.name == "optuna" else missing_hint("", error.name),
        ).format(package=error.name) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError("The storage {storage} cannot be used: {reason}.", _HINT).format(
            storage=address, reason=reason
        ) from error


def _journal(path: Path) -> Storage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import (
        JournalFileBackend,
        JournalFileOpenLock,
        JournalFileSymlinkLock,
    )

    path.parent.mkdir(parents=True, exist_ok=True)
    make_lock = JournalFileOpenLock if sys.platform == "win32" else JournalFileSymlinkLock
    try:
        backend = JournalStorage(JournalFileBackend(str(path), make_lock(str(path))))
    except (ValueError, KeyError, TypeError) as error:
        raise RunError("{path} is no journal file: {reason}.", _HINT).format(
            path=path, reason=error
        ) from error
    lock = path.with_name(f"{path.name}.turn")
    return Storage(backend, str(path), True, lambda _: file_lock(lock))


def _database(address: str, shown: str) -> Storage:
    from optuna.storages import RDBStorage
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = make_url(address)
        if address.startswith("sqlite:") and url.database:
            path = Path(url.database)
            lock = path.with_name(f"{path.name}.turn")
            arguments = {"connect_args": {"timeout": _SECONDS_TO_WAIT}}
            with file_lock(lock):  # the first process creates the tables
                backend = RDBStorage(address, engine_kwargs=arguments)
            return Storage(backend, shown, True, lambda _: file_lock(lock))
        backend = _on_server(address)
    except (SQLAlchemyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise RunError("The storage {storage} cannot be used: {reason}.", _HINT).format(
            storage=_masked(address), reason=reason
        ) from error
    lock_study = partial(database_lock, backend)
    return Storage(backend, _masked(shown), url.password is None, lock_study)


def _on_server(address: str) -> Any:
    """Open a database of a server; who comes first creates the tables, and others wait for that."""
    from optuna.storages import RDBStorage
    from sqlalchemy.exc import IntegrityError, ProgrammingError

    end = time.monotonic() + _SECONDS_TO_CREATE
    while True:
        try:
            return RDBStorage(address)
        except (IntegrityError, ProgrammingError, RuntimeError):  # they are being created
            if time.monotonic() > end:
                raise
            time.sleep(_POLL_SECONDS)


def _masked(address: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    with contextlib.suppress(ArgumentError):
        return make_url(address).render_as_string(hide_password=True)
    return address


def silence_optuna() -> None:
    """Turn off Optuna's log lines of trials, and its warnings of experimental features."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)


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
