"""``python -m trainer datasets``: list, fetch, import, show and remove datasets."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.commands.dataset_output import (
    ProgressLine,
    entry_record,
    entry_text,
    preview_text,
    table_row,
)
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.load import describe
from trainer.datasets.store import StoredDataset
from trainer.errors import DatasetError
from trainer.files.paths import Profile
from trainer.files.records import json_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _action(actions, "list", "show all datasets, on this computer or not", _list)

    fetch = _action(actions, "fetch", "get a dataset, or make the starter set", _fetch, ["make"])
    fetch.add_argument("name", metavar="NAME", help="emnist-balanced, mnist, starter, …")
    fetch.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help="fetch from here: EMNIST's archive, or a folder of its files, ending in /; "
        "repeat for others to try after it",
    )
    fetch.add_argument("--samples", type=int, metavar="N", help="size of the starter set")
    fetch.add_argument("--seed", type=int, metavar="N", help="of the starter set")

    _add_import(actions)

    show = _action(actions, "show", "describe a dataset, a file or a folder", _show)
    show.add_argument("name", metavar="NAME", help="a name in the catalogue, or a path")

    remove = _action(actions, "remove", "remove a dataset and what came of its download", _remove)
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="do not ask")


def _add_import(actions: Any) -> None:
    parser = _action(actions, "import", "store somebody else's data as a dataset", _import)
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="IDX, .mat, .npz, .npy, CSV, pen archive, ink .jsonl, or a folder",
    )
    parser.add_argument("--labels", type=Path, metavar="PATH", help="where they are another file")
    parser.add_argument("--name", help="in the catalogue (default: from the file's name)")
    for option, meaning in (
        ("transposed", "rows and columns of the images are swapped"),
        ("invert", "ink is dark and paper light"),
        ("header", "a table begins with the names of its columns"),
    ):
        parser.add_argument(
            f"--{option}", choices=("auto", "yes", "no"), default="auto", help=meaning
        )
    parser.add_argument(
        "--classes",
        metavar="FILE_OR_TEXT",
        help="names of the classes: a file with one a line, a,b,c or abc",
    )
    parser.add_argument(
        "--size", choices=("keep", "28"), default="keep", help="bring images to 28×28, or not"
    )


def run(options: argparse.Namespace) -> int:
    """Do what was asked; return 0, or 130 for an interruption."""
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
        print(json_text([entry_record(e) for e in entries]))
        return 0
    rows = [
        ("NAME", "HERE", "CLASSES", "SAMPLES", "FETCH", "DISK", "TITLE"),
        *map(table_row, entries),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    for entry in entries:
        if entry.error:
            print(f"{entry.name}: {entry.error} {entry.hint}".rstrip(), file=sys.stderr)
    return 0


def _fetch(options: argparse.Namespace) -> int:
    catalog = Catalog(Profile.locate(), mirrors=options.mirror)
    entry = catalog.entry(options.name)
    made_anew = options.samples is not None or options.seed is not None
    if made_anew and entry.name != STARTER:
        raise DatasetError(
            "Expected --samples and --seed with {starter} only. Received: {entry}.",
            "Leave them out, or make {starter}.",
        ).format(starter=STARTER, entry=entry.name)
    line = ProgressLine(options.name)
    try:
        if made_anew:
            chosen = {"samples": options.samples, "seed": options.seed}
            given = {key: value for key, value in chosen.items() if value is not None}
            stored = catalog.make_starter(line, _go_on, **given)
        else:
            stored = catalog.obtain(options.name, line, _go_on)
    except KeyboardInterrupt:
        line.end()
        print("Interrupted; fetch again to go on with what has arrived.", file=sys.stderr)
        return 130
    finally:
        line.end()
    if entry.is_present and not made_anew and not options.json:
        print(f"{entry.title} is on this computer already.", file=sys.stderr)
    _tell(catalog.entry(stored.card.name), stored, options.json)
    return 0


def _go_on() -> None:
    """Check nothing: on a command line, an interruption raises by itself."""


def _tell(entry: CatalogEntry, stored: StoredDataset, as_json: bool) -> None:
    if as_json:
        print(json_text(entry_record(entry)))
    else:
        print(f"{entry.title}: {len(stored):,} samples in {entry.folder}")


def _import(options: argparse.Namespace) -> int:
    from trainer.datasets.formats.import_ import inspect_import
    from trainer.datasets.formats.options import ImportOptions

    chosen = ImportOptions(
        labels=options.labels,
        transposed=options.transposed,
        inverted=options.invert,
        header=options.header,
        classes=_class_names(options.classes) if options.classes is not None else None,
        resize=None if options.size == "keep" else int(options.size),
    )
    catalog = Catalog(Profile.locate())
    given = None if options.name is None else catalog.check_new_name(options.name)
    preview = inspect_import(options.path, chosen)
    name = given or catalog.new_name(preview.name)
    if not options.json:
        print(preview_text(preview))
    line = ProgressLine(name)
    try:
        stored = catalog.import_data(options.path, preview.options, name, line, _go_on)
    finally:
        line.end()
    entry = catalog.entry(name)
    if not options.json:
        _tell(entry, stored, as_json=False)
        return 0
    warnings = [
        {"kind": found.kind, "sentence": found.sentence, "hint": found.hint}
        for found in preview.warnings
    ]
    record = entry_record(entry) | {
        "format": preview.format,
        "transposed": str(preview.options.transposed),
        "inverted": str(preview.options.inverted),
        "warnings": warnings,
    }
    print(json_text(record))
    return 0


def _class_names(given: str) -> tuple[str, ...]:
    """Read the names of classes: from a file, one a line, or as they stand."""
    path = Path(given)
    text = given
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
    if options.json:
        print(json_text(entry_record(entry)))
        return 0
    print(entry_text(entry))
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
    if options.json:
        print(json.dumps({"removed": entry.name}))
    else:
        print(f"{entry.title} is removed.")
    return 0
