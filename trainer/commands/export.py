"""``python -m trainer export``: export a run in another format, or import a bundle."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from trainer.config.fields import TRACKERS
from trainer.datasets.load import load_data
from trainer.errors import ConfigError, RunError
from trainer.exporting.bundle_file import import_bundle, pack_bundle
from trainer.exporting.network import (
    export_int8,
    export_keras,
    export_litert,
    export_onnx,
)
from trainer.exporting.tracking import export_tracking
from trainer.files.paths import Profile, replacing
from trainer.files.records import json_text
from trainer.processes.launch import missing_hint
from trainer.recognition.bundle import CARD_NAME
from trainer.runs.folder import RunFolder

FORMS = {
    "bundle": ".zip",
    "keras": ".keras",
    "litert": ".tflite",
    "litert-int8": ".tflite",
    "onnx": ".onnx",
    "report": ".html",
    "history": ".csv",
}
"""The formats, and the suffixes of their files."""

_EXPORTERS: dict[str, Callable[[Path, Path], None]] = {
    "bundle": pack_bundle,
    "keras": export_keras,
    "litert": export_litert,
    "onnx": export_onnx,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FOLDER",
        help="folder of a run, or of a bundle",
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="file to write, or tensorboard or mlflow"
    )
    parser.add_argument(
        "--at",
        default="",
        metavar="FOLDER|ADDRESS",
        help="folder of TensorBoard (default: in the run), or tracking server of MLflow "
        "(default: MLFLOW_TRACKING_URI, else a database in the profile)",
    )
    parser.add_argument(
        "--form", choices=tuple(FORMS), help="format of the file (default: by the suffix of --to)"
    )
    parser.add_argument(
        "--data",
        default="",
        help="what litert-int8 is calibrated with (default: what the run was trained on)",
    )
    parser.add_argument(
        "--import",
        dest="imported",
        type=Path,
        metavar="FILE",
        help="import a bundle that was exported as one file, as a run of the profile",
    )
    parser.add_argument("--profile-dir", help="profile folder to import into")
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
    if str(options.to) in TRACKERS[1:]:
        return _track(options)
    form = options.form or _form_of(options.to)
    is_bundle = (options.source / CARD_NAME).is_file()
    bundle = options.source if is_bundle else RunFolder(options.source).bundle
    record: dict[str, object] = {"form": form, "file": str(options.to)}
    try:
        match form:
            case "report":
                _write_report(options.source, options.to)
            case "history":
                _write_history(options.source, options.to)
            case "litert-int8":
                name = options.data or RunFolder(bundle.parent).config().data
                record["agreement"] = export_int8(bundle, options.to, load_data(name, "train"))
            case _:
                _EXPORTERS[form](bundle, options.to)
    except OSError as error:
        raise RunError(
            "{path} cannot be written: {reason}.", "Choose another folder, or free some space."
        ).format(path=options.to, reason=error.strerror or error) from error
    record["bytes"] = options.to.stat().st_size
    text = f"{options.to}: {record['bytes']:,} bytes"
    if "agreement" in record:
        text += f"; {record['agreement']:.1%} of the calibration samples answered as before"
    print(json_text(record) if options.json else text)
    return 0


def _track(options: argparse.Namespace) -> int:
    export_tracking(str(options.to), RunFolder(options.source), options.at)
    print(json_text({"to": str(options.to)}) if options.json else f"Sent to {options.to}.")
    return 0


def _import(options: argparse.Namespace) -> int:
    root = import_bundle(options.imported, Profile.locate(options.profile_dir).runs)
    record = {"run": str(root), "bundle": str(RunFolder(root).bundle)}
    print(json_text(record) if options.json else record["bundle"])
    return 0


def _form_of(file: Path) -> str:
    for form, ending in FORMS.items():
        if file.suffix.lower() == ending:
            return form
    raise ConfigError(
        "Expected a file that ends in {forms}. Received: {file}.",
        "Or say with --form what to write.",
        field="to",
    ).format(forms=", ".join(dict.fromkeys(FORMS.values())), file=file.name)


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
