"""The options of commands whose trainings may run in other processes, or on other machines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from trainer.commands.options.arguments import positive
from trainer.commands.train import train
from trainer.errors import ConfigError
from trainer.files.records import write_json
from trainer.search.experiment import Experiment
from trainer.search.submit import Submission, submit_commands
from trainer.search.worker import TrainingWorker

_SETTINGS = "settings.json"
_HOURS = 24


def add_submit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of jobs."""
    parser.add_argument(
        "--submit",
        type=positive,
        metavar="N",
        help="train in N processes side by side: jobs of Slurm where srun is, else here",
    )
    parser.add_argument("--partition", help="of Slurm, for --submit")
    parser.add_argument(
        "--hours", type=positive, help="longest time of a job of Slurm (default: 24)"
    )


def add_share_argument(parser: argparse.ArgumentParser) -> None:
    """Add the options of jobs, and what one of them does."""
    add_submit_arguments(parser)
    parser.add_argument("--share", type=_share, metavar="I/N", help=argparse.SUPPRESS)


def submission(options: argparse.Namespace) -> Submission | None:
    """Return how the options want jobs to be started; None if they want none.

    Raises
    ------
    ConfigError
        If they say something of jobs without wanting any.
    """
    if options.submit:
        return Submission(options.submit, options.partition or "", options.hours or _HOURS)
    for name in ("partition", "hours"):
        if getattr(options, name) is not None:
            raise ConfigError(
                "--{name} is for jobs.", "Give --submit N, too, or leave it out.", field=name
            ).format(name=name)
    return None


def _share(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if number.isdecimal() and of.isdecimal() and 0 < int(number) <= int(of):
        return int(number), int(of)
    raise argparse.ArgumentTypeError(f"expected a share such as 1/4, received {text}")


def run_experiment(
    experiment: Experiment, options: argparse.Namespace, command: Sequence[str]
) -> dict[str, Any]:
    """Train all runs of an experiment here, or have jobs train them; return its record.

    Parameters
    ----------
    experiment : Experiment
    options : Namespace
        With ``submit`` and ``share``.
    command : sequence of str
        The command and those of its options that are no settings of the trainings.
    """
    jobs = submission(options)
    if jobs is None:
        with TrainingWorker(train) as worker:
            return experiment.run(worker, options.share)
    folder = experiment.folder
    experiment.begin()
    write_json(folder / _SETTINGS, experiment.about["settings"])
    each = [*command, "--name", folder.name, "--config", str(folder / _SETTINGS)]
    shares = [[*each, "--share", f"{job}/{jobs.workers}"] for job in range(1, jobs.workers + 1)]
    submit_commands(jobs, folder.name, shares, folder)
    return experiment.collect()
