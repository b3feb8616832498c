"""Storages of studies: a database file of the profile, a journal file, a shared database."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from trainer.errors import RunError
from trainer.processes.launch import missing_hint
from trainer.search.study_lock import database_lock, file_lock

DATABASE_NAME = "study.db"
_SQLITE = "sqlite:///"
_SECONDS_TO_WAIT = 60
"""For a database file that another process writes to."""

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
        backend = RDBStorage(address)
    except (SQLAlchemyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise RunError("The storage {storage} cannot be used: {reason}.", _HINT).format(
            storage=_masked(address), reason=reason
        ) from error
    lock_study = partial(database_lock, backend)
    return Storage(backend, _masked(shown), url.password is None, lock_study)


def _masked(address: str) -> str:
    """Return an address without its password."""
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
