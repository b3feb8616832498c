"""``python -m trainer compare``: a leaderboard of runs, and McNemar's tests between them.

Without data, the predictions of the runs for their validation samples are compared; with data, each
model is first evaluated on those. The reports are saved in the folders of the runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import aligned, percent
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.comparison.leaderboard import leaderboard, repetitions
from trainer.comparison.mcnemar import (
    pair_outcomes,
    report_outcomes,
    validation_outcomes,
)
from trainer.errors import Message, RunError
from trainer.evaluation.report.report import load_figures
from trainer.files.paths import Profile
from trainer.files.records import json_text
from trainer.processes.memory import format_bytes
from trainer.reproduce.children import measure
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs, summarize
from trainer.runs.test_result import is_first_test


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "runs",
        nargs="*",
        metavar="RUN",
        help="folders or names of runs; with --data bundles and model files, too "
        "(default: the leaderboard of all runs)",
    )
    parser.add_argument(
        "--data", default="", help="evaluate all models on these data, and compare the results"
    )
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Compare and print; return 0."""
    progress = ProgressLines(options.progress)
    roots = [_locate(name, needs_run=not options.data) for name in options.runs]
    if len(set(roots)) < len(roots):
        raise RunError("Expected different runs. Received: one twice.")
    if len(roots) == 1 or (options.data and not roots):
        raise RunError("Expected two runs or more. Received: one.", "Name another one.")
    measured: dict[Path, Path] = {}
    looked = set()
    for number, root in enumerate(roots if options.data else []):
        progress(number, len(roots), Message("Measuring {run}", run=root.name))
        if is_first_test(root, options.data, options.split):
            looked.add(root)
        measured[root] = measure(_report_root(root), root, options.data, options.split)
    runs = {root: summarize(root) for root in roots if _is_run(root)}
    entries = leaderboard(runs.values() if roots else list_runs(Profile.locate().runs))
    titles = {root: runs[root].title if root in runs else root.stem for root in roots}
    predictions = {
        root: report_outcomes(measured[root])
        if root in measured
        else validation_outcomes(runs[root])
        for root in roots
    }
    record = {
        "data": options.data,
        "split": options.split,
        "leaderboard": [entry.record for entry in entries],
        "repeated": [group.record for group in repetitions(entries)],
        "measured": [
            {**_figures(root, titles, measured[root]), "first_look": root in looked}
            for root in measured
        ],
        "tests": [
            pair_outcomes(predictions[first], predictions[second]).record(
                titles[first], titles[second]
            )
            for first, second in combinations(roots, 2)
        ],
    }
    print(json_text(record) if options.json else _text(record))
    return 0


def _locate(name: str, *, needs_run: bool) -> Path:
    path = Path(name).expanduser()
    if not path.exists():
        path = Profile.locate().runs / name
    if not path.exists() or (needs_run and not _is_run(path)):
        raise RunError(
            "Expected the folder or the name of a run. Received: {name}.",
            "List the runs with: python -m trainer compare.",
        ).format(name=name)
    return path.absolute()


def _is_run(root: Path) -> bool:
    return RunFolder(root).config_file.is_file()


def _report_root(root: Path) -> Path:
    """Return the folder for a report: the run, or, for other models, one in the profile."""
    if _is_run(root):
        return root
    return Profile.locate().reports / f"compared-{root.parent.name}-{root.stem}"


def _figures(root: Path, titles: Mapping[Path, str], report: Path) -> dict[str, Any]:
    figures = load_figures(report)
    names = ("samples", "accuracy", "merged_from", "interval", "parameters", "size_bytes")
    selected = {name: figures.get(name) for name in (*names, "microseconds_per_image")}
    return {"run": str(root), "title": titles[root], "report": str(report), **selected}


def _text(record: Mapping[str, Any]) -> str:
    lines = _leaderboard_text(record["leaderboard"])
    for group in record["repeated"]:
        seeds = ", ".join(map(str, group["seeds"]))
        lines.append(
            f"{group['preset']} on {group['data']}, seeds {seeds}: "
            f"{group['validation_mean']:.2%} ± {group['validation_deviation']:.2%}"
            + (
                ""
                if group["test_mean"] is None
                else f", test {group['test_mean']:.2%} ± {group['test_deviation']:.2%}"
            )
        )
    for each in record["measured"]:
        low, high = each["interval"]
        lines.append(
            f"{each['title']}: {each['accuracy']:.2%}"
            + (" with case merged" if each["merged_from"] else "")
            + f" ({low:.2%} to {high:.2%}) of "
            f"{each['samples']:,} samples, {each['microseconds_per_image']:.0f} µs an image"
            + ("; the first look at its test data" if each["first_look"] else "")
        )
    lines += [each["sentence"] for each in record["tests"]]
    if len(record["tests"]) > 1:
        lines.append(
            f"{len(record['tests'])} comparisons: of equal models, one in twenty appears to differ."
        )
    return "\n".join(lines) or "There is no run yet."


def _leaderboard_text(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    head = ("run", "data", "validation", "test", "s", "parameters", "size", "µs an image")
    rows = [
        (
            each["title"],
            each["data"],
            percent(each["validation_accuracy"]),
            percent(each["test_accuracy"]) + (" merged" if each["test_case_merged"] else ""),
            f"{each['seconds']:,.0f}",
            f"{each['parameters']:,}" if each["parameters"] else "–",
            "–" if each["size_bytes"] is None else format_bytes(each["size_bytes"]),
            "–"
            if each["microseconds_per_image"] is None
            else f"{each['microseconds_per_image']:.0f}",
        )
        for each in entries
    ]
    return list(aligned([head, *rows])) if rows else []
