"""The leaderboard of runs: accuracy, training time and size; repetitions with other seeds.

Light: no Keras, no scikit-learn, no SciPy, so that the window can import it.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import DatasetError, RunError
from trainer.evaluation.report.report import REPORT_NAME, load_figures
from trainer.files.paths import replacing
from trainer.files.records import nested, object_or_empty
from trainer.files.tables import cell
from trainer.recognition.bundle import CARD_NAME, CLASSIC_NAMES, MODEL_NAME
from trainer.runs.list_runs import RunSummary
from trainer.runs.test_result import tunable


@dataclass(frozen=True)
class LeaderboardEntry:
    """A row of the leaderboard.

    Attributes
    ----------
    run : RunSummary
    test : float or None
        Test accuracy, if it was measured.
    test_interval : tuple of float or None
        Its 95 % interval.
    size_bytes : int or None
        Of the model on disk.
    microseconds : float or None
        Per image, if a report was made of the run.
    """

    run: RunSummary
    test: float | None
    test_interval: tuple[float, float] | None
    size_bytes: int | None
    microseconds: float | None

    @property
    def record(self) -> dict[str, Any]:
        """The row as plain values."""
        run = self.run
        return {
            "run": str(run.root),
            "title": run.title,
            "preset": run.preset,
            "data": run.dataset,
            "seed": run.seed,
            "status": run.status.value,
            "validation_accuracy": run.accuracy,
            "validation_interval": run.interval,
            "validation_accuracy_merged": run.merged_accuracy,
            "test_accuracy": self.test,
            "test_case_merged": self.test is not None and run.merged_accuracy is not None,
            "test_interval": self.test_interval,
            "chosen_after_test_of": run.chosen_after,
            "seconds": run.seconds,
            "parameters": run.parameters or None,
            "size_bytes": self.size_bytes,
            "microseconds_per_image": self.microseconds,
        }


def leaderboard(runs: Iterable[RunSummary]) -> list[LeaderboardEntry]:
    """Return the runs with a finished epoch, the best validation accuracy first."""
    entries = [_entry(run) for run in runs if run.accuracy is not None]
    return sorted(entries, key=lambda entry: entry.run.accuracy or 0.0, reverse=True)


def _entry(run: RunSummary) -> LeaderboardEntry:
    reports = _reports(run.root)
    test, interval = None, None
    if run.test_result is not None:
        test, interval = run.test_result.accuracy, (run.test_result.low, run.test_result.high)
    else:
        of_test = [r for r in reports if _is_test_of(r, run)]
        if of_test:
            low, high = of_test[0]["interval"]
            test, interval = float(of_test[0]["accuracy"]), (float(low), float(high))
    speeds = [float(r["microseconds_per_image"]) for r in reports if "microseconds_per_image" in r]
    return LeaderboardEntry(run, test, interval, _model_bytes(run.root), min(speeds, default=None))


def _reports(root: Path) -> list[dict[str, Any]]:
    reports = []
    for path in sorted(root.glob(f"report-*/{REPORT_NAME}")):
        with suppress(DatasetError):
            reports.append(load_figures(path.parent))
    return reports


def _is_test_of(figures: Mapping[str, Any], run: RunSummary) -> bool:
    source = figures.get("source", {})
    return bool(source.get("split") == "test" and source.get("data") == run.config.get("data"))


def _model_bytes(root: Path) -> int | None:
    folder = root / "bundle"
    model = nested(object_or_empty(folder / CARD_NAME), "model")
    try:
        return (folder / CLASSIC_NAMES.get(str(model["form"]), MODEL_NAME)).stat().st_size
    except (OSError, KeyError):
        return None


def write_table(path: Path, entries: Sequence[LeaderboardEntry]) -> None:
    """Write the leaderboard as CSV; intervals take two columns.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    text = io.StringIO()
    rows = [_flat(entry.record) for entry in entries]
    table = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    table.writeheader()
    table.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    try:
        with replacing(path) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise RunError(
            "The table cannot be written to {path}: {reason}.", "Choose another folder."
        ).format(path=path.name, reason=error.strerror or error) from error


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name.endswith("_interval"):
            low, high = value or ("", "")
            words = name.removesuffix("interval")
            flat |= {f"{words}low": low, f"{words}high": high}
        else:
            flat[name] = "" if value is None else value
    return flat


@dataclass(frozen=True)
class Repetitions:
    """Runs that differ in their seed only.

    Attributes
    ----------
    entries : tuple of LeaderboardEntry
        At least two.
    mean, deviation : float
        Of the validation accuracy.
    test_mean, test_deviation : float or None
        Of the test accuracy, if at least two were measured.
    """

    entries: tuple[LeaderboardEntry, ...]
    mean: float
    deviation: float
    test_mean: float | None
    test_deviation: float | None

    @property
    def record(self) -> dict[str, Any]:
        """The repetitions as plain values."""
        return {
            "preset": self.entries[0].run.preset,
            "data": self.entries[0].run.dataset,
            "runs": [str(entry.run.root) for entry in self.entries],
            "seeds": [entry.run.seed for entry in self.entries],
            "validation_mean": self.mean,
            "validation_deviation": self.deviation,
            "test_mean": self.test_mean,
            "test_deviation": self.test_deviation,
        }


def repetitions(entries: Sequence[LeaderboardEntry]) -> list[Repetitions]:
    """Find runs that differ in their seed only, and average them."""
    groups: dict[str, list[LeaderboardEntry]] = {}
    for entry in entries:
        key = json.dumps(tunable(entry.run.config), sort_keys=True)
        groups.setdefault(key, []).append(entry)
    found = []
    for members in groups.values():
        if len({entry.run.seed for entry in members}) < 2:
            continue
        values = [entry.run.accuracy or 0.0 for entry in members]
        tests = [entry.test for entry in members if entry.test is not None]
        several = len(tests) > 1
        found.append(
            Repetitions(
                entries=tuple(members),
                mean=statistics.fmean(values),
                deviation=statistics.stdev(values),
                test_mean=statistics.fmean(tests) if several else None,
                test_deviation=statistics.stdev(tests) if several else None,
            )
        )
    return found
