"""``python -m trainer reproduce``: repeat the experiments of a course project."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from trainer.commands.progress import ProgressLines, add_progress_argument
from trainer.datasets.store import TEST, TRAIN, open_dataset
from trainer.errors import ConfigError, RunError
from trainer.files.paths import Profile, replacing
from trainer.files.records import json_text
from trainer.reproduce.data import DataChoice, prepared
from trainer.reproduce.figure_plan import draw
from trainer.reproduce.plan import Project, quick
from trainer.reproduce.projects import PROJECTS, project_of
from trainer.reproduce.run import TABLE_NAME, Limits, Reproduction, Row, earlier_rows, save_rows
from trainer.reproduce.table import markdown_table, text_table

_QUICK_SAMPLES = 2_000
_PARTS = 1000
"""Steps of the progress within one training."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    titles = "; ".join(f"{each.name}: {each.title}" for each in PROJECTS.values())
    parser.add_argument("source", metavar="SOURCE", help=titles)
    parser.add_argument("--data", required=True, help="a dataset, as for: python -m trainer train")
    parser.add_argument(
        "--test",
        default="",
        metavar="DATA",
        help="test on these data (default: the dataset's own, else a part of it)",
    )
    parser.add_argument("--work", type=Path, help="folder of the runs (default: the profile)")
    parser.add_argument("--quick", action="store_true", help="few samples, epochs and trials")
    parser.add_argument(
        "--steps", nargs="+", default=[], metavar="NAME", help="only these (default: all)"
    )
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="samples to train on and choose by"
    )
    parser.add_argument(
        "--max-epochs", type=int, default=0, metavar="N", help="of a network (default: theirs)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Repeat and print; return 0.

    Raises
    ------
    TrainerError
        If an option or the data are not usable, or every step has failed.
    """
    project = project_of(options.source)
    _check(options, project)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    progress = ProgressLines(options.progress)
    progress(0, 0, "Preparing the data")
    choice = _choice(options)
    datasets, runs, reports = _places(options.work)
    data = prepared(project, choice, datasets)
    if options.quick:
        project = quick(project)
    told = _told(progress, quiet=options.json)
    limits = Limits(tuple(options.steps), options.max_epochs)
    work = Reproduction(project, data, runs, seed=options.seed, limits=limits, report=told)
    head = _head(project, options, data)
    folder = reports / f"{data.name}{'-quick' if options.quick else ''}"
    order = [step.name for step in project.steps]
    kept = earlier_rows(folder / TABLE_NAME, set(order) - set(options.steps or order))
    found: list[Row] = []
    for row in work.rows():
        found.append(row)
        rows = sorted([*kept, *found], key=lambda each: order.index(each.step))
        save_rows(folder / TABLE_NAME, head, rows)
    if all(row.error for row in found):
        raise RunError(found[0].error, "The logs lie in {runs}.").format(runs=runs)
    progress(0, 0, "Drawing")
    pictures = draw(project, rows, runs, data, folder)
    record = save_rows(folder / TABLE_NAME, {**head, "pictures": list(map(str, pictures))}, rows)
    with replacing(folder / "table.md") as temporary:
        temporary.write_text(markdown_table(record) + "\n", encoding="utf-8")
    record["folder"] = str(folder)
    print(json_text(record) if options.json else text_table(record))
    return 0


def _check(options: argparse.Namespace, project: Project) -> None:
    names = [step.name for step in project.steps]
    for name in options.steps:
        if name not in names:
            raise ConfigError(
                "Expected a step of {names}. Received: {name}.", field="steps"
            ).format(names=", ".join(names), name=name)
    for name in ("limit", "max_epochs", "seed"):
        if getattr(options, name) < 0:
            raise ConfigError(
                "Expected {name} of 0 or more. Received: {value}.", field=name
            ).format(name=name.replace("_", " "), value=getattr(options, name))


def _choice(options: argparse.Namespace) -> DataChoice:
    limit = options.limit
    if options.quick:
        limit = min(limit, _QUICK_SAMPLES) if limit else _QUICK_SAMPLES
    return DataChoice(_absolute(options.data), _absolute(options.test), limit, options.seed)


def _absolute(name: str) -> str:
    """Return a path in full, so that the data are the same from every folder."""
    path = Path(name).expanduser()
    return str(path.absolute()) if name and path.exists() else name


def _places(work: Path | None) -> tuple[Path, Path, Path]:
    if work is not None:
        root = work.expanduser().absolute()
        return root / "data", root / "runs", root
    profile = Profile.locate()
    return profile.reports / "data", profile.runs, profile.reports


def _told(progress: ProgressLines, *, quiet: bool) -> Any:
    last = ""

    def tell(done: float, total: int, phase: str) -> None:
        nonlocal last
        progress(round(done * _PARTS), total * _PARTS, phase)
        if phase != last and not quiet:
            print(f"{done:.0f} of {total}: {phase}", flush=True)
            last = phase

    return tell


def _head(project: Project, options: argparse.Namespace, data: Path) -> dict[str, Any]:
    stored = open_dataset(data)
    return {
        "source": project.name,
        "title": project.title,
        "author": project.author,
        "dataset": project.dataset,
        "data": options.data + (f", tested on {options.test}" if options.test else ""),
        "prepared": str(data),
        "samples": len(stored.splits[TRAIN]),
        "test_samples": len(stored.splits[TEST]),
        "classes": len(stored.card.alphabet),
        "quick": options.quick,
        "seed": options.seed,
        "limits": {name: getattr(options, name) for name in ("steps", "limit", "max_epochs")},
    }
