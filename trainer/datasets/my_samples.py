"""My samples: drawings that the user confirmed, in an append-only JSON Lines file.

Each line is one change; later lines override earlier ones:

```
{"id": …, "time": …, "character": "g", "ink": {"strokes": …}}   a confirmed drawing
{"relabel": id, "character": "q"}                               its label is corrected
{"remove": id}                                                  it is removed
{"restore": id}                                                 and restored
```

Nothing is overwritten, so that neither a kill nor a second window can damage the file.
"""

from __future__ import annotations

import csv
import os
import threading
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from trainer.datasets.ink_archive import PenArchive, write_pen_archive
from trainer.datasets.store import TRAIN, StoredDataset, in_memory
from trainer.errors import DatasetError, Message, TrainerError
from trainer.files.json_lines import append_lines, json_line
from trainer.files.paths import replacing
from trainer.files.records import parse
from trainer.files.tables import cell
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink

NAME = "my-samples"
TITLE = "My samples"

_WRITE_HINT = Message(
    "Free some space, or let this user write there; the drawing is still on the canvas."
)


@dataclass(frozen=True, eq=False)
class MySample:
    """A drawing that the user confirmed.

    Attributes
    ----------
    id : str
    time : str
        ISO 8601, UTC.
    character : str
    ink : Ink
    """

    id: str
    time: str
    character: str
    ink: Ink


def check_character(text: str) -> str:
    """Return `text` as the label of a sample: one printable character, composed.

    Raises
    ------
    DatasetError
        If it is anything else.
    """
    character = unicodedata.normalize("NFC", text)
    if len(character) != 1 or not character.isprintable() or character.isspace():
        raise DatasetError(
            "Expected one printable character. Received: {text}.", "Type a single character."
        ).format(text=repr(text))
    return character


class MySamples:
    """The samples in a file, which several programs may have open.

    Thread-safe. The file is read on the first access, and later only the lines added since.

    Parameters
    ----------
    file : Path
        Need not exist; made by the first `append`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._reset()

    @property
    def file(self) -> Path:
        """The file of the samples."""
        return self._file

    def append(self, ink: Ink, character: str) -> str:
        """Store a drawing durably and return its id.

        Raises
        ------
        DatasetError
            If the ink is empty, `character` is not a single one, or the file cannot be written.
        """
        return self.append_all([(ink, character)])[0]

    def append_all(self, labelled: Sequence[tuple[Ink, str]]) -> list[str]:
        """Store drawings with their characters, all or none; return their ids.

        Raises
        ------
        DatasetError
            As `append`.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        records: list[dict[str, Any]] = []
        for ink, character in labelled:
            if ink.is_empty:
                raise DatasetError("Expected a drawing. Received: an empty one.", "Draw first.")
            sample_id, label = uuid.uuid4().hex, check_character(character)
            records.append(
                {"id": sample_id, "time": now, "character": label, "ink": ink.to_record()}
            )
        self._write(*records)
        return [record["id"] for record in records]

    def remove(self, *ids: str) -> None:
        """Remove samples; see `restore`.

        Raises
        ------
        DatasetError
            If the file cannot be written.
        """
        self._write(*({"remove": sample_id} for sample_id in ids))

    def restore(self, *ids: str) -> None:
        """Restore removed samples.

        Raises
        ------
        DatasetError
            If the file cannot be written.
        """
        self._write(*({"restore": sample_id} for sample_id in ids))

    def relabel(self, sample_id: str, character: str) -> None:
        """Change the label of a sample.

        Raises
        ------
        DatasetError
            If `character` is not a single one, or the file cannot be written.
        """
        self._write({"relabel": sample_id, "character": check_character(character)})

    def __iter__(self) -> Iterator[MySample]:
        return iter(self.live())

    def live(self) -> tuple[MySample, ...]:
        """Return the samples that are not removed, oldest first.

        Raises
        ------
        DatasetError
            If the file cannot be read.
        """
        with self._lock:
            self._read_new()
            return tuple(s for s in self._samples.values() if s.id not in self._removed)

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.live())

    @property
    def counts(self) -> Counter[str]:
        """Number of samples of each character."""
        return Counter(sample.character for sample in self.live())

    @property
    def damaged(self) -> int:
        """Number of unreadable lines; the others are unaffected."""
        with self._lock:
            self._read_new()
            return self._damaged

    def dataset(self) -> StoredDataset:
        """Return the samples as a dataset in memory, with their inks, of one split, "train".

        Raises
        ------
        DatasetError
            If the file cannot be read.
        """
        archive = _packed(self.live())
        return in_memory(NAME, TITLE, {TRAIN: archive.render()}, {TRAIN: archive})

    def export_archive(self, path: Path, writer: str = "") -> None:
        """Write the samples as a pen archive; with the writer's name, if it is given.

        Raises
        ------
        DatasetError
            If there are none, or it cannot be written.
        """
        archive = _packed(self._require_samples())
        first = next(iter(self._samples))  # never removed from the file: the same in every export
        archive = replace(archive, writer_names=(writer,), writer_ids=(first,))
        try:
            write_pen_archive(path, archive)
        except OSError as error:
            raise _unwritable(path, error, "Choose another place.") from error

    def export_pictures(self, folder: Path) -> None:
        """Write each sample as a PNG of 28×28 pixels, white on black, and ``samples.csv``.

        Raises
        ------
        DatasetError
            If there are none, or they cannot be written.
        """
        from PIL import Image

        samples = self._require_samples()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            table = folder / "samples.csv"
            with (
                replacing(table) as temporary,
                temporary.open("w", encoding="utf-8", newline="") as stream,
            ):
                rows = csv.writer(stream)
                rows.writerow(("file", "character", "time", "id"))
                for number, sample in enumerate(samples):
                    name = f"sample-{number:05d}.png"
                    Image.fromarray(ink_to_image(sample.ink)).save(folder / name)
                    rows.writerow(map(cell, (name, sample.character, sample.time, sample.id)))
        except OSError as error:
            raise _unwritable(folder, error, "Choose another folder.") from error

    def _require_samples(self) -> tuple[MySample, ...]:
        samples = self.live()
        if not samples:
            raise DatasetError(
                "There are no samples of yours yet.", "Draw a character and confirm it."
            )
        return samples

    def _write(self, *records: dict[str, Any]) -> None:
        with self._lock:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                append_lines(self._file, map(json_line, records))
            except OSError as error:
                raise _unwritable(self._file, error, _WRITE_HINT) from error

    def _reset(self) -> None:
        self._samples: dict[str, MySample] = {}
        self._removed: set[str] = set()
        self._damaged = 0
        self._read = 0
        self._inode = 0

    def _read_new(self) -> None:
        try:
            with self._file.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if status.st_ino != self._inode or status.st_size < self._read:
                    self._reset()
                    self._inode = status.st_ino
                stream.seek(self._read)
                data = stream.read()
        except FileNotFoundError:
            self._reset()
            return
        except OSError as error:
            raise DatasetError("My samples cannot be read: {reason}.", "Check {file}.").format(
                reason=error.strerror or error, file=self._file
            ) from error
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in filter(bytes.strip, whole.split(b"\n")):
            try:
                self._apply(parse(line))
            except (ValueError, TypeError, KeyError, TrainerError):
                self._damaged += 1

    def _apply(self, record: Any) -> None:
        if not isinstance(record, dict):
            raise TypeError(Message("no record"))
        if "remove" in record:
            self._removed.add(record["remove"])
        elif "restore" in record:
            self._removed.discard(record["restore"])
        elif "relabel" in record:
            sample = self._samples[record["relabel"]]
            character = check_character(record["character"])
            self._samples[sample.id] = replace(sample, character=character)
        elif "id" in record:
            ink = Ink.from_record(record["ink"])
            character = check_character(record["character"])
            if ink.is_empty or not isinstance(record["id"], str):
                raise ValueError(Message("no sample"))
            sample = MySample(record["id"], str(record.get("time", "")), character, ink)
            self._samples[sample.id] = sample


def _packed(samples: Sequence[MySample]) -> PenArchive:
    characters = [sample.character for sample in samples]
    is_byclass = set(characters) <= set(BYCLASS)
    alphabet = BYCLASS if is_byclass else tuple(sorted(set(characters)))
    labels = np.array([alphabet.index(character) for character in characters], dtype=np.int64)
    return PenArchive.from_inks(NAME, alphabet, [sample.ink for sample in samples], labels)


def _unwritable(path: Path, error: OSError, hint: str) -> DatasetError:
    return DatasetError("{path} cannot be written: {reason}.", hint).format(
        path=path, reason=error.strerror or error
    )
