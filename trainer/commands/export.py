"""``python -m trainer export``: a run in a form for others, and a bundle as one file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from trainer.errors import ConfigError, RunError
from trainer.exporting.bundle_file import import_bundle, pack_bundle
from trainer.exporting.network import export_keras, export_litert, export_onnx
from trainer.files.paths import Profile, replacing
from trainer.processes.launch import missing_hint
from trainer.recognition.bundle import CARD_NAME
from trainer.runs.folder import RunFolder

FORMS = {
    "bundle": ".zip",
    "keras": ".keras",
    "litert": ".tflite",
    "onnx": ".onnx",
    "report": ".html",
    "history": ".csv",
}
"""What can be written, and the ending by which a file's name tells it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FOLDER",
        help="folder of a run, or of a bundle",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="file to write")
    parser.add_argument(
        "--form", choices=tuple(FORMS), help="what to write (default: by the ending of --to)"
    )
    parser.add_argument(
        "--import",
        dest="imported",
        type=Path,
        metavar="FILE",
        help="put a bundle that was exported as one file among the runs of the profile",
    )
    parser.add_argument("--profile-dir", help="folder of the user's files, to import into")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Export or import; return 0."""
    if options.imported is not None:
        return _import(options)
    if options.source is None or options.to is None:
        raise ConfigError(
            "Expected what to export and where to. Received: less than that.",
            "Give --from and --to, or --import.",
            field="to",
        )
    form = options.form or _form_of(options.to)
    try:
        _write(form, options.source, options.to)
    except OSError as error:
        raise RunError(
            "{path} cannot be written: {reason}.", "Choose another folder, or free some space."
        ).format(path=options.to, reason=error.strerror or error) from error
    record = {"form": form, "file": str(options.to), "bytes": options.to.stat().st_size}
    text = f"{options.to}: {record['bytes']:,} bytes"
    print(json.dumps(record, ensure_ascii=False) if options.json else text)
    return 0


def _import(options: argparse.Namespace) -> int:
    root = import_bundle(options.imported, Profile.locate(options.profile_dir).runs)
    record = {"run": str(root), "bundle": str(RunFolder(root).bundle)}
    print(json.dumps(record, ensure_ascii=False) if options.json else record["bundle"])
    return 0


def _form_of(file: Path) -> str:
    for form, ending in FORMS.items():
        if file.suffix.lower() == ending:
            return form
    raise ConfigError(
        "Expected a file that ends in {forms}. Received: {file}.",
        "Or say with --form what to write.",
        field="to",
    ).format(forms=", ".join(FORMS.values()), file=file.name)


def _write(form: str, source: Path, file: Path) -> None:
    writers: dict[str, Callable[[Path, Path], None]] = {
        "bundle": pack_bundle,
        "keras": export_keras,
        "litert": export_litert,
        "onnx": export_onnx,
    }
    if form in writers:
        is_bundle = (source / CARD_NAME).is_file()
        writers[form](source if is_bundle else RunFolder(source).bundle, file)
    elif form == "report":
        _write_report(source, file)
    else:
        _write_history(source, file)


def _write_report(source: Path, file: Path) -> None:
    try:
        from trainer.exporting.report import write_report_page
    except ImportError as error:
        raise RunError(
            "The report needs a package that is not installed: {package}.", missing_hint("train")
        ).format(package=error.name) from error
    write_report_page(source, file)


def _write_history(source: Path, file: Path) -> None:
    history = RunFolder(source).history_file
    try:
        text = history.read_bytes()
    except FileNotFoundError as error:
        raise RunError(
            "{source} has no history: no epoch is done.", "Export it when the first epoch is done."
        ).format(source=source.name) from error
    with replacing(file) as temporary:
        temporary.write_bytes(text)
