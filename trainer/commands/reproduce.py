"""``python -m trainer reproduce``: reproduce the experiments of a course project."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import aligned, percent
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.datasets.store import TEST, TRAIN, open_dataset
from trainer.errors import ConfigError, RunError
from trainer.files.paths import Profile, replacing
from trainer.files.records import json_text
from trainer.processes.memory import format_bytes
from trainer.reproduce.data import DataChoice, prepare_data
from trainer.reproduce.plan import Project, quick
from trainer.reproduce.projects import PROJECTS, project_of
from trainer.reproduce.run import TABLE_NAME, Reproduction, Row, load_rows, save_rows

_HEAD = ("step", "measure", "theirs", "ours", "s", "epochs", "model")
_QUICK_SAMPLES = 2_000
_PROGRESS_STEPS = 1000
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
        help="test data (default: the test split of --data, or a random part of it)",
    )
    parser.add_argument("--work", type=Path, help="folder for the runs (default: the profile)")
    parser.add_argument("--quick", action="store_true", help="few samples, epochs and trials")
    parser.add_argument(
        "--steps", nargs="+", default=[], metavar="NAME", help="only these steps (default: all)"
    )
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="most samples for training and validation"
    )
    parser.add_argument(
        "--max-epochs",
        type=int,
        default=0,
        metavar="N",
        help="most epochs of a network (default: the source's)",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Reproduce and print; return 0."""
    project = project_of(options.source)
    _check(options, project)
    progress = ProgressLines(options.progress)
    progress(0, 0, "Preparing the data")
    limit = options.limit
    if options.quick:
        limit = min(limit or _QUICK_SAMPLES, _QUICK_SAMPLES)
    choice = DataChoice(_absolute(options.data), _absolute(options.test), limit, options.seed)
    datasets, runs, reports = _folders(options.work)
    data = prepare_data(project, choice, datasets)
    if options.quick:
        project = quick(project)
    report = _reporter(progress, quiet=options.json)
    reproduction = Reproduction(
        project, data, runs, report, options.seed, options.steps, options.max_epochs
    )
    head = _head(project, options, data)
    folder = reports / f"{data.name}{'-quick' if options.quick else ''}"
    order = [step.name for step in project.steps]
    before = load_rows(folder / TABLE_NAME, set(order) - set(options.steps or order))
    new: list[Row] = []
    for row in reproduction.rows():
        new.append(row)
        rows = sorted([*before, *new], key=lambda each: order.index(each.step))
        save_rows(folder / TABLE_NAME, head, rows)
    if all(row.error for row in new):
        raise RunError(new[0].error, "The logs lie in {runs}.").format(runs=runs)
    progress(0, 0, "Drawing")
    from trainer.reproduce.figures import draw_figures

    pictures = draw_figures(project, rows, runs, data, folder)
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


def _absolute(name: str) -> str:
    """Return a path as an absolute one, so that it does not depend on the current folder."""
    path = Path(name).expanduser()
    return str(path.absolute()) if name and path.exists() else name


def _folders(work: Path | None) -> tuple[Path, Path, Path]:
    if work is not None:
        root = work.expanduser().absolute()
        return root / "data", root / "runs", root
    profile = Profile.locate()
    return profile.reports / "data", profile.runs, profile.reports


def _reporter(progress: ProgressLines, *, quiet: bool) -> Any:
    last = ""

    def report(done: float, total: int, phase: str) -> None:
        nonlocal last
        progress(round(done * _PROGRESS_STEPS), total * _PROGRESS_STEPS, phase)
        if phase != last and not quiet:
            print(f"{done:.0f} of {total}: {phase}", flush=True)
            last = phase

    return report


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


def text_table(record: Mapping[str, Any]) -> str:
    """Return a table with a line per figure, and the notes below."""
    rows = list(_grouped(record["rows"]))
    lines = [
        f"{record['title']} ({record['author']})",
        f"theirs: {record['dataset']}",
        f"ours:   {record['data']}, {record['samples']:,} training and validation images, "
        f"{record['test_samples']:,} test images, {record['classes']} classes"
        + (", scaled down" if record["quick"] else ""),
        "",
    ]
    lines += aligned([_HEAD, *rows])
    notes = [f"* {row['step']}: {_notes(row)}" for row in record["rows"] if _notes(row)]
    return "\n".join([*lines, *([""] if notes else []), *dict.fromkeys(notes)])


def _grouped(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    trials = Counter(row["step"] for row in rows)
    last = ""
    for row in rows:
        title, *others = _cells(row)
        if trials[row["step"]] > 1:
            if row["step"] != last:
                yield (row["title"].rpartition(": ")[0], *([""] * len(others)))
            title = "  " + title.rpartition(": ")[2]
        last = row["step"]
        yield (title, *others)


def markdown_table(record: Mapping[str, Any]) -> str:
    """Return the table in Markdown, for the documentation."""
    lines = [
        "| step | measure | theirs | ours | seconds | epochs | model | notes |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    lines += [f"| {' | '.join((*_cells(row), _notes(row)))} |" for row in record["rows"]]
    return "\n".join(lines)


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    mark = " (chosen)" if row["chosen"] else ""
    return (
        row["title"] + mark,
        row["measure"],
        percent(row["theirs"]),
        _ours(row),
        _pair(row["seconds"], row["theirs_seconds"], lambda value: f"{value:,.0f}"),
        str(row["epochs"] or ""),
        _pair(row["size_bytes"], row["theirs_bytes"], format_bytes),
    )


def _ours(row: Mapping[str, Any]) -> str:
    if row["ours"] is None:
        return "–"
    if row["deviation"] is not None:
        return f"{row['ours']:.2%} ± {row['deviation']:.2%}"
    if row["interval"] is None:
        return f"{row['ours']:.2%}"
    low, high = row["interval"]
    return f"{row['ours']:.2%} ({low:.2%} to {high:.2%})"


def _pair(ours: float | None, theirs: float | None, shown: Any) -> str:
    if ours is None:
        return ""
    return str(shown(ours)) + (f" (theirs {shown(theirs)})" if theirs else "")


def _notes(row: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (row["error"], row["note"])))
