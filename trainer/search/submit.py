"""Commands that train side by side, started through submitit: jobs of Slurm, or processes here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import RunError
from trainer.processes.launch import missing_hint

_JOBS = "jobs"
"""Folder of the output of the jobs within that of the experiment."""

_QUEUE = ("squeue", "--noheader", "--format", "%A")
_POLL_SECONDS = 2.0
_MOST_FAILURES = 100
"""Of `squeue`, which fails while its server is busy."""


@dataclass(frozen=True)
class Submission:
    """How jobs are started.

    Attributes
    ----------
    workers : int
        Number of jobs that train side by side.
    partition : str
        Of Slurm; empty for the usual one.
    hours : int
        Longest time of a job of Slurm, which continues if it is requeued.
    """

    workers: int
    partition: str = ""
    hours: int = 24


@dataclass(frozen=True)
class _Requeued:
    """A command that begins anew, and so goes on, when its time or its machine is taken."""

    command: Sequence[str]

    def __call__(self) -> object:
        from submitit.helpers import CommandFunction

        return CommandFunction(self.command, verbose=False)()

    def checkpoint(self) -> object:
        """Return what Slurm is to do next: the same."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


def submit_commands(
    how: Submission, name: str, commands: Sequence[Sequence[str]], folder: Path
) -> None:
    """Start commands of the trainer as jobs, and wait for their end.

    Parameters
    ----------
    how : Submission
    name : str
        Of the jobs.
    commands : sequence of sequences of str
        The command of each job, and its options.
    folder : Path
        Of the experiment.

    Raises
    ------
    RunError
        If submitit is not installed, jobs cannot be submitted, or one failed.
    """
    # Its configuration of logging closes the handlers of others, absl's with standard error.
    os.environ.setdefault("SUBMITIT_LOG_LEVEL", "NOCONFIG")
    try:
        import submitit
        from submitit.core.utils import FailedJobError, FailedSubmissionError
    except ImportError as error:
        raise RunError(
            "Submitting needs a package that is not installed: {package}.", missing_hint("cluster")
        ).format(package=error.name) from error
    has_slurm = shutil.which("srun") is not None
    executor = submitit.AutoExecutor(folder / _JOBS, cluster="slurm" if has_slurm else "local")
    executor.update_parameters(name=name, timeout_min=60 * how.hours)
    if how.partition:
        executor.update_parameters(slurm_partition=how.partition)
    start = [sys.executable, "-m", "trainer"]
    functions = [_Requeued([*start, *command]) for command in commands]
    try:
        jobs = [executor.submit(function) for function in functions]
    except (FailedJobError, FailedSubmissionError) as error:
        raise RunError(
            "The jobs cannot be submitted: {reason}.",
            "Look whether sinfo shows a partition that is up.",
        ).format(reason=_last_line(error)) from error
    try:
        if has_slurm:
            _wait_in_queue({str(job.job_id) for job in jobs})
        errors = [job.exception() for job in jobs]
    except KeyboardInterrupt:
        for job in jobs:
            job.cancel()
        raise
    failed = [error for error in errors if error is not None]
    if failed:
        raise RunError(
            "{n_failed} of {n_jobs} jobs failed: {reason}.",
            "Their output is in {folder}; the same command goes on.",
        ).format(
            n_failed=len(failed),
            n_jobs=len(jobs),
            reason=_last_line(failed[0]),
            folder=folder / _JOBS,
        )


def _wait_in_queue(ids: set[str]) -> None:
    """Wait until Slurm knows nothing of jobs: one that it starts again has failed before."""
    for _ in range(_MOST_FAILURES):
        while True:
            listed = subprocess.run(_QUEUE, capture_output=True, text=True, check=False)
            if listed.returncode != 0:
                break
            if ids.isdisjoint(listed.stdout.split()):
                return
            time.sleep(_POLL_SECONDS)
        time.sleep(_POLL_SECONDS)


def _last_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[-1].rstrip(".")
