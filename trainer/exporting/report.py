"""What became of a run, as one HTML file that needs nothing else: figures, tables, settings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.config.fields import FIELDS
from trainer.errors import RunError
from trainer.evaluation.metrics import most_confused, per_class
from trainer.exporting.figures import confusion_figure, curves_figure
from trainer.files.paths import replacing
from trainer.recognition.bundle import CARD_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, list_runs, summarize

_WORST_PAIRS = 10

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; color: #1c1f26; background: #ffffff; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p.caption { color: #59606e; margin-top: .2rem; }
table { border-collapse: collapse; } td, th { padding: .15rem .8rem .15rem 0; text-align: left;
        vertical-align: top; border-bottom: 1px solid #e3e6eb; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; }
.columns { columns: 2; } .mark { background: #fff3d6; padding: .3rem .6rem; }
"""


@dataclass
class _RunStory:
    """What the events of a run say."""

    started: events.Started | None = None
    epochs: dict[int, events.Epoch] = field(default_factory=dict)
    matrices: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def write_report_page(root: Path, file: Path) -> None:
    """Write the report of a run.

    Raises
    ------
    RunError
        If no epoch of it is done.
    """
    told = _read(RunFolder(root))
    if not told.epochs:
        raise RunError(
            "{root} has nothing to report: no epoch is done.",
            "Export its report when the first epoch is done.",
        ).format(root=root.name)
    run = next((r for r in list_runs(root.parent) if r.root == root), None) or summarize(root)
    card = _record(RunFolder(root).bundle / CARD_NAME)
    with replacing(file) as temporary:
        temporary.write_text(_page(run, told, card), encoding="utf-8")


def _read(folder: RunFolder) -> _RunStory:
    told = _RunStory()
    for event in folder.events():
        match event:
            case events.Started():
                told.started = event
                for kept in (told.epochs, told.matrices):
                    for epoch in [number for number in kept if number >= event.first_epoch]:
                        del kept[epoch]
            case events.Epoch():
                told.epochs[event.epoch] = event
            case events.Confusion():
                told.matrices[event.epoch] = np.array(event.matrix, dtype=np.int64)
            case events.Warned():
                told.warnings.append(f"{event.message} {event.hint}".strip())
    return told


def _page(run: RunSummary, told: _RunStory, card: dict[str, Any]) -> str:
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created))
    note = f"<p>{escape(run.note)}</p>" if run.note else ""
    parts = [
        f"<h1>{escape(run.title)}</h1>",
        f'<p class="caption">EMNIST Desktop · begun {made} · {run.status.value}</p>{note}',
        _mark(run),
        _table(_summary(run, told, card)),
        *(f'<p class="mark">{escape(text)}</p>' for text in told.warnings),
        "<h2>Curves</h2>",
        curves_figure(list(told.epochs.values())),
        *_confusions(run, told),
        "<h2>Settings</h2>",
        _settings(run.config),
        *_data(card),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(run.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{chr(10).join(filter(None, parts))}\n</body></html>\n"
    )


def _mark(run: RunSummary) -> str:
    if not run.chosen_after:
        return ""
    return (
        f'<p class="mark">Its settings were changed after the test of {escape(run.chosen_after)} '
        "was seen: its test accuracy is no longer that of unseen data.</p>"
    )


def _summary(run: RunSummary, told: _RunStory, card: dict[str, Any]) -> Iterable[tuple[str, str]]:
    started = told.started
    yield "Model", run.preset + (f", {run.parameters:,} parameters" if run.parameters else "")
    yield "Dataset", run.dataset
    if started is not None:
        yield "Samples", f"{started.n_train:,} to train on, {started.n_validation:,} to choose by"
    if run.accuracy is not None:
        text = f"{run.accuracy:.2%} in epoch {run.best_epoch}"
        yield "Best validation accuracy", text + _interval(run.interval)
    if run.tested is not None:
        tested = run.tested
        text = f"{tested.accuracy:.2%} of {tested.samples:,}"
        yield "Test accuracy", text + _interval((tested.low, tested.high))
    validation = card.get("validation")
    if isinstance(validation, dict) and isinstance(validation.get("calibration_error"), float):
        yield "Calibration error", f"{validation['calibration_error']:.2%}"
    yield "Epochs", f"{run.epochs_done} of {run.epochs}"
    yield "Time", f"{run.seconds:,.0f} s"
    if started is not None:
        yield "Device", " – ".join(filter(None, (started.device, started.device_reason)))
    yield "Seed", str(run.seed)


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" (95 % interval {interval[0]:.2%} to {interval[1]:.2%})"


def _confusions(run: RunSummary, told: _RunStory) -> list[str]:
    matrix = told.matrices.get(run.best_epoch)
    if matrix is None or told.started is None:
        return []
    alphabet = told.started.alphabet
    figures = per_class(matrix)
    rows = [
        (name, f"{precision:.1%}", f"{recall:.1%}", f"{f1:.1%}", f"{support:,}")
        for name, precision, recall, f1, support in zip(
            alphabet, figures.precision, figures.recall, figures.f1, figures.support, strict=True
        )
    ]
    worst = [
        (alphabet[true], alphabet[read], f"{matrix[true, read]:,}", f"{matrix[true].sum():,}")
        for true, read in most_confused(matrix, _WORST_PAIRS)
    ]
    return [
        f"<h2>Confusion in epoch {run.best_epoch}, validation data</h2>",
        confusion_figure(matrix, alphabet),
        "<h2>Most frequent confusions</h2>",
        _grid(("Is", "Taken for", "Times", "Of"), worst, 2),
        "<h2>Each class</h2>",
        '<div class="columns">'
        + _grid(("Class", "Precision", "Recall", "F1", "Samples"), rows, 1)
        + "</div>",
    ]


def _settings(config: dict[str, Any]) -> str:
    rows = []
    for name, value in config.items():
        title = FIELDS[name].title if name in FIELDS else name.replace("_", " ").capitalize()
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append((title, shown or "–"))
    return _table(rows)


def _data(card: dict[str, Any]) -> list[str]:
    training = card.get("training")
    if not isinstance(training, dict):
        return []
    data, versions = training.get("data"), training.get("versions")
    parts = []
    if isinstance(data, list):
        names = ("use", "name", "samples", "terms", "sha256")
        rows = [[str(e.get(n) or "–") for n in names] for e in data if isinstance(e, dict)]
        titles = ("Use", "Data", "Samples", "Terms", "sha256")
        parts += ["<h2>Data</h2>", _grid(titles, rows, len(names))]
    if isinstance(versions, dict):
        text = " · ".join(f"{escape(str(k))} {escape(str(v))}" for k, v in versions.items())
        parts.append(f'<h2>Made with</h2><p class="caption">{text}</p>')
    return parts


def _table(rows: Iterable[tuple[str, str]]) -> str:
    body = "\n".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table>\n{body}\n</table>"


def _grid(titles: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int) -> str:
    """Return a table whose columns from `numbers_from` on are numbers."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f'<{tag} class="number">{escape(text)}</{tag}>'
            if place >= numbers_from
            else f"<{tag}>{escape(text)}</{tag}>"
            for place, text in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table>\n<tr>{cells('th', titles)}</tr>\n{body}\n</table>"


def _record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
