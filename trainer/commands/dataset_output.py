"""The output of ``python -m trainer datasets``: tables, JSON, progress."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.formats.options import ImportPreview

_PHASES = {"download": "fetching", "store": "storing", "make": "making"}
_BAR_WIDTH = 24
"""In characters."""


def table_row(entry: CatalogEntry) -> tuple[str, ...]:
    """Return the cells of an entry in the list."""
    here = "damaged" if entry.error else "yes" if entry.is_present else "no"
    if entry.arrived_bytes and not entry.is_present:
        here = "partly"
    return (
        entry.name,
        here,
        str(entry.classes or "-"),
        f"{sum(entry.counts.values()):,}" if entry.counts else "-",
        amount(entry.download_bytes) if entry.download_bytes else "-",
        amount(entry.disk_bytes) if entry.disk_bytes else "-",
        entry.title,
    )


def entry_record(entry: CatalogEntry) -> dict[str, Any]:
    """Return the record of an entry, for JSON."""
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "kind": entry.kind.value,
        "present": entry.is_present,
        "classes": entry.classes,
        "alphabet": list(entry.alphabet),
        "image_shape": list(entry.image_shape),
        "samples": dict(entry.counts),
        "counts": _named(entry.class_counts, entry.alphabet),
        "download_bytes": entry.download_bytes,
        "arrived_bytes": entry.arrived_bytes,
        "disk_bytes": entry.disk_bytes,
        "source": entry.source,
        "terms": entry.terms,
        "citation": entry.citation,
        "folder": str(entry.folder),
        "error": entry.error,
        "hint": entry.hint,
    }


def _named(
    counts: Mapping[str, tuple[int, ...]], alphabet: tuple[str, ...]
) -> dict[str, dict[str, int]]:
    return {s: dict(zip(alphabet, numbers, strict=True)) for s, numbers in counts.items()}


def entry_text(entry: CatalogEntry) -> str:
    """Return a detailed description of an entry."""
    lines = [f"{entry.title} ({entry.name})", entry.description, ""]
    height, width = entry.image_shape
    lines += [
        f"classes     {entry.classes}: {' '.join(entry.alphabet)}",
        f"images      {height}×{width}",
        *(f"{split:11} {n:,} samples" for split, n in entry.counts.items()),
        f"on disk     {amount(entry.disk_bytes)}" + ("" if entry.is_present else ", once here"),
    ]
    if entry.download_bytes:
        arrived = f", {amount(entry.arrived_bytes)} have arrived" if entry.arrived_bytes else ""
        lines.append(f"to fetch    {amount(entry.download_bytes)}{arrived}")
    for name, value in (
        ("from", entry.source),
        ("terms", entry.terms),
        ("cite", entry.citation),
        ("damaged", f"{entry.error} {entry.hint}".strip()),
    ):
        if value:
            lines.append(f"{name:11} {value}")
    if entry.can_be_obtained and not entry.is_present:
        lines += ["", f"Get it with: python -m trainer datasets fetch {entry.name}"]
    for character, numbers in _by_class(entry):
        lines.append(f"  {character}  {numbers}")
    return "\n".join(lines)


def _by_class(entry: CatalogEntry) -> list[tuple[str, str]]:
    columns = list(entry.class_counts.values())
    width = max((len(f"{n:,}") for column in columns for n in column), default=0)
    return [
        (character, "  ".join(f"{n:{width},}" for n in numbers))
        for character, numbers in zip(entry.alphabet, zip(*columns, strict=True), strict=False)
    ]


def preview_text(preview: ImportPreview) -> str:
    """Return a description of the dataset that an import would store."""
    height, width = preview.image_shape
    counts = ", ".join(f"{n:,} {split}" for split, n in preview.counts.items())
    orientation = {"yes": "turned upright", "no": "as they lie"}
    inversion = {"yes": ", ink and inversion exchanged", "no": ""}
    lines = [
        f"found       {preview.format}",
        f"samples     {counts}",
        f"classes     {len(preview.alphabet)}: {' '.join(preview.alphabet)}",
        f"images      {height}×{width}, {orientation.get(str(preview.options.transposed), '')}"
        f"{inversion.get(str(preview.options.inverted), '')}",
    ]
    lines += [f"warning     {found.sentence} {found.hint}".rstrip() for found in preview.warnings]
    return "\n".join(lines)


class ProgressLine:
    """Prints progress on standard error: one updated line, or ten lines without a terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown = ("", -1)
        self._drawn = 0

    def __call__(self, progress: TransferProgress) -> None:
        """Print the progress."""
        if sys.stderr.isatty():
            text = progress_text(self._name, progress)
            sys.stderr.write("\r" + text.ljust(self._drawn))
            sys.stderr.flush()
            self._drawn = len(text)
            return
        tenth = 10 * progress.done // progress.total if progress.total else 0
        if (progress.phase, tenth) != self._shown:
            self._shown = (progress.phase, tenth)
            print(progress_text(self._name, progress), file=sys.stderr)

    def end(self) -> None:
        """End the line."""
        if self._drawn:
            sys.stderr.write("\n")
            self._drawn = 0


def progress_text(name: str, progress: TransferProgress) -> str:
    """Return progress as a line: phase, share, rate and remaining time."""
    formatted = amount if progress.unit == "bytes" else "{:,.0f} samples".format
    parts = [f"{_PHASES[progress.phase]} {name}"]
    if progress.total:
        filled = _BAR_WIDTH * min(progress.done, progress.total) // progress.total
        parts.append(f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}]")
        parts.append(f"{progress.done / progress.total:4.0%} of {formatted(progress.total)}")
    else:
        parts.append(formatted(progress.done))
    if progress.rate > 0:
        parts.append(f"{formatted(progress.rate)}/s")
    if progress.seconds_left is not None and progress.done < progress.total:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        parts.append(f"{minutes}:{seconds:02} left")
    return "  ".join(parts)


def amount(n_bytes: float) -> str:
    """Format a number of bytes: "1.4 GB"."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.1f} {unit}"
    return f"{n_bytes:,.0f} B"
