"""Several workers of one search, started through submitit: jobs of Slurm, or processes here."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import RunError
from trainer.processes.launch import missing_hint

_JOBS = "jobs"
"""Folder of the workers' output within that of the search."""


@dataclass(frozen=True)
class Submission:
    """How workers are started.

    Attributes
    ----------
    workers : int
    partition : str
        Of Slurm; empty for the usual one.
    hours : int
        Longest time of a job of Slurm, which continues if it is requeued.
    """

    workers: int
    partition: str = ""
    hours: int = 24


def submit_workers(how: Submission, study: str, storage: str, folder: Path) -> None:
    """Start workers of a study that has begun, and wait for their end.

    Parameters
    ----------
    how : Submission
    study : str
    storage : str
        As of ``--storage``; empty for the one in the profile.
    folder : Path
        Of the search.

    Raises
    ------
    RunError
        If submitit is not installed, jobs cannot be submitted, or a worker failed.
    """
    try:
        import submitit
        from submitit.core.utils import FailedSubmissionError
        from submitit.helpers import CommandFunction
    except ImportError as error:
        raise RunError(
            "Submitting needs a package that is not installed: {package}.", missing_hint("cluster")
        ).format(package=error.name) from error
    has_slurm = shutil.which("srun") is not None
    executor = submitit.AutoExecutor(folder / _JOBS, cluster="slurm" if has_slurm else "local")
    executor.update_parameters(name=f"search-{study}", timeout_min=60 * how.hours)
    if how.partition:
        executor.update_parameters(slurm_partition=how.partition)
    command = [sys.executable, "-m", "trainer", "search", "--study", study]
    if storage:
        is_file = "://" not in storage
        command += ["--storage", str(Path(storage).expanduser().absolute()) if is_file else storage]
    worker = CommandFunction(command, verbose=False)
    try:
        jobs = [executor.submit(worker) for _ in range(how.workers)]
    except FailedSubmissionError as error:
        raise RunError("The jobs cannot be submitted: {reason}.").format(reason=error) from error
    try:
        errors = [job.exception() for job in jobs]
    except KeyboardInterrupt:
        for job in jobs:
            job.cancel()
        raise
    failed = [error for error in errors if error is not None]
    if failed:
        raise RunError(
            "{n_failed} of {n_workers} workers failed: {reason}.",
            "Their output is in {folder}; the same command goes on.",
        ).format(
            n_failed=len(failed),
            n_workers=how.workers,
            reason=str(failed[0]).strip().splitlines()[-1],
            folder=folder / _JOBS,
        )
