"""The table of a reproduced project, as plain text and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainer.training.resources import format_bytes

_HEAD = ("step", "measure", "theirs", "ours", "s", "epochs", "model")


def text_table(record: Mapping[str, Any]) -> str:
    """Return a table with a line per figure, and the notes below."""
    rows = list(_grouped(record["rows"]))
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    lines = [
        f"{record['title']} ({record['author']})",
        f"theirs: {record['dataset']}",
        f"ours:   {record['data']}, {record['samples']:,} training and validation images, "
        f"{record['test_samples']:,} test images, {record['classes']} classes"
        + (", scaled down" if record["quick"] else ""),
        "",
    ]
    for cells in (_HEAD, *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        lines.append("  ".join(padded).rstrip())
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
        "–" if row["theirs"] is None else f"{row['theirs']:.2%}",
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
