"""Where the trials of a study are kept: a file of the profile, a journal file, a database."""

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
from trainer.search.study_lock import turn_by_file, turn_by_storage

DATABASE_NAME = "study.db"
_SQLITE = "sqlite:///"
_SECONDS_TO_WAIT = 60
"""For a file database that another process writes to."""

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
    shown : str
        As it was asked for, without a password.
    is_complete : bool
        Whether `shown` is enough to open it again.
    turn : callable
        Takes a study's name; holds it for one process.
    """

    backend: Any
    shown: str
    is_complete: bool
    turn: Callable[[str], AbstractContextManager[None]]


def open_storage(wanted: str, folder: Path) -> Storage:
    """Open a storage.

    Parameters
    ----------
    wanted : str
        The address of a database, or the path of a journal file; empty for a file database in
        `folder`.
    folder : Path
        Of the study.

    Raises
    ------
    RunError
        If it cannot be opened, or a package for it is not installed.
    """
    try:
        if wanted and "://" not in wanted:
            return _journal(Path(wanted).expanduser().absolute())
        if not wanted:
            folder.mkdir(parents=True, exist_ok=True)
            return _database(f"{_SQLITE}{folder / DATABASE_NAME}", "")
        return _database(wanted, wanted)
    except ImportError as error:
        raise RunError(
            "The storage needs a package that is not installed: {package}.",
            missing_hint("train") if error.name == "optuna" else missing_hint("", error.name),
        ).format(package=error.name) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError("The storage {storage} cannot be used: {reason}.", _HINT).format(
            storage=wanted, reason=reason
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
    return Storage(backend, str(path), True, lambda _: turn_by_file(lock))


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
            with turn_by_file(lock):  # who comes first makes the tables
                backend = RDBStorage(address, engine_kwargs=arguments)
            return Storage(backend, shown, True, lambda _: turn_by_file(lock))
        backend = RDBStorage(address)
    except (SQLAlchemyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise RunError("The storage {storage} cannot be used: {reason}.", _HINT).format(
            storage=_masked(address), reason=reason
        ) from error
    turn = partial(turn_by_storage, backend)
    return Storage(backend, _masked(shown), url.password is None, turn)


def _masked(address: str) -> str:
    """Return an address without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    with contextlib.suppress(ArgumentError):
        return make_url(address).render_as_string(hide_password=True)
    return address


def be_quiet() -> None:
    """Keep optuna from telling of every trial, and of what it calls experimental."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
