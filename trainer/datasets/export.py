"""Export of samples as pictures with a table, as arrays, or as a contact sheet.

All or nothing: everything is written to a temporary name and renamed when complete.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from trainer.datasets.analysis.statistics import (
    Check,
    Indices,
    Report,
    nothing_to_check,
    nothing_to_report,
)
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import StoredDataset
from trainer.errors import DatasetError
from trainer.files.paths import replacing
from trainer.files.records import json_text
from trainer.files.tables import cell
from trainer.processes.launch import missing_hint

TABLE_NAME = "samples.csv"
ABOUT_NAME = "about.txt"
COLUMNS = ("index", "split", "label", "character", "writer", "file")

SHEET_LIMIT = 10_000
"""Maximum number of samples on a contact sheet; few programs open larger pictures."""

_TILE_SCALE = 2
_TILE_GAP = 4
_CAPTION_HEIGHT = 16
_CAPTION_SIZE = 12
_PAPER, _CAPTION = 255, 60
"""Grey levels of the sheet and its captions."""

_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""Windows may lack EDQUOT."""

_EVERY = 256
"""Samples between two reports."""


class ExportFormat(StrEnum):
    """Export format."""

    FOLDERS = "folders"
    FLAT = "flat"
    ARRAYS = "arrays"
    SHEET = "sheet"
    PARQUET = "parquet"


@dataclass(frozen=True, eq=False)
class Selection:
    """Samples of one split.

    Attributes
    ----------
    stored : StoredDataset
    split : str
    indices : ndarray of shape (n,), dtype=int64
        In export order.
    """

    stored: StoredDataset
    split: str
    indices: Indices

    @property
    def data(self) -> Dataset:
        """The split of the samples."""
        return self.stored.splits[self.split]

    def __len__(self) -> int:
        return len(self.indices)


def export(
    selection: Selection,
    how: ExportFormat,
    destination: Path,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
) -> None:
    """Export samples.

    Parameters
    ----------
    selection : Selection
    how : ExportFormat
    destination : Path
        A new or empty folder for pictures, else a file to replace.
    report, check : callables
        Called regularly.

    Raises
    ------
    DatasetError
        If there is nothing to export, the folder is not empty, or it cannot be written.
    """
    if not len(selection):
        raise DatasetError("There is nothing to export.", "Choose at least one sample.")
    with plain_disk_errors(destination):
        if how is ExportFormat.ARRAYS:
            _write_arrays(selection, destination, report, check)
        elif how is ExportFormat.PARQUET:
            _write_parquet(selection, destination, report, check)
        elif how is ExportFormat.SHEET:
            _write_sheet(selection, destination, report, check)
        else:
            _write_pictures(selection, how, destination, report, check)
    report(1.0)


def class_folders(alphabet: Sequence[str]) -> tuple[str, ...]:
    """Return a folder name for each class that is valid on every system.

    File names are not case-sensitive on Windows and macOS, so the case is spelt out.

    Returns
    -------
    tuple of str
        Distinct regardless of case; none is empty, reserved, or has special characters.
    """
    names: dict[str, str] = {}
    for label, character in enumerate(alphabet):
        name = character if re.fullmatch(r"[0-9]{1,4}", character) else ""
        if re.fullmatch(r"[A-Za-z]", character):
            name = f"{character}_{'upper' if character.isupper() else 'lower'}"
        if not name or name.lower() in names:
            words = re.sub(r"[^A-Za-z0-9]+", "_", character).strip("_")[:30]
            name = f"class_{label:03d}_{words}" if words else f"class_{label:03d}"
        names[name.lower()] = name
    return tuple(names.values())


@contextmanager
def plain_disk_errors(destination: Path) -> Iterator[None]:
    """Translate the errors of a full or read-only disk."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise DatasetError(
                "The disk is full: {destination} was not written.",
                "Free some space or choose another disk; nothing was left behind.",
            ).format(destination=destination.name) from error
        raise DatasetError(
            "{path} cannot be written: {reason}.", "Choose a folder that you may write to."
        ).format(path=destination, reason=error.strerror or error) from error


@contextmanager
def new_folder(destination: Path) -> Iterator[Path]:
    """Fill a folder, all or nothing: yields a temporary one and renames it at the end.

    Raises
    ------
    DatasetError
        If there is a file of that name, or a folder that is not empty.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise DatasetError(
            "Expected a new or empty folder. Received: {destination}, which is not empty.",
            "Choose another name, so that nothing is mixed.",
        ).format(destination=destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    writing = destination.with_name(f".{destination.name}.{os.getpid()}.writing")
    try:
        writing.mkdir()
        yield writing
        if destination.exists():
            destination.rmdir()
        writing.replace(destination)
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def _write_pictures(
    selection: Selection, how: ExportFormat, destination: Path, report: Report, check: Check
) -> None:
    with new_folder(destination) as writing:
        _write_about(selection.stored, writing / ABOUT_NAME)
        with (writing / TABLE_NAME).open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(COLUMNS)
            for number, row in enumerate(_rows(selection, how)):
                if number % _EVERY == 0:
                    check()
                    report(number / len(selection))
                path = writing / row[-1]
                if how is ExportFormat.FOLDERS:
                    path.parent.mkdir(exist_ok=True)
                image = np.ascontiguousarray(selection.data.images[int(row[0])])
                PillowImage.fromarray(image).save(path)
                table.writerow(map(cell, row))
            stream.flush()
            os.fsync(stream.fileno())
        check()


def _rows(selection: Selection, how: ExportFormat) -> Iterator[tuple[str, ...]]:
    data = selection.data
    folders = class_folders(data.alphabet)
    for index in selection.indices.tolist():
        label = int(data.labels[index])
        name = f"{selection.split}-{index:06d}"
        in_folder = how is ExportFormat.FOLDERS
        file = f"{folders[label]}/{name}.png" if in_folder else f"{name}-{folders[label]}.png"
        writer = "" if data.writers is None else str(int(data.writers[index]))
        yield str(index), selection.split, str(label), data.alphabet[label], writer, file


def _write_about(stored: StoredDataset, path: Path) -> None:
    card = stored.card
    facts = [("Source", card.source), ("Terms", card.terms), ("Citation", card.citation)]
    lines = [card.title, *(f"{name}: {text}" for name, text in facts if text)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_arrays(selection: Selection, destination: Path, report: Report, check: Check) -> None:
    data = selection.data
    arrays: dict[str, npt.NDArray[Any]] = {
        "labels": np.asarray(data.labels)[selection.indices],
        "alphabet": np.array(data.alphabet),
        "indices": selection.indices.astype(np.int64),
        "split": np.array(selection.split),
        "title": np.array(selection.stored.card.title),
        "terms": np.array(selection.stored.card.terms),
    }
    if data.writers is not None:
        arrays["writers"] = np.asarray(data.writers)[selection.indices]
    with (
        replacing(destination) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)
        # numpy.savez would load all images into memory, and could not be cancelled.
        with archive.open("images.npy", "w", force_zip64=True) as entry:
            shape = (len(selection), *data.images.shape[1:])
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(entry, header)
            for low in range(0, len(selection), _EVERY):
                check()
                entry.write(data.images[selection.indices[low : low + _EVERY]].tobytes())
                report(low / len(selection))
        check()


def _write_parquet(selection: Selection, destination: Path, report: Report, check: Check) -> None:
    """Write what the Hugging Face hub reads as a dataset of images with class labels."""
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise DatasetError(
            "Parquet needs a package that is not installed: {package}.", missing_hint("parquet")
        ).format(package=error.name) from error
    data = selection.data
    features = {
        "image": {"_type": "Image"},
        "label": {"names": list(data.alphabet), "_type": "ClassLabel"},
    }
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    fields = [("image", image), ("label", pa.int64())]
    if data.writers is not None:
        fields.append(("writer", pa.int64()))
        features["writer"] = {"dtype": "int64", "_type": "Value"}
    info = json_text({"info": {"features": features}})
    about = {"huggingface": info, "split": selection.split}
    schema = pa.schema(fields, metadata=about)
    with replacing(destination) as temporary:
        with ParquetWriter(temporary, schema) as writer:
            for low in range(0, len(selection), _EVERY):
                check()
                report(low / len(selection))
                indices = selection.indices[low : low + _EVERY]
                columns = {
                    "image": [
                        {"bytes": _png(data.images[i]), "path": None} for i in indices.tolist()
                    ],
                    "label": np.asarray(data.labels)[indices].tolist(),
                }
                if data.writers is not None:
                    columns["writer"] = np.asarray(data.writers)[indices].tolist()
                writer.write_table(pa.table(columns, schema=schema))
        check()


def _png(image: npt.NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    PillowImage.fromarray(np.ascontiguousarray(image)).save(stream, format="PNG")
    return stream.getvalue()


def _write_sheet(selection: Selection, destination: Path, report: Report, check: Check) -> None:
    if len(selection) > SHEET_LIMIT:
        raise DatasetError(
            "Expected at most {most} samples on a contact sheet. Received: {n_samples}.",
            "Choose fewer, or export them as pictures or arrays.",
        ).format(most=f"{SHEET_LIMIT:,}", n_samples=f"{len(selection):,}")
    data = selection.data
    height, width = (side * _TILE_SCALE for side in data.images.shape[1:])
    step_x, step_y = width + _TILE_GAP, height + _TILE_GAP + _CAPTION_HEIGHT
    # Approximately square.
    columns = max(1, min(len(selection), round(np.sqrt(len(selection) * step_y / step_x))))
    rows = -(-len(selection) // columns)
    size = (columns * step_x + _TILE_GAP, rows * step_y + _TILE_GAP)
    sheet = PillowImage.new("L", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(_CAPTION_SIZE)
    for number, index in enumerate(selection.indices.tolist()):
        if number % _EVERY == 0:
            check()
            report(0.9 * number / len(selection))
        x = _TILE_GAP + number % columns * step_x
        y = _TILE_GAP + number // columns * step_y
        tile = PillowImage.fromarray(np.ascontiguousarray(data.images[index]))
        sheet.paste(tile.resize((width, height), PillowImage.Resampling.NEAREST), (x, y))
        label = int(data.labels[index])
        name = data.alphabet[label]
        caption = name if name.isascii() and name.isprintable() else f"#{label}"
        pen.text((x + width / 2, y + height + 1), caption, _CAPTION, font, anchor="ma")
    with replacing(destination) as temporary:
        sheet.save(temporary, format="PNG")
        check()
