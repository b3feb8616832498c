"""``python -m trainer datasets``: list, fetch, import, show and remove datasets."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import aligned
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.formats.options import ImportChoice, ImportOptions, ImportPreview
from trainer.datasets.load import describe
from trainer.datasets.splitting import check_shares
from trainer.datasets.store import StoredDataset
from trainer.errors import DatasetError
from trainer.files.paths import Profile
from trainer.files.records import json_text

_PHASES = {"download": "fetching", "store": "storing", "make": "making"}
_BAR_WIDTH = 24
"""In characters."""

_WHOLE = 100.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _action(actions, "list", "list all datasets, on this computer or not", _list)

    fetch = _action(
        actions, "fetch", "download a dataset, or generate the starter set", _fetch, ["make"]
    )
    fetch.add_argument("name", metavar="NAME", help="emnist-balanced, mnist, starter, …")
    fetch.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help="download from this address: EMNIST's archive, or a folder of its files, ending in "
        "/; repeat it for fallbacks",
    )
    fetch.add_argument("--samples", type=int, metavar="N", help="size of the starter set")
    fetch.add_argument("--seed", type=int, metavar="N", help="seed of the starter set")

    _add_import(actions)
    _add_class(actions)

    show = _action(actions, "show", "describe a dataset, a file or a folder", _show)
    show.add_argument("name", metavar="NAME", help="a name in the catalogue, or a path")

    remove = _action(actions, "remove", "remove a dataset and its downloaded files", _remove)
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="do not ask for confirmation")


def _add_import(actions: Any) -> None:
    parser = _action(actions, "import", "import data as a dataset", _import)
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="IDX, .mat, .h5, .npz, .npy, CSV, ARFF, LIBSVM, pen archive, inks (.jsonl, .inkml), "
        "or a folder",
    )
    parser.add_argument(
        "--labels", type=Path, metavar="PATH", help="file of the labels, if separate"
    )
    parser.add_argument("--name", help="in the catalogue (default: from the file's name)")
    for option, meaning in (
        ("transposed", "rows and columns of the images are swapped"),
        ("invert", "dark ink on light paper"),
        ("header", "the first line of a table has the names of its columns"),
    ):
        parser.add_argument(
            f"--{option}", choices=("auto", "yes", "no"), default="auto", help=meaning
        )
    parser.add_argument(
        "--turn",
        type=int,
        choices=(0, 90, 180, 270),
        help="degrees clockwise to turn the images, after --transposed (default: detected)",
    )
    parser.add_argument(
        "--classes",
        metavar="FILE_OR_TEXT",
        help="characters of the classes: a file with one per line, a,b,c or abc",
    )
    parser.add_argument(
        "--size", choices=("keep", "28"), default="keep", help="resize images to 28×28, or not"
    )
    parser.add_argument(
        "--split-shares",
        metavar="TRAIN,VALIDATION,TEST",
        default="",
        help="split samples that come as one: shares in %%, such as 80,10,10",
    )


def _add_class(actions: Any) -> None:
    parser = _action(actions, "class", "merge the files of a class into one dataset", _class)
    parser.add_argument(
        "paths", type=Path, nargs="+", metavar="PATH", help="files that pupils exported, or folders"
    )
    parser.add_argument("--name", default="class", help="in the catalogue (default: class)")
    parser.add_argument(
        "--numbers", action="store_true", help="replace the names of the writers by numbers"
    )
    parser.add_argument(
        "--test-share",
        type=float,
        default=0.0,
        metavar="PERCENT",
        help="set whole writers aside as the test split (default: 0)",
    )
    parser.add_argument("--preview", action="store_true", help="store nothing")


def run(options: argparse.Namespace) -> int:
    """Run the action; return 0, or 130 for an interruption."""
    return int(options.act(options))


def _action(
    actions: Any,
    name: str,
    summary: str,
    act: Callable[[argparse.Namespace], int],
    aliases: list[str] | None = None,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=summary.capitalize() + ".", aliases=aliases or []
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(act=act)
    return parser


def _list(options: argparse.Namespace) -> int:
    entries = Catalog(Profile.locate()).entries()
    if options.json:
        print(json_text([_entry_record(e) for e in entries]))
        return 0
    rows = [
        ("NAME", "HERE", "CLASSES", "SAMPLES", "FETCH", "DISK", "TITLE"),
        *map(_table_row, entries),
    ]
    print("\n".join(aligned(rows)))
    for entry in entries:
        if entry.error:
            print(f"{entry.name}: {entry.error} {entry.hint}".rstrip(), file=sys.stderr)
    return 0


def _fetch(options: argparse.Namespace) -> int:
    catalog = Catalog(Profile.locate(), mirrors=options.mirror)
    entry = catalog.entry(options.name)
    is_regenerated = options.samples is not None or options.seed is not None
    if is_regenerated and entry.name != STARTER:
        raise DatasetError(
            "Expected --samples and --seed with {starter} only. Received: {entry}.",
            "Leave them out, or make {starter}.",
        ).format(starter=STARTER, entry=entry.name)
    line = ProgressLine(options.name)
    try:
        if is_regenerated:
            values = {"samples": options.samples, "seed": options.seed}
            explicit = {key: value for key, value in values.items() if value is not None}
            stored = catalog.make_starter(line, _check_nothing, **explicit)
        else:
            stored = catalog.obtain(options.name, line, _check_nothing)
    except KeyboardInterrupt:
        line.end()
        print("Interrupted; fetch again to resume the download.", file=sys.stderr)
        return 130
    finally:
        line.end()
    if entry.is_present and not is_regenerated and not options.json:
        print(f"{entry.title} is on this computer already.", file=sys.stderr)
    _print_stored(catalog.entry(stored.card.name), stored, options.json)
    return 0


def _check_nothing() -> None:
    """Do nothing: on a command line, an interruption raises KeyboardInterrupt."""


def _print_stored(entry: CatalogEntry, stored: StoredDataset, as_json: bool) -> None:
    text = f"{entry.title}: {len(stored):,} samples in {entry.folder}"
    print(json_text(_entry_record(entry)) if as_json else text)


def _import(options: argparse.Namespace) -> int:
    from trainer.datasets.formats.import_ import inspect_import

    import_options = ImportOptions(
        labels=options.labels,
        transposed=options.transposed,
        turn=options.turn,
        inverted=options.invert,
        header=options.header,
        classes=_class_names(options.classes) if options.classes is not None else None,
        resize=None if options.size == "keep" else int(options.size),
        split_shares=_shares(options.split_shares),
    )
    catalog = Catalog(Profile.locate())
    new_name = None if options.name is None else catalog.check_new_name(options.name)
    preview = inspect_import(options.path, import_options)
    name = new_name or catalog.new_name(preview.name)
    if not options.json:
        print(_preview_text(preview))
    line = ProgressLine(name)
    try:
        stored = catalog.import_data(options.path, preview.options, name, line, _check_nothing)
    finally:
        line.end()
    entry = catalog.entry(name)
    if not options.json:
        _print_stored(entry, stored, as_json=False)
        return 0
    record = _entry_record(entry) | {
        "format": preview.format,
        "transposed": str(preview.options.transposed),
        "turn": preview.options.turn,
        "inverted": str(preview.options.inverted),
        "warnings": [
            {"kind": each.kind, "sentence": each.sentence, "hint": each.hint}
            for each in preview.warnings
        ],
    }
    print(json_text(record))
    return 0


def _class(options: argparse.Namespace) -> int:
    from trainer.datasets.class_samples import read_class

    catalog = Catalog(Profile.locate())
    if not options.preview:
        catalog.check_new_name(options.name)
    if not 0 <= options.test_share < _WHOLE:
        raise DatasetError("Expected a share from 0 to below 100. Received: {share}.").format(
            share=f"{options.test_share:g}"
        )
    found = read_class(options.paths)
    names = found.numbers if options.numbers else found.names
    for problem in found.problems:
        print(f"{problem.message} {problem.hint}", file=sys.stderr)
    rows = list(zip(names, found.writers, strict=True))
    if options.json:
        record = [
            {
                "writer": name,
                "files": each.files,
                "samples": len(each.inks),
                "duplicates": each.duplicates,
            }
            for name, each in rows
        ]
        print(json_text({"name": options.name, "writers": record}))
    elif rows:
        table = [("WRITER", "FILES", "SAMPLES", "DUPLICATES")]
        table += [
            (name, f"{len(each.files)}", f"{len(each.inks):,}", f"{each.duplicates:,}")
            for name, each in rows
        ]
        print("\n".join(aligned(table)))
    if not options.preview:
        share = options.test_share / _WHOLE
        stored = catalog.import_class(found, names, options.name, test_share=share)
        if not options.json:
            _print_stored(catalog.entry(options.name), stored, as_json=False)
    return 0 if rows else 1


def _shares(text: str) -> tuple[float, ...]:
    """Parse the shares of the splits, in %."""
    try:
        shares = tuple(float(share) for share in text.split(",") if text)
    except ValueError:
        shares = (0.0,)
    return check_shares(shares) if text else ()


def _class_names(value: str) -> tuple[str, ...]:
    """Parse the characters of the classes: a file with one per line, or a list."""
    path = Path(value)
    text = value
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8").strip("\n")
        except (OSError, ValueError) as error:
            raise DatasetError("{path} cannot be read: {reason}.", "Give a text file.").format(
                path=path, reason=error
            ) from error
        if "\n" in text:
            return tuple(line.strip() for line in text.splitlines())
    return tuple(word.strip() for word in text.split(",")) if "," in text else tuple(text)


def _show(options: argparse.Namespace) -> int:
    entry = describe(options.name)
    print(json_text(_entry_record(entry)) if options.json else _entry_text(entry))
    return 0


def _remove(options: argparse.Namespace) -> int:
    catalog = Catalog(Profile.locate())
    entry = catalog.entry(options.name)
    if not options.yes:
        if not sys.stdin.isatty():
            raise DatasetError(
                "Expected --yes, since nobody can be asked whether to remove {entry}.",
                "Run: python -m trainer datasets remove {entry} --yes",
            ).format(entry=entry.name)
        print(f"Remove {entry.title} from {entry.folder}? [y/N] ", end="", file=sys.stderr)
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("Nothing was removed.", file=sys.stderr)
            return 0
    catalog.remove(options.name)
    removed = {"removed": entry.name}
    print(json_text(removed) if options.json else f"{entry.title} is removed.")
    return 0


def _table_row(entry: CatalogEntry) -> tuple[str, ...]:
    here = "damaged" if entry.error else "yes" if entry.is_present else "no"
    if entry.arrived_bytes and not entry.is_present:
        here = "partly"
    return (
        entry.name,
        here,
        str(entry.classes or "-"),
        f"{sum(entry.counts.values()):,}" if entry.counts else "-",
        _amount(entry.download_bytes) if entry.download_bytes else "-",
        _amount(entry.disk_bytes) if entry.disk_bytes else "-",
        entry.title,
    )


def _entry_record(entry: CatalogEntry) -> dict[str, Any]:
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
        "counts": {
            split: dict(zip(entry.alphabet, numbers, strict=True))
            for split, numbers in entry.class_counts.items()
        },
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


def _entry_text(entry: CatalogEntry) -> str:
    lines = [f"{entry.title} ({entry.name})", entry.description, ""]
    height, width = entry.image_shape
    lines += [
        f"classes     {entry.classes}: {' '.join(entry.alphabet)}",
        f"images      {height}×{width}",
        *(f"{split:11} {n:,} sample{'s' * (n != 1)}" for split, n in entry.counts.items()),
        f"on disk     {_amount(entry.disk_bytes)}" + ("" if entry.is_present else ", once here"),
    ]
    if entry.download_bytes:
        arrived = f", {_amount(entry.arrived_bytes)} have arrived" if entry.arrived_bytes else ""
        lines.append(f"to fetch    {_amount(entry.download_bytes)}{arrived}")
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


def _preview_text(preview: ImportPreview) -> str:
    height, width = preview.image_shape
    counts = ", ".join(f"{n:,} {split}" for split, n in preview.counts.items())
    is_upright = preview.options.transposed == ImportChoice.NO and not preview.options.turn
    orientation = "as they lie" if is_upright else "turned upright"
    inversion = {"yes": ", ink and inversion exchanged", "no": ""}
    lines = [
        f"found       {preview.format}",
        f"samples     {counts}",
        f"classes     {len(preview.alphabet)}: {' '.join(preview.alphabet)}",
        f"images      {height}×{width}, {orientation}"
        f"{inversion.get(str(preview.options.inverted), '')}",
    ]
    for found in preview.warnings:
        kind = "note" if found.kind == "pictures" else "warning"
        lines.append(f"{kind:11} {found.sentence} {found.hint}".rstrip())
        proposed = found.fix.classes if found.fix and found.kind == "mapping" else None
        if proposed and max(map(len, proposed)) == 1:
            lines.append(f"proposed    --classes {shlex.quote(''.join(proposed))}")
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
    formatted = _amount if progress.unit == "bytes" else "{:,.0f} samples".format
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


def _amount(n_bytes: float) -> str:
    """Format a number of bytes: "1.4 GB"."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.1f} {unit}"
    return f"{n_bytes:,.0f} B"
