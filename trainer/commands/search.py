"""``python -m trainer search``: search for the best settings.

The same command, started on several machines with one ``--storage``, works on one study: each
claims the next free trial. Started again, it resumes the study.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import percent
from trainer.commands.options.progress import ExperimentLines, ProgressLines
from trainer.commands.options.submitting import add_submit_arguments, submission
from trainer.commands.options.training_options import (
    add_experiment_arguments,
    explicit_settings,
    sigterm_as_interrupt,
)
from trainer.commands.train import train
from trainer.errors import ConfigError, RunError
from trainer.files.paths import Profile
from trainer.files.records import RecordError, json_text, read_json
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment_folder import SEARCH, experiment_folder, read_record, write_record
from trainer.search.session import SearchSession, study_record
from trainer.search.space import Dimension, check_points, variables
from trainer.search.space_parser import checked_space, parse_dimension, space_from
from trainer.search.storage import Storage, open_storage
from trainer.search.study import METHODS, Search, Study, begin_study
from trainer.search.submit import submit_commands
from trainer.search.worker import TrainingWorker

_DEFAULT_METHOD = "tpe"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the search, and all settings of a training."""
    parser.add_argument("--study", required=True, metavar="NAME", help="name of the search")
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="FIELD=VALUES",
        help="a field and its values: learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1, "
        "batch_size=32,64,128, option.trees=50..200",
    )
    parser.add_argument(
        "--space", type=Path, metavar="FILE", help="fields and their values, as JSON"
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        help="grid tries every combination, random samples, tpe learns from earlier trials "
        f"(default: {_DEFAULT_METHOD})",
    )
    parser.add_argument(
        "--trials",
        type=int,
        metavar="N",
        help="number of trials (default: 20, or the whole grid); more than before adds some",
    )
    parser.add_argument(
        "--storage",
        default="",
        metavar="URL|FILE",
        help="storage of the trials: a database or a journal file that several machines share "
        "(default: a file in the profile)",
    )
    parser.add_argument(
        "--prune",
        action="store_true",
        help="end a trial early that is worse than the median of the others at that epoch",
    )
    add_submit_arguments(parser)
    parser.add_argument("--show", action="store_true", help="print the trials, and do not train")
    add_experiment_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start or resume a search; return 0, or 130 if it was interrupted."""
    folder = experiment_folder(Profile.locate(), SEARCH, options.study)
    control = ControlReader(RunFolder(folder), options.requests_from)
    if options.trials is not None and options.trials < 1:
        raise ConfigError(
            "Expected at least one trial. Received: {trials}.", field="trials"
        ).format(trials=options.trials)
    if options.show:
        study = Study(options.study, _storage(folder, options, must_exist=True))
        record = study_record(study, study.importances())
        print(json_text(record) if options.json else _table(record))
        return 0
    jobs = submission(options)
    search = _search(options)
    storage = _storage(folder, options, must_exist=search is None)
    if search is None:
        about = Study(options.study, storage).about
        space = space_from(about["space"], variables(about["base"]))
        search = Search(about["base"], space, about["method"], about["prune"], about["seed"])
    before = read_record(folder)
    n_trials = options.trials
    if n_trials is None and before is not None:
        n_trials = sum(not trial.get("retry_of") for trial in before["trials"])
    study = begin_study(options.study, storage, search, n_trials)
    folder.mkdir(parents=True, exist_ok=True)
    if jobs is not None:
        write_record(folder, {**study_record(study, {}), "stopped": False})  # the jobs find it
        command = ["search", "--study", options.study, *_same_storage(options.storage)]
        name = f"search-{options.study}"
        submit_commands(jobs, name, [command] * jobs.workers, folder)
        record = {**study_record(study, study.importances()), "stopped": False}
        write_record(folder, record)
        print(json_text(record) if options.json else _table(record))
        return 0
    lines = ProgressLines(options.progress)
    progress = ExperimentLines(lines, "trials", _line, options.json)
    session = SearchSession(study, search, folder, control, progress)
    with sigterm_as_interrupt(), TrainingWorker(train) as worker:
        stopped = session.run(worker)
    record = {**session.write(), "stopped": stopped}
    print(json_text(record) if options.json else _table(record))
    return 0


def _search(options: argparse.Namespace) -> Search | None:
    """Return the search that the options describe; None to resume the stored one."""
    base = explicit_settings(options)
    if not options.vary and options.space is None:
        if base or options.method or options.prune:
            raise ConfigError(
                "Expected a field to vary. Received: none.",
                "Add --vary FIELD=VALUES; --study alone goes on with a search.",
                field="vary",
            )
        return None
    space = _space(base, options)
    check_points(base, space)
    method = options.method or _DEFAULT_METHOD
    return Search(base, space, method, options.prune, int(base.get("seed", 1)))


def _space(base: dict[str, Any], options: argparse.Namespace) -> tuple[Dimension, ...]:
    known = variables(base)
    varied = [parse_dimension(text, known) for text in options.vary]
    if options.space is not None:
        try:
            record = read_json(options.space)
        except RecordError as error:
            raise ConfigError("The space cannot be read. {reason}").format(reason=error) from error
        varied = [*space_from(record, known), *varied]
    return checked_space(varied)


def _storage(folder: Path, options: argparse.Namespace, *, must_exist: bool) -> Storage:
    before = read_record(folder) or {}
    if not options.storage and not before.get("storage_is_complete", True):
        raise RunError(
            "Expected --storage: the study {study} lies in {storage}.", "Its password is not kept."
        ).format(study=options.study, storage=before["storage"])
    if must_exist and not before and not options.storage:
        raise RunError(
            "There is no study {study} yet.",
            "Begin it with --vary, and --data for what to learn from.",
        ).format(study=options.study)
    return open_storage(options.storage or str(before.get("storage", "")), folder)


def _same_storage(storage: str) -> list[str]:
    """Return the option that names a storage for a process elsewhere."""
    if not storage:
        return []
    is_file = "://" not in storage
    return ["--storage", str(Path(storage).expanduser().absolute()) if is_file else storage]


def _line(trial: dict[str, Any]) -> str:
    settings = "  ".join(f"{k}={_formatted(v)}" for k, v in trial["settings"].items())
    result = f"{trial['state']:11}  {percent(trial['accuracy']):>7}  {trial['seconds']:>7.1f} s"
    return f"{trial['number']:>4}  {result}  {settings}  {trial['message']}".rstrip()


def _formatted(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _table(record: dict[str, Any]) -> str:
    trials = sorted(record["trials"], key=lambda t: -(t["accuracy"] or 0.0))
    lines = [f"{record['study']}: {record['method']}, {len(trials)} trials"]
    lines += [_line(trial) for trial in trials if trial["state"] != "waiting"]
    waiting = sum(trial["state"] in ("waiting", "interrupted") for trial in trials)
    if waiting:
        lines.append(f"{waiting} trials are waiting; the same command resumes them")
    for name, share in record["importances"].items():
        lines.append(f"{name:30} {share:5.0%} importance")
    if record["best"] is not None:
        best = next(trial for trial in trials if trial["number"] == record["best"])
        lines.append(f"best: trial {best['number']}, {best['run']}")
    return "\n".join(lines)
