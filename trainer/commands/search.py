"""``python -m trainer search``: search for settings that read best.

The same command, started on several machines with one ``--storage``, works on one study: each
takes the next trial that nobody has. Started again, it goes on where it was ended.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from trainer.commands.progress import ProgressLines
from trainer.commands.training_options import (
    add_setting_arguments,
    add_steering_arguments,
    ends_as_interrupted,
    given_settings,
)
from trainer.errors import ConfigError, RunError
from trainer.files.paths import Profile
from trainer.files.records import RecordError, json_text, read_json
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment_folder import SEARCH, experiment_folder, read_record
from trainer.search.session import SearchSession, study_record
from trainer.search.space import Dimension, check_points, variables
from trainer.search.space_parser import checked_space, parse_dimension, space_from
from trainer.search.storage import Storage, open_storage
from trainer.search.study import METHODS, Search, Study, begin_study
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
        help="a field and what to try: learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1, "
        "batch_size=32,64,128, option.trees=50..200",
    )
    parser.add_argument(
        "--space", type=Path, metavar="FILE", help="fields and what to try, as JSON"
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        help="grid tries every combination, random draws, tpe learns from what it has tried "
        f"(default: {_DEFAULT_METHOD})",
    )
    parser.add_argument(
        "--trials",
        type=int,
        metavar="N",
        help="trainings in all (default: 20, or the whole grid); more than before adds some",
    )
    parser.add_argument(
        "--storage",
        default="",
        metavar="URL|FILE",
        help="where trials are kept: a database, or a journal file, that several machines reach "
        "(default: a file in the profile)",
    )
    parser.add_argument(
        "--prune",
        action="store_true",
        help="end a training early that reads worse than most others did after as many epochs",
    )
    parser.add_argument("--show", action="store_true", help="say what is there, and train nothing")
    add_steering_arguments(parser)
    add_setting_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Search, or go on; return 0, or 130 if it was interrupted."""
    folder = experiment_folder(Profile.locate(), SEARCH, options.study)
    control = ControlReader(RunFolder(folder), options.requests_from)
    if options.trials is not None and options.trials < 1:
        raise ConfigError(
            "Expected at least one trial. Received: {trials}.", field="trials"
        ).format(trials=options.trials)
    if options.show:
        return _show(folder, options)
    search = _search(options)
    storage = _storage(folder, options, must_exist=search is None)
    if search is None:
        search = _known_search(Study(options.study, storage))
    study = begin_study(options.study, storage, search, _trials(folder, options))
    folder.mkdir(parents=True, exist_ok=True)
    progress = _SearchProgress(ProgressLines(options.progress), quiet=options.json)
    session = SearchSession(study, search, folder, control, progress)
    with ends_as_interrupted(), TrainingWorker() as worker:
        stopped = session.run(worker)
    record = {**session.write(), "stopped": stopped}
    print(json_text(record) if options.json else _table(record))
    return 0


def _search(options: argparse.Namespace) -> Search | None:
    """Return what is to be searched; None to go on with what was begun."""
    base = given_settings(options)
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
    known = variables(str(base.get("preset", "pen")))
    varied = [parse_dimension(text, known) for text in options.vary]
    if options.space is not None:
        try:
            record = read_json(options.space)
        except RecordError as error:
            raise ConfigError("The space cannot be read. {reason}").format(reason=error) from error
        varied = [*space_from(record, known), *varied]
    return checked_space(varied)


def _known_search(study: Study) -> Search:
    about = study.about
    known = variables(str(about["base"].get("preset", "pen")))
    space = space_from(about["space"], known)
    return Search(about["base"], space, about["method"], about["prune"], about["seed"])


def _trials(folder: Path, options: argparse.Namespace) -> int | None:
    """Return how many trials there shall be; those that there are where nothing is said."""
    if options.trials is not None:
        return int(options.trials)
    before = read_record(folder)
    return None if before is None else len(before["trials"])


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


def _show(folder: Path, options: argparse.Namespace) -> int:
    study = Study(options.study, _storage(folder, options, must_exist=True))
    record = study_record(study, study.importances())
    print(json_text(record) if options.json else _table(record))
    return 0


class _SearchProgress:
    """Says how far a search is, in lines for people or for a window."""

    def __init__(self, progress: ProgressLines, *, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._told: set[int] = set()
        self._is_first = True

    def __call__(self, record: dict[str, Any]) -> None:
        ended = [t for t in record["trials"] if t["state"] in ("finished", "pruned", "failed")]
        self._progress(len(ended), len(record["trials"]), "trials")
        new = [trial for trial in ended if trial["number"] not in self._told]
        self._told |= {trial["number"] for trial in new}
        if not self._quiet and not self._is_first:
            for trial in new:
                print(_line(trial), flush=True)
        self._is_first = False


def _line(trial: dict[str, Any]) -> str:
    accuracy = "–" if trial["accuracy"] is None else f"{trial['accuracy']:.2%}"
    settings = "  ".join(f"{k}={_shown(v)}" for k, v in trial["settings"].items())
    text = f"{trial['number']:>4}  {trial['state']:11}  {accuracy:>7}  {trial['seconds']:>7.1f} s"
    return f"{text}  {settings}  {trial['message']}".rstrip()


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _table(record: dict[str, Any]) -> str:
    trials = sorted(record["trials"], key=lambda t: -(t["accuracy"] or 0.0))
    lines = [f"{record['study']}: {record['method']}, {len(trials)} trials"]
    lines += [_line(trial) for trial in trials if trial["state"] != "waiting"]
    waiting = sum(trial["state"] in ("waiting", "interrupted") for trial in trials)
    if waiting:
        lines.append(f"{waiting} trials wait; the same command goes on with them")
    for name, share in record["importances"].items():
        lines.append(f"{name:30} {share:5.0%} of the differences")
    if record["best"] is not None:
        best = next(trial for trial in trials if trial["number"] == record["best"])
        lines.append(f"best: trial {best['number']}, {best['run']}")
    return "\n".join(lines)
